#include "apis/sns/delivery.hpp"
#include "apis/sns/filter_policy.hpp"
#include "apis/sns/operations.hpp"
#include "apis/sns/subscription_attributes.hpp"
#include "apis/sns/target.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace {

using topic::Subscription;
using topic::SubscriptionState;

constexpr std::size_t token_digits = 256;

// Attributes that are not there count as what they are without being set.
void check_same(const Subscription& existing, const Subscription& wanted, const topic::Topic& topic) {
    Subscription shown = existing;
    shown.state = wanted.state;
    const Object current = topic::shown_attributes(shown, topic);
    for (const auto& [name, value] : wanted.attributes) {
        const Value* is = current.find(name);
        if (!is || !(*is == value)) throw topic::invalid("Attributes Reason: Subscription already exists with different attributes");
    }
}

void begin_confirmation(Context& ctx, Transaction& tx, topic::Topics& topics, const topic::Topic& topic, Subscription subscription) {
    subscription.token = ctx.random.hex(token_digits);
    topics.update(tx, subscription);
    send_confirmation(ctx, tx, topic, subscription);
}

Value answer(const Subscription& s, const Value& input) {
    const bool told = s.state == SubscriptionState::confirmed || input.flag("ReturnSubscriptionArn");
    return Object{{"SubscriptionArn", told ? s.arn : std::string("pending confirmation")}};
}

}  // namespace

Value subscribe(Context& ctx, const Value& input) {
    // 1. Validate.
    auto to = target(ctx, input.text("TopicArn"));
    topic::Topic shape;  // what the checks ask of a topic is in its name
    shape.name = to.name;
    Subscription wanted;
    wanted.protocol = input.text("Protocol");
    wanted.endpoint = input.text("Endpoint");
    wanted.owner = ctx.account();
    topic::check_endpoint(wanted.protocol, wanted.endpoint, shape);
    for (const auto& [name, value] : input.object("Attributes")) set_attribute(wanted, shape, name, value.as_string(), attributes_reason);
    check_filter(wanted, attributes_reason);
    if (wanted.protocol == "firehose" && !wanted.attributes.contains("SubscriptionRoleArn"))
        throw topic::invalid("Attributes Reason: SubscriptionRoleArn");

    // 2. A subscription that exists is answered; one that waits is asked again.
    auto tx = to.partition->write();
    const topic::Topic topic = to.topics.get(tx.db(), to.name);
    auto existing = to.topics.find_subscription(tx.db(), topic, wanted.protocol, wanted.endpoint);
    if (existing && existing->state == SubscriptionState::left) {
        to.topics.remove(tx, *existing);
        existing.reset();
    }
    if (existing) {
        check_same(*existing, wanted, topic);
        if (existing->state == SubscriptionState::pending) begin_confirmation(ctx, tx, to.topics, topic, *existing);
        tx.commit();
        return answer(*existing, input);
    }
    if (wanted.attributes.contains("FilterPolicy") && to.topics.filters(tx.db(), topic) >= topic::limits::filters_per_topic)
        throw topic::too_many_filter_policies();

    // 3. Make it.
    wanted.topic = topic.id;
    wanted.arn = topic.arn + ":" + ctx.random.uuid();
    const bool at_once = topic::confirms_itself(wanted.protocol);
    wanted.state = at_once ? SubscriptionState::confirmed : SubscriptionState::pending;
    wanted.authenticated = at_once;
    to.topics.insert(tx, wanted);
    if (!at_once) begin_confirmation(ctx, tx, to.topics, topic, to.topics.get_subscription(tx.db(), wanted.arn));
    tx.commit();
    return answer(wanted, input);
}

Value confirm_subscription(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("TopicArn"));
    auto tx = to.partition->write();
    const topic::Topic topic = to.topics.get(tx.db(), to.name);
    auto subscription = to.topics.find_token(tx.db(), topic, input.text("Token"));
    if (!subscription) throw topic::invalid("Token");
    // The token goes on being one: who follows the link twice is answered twice.
    if (subscription->state != SubscriptionState::confirmed) {
        subscription->state = SubscriptionState::confirmed;
        subscription->authenticated = input.text("AuthenticateOnUnsubscribe") == "true";
        to.topics.update(tx, *subscription);
    }
    tx.commit();
    return Object{{"SubscriptionArn", subscription->arn}};
}

Value unsubscribe(Context& ctx, const Value& input) {
    auto to = subscription_target(ctx, input.text("SubscriptionArn"));
    auto tx = to.partition->write();
    auto subscription = to.topics.find_subscription(tx.db(), input.text("SubscriptionArn"));
    // What is not there has ended already.
    if (!subscription || subscription->state == SubscriptionState::left) return Object();
    const topic::Topic topic = to.topics.get(tx.db(), to.name);
    const bool anonymous = ctx.call.http && ctx.call.principal.access_key.empty();
    if (anonymous && subscription->authenticated && !topic::confirms_itself(subscription->protocol)) throw topic::only_the_owner_unsubscribes();
    to.topics.remove(tx, *subscription);
    if (topic::is_http(subscription->protocol) && subscription->state == SubscriptionState::confirmed) {
        // The endpoint is told, and can take it back.
        subscription->state = SubscriptionState::left;
        subscription->token = ctx.random.hex(token_digits);
        to.topics.insert(tx, *subscription);
        send_confirmation(ctx, tx, topic, *subscription);
    }
    tx.commit();
    return Object();
}

}  // namespace virga::sns
