// The documents that SNS keeps beside topics.
#pragma once
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/topic/sent.hpp"

namespace virga::sns {

inline constexpr std::size_t every_document = std::numeric_limits<std::int32_t>::max();

struct Documents {
    std::shared_ptr<Partition> partition;
    topic::Sent& store;
    Arn arn;
};

// A page of a list: at most MaxResults, else the usual number. Throws for a token (the member `token_name` of the input) that was made up. sms.cpp
struct Page {
    std::vector<std::pair<std::string, Value>> documents;
    std::optional<std::string> next;
};
Page read_page(topic::Sent& store, Database& db, const char* kind, std::string_view prefix, const Value& input, const char* token_name);

}  // namespace virga::sns
