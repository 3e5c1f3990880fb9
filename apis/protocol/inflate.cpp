#include "apis/protocol/codecs.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"

namespace virga::protocol {

namespace {

// What a compressed body may grow to: the largest body any of these services takes, with room.
constexpr std::size_t max_inflated = 64 << 20;

}  // namespace

std::string_view inflate_body(const HttpRequest& request, std::string_view body, std::string& buffer) {
    const std::string* encoding = body.empty() ? nullptr : request.headers.find("content-encoding");
    if (!encoding) return body;
    std::string_view last = *encoding;  // "custom, gzip": the last was applied last
    last.remove_prefix(last.find_last_of(", ") == std::string_view::npos ? 0 : last.find_last_of(", ") + 1);
    if (!iequals(last, "gzip") && !iequals(last, "deflate")) return body;
    switch (inflate(body, max_inflated, buffer)) {
        case Inflated::broken: throw ApiError("InternalServerError", 500, "The request body could not be decompressed");
        case Inflated::too_large: throw ApiError("RequestEntityTooLarge", 413, "The request body is too large");
        case Inflated::whole: break;
    }
    return buffer;
}

}  // namespace virga::protocol
