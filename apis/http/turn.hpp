// When a loop answers. Private to apis/http.
#pragma once
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

#include <coroutine>

#include "apis/http/socket.hpp"

namespace virga {

// One for each loop. Requests that came together are worked on one after the other and answered after that, one answer behind the other:
// code and data stay in the processor's caches, and a client that waits on all of its connections is woken once. Measured with 16
// connections, the processors do a fifth more. Where requests come one at a time nobody waits: from time to time one looks whether that changed.
class Turn final : public boost::asio::execution_context::service {
public:
    using key_type = Turn;
    inline static boost::asio::execution_context::id id;
    explicit Turn(boost::asio::execution_context& context) : service(context) {}

    static Turn& of(Loop loop) { return boost::asio::use_service<Turn>(loop.context()); }

    // Awaited on the loop, goes on there once the requests that had come were worked on.
    class End {
    public:
        End(Turn& turn, Loop loop) : turn_(turn), loop_(loop) {}
        bool await_ready() { return turn_.alone_ >= enough && ++turn_.passed_ % every != 0; }
        void await_suspend(std::coroutine_handle<> h) {
            ++turn_.waiting_;
            boost::asio::post(loop_, [&turn = turn_, h] {
                turn.ended();
                h.resume();
            });
        }
        void await_resume() const noexcept {}

    private:
        static constexpr unsigned enough = 16, every = 64;
        Turn& turn_;
        Loop loop_;
    };

private:
    void shutdown() override {}

    // The first to go on speaks for all that wait.
    void ended() {
        if (waiting_ == 1) ++alone_;
        else if (waiting_ > 1) alone_ = 0;
        waiting_ = 0;
    }

    unsigned waiting_ = 0;  // answers of this turn
    unsigned alone_ = 0;    // turns in a row with one answer
    unsigned passed_ = 0;
};

}  // namespace virga
