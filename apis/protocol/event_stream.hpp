// application/vnd.amazon.eventstream: answers that go on (SubscribeToShard).
//
// A message, all numbers big-endian:
//   u32 total length | u32 length of the headers | u32 CRC-32 of these 8 bytes | headers | payload | u32 CRC-32 of all before
// A header: u8 length of the name, name, u8 type, value. Types: 0 true, 1 false, 2 byte, 3 i16, 4 i32, 5 i64, 6 bytes and 7 string (both
// with a u16 length before), 8 timestamp (i64 ms), 9 uuid.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apis/protocol/model.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

// All headers that services send are strings.
using EventHeaders = std::vector<std::pair<std::string, std::string>>;

struct EventMessage {
    EventHeaders headers;
    std::string payload;
};

// The largest headers and payload that clients take, in bytes.
inline constexpr std::size_t max_event_headers = 128 * 1024;
inline constexpr std::size_t max_event_payload = 24 * 1024 * 1024;

std::string write_event_message(const EventHeaders& headers, std::string_view payload);
// Takes one message from the front of `bytes`. Nothing when it is incomplete, damaged or too long. Headers that are no strings are left out.
std::optional<EventMessage> read_event_message(std::string_view& bytes);

// The events of one operation's answer in JSON (Kinesis sends JSON even to clients that speak CBOR).
class EventWriter {
public:
    explicit EventWriter(const model::Operation& operation);

    // What comes first: botocore and others wait for it.
    std::string initial_response() const;
    // `member` is the event's name in the model.
    std::string event(std::string_view member, const Value& value) const;
    // The last message when something went wrong on the way: an exception of the model, or an error when it is none.
    std::string exception(const ApiError& error) const;

private:
    model::Shape events_;
};

}  // namespace virga::protocol
