#include <algorithm>

#include "apis/sns/operations.hpp"
#include "apis/sns/target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"

namespace virga::sns {

namespace {

// Lets `change` edit the statements of the topic's policy.
template <class Change>
Value change_policy(Context& ctx, const Value& input, Change change) {
    auto to = target(ctx, input.text("TopicArn"));
    auto tx = to.partition->write();
    auto topic = to.topics.get(tx.db(), to.name);
    Value policy = json::parse(topic.attribute("Policy", topic::default_policy(topic, to.partition->account())));
    if (!std::as_const(policy)["Statement"].is_array()) policy["Statement"] = Array{std::as_const(policy)["Statement"]};
    change(policy["Statement"].as_array(), topic);
    topic.attributes["Policy"] = json::write(policy);
    to.topics.update(tx, topic);
    tx.commit();
    return Object();
}

Value one_or_all(Array list) { return list.size() == 1 ? list[0] : Value(std::move(list)); }

bool is_labelled(const Value& statement, std::string_view label) { return statement.text("Sid") == label; }

// What the policy of a topic can allow ("Allowed Amazon SNS actions").
constexpr std::string_view actions[] = {"Publish", "Subscribe", "GetTopicAttributes", "SetTopicAttributes", "AddPermission",
                                        "RemovePermission", "DeleteTopic", "ListSubscriptionsByTopic", "Receive", "GetDataProtectionPolicy",
                                        "PutDataProtectionPolicy"};

}  // namespace

Value add_permission(Context& ctx, const Value& input) {
    Array principals, allowed;
    for (const auto& account : input.list("AWSAccountId")) principals.push_back("arn:aws:iam::" + account.as_string() + ":root");
    for (const auto& action : input.list("ActionName")) {
        if (std::find(std::begin(actions), std::end(actions), action.as_string()) == std::end(actions))
            throw topic::invalid("Policy statement action out of service scope!");
        allowed.push_back("SNS:" + action.as_string());
    }
    return change_policy(ctx, input, [&](Array& statements, const topic::Topic& topic) {
        for (const auto& s : statements)
            if (is_labelled(s, input.text("Label"))) throw topic::invalid("Statement already exists");
        statements.push_back(Object{{"Sid", input["Label"]},
                                    {"Effect", "Allow"},
                                    {"Principal", Object{{"AWS", one_or_all(std::move(principals))}}},
                                    {"Action", one_or_all(std::move(allowed))},
                                    {"Resource", topic.arn}});
    });
}

// A label that is not there is no error.
Value remove_permission(Context& ctx, const Value& input) {
    return change_policy(ctx, input, [&](Array& statements, const topic::Topic&) {
        std::erase_if(statements, [&](const Value& s) { return is_labelled(s, input.text("Label")); });
    });
}

}  // namespace virga::sns
