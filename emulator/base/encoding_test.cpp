#include <doctest/doctest.h>

#include "emulator/base/encoding.hpp"

using namespace virga;

TEST_CASE("base64: the vectors of RFC 4648") {
    const char* pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& p : pairs) {
        CHECK(base64_encode(p[0]) == p[1]);
        CHECK(base64_decode(p[1]) == std::string(p[0]));
    }
    std::string all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
    CHECK(base64_decode(base64_encode(all)) == all);
    for (const char* bad : {"Z", "Zg", "Zg=", "Z===", "====", "Zm9v=", "Zm=v", "Zm9v====", "Zm 9v", "Zm9\n", "Zm9-", "=Zg=", "Zg==Zg=="}) CHECK_MESSAGE(!base64_decode(bad), bad);
}

TEST_CASE("hex and percent") {
    CHECK(hex_encode(std::string("\x00\xff\x1a", 3)) == "00ff1a");
    CHECK(hex_decode("00FF1a") == std::string("\x00\xff\x1a", 3));
    CHECK_FALSE(hex_decode("0"));
    CHECK_FALSE(hex_decode("0g"));
    CHECK(percent_encode("a b/c~\xC3\xA9+") == "a%20b%2Fc~%C3%A9%2B");
    CHECK(percent_encode("a/b", true) == "a/b");
    CHECK(percent_decode("a%20b%2fc+d") == "a b/c+d");
    CHECK(percent_decode("a+b%2B", true) == "a b+");
    CHECK(percent_decode("100%") == "100%");
    CHECK(percent_decode("%4") == "%4");
    CHECK(percent_decode("%zz%41") == "%zzA");
    CHECK(percent_decode("%00") == std::string(1, '\0'));
}

TEST_CASE("UTF-8 is told from what is not") {
    for (const char* good : {"", "a", "\x7f", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xC3\xA9z"})
        CHECK_MESSAGE(is_utf8(good), hex_encode(good));
    for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x82\x41", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
                            "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "a\xC3"})
        CHECK_MESSAGE(!is_utf8(bad), hex_encode(bad));
    CHECK(is_utf8(std::string("a\0b", 3)));
    for (std::uint32_t c : {0x24u, 0xA2u, 0x20ACu, 0x10348u, 0x10FFFFu}) {
        std::string text;
        append_utf8(text, c);
        CHECK(is_utf8(text));
        CHECK(utf8_length(text) == 1);
    }
}

TEST_CASE("digests") {
    CHECK(hex_encode(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(hex_encode(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hex_encode(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231
    CHECK(crc32("123456789") == 0xCBF43926);
    CHECK(crc32c("123456789") == 0xE3069283);
    CHECK(crc32("456789", crc32("123")) == crc32("123456789"));
    CHECK(crc32c("456789", crc32c("123")) == crc32c("123456789"));
    CHECK(hash64("a") == hash64("a"));
    CHECK(hash64("a") != hash64("b"));
    CHECK(hash64("a", 1) != hash64("a", 2));
}

TEST_CASE("ASCII case") {
    CHECK(to_lower("X-Amz-Date") == "x-amz-date");
    CHECK(iequals("Host", "hOST"));
    CHECK_FALSE(iequals("Host", "Hos"));
    CHECK_FALSE(iequals("[", "{"));
    CHECK(starts_with_i("X-Amz-Meta-A", "x-amz-meta-"));
    CHECK_FALSE(starts_with_i("X", "x-amz-"));
}

// Short pieces take the tables, long ones are folded.
TEST_CASE("a folded CRC-32 agrees with the tables'") {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text.push_back(static_cast<char>(i * 37 + i / 11));
        if (i % 7 && i > 300) continue;
        std::uint32_t by_pieces = 77;
        for (std::size_t at = 0; at < text.size(); at += 50) by_pieces = crc32(std::string_view(text).substr(at, 50), by_pieces);
        CHECK(crc32(text, 77) == by_pieces);
    }
}
