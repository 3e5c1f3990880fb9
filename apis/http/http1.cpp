#include "apis/http/http1.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <cstring>
#include <optional>

#include "apis/http/http1_writer.hpp"
#include "apis/http/http2.hpp"
#include "apis/http/pending_answer.hpp"
#include "apis/http/request_parser.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"

namespace virga {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

// What a streamed body is read by: the least when it trickles in, so that many slow uploads take little memory, up to the most when there is more than that.
constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t largest_piece = 256 * 1024;
// A body announced with at most this many bytes is read before the handler is called.
constexpr std::uint64_t eager_body = 256 * 1024;
// What a handler left unread is read and thrown away up to this many bytes, to keep the connection; beyond, it is closed.
constexpr std::uint64_t drain_limit = 1024 * 1024;
// No HTTP/1.1 method begins so: three bytes tell the versions apart.
constexpr std::string_view http2_mark = http2_preface.substr(0, 3);

template <class Stream>
class Http1 final : public Connection, public std::enable_shared_from_this<Http1<Stream>> {
public:
    Http1(const ConnectionShared& shared, std::shared_ptr<void> keep, Stream stream)
        : shared_(shared), keep_(std::move(keep)), stream_(std::move(stream)), buffer_(shared.options->header_limit + piece_size) {
        remote_ = peer_of(stream_);
        deadline_.in(shared_.options->idle_ms);
    }

    ~Http1() override { shared_.owner->removed(*this); }

    std::int64_t deadline() const override { return deadline_.at(); }

    void end_soon(bool only_idle) override {
        asio::post(socket_of(stream_).get_executor(), [weak = this->weak_from_this(), only_idle] {
            auto self = weak.lock();
            if (!self) return;
            if (only_idle && self->working_) return self->cancel_->cancel();  // it looks at closing() after its response
            self->shut();
        });
    }

    static Task<> run(std::shared_ptr<Http1> self) {
        if constexpr (is_tls<Stream>) {
            Io io = co_await callback<Io>([&](auto resume) {
                self->stream_.async_handshake(asio::ssl::stream_base::server, [resume](boost::system::error_code ec) mutable { resume(Io{ec, 0}); });
            });
            if (io.ec) co_return;
            if (chose_http2(self->stream_)) co_return serve_http2(self->shared_, self->keep_, std::move(self->stream_), {});
        }
        bool more = true;
        while (more && !self->shared_.owner->closing()) more = co_await self->exchange(self);
        if (!self->http2_) co_return self->shut();
        auto read = self->buffer_.data();
        serve_http2(self->shared_, self->keep_, std::move(self->stream_), std::string(static_cast<const char*>(read.data()), read.size()));
    }

private:
    class LiveBody;

    void shut() {
        cancel_->cancel();
        shut_socket(stream_);
    }

    // While the handler is at work nothing is expected of the client: the first bytes of its next request are read ahead, and so its
    // leaving is seen. Only when the body was read whole.
    void read_ahead(std::shared_ptr<Http1> self) {
        if (reading_ || body_ || buffer_.size() > 0) return;
        reading_ = true;
        stream_.async_read_some(buffer_.prepare(8192), [self](boost::system::error_code ec, std::size_t n) {
            self->reading_ = false;
            self->buffer_.commit(n);
            self->ahead_ = ec;
            if (ec) self->cancel_->cancel();
            if (auto resume = std::exchange(self->ahead_read_, nullptr)) resume(true);
        });
    }

    // The first bytes of a request, unless they are there. False when none will come.
    Task<bool> await_ahead() {
        if (reading_) co_await callback<bool>([this](auto resume) { ahead_read_ = resume; });
        co_return !ahead_ && buffer_.size() > 0;
    }

    // Awaited, reads something into the buffer, at most `size` bytes.
    auto read_some(std::size_t size = 8192) {
        return callback<Io>([this, size](auto resume) {
            stream_.async_read_some(buffer_.prepare(size), [this, resume](boost::system::error_code ec, std::size_t n) mutable {
                buffer_.commit(n);
                resume(Io{ec, n});
            });
        });
    }

    // Reads on while what came could be the beginning of either version.
    Task<bool> begins_http2() {
        for (;;) {
            std::string_view have(static_cast<const char*>(buffer_.data().data()), buffer_.size());
            if (have.size() >= http2_mark.size() || !http2_mark.starts_with(have)) co_return have.starts_with(http2_mark);
            Io io = co_await read_some();
            if (io.ec) co_return false;
        }
    }

