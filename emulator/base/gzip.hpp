// Whole texts packed and unpacked by zlib.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace virga {

// RFC 1952; equal input gives equal bytes.
std::string gzip(std::string_view data);
// RFC 1950: what HTTP calls deflate.
std::string deflate_zlib(std::string_view data);
// RFC 1951, without header and checksum: what a ZIP archive holds.
std::string deflate_raw(std::string_view data);

enum class Inflated { whole, broken, too_large };

// Append what `data` unpacks to: RFC 1952 with any number of members; `inflate` takes RFC 1950 (zlib) too, told by the header. They end as
// soon as `out` has more than `limit` bytes. Cut off or followed by something else: broken.
Inflated gunzip(std::string_view data, std::size_t limit, std::string& out);
Inflated inflate(std::string_view data, std::size_t limit, std::string& out);

}  // namespace virga
