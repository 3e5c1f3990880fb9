// Filter policies: which messages a subscription gets. Their language is that of EventBridge's patterns, with limits and a scope of its own.
#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "emulator/bus/pattern.hpp"
#include "emulator/topic/message.hpp"
#include "emulator/topic/topics.hpp"

namespace virga::sns {

// Throws invalid with what is wrong. `prefix` comes before the reason, as that of check_subscription_attribute.
void check_filter_policy(std::string_view policy, std::string_view scope, const std::string& prefix);
// "" and "{}" take a policy away.
bool is_no_filter_policy(std::string_view policy);

// A message's attributes as patterns see them: an array of text is its elements, a number is one, what is binary is not there.
std::string attributes_document(const Object& attributes);

// The compiled policies of a partition, by their text.
class Filters : public Part {
public:
    Filters(Partition&, Database&) {}
    // Whether the subscription wants the message. `body` is what it would get: one that is no JSON object matches no policy of the body.
    bool wants(const topic::Subscription& subscription, const topic::Message& message, std::string_view body);

private:
    bus::Pattern compiled(const std::string& policy);

    std::mutex mutex_;
    std::unordered_map<std::string, bus::Pattern> compiled_;
};

}  // namespace virga::sns