    // One request and its response. False when the connection has to end.
    Task<bool> exchange(std::shared_ptr<Http1> self) {
        left_.reset();
        piece_ = piece_size;
        working_ = told_ = false;
        // Silent between requests: the idle limit. From the first byte on: the header limit.
        deadline_.in(shared_.options->idle_ms);
        bool begun = true;
        if (reading_ || ahead_) {
            begun = co_await await_ahead();
        } else if (buffer_.size() == 0) {
            Io io = co_await read_some();
            begun = !io.ec;
        }
        if (!begun) co_return false;
        deadline_.in(shared_.options->header_ms);
        if (std::exchange(first_, false)) http2_ = co_await begins_http2();
        if (http2_) co_return false;
        working_ = true;
        auto request = std::make_shared<HttpRequest>();
        parser_.emplace(*request, shared_.options->header_limit);
        for (;;) {
            boost::system::error_code bad = parse();
            if (parser_->is_header_done()) break;
            if (bad != http::error::need_more) {
                co_await refuse(bad == http::error::header_limit ? 431 : 400, bad == http::error::header_limit ? "Request header section too large" : "Malformed HTTP request");
                co_return false;
            }
            Io io = co_await read_some();
            if (io.ec) co_return false;
        }
        deadline_.in(shared_.options->idle_ms);
        request->remote = remote_;
        request->tls = is_tls<Stream>;
        request->cancel = cancel_;
        if (auto length = parser_->content_length(); parser_->is_done()) {
            // A client that asks before it sends nothing is told to go on all the same: botocore takes an answer without that for one of its next request too.
            if (expects_continue()) {
                bool go_on = co_await tell_to_continue();
                if (!go_on) co_return false;
            }
            request->body = std::make_shared<StringSource>(std::string());
        } else if (length && *length <= eager_body && !expects_continue()) {
            // Read before the handler is called: most of them came with the head.
            std::string data(static_cast<std::size_t>(*length), '\0');
            std::size_t have = std::min(data.size(), buffer_.size());
            std::memcpy(data.data(), buffer_.data().data(), have);
            buffer_.consume(have);
            while (have < data.size()) {
                Io io = co_await read_into(data.data() + have, data.size() - have);
                if (io.ec) co_return false;
                have += io.n;
                deadline_.in(shared_.options->idle_ms);
            }
            request->body = std::make_shared<StringSource>(std::move(data));
        } else {
            if (length) left_ = *length;
            body_ = std::make_shared<LiveBody>(self, left_);
            request->body = body_;
        }
        bool head = request->method == "HEAD";
        bool keep_alive = parser_->keep_alive();
        deadline_.none();
        HttpResponse response = co_await callback<HttpResponse>([this, &request, &self](auto resume) {
            auto pending = std::make_shared<PendingAnswer<Stream, decltype(resume)>>(stream_, resume);
            (*shared_.handler)(std::move(request), [pending](HttpResponse r) { pending->answer(std::move(r)); });
            if (!pending->answered()) read_ahead(self);
        });
        deadline_.in(shared_.options->idle_ms);
        if (shared_.owner->closing()) keep_alive = false;
        if (body_) {
            bool whole = co_await drain();
            if (!whole) keep_alive = false;
            body_->detach();
            body_.reset();
        }
        if (response.stream && !response.stream->size()) read_ahead(self);
        bool sent = co_await writer_.send(std::move(response), head, keep_alive);
        co_return sent && keep_alive;
    }

    bool in_loop() { return in_loop_of(stream_); }
    GoTo to_loop() { return to_loop_of(stream_); }

    // Gives the parser what was read.
    boost::system::error_code parse() {
        boost::system::error_code bad;
        buffer_.consume(parser_->put(buffer_.data(), bad));
        return bad;
    }

    // Awaited, reads something, at most `size` bytes.
    auto read_into(char* data, std::size_t size) {
        return callback<Io>([this, data, size](auto resume) {
            stream_.async_read_some(asio::buffer(data, size), [resume](boost::system::error_code ec, std::size_t n) mutable { resume(Io{ec, n}); });
        });
    }

    // Such a body is a stream however short: who refuses the request does so before it is sent.
    bool expects_continue() const { return !told_ && iequals(parser_->expectation(), "100-continue"); }

    Task<bool> tell_to_continue() {
        told_ = true;
        Io io = co_await write_all(stream_, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25));
        co_return !io.ec;
    }

    // The next piece of the request's body, on the connection's loop. Nothing at its end.
    Task<std::optional<std::string>> next_piece() {
        bool go_on = true;
        if (expects_continue()) go_on = co_await tell_to_continue();
        if (!go_on) throw ApiError("RequestTimeout", 400, "The connection was closed before the request body was read.");
        std::string piece;
        while (piece.empty() && !body_ended()) {
            Io io;
            if (left_) io = co_await read_sized(piece);
            else io = co_await read_coded(piece);
            deadline_.in(shared_.options->idle_ms);
            if (io.ec) {
                broken_ = true;
                throw ApiError("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header");
            }
        }
        if (body_ended()) deadline_.none();  // the client owes nothing more; the handler takes its time
        if (piece.empty()) co_return std::nullopt;
        co_return std::optional<std::string>(std::move(piece));
    }

