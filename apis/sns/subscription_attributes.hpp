// Setting the attributes of subscriptions.
#pragma once
#include <string>
#include <string_view>

#include "emulator/topic/topics.hpp"

namespace virga::sns {

// What Subscribe says before its reasons.
inline constexpr const char* attributes_reason = "Attributes Reason: ";

// Checks the value and sets it in `subscription`; an empty one takes the attribute away. A filter policy is checked by check_filter, when its
// scope is known. Throws. subscriptions.cpp
void set_attribute(topic::Subscription& subscription, const topic::Topic& topic, std::string_view name, std::string_view value,
                   const std::string& prefix);
void check_filter(const topic::Subscription& subscription, const std::string& prefix);

}  // namespace virga::sns
