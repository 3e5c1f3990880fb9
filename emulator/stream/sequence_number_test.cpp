#include "emulator/stream/sequence_number.hpp"

#include <doctest/doctest.h>

#include "emulator/stream/hash_range.hpp"

using namespace virga::stream;

TEST_CASE("Sequence numbers are those of the real service") {
    constexpr std::int64_t c = 1704067200;
    CHECK(write_sequence_number({c, 0, c, 0}) == "49647888802562419836923936470999665672519599508823212034");
    CHECK(write_sequence_number({c, 1, c + 10, 1}) == "49647888802584720582122467094142410316611863186698666002");
    CHECK(write_sequence_number({c, last_index, c + 60, 1}) == "49647888802595870954721732405710760324108961545076080658");
    CHECK(write_sequence_number({c + 61, 0, c + 61, 17}) == "49647888824350247895888355280280062424897052892054159634");
    auto real = read_sequence_number("49674026002850188218576229259473476449429298564223254594");
    REQUIRE(real);
    CHECK(*real == SequenceNumber{1777319237, 21689507110, 1777320018, 3076});
}

TEST_CASE("What is no sequence number is refused") {
    CHECK_FALSE(read_sequence_number(""));
    CHECK_FALSE(read_sequence_number("abc"));
    CHECK_FALSE(read_sequence_number(std::string(129, '9')));
    CHECK_FALSE(read_sequence_number("49647888802562419836923936470999665672519599508823212035"));  // version 3
}

TEST_CASE("Sequence numbers of older versions are understood") {
    // 20000000000000000000000000000000000000000000001 in hexadecimal: all zero, version 1
    auto first = read_sequence_number("49039857307708443467467104868809893875799651909875269633");
    REQUIRE(first);
    CHECK(first->shard == 0);
    CHECK(first->index == 0);
    CHECK(read_sequence_number("5")->shard == 5);
    CHECK(read_sequence_number("5")->shard_created == 0);
    CHECK_FALSE(read_sequence_number("26227199374822427428162556223570313216"));  // created too late
}

TEST_CASE("Keys fall on shards as in the real service") {
    auto three = equal_ranges(3);
    CHECK(to_decimal(three[0].start) == "0");
    CHECK(to_decimal(three[1].start) == "113427455640312821154458202477256070485");
    CHECK(to_decimal(three[2].start) == "226854911280625642308916404954512140970");
    CHECK(to_decimal(three[2].end) == "340282366920938463463374607431768211455");
    CHECK(to_decimal(hash_key("a")) == "16955237001963240173058271559858726497");
    auto shard_of = [&](const char* key) {
        int i = 0;
        while (!three[static_cast<std::size_t>(i)].contains(hash_key(key))) ++i;
        return i;
    };
    CHECK(shard_of("a") == 0);
    CHECK(shard_of("b") == 1);
    CHECK(shard_of("e") == 2);
    CHECK(shard_of("f") == 1);
    CHECK(shard_of("y") == 0);
    CHECK(equal_ranges(1)[0] == HashRange{});
    CHECK(to_decimal(equal_ranges(2)[1].start) == "170141183460469231731687303715884105728");
    CHECK_FALSE(from_decimal("340282366920938463463374607431768211456"));
    CHECK(from_decimal("340282366920938463463374607431768211455") == max_hash_key);
}