    bool body_ended() const { return left_ ? *left_ == 0 : parser_->is_done(); }

    // Of a body whose length is known: past the parser, so that its bytes are moved once.
    Task<Io> read_sized(std::string& piece) {
        Io io;
        if (std::size_t have = std::min<std::uint64_t>(buffer_.size(), *left_)) {
            piece.assign(static_cast<const char*>(buffer_.data().data()), have);
            buffer_.consume(have);
        } else {
            piece.resize(std::min<std::uint64_t>(piece_, *left_));
            io = co_await read_into(piece.data(), piece.size());
            piece_ = io.n == piece_ ? std::min(2 * piece_, largest_piece) : std::max(piece_ / 2, piece_size);
            piece.resize(io.n);
        }
        *left_ -= piece.size();
        co_return io;
    }

    // Of a chunked one: what the parser makes of it.
    Task<Io> read_coded(std::string& piece) {
        Io io;
        parser_->body_to(piece);
        while (!parser_->is_done() && piece.size() < piece_size) {
            std::size_t had = buffer_.size();
            io.ec = had ? parse() : http::error::need_more;
            if (io.ec && io.ec != http::error::need_more) break;
            bool moved = buffer_.size() < had;
            io.ec = {};
            if (moved) continue;
            if (!piece.empty()) break;  // what there is may be all for a while
            io = co_await read_some(piece_size);
            if (io.ec) break;
        }
        co_return io;
    }

    // After an early answer. True when the body was read to its end.
    Task<bool> drain() {
        if (broken_) co_return false;
        // A client that was never told to go on sends nothing: there is no body to wait for, but none can follow either.
        if (!body_ended() && !told_ && !parser_->expectation().empty()) co_return false;
        std::uint64_t dropped = 0;
        try {
            while (!body_ended() && dropped < drain_limit) {
                std::optional<std::string> piece = co_await next_piece();
                if (!piece) break;
                dropped += piece->size();
            }
        } catch (const ApiError&) {
            co_return false;
        }
        co_return body_ended();
    }

    Task<> refuse(int status, std::string text) {
        HttpResponse r = HttpResponse::text(status, text);
        co_await writer_.send(std::move(r), false, false);
    }

    ConnectionShared shared_;
    std::shared_ptr<void> keep_;
    Stream stream_;
    Deadline deadline_;
    Http1Writer<Stream> writer_{stream_, deadline_, shared_.options->idle_ms};
    beast::flat_buffer buffer_;
    std::optional<RequestParser> parser_;
    std::shared_ptr<LiveBody> body_;
    std::optional<std::uint64_t> left_;  // of a streamed body whose length is known
    std::size_t piece_ = piece_size;     // what to read of it at a time
    std::string remote_;
    std::shared_ptr<Cancel> cancel_ = std::make_shared<Cancel>();
    // All of these are used on the loop only.
    bool broken_ = false;
    bool working_ = false;
    bool first_ = true;    // nothing was read yet
    bool told_ = false;    // to send the body it announced
    bool http2_ = false;
    bool reading_ = false;  // ahead
    boost::system::error_code ahead_;
    std::function<void(bool)> ahead_read_;
};

// A body that is read from the socket as the handler asks for it.
template <class Stream>
class Http1<Stream>::LiveBody final : public ByteSource {
public:
    LiveBody(std::shared_ptr<Http1> connection, std::optional<std::uint64_t> size) : connection_(std::move(connection)), size_(size) {}

    Task<std::optional<std::string>> read() override {
        std::shared_ptr<Http1> c = connection_;
        if (c && !c->in_loop()) co_await c->to_loop();
        if (!connection_) throw ApiError("IncompleteBody", 400, "The request body is no longer available.");
        std::optional<std::string> piece = co_await c->next_piece();
        co_return piece;
    }

    std::optional<std::uint64_t> size() const override { return size_; }

    // The exchange is over; on the connection's loop.
    void detach() { connection_.reset(); }

private:
    std::shared_ptr<Http1> connection_;
    std::optional<std::uint64_t> size_;
};

}  // namespace

template <class Stream>
void serve_http1(const ConnectionShared& shared, std::shared_ptr<void> keep, Stream stream) {
    auto connection = std::make_shared<Http1<Stream>>(shared, std::move(keep), std::move(stream));
    shared.owner->added(*connection);  // whole: the sweep may call it from another thread
    start(Http1<Stream>::run(connection), [connection](std::exception_ptr) {});
}

template void serve_http1(const ConnectionShared&, std::shared_ptr<void>, Tcp);
template void serve_http1(const ConnectionShared&, std::shared_ptr<void>, Tls);

}  // namespace virga
