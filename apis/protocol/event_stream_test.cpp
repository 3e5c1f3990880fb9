#include "apis/protocol/event_stream.hpp"

#include <doctest/doctest.h>

#include "apis/protocol/models.hpp"
#include "emulator/base/encoding.hpp"

using namespace virga;
using namespace virga::protocol;

TEST_CASE("a message is framed as clients expect it") {
    auto bytes = write_event_message({{":message-type", "event"}, {":event-type", "initial-response"}}, "");
    CHECK(hex_encode(bytes) ==
          "0000004500000035a382cc730d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070010696e697469616c2d726573706f6e7365b7624dee");
}

TEST_CASE("messages are read back one after the other") {
    std::string bytes = write_event_message({{"a", "1"}}, "first") + write_event_message({}, std::string(100'000, 'x')) + "rest";
    std::string_view rest = bytes;
    auto first = read_event_message(rest);
    REQUIRE(first);
    CHECK(first->headers == EventHeaders{{"a", "1"}});
    CHECK(first->payload == "first");
    CHECK(read_event_message(rest)->payload.size() == 100'000);
    CHECK(!read_event_message(rest));
    CHECK(rest == "rest");
}

TEST_CASE("a damaged byte anywhere is found") {
    std::string good = write_event_message({{":message-type", "event"}}, "payload");
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        std::string_view rest = bad;
        CHECK(!read_event_message(rest));
    }
}

TEST_CASE("events and exceptions of an operation") {
    EventWriter writer(models::kinesis().find("SubscribeToShard"));
    auto read = [](const std::string& bytes) {
        std::string_view rest = bytes;
        auto message = read_event_message(rest);
        REQUIRE(message);
        return *message;
    };
    auto event = read(writer.event("SubscribeToShardEvent", Object{{"Records", Array()}, {"MillisBehindLatest", 0}}));
    CHECK(event.headers[1].second == "SubscribeToShardEvent");
    CHECK(event.payload == R"({"Records":[],"MillisBehindLatest":0})");
    auto exception = read(writer.exception(ApiError("ResourceInUseException", 400, "taken")));
    CHECK(exception.headers[0].second == "exception");
    CHECK(exception.payload == R"({"message":"taken"})");
    CHECK(read(writer.exception(ApiError("Strange", 500, "x"))).headers[0].second == "error");
}
