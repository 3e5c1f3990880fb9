#include "emulator/identity/access_key.hpp"

#include <doctest/doctest.h>

using namespace virga;
using namespace virga::identity;

TEST_CASE("An access key tells its account") {
    CHECK(account_of_key("AKIARZPUZDIKGB2VALC4") == "123456789012");
    CHECK(account_of_key("000000000042") == "000000000042");
    CHECK_FALSE(account_of_key("test"));
    CHECK_FALSE(account_of_key("AKIAIOSF1DNN7EXAMPLE"));  // 1 is no base32
    Random random(1);
    for (const char* account : {"000000000000", "000000000042", "123456789012", "999999999999"}) {
        auto key = mint_access_key("ASIA", account, random);
        CHECK(key.size() == 20);
        CHECK(account_of_key(key) == account);
    }
    CHECK(mint_id("AROA", random).size() == 21);
    CHECK(mint_secret(random).size() == 40);
}
