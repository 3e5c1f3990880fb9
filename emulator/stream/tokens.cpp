#include "emulator/stream/tokens.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/stream/errors.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::stream {

namespace {

// Eight bytes 00..01 as the service's iterators begin with, eight bytes of check, then the content, all in base64.
constexpr std::string_view lead("\0\0\0\0\0\0\0\1", 8);
constexpr std::uint64_t check_seed = 0x6B696E;

std::string check(std::string_view content) {
    std::string bytes;
    std::uint64_t hash = hash64(content, check_seed);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(hash >> shift & 255));
    return bytes;
}

std::string seal(const std::string& content) { return base64_encode(std::string(lead) + check(content) + content); }

std::optional<std::string> unseal(std::string_view token) {
    auto bytes = base64_decode(token);
    if (!bytes || bytes->size() < 16 || std::string_view(*bytes).substr(0, 8) != lead) return std::nullopt;
    std::string content = bytes->substr(16);
    if (bytes->substr(8, 8) != check(content)) return std::nullopt;
    return content;
}

}  // namespace

std::string write_token(Object content, TimeMs now) {
    content.append("created", now);
    return seal(json::write(content));
}

Value read_token(std::string_view token, TimeMs now) {
    auto content = unseal(token);
    Value value;
    if (!content || !json::try_parse(*content, value) || !value.is_object()) throw invalid_next_token();
    if (now - value.integer("created") > limits::token_life_ms) throw expired_next_token();
    return value;
}

std::string write_iterator(const Iterator& i) {
    std::string content = json::write(Array{i.created, i.account, i.region, i.stream, i.stream_id, i.shard, i.position});
    // The service's iterators are of whole cipher blocks: 152 bytes and some times 16 (observed). Blanks at the end of JSON mean nothing.
    while (content.size() < 136 || content.size() % 16 != 8) content += ' ';
    return seal(content);
}

std::optional<Iterator> read_iterator(std::string_view token) {
    auto content = unseal(token);
    Value value;
    if (!content || !json::try_parse(*content, value) || !value.is_array() || value.as_array().size() != 7) return std::nullopt;
    const Array& a = value.as_array();
    for (std::size_t i : {0u, 4u, 5u, 6u})
        if (!a[i].is_integer()) return std::nullopt;
    for (std::size_t i : {1u, 2u, 3u})
        if (!a[i].is_string()) return std::nullopt;
    return Iterator{a[0].as_integer(), a[1].as_string(), a[2].as_string(), a[3].as_string(), a[4].as_integer(), a[5].as_integer(), a[6].as_integer()};
}

}  // namespace virga::stream
