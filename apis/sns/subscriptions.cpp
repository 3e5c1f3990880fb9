// Subscriptions' attributes and lists.
#include <charconv>

#include "apis/sns/filter_policy.hpp"
#include "apis/sns/operations.hpp"
#include "apis/sns/subscription_attributes.hpp"
#include "apis/sns/target.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace limits = topic::limits;

namespace {

std::int64_t page_start(const Value& input) {
    if (!input.has("NextToken")) return 0;
    auto text = read_page_token(input.text("NextToken"));
    std::int64_t after = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), after).ec != std::errc()) throw topic::invalid("NextToken");
    return after;
}

Value page(topic::Topics& topics, Database& db, const Value& input, const topic::Topic* of) {
    auto found = topics.subscriptions(db, page_start(input), limits::page + 1, of);
    const bool more = found.size() > limits::page;
    if (more) found.pop_back();
    Array list;
    for (const auto& [name, s] : found) {
        const bool pending = s.state == topic::SubscriptionState::pending;
        list.push_back(Object{{"SubscriptionArn", pending ? std::string("PendingConfirmation") : s.arn},
                              {"Owner", s.owner},
                              {"Protocol", s.protocol},
                              {"Endpoint", s.endpoint},
                              {"TopicArn", topics.arn(name)}});
    }
    Value out = Object{{"Subscriptions", std::move(list)}};
    if (more) out["NextToken"] = page_token(std::to_string(found.back().second.id));
    return out;
}

}  // namespace

void set_attribute(topic::Subscription& subscription, const topic::Topic& topic, std::string_view name, std::string_view value,
                   const std::string& prefix) {
    const bool filter = name == "FilterPolicy";
    if (!filter) topic::check_subscription_attribute(name, value, topic, subscription, prefix);
    if (value.empty() || (filter && is_no_filter_policy(value)) || (name == "RedrivePolicy" && value == "{}")) subscription.attributes.erase(name);
    else subscription.attributes[name] = name == "RawMessageDelivery" ? to_lower(value) : std::string(value);
}

void check_filter(const topic::Subscription& subscription, const std::string& prefix) {
    const bool of_body = subscription.attribute("FilterPolicyScope") == "MessageBody";
    check_filter_policy(subscription.attribute("FilterPolicy"), of_body ? "MessageBody" : "MessageAttributes", prefix);
}

Value get_subscription_attributes(Context& ctx, const Value& input) {
    auto to = subscription_target(ctx, input.text("SubscriptionArn"));
    auto reading = to.partition->read();
    auto subscription = to.topics.get_subscription(reading.db(), input.text("SubscriptionArn"));
    return Object{{"Attributes", topic::shown_attributes(subscription, to.topics.get(reading.db(), to.name))}};
}

Value set_subscription_attributes(Context& ctx, const Value& input) {
    auto to = subscription_target(ctx, input.text("SubscriptionArn"));
    auto tx = to.partition->write();
    auto subscription = to.topics.get_subscription(tx.db(), input.text("SubscriptionArn"));
    const topic::Topic topic = to.topics.get(tx.db(), to.name);
    const bool had_filter = subscription.attributes.contains("FilterPolicy");
    set_attribute(subscription, topic, input.text("AttributeName"), input.text("AttributeValue"), "");
    check_filter(subscription, "");
    const bool new_filter = !had_filter && subscription.attributes.contains("FilterPolicy");
    if (new_filter && to.topics.filters(tx.db(), topic) >= limits::filters_per_topic) throw topic::too_many_filter_policies();
    to.topics.update(tx, subscription);
    tx.commit();
    return Object();
}

Value list_subscriptions(Context& ctx, const Value& input) {
    auto& topics = ctx.partition->part<topic::Topics>();
    auto reading = ctx.partition->read();
    return page(topics, reading.db(), input, nullptr);
}

Value list_subscriptions_by_topic(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("TopicArn"));
    auto reading = to.partition->read();
    const topic::Topic topic = to.topics.get(reading.db(), to.name);
    return page(to.topics, reading.db(), input, &topic);
}

}  // namespace virga::sns
