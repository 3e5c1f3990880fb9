#include "apis/s3/header_text.hpp"

#include <doctest/doctest.h>

using namespace virga::s3;

TEST_CASE("encoded words are read") {
    CHECK(decode_header_text("plain") == "plain");
    CHECK(decode_header_text("=?UTF-8?Q?caf=C3=A9_au_lait?=") == "caf\xC3\xA9 au lait");
    CHECK(decode_header_text("=?utf-8?b?w6k=?=") == "\xC3\xA9");
    CHECK(decode_header_text("=?UTF-8?Q?a?= =?UTF-8?Q?b?= c") == "ab c");
    CHECK(decode_header_text("=?UTF-8?X?a?=") == "=?UTF-8?X?a?=");
    CHECK(decode_header_text("\xE9") == "\xC3\xA9");
    CHECK(decode_header_text("\xC3\xA9") == "\xC3\xA9");
}

TEST_CASE("what is no ASCII is written as one encoded word") {
    CHECK(encode_header_text("a=?b") == "a=?b");
    CHECK(encode_header_text("caf\xC3\xA9 =1") == "=?UTF-8?Q?caf=C3=A9_=3D1?=");
    CHECK(encode_header_text("\xC3\xA9\t") == "=?UTF-8?B?w6kJ?=");
    CHECK(decode_header_text(encode_header_text("\xF0\x9F\x9A\xB2 ?_=")) == "\xF0\x9F\x9A\xB2 ?_=");
}
