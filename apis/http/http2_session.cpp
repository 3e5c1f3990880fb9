#include "apis/http/http2_session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <stdexcept>
#include <utility>

#include "apis/http/http2_stream.hpp"

namespace virga {

namespace asio = boost::asio;

namespace {

constexpr std::uint32_t max_streams = 128;              // at once; clients of fan-out hold one for each shard
constexpr std::uint32_t stream_window = 256 * 1024;     // unread body bytes of one stream
constexpr std::int32_t connection_window = 4 * 1024 * 1024;  // in flight; what arrived is given back at once
constexpr std::size_t max_at_work = 4 * max_streams;    // streams that were reset may leave their handlers at work
// What nghttp2 itself is told: it would end the connection, with every call on it, where RFC 9113, 5.1.2 asks for an error of the stream.
constexpr std::uint32_t streams_unlimited = 0x7fffffff;
constexpr std::size_t output_size = 64 * 1024;
constexpr std::size_t max_queued_frames = 1024;         // waiting to be sent
// Resets by the client: this many in a burst, then so many a second (CVE-2023-44487).
constexpr std::uint64_t reset_burst = 1000, reset_rate = 33;

Http2Session& session_of(void* user) { return *static_cast<Http2Session*>(user); }

// Our SETTINGS are the first frame that is sent: a head of nine bytes, then the entries of six bytes, the limit of streams before the others.
void advertise_streams(std::string& output) {
    constexpr std::size_t value = 9 + 2;
    for (std::size_t i = 0; i < 4; ++i) output[value + i] = static_cast<char>(max_streams >> (24 - 8 * i));
}

std::string_view view(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

template <class T, auto Delete>
struct Owned {
    T* value = nullptr;
    ~Owned() { Delete(value); }
};

}  // namespace

std::shared_ptr<Http2Session> Http2Session::make(const HttpHandler& handler, const HttpOptions& options, Loop executor, std::function<void()> wake) {
    std::shared_ptr<Http2Session> session(new Http2Session(handler, options, executor, std::move(wake)));
    session->open();
    return session;
}

Http2Session::Http2Session(const HttpHandler& handler, const HttpOptions& options, Loop executor, std::function<void()> wake)
    : handler_(handler), options_(options), executor_(executor), wake_(std::move(wake)) {}

Http2Session::~Http2Session() { nghttp2_session_del(session_); }

void Http2Session::set_peer(std::string remote, bool tls) {
    remote_ = std::move(remote);
    tls_ = tls;
}

void Http2Session::open() {
    Owned<nghttp2_option, nghttp2_option_del> option;
    Owned<nghttp2_session_callbacks, nghttp2_session_callbacks_del> calls{callbacks()};
    if (nghttp2_option_new(&option.value) != 0) throw std::bad_alloc();
    nghttp2_option_set_no_auto_window_update(option.value, 1);
    nghttp2_option_set_no_closed_streams(option.value, 1);
    nghttp2_option_set_stream_reset_rate_limit(option.value, reset_burst, reset_rate);
    if (nghttp2_session_server_new2(&session_, calls.value, this, option.value) != 0) throw std::bad_alloc();
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_unlimited},
                                               {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window},
                                               {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options_.header_limit}};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, connection_window);
}

nghttp2_session_callbacks* Http2Session::callbacks() {
    nghttp2_session_callbacks* c = nullptr;
    if (nghttp2_session_callbacks_new(&c) != 0) throw std::bad_alloc();
    nghttp2_session_callbacks_set_on_begin_headers_callback(
        c, [](nghttp2_session*, const nghttp2_frame* frame, void* user) { return session_of(user).begin_headers(*frame); });
    nghttp2_session_callbacks_set_on_header_callback(
        c, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
              std::uint8_t, void* user) { return session_of(user).header(*frame, view(name, name_size), view(value, value_size)); });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        c, [](nghttp2_session*, const nghttp2_frame* frame, void* user) { return session_of(user).frame_received(*frame); });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        c, [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size, void* user) {
            return session_of(user).data_received(id, view(data, size));
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        c, [](nghttp2_session*, std::int32_t id, std::uint32_t, void* user) { return session_of(user).stream_closed(id); });
    return c;
}

