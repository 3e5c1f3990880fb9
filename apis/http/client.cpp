#include "apis/http/client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace virga {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Tls = asio::ssl::stream<tcp::socket>;
using Error = boost::system::error_code;

std::optional<Url> Url::parse(std::string_view text) {
    Url url;
    auto take = [&](std::string_view scheme) {
        if (text.size() < scheme.size()) return false;
        for (std::size_t i = 0; i < scheme.size(); ++i)
            if (std::tolower(static_cast<unsigned char>(text[i])) != scheme[i]) return false;
        text.remove_prefix(scheme.size());
        return true;
    };
    if (take("https://")) url.tls = true;
    else if (!take("http://")) return {};
    auto end = std::min(text.find_first_of("/?#"), text.size());
    std::string_view host = text.substr(0, end);
    text.remove_prefix(end);
    if (auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    url.port = url.tls ? "443" : "80";
    if (auto colon = host.rfind(':'); colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
        url.port = host.substr(colon + 1);
        host = host.substr(0, colon);
    }
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    url.host = host;
    url.target = text.substr(0, text.find('#'));
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    bool digits = !url.port.empty() && url.port.size() <= 5 && url.port.find_first_not_of("0123456789") == std::string::npos;
    if (url.host.empty() || !digits || url.host.find_first_of(" \t\r\n") != std::string::npos) return {};
    return url;
}

std::string Url::authority() const {
    std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

namespace {

std::string wire_bytes(const OutboundRequest& r, const Url& url) {
    std::string out = r.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority() + "\r\n";
    for (const auto& [name, value] : r.headers) out += name + ": " + value + "\r\n";
    bool body = r.method != "GET" && r.method != "HEAD";
    if (body) out += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
    out += "Connection: close\r\n\r\n";
    if (body) out += r.body;
    return out;
}

// Resolve, connect, perhaps shake hands, write, read. Lives until its last callback; `done` is called once.
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    Exchange(Runtime& runtime, OutboundRequest request, Url url, std::size_t body_limit, std::function<void(OutboundResponse)> done)
        : runtime_(runtime), url_(std::move(url)), wire_(wire_bytes(request, url_)), done_(std::move(done)), loop_(runtime.current_loop()), resolver_(loop_), plain_(loop_) {
        parser_.body_limit(body_limit);
        parser_.header_limit(64 * 1024);
        parser_.skip(request.method == "HEAD");
    }

    void begin(std::int64_t timeout_ms) {
        timer_ = runtime_.after_real(timeout_ms, [weak = weak_from_this()] {
            if (auto self = weak.lock()) asio::post(self->loop_, [self] { self->time_out(); });
        });
        resolver_.async_resolve(url_.host, url_.port, [self = shared_from_this()](Error ec, tcp::resolver::results_type found) {
            if (ec) return self->fail("cannot resolve " + self->url_.host, ec);
            asio::async_connect(self->plain_, found, [self](Error e, const tcp::endpoint&) { self->connected(e); });
        });
    }

private:
    void connected(Error ec) {
        if (ec) return fail("cannot connect to " + url_.authority(), ec);
        if (!url_.tls) return write(plain_);
        tls_context_.emplace(asio::ssl::context::tls_client);
        tls_context_->set_default_verify_paths(ec);
        tls_context_->set_verify_mode(asio::ssl::verify_peer);
        tls_ = std::make_unique<Tls>(std::move(plain_), *tls_context_);
        tls_->set_verify_callback(asio::ssl::host_name_verification(url_.host));
        SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str());
        tls_->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](Error e) {
            if (e) return self->fail("no TLS with " + self->url_.authority(), e);
            self->write(*self->tls_);
        });
    }

    template <class Stream>
    void write(Stream& stream) {
        asio::async_write(stream, asio::buffer(wire_), [self = shared_from_this(), &stream](Error ec, std::size_t) {
            if (ec) return self->fail("cannot send to " + self->url_.authority(), ec, true);
            http::async_read(stream, self->buffer_, self->parser_, [self](Error e, std::size_t) { self->read(e); });
        });
    }

    void read(Error ec) {
        bool cut = ec == http::error::body_limit || ec == http::error::partial_message || ec == asio::ssl::error::stream_truncated;
        if (ec && !(cut && parser_.is_header_done())) return fail("no answer from " + url_.authority(), ec, true);
        OutboundResponse out;
        auto& message = parser_.get();
        out.status = static_cast<int>(message.result_int());
        for (const auto& field : message) out.headers.add(std::string(field.name_string()), std::string(field.value()));
        out.body = std::move(message.body());
        out.too_long = ec == http::error::body_limit;
        finish(std::move(out));
    }

    void fail(const std::string& what, Error ec, bool connected = false) {
        OutboundResponse out;
        out.failure = OutboundResponse::Failure::connection;
        out.connected = connected;
        out.error = what + ": " + ec.message();
        finish(std::move(out));
    }

    void time_out() {
        OutboundResponse out;
        out.failure = OutboundResponse::Failure::timeout;
        out.error = "no answer from " + url_.authority() + " in time";
        finish(std::move(out));
    }

    void finish(OutboundResponse out) {
        if (!done_) return;
        runtime_.cancel_real(timer_);
        Error ignored;
        resolver_.cancel();
        (tls_ ? tls_->next_layer() : plain_).close(ignored);
        auto done = std::move(done_);
        done_ = nullptr;
        done(std::move(out));
    }

    Runtime& runtime_;
    Url url_;
    std::string wire_;
    std::function<void(OutboundResponse)> done_;
    asio::io_context& loop_;
    tcp::resolver resolver_;
    tcp::socket plain_;
    std::optional<asio::ssl::context> tls_context_;
    std::unique_ptr<Tls> tls_;
    beast::flat_buffer buffer_;
    http::response_parser<http::string_body> parser_;
    RealTimerId timer_ = 0;
};

}  // namespace

Task<OutboundResponse> send_outbound(Runtime& runtime, OutboundRequest request, std::int64_t timeout_ms, std::size_t body_limit) {
    auto url = Url::parse(request.url);
    if (!url) {
        OutboundResponse bad;
        bad.failure = OutboundResponse::Failure::connection;
        bad.error = request.url + " is no http or https URL";
        co_return bad;
    }
    auto begin = [&](auto resume) {
        // On the loop's own thread, so that nothing of the exchange runs on two.
        runtime.post([&runtime, &request, &url, timeout_ms, body_limit, resume] {
            std::make_shared<Exchange>(runtime, std::move(request), std::move(*url), body_limit, [resume](OutboundResponse r) { resume(std::move(r)); })->begin(timeout_ms);
        });
    };
    OutboundResponse answer = co_await callback<OutboundResponse>(begin);
    co_return answer;
}

}  // namespace virga
