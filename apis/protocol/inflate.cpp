#include <zlib.h>

#include "apis/protocol/codecs.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::protocol {

namespace {

// What a compressed body may grow to: the largest body any of these services takes, with room.
constexpr std::size_t max_inflated = 64 << 20;

[[noreturn]] void broken() { throw ApiError("InternalServerError", 500, "The request body could not be decompressed"); }

}  // namespace

std::string_view inflate_body(const HttpRequest& request, std::string_view body, std::string& buffer) {
    const std::string* encoding = body.empty() ? nullptr : request.headers.find("content-encoding");
    if (!encoding) return body;
    std::string_view last = *encoding;  // "custom, gzip": the last was applied last
    last.remove_prefix(last.find_last_of(", ") == std::string_view::npos ? 0 : last.find_last_of(", ") + 1);
    if (!iequals(last, "gzip") && !iequals(last, "deflate")) return body;
    z_stream z{};
    if (inflateInit2(&z, 15 + 32) != Z_OK) broken();  // 32: gzip or zlib, by the header
    std::unique_ptr<z_stream, void (*)(z_stream*)> guard(&z, [](z_stream* s) { inflateEnd(s); });
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    z.avail_in = static_cast<uInt>(body.size());
    char piece[16384];
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(piece);
        z.avail_out = sizeof piece;
        int result = inflate(&z, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END) broken();
        buffer.append(piece, sizeof piece - z.avail_out);
        if (buffer.size() > max_inflated) throw ApiError("RequestEntityTooLarge", 413, "The request body is too large");
        if (result == Z_STREAM_END) {
            if (z.avail_in == 0) return buffer;
            if (inflateReset(&z) != Z_OK) broken();  // gzip may have several members
        } else if (z.avail_in == 0 && z.avail_out != 0) {
            broken();
        }
    }
}

}  // namespace virga::protocol
