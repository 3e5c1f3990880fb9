#include "emulator/queue/message_attributes.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

using namespace virga;
using namespace virga::queue;

namespace {
Object text_attribute(const char* type, const char* value) { return {{"DataType", type}, {"StringValue", value}}; }
}  // namespace

// Clients compute this digest themselves and refuse a message whose digest differs.
TEST_CASE("The digest of attributes is the one clients compute") {
    CHECK(message_attributes_md5({{"timestamp", text_attribute("Number", "1493147359900")}}) == "235c5c510d26fb653d073faed50ae77c");
    Object three{{"b", Object{{"DataType", "Binary.png"}, {"BinaryValue", Bytes{std::string("\1\2\3\0", 4)}}}},
                 {"n", text_attribute("Number.int", "7")},
                 {"a", text_attribute("String", "\xC3\xA4")}};
    CHECK(message_attributes_md5(three) == "3152c5d631a0ef52bda435ce320e7f1c");
    CHECK(message_attributes_md5({}) == "");
}

TEST_CASE("Stored attributes come back with types and bytes") {
    Object given{{"b", Object{{"BinaryValue", Bytes{std::string("\0\xff", 2)}}, {"DataType", "Binary"}}},
                 {"s", Object{{"StringValue", "x"}, {"DataType", "String.custom"}}}};
    CHECK(read_message_attributes(write_message_attributes(given)) == given);
    CHECK(write_message_attributes({}).empty());
}

TEST_CASE("A receiver chooses by name, by prefix, or all") {
    Object given{{"app.one", text_attribute("String", "1")}, {"app.two", text_attribute("String", "2")}, {"other", text_attribute("String", "3")}};
    CHECK(select_message_attributes(given, {}).empty());
    CHECK(select_message_attributes(given, {"other"}).size() == 1);
    CHECK(select_message_attributes(given, {"app.*"}).size() == 2);
    CHECK(select_message_attributes(given, {"All"}).size() == 3);
    CHECK(select_message_attributes(given, {".*"}).size() == 3);
}

TEST_CASE("Bad attributes are refused") {
    auto refused = [](const Object& attributes) {
        CHECK_THROWS_AS(check_message_attributes(attributes), ApiError);
    };
    refused({{"x", text_attribute("Text", "1")}});
    refused({{"x", text_attribute("Number", "one")}});
    refused({{"x", text_attribute("String", "")}});
    refused({{"AWS.x", text_attribute("String", "1")}});
    refused({{"a..b", text_attribute("String", "1")}});
    refused({{"x", text_attribute("Binary", "no bytes")}});
    check_message_attributes({{"x", text_attribute("Number", "-1.5e3")}});
}

TEST_CASE("Characters that XML cannot hold are no message text") {
    CHECK(is_message_text("tab\t, line\n, \xF0\x9F\x9A\xB2"));
    CHECK_FALSE(is_message_text(std::string_view("a\0b", 3)));
    CHECK_FALSE(is_message_text("\x1f"));
    CHECK_FALSE(is_message_text("\xEF\xBF\xBF"));
}
