// The attributes of topics and subscriptions: which there are, what they may be, what they are when nobody set them.
#pragma once
#include <string>
#include <string_view>

#include "emulator/topic/topics.hpp"

namespace virga::topic {

// Throws invalid. `creating`: by CreateTopic, where all may be set. `prefix` comes before the reason.
void check_topic_attribute(std::string_view name, std::string_view value, bool fifo, bool creating);
// Sets one that was checked; an empty value takes it away.
void set_topic_attribute(Object& attributes, std::string_view name, std::string_view value);

// Lets the owner's account do everything, and nobody else.
std::string default_policy(const Topic& topic, std::string_view account);
// What GetTopicAttributes answers.
Object shown_attributes(const Topic& topic, const SubscriptionCounts& counts, std::string_view account);

// All but filter policies. `prefix` comes before the reason: Subscribe says "Attributes Reason: ", SetSubscriptionAttributes nothing.
void check_subscription_attribute(std::string_view name, std::string_view value, const Topic& topic, const Subscription& subscription,
                                  const std::string& prefix);
// What GetSubscriptionAttributes answers.
Object shown_attributes(const Subscription& subscription, const Topic& topic);

// Whether the endpoint of the protocol is of such a form. Throws.
void check_endpoint(std::string_view protocol, std::string_view endpoint, const Topic& topic);
bool confirms_itself(std::string_view protocol);
bool is_http(std::string_view protocol);
// "+" and the digits of an international number, perhaps with marks between them.
bool is_phone_number(std::string_view text);

}  // namespace virga::topic
