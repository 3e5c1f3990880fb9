#include "apis/http/client.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("URLs of the outside") {
    auto url = Url::parse("https://user@Example.com/a/b?c=d#e");
    REQUIRE(url);
    CHECK(url->tls);
    CHECK(url->authority() == "Example.com");
    CHECK(url->port == "443");
    CHECK(url->target == "/a/b?c=d");
    CHECK(Url::parse("http://[::1]:8080?x")->authority() == "[::1]:8080");
    CHECK(Url::parse("http://[::1]:8080?x")->target == "/?x");
    CHECK(Url::parse("HTTP://h")->port == "80");
    CHECK_FALSE(Url::parse("ftp://h/"));
    CHECK_FALSE(Url::parse("http:///a"));
    CHECK_FALSE(Url::parse("http://h:x/"));
}
