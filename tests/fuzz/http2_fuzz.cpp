// HTTP/2 behind its preface: arbitrary frames to a handler that reads the body and answers. Nothing may crash, hang or grow. The first byte
// says in what pieces the rest arrives, and whether the handlers answer between them or at the end.
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apis/http/http2_session.hpp"
#include "apis/http/message.hpp"

namespace {

using namespace virga;

struct Waiting {
    std::shared_ptr<HttpRequest> request;
    Respond respond;
};

// A body of its own, one that is streamed without a length, or what the client sent.
void answer(Waiting w) {
    auto body = w.request->body;
    if (w.request->method == "GET") return w.respond(HttpResponse::text(200, std::string(w.request->target.size() * 200, 'x')));
    start_with_result(read_all(*body, 1 << 20), [w](std::exception_ptr error, std::optional<std::string> text) {
        if (error) return w.respond(HttpResponse::text(400, "bad body"));
        HttpResponse streamed = HttpResponse::text(200, "");
        streamed.stream = std::make_shared<StringSource>(std::move(*text));
        w.respond(std::move(streamed));
    });
}

void drain(Http2Session& session) {
    std::string out;
    for (int i = 0; i < 1000 && session.take_output(out); ++i) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::size_t piece = (data[0] & 127) * 32 + 1;
    bool late = data[0] & 128;
    std::vector<Waiting> waiting;
    HttpHandler handler = [&](std::shared_ptr<HttpRequest> request, Respond respond) { waiting.push_back({std::move(request), std::move(respond)}); };
    HttpOptions options;
    static boost::asio::io_context loop;
    auto session = Http2Session::make(handler, options, loop.get_executor(), [] {});
    auto settle = [&] {
        auto ready = std::exchange(waiting, {});
        for (auto& w : ready) answer(std::move(w));
        ready.clear();
        loop.restart();
        loop.run();
        drain(*session);
    };
    std::string input = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9);  // an empty SETTINGS frame
    input.append(reinterpret_cast<const char*>(data) + 1, size - 1);
    bool more = true;
    for (std::size_t at = 0; more && at < input.size(); at += piece) {
        more = session->feed(std::string_view(input).substr(at, piece));
        if (!late) settle();
        else drain(*session);
    }
    settle();
    if (input.size() % 2) session->go_away();
    session->lost();
    settle();
    return 0;
}
