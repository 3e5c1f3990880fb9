// Whether rules may take on the role that they reach a target by.
#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/bus/bus_policy.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

Task<> check_role(Context& ctx, const Value& target) {
    if (!target.has("RoleArn")) co_return;
    const std::string role(target.text("RoleArn"));
    const std::size_t account = std::string_view("arn:aws:iam::").size();
    if (role.size() < account + 12) throw bus::errors::role_not_assumable(role);
    // IAM has no regions.
    Value input = Object{{"RoleName", role.substr(role.rfind('/') + 1)}};
    Call call = service_call("iam", "GetRole", PartitionId{role.substr(account, 12), ctx.region()}, events_principal, std::move(input), ctx.trace());
    Task<Reply> asking = ctx.world.calls->call(std::move(call));
    Reply reply = co_await std::move(asking);
    bus::PolicyQuestion question;
    question.action = "sts:AssumeRole";
    question.resource = role;
    question.service = events_principal;
    if (reply.error || !bus::policy_allows(percent_decode(reply.output["Role"].text("AssumeRolePolicyDocument")), question)) throw bus::errors::role_not_assumable(role);
}

}  // namespace virga::events
