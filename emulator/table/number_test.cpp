#include "emulator/table/number.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace virga::table;

namespace {
std::string bytes(std::string_view text) {
    std::string out;
    REQUIRE(append_number(out, text) == NumberFault::none);
    return out;
}
std::string canonical(std::string_view text) { return number_text(bytes(text)); }
NumberFault fault(std::string_view text) {
    std::string out;
    return append_number(out, text);
}
std::string sum(std::string_view a, std::string_view b, bool subtract = false) {
    std::string out;
    REQUIRE(append_sum(out, bytes(a), bytes(b), subtract) == NumberFault::none);
    return number_text(out);
}
}  // namespace

TEST_CASE("numbers come back in canonical text") {
    CHECK(canonical("1000") == "1000");
    CHECK(canonical("1e3") == "1000");
    CHECK(canonical("+1000.00") == "1000");
    CHECK(canonical("-0") == "0");
    CHECK(canonical("-0.000e7") == "0");
    CHECK(canonical(".5") == "0.5");
    CHECK(canonical("5.") == "5");
    CHECK(canonical("-00123.4500") == "-123.45");
    CHECK(canonical("1.5E-3") == "0.0015");
    CHECK(canonical("1e125") == "1" + std::string(125, '0'));
    CHECK(canonical("1e-130") == "0." + std::string(129, '0') + "1");
    CHECK(canonical("0e126") == "0");
    CHECK(canonical("12345678901234567890123456789012345678") == "12345678901234567890123456789012345678");
    CHECK(canonical("0.00012345678901234567890123456789012345678") == "0.00012345678901234567890123456789012345678");
    CHECK(canonical("100000000000000000000000000000000000000000000") == "1" + std::string(44, '0'));
}

TEST_CASE("equal numbers have equal bytes") {
    CHECK(bytes("1000") == bytes("1e3"));
    CHECK(bytes("1000.0") == bytes("+1000"));
    CHECK(bytes("0") == bytes("-0.0"));
    CHECK(bytes("9.9999999999999999999999999999999999991e125").size() <= 22);
}

TEST_CASE("what is no number is refused") {
    for (auto text : {"", " 1", "1 ", "abc", "NaN", "Infinity", "0x10", "1e", "1e+", ".", "-", "1.2.3", "1e1.5", "--1", "e5"}) {
        CAPTURE(text);
        CHECK(fault(text) == NumberFault::not_numeric);
    }
    CHECK(fault("1e126") == NumberFault::overflow);
    CHECK(fault("-1e126") == NumberFault::overflow);
    CHECK(fault("1e-131") == NumberFault::underflow);
    CHECK(fault("1e99999999999") == NumberFault::overflow);
    CHECK(fault("1e9223372036854775807") == NumberFault::overflow);
    CHECK(fault("-1e-9223372036854775808") == NumberFault::underflow);
    for (auto text : {"1e9223372036854775808", "1e-9223372036854775809", "0e99999999999999999999", "1e+-1", "1e++1", "1e-"}) {  // 64 bits hold no such exponent
        CAPTURE(text);
        CHECK(fault(text) == NumberFault::not_numeric);
    }
    CHECK(fault("0." + std::string(2'000'000, '0') + "1e2000001") == NumberFault::none);
    CHECK(fault("123456789012345678901234567890123456789") == NumberFault::too_precise);
    CHECK(fault("1.00000000000000000000000000000000000001") == NumberFault::too_precise);
}

TEST_CASE("bytes sort as numbers do") {
    const std::vector<std::string_view> ascending = {"-9.9e125", "-1e125", "-100", "-11", "-10", "-2", "-1.51", "-1.5",  "-1.01", "-1", "-0.1", "-1e-130",
                                                     "0",        "1E-130", "0.1",  "1",   "1.01", "1.1", "2",   "9.99", "10",    "11", "100",  "1e125"};
    for (std::size_t i = 1; i < ascending.size(); ++i) {
        CAPTURE(ascending[i]);
        CHECK(bytes(ascending[i - 1]) < bytes(ascending[i]));
    }
}

TEST_CASE("sums are exact or refused") {
    CHECK(sum("1", "2") == "3");
    CHECK(sum("0.1", "0.2") == "0.3");
    CHECK(sum("999", "1") == "1000");
    CHECK(sum("1", "2", true) == "-1");
    CHECK(sum("1000", "0.001", true) == "999.999");
    CHECK(sum("-5", "5") == "0");
    CHECK(sum("-999", "-1") == "-1000");
    CHECK(sum("0", "-7.5") == "-7.5");
    CHECK(sum("-1", "0.5") == "-0.5");
    CHECK(sum("99999999999999999999999999999999999999", "1") == "1" + std::string(38, '0'));
    std::string out;
    CHECK(append_sum(out, bytes("1e50"), bytes("1"), false) == NumberFault::overflow);
    CHECK(append_sum(out, bytes("9.9e125"), bytes("9.9e125"), false) == NumberFault::overflow);
    CHECK(append_sum(out, bytes("1e125"), bytes("1e-130"), true) == NumberFault::overflow);
}

TEST_CASE("sizes of numbers") {
    CHECK(number_size(bytes("0")) == 1);
    CHECK(number_size(bytes("123456")) == 4);
    CHECK(number_size(bytes("3.14159")) == 5);
    CHECK(number_size(bytes("1E125")) == 2);
    CHECK(number_size(bytes("-1")) == 3);
    CHECK(number_size(bytes("0.001")) == 2);
    CHECK(number_size(bytes("12345678901234567890123456789012345678")) == 20);
}

TEST_CASE("epoch seconds become milliseconds") {
    CHECK(number_milliseconds(bytes("0")) == 0);
    CHECK(number_milliseconds(bytes("1754049600")) == 1754049600000);
    CHECK(number_milliseconds(bytes("1754049600.1239")) == 1754049600123);
    CHECK(number_milliseconds(bytes("-1.5")) == -1500);
    CHECK(number_milliseconds(bytes("0.0001")) == 0);
    CHECK(!number_milliseconds(bytes("1e30")));
}
