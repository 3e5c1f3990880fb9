#include "apis/s3/ranges.hpp"

#include <algorithm>
#include <charconv>

#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"

namespace virga::s3 {

namespace {
std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t n = 0;
    auto r = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size()) return std::nullopt;
    return n;
}
}  // namespace

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
    if (!starts_with_i(header, "bytes=")) return std::nullopt;
    std::string_view range = header.substr(6);
    std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    std::string_view from = range.substr(0, dash), to = range.substr(dash + 1);
    if (from.empty()) {
        auto suffix = number(to);
        if (!suffix) return std::nullopt;
        if (*suffix == 0) throw object::errors::invalid_range(header, size);
        if (size == 0) return std::nullopt;
        std::uint64_t length = std::min(*suffix, size);
        return ByteRange{size - length, length};
    }
    auto first = number(from);
    if (!first) return std::nullopt;
    std::optional<std::uint64_t> last = to.empty() ? std::optional<std::uint64_t>(UINT64_MAX) : number(to);
    if (!last || *last < *first) return std::nullopt;
    if (*first >= size) throw object::errors::invalid_range(header, size);
    return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

}  // namespace virga::s3
