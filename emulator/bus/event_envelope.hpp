// The form in which events are matched and delivered.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::bus {

// What a publisher says, with what the bus adds.
struct EventParts {
    std::string id;
    std::string_view detail_type, source, account, region;
    TimeMs time = 0;
    std::vector<std::string_view> resources;
    std::string_view detail;  // a JSON object as sent
};

// {"version":"0","id":..,"detail-type":..,"source":..,"account":..,"time":..,"region":..,"resources":[..],"detail":{..}}, in this order and
// without white space; the tokens of detail stay byte for byte. Nothing when detail is no JSON object.
std::optional<std::string> write_envelope(const EventParts& parts);

// The same event under another id (an event changes its id when it crosses to another region).
std::string with_id(std::string_view envelope, std::string_view id);

}  // namespace virga::bus
