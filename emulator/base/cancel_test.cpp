#include "emulator/base/cancel.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("listeners hear of it once, late ones at once, forgotten ones never") {
    Cancel cancel;
    int heard = 0, forgotten = 0;
    cancel.on_cancel([&] { ++heard; });
    cancel.forget(cancel.on_cancel([&] { ++forgotten; }));
    CHECK(!cancel.cancelled());
    cancel.cancel();
    cancel.cancel();
    CHECK(cancel.cancelled());
    CHECK(heard == 1);
    CHECK(forgotten == 0);
    CHECK(cancel.on_cancel([&] { ++heard; }) == 0);
    CHECK(heard == 2);
}
