#include <algorithm>

#include "apis/dispatch/log_events.hpp"
#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/bus/event_envelope.hpp"
#include "emulator/bus/input_shape.hpp"
#include "emulator/bus/json_path.hpp"
#include "emulator/bus/recorded_deliveries.hpp"

namespace virga::events {

namespace {

// One event on its way: which it is, and the text its target gets.
struct Parcel {
    std::size_t event;
    std::string input;
};

// What every target's function gets.
struct Sending {
    std::shared_ptr<Partition> from;
    std::shared_ptr<const Delivery> delivery;
    Arn arn;
    TraceContext trace;
    std::vector<Parcel> parcels;

    World& world() const { return from->world(); }
    const std::string& event(const Parcel& p) const { return delivery->events[p.event]; }
    Task<Reply> call(std::string service, std::string operation, Value input) const {
        return world().calls->call(service_call(std::move(service), std::move(operation), partition_of(arn), events_principal, std::move(input), trace));
    }
};
using Outcomes = std::vector<Outcome>;
using Sender = Task<Outcomes> (*)(std::shared_ptr<const Sending>);

Outcome outcome_of(const Reply& reply) {
    if (!reply.error) return {};
    return targets::failure_of(*reply.error);
}

std::string event_text(const std::string& event, const char* path) {
    auto value = bus::JsonPath::parse(path)->select(event);
    return value ? bus::json_as_text(*value) : std::string();
}

Object sqs_message(const Sending& s, const Parcel& p) {
    Object message;
    message.reserve(3);
    message.append("MessageBody", p.input);
    if (const Value& group = s.delivery->target["SqsParameters"]["MessageGroupId"]; !group.is_null()) message.append("MessageGroupId", group);
    return message;
}

Value sqs_single(const Sending& s, const Parcel& p, const std::string& url) {
    Object message = sqs_message(s, p);
    message.append("QueueUrl", url);
    if (!s.trace.empty())
        message.append("MessageSystemAttributes", Object{{"AWSTraceHeader", Object{{"DataType", "String"}, {"StringValue", s.trace.header()}}}});
    return message;
}

// The events from `begin` to `end`. Their trace header is said once; with it the answer tells of failures alone.
Value sqs_batch(const Sending& s, std::size_t begin, std::size_t end, const std::string& url) {
    Array entries;
    entries.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
        Object message = sqs_message(s, s.parcels[i]);
        message.append("Id", std::to_string(i));
        entries.emplace_back(std::move(message));
    }
    return Object{{"QueueUrl", url}, {"Entries", std::move(entries)}, {"virga:trace-header", s.trace.header()}};
}

// Several events go in one call while they fit.
Task<Outcomes> to_queue(std::shared_ptr<const Sending> s) {
    constexpr std::size_t batch_entries = 10, batch_bytes = 200'000;
    std::string url = s->world().options.endpoint + "/" + s->arn.account + "/" + s->arn.resource;
    Outcomes out(s->parcels.size());
    for (std::size_t i = 0; i < s->parcels.size();) {
        std::size_t end = i, bytes = 0;
        while (end < s->parcels.size() && end - i < batch_entries && (end == i || bytes + s->parcels[end].input.size() < batch_bytes)) bytes += s->parcels[end++].input.size();
        if (end == i + 1) {
            Value reply_input = sqs_single(*s, s->parcels[i], url);
            Task<Reply> reply_call = s->call("sqs", "SendMessage", std::move(reply_input));
            Reply reply = co_await std::move(reply_call);
            out[i++] = outcome_of(reply);
            continue;
        }
        Value reply_input = sqs_batch(*s, i, end, url);
        Task<Reply> reply_call = s->call("sqs", "SendMessageBatch", std::move(reply_input));
        Reply reply = co_await std::move(reply_call);
        for (std::size_t e = i; e < end; ++e) out[e] = outcome_of(reply);
        for (const auto& failed : reply.output.list("Failed")) {
            ApiError error(std::string(failed.text("Code")), failed.flag("SenderFault") ? 400 : 500, std::string(failed.text("Message")));
            out[static_cast<std::size_t>(std::stoul(std::string(failed.text("Id"))))] = targets::failure_of(error);
        }
        i = end;
    }
    co_return out;
}

std::string partition_key(const Sending& s, const Parcel& p) {
    // Evaluated on the event, not on what the target gets of it; the event's id when there is nothing.
    std::string key;
    if (auto path = bus::JsonPath::parse(s.delivery->target["KinesisParameters"].text("PartitionKeyPath")))
        if (auto value = path->select(s.event(p))) key = bus::json_as_text(*value);
    return key.empty() ? event_text(s.event(p), "$.id") : key.substr(0, 256);
}

Task<Outcomes> to_stream(std::shared_ptr<const Sending> s) {
    Outcomes out(s->parcels.size());
    std::string stream = s->arn.resource.substr(s->arn.resource.find('/') + 1);
    if (s->parcels.size() == 1) {
        const Parcel& p = s->parcels[0];
        Value reply_input = Object{{"StreamName", stream}, {"Data", Bytes{p.input}}, {"PartitionKey", partition_key(*s, p)}};
        Task<Reply> reply_call = s->call("kinesis", "PutRecord", std::move(reply_input));
        Reply reply = co_await std::move(reply_call);
        out[0] = outcome_of(reply);
        co_return out;
    }
    Array records;
    for (const auto& p : s->parcels) records.push_back(Object{{"Data", Bytes{p.input}}, {"PartitionKey", partition_key(*s, p)}});
    Value reply_input = Object{{"StreamName", stream}, {"Records", std::move(records)}};
    Task<Reply> reply_call = s->call("kinesis", "PutRecords", std::move(reply_input));
    Reply reply = co_await std::move(reply_call);
    const auto& results = reply.output.list("Records");
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = outcome_of(reply);
        if (i < results.size() && results[i].has("ErrorCode"))
            out[i] = targets::failure_of(ApiError(std::string(results[i].text("ErrorCode")), 400, std::string(results[i].text("ErrorMessage"))));
    }
    co_return out;
}

