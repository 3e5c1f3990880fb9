// Reads JSON text piece by piece, without a tree: for decoders that know what must come (the API models).
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/json.hpp"

namespace virga::json {

// A cursor over one JSON document. What is read is checked as json::parse does (depth, UTF-8, numbers); all functions throw ParseError.
// Usage:  r.enter_object(); std::string_view key; while (r.next_key(key)) { ... read exactly one value ... }
class Reader {
public:
    explicit Reader(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    // The first character of the next value: { [ " t f n, or '0' for a number.
    char peek();

    void enter_object();
    // The next member's name; false at the object's end, which is consumed. `key` is valid until the next call of next_key or text.
    bool next_key(std::string_view& key);
    void enter_array();
    // True when another element follows; false at the array's end, which is consumed.
    bool next_element();

    std::string string();
    // The same without a copy where the text has no escape; valid until the next call of next_key or text.
    std::string_view text();
    bool boolean();
    void null();
    // A number as it is written; integral when it has neither fraction nor exponent.
    std::string_view number(bool& integral);

    // A value of any kind, as json::parse makes it.
    Value value();
    void skip();
    // After the document's value: nothing but white space may follow.
    void finish();

    std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

private:
    [[noreturn]] void fail(const char* what) const;
    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    }
    void expect_word(std::string_view word);
    void enter(char open);
    // False at `close`; else stands at the next element.
    bool advance(char close);
    // Reads a string into the text itself (view) or, when it has escapes, into `buffer`.
    std::string_view scan_string(std::string& buffer);
    bool unescape(std::string& out);
    unsigned hex4();
    unsigned code_point();
    void digits();

    const char* begin_;
    const char* at_;
    const char* end_;
    int depth_ = 0;
    bool fresh_ = false;  // directly after an opening bracket
    std::string scratch_;
};

}  // namespace virga::json
