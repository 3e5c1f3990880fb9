#include "emulator/base/stream.hpp"

#include "emulator/base/error.hpp"

namespace virga {

Task<std::string> read_all(ByteSource& source, std::uint64_t limit) {
    std::string all;
    if (auto size = source.size(); size && *size <= limit) all.reserve(static_cast<std::size_t>(*size));
    for (;;) {
        std::optional<std::string> piece = co_await source.read();
        if (!piece) break;
        if (all.size() + piece->size() > limit)
            throw ApiError("RequestEntityTooLargeException", 413, "Request body is longer than " + std::to_string(limit) + " bytes");
        if (all.empty()) all = std::move(*piece);
        else all += *piece;
    }
    co_return all;
}

}  // namespace virga
