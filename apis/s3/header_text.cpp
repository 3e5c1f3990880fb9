#include "apis/s3/header_text.hpp"

#include <algorithm>
#include <optional>

#include "emulator/base/encoding.hpp"

namespace virga::s3 {

namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string from_latin_1(std::string_view bytes) {
    std::string out;
    for (char c : bytes) append_utf8(out, static_cast<unsigned char>(c));
    return out;
}

std::string decode_q(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '_') {
            out += ' ';
        } else if (text[i] == '=' && i + 2 < text.size() && hex_decode(text.substr(i + 1, 2))) {
            out += *hex_decode(text.substr(i + 1, 2));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// "=?charset?Q?text?=" as a whole; nothing when it is no encoded word.
std::optional<std::string> decode_word(std::string_view word) {
    if (!word.starts_with("=?") || !word.ends_with("?=") || word.size() < 8) return std::nullopt;
    word = word.substr(2, word.size() - 4);
    std::size_t first = word.find('?');
    if (first == std::string_view::npos || first + 2 >= word.size() || word[first + 2] != '?') return std::nullopt;
    std::string_view charset = word.substr(0, first), text = word.substr(first + 3);
    char coding = word[first + 1];
    std::optional<std::string> bytes;
    if (coding == 'B' || coding == 'b') bytes = base64_decode(text);
    else if (coding == 'Q' || coding == 'q') bytes = decode_q(text);
    if (!bytes) return std::nullopt;
    if (iequals(charset, "utf-8")) return is_utf8(*bytes) ? bytes : std::nullopt;
    if (iequals(charset, "iso-8859-1")) return from_latin_1(*bytes);
    return iequals(charset, "us-ascii") ? bytes : std::nullopt;
}

}  // namespace

std::string decode_header_text(std::string_view raw) {
    if (!is_utf8(raw)) return from_latin_1(raw);
    if (raw.find("=?") == std::string_view::npos) return std::string(raw);
    std::string out;
    for (std::string_view rest = raw; !rest.empty();) {
        std::size_t blank = std::min(rest.find(' '), rest.size());
        auto word = decode_word(rest.substr(0, blank));
        // The white space between two encoded words is none of the text's.
        bool joined = word && rest.size() > blank + 1 && decode_word(rest.substr(blank + 1, rest.find(' ', blank + 1) - blank - 1));
        out += word ? *word : std::string(rest.substr(0, blank));
        if (blank < rest.size() && !joined) out += ' ';
        rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    return out;
}

std::string encode_header_text(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return "=?UTF-8?B?" + base64_encode(text) + "?=";
    std::string out = "=?UTF-8?Q?";
    for (char c : text) {
        auto b = static_cast<unsigned char>(c);
        if (c == ' ') {
            out += '_';
        } else if (b >= 0x80 || c == '=' || c == '?' || c == '_') {
            std::string hex = hex_encode(std::string_view(&c, 1));
            std::transform(hex.begin(), hex.end(), hex.begin(), [](char h) { return h >= 'a' ? static_cast<char>(h - 32) : h; });
            out += '=' + hex;
        } else {
            out += c;
        }
    }
    return out + "?=";
}

}  // namespace virga::s3
