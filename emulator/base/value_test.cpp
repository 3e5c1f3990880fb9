#include <doctest/doctest.h>

#include <limits>

#include "emulator/base/value.hpp"

using namespace virga;

TEST_CASE("objects keep order, the last of equal names is found") {
    Object o{{"b", 1}, {"a", 2}};
    o["c"] = "x";
    o.append("b", 3);
    CHECK(o.size() == 4);
    CHECK(o.find("b")->as_integer() == 3);
    CHECK(o.members()[0].name == "b");
    CHECK(o.erase("b"));
    CHECK_FALSE(o.contains("b"));
    CHECK(o.size() == 2);
    CHECK_FALSE(o.erase("b"));
    CHECK(o.find("nothing") == nullptr);
}

TEST_CASE("readers have defaults for what is missing, null or of another kind") {
    const Value v = Object{{"s", "text"}, {"n", 5}, {"d", 2.75}, {"t", true}, {"null", nullptr}, {"list", Array{1, 2}}, {"o", Object{{"x", 1}}}, {"big", NumberText{"1e3"}}};
    CHECK(v.text("s") == "text");
    CHECK(v.text("n", "none") == "none");
    CHECK(v.text("missing") == "");
    CHECK(v.integer("n") == 5);
    CHECK(v.integer("d") == 2);
    CHECK(v.integer("big") == 1000);
    CHECK(v.integer("s", 7) == 7);
    CHECK(v.flag("t"));
    CHECK(v.flag("s", true));
    CHECK(v.list("list").size() == 2);
    CHECK(v.list("s").empty());
    CHECK(v.object("o").size() == 1);
    CHECK(v.object("list").empty());
    CHECK_FALSE(v.has("null"));
    CHECK(v.has("s"));
    CHECK(v["missing"].is_null());
    CHECK(v["o"]["x"].as_integer() == 1);
    const Value five(5);
    CHECK(five["x"].is_null());
    CHECK_THROWS_AS(v["s"].as_integer(), std::bad_variant_access);
}

TEST_CASE("integers beyond what a double holds stay in range") {
    Value v = Object{{"huge", NumberText{"1e300"}}, {"low", NumberText{"-1e300"}}, {"nan", std::numeric_limits<double>::quiet_NaN()}};
    CHECK(v.integer("huge") == std::numeric_limits<std::int64_t>::max());
    CHECK(v.integer("low") == std::numeric_limits<std::int64_t>::min());
    CHECK(v.integer("nan", 3) == 3);
}

TEST_CASE("writing makes objects") {
    Value v;
    v["a"]["b"] = 1;
    CHECK(v["a"]["b"].as_integer() == 1);
    CHECK(v == Value(Object{{"a", Object{{"b", 1}}}}));
    CHECK_FALSE(v == Value(Object{{"a", Object{{"b", "1"}}}}));
}

TEST_CASE("optional and kinds") {
    CHECK(Value(std::optional<std::string>()).is_null());
    CHECK(Value(std::optional<int>(4)).as_integer() == 4);
    CHECK(Value(Bytes{"x"}).is_bytes());
    CHECK(Value(Timestamp{5}).as_time() == 5);
    CHECK(Value(1.5).as_double() == 1.5);
    CHECK(Value(NumberText{"2.5"}).as_double() == 2.5);
    CHECK(Value(3).as_double() == 3.0);
}
