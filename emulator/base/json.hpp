// JSON text to Value and back (RFC 8259).
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::json {

struct ParseError : std::runtime_error {
    ParseError(const std::string& what, std::size_t at) : std::runtime_error(what), offset(at) {}
    std::size_t offset;  // bytes from the start of the text
};

// Deeper nesting than this is refused with ParseError, so that no input can exhaust the stack.
inline constexpr int max_depth = 512;

// Parses exactly one JSON value with optional white space around it. Strings must be valid UTF-8 after unescaping;
// a lone surrogate escape becomes U+FFFD. Integers that fit 64 bits become integer, all other numbers keep their text.
// Throws ParseError.
Value parse(std::string_view text);

// As parse, but answers false instead of throwing.
bool try_parse(std::string_view text, Value& out);

// Compact JSON. Bytes are written as base64 strings, timestamps as epoch seconds with up to three decimals,
// reals in the shortest form that reads back equal.
std::string write(const Value& value);
void write_to(std::string& out, const Value& value);
// Appends `text` as a JSON string, quotes included.
void write_string(std::string& out, std::string_view text);
// Appends a double as JSON (NaN and infinities as the strings AWS uses: "NaN", "Infinity", "-Infinity").
void write_real(std::string& out, double value);
// Appends epoch seconds, decimals only where the instant is not a whole second.
void write_epoch_seconds(std::string& out, TimeMs instant);

}  // namespace virga::json
