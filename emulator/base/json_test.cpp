#include <doctest/doctest.h>

#include <cmath>

#include "emulator/base/json.hpp"
#include "emulator/base/json_reader.hpp"

using namespace virga;

namespace {

std::string rewritten(const std::string& text) { return json::write(json::parse(text)); }

bool refused(const std::string& text) {
    Value v;
    return !json::try_parse(text, v);
}

}  // namespace

TEST_CASE("values come back as they were") {
    for (const char* text : {"null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.10", "3e400", "-0", "-0.0", "1E5", "\"\"",
                             "[]", "{}", "[1,[2,[]],{}]", R"({"a":1,"b":[true,null],"":"x"})", R"("\"\\\b\f\n\r\t")"})
        CHECK(rewritten(text) == text);
    CHECK(rewritten(" [ 1 , 2 ] ") == "[1,2]");
    CHECK(rewritten("\"\\u0041\\u00e9\\ud83d\\ude00\\/\"") == "\"A\xC3\xA9\xF0\x9F\x98\x80/\"");
}

TEST_CASE("integers of 64 bits are integers, all other numbers keep their text") {
    CHECK(json::parse("9223372036854775807").is_integer());
    Value big = json::parse("9223372036854775808");
    CHECK(big.kind() == Value::Kind::number);
    CHECK(big.as_number_text() == "9223372036854775808");
    CHECK(json::parse("1.0").as_number_text() == "1.0");
    CHECK(json::parse("-0").as_number_text() == "-0");
    CHECK(json::parse("12345678901234567890123456789012345678").as_number_text().size() == 38);
}

TEST_CASE("what is no JSON is refused") {
    for (const char* text : {"", " ", "nul", "tru", "nullx", "01", "1.", ".5", "-", "+1", "1e", "1e+", "0x1", "NaN", "[1,]", "[,1]", "[1 2]", "[", "]", "{", "}", "{\"a\"}",
                             "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\x01\"", "1 2", "[] []", "{\"a\":1 \"b\":2}",
                             "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"", "// c\n1"})
        CHECK_MESSAGE(refused(text), text);
    CHECK(refused(std::string("\"a\0b\"", 5)));
    CHECK(refused(std::string("1\0", 2)));
}

TEST_CASE("what a string needs escaped is found at every place of it") {
    for (std::size_t size = 1; size < 40; ++size)
        for (std::size_t at = 0; at < size; ++at) {
            std::string plain(size, 'x');
            for (std::string_view special : {"\"", "\\", "\n", "\x1f", "\x7f", "\xc3\xa9"}) {
                std::string text = plain.substr(0, at);
                text += special;
                text += plain.substr(at);
                std::string written = json::write(Value(text));
                CHECK(json::parse(written).as_string() == text);
                const bool escaped = special == "\"" || special == "\\" || special[0] < 0x20;
                CHECK((written.size() > text.size() + 2) == (escaped && static_cast<unsigned char>(special[0]) < 0x80));
            }
            for (char bad : {'\x1f', '\xff', '\0'}) {
                std::string text = '"' + plain + '"';
                text[at + 1] = bad;
                CHECK(refused(text));
            }
        }
}

TEST_CASE("lone surrogates become the replacement character") {
    const std::string replacement = "\"\xEF\xBF\xBD\"";
    CHECK(rewritten("\"\\ud800\"") == replacement);
    CHECK(rewritten("\"\\udc00\"") == replacement);
    CHECK(rewritten("\"\\ud800\\u0041\"") == "\"\xEF\xBF\xBD" "A\"");
    CHECK(rewritten("\"\\ud800\\ud800\\udc00\"") == "\"\xEF\xBF\xBD\xF0\x90\x80\x80\"");
}

TEST_CASE("nesting is limited, not by the stack") {
    std::string fits(json::max_depth, '[');
    fits += std::string(json::max_depth, ']');
    CHECK_FALSE(refused(fits));
    CHECK(refused("[" + fits + "]"));
    CHECK(refused(std::string(10'000'000, '[')));
    std::string objects;
    for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
    CHECK(refused(objects));
}

TEST_CASE("errors say where") {
    try {
        json::parse("[1, x]");
        FAIL_CHECK("parsed");
    } catch (const json::ParseError& e) {
        CHECK(e.offset == 4);
    }
}

TEST_CASE("the last of equal names wins, all are kept in order") {
    Value v = json::parse(R"({"a":1,"b":2,"a":3})");
    CHECK(v.integer("a") == 3);
    CHECK(v.as_object().size() == 3);
    CHECK(v.as_object().members()[1].name == "b");
}

TEST_CASE("other kinds have a form of their own") {
    CHECK(json::write(Bytes{"abc"}) == "\"YWJj\"");
    CHECK(json::write(Timestamp{1700000000000}) == "1700000000");
    CHECK(json::write(Timestamp{1700000000120}) == "1700000000.12");
    CHECK(json::write(Timestamp{1700000000001}) == "1700000000.001");
    CHECK(json::write(Timestamp{-1}) == "-0.001");
    CHECK(json::write(Timestamp{-1500}) == "-1.5");
    CHECK(json::write(Value(1.0)) == "1.0");
    CHECK(json::write(Value(0.1)) == "0.1");
    CHECK(json::write(Value(1e300)) == "1e+300");
    CHECK(json::write(Value(NAN)) == "\"NaN\"");
    CHECK(json::write(Value(-INFINITY)) == "\"-Infinity\"");
    CHECK(json::write(Value(std::string("\x01\x1f\x7f"))) == "\"\\u0001\\u001f\x7f\"");
}

TEST_CASE("the reader goes piece by piece") {
    json::Reader r(R"( {"a\u0062":[1,-2.5,"x\n"],"skip":{"deep":[{}]},"t":true,"n":null} )");
    std::string_view key;
    bool integral;
    r.enter_object();
    REQUIRE(r.next_key(key));
    CHECK(key == "ab");
    r.enter_array();
    REQUIRE(r.next_element());
    CHECK(r.number(integral) == "1");
    CHECK(integral);
    REQUIRE(r.next_element());
    CHECK(r.number(integral) == "-2.5");
    CHECK_FALSE(integral);
    REQUIRE(r.next_element());
    CHECK(r.text() == "x\n");
    CHECK_FALSE(r.next_element());
    REQUIRE(r.next_key(key));
    r.skip();
    REQUIRE(r.next_key(key));
    CHECK(r.boolean());
    REQUIRE(r.next_key(key));
    r.null();
    CHECK_FALSE(r.next_key(key));
    r.finish();
}
