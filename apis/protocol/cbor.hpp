// CBOR (RFC 8949) read and written piece by piece, as far as AWS protocols use it.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::protocol::cbor {

struct ParseError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline constexpr int max_depth = 512;

enum class Type : std::uint8_t { unsigned_, negative, bytes, text, array, map, tag, boolean, null, real, break_ };

// A cursor over one item. Lengths may be definite or not; strings may come in chunks. All functions throw ParseError.
// Usage:  auto map = r.enter_map(); while (r.next(map)) { key = r.text(); ... read exactly one value ... }
class Reader {
public:
    explicit Reader(std::string_view data) : at_(data.data()), end_(at_ + data.size()) {}

    Type peek();
    // Elements still to come; -1: until the break.
    struct Sequence {
        std::int64_t left;
    };
    Sequence enter_array();
    Sequence enter_map();
    bool next(Sequence& sequence);

    std::uint64_t tag();
    std::int64_t integer();  // clamped to 64 bits signed
    double real();           // half, single or double
    bool boolean();
    void null();
    std::string text();   // UTF-8
    std::string bytes();
    void skip();
    Value value();  // any item; map keys must be text
    void finish();

private:
    std::uint8_t byte();
    std::uint64_t argument(std::uint8_t info);
    std::string string(std::uint8_t major);
    Sequence enter(std::uint8_t major);

    const char* at_;
    const char* end_;
    int depth_ = 0;
};

void write_head(std::string& out, std::uint8_t major, std::uint64_t argument);
void write_integer(std::string& out, std::int64_t value);
void write_text(std::string& out, std::string_view text);
void write_bytes(std::string& out, std::string_view bytes);
void write_real(std::string& out, double value);  // as a single where it loses nothing
void write_boolean(std::string& out, bool value);
void write_null(std::string& out);
// Any value; timestamps as tag 1 with epoch seconds.
void write_value(std::string& out, const Value& value);

}  // namespace virga::protocol::cbor
