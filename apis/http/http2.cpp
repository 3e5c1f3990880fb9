#include "apis/http/http2.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <limits>

#include "apis/http/http2_session.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_size = 64 * 1024;

template <class Stream>
class Http2 final : public Connection, public std::enable_shared_from_this<Http2<Stream>> {
public:
    Http2(const ConnectionShared& shared, std::shared_ptr<void> keep, Stream stream)
        : shared_(shared), keep_(std::move(keep)), stream_(std::move(stream)), input_(read_size, '\0') {
        touch(shared_.options->header_ms);
    }

    ~Http2() override { shared_.owner->removed(*this); }

    std::int64_t deadline() const override { return deadline_.load(std::memory_order_relaxed); }

    void end_soon(bool only_idle) override {
        asio::post(socket_of(stream_).get_executor(), [weak = this->weak_from_this(), only_idle] {
            auto self = weak.lock();
            if (!self) return;
            if (!only_idle) return shut_socket(self->stream_);
            self->session_->go_away();
            self->wake();
        });
    }

    static Task<> run(std::shared_ptr<Http2> self, std::string first) {
        std::weak_ptr<Http2> weak = self;
        self->session_ = Http2Session::make(*self->shared_.handler, *self->shared_.options, socket_of(self->stream_).get_executor(), [weak] {
            if (auto s = weak.lock()) s->wake();
        });
        self->session_->set_peer(peer_of(self->stream_), is_tls<Stream>);
        if (self->shared_.owner->closing()) self->session_->go_away();
        bool more = self->feed(first);
        while (more) {
            Io io = co_await self->read();
            if (io.ec) break;
            more = self->feed(std::string_view(self->input_.data(), io.n));
            // A client that sends and does not read has no more of our memory than this.
            while (more && self->writing_ && self->session_->overloaded()) more = co_await self->room();
        }
        self->session_->lost();
        if (!self->writing_) shut_socket(self->stream_);
        self->ended_ = true;
    }

private:
    void touch(std::int64_t ms) { deadline_.store(monotonic_ms() + ms, std::memory_order_relaxed); }

    // After something moved: silence is limited unless it is ours, the handlers being at work.
    void moved() {
        if (session_->waits_for_handlers()) deadline_.store(std::numeric_limits<std::int64_t>::max(), std::memory_order_relaxed);
        else touch(shared_.options->idle_ms);
    }

    bool feed(std::string_view bytes) {
        feeding_ = true;
        bool more = session_->feed(bytes);
        feeding_ = false;
        moved();
        wake();
        return more;
    }

    Task<Io> read() {
        Io io = co_await callback<Io>([this](auto resume) {
            stream_.async_read_some(asio::buffer(input_), [resume](boost::system::error_code ec, std::size_t n) mutable { resume(Io{ec, n}); });
        });
        co_return io;
    }

    // While writing: waits until something was written; false when the connection is no more.
    Task<bool> room() {
        bool alive = co_await callback<bool>([this](auto resume) { written_ = resume; });
        co_return alive;
    }

    // The session may have something to say: starts writing, unless that is going on or will follow.
    void wake() {
        if (feeding_ || writing_) return;
        writing_ = true;
        start(write(this->shared_from_this()), [](std::exception_ptr) {});
    }

    static Task<> write(std::shared_ptr<Http2> self) {
        bool alive = true;
        while (alive && self->session_->take_output(self->output_)) {
            Io io = co_await write_all(self->stream_, asio::buffer(self->output_));
            alive = !io.ec;
            self->moved();
            if (auto resume = std::exchange(self->written_, nullptr)) resume(alive);
        }
        self->writing_ = false;
        if (!alive || self->ended_ || self->session_->finished()) shut_socket(self->stream_);
    }

    ConnectionShared shared_;
    std::shared_ptr<void> keep_;
    Stream stream_;
    std::shared_ptr<Http2Session> session_;
    std::string input_, output_;
    std::function<void(bool)> written_;
    bool feeding_ = false, writing_ = false, ended_ = false;
    std::atomic<std::int64_t> deadline_{0};
};

}  // namespace

template <class Stream>
void serve_http2(const ConnectionShared& shared, std::shared_ptr<void> keep, Stream stream, std::string first) {
    auto connection = std::make_shared<Http2<Stream>>(shared, std::move(keep), std::move(stream));
    shared.owner->added(*connection);  // whole: the sweep may call it from another thread
    start(Http2<Stream>::run(connection, std::move(first)), [connection](std::exception_ptr) {});
}

template void serve_http2(const ConnectionShared&, std::shared_ptr<void>, Tcp, std::string);
template void serve_http2(const ConnectionShared&, std::shared_ptr<void>, Tls, std::string);

void offer_http2(asio::ssl::context& context) {
    SSL_CTX_set_alpn_select_cb(
        context.native_handle(),
        [](SSL*, const unsigned char** out, unsigned char* length, const unsigned char* in, unsigned in_length, void*) {
            static constexpr unsigned char ours[] = "\x02h2\x08http/1.1";
            // The first of ours that the client has too.
            int found = SSL_select_next_proto(const_cast<unsigned char**>(out), length, ours, sizeof ours - 1, in, in_length);
            return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
        },
        nullptr);
}

bool chose_http2(Tls& stream) {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(stream.native_handle(), &name, &length);
    return std::string_view(reinterpret_cast<const char*>(name), length) == "h2";
}

}  // namespace virga
