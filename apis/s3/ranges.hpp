// The Range header.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace virga::s3 {

struct ByteRange {
    std::uint64_t first = 0, length = 0;
};

// The one range of "bytes=a-b", "bytes=a-" or "bytes=-n" within a body of `size` bytes. Nothing when the header is to be ignored (another unit,
// malformed, several ranges, a > b). Throws InvalidRange when it is well formed and outside.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

}  // namespace virga::s3
