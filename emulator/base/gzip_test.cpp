#include "emulator/base/gzip.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("what gzip packs, inflate unpacks, several members too") {
    const std::string text(100'000, 'x');
    std::string packed = gzip(text), out;
    CHECK(packed.size() < 1000);
    CHECK(packed == gzip(text));
    CHECK(inflate(packed + gzip("y"), 200'000, out) == Inflated::whole);
    CHECK(out == text + "y");
}

TEST_CASE("zlib's header is inflated, and is no gzip") {
    const std::string zlib("\x78\x9c\x4b\x04\x00\x00\x62\x00\x62", 9);
    std::string out;
    CHECK(inflate(zlib, 100, out) == Inflated::whole);
    CHECK(out == "a");
    CHECK(gunzip(zlib, 100, out) == Inflated::broken);
}

TEST_CASE("a limit ends a bomb, and what is no gzip or cut off is broken") {
    const std::string packed = gzip(std::string(10'000'000, 'x'));
    std::string out;
    CHECK(inflate(packed, 1000, out) == Inflated::too_large);
    CHECK(out.size() < 100'000);
    for (std::string_view broken : {std::string_view(packed).substr(0, 500), std::string_view("no gzip at all, whatever"), std::string_view()}) {
        out.clear();
        CHECK(inflate(broken, 20'000'000, out) == Inflated::broken);
    }
    out.clear();
    CHECK(inflate(gzip("a") + "tail", 100, out) == Inflated::broken);
}
