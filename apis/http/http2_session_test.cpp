#include "apis/http/http2_session.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "apis/http/http2.hpp"

using namespace virga;

namespace {

std::string frame(std::uint8_t kind, std::uint8_t flags, std::uint32_t stream, const std::string& payload) {
    std::string out;
    for (int shift : {16, 8, 0}) out.push_back(static_cast<char>(payload.size() >> shift & 255));
    out.push_back(static_cast<char>(kind));
    out.push_back(static_cast<char>(flags));
    for (int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(stream >> shift & 255));
    return out + payload;
}

// Kinds of the frames that wait to be sent, each with the last four bytes of its payload as a number: the code of an error.
std::vector<std::pair<int, std::uint32_t>> said(Http2Session& session) {
    std::string all, some;
    while (session.take_output(some)) all += some;
    std::vector<std::pair<int, std::uint32_t>> frames;
    auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(all[i])); };
    for (std::size_t at = 0; at + 9 <= all.size();) {
        std::size_t length = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2), end = at + 9 + length;
        std::uint32_t last = 0;
        if (length >= 4)
            for (std::size_t i = end - 4; i < end; ++i) last = last << 8 | byte(i);
        frames.emplace_back(static_cast<int>(byte(at + 3)), last);
        at = end;
    }
    return frames;
}

constexpr std::uint8_t data = 0, headers = 1, settings = 4, end_headers = 4, ack = 1;
constexpr std::uint32_t flow_control_error = 3;

}  // namespace

TEST_CASE("A body that nobody reads may fill its window, and not a byte more") {
    boost::asio::io_context io;
    std::vector<std::shared_ptr<HttpRequest>> requests;
    std::vector<Respond> responds;
    HttpHandler handler = [&](std::shared_ptr<HttpRequest> request, Respond respond) {
        requests.push_back(std::move(request));
        responds.push_back(std::move(respond));
    };
    HttpOptions options;
    auto session = Http2Session::make(handler, options, io.get_executor(), [] {});
    std::string post = "\x83\x86\x84\x01\x01x";  // POST, http, /, authority x
    REQUIRE(session->feed(std::string(http2_preface) + frame(settings, 0, 0, "") + frame(settings, ack, 0, "") + frame(headers, end_headers, 1, post)));
    CHECK(requests.size() == 1);
    said(*session);
    for (int i = 0; i < 16; ++i) REQUIRE(session->feed(frame(data, 0, 1, std::string(16384, 'x'))));
    for (auto [kind, last] : said(*session)) CHECK(kind == NGHTTP2_WINDOW_UPDATE);  // of the connection
    session->feed(frame(data, 0, 1, "x"));
    bool refused = false;
    for (auto [kind, last] : said(*session))
        refused = refused || ((kind == NGHTTP2_GOAWAY || kind == NGHTTP2_RST_STREAM) && last == flow_control_error);
    CHECK(refused);
    session->lost();
}
