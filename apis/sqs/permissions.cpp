#include <algorithm>

#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/queue/errors.hpp"

namespace virga::sqs {

namespace {

// The queue's policy as a document with a Statement list.
Value policy_of(const Target& to, const queue::Queue& queue) {
    Value policy;
    const Value* text = queue.attributes.find("Policy");
    if (text && json::try_parse(text->as_string(), policy) && policy.find("Statement") && policy["Statement"].is_array()) return policy;
    return Object{{"Version", "2008-10-17"}, {"Id", to.queues.arn(queue) + "/SQSDefaultPolicy"}, {"Statement", Array()}};
}

Value one_or_all(Array list) { return list.size() == 1 ? list[0] : Value(std::move(list)); }

}  // namespace

Value add_permission(Context& ctx, const Value& input) {
    auto label = input.text("Label");
    auto to = target(ctx, input);
    Array principals, actions;
    for (const auto& account : input.list("AWSAccountIds")) principals.push_back("arn:aws:iam::" + account.as_string() + ":root");
    for (const auto& action : input.list("Actions")) actions.push_back("SQS:" + action.as_string());

    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    Value policy = policy_of(to, *queue);
    auto& statements = policy["Statement"].as_array();
    for (const auto& s : statements)
        if (s.text("Sid") == label) throw queue::statement_exists(label);
    statements.push_back(Object{{"Sid", label},
                                {"Effect", "Allow"},
                                {"Principal", Object{{"AWS", one_or_all(std::move(principals))}}},
                                {"Action", one_or_all(std::move(actions))},
                                {"Resource", to.queues.arn(*queue)}});
    to.queues.set_attributes(tx, to.name, Object{{"Policy", json::write(policy)}}, ctx.now());
    tx.commit();
    return Object();
}

Value remove_permission(Context& ctx, const Value& input) {
    auto label = input.text("Label");
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto queue = need_queue(ctx, to, tx.db());
    Value policy = policy_of(to, *queue);
    auto& statements = policy["Statement"].as_array();
    auto removed = std::erase_if(statements, [&](const Value& s) { return s.text("Sid") == label; });
    if (removed == 0) throw queue::statement_missing(label);
    to.queues.set_attributes(tx, to.name, Object{{"Policy", statements.empty() ? std::string() : json::write(policy)}}, ctx.now());
    tx.commit();
    return Object();
}

}  // namespace virga::sqs
