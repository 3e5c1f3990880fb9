// With --events-access strict: whether the policy of a queue or a function lets a rule reach it, and whether rules may take on the role that they
// reach other targets by.
#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/bus/bus_policy.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

namespace {

Task<Reply> ask(World& world, std::string operation, Arn of, Value input, TraceContext trace) {
    Call call = service_call(of.service, std::move(operation), partition_of(of), events_principal, std::move(input), trace);
    Task<Reply> asking = world.calls->call(std::move(call));
    Reply reply = co_await std::move(asking);
    co_return reply;
}

}  // namespace

Task<Outcome> refusal(std::shared_ptr<Partition> from, Arn target, std::string rule_arn, TraceContext trace) {
    World& world = from->world();
    const bool queue = target.service == "sqs";
    if (!world.options.strict_events || (!queue && target.service != "lambda")) co_return Outcome();
    Value input = Object{{"FunctionName", target.text}};
    if (queue) input = Object{{"QueueUrl", world.options.endpoint + "/" + target.account + "/" + target.resource}, {"AttributeNames", Array{Value("Policy")}}};
    Task<Reply> finding = ask(world, queue ? "GetQueueAttributes" : "GetFunctionConfiguration", target, input, trace);
    Reply found = co_await std::move(finding);
    if (found.error) co_return Outcome();  // the call itself says what is wrong
    std::string policy(found.output["Attributes"].text("Policy"));
    if (!queue) {
        Task<Reply> reading = ask(world, "GetPolicy", target, input, trace);
        Reply read = co_await std::move(reading);
        policy = read.output.text("Policy");
    }
    const std::string action = queue ? "sqs:SendMessage" : "lambda:InvokeFunction";
    bus::PolicyQuestion question;
    question.action = action;
    question.resource = target.text;
    question.service = events_principal;
    question.source_arn = rule_arn;
    question.source_account = from->account();
    if (bus::policy_allows(policy, question)) co_return Outcome();
    co_return Outcome(Failure{"NO_PERMISSIONS", bus::errors::not_allowed_by_policy(events_principal, action, target.text).message, false});
}

Task<> check_role(Context& ctx, const Value& target) {
    if (!target.has("RoleArn")) co_return;
    const std::string role(target.text("RoleArn"));
    const std::size_t account = std::string_view("arn:aws:iam::").size();
    if (role.size() < account + 12) throw bus::errors::role_not_assumable(role);
    // IAM has no regions.
    Arn asked;
    asked.service = "iam";
    asked.account = role.substr(account, 12);
    asked.region = ctx.region();
    Value input = Object{{"RoleName", role.substr(role.rfind('/') + 1)}};
    Task<Reply> asking = ask(ctx.world, "GetRole", asked, std::move(input), ctx.trace());
    Reply reply = co_await std::move(asking);
    bus::PolicyQuestion question;
    question.action = "sts:AssumeRole";
    question.resource = role;
    question.service = events_principal;
    if (reply.error || !bus::policy_allows(percent_decode(reply.output["Role"].text("AssumeRolePolicyDocument")), question)) throw bus::errors::role_not_assumable(role);
}

}  // namespace virga::events
