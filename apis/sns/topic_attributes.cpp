#include "emulator/topic/attributes.hpp"
#include "apis/sns/operations.hpp"
#include "apis/sns/target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/topic/errors.hpp"

namespace virga::sns {

Value get_topic_attributes(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("TopicArn"));
    auto reading = to.partition->read();
    auto topic = to.topics.get(reading.db(), to.name);
    return Object{{"Attributes", topic::shown_attributes(topic, to.topics.counts(reading.db(), topic), to.partition->account())}};
}

Value set_topic_attributes(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("TopicArn"));
    auto tx = to.partition->write();
    auto topic = to.topics.get(tx.db(), to.name);
    auto name = input.text("AttributeName"), value = input.text("AttributeValue");
    topic::check_topic_attribute(name, value, topic.fifo(), false);
    topic::set_topic_attribute(topic.attributes, name, value);
    to.topics.update(tx, topic);
    tx.commit();
    return Object();
}

// Data protection policies are kept; what they would audit, mask or deny in messages is not looked for.

Value get_data_protection_policy(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("ResourceArn"), "ResourceArn");
    auto reading = to.partition->read();
    return Object{{"DataProtectionPolicy", to.topics.get(reading.db(), to.name).data_protection}};
}

Value put_data_protection_policy(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("ResourceArn"), "ResourceArn");
    auto tx = to.partition->write();
    auto topic = to.topics.get(tx.db(), to.name);
    Value document;
    auto policy = input.text("DataProtectionPolicy");
    if (!policy.empty() && (!json::try_parse(policy, document) || !document.is_object())) throw topic::invalid("DataProtectionPolicy");
    topic.data_protection = policy;
    to.topics.update(tx, topic);
    tx.commit();
    return Object();
}

}  // namespace virga::sns
