// With --events-access strict: whether the policy of a queue or a function lets a rule reach it, and whether rules may take on the role that they
// reach other targets by.
#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/bus/bus_policy.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

namespace {

// The answer of an operation that does not wait.
Reply ask(World& world, const char* operation, const Arn& arn, Value input, const TraceContext& trace) {
    auto answer = std::make_shared<Reply>();
    Call call = service_call(arn.service, operation, partition_of(arn), events_principal, std::move(input), trace);
    world.part<targets::Door>().dispatcher->perform(std::move(call), [answer](Reply reply) { *answer = std::move(reply); });
    return std::move(*answer);
}

}  // namespace

Outcome refusal(World& world, const std::string& account, const Arn& arn, const std::string& rule_arn, const TraceContext& trace) {
    const bool queue = arn.service == "sqs";
    if (!queue && arn.service != "lambda") return {};
    std::string policy;
    if (queue) {
        Value input = Object{{"QueueUrl", world.options.endpoint + "/" + arn.account + "/" + arn.resource}, {"AttributeNames", Array{Value("Policy")}}};
        Reply reply = ask(world, "GetQueueAttributes", arn, std::move(input), trace);
        if (reply.error) return {};  // the call itself says what is wrong
        policy = reply.output["Attributes"].text("Policy");
    } else {
        Value input = Object{{"FunctionName", arn.text}};
        if (ask(world, "GetFunctionConfiguration", arn, input, trace).error) return {};
        policy = ask(world, "GetPolicy", arn, std::move(input), trace).output.text("Policy");
    }
    const std::string action = queue ? "sqs:SendMessage" : "lambda:InvokeFunction";
    bus::PolicyQuestion question;
    question.action = action;
    question.resource = arn.text;
    question.service = events_principal;
    question.source_arn = rule_arn;
    question.source_account = account;
    if (bus::policy_allows(policy, question)) return {};
    return Failure{"NO_PERMISSIONS", bus::errors::not_allowed_by_policy(events_principal, action, arn.text).message, false};
}

void check_role(Context& ctx, const Value& target) {
    if (!target.has("RoleArn")) return;
    const std::string role(target.text("RoleArn"));
    const std::size_t account = std::string_view("arn:aws:iam::").size();
    if (role.size() < account + 12) throw bus::errors::role_not_assumable(role);
    // IAM has no regions.
    Arn asked;
    asked.service = "iam";
    asked.account = role.substr(account, 12);
    asked.region = ctx.region();
    Reply reply = ask(ctx.world, "GetRole", asked, Object{{"RoleName", role.substr(role.rfind('/') + 1)}}, ctx.trace());
    bus::PolicyQuestion question;
    question.action = "sts:AssumeRole";
    question.resource = role;
    question.service = events_principal;
    if (reply.error || !bus::policy_allows(percent_decode(reply.output["Role"].text("AssumeRolePolicyDocument")), question)) throw bus::errors::role_not_assumable(role);
}

}  // namespace virga::events
