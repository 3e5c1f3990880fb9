#include "emulator/object/names.hpp"

#include <algorithm>
#include <set>

#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::object {

namespace {

bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool looks_like_ipv4(std::string_view name) {
    int dots = 0;
    for (char c : name) {
        if (c == '.') ++dots;
        else if (c < '0' || c > '9') return false;
    }
    return dots == 3;
}

// Letters of any script, digits, space and _ . : / = + - @
bool tag_characters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        auto b = static_cast<unsigned char>(c);
        return b >= 0x80 || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
    });
}

void check_tags(const Object& tags, bool bucket) {
    std::set<std::string_view> seen;
    for (const auto& [key, value] : tags) {
        if (key.empty() || utf8_length(key) > max_tag_key || !tag_characters(key)) throw errors::invalid_tag("The TagKey you have provided is invalid", key);
        if (utf8_length(value.as_string()) > max_tag_value || !tag_characters(value.as_string()))
            throw errors::invalid_tag("The TagValue you have provided is invalid", key);
        if (!seen.insert(key).second) throw errors::invalid_tag("Cannot provide multiple Tags with the same key", key);
        if (starts_with_i(key, "aws:"))
            throw errors::invalid_tag(bucket ? "System tags cannot be added/updated by requester" : "Your TagKey cannot be prefixed with aws:", key);
    }
    if (tags.size() > (bucket ? max_bucket_tags : max_object_tags)) throw bucket ? errors::too_many_bucket_tags() : errors::too_many_object_tags();
}

}  // namespace

bool is_bucket_name(std::string_view name) {
    if (name.size() < 3 || name.size() > 63) return false;
    if (!std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-' || c == '.'; })) return false;
    if (!lower_or_digit(name.front()) || !lower_or_digit(name.back())) return false;
    if (name.find("..") != std::string_view::npos || looks_like_ipv4(name)) return false;
    for (std::string_view prefix : {"xn--", "sthree-", "amzn-s3-demo-"})
        if (name.starts_with(prefix)) return false;
    for (std::string_view suffix : {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"})
        if (name.ends_with(suffix)) return false;
    return true;
}

bool is_old_bucket_name(std::string_view name) {
    return name.size() >= 3 && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
        return lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
    });
}

void check_key(std::string_view key) {
    if (key.size() > max_key_bytes) throw errors::key_too_long(key.size());
    int depth = 0;
    for (std::size_t at = 0; at <= key.size();) {
        std::size_t end = std::min(key.find('/', at), key.size());
        std::string_view step = key.substr(at, end - at);
        if (step == "..") --depth;
        else if (!step.empty() && step != ".") ++depth;
        if (depth < 0) throw errors::key_climbs_out();
        at = end + 1;
    }
}

void check_object_tags(const Object& tags) { check_tags(tags, false); }
void check_bucket_tags(const Object& tags) { check_tags(tags, true); }

Object parse_tagging_header(std::string_view header) {
    Object tags;
    std::set<std::string> seen;
    std::string_view rest = header;
    while (!rest.empty()) {
        std::size_t end = std::min(rest.find('&'), rest.size());
        std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (pair.empty()) continue;
        std::size_t eq = pair.find('=');
        std::string key = percent_decode(pair.substr(0, eq), true);
        std::string value = eq == std::string_view::npos ? std::string() : percent_decode(pair.substr(eq + 1), true);
        if (!seen.insert(key).second || !is_utf8(key) || !is_utf8(value))
            throw errors::invalid_argument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
                                           "x-amz-tagging", header);
        tags.append(std::move(key), std::move(value));
    }
    check_object_tags(tags);
    std::sort(tags.begin(), tags.end(), [](const auto& a, const auto& b) { return a.name < b.name; });  // as they come back
    return tags;
}

}  // namespace virga::object
