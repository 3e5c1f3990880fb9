// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
#include <algorithm>
#include <array>

#include "apis/scheduler/errors.hpp"
#include "apis/scheduler/invocation.hpp"
#include "apis/scheduler/schedule_input.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"

namespace virga::scheduler {

namespace {

constexpr std::array<std::string_view, 12> templated = {"codebuild", "codepipeline", "ecs", "events", "inspector", "firehose",
                                                        "kinesis", "lambda", "sagemaker", "sns", "sqs", "states"};

// The parameter block of a service, and whether a target of it needs it.
struct Block {
    std::string_view member, service;
    bool required;
};
constexpr Block blocks[] = {{"EcsParameters", "ecs", true},
                            {"EventBridgeParameters", "events", true},
                            {"KinesisParameters", "kinesis", true},
                            {"SageMakerPipelineParameters", "sagemaker", false},
                            {"SqsParameters", "sqs", false},
                            {"EventBridgePutEventsV2Parameters", "eventbridgev2", false},
                            {"EventBridgePutRawEventsParameters", "eventbridgev2", false}};

void check_blocks(const Value& target, std::string_view service) {
    for (const auto& block : blocks) {
        if (target.has(block.member) && block.service != service) throw errors::block_not_supported(block.member);
        if (!target.has(block.member) && block.service == service && block.required) throw errors::block_missing(block.member);
    }
}

bool is_json(std::string_view text) {
    Value ignored;
    return json::try_parse(text, ignored);
}

constexpr std::string_view sdk_services =
#include "apis/scheduler/sdk_services.inc"
    ;

bool is_sdk_service(std::string_view name) {
    return name.find(' ') == std::string_view::npos && sdk_services.find(" " + std::string(name) + " ") != std::string_view::npos;
}

// "arn:aws:scheduler:::aws-sdk:<service>:<operation>"
void check_universal(const Value& target, const Arn& arn) {
    if (!arn.region.empty() || !arn.account.empty() || !arn.resource.starts_with("aws-sdk:")) throw errors::service_not_supported("scheduler");
    auto rest = std::string_view(arn.resource).substr(8);
    auto colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size()) throw errors::bad_target_arn(arn.text);
    auto service = rest.substr(0, colon), operation = rest.substr(colon + 1);
    if (!is_sdk_service(service)) throw errors::service_not_supported(service);
    if (operation.starts_with("get") || operation.starts_with("describe") || operation.starts_with("list")) throw errors::operation_not_supported(operation);
    if (const auto* api = find_model(service); api && !api->find(operation_name(operation))) throw errors::operation_not_supported(operation);
    check_blocks(target, "scheduler");
    if (!target.has("Input")) throw errors::input_missing();
    if (!is_json(target.text("Input"))) throw errors::input_not_json();
}

void check_queue(const Value& target, const Arn& arn) {
    bool fifo = arn.resource.ends_with(".fifo");
    bool has_group = target["SqsParameters"].has("MessageGroupId");
    if (fifo && !has_group) throw errors::block_missing("SqsParameters");
    if (!fifo && has_group) throw errors::group_id_not_valid();
}

}  // namespace

void check_target(const Value& target, std::string_view region) {
    auto arn = Arn::parse(target.text("Arn"));
    if (!arn) throw errors::bad_target_arn(target.text("Arn"));
    if (arn->service == "scheduler") return check_universal(target, *arn);
    if (std::find(templated.begin(), templated.end(), arn->service) == templated.end()) throw errors::service_not_supported(arn->service);
    if (arn->region != region) throw errors::foreign_region(region);
    check_blocks(target, arn->service);
    const Value& ecs = target["EcsParameters"];
    if (ecs.text("LaunchType") == "FARGATE" && !ecs.has("NetworkConfiguration")) throw errors::fargate_needs_network();
    if (arn->service == "sqs") check_queue(target, *arn);
    // Other targets take any text.
    bool takes_json = arn->service == "lambda" || arn->service == "states" || arn->service == "events";
    if (takes_json && target.has("Input") && !is_json(target.text("Input"))) throw errors::input_not_json();
}

}  // namespace virga::scheduler
