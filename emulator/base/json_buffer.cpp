#include "emulator/base/json_buffer.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/base/json_scan.hpp"

namespace virga::json {

void Buffer::put_string(std::string_view before, std::string_view text, std::string_view after) {
    room(before.size() + text.size() + after.size() + 2);
    copy(before);
    text_[used_++] = '"';
    const std::size_t plain = copy_plain(text_.data() + used_, text);
    used_ += plain;
    if (plain < text.size()) {
        put_escaped(text.substr(plain));
        room(after.size() + 1);
    }
    text_[used_++] = '"';
    copy(after);
}

void Buffer::put_escaped(std::string_view text) {
    std::string escaped;
    write_string(escaped, text);
    put(std::string_view(escaped).substr(1, escaped.size() - 2));
}

void Buffer::grow(std::size_t bytes) { text_.resize(std::max(2 * text_.size(), used_ + bytes + 256)); }

std::string Buffer::take() {
    text_.resize(used_);
    used_ = 0;
    return std::move(text_);
}

}  // namespace virga::json