// The original envelope, whatever input the target has. Who published it stays in it; across a region it gets a new id.
Task<Outcomes> to_bus(std::shared_ptr<const Sending> s) {
    Outcomes out(s->parcels.size());
    Array entries;
    std::vector<std::size_t> sent;
    for (std::size_t i = 0; i < s->parcels.size(); ++i) {
        std::string event = s->event(s->parcels[i]);
        std::string account = event_text(event, "$.account"), region = event_text(event, "$.region");
        // An event that came from elsewhere does not go on to a third account or region.
        if (account != s->from->account() && s->arn.account != s->from->account() && s->arn.account != account) {
            out[i] = Failure{"THIRD_ACCOUNT_HOP_DETECTED", "The event came from another account and is not sent to a third one.", false};
            continue;
        }
        if (region != s->from->region() && s->arn.region != s->from->region() && s->arn.region != region) {
            out[i] = Failure{"THIRD_REGION_HOP_DETECTED", "The event came from another region and is not sent to a third one.", false};
            continue;
        }
        if (s->arn.region != s->from->region()) event = bus::with_id(event, s->world().random.derive(s->trace.parent, event).uuid());
        entries.push_back(Object{{"EventBusName", s->arn.text}, {"InternalMetadata", std::move(event)}});
        sent.push_back(i);
    }
    if (entries.empty()) co_return out;
    Value reply_input = Object{{"Entries", std::move(entries)}};
    // The other bus's policy judges the account that sends, and the rule.
    Call call = service_call("events", "PutEvents", partition_of(s->arn), events_principal, std::move(reply_input), s->trace);
    call.principal.account = s->from->account();
    call.principal.arn = s->delivery->rule_arn;
    Task<Reply> reply_call = s->world().calls->call(std::move(call));
    Reply reply = co_await std::move(reply_call);
    const auto& results = reply.output.list("Entries");
    for (std::size_t i = 0; i < sent.size(); ++i) {
        out[sent[i]] = outcome_of(reply);
        if (i < results.size() && results[i].has("ErrorCode"))
            out[sent[i]] = targets::failure_of(ApiError(std::string(results[i].text("ErrorCode")), 400, std::string(results[i].text("ErrorMessage"))));
    }
    co_return out;
}

