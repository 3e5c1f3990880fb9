// Unpacking of the whole files that imports read.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace virga::dynamodb {

struct CompressionError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What a file holds. `type` as ImportTable's InputCompressionType says: "NONE", "GZIP" or "ZSTD". Throws CompressionError for data in another
// format, cut off, or of more than `limit` bytes unpacked.
std::string unpack(std::string_view type, std::string data, std::size_t limit);

}  // namespace virga::dynamodb
