// The HTTP front: arbitrary bytes on a connection, to a handler that reads the body and answers. Nothing may crash or hang.
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <future>
#include <set>

#include "apis/http/connection.hpp"

namespace {

using namespace virga;

struct Owner : ConnectionOwner {
    void added(Connection&) override { ++open; }
    void removed(Connection&) override {
        if (--open == 0) gone.set_value();
    }
    bool closing() const override { return false; }
    int open = 0;
    std::promise<void> gone;
};

void answer(std::shared_ptr<HttpRequest> request, Respond respond) {
    auto body = request->body;
    start_with_result(read_all(*body, 1 << 20), [request, respond](std::exception_ptr error, std::optional<std::string> text) {
        respond(error ? HttpResponse::text(400, "bad body") : HttpResponse::text(200, *text));
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Runtime runtime(1);
    static const HttpHandler handler = answer;
    static const HttpOptions options;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 0;
    auto owner = std::make_shared<Owner>();
    auto shared = std::make_shared<ConnectionShared>();
    shared->handler = &handler;
    shared->options = &options;
    shared->owner = owner.get();
    boost::asio::post(runtime.loop(0), [&] {
        boost::asio::ip::tcp::socket socket(runtime.loop(0));
        socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
        Connection::serve(*shared, shared, std::move(socket));
    });
    for (std::size_t sent = 0; sent < size;) {
        ssize_t n = send(ends[1], data + sent, size - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
    }
    shutdown(ends[1], SHUT_WR);
    char buffer[4096];
    while (recv(ends[1], buffer, sizeof buffer, 0) > 0) {
    }
    close(ends[1]);
    owner->gone.get_future().wait();
    return 0;
}
