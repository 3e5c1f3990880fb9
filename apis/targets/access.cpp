#include "apis/targets/access.hpp"

#include <algorithm>

#include "emulator/bus/bus_policy.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/world/world.hpp"

namespace virga::targets {

namespace {

// How the policies of a service's resources are read, and what they must allow.
struct Keeper {
    const char* service;
    const char* read;  // the operation
    Value (*input)(const World&, const Arn&);
    std::string (*policy)(const Value& output);
    const char* action;
};

std::string attribute(const Value& output) { return std::string(output["Attributes"].text("Policy")); }

const Keeper keepers[] = {
    {"sqs", "GetQueueAttributes",
     [](const World& world, const Arn& queue) -> Value {
         return Object{{"QueueUrl", world.options.endpoint + "/" + queue.account + "/" + queue.resource}, {"AttributeNames", Array{Value("Policy")}}};
     },
     attribute, "sqs:SendMessage"},
    {"sns", "GetTopicAttributes", [](const World&, const Arn& topic) -> Value { return Object{{"TopicArn", topic.text}}; }, attribute, "sns:Publish"},
    {"lambda", "GetPolicy", [](const World&, const Arn& function) -> Value { return Object{{"FunctionName", function.text}}; },
     [](const Value& output) { return std::string(output.text("Policy")); }, "lambda:InvokeFunction"}};

}  // namespace

Task<Outcome> refusal(std::shared_ptr<Partition> from, Arn target, std::string source_arn, std::string service, TraceContext trace) {
    World& world = from->world();
    const auto* keeper = std::find_if(std::begin(keepers), std::end(keepers), [&](const Keeper& k) { return target.service == k.service; });
    if (!world.options.strict_events || keeper == std::end(keepers)) co_return Outcome();
    const PartitionId where{target.account, target.region};
    if (target.service == "lambda") {  // one without a policy has none to read
        Value input = keeper->input(world, target);
        Call call = service_call("lambda", "GetFunctionConfiguration", where, service, std::move(input), trace);
        Task<Reply> finding = world.calls->call(std::move(call));
        const Reply found = co_await std::move(finding);
        if (found.error) co_return Outcome();  // the call itself says what is wrong
    }
    Value input = keeper->input(world, target);
    Call call = service_call(keeper->service, keeper->read, where, service, std::move(input), trace);
    Task<Reply> reading = world.calls->call(std::move(call));
    const Reply read = co_await std::move(reading);
    if (read.error && target.service != "lambda") co_return Outcome();
    const std::string policy = keeper->policy(read.output);
    bus::PolicyQuestion question;
    question.action = keeper->action;
    question.resource = target.text;
    question.service = service;
    question.source_arn = source_arn;
    question.source_account = from->account();
    if (bus::policy_allows(policy, question)) co_return Outcome();
    co_return Outcome(Failure{"NO_PERMISSIONS", bus::errors::not_allowed_by_policy(service, keeper->action, target.text).message, false});
}

}  // namespace virga::targets