// A log line per event, in a stream of its own for each delivery.
Task<Outcomes> to_log_group(std::shared_ptr<const Sending> s) {
    Outcomes out(s->parcels.size());
    std::string group = s->arn.resource.substr(std::min(s->arn.resource.size(), std::string_view("log-group:").size()));
    if (group.ends_with(":*")) group.resize(group.size() - 2);
    for (std::size_t i = 0; i < s->parcels.size(); ++i) {
        const Parcel& p = s->parcels[i];
        std::string message = p.input;
        auto time = parse_iso8601(event_text(s->event(p), "$.time")).value_or(s->delivery->arrival);
        if (s->delivery->target.has("InputTransformer")) {
            Value line;
            if (!json::try_parse(p.input, line) || !line["timestamp"].is_integer() || !line["message"].is_string()) {
                out[i] = Failure{"SDK_CLIENT_ERROR", "Invalid input for target.", false};
                continue;
            }
            message = line.text("message");
            time = line.integer("timestamp");
        }
        std::string stream = s->world().random.derive(s->trace.parent, "log stream" + s->event(p)).uuid();
        LogTarget target{partition_of(s->arn), events_principal, group, std::move(stream), LogTarget::Makes::stream, s->trace};
        std::vector<LogMessage> messages{{time, std::move(message)}};
        Task<std::optional<ApiError>> writing = put_log_events(&s->world(), std::move(target), std::move(messages));
        std::optional<ApiError> error = co_await std::move(writing);
        if (error) out[i] = targets::failure_of(*error);
    }
    co_return out;
}

void record(const Sending& s, const Parcel& p) { s.from->part<bus::RecordedDeliveries>().add(s.delivery->rule_arn, s.arn.text, p.input); }

// Targets that take one event a call: which operation, with what input.
struct Single {
    const char *service, *operation;
    Value (*input)(const Sending&, const Parcel&);
};
constexpr Single singles[] = {
    {"lambda", "Invoke", [](const Sending& s, const Parcel& p) -> Value { return Object{{"FunctionName", s.arn.text}, {"InvocationType", "Event"}, {"Payload", Bytes{p.input}}}; }},
    {"sns", "Publish", [](const Sending& s, const Parcel& p) -> Value { return Object{{"TopicArn", s.arn.text}, {"Message", p.input}}; }},
    {"firehose", "PutRecord",
     [](const Sending& s, const Parcel& p) -> Value {
         return Object{{"DeliveryStreamName", s.arn.resource.substr(s.arn.resource.find('/') + 1)}, {"Record", Object{{"Data", Bytes{p.input}}}}};
     }},
    // A discoverer of schemas: the rule is kept by that service.
    {"schemas", "GetDiscoveredSchema",
     [](const Sending& s, const Parcel& p) -> Value { return Object{{"Type", "OpenApi3"}, {"Events", Array{p.input}}, {"virga:discoverer", s.arn.text}}; }},
    {"states", "StartExecution", [](const Sending& s, const Parcel& p) -> Value { return Object{{"stateMachineArn", s.arn.text}, {"input", p.input}}; }},
};

Task<Outcomes> one_by_one(std::shared_ptr<const Sending> s) {
    Outcomes out(s->parcels.size());
    const auto* kind = std::find_if(std::begin(singles), std::end(singles), [&](const Single& k) { return s->arn.service == k.service; });
    for (std::size_t i = 0; i < s->parcels.size(); ++i) {
        Value reply_input = kind->input(*s, s->parcels[i]);
        Task<Reply> reply_call = s->call(kind->service, kind->operation, std::move(reply_input));
        Reply reply = co_await std::move(reply_call);
        out[i] = outcome_of(reply);
        // Step Functions may not be there: then it is accepted like the services below.
        if (s->arn.service == "states" && reply.error && reply.error->status == 501) {
            record(*s, s->parcels[i]);
            out[i].reset();
        }
    }
    co_return out;
}

