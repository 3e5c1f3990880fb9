#include "emulator/base/json_buffer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "emulator/base/json.hpp"
#include "emulator/base/json_scan.hpp"

namespace virga::json {

namespace {
// What a thread keeps: enough for an answer of a page, which has at most 1 MB of items.
constexpr std::size_t kept_room = 2 * 1024 * 1024;
struct Spare {
    char* text = nullptr;
    std::size_t size = 0;
    ~Spare() { std::free(text); }
};
thread_local Spare spare;

// Most pieces around a string have a few bytes: no call for them. Answers the end of what was written.
[[gnu::always_inline]] inline char* copy_short(char* to, std::string_view json) {
    const std::size_t n = json.size();
    if (n > 8) {
        std::memcpy(to, json.data(), n);
    } else if (n >= 4) {  // two pieces that meet or overlap
        std::uint32_t first, last;
        std::memcpy(&first, json.data(), 4);
        std::memcpy(&last, json.data() + n - 4, 4);
        std::memcpy(to, &first, 4);
        std::memcpy(to + n - 4, &last, 4);
    } else {
        for (std::size_t i = 0; i < n; ++i) to[i] = json[i];
    }
    return to + n;
}
}  // namespace

Buffer::Buffer() : text_(std::exchange(spare.text, nullptr)), size_(std::exchange(spare.size, 0)) {}

Buffer::~Buffer() {
    if (size_ <= kept_room && size_ > spare.size) {
        std::swap(spare.text, text_);
        spare.size = size_;
    }
    std::free(text_);
}

void Buffer::put_string(std::string_view before, std::string_view text, std::string_view after) {
    room(before.size() + text.size() + after.size() + 2);
    char* to = copy_short(text_ + used_, before);
    *to++ = '"';
    const std::size_t plain = copy_plain(to, text);
    to += plain;
    if (plain < text.size()) {
        used_ = static_cast<std::size_t>(to - text_);
        put_escaped(text.substr(plain));
        room(after.size() + 1);
        to = text_ + used_;
    }
    *to++ = '"';
    used_ = static_cast<std::size_t>(copy_short(to, after) - text_);
}

void Buffer::put_escaped(std::string_view text) {
    std::string escaped;
    write_string(escaped, text);
    put(std::string_view(escaped).substr(1, escaped.size() - 2));
}

void Buffer::grow(std::size_t bytes) {
    const std::size_t size = std::max(2 * size_, used_ + bytes + 1024);
    auto* text = static_cast<char*>(std::realloc(text_, size));
    if (!text) throw std::bad_alloc();
    text_ = text;
    size_ = size;
}

std::string Buffer::take() {
    return std::string(text_, std::exchange(used_, 0));
}

}  // namespace virga::json
