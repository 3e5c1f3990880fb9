#include "emulator/object/names.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

using namespace virga;
using namespace virga::object;

TEST_CASE("bucket names") {
    for (const char* good : {"abc", "a.b.c", "my-bucket-1", "1ab", "192.168.1.x"}) CHECK_MESSAGE(is_bucket_name(good), good);
    CHECK(is_bucket_name(std::string(63, 'a')));
    CHECK_FALSE(is_bucket_name(std::string(64, 'a')));
    for (const char* bad : {"", "ab", "Abc", "a_b", "-ab", "ab-", "a..b", ".ab", "ab.", "192.168.1.1", "xn--ab", "sthree-x", "amzn-s3-demo-b", "a-s3alias",
                            "a--ol-s3", "a.mrap", "a--x-s3", "a--table-s3", "a b", "a/b"})
        CHECK_FALSE_MESSAGE(is_bucket_name(bad), bad);
}

// ".." is part of a key as long as the path, read left to right, never leaves its start.
TEST_CASE("keys") {
    CHECK_NOTHROW(check_key(std::string(1024, 'k')));
    CHECK_THROWS_AS(check_key(std::string(1025, 'k')), ApiError);
    for (const char* good : {"a/../b", "a//b", "/a", "a/", "..a", "a/b/../../c"}) CHECK_NOTHROW(check_key(good));
    for (const char* bad : {"..", "../a", "a/../../b", "/../a"}) CHECK_THROWS_AS(check_key(bad), ApiError);
}

TEST_CASE("tags") {
    Object tags = parse_tagging_header("a=1&b=x%20y&k");
    CHECK(tags.size() == 3);
    CHECK(tags.find("b")->as_string() == "x y");
    CHECK(tags.find("k")->as_string().empty());
    CHECK_THROWS_AS(parse_tagging_header("a=1&a=2"), ApiError);
    CHECK_THROWS_AS(parse_tagging_header("aws:a=1"), ApiError);
    CHECK_THROWS_AS(parse_tagging_header("a=" + std::string(257, 'v')), ApiError);
    Object eleven;
    for (int i = 0; i < 11; ++i) eleven.append("k" + std::to_string(i), "v");
    CHECK_THROWS_AS(check_object_tags(eleven), ApiError);
    CHECK_NOTHROW(check_bucket_tags(eleven));
}
