#include "emulator/base/page_token.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("page tokens") {
    CHECK(read_page_token(page_token("a name")) == "a name");
    CHECK(read_page_token(page_token("")) == "");
    for (const char* made_up : {"", "abc", "!", "YWZ0ZXI=", "b3RoZXI6YQ=="}) CHECK_FALSE(read_page_token(made_up));
}
