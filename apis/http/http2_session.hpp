// The protocol of one HTTP/2 connection, without its socket: bytes in, bytes out, requests to the handler. Private to apis/http.
//
// Everything runs on the connection's loop. Limits, so that no client has more than a bounded part of the memory: streams at once, header
// list, unread body bytes of a stream (its window), requests at work, resets in a short time, frames that must be answered.
#pragma once
#include <nghttp2/nghttp2.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "apis/http/server.hpp"
#include "apis/http/socket.hpp"

namespace virga {

class Http2Stream;

class Http2Session : public std::enable_shared_from_this<Http2Session> {
public:
    // `wake` is called when there is something to send that does not follow from feed().
    static std::shared_ptr<Http2Session> make(const HttpHandler& handler, const HttpOptions& options, Loop executor, std::function<void()> wake);
    ~Http2Session();
    void set_peer(std::string remote, bool tls);

    // Takes what was received. False when nothing more is wanted: what take_output gives then are the last words.
    bool feed(std::string_view bytes);
    // Replaces `out` by the next bytes to send, a few frames of them. False when there are none now.
    bool take_output(std::string& out);
    // Too much is waiting to be sent to read on.
    bool overloaded() const;
    // All was said, in both directions.
    bool finished() const;
    // Requests are with their handlers, and the client owes nothing.
    bool waits_for_handlers() const;
    // Takes no new streams; those at work end, waits among them at once.
    void go_away();
    // The socket is gone: every stream is.
    void lost();

private:
    friend class Http2Stream;
    Http2Session(const HttpHandler& handler, const HttpOptions& options, Loop executor, std::function<void()> wake);
    void open();
    void wake() { wake_(); }
    bool in_loop() const;
    std::size_t work_limit() const;
    void calm();  // the client does what no good client does: ends the connection
    void run_later();

    Http2Stream* find(std::int32_t id);
    int begin_headers(const nghttp2_frame& frame);
    int header(const nghttp2_frame& frame, std::string_view name, std::string_view value);
    int frame_received(const nghttp2_frame& frame);
    int data_received(std::int32_t id, std::string_view data);
    int stream_closed(std::int32_t id);
    static nghttp2_session_callbacks* callbacks();

    const HttpHandler& handler_;
    const HttpOptions& options_;
    Loop executor_;
    std::function<void()> wake_;
    nghttp2_session* session_ = nullptr;
    std::unordered_map<std::int32_t, std::shared_ptr<Http2Stream>> streams_;
    std::vector<std::function<void()>> later_;  // what must not run inside nghttp2's callbacks
    std::string remote_;
    bool tls_ = false;
    bool greeted_ = false;  // our SETTINGS are sent
    bool lost_ = false;
    bool ending_ = false;
    std::size_t at_work_ = 0;  // requests given to the handler and not answered, those of closed streams too
};

}  // namespace virga