bool Http2Session::in_loop() const { return executor_.running_in_this_thread(); }

void Http2Session::run_later() {
    while (!later_.empty()) {
        auto work = std::exchange(later_, {});
        for (auto& w : work) w();
    }
}

bool Http2Session::feed(std::string_view bytes) {
    if (ending_) return false;
    ssize_t taken = nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    run_later();
    if (taken >= 0 && !ending_) return true;
    if (taken < 0) nghttp2_session_terminate_session(session_, taken == NGHTTP2_ERR_FLOODED ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
    ending_ = true;
    return false;
}

std::size_t Http2Session::work_limit() const { return max_at_work; }

void Http2Session::calm() {
    nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
    ending_ = true;
}

bool Http2Session::take_output(std::string& out) {
    out.clear();
    for (;;) {
        while (out.size() < output_size) {
            const std::uint8_t* data = nullptr;
            ssize_t n = nghttp2_session_mem_send(session_, &data);
            if (n <= 0) break;
            out.append(view(data, static_cast<std::size_t>(n)));
            if (!std::exchange(greeted_, true)) advertise_streams(out);
        }
        bool more = !later_.empty();  // bodies that go on now that there is room
        run_later();
        if (!out.empty()) return true;
        if (!more) return false;
    }
}

bool Http2Session::overloaded() const { return nghttp2_session_get_outbound_queue_size(session_) > max_queued_frames; }

bool Http2Session::finished() const { return !nghttp2_session_want_read(session_) && !nghttp2_session_want_write(session_); }

bool Http2Session::waits_for_handlers() const {
    for (const auto& [id, stream] : streams_)
        if (stream->waits_for_client()) return false;
    return !streams_.empty();
}

void Http2Session::go_away() {
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR, nullptr, 0);
    auto streams = streams_;  // cancelling may close some
    for (auto& [id, stream] : streams) stream->cancel_->cancel();
}

void Http2Session::lost() {
    lost_ = true;
    auto streams = streams_;
    for (auto& [id, stream] : streams) stream->closed();
    run_later();
}

Http2Stream* Http2Session::find(std::int32_t id) {
    auto it = streams_.find(id);
    return it == streams_.end() ? nullptr : it->second.get();
}

int Http2Session::begin_headers(const nghttp2_frame& frame) {
    if (frame.hd.type != NGHTTP2_HEADERS || frame.headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    if (streams_.size() >= max_streams) {  // whose handler never hears of it: the client may send it again
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_REFUSED_STREAM);
        return 0;
    }
    auto stream = std::make_shared<Http2Stream>(shared_from_this(), frame.hd.stream_id);
    streams_.emplace(frame.hd.stream_id, std::move(stream));
    return 0;
}

int Http2Session::header(const nghttp2_frame& frame, std::string_view name, std::string_view value) {
    Http2Stream* stream = find(frame.hd.stream_id);
    if (!stream || stream->header(name, value, options_.header_limit) == Http2Stream::HeaderOutcome::taken) return 0;
    calm();
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

int Http2Session::frame_received(const nghttp2_frame& frame) {
    Http2Stream* stream = find(frame.hd.stream_id);
    if (!stream || (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA)) return 0;
    bool last = frame.hd.flags & NGHTTP2_FLAG_END_STREAM;
    if (frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST) stream->headers_end(last);
    else if (last) stream->end();
    return 0;
}

int Http2Session::data_received(std::int32_t id, std::string_view data) {
    nghttp2_session_consume_connection(session_, data.size());
    if (Http2Stream* stream = find(id)) stream->data(data);
    return 0;
}

int Http2Session::stream_closed(std::int32_t id) {
    auto it = streams_.find(id);
    if (it == streams_.end()) return 0;
    later_.push_back([stream = std::move(it->second)] { stream->closed(); });
    streams_.erase(it);
    return 0;
}

}  // namespace virga
