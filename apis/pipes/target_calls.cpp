// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
#include "apis/pipes/target_calls.hpp"

#include <algorithm>

#include "apis/dispatch/log_events.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/base/json.hpp"

namespace virga::pipes {

namespace {

struct Sending {
    World* world;
    std::shared_ptr<const PipeSpec> spec;
    std::vector<Outgoing> events;
    TraceContext trace;

    const Value& parameters(std::string_view block) const { return spec->target_parameters[block]; }
    PartitionId partition() const { return {spec->target.account, spec->target.region}; }
    Task<Reply> call(std::string operation, Value input) const {
        return world->calls->call(service_call(spec->target.service, std::move(operation), partition(), principal, std::move(input), trace));
    }
};
using SendingPtr = std::shared_ptr<const Sending>;

std::string parameter(const Value& block, std::string_view member, const Event& event, std::string otherwise = {}) {
    if (!block.has(member)) return otherwise;
    return resolve(block.text(member), event).value_or(otherwise);
}

// Batch operations answer a list with one element for each event; those with a code failed.
void note_failures(TargetResult& result, const Value& output, std::string_view list) {
    const auto& entries = output.list(list);
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (entries[i].has("ErrorCode")) result.failed.push_back(i);
}

// Those that answer the failed ones alone, by the ids that we gave.
void note_failed_ids(TargetResult& result, const Value& output) {
    for (const auto& failed : output.list("Failed")) result.failed.push_back(static_cast<std::size_t>(std::stoul(std::string(failed.text("Id")))));
}

// ---- the request of each kind of target ----

Value queue_request(const Sending& s) {
    const Value& block = s.parameters("SqsQueueParameters");
    Array entries;
    for (const auto& o : s.events) {
        Value entry = Object{{"Id", std::to_string(entries.size())}, {"MessageBody", o.input}};
        for (const char* member : {"MessageGroupId", "MessageDeduplicationId"})
            if (block.has(member)) entry[member] = parameter(block, member, o.event);
        if (!s.trace.empty()) entry["MessageSystemAttributes"] = Object{{"AWSTraceHeader", Object{{"DataType", "String"}, {"StringValue", s.trace.header()}}}};
        entries.push_back(std::move(entry));
    }
    return Object{{"QueueUrl", s.world->options.endpoint + "/" + s.spec->target.account + "/" + s.spec->target.resource}, {"Entries", std::move(entries)}};
}

Value topic_request(const Sending& s) {
    Array entries;
    for (const auto& o : s.events) entries.push_back(Object{{"Id", std::to_string(entries.size())}, {"Message", o.input}});
    return Object{{"TopicArn", s.spec->target.text}, {"PublishBatchRequestEntries", std::move(entries)}};
}

Value stream_request(const Sending& s) {
    Array records;
    for (const auto& o : s.events) {
        std::string key = parameter(s.parameters("KinesisStreamParameters"), "PartitionKey", o.event);
        records.push_back(Object{{"Data", Bytes{o.input}}, {"PartitionKey", key.substr(0, 256)}});
    }
    return Object{{"StreamARN", s.spec->target.text}, {"Records", std::move(records)}};
}

Value firehose_request(const Sending& s) {
    Array records;
    for (const auto& o : s.events) records.push_back(Object{{"Data", Bytes{o.input}}});
    return Object{{"DeliveryStreamName", s.spec->target.name()}, {"Records", std::move(records)}};
}

const char* source_name(SourceSpec::Source source) {
    switch (source) {
        case SourceSpec::Source::kinesis: return "aws:kinesis";
        case SourceSpec::Source::dynamodb: return "aws:dynamodb";
        default: return "aws:sqs";
    }
}

Value bus_entry(const Sending& s, const Outgoing& o) {
    const Value& block = s.parameters("EventBridgeEventBusParameters");
    Value entry = Object{{"EventBusName", s.spec->target.text},
                         {"Source", parameter(block, "Source", o.event, "Pipe " + s.spec->name)},
                         {"DetailType", parameter(block, "DetailType", o.event, std::string("Event from ") + source_name(s.spec->source))},
                         {"Detail", o.input}};
    Array resources;
    for (const auto& r : block.list("Resources"))
        if (auto text = resolve(r.as_string(), o.event)) resources.push_back(*text);
    if (!resources.empty()) entry["Resources"] = std::move(resources);
    if (block.has("EndpointId")) entry["EndpointId"] = block["EndpointId"];
    return entry;
}

Value bus_request(const Sending& s) {
    Array entries;
    for (const auto& o : s.events) entries.push_back(bus_entry(s, o));
    return Object{{"Entries", std::move(entries)}};
}

// ---- calling ----

struct Batch {
    std::string_view service;
    const char* operation;
    Value (*request)(const Sending&);
    const char* list;  // of results, one for each event; null: only failures, by id
};
constexpr Batch batches[] = {{"sqs", "SendMessageBatch", queue_request, nullptr},
                             {"sns", "PublishBatch", topic_request, nullptr},
                             {"kinesis", "PutRecords", stream_request, "Records"},
                             {"firehose", "PutRecordBatch", firehose_request, "RequestResponses"},
                             {"events", "PutEvents", bus_request, "Entries"}};

Task<TargetResult> call_batch(SendingPtr s, const Batch* kind) {
    TargetResult result;
    Value request = kind->request(*s);
    Task<Reply> calling = s->call(kind->operation, std::move(request));
    Reply reply = co_await std::move(calling);
    result.error = reply.error;
    if (reply.error) co_return result;
    if (kind->list) note_failures(result, reply.output, kind->list);
    else note_failed_ids(result, reply.output);
    co_return result;
}

std::string all_inputs(const Sending& s) {
    std::vector<std::string> texts;
    for (const auto& o : s.events) texts.push_back(o.input);
    return json_array(texts);
}

Value function_request(const Sending& s) {
    bool waits = s.parameters("LambdaFunctionParameters").text("InvocationType", "REQUEST_RESPONSE") == "REQUEST_RESPONSE";
    return Object{{"FunctionName", s.spec->target.text}, {"InvocationType", waits ? "RequestResponse" : "Event"}, {"Payload", Bytes{all_inputs(s)}}};
}

// All events in one call.
Task<TargetResult> call_function(SendingPtr s) {
    TargetResult result;
    Value request = function_request(*s);
    Task<Reply> calling = s->call("Invoke", std::move(request));
    Reply reply = co_await std::move(calling);
    result.error = reply.error;
    if (reply.error) co_return result;
    if (reply.output.has("Payload") && reply.output["Payload"].is_bytes()) result.response = reply.output["Payload"].as_bytes();
    if (reply.output.has("FunctionError")) result.error.emplace(function_failed, 400, result.response);
    co_return result;
}

Task<TargetResult> call_state_machine(SendingPtr s) {
    TargetResult result;
    bool waits = s->parameters("StepFunctionStateMachineParameters").text("InvocationType", "REQUEST_RESPONSE") == "REQUEST_RESPONSE";
    Value request = Object{{"stateMachineArn", s->spec->target.text}, {"input", all_inputs(*s)}};
    Task<Reply> calling = s->call(waits ? "StartSyncExecution" : "StartExecution", std::move(request));
    Reply reply = co_await std::move(calling);
    result.error = reply.error;
    if (!reply.error && waits && reply.output.text("status", "SUCCEEDED") != "SUCCEEDED") result.error.emplace(execution_failed, 400, std::string(reply.output.text("cause")));
    result.response = reply.output.text("output");
    co_return result;
}

TimeMs log_time(const Sending& s, const Outgoing& o) {
    auto text = parameter(s.parameters("CloudWatchLogsParameters"), "Timestamp", o.event);
    bool number = !text.empty() && text.size() < 16 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return number ? std::stoll(text) : s.world->clock.now();
}

Task<TargetResult> call_logs(SendingPtr s) {
    TargetResult result;
    std::string group(s->spec->target.name());
    if (group.ends_with(":*")) group.resize(group.size() - 2);
    // Without a name each call has a stream of its own.
    std::string stream = parameter(s->parameters("CloudWatchLogsParameters"), "LogStreamName", s->events.front().event);
    if (stream.empty()) stream = s->world->random.derive(s->trace.parent, "pipe log stream" + s->events.front().input).uuid();
    LogTarget target{s->partition(), principal, std::move(group), std::move(stream), LogTarget::Makes::stream, s->trace};
    std::vector<LogMessage> messages;
    for (const auto& o : s->events) messages.push_back({log_time(*s, o), o.input});
    Task<std::optional<ApiError>> writing = put_log_events(s->world, std::move(target), std::move(messages));
    result.error = co_await std::move(writing);
    co_return result;
}

// An answer that names records which failed is heeded; whatever else it says is not.
Task<TargetResult> call_http_target(SendingPtr s) {
    TargetResult result;
    HttpCall call{s->spec->target, s->parameters("HttpParameters"), s->events.front().event, s->events.front().input};
    Task<HttpAnswer> calling = call_http(s->world, s->spec, std::move(call), s->trace);
    HttpAnswer answer = co_await std::move(calling);
    result.error = std::move(answer.error);
    Value document;
    if (json::try_parse(answer.body, document) && document.has("batchItemFailures")) result.response = std::move(answer.body);
    co_return result;
}

// Throttling and connections that fail are tried again without counting ("pipe internal errors"); the rest is the target's own failure.
int status_of(const std::string& code) { return code == "THROTTLING" ? 429 : code == "CONNECTION_FAILURE" ? 503 : 400; }

}  // namespace

Task<HttpAnswer> call_http(World* world, std::shared_ptr<const PipeSpec> spec, HttpCall call, TraceContext trace) {
    auto delivery = std::make_shared<targets::HttpDelivery>();
    delivery->from = world->partition(spec->home);
    delivery->target = std::move(call.target);
    delivery->parameters = std::move(call.parameters);
    delivery->resolve = [event = std::move(call.event)](const std::string& text) { return resolve(text, event).value_or(std::string()); };
    delivery->input = std::move(call.input);
    delivery->trace = std::move(trace);
    Task<targets::HttpResult> delivering = targets::deliver_over_http(std::move(delivery));
    targets::HttpResult result = co_await std::move(delivering);
    HttpAnswer answer;
    if (result.outcome) answer.error.emplace(result.outcome->code, status_of(result.outcome->code), result.outcome->message);
    answer.body = std::move(result.body);
    co_return answer;
}

std::string json_array(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const auto& text : texts) {
        if (out.size() > 1) out += ',';
        Value ignored;
        if (json::try_parse(text, ignored)) out += text;
        else json::write_string(out, text);
    }
    return out + "]";
}

Task<TargetResult> call_target(World* world, std::shared_ptr<const PipeSpec> spec, std::vector<Outgoing> events, TraceContext trace) {
    auto sending = std::make_shared<Sending>();
    sending->world = world;
    sending->spec = spec;
    sending->events = std::move(events);
    sending->trace = std::move(trace);
    const auto& service = spec->target.service;
    if (service == "lambda") return call_function(sending);
    if (service == "states") return call_state_machine(sending);
    if (service == "logs") return call_logs(sending);
    if (targets::is_http_target(spec->target)) return call_http_target(sending);
    const auto* kind = std::find_if(std::begin(batches), std::end(batches), [&](const Batch& b) { return b.service == service; });
    if (kind == std::end(batches)) throw std::logic_error("a pipe with a target that is not implemented");
    return call_batch(sending, kind);
}

}  // namespace virga::pipes
