#include "emulator/bus/letter_case.hpp"

#include <cstdint>

#include "emulator/base/encoding.hpp"

namespace virga::bus {

namespace {

struct CaseRange {
    std::uint32_t first, last, step;
    std::int32_t to_lower, to_upper;
};
struct SpecialCase {
    std::uint32_t code_point;
    const char *lower, *upper;
};

#include "emulator/bus/letter_case_tables.inc"

std::string utf8(std::uint32_t c) {
    std::string out;
    append_utf8(out, c);
    return out;
}

// The code point at the start of `text` (valid UTF-8), which is shortened by it.
std::uint32_t take_code_point(std::string_view& text) {
    auto lead = static_cast<unsigned char>(text[0]);
    std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size > text.size()) size = 1;
    std::uint32_t c = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) c = c << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
    text.remove_prefix(size);
    return c;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

}  // namespace

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

FoldedText::FoldedText(std::string_view text) {
    bool ascii = true;
    while (!text.empty()) {
        std::uint32_t c = take_code_point(text);
        Letter letter;
        if (c < 0x80) {
            letter = {std::string(1, lower(static_cast<char>(c))), std::string(1, upper(static_cast<char>(c)))};
        } else {
            ascii = false;
            letter = {utf8(c), utf8(c)};
            for (const auto& r : case_ranges)
                if (c >= r.first && c <= r.last && (c - r.first) % r.step == 0)
                    letter = {utf8(c + static_cast<std::uint32_t>(r.to_lower)), utf8(c + static_cast<std::uint32_t>(r.to_upper))};
            for (const auto& s : special_cases)
                if (s.code_point == c) letter = {s.lower, s.upper};
        }
        letters_.push_back(std::move(letter));
    }
    if (!ascii) return;
    ascii_.emplace();
    for (const auto& l : letters_) *ascii_ += l.lower;
}

bool FoldedText::starts(std::string_view value) const {
    for (const auto& l : letters_) {
        if (value.starts_with(l.lower)) value.remove_prefix(l.lower.size());
        else if (value.starts_with(l.upper)) value.remove_prefix(l.upper.size());
        else return false;
    }
    return true;
}

bool FoldedText::equals(std::string_view value) const {
    for (const auto& l : letters_) {
        if (value.starts_with(l.lower)) value.remove_prefix(l.lower.size());
        else if (value.starts_with(l.upper)) value.remove_prefix(l.upper.size());
        else return false;
    }
    return value.empty();
}

bool FoldedText::ends(std::string_view value) const {
    for (auto l = letters_.rbegin(); l != letters_.rend(); ++l) {
        if (value.ends_with(l->lower)) value.remove_suffix(l->lower.size());
        else if (value.ends_with(l->upper)) value.remove_suffix(l->upper.size());
        else return false;
    }
    return true;
}

}  // namespace virga::bus
