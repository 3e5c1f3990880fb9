#include <doctest/doctest.h>

#include "emulator/world/random.hpp"

using namespace virga;

TEST_CASE("a seeded source gives the same stream to the same call, whatever else was drawn") {
    RandomSource a(7), b(7);
    b.derive(0, "something else");
    CHECK(a.derive(1, "PutItem x").uuid() == b.derive(1, "PutItem x").uuid());
    // Said again, it is another call.
    CHECK(a.derive(1, "PutItem x").uuid() == b.derive(1, "PutItem x").uuid());
    CHECK(RandomSource(7).derive(1, "PutItem x").uuid() != a.derive(1, "PutItem x").uuid());
    CHECK(RandomSource(8).derive(1, "PutItem x").uuid() != RandomSource(7).derive(1, "PutItem x").uuid());
}

TEST_CASE("texts have the length and letters asked for") {
    Random r(1);
    std::string id = r.uuid();
    CHECK(id.size() == 36);
    CHECK(id[14] == '4');
    CHECK(r.hex(32).find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(r.alnum_upper(52).size() == 52);
    for (int i = 0; i < 1000; ++i) CHECK(r.below(3) < 3);
}
