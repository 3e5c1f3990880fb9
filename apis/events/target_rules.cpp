#include "apis/events/target_rules.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "apis/events/find.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/input_shape.hpp"
#include "emulator/bus/json_text.hpp"

namespace virga::events {

namespace {

// Seen by others on AWS: targets of these services are refused without a role.
constexpr std::array<std::string_view, 15> needs_role = {"batch", "codebuild", "codepipeline", "ecs", "events", "firehose", "glue", "inspector",
                                                         "kinesis", "redshift", "redshift-serverless", "sagemaker", "ssm", "ssm-incidents", "states"};

// The parameter blocks that belong to one service, and whether its targets need them. (SqsParameters are taken with any.)
struct Block {
    const char* member;
    std::array<std::string_view, 2> services;
    bool required;
};
constexpr Block blocks[] = {{"KinesisParameters", {"kinesis", "kinesis"}, false},
                            {"RunCommandParameters", {"ssm", "ssm"}, false},
                            {"EcsParameters", {"ecs", "ecs"}, true},
                            {"BatchParameters", {"batch", "batch"}, true},
                            {"HttpParameters", {"execute-api", "events"}, false},
                            {"RedshiftDataParameters", {"redshift", "redshift-serverless"}, true},
                            {"SageMakerPipelineParameters", {"sagemaker", "sagemaker"}, false},
                            {"AppSyncParameters", {"appsync", "appsync"}, false}};

// What can be a target, and how the resource in its ARN begins. Anything else of these services is no target: a job of Glue, say.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
struct TargetKind {
    std::string_view service, resource;
};
constexpr TargetKind target_kinds[] = {
    {"appsync", "endpoints/graphql-api/"}, {"batch", "job-queue/"},    {"codebuild", "project/"},    {"codepipeline", ""},       {"ecs", "cluster/"},
    {"events", "event-bus/"},              {"events", "target/"},      {"events", "api-destination/"}, {"execute-api", ""},      {"firehose", "deliverystream/"},
    {"glue", "workflow/"},                 {"imagebuilder", "image-pipeline/"}, {"inspector", ""},   {"kinesis", "stream/"},     {"lambda", "function:"},
    {"logs", "log-group:"},                {"redshift", "cluster:"},   {"redshift-serverless", "workgroup/"}, {"sagemaker", "pipeline/"}, {"sns", ""},
    {"sqs", ""},                           {"ssm", ""},                {"ssm-incidents", "response-plan/"}, {"states", "stateMachine:"}};

void check_kind(const Arn& arn) {
    bool known = false;
    for (const auto& kind : target_kinds) {
        if (arn.service != kind.service) continue;
        if (arn.resource.starts_with(kind.resource)) return;
        known = true;
    }
    if (known) throw bus::errors::bad_target_arn(arn.text);
    throw bus::errors::target_service_not_supported(arn.service);
}

void check_transformer(const Value& transformer, std::string_view id) {
    const auto& paths = transformer.object("InputPathsMap");
    for (const auto& [name, path] : paths)
        if (!bus::JsonPath::parse(path.as_string())) throw bus::errors::bad_input_path(id);
    bus::InputTemplate text(transformer.text("InputTemplate"));
    for (const auto& name : text.variables()) {
        if (name == "aws.events.event.json" && !text.is_json_object()) throw bus::errors::json_placeholder_in_text(id);
        if (!paths.contains(name) && !bus::is_reserved_variable(name)) throw bus::errors::unknown_placeholder(id, name);
    }
}

void check_input(const Value& target, std::string_view id) {
    if (target.has("Input") + target.has("InputPath") + target.has("InputTransformer") > 1) throw bus::errors::several_inputs(id);
    std::string compact;
    if (target.has("Input") && !bus::compact_json(target.text("Input"), compact)) throw bus::errors::input_not_json(id);
    if (target.has("InputPath") && !bus::JsonPath::parse(target.text("InputPath"))) throw bus::errors::bad_input_path(id);
    if (target.has("InputTransformer")) check_transformer(target["InputTransformer"], id);
}

}  // namespace

void check_dead_letter(const Value& config, std::string_view region) {
    if (!config.has("Arn")) return;
    auto arn = Arn::parse(config.text("Arn"));
    if (!arn) throw bus::errors::bad_target_arn(config.text("Arn"));
    if (arn->service != "sqs") throw bus::errors::not_a_dead_letter_service(arn->service);
    if (arn->resource.ends_with(".fifo")) throw bus::errors::fifo_dead_letter_queue();
    if (arn->region != region) throw bus::errors::foreign_dead_letter_queue(arn->text);
}

void check_target(const Value& target, std::string_view region) {
    auto id = target.text("Id");
    auto arn = Arn::parse(target.text("Arn"));
    if (!arn) throw bus::errors::bad_target_arn(target.text("Arn"));
    check_kind(*arn);
    check_input(target, id);
    for (const auto& block : blocks) {
        bool its = arn->service == block.services[0] || arn->service == block.services[1];
        if (target.has(block.member) && !its) throw bus::errors::block_not_supported(block.member, id);
        if (!target.has(block.member) && its && block.required) throw bus::errors::block_required(block.member, id);
    }
    if (std::find(needs_role.begin(), needs_role.end(), arn->service) != needs_role.end() && !target.has("RoleArn"))
        throw bus::errors::role_required(arn->text);
    if (arn->service == "sqs" && arn->resource.ends_with(".fifo") && !target["SqsParameters"].has("MessageGroupId"))
        throw bus::errors::block_required("SqsParameters", id);
    check_parameters(target, *arn);
    check_dead_letter(target["DeadLetterConfig"], region);
}

}  // namespace virga::events
