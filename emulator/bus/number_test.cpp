#include "emulator/bus/number.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "emulator/world/random.hpp"

using virga::bus::comparable_number;

TEST_CASE("numbers are compared as exact decimals, or not at all") {
    CHECK(comparable_number("300") == 300.0);
    CHECK(comparable_number("300.00") == 300.0);
    CHECK(comparable_number("3.0e2") == 300.0);
    CHECK(comparable_number("-0.0") == 0.0);
    CHECK(comparable_number("0e99999") == 0.0);
    CHECK(comparable_number("0.1") == 0.1);
    CHECK(comparable_number("-122.42") == -122.42);
    CHECK(comparable_number("100000000000000000000000") == 1e23);
    CHECK(comparable_number("0.30000000000000004") == 0.30000000000000004);
    CHECK(comparable_number("9007199254740992") == 9007199254740992.0);
    CHECK_FALSE(comparable_number("9007199254740993"));
    CHECK_FALSE(comparable_number("-122.4220035282524750001"));
    CHECK_FALSE(comparable_number("12345678901234567890"));
    CHECK_FALSE(comparable_number("1e400"));
    CHECK_FALSE(comparable_number("1e-400"));
}

TEST_CASE("what is decided by counting digits is what the conversion says") {
    virga::Random random(7);
    for (int i = 0; i < 20000; ++i) {
        std::string whole = std::to_string(random.below(random.below(2) ? 10 : 100000000)), fraction;
        for (auto n = random.below(12); n > 0; --n) fraction += static_cast<char>('0' + random.below(10));
        std::string text = fraction.empty() ? whole : whole + "." + fraction;
        auto value = comparable_number(text);
        CAPTURE(text);
        // The same number with an exponent goes the long way.
        CHECK(value == comparable_number(text + "e0"));
        if (value) CHECK(*value == std::strtod(text.c_str(), nullptr));
    }
}
