#include "emulator/object/lifecycle.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::object;

namespace {

constexpr TimeMs hour = 3600 * 1000;

Bucket with_rules(const char* rules) {
    Bucket b;
    b.name = "b";
    b.lifecycle = std::string(R"({"Rules":[)") + rules + "]}";
    return b;
}

Version version(std::string key, TimeMs modified) {
    Version v;
    v.key = std::move(key);
    v.modified = modified;
    v.size = 100;
    return v;
}

}  // namespace

TEST_CASE("periods end at the midnight after them") {
    CHECK(due_after_days(0, 1) == day_ms);
    CHECK(due_after_days(1, 1) == 2 * day_ms);
    CHECK(due_after_days(23 * hour, 0) == day_ms);
}

TEST_CASE("the earliest rule tells when an object expires") {
    Bucket b = with_rules(R"({"ID":"late","Status":"Enabled","Prefix":"","Expiration":{"Days":10}},
                             {"ID":"soon","Status":"Enabled","Filter":{"Prefix":"logs/"},"Expiration":{"Days":2}},
                             {"ID":"off","Status":"Disabled","Prefix":"","Expiration":{"Days":1}})");
    CHECK(expiry_of(b, version("k", hour))->rule == "late");
    auto logs = expiry_of(b, version("logs/k", hour));
    CHECK(logs->rule == "soon");
    CHECK(logs->at == 3 * day_ms);
    CHECK(expiry_header({0, "a rule"}) == "expiry-date=\"Thu, 01 Jan 1970 00:00:00 GMT\", rule-id=\"a%20rule\"");
    CHECK_FALSE(expiry_of(Bucket(), version("k", 0)));
}

TEST_CASE("filters") {
    Value rule = json::parse(R"({"Filter":{"And":{"Prefix":"a","Tags":[{"Key":"k","Value":"v"}],"ObjectSizeGreaterThan":5,"ObjectSizeLessThan":10}}})");
    Object tags{{"k", "v"}};
    CHECK(rule_covers(rule, "ab", 6, tags));
    CHECK_FALSE(rule_covers(rule, "b", 6, tags));
    CHECK_FALSE(rule_covers(rule, "ab", 5, tags));
    CHECK_FALSE(rule_covers(rule, "ab", 10, tags));
    CHECK_FALSE(rule_covers(rule, "ab", 6, {}));
    CHECK(rule_covers(json::parse(R"({"Filter":{}})"), "any", 0, {}));
}