// A parameter that is a whole path stands for what is there in the event.
std::string resolve(const std::string& text, std::string_view event) {
    auto path = text.starts_with("$.") ? bus::JsonPath::parse(text) : std::nullopt;
    if (!path) return text;
    auto value = path->select(event);
    return value ? bus::json_as_text(*value) : std::string();
}

// Targets that are reached over HTTP, one event a call.
Task<Outcomes> over_http(std::shared_ptr<const Sending> s) {
    Outcomes out(s->parcels.size());
    for (std::size_t i = 0; i < s->parcels.size(); ++i) {
        auto delivery = std::make_shared<targets::HttpDelivery>();
        delivery->from = s->from;
        delivery->target = s->arn;
        delivery->parameters = s->delivery->target["HttpParameters"];
        delivery->resolve = [s, event = s->parcels[i].event](const std::string& text) { return resolve(text, s->delivery->events[event]); };
        delivery->input = s->parcels[i].input;
        delivery->trace = s->trace;
        delivery->queues = true;
        delivery->slot = s->delivery->slot;
        Task<targets::HttpResult> sending = targets::deliver_over_http(delivery);
        targets::HttpResult result = co_await std::move(sending);
        out[i] = std::move(result.outcome);
    }
    co_return out;
}

// Services whose work virga does not do: the delivery is accepted, and can be read by tests.
Task<Outcomes> to_record(std::shared_ptr<const Sending> s) {
    for (const auto& p : s->parcels) record(*s, p);
    co_return Outcomes(s->parcels.size());
}

constexpr std::string_view recorded_services[] = {"ecs",       "batch",  "codebuild",           "codepipeline", "glue",         "ssm",    "sagemaker",
                                                  "redshift", "redshift-serverless", "inspector",    "ssm-incidents", "appsync", "imagebuilder"};

Task<Outcomes> to_nobody(std::shared_ptr<const Sending> s) {
    co_return Outcomes(s->parcels.size(), Failure{"SDK_CLIENT_ERROR", "Targets of " + s->arn.service + " (" + s->arn.text + ") are not implemented.", false});
}

Sender sender_for(const Arn& arn) {
    if (arn.service == "sqs") return to_queue;
    if (arn.service == "kinesis") return to_stream;
    if (arn.service == "logs") return to_log_group;
    if (arn.service == "events" && arn.resource.starts_with("event-bus/")) return to_bus;
    if (targets::is_http_target(arn)) return over_http;
    for (const auto& kind : singles)
        if (arn.service == kind.service) return one_by_one;
    if (std::find(std::begin(recorded_services), std::end(recorded_services), arn.service) != std::end(recorded_services)) return to_record;
    return to_nobody;
}

}  // namespace

Task<std::vector<Outcome>> send(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, TraceContext trace) {
    auto sending = std::make_shared<Sending>();
    sending->from = from;
    sending->delivery = delivery;
    sending->arn = *Arn::parse(delivery->target.text("Arn"));
    sending->trace = trace;
    for (std::size_t i = 0; i < delivery->events.size(); ++i)
        if (auto input = bus::shape_input(delivery->target, delivery->events[i], {delivery->rule_arn, delivery->rule_name, delivery->arrival}))
            sending->parcels.push_back({i, std::move(*input)});

    std::vector<Outcome> out(delivery->events.size());
    if (sending->parcels.empty()) co_return out;
    if (from->world().options.strict_events) {
        Task<Outcome> asking = targets::refusal(from, sending->arn, delivery->rule_arn, events_principal, trace);
        const Outcome refused = co_await std::move(asking);
        for (const auto& parcel : sending->parcels) out[parcel.event] = refused;
        if (refused) co_return out;
    }
    Outcomes sent = co_await sender_for(sending->arn)(sending);
    for (std::size_t i = 0; i < sent.size(); ++i) out[sending->parcels[i].event] = std::move(sent[i]);
    co_return out;
}

}  // namespace virga::events
