#include <algorithm>

#include "apis/scheduler/invocation.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"

namespace virga::scheduler {

namespace {

struct Sending {
    const Arn& arn;
    const Value& target;
    const std::string& input;
    const std::string& endpoint;
};

// The operation that a service's targets are called with.
struct Template {
    std::string_view service;  // in the ARN
    const char *model, *operation;
    Value (*request)(const Sending&);
};

Value to_queue(const Sending& s) {
    Value request = Object{{"QueueUrl", s.endpoint + "/" + s.arn.account + "/" + s.arn.resource}, {"MessageBody", s.input}};
    if (s.target["SqsParameters"].has("MessageGroupId")) request["MessageGroupId"] = s.target["SqsParameters"]["MessageGroupId"];
    return request;
}

Value to_bus(const Sending& s) {
    const Value& parameters = s.target["EventBridgeParameters"];
    Value entry = Object{{"EventBusName", s.arn.text}, {"Source", parameters["Source"]}, {"DetailType", parameters["DetailType"]}, {"Detail", s.input}};
    return Object{{"Entries", Array{std::move(entry)}}};
}

constexpr Template templates[] = {
    {"lambda", "lambda", "Invoke", [](const Sending& s) -> Value { return Object{{"FunctionName", s.arn.text}, {"InvocationType", "Event"}, {"Payload", Bytes{s.input}}}; }},
    {"sqs", "sqs", "SendMessage", to_queue},
    {"sns", "sns", "Publish", [](const Sending& s) -> Value { return Object{{"TopicArn", s.arn.text}, {"Message", s.input}}; }},
    {"kinesis", "kinesis", "PutRecord",
     [](const Sending& s) -> Value { return Object{{"StreamARN", s.arn.text}, {"Data", Bytes{s.input}}, {"PartitionKey", s.target["KinesisParameters"]["PartitionKey"]}}; }},
    {"firehose", "firehose", "PutRecord",
     [](const Sending& s) -> Value { return Object{{"DeliveryStreamName", s.arn.name()}, {"Record", Object{{"Data", Bytes{s.input}}}}}; }},
    {"events", "events", "PutEvents", to_bus},
    {"states", "states", "StartExecution", [](const Sending& s) -> Value { return Object{{"stateMachineArn", s.arn.text}, {"input", s.input}}; }},
    // Services that virga does not have: the call says so.
    {"ecs", "ecs", "RunTask", [](const Sending& s) { return s.target["EcsParameters"]; }},
    {"codebuild", "codebuild", "StartBuild", [](const Sending& s) -> Value { return Object{{"projectName", s.arn.name()}}; }},
    {"codepipeline", "codepipeline", "StartPipelineExecution", [](const Sending& s) -> Value { return Object{{"name", s.arn.resource}}; }},
    {"sagemaker", "sagemaker", "StartPipelineExecution", [](const Sending& s) -> Value { return Object{{"PipelineName", s.arn.name()}}; }},
    {"inspector", "inspector", "StartAssessmentRun", [](const Sending& s) -> Value { return Object{{"assessmentTemplateArn", s.arn.text}}; }},
};

// Blobs are shown as the text they are.
Value shown(const Value& v) {
    if (v.is_bytes()) return v.as_bytes();
    if (!v.is_object()) return v;
    Value out = Object();
    for (const auto& [name, member] : v.as_object()) out[name] = shown(member);
    return out;
}

}  // namespace

TargetRequest templated_request(const Partition& from, const Invocation& invocation, std::string input, TraceContext trace) {
    TargetRequest out;
    auto arn = Arn::parse(invocation.target.text("Arn"));
    const auto* t = std::find_if(std::begin(templates), std::end(templates), [&](const Template& e) { return arn && e.service == arn->service; });
    if (t == std::end(templates)) {
        out.problem = "The target is not supported.";
        return out;
    }
    Value request = t->request({*arn, invocation.target, input, from.world().options.endpoint});
    out.request = json::write(shown(request));
    PartitionId partition{arn->account.empty() ? from.account() : arn->account, arn->region};
    out.call = service_call(t->model, t->operation, partition, principal, std::move(request), std::move(trace));
    return out;
}

}  // namespace virga::scheduler
