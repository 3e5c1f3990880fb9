// What an HTTP/1.1 connection waits for after it gave a request to the handler. Private to apis/http.
#pragma once
#include <atomic>

#include "apis/http/message.hpp"
#include "apis/http/socket.hpp"

namespace virga {

// Hands the handler's answer to the waiting coroutine, on its loop. A handler that drops its Respond without an answer (what
// it waited for was closed) has answered 503 by that.
template <class Stream, class Resume>
class PendingAnswer {
public:
    // `stream` belongs to the coroutine that waits, which keeps it.
    PendingAnswer(Stream& stream, Resume resume) : stream_(stream), resume_(std::move(resume)) {}
    ~PendingAnswer() {
        if (!answered()) post(HttpResponse::json(503, R"({"message":"Service Unavailable"})"));
    }
    bool answered() const { return answered_.load(); }
    void answer(HttpResponse r) {
        if (answered_.exchange(true)) return;
        if (in_loop_of(stream_)) resume_(std::move(r));
        else post(std::move(r));
    }

private:
    void post(HttpResponse r) {
        boost::asio::post(socket_of(stream_).get_executor(), [resume = resume_, r = std::move(r)]() mutable { resume(std::move(r)); });
    }
    Stream& stream_;
    Resume resume_;
    std::atomic<bool> answered_{false};
};

}  // namespace virga
