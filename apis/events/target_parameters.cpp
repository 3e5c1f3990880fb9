// The members inside a target's parameter blocks, for the services that virga itself does not have. All seen on AWS by others.
#include "apis/events/target_rules.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

namespace {

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EcsParameters.html
constexpr long most_tasks = 10, most_subnets = 16, most_security_groups = 5;
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_BatchParameters.html
constexpr long least_array = 2, most_array = 10'000, most_attempts = 10;

void check_size(const Value& list, const char* parameter, long least, long most) {
    if (!list.is_array()) return;
    const auto size = static_cast<long>(list.as_array().size());
    if (size < least || size > most) throw bus::errors::size_out_of_range(parameter, "size", least, most);
}

void check_task(const Value& ecs, const Arn& cluster, std::string_view id) {
    const auto task = Arn::parse(ecs.text("TaskDefinitionArn"));
    if (task && !task->region.empty() && task->region != cluster.region) throw bus::errors::task_of_other_region(cluster.text, task->text);
    if (ecs.integer("TaskCount", 1) > most_tasks) throw bus::errors::too_many_tasks(id);
    const Value& network = ecs["NetworkConfiguration"]["awsvpcConfiguration"];
    if (ecs.text("LaunchType") == "FARGATE" && !ecs.has("NetworkConfiguration")) throw bus::errors::fargate_needs_network(id);
    if (ecs.text("LaunchType") == "EC2") {
        if (ecs.has("PlatformVersion")) throw bus::errors::parameter_for_launch_type("PlatformVersion", id);
        if (network.has("AssignPublicIp")) throw bus::errors::parameter_for_launch_type("AssignPublicIp", id);
    }
    check_size(network["Subnets"], "Subnets", 1, most_subnets);
    check_size(network["SecurityGroups"], "SecurityGroups", 0, most_security_groups);
}

void check_range(const Value& holder, const char* parameter, const char* member, long least, long most) {
    const Value& block = holder[parameter];
    if (!block.has(member)) return;
    if (const auto n = block.integer(member); n < least || n > most) throw bus::errors::size_out_of_range(parameter, member, least, most);
}

void check_either(const Value& block, const char* name, const char* one, const char* other, const char* one_said, const char* other_said) {
    if (block.has(one) && block.has(other)) throw bus::errors::either_of(name, one_said, other_said);
}

}  // namespace

void check_parameters(const Value& target, const Arn& arn) {
    if (target.has("EcsParameters")) check_task(target["EcsParameters"], arn, target.text("Id"));
    const Value& batch = target["BatchParameters"];
    check_range(batch, "ArrayProperties", "Size", least_array, most_array);
    check_range(batch, "RetryStrategy", "Attempts", 1, most_attempts);
    const Value& query = target["RedshiftDataParameters"];
    check_either(query, "RedshiftDataParameters", "Sql", "Sqls", "sql", "sqls");
    check_either(query, "RedshiftDataParameters", "DbUser", "SecretManagerArn", "dBUser", "secretManagerArn");
}

}  // namespace virga::events
