#include "emulator/delivery/aggregate.hpp"

#include <cstdint>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::delivery {

namespace {

constexpr std::string_view magic = "\xF3\x89\x9A\xC2";
constexpr std::size_t digest_size = 16;

// Reads the fields of one protobuf message.
class Fields {
public:
    explicit Fields(std::string_view data) : rest_(data) {}

    struct Field {
        std::uint64_t number = 0, value = 0;  // value of a varint
        std::string_view bytes;               // of a length-delimited field
        bool is_bytes = false;
    };

    // False at the end and at what cannot be read; then bad() tells which.
    bool next(Field& field) {
        if (rest_.empty() || bad_) return false;
        std::uint64_t tag = varint();
        field = Field{tag >> 3, 0, {}, (tag & 7) == 2};
        if ((tag & 7) == 0) {
            field.value = varint();
        } else if ((tag & 7) == 2) {
            std::uint64_t size = varint();
            if (size > rest_.size()) bad_ = true;
            else {
                field.bytes = rest_.substr(0, size);
                rest_.remove_prefix(size);
            }
        } else {
            bad_ = true;
        }
        return !bad_;
    }
    bool bad() const { return bad_; }

private:
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (rest_.empty()) break;
            auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7Fu} << shift;
            if (!(byte & 0x80)) return value;
        }
        bad_ = true;
        return 0;
    }
    std::string_view rest_;
    bool bad_ = false;
};

// Record{1 partition key index, 2 hash key index, 3 data, 4 tags}
bool read_record(std::string_view message, const std::vector<std::string>& keys, std::vector<SubRecord>& out) {
    Fields fields(message);
    Fields::Field f;
    std::uint64_t key = 0;
    std::string_view data;
    while (fields.next(f)) {
        if (f.number == 1) key = f.value;
        if (f.number == 3) data = f.bytes;
    }
    if (fields.bad() || key >= keys.size()) return false;
    out.push_back({keys[key], std::string(data)});
    return true;
}

}  // namespace

std::optional<std::vector<SubRecord>> split_aggregate(std::string_view data) {
    if (!data.starts_with(magic) || data.size() < magic.size() + digest_size) return std::nullopt;
    std::string_view message = data.substr(magic.size(), data.size() - magic.size() - digest_size);
    if (md5(message) != data.substr(data.size() - digest_size)) return std::nullopt;

    std::vector<std::string> keys;
    std::vector<std::string_view> messages;
    Fields fields(message);
    Fields::Field f;
    while (fields.next(f)) {
        if (f.number == 1 && f.is_bytes) keys.emplace_back(f.bytes);
        if (f.number == 3 && f.is_bytes) messages.push_back(f.bytes);
    }
    if (fields.bad()) return std::nullopt;
    std::vector<SubRecord> records;
    for (auto m : messages)
        if (!read_record(m, keys, records)) return std::nullopt;
    return records;
}

std::optional<std::vector<std::string>> split_json(std::string_view text) {
    std::vector<std::string> out;
    std::size_t at = 0;
    while (true) {
        while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos) ++at;
        if (at == text.size()) break;
        if (text[at] != '{') return std::nullopt;
        std::size_t end = at, depth = 0;
        bool quoted = false;
        for (; end < text.size(); ++end) {
            char c = text[end];
            if (quoted) {
                if (c == '\\') ++end;
                else if (c == '"') quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                break;
            }
        }
        if (end >= text.size()) return std::nullopt;
        std::string piece(text.substr(at, end + 1 - at));
        Value parsed;
        if (!json::try_parse(piece, parsed)) return std::nullopt;
        out.push_back(std::move(piece));
        at = end + 1;
    }
    if (out.empty()) return std::nullopt;
    return out;
}

std::vector<std::string> split_delimited(std::string_view text, std::string_view delimiter) {
    std::vector<std::string> out;
    while (!text.empty()) {
        auto at = delimiter.empty() ? std::string_view::npos : text.find(delimiter);
        out.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) break;
        text.remove_prefix(at + delimiter.size());
    }
    return out;
}

}  // namespace virga::delivery
