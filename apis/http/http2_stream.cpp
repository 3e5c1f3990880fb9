#include "apis/http/http2_stream.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <vector>

#include "apis/http/http1_head.hpp"
#include "apis/http/http2_session.hpp"
#include "apis/http/socket.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"

namespace virga {

namespace {

// As over HTTP/1.1: shorter bodies are read before the handler is called, and so many unread bytes are thrown away.
constexpr std::uint64_t eager_body = 256 * 1024;
constexpr std::uint64_t drain_limit = 1024 * 1024;
constexpr std::size_t max_out = 64 * 1024;     // of a streamed answer: read from its source ahead of the client
constexpr std::size_t hopeless_factor = 16;    // a header list this many times the limit gets no answer
constexpr std::size_t header_overhead = 32;    // RFC 9113, 6.5.2: a field counts so much more than its bytes

bool of_connection(std::string_view name) {
    return name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "upgrade" || name == "proxy-connection";
}

nghttp2_nv field(const std::string& name, const std::string& value) {
    auto bytes = [](const std::string& s) { return reinterpret_cast<std::uint8_t*>(const_cast<char*>(s.data())); };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

// A body that is read as it arrives: what is not read keeps the client's window shut.
class Http2Stream::Body final : public ByteSource {
public:
    explicit Body(std::shared_ptr<Http2Stream> stream) : stream_(std::move(stream)) {}

    Task<std::optional<std::string>> read() override {
        std::shared_ptr<Http2Stream> s = stream_;
        auto session = s->session_.lock();
        if (session && !session->in_loop()) co_await GoTo(session->executor_);
        s->send_continue();
        while (s->in_.empty() && !s->in_ended_ && !s->closed_ && !s->in_dropped_) co_await callback<bool>([&s](auto resume) { s->reader_ = resume; });
        if (!s->in_.empty() && !s->in_dropped_) {
            std::string piece = std::exchange(s->in_, {});
            s->consumed(piece.size());
            co_return std::optional<std::string>(std::move(piece));
        }
        if (!s->in_ended_) throw ApiError("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header");
        co_return std::nullopt;
    }

    std::optional<std::uint64_t> size() const override { return stream_->length_; }

private:
    std::shared_ptr<Http2Stream> stream_;
};

// Takes the handler's answer to the loop. When it is dropped without one, that was a 503.
class Http2Stream::Answer {
public:
    explicit Answer(std::shared_ptr<Http2Stream> stream) : stream_(std::move(stream)) {}
    ~Answer() {
        if (!given_.load()) give(HttpResponse::json(503, R"({"message":"Service Unavailable"})"));
    }
    void give(HttpResponse response) {
        if (given_.exchange(true)) return;
        auto session = stream_->session_.lock();
        if (!session) return;
        if (session->in_loop()) return deliver(*session, *stream_, std::move(response));
        boost::asio::post(session->executor_, [session, stream = stream_, r = std::move(response)]() mutable { deliver(*session, *stream, std::move(r)); });
    }

private:
    static void deliver(Http2Session& session, Http2Stream& stream, HttpResponse response) {
        --session.at_work_;
        stream.answer(std::move(response));
    }
    std::shared_ptr<Http2Stream> stream_;
    std::atomic<bool> given_{false};
};

Http2Stream::Http2Stream(std::shared_ptr<Http2Session> session, std::int32_t id)
    : session_(session), id_(id), request_(std::make_shared<HttpRequest>()), cancel_(std::make_shared<Cancel>()) {
    request_->remote = session->remote_;
    request_->tls = session->tls_;
    request_->cancel = cancel_;
}

Http2Stream::HeaderOutcome Http2Stream::header(std::string_view name, std::string_view value, std::size_t limit) {
    header_bytes_ += name.size() + value.size() + header_overhead;
    if (header_bytes_ > limit * hopeless_factor) return HeaderOutcome::too_many;
    if (header_bytes_ > limit) too_large_ = true;
    if (too_large_ || headers_done_) return HeaderOutcome::taken;  // trailers tell us nothing
    HttpRequest& r = *request_;
    if (name == ":method") r.method = value;
    else if (name == ":path") r.target = value;
    else if (name == ":authority") r.headers.set("host", std::string(value));
    if (name.starts_with(':') || (name == "host" && r.headers.has("host"))) return HeaderOutcome::taken;
    if (name == "content-length") {
        std::uint64_t n = 0;
        auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
        if (error == std::errc() && end == value.data() + value.size()) length_ = n;
    }
    if (name == "expect" && iequals(value, "100-continue")) expects_continue_ = true;
    // Clients may send a cookie in pieces (RFC 9113, 8.2.3).
    const std::string* before = name == "cookie" ? r.headers.find("cookie") : nullptr;
    if (before) r.headers.set("cookie", *before + "; " + std::string(value));
    else r.headers.add(std::string(name), std::string(value));
    return HeaderOutcome::taken;
}

void Http2Stream::headers_end(bool whole) {
    auto session = session_.lock();
    if (!session) return;
    headers_done_ = true;
    in_ended_ = whole;
    eager_ = !whole && length_ && *length_ <= eager_body;
    if (eager_) send_continue();
    if (whole || !eager_ || too_large_) session->later_.push_back([self = shared_from_this()] { self->dispatch(); });
}

void Http2Stream::data(std::string_view bytes) {
    auto session = session_.lock();
    if (!session) return;
    if (in_dropped_) {
        dropped_ += bytes.size();
        if (dropped_ <= drain_limit) consumed(bytes.size());
        else nghttp2_submit_rst_stream(session->session_, NGHTTP2_FLAG_NONE, id_, NGHTTP2_NO_ERROR);
        return;
    }
    in_.append(bytes);
    if (eager_) consumed(bytes.size());
    if (reader_) session->later_.push_back([resume = std::exchange(reader_, nullptr)] { resume(true); });
}

void Http2Stream::end() {
    auto session = session_.lock();
    if (!session) return;
    in_ended_ = true;
    if (eager_ && !dispatched_) session->later_.push_back([self = shared_from_this()] { self->dispatch(); });
    if (reader_) session->later_.push_back([resume = std::exchange(reader_, nullptr)] { resume(true); });
}

void Http2Stream::closed() {
    closed_ = true;
    cancel_->cancel();
    if (auto resume = std::exchange(reader_, nullptr)) resume(false);
    if (auto resume = std::exchange(room_, nullptr)) resume(false);
}

void Http2Stream::consumed(std::size_t bytes) {
    auto session = session_.lock();
    if (!session || closed_) return;
    nghttp2_session_consume_stream(session->session_, id_, bytes);
    session->wake();
}

void Http2Stream::send_continue() {
    auto session = session_.lock();
    if (!session || !std::exchange(expects_continue_, false) || answered_ || closed_) return;
    static const std::string name = ":status", value = "100";
    nghttp2_nv status = field(name, value);
    nghttp2_submit_headers(session->session_, NGHTTP2_FLAG_NONE, id_, nullptr, &status, 1, nullptr);
    session->wake();
}

void Http2Stream::dispatch() {
    auto session = session_.lock();
    if (!session || closed_ || dispatched_ || session->ending_) return;
    dispatched_ = true;
    if (too_large_) return answer(HttpResponse::text(431, "Request header section too large"));
    if (session->at_work_ >= session->work_limit()) return session->calm();
    ++session->at_work_;
    auto request = std::exchange(request_, nullptr);
    head_ = request->method == "HEAD";
    if (eager_ || in_ended_) request->body = std::make_shared<StringSource>(std::exchange(in_, {}));
    else request->body = std::make_shared<Body>(shared_from_this());
    auto pending = std::make_shared<Answer>(shared_from_this());
    session->handler_(std::move(request), [pending](HttpResponse r) { pending->give(std::move(r)); });
}

void Http2Stream::answer(HttpResponse response) {
    auto session = session_.lock();
    if (!session || closed_ || answered_) return;
    answered_ = true;
    if (!in_ended_) drop_body();
    bool with_body = may_have_body(response.status) && !head_;
    std::optional<std::uint64_t> length = response.stream ? response.stream->size() : std::optional<std::uint64_t>(response.body.size());
    if (!response.stream) {
        out_ = std::move(response.body);
        out_ended_ = true;
    }
    submit(response, with_body && (response.stream || !out_.empty()), length);
    if (with_body && response.stream) start(pump(shared_from_this(), std::move(response.stream), length), [](std::exception_ptr) {});
    session->wake();
}

// What the handler did not read is nobody's: thrown away as it comes.
void Http2Stream::drop_body() {
    in_dropped_ = true;
    dropped_ = in_.size();
    if (!eager_) consumed(in_.size());
    in_.clear();
    if (auto resume = std::exchange(reader_, nullptr)) resume(false);
}

void Http2Stream::submit(const HttpResponse& response, bool with_body, std::optional<std::uint64_t> length) {
    auto session = session_.lock();
    std::vector<std::pair<std::string, std::string>> fields;
    fields.reserve(response.headers.size() + 2);
    fields.emplace_back(":status", std::to_string(response.status));
    bool has_length = false;
    for (const auto& [name, value] : response.headers) {
        auto& [n, v] = fields.emplace_back(to_lower(name), value);
        if (of_connection(n)) {
            fields.pop_back();
            continue;
        }
        if (n == "content-length") has_length = true;
        std::replace_if(v.begin(), v.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    }
    if (may_have_body(response.status) && length && !has_length) fields.emplace_back("content-length", std::to_string(*length));
    std::vector<nghttp2_nv> nv;
    nv.reserve(fields.size());
    for (const auto& [name, value] : fields) nv.push_back(field(name, value));
    nghttp2_data_provider body{};
    body.source.ptr = this;  // the session keeps the stream as long as nghttp2 may ask
    body.read_callback = read_callback;
    nghttp2_submit_response(session->session_, id_, nv.data(), nv.size(), with_body ? &body : nullptr);
}

// Streams an answer: reads its source at the client's pace, a little ahead.
Task<> Http2Stream::pump(std::shared_ptr<Http2Stream> self, std::shared_ptr<ByteSource> source, std::optional<std::uint64_t> length) {
    std::uint64_t sent = 0;
    bool failed = false;
    for (;;) {
        std::optional<std::string> piece;
        self->out_waits_source_ = self->out_.empty();
        try {
            piece = co_await source->read();
        } catch (...) {
            failed = true;  // too late for an error answer: the client sees a reset
        }
        auto session = self->session_.lock();
        if (!session) co_return;
        if (!session->in_loop()) co_await GoTo(session->executor_);
        self->out_waits_source_ = false;
        if (self->closed_) co_return;
        if (failed || !piece) {
            if (!failed && (!length || sent == *length)) self->out_ended_ = true;
            else nghttp2_submit_rst_stream(session->session_, NGHTTP2_FLAG_NONE, self->id_, NGHTTP2_INTERNAL_ERROR);
        } else {
            sent += piece->size();
            self->out_ += *piece;
        }
        nghttp2_session_resume_data(session->session_, self->id_);
        session->wake();
        session.reset();
        if (failed || !piece) co_return;
        if (self->out_.size() < max_out) continue;
        bool alive = co_await callback<bool>([&self](auto resume) { self->room_ = resume; });
        if (!alive) co_return;
    }
}

ssize_t Http2Stream::read_callback(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size, std::uint32_t* flags, nghttp2_data_source* source, void*) {
    return static_cast<Http2Stream*>(source->ptr)->read_out(buffer, size, flags);
}

ssize_t Http2Stream::read_out(std::uint8_t* buffer, std::size_t size, std::uint32_t* flags) {
    if (closed_) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    std::size_t n = std::min(size, out_.size() - out_sent_);
    std::memcpy(buffer, out_.data() + out_sent_, n);
    out_sent_ += n;
    if (out_sent_ == out_.size()) {
        out_.clear();
        out_sent_ = 0;
        if (room_)
            if (auto session = session_.lock()) session->later_.push_back([resume = std::exchange(room_, nullptr)] { resume(true); });
        if (out_ended_) *flags |= NGHTTP2_DATA_FLAG_EOF;
        else if (n == 0) return NGHTTP2_ERR_DEFERRED;
    }
    return static_cast<ssize_t>(n);
}

}  // namespace virga
