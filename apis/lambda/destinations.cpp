#include "apis/lambda/destinations.hpp"

#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"

namespace virga {

namespace {

constexpr const char* job_kind = "lambda.deliver";
constexpr int attempts = 3;
constexpr TimeMs between_ms = 1000;
constexpr const char* sender = "lambda.amazonaws.com";

// The call that delivers `letter`, for every kind of target but a queue's, whose URL must be asked for first.
std::optional<Call> call_for(const Value& letter, const Arn& target, const PartitionId& where, TraceContext trace) {
    auto body = letter["body"];
    if (target.service == "sns") {
        Value input = Object{{"TopicArn", letter["target"]}, {"Message", body}};
        if (letter.has("attributes")) input["MessageAttributes"] = letter["attributes"];
        return service_call("sns", "Publish", where, sender, std::move(input), trace);
    }
    if (target.service == "lambda")
        return service_call("lambda", "Invoke", where, sender,
                            Object{{"FunctionName", letter["target"]}, {"InvocationType", "Event"}, {"Payload", Bytes{body.as_string()}}}, trace);
    if (target.service == "events") {
        Object entry{{"Source", "lambda"}, {"DetailType", letter["detailType"]}, {"Detail", body}, {"Resources", letter["resources"]}, {"EventBusName", letter["target"]}};
        return service_call("events", "PutEvents", where, sender, Object{{"Entries", Array{std::move(entry)}}}, trace);
    }
    if (target.service == "s3") {
        auto call = service_call("s3", "PutObject", where, sender, Object{{"Bucket", target.resource}, {"Key", letter["objectKey"]}, {"ContentType", "application/json"}}, trace);
        call.body = std::make_shared<StringSource>(body.as_string());
        return call;
    }
    return std::nullopt;
}

Value queue_message(const Value& url, const Value& letter) {
    Value input = Object{{"QueueUrl", url}, {"MessageBody", letter["body"]}};
    if (letter.has("attributes")) input["MessageAttributes"] = letter["attributes"];
    return input;
}

Task<std::optional<ApiError>> send(World& world, PartitionId home, Value letter, TraceContext trace) {
    auto target = Arn::parse(letter.text("target")).value_or(Arn{});
    PartitionId where = home;
    if (!target.account.empty()) where.account = target.account;
    if (!target.region.empty()) where.region = target.region;
    if (target.service == "sqs") {
        Value name;
        name["QueueName"] = target.resource;
        Reply url = co_await world.calls->call(service_call("sqs", "GetQueueUrl", where, sender, std::move(name), trace));
        if (url.error) co_return url.error;
        Value message = queue_message(url.output["QueueUrl"], letter);
        Reply sent = co_await world.calls->call(service_call("sqs", "SendMessage", where, sender, std::move(message), trace));
        co_return sent.error;
    }
    auto call = call_for(letter, target, where, trace);
    if (!call) co_return ApiError("InvalidDestination", 400, "No such kind of destination: " + target.service);
    Reply sent = co_await world.calls->call(std::move(*call));
    co_return sent.error;
}

Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job) {
    auto& world = partition->world();
    Value letter = json::parse(job.payload);
    std::optional<ApiError> failed = co_await send(world, partition->id(), std::move(letter), job.trace);
    if (failed && job.attempt < attempts) co_return JobOutcome::retry(world.clock.now() + between_ms);
    co_return JobOutcome::finished();
}

}  // namespace

NewJob delivery_job(const Letter& letter, TraceContext trace) {
    Value document = Object{{"target", letter.target}, {"body", letter.body}, {"detailType", letter.detail_type}, {"resources", letter.resources}, {"objectKey", letter.object_key}};
    if (!letter.attributes.is_null()) document["attributes"] = letter.attributes;
    NewJob job;
    job.kind = job_kind;
    job.resource = letter.target;
    job.payload = json::write(document);
    job.trace = trace;
    return job;
}

void register_destinations(World& world) { world.job_kinds.on(job_kind, deliver); }

}  // namespace virga
