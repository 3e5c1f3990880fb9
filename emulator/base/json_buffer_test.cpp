#include "emulator/base/json_buffer.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"

using namespace virga;

TEST_CASE("a buffer's strings are those of the writer of values") {
    // Every byte at every place of a word, alone and behind another that needs an escape.
    for (int c = 0; c < 256; ++c)
        for (std::size_t at = 0; at < 20; ++at) {
            std::string text(20, 'x');
            text[at] = static_cast<char>(c);
            if (at % 3 == 0) text[at / 2] = '"';
            std::string expected = "{";
            json::write_string(expected, text);
            expected += ":1}";
            json::Buffer out;
            out.put_string("{", text, ":");
            out.put("1");
            out.put('}');
            CHECK(out.take() == expected);
        }
}

TEST_CASE("a buffer grows, and is empty when its text is taken") {
    json::Buffer out;
    CHECK(out.empty());
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        const std::string text(static_cast<std::size_t>(i), i % 5 ? 'a' : '\n');
        out.put_string("[", text, "]");
        expected.push_back('[');
        json::write_string(expected, text);
        expected.push_back(']');
    }
    CHECK_FALSE(out.empty());
    CHECK(out.take() == expected);
    CHECK(out.empty());
    CHECK(out.take().empty());
}

TEST_CASE("buffers at work at once have a room each, whichever ends first") {
    for (int round = 0; round < 3; ++round) {
        json::Buffer outer;
        outer.put_string("[", std::string(3000, 'o'), ",");
        {
            json::Buffer inner;
            CHECK(inner.empty());
            inner.put_string("{", std::string(5000, 'i'), "}");
            CHECK(inner.take() == "{\"" + std::string(5000, 'i') + "\"}");
        }
        outer.put(']');
        CHECK(outer.take() == "[\"" + std::string(3000, 'o') + "\",]");
    }
}
