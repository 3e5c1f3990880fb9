#include "apis/dynamodb/import_log.hpp"

#include "emulator/base/json.hpp"

namespace virga::dynamodb {

namespace {

constexpr std::string_view group = "/aws-dynamodb/imports";
// Of texts in one PutLogEvents: well below its limits of 1 MiB, with 26 bytes for each event, and of 10,000 events.
constexpr std::size_t events_bytes = 512 * 1024;

std::string message(const Value& import, const ItemFault& fault) {
    return json::write(Object{{"itemS3Pointer", Object{{"bucket", import["S3BucketSource"]["S3Bucket"]}, {"key", fault.key}, {"itemIndex", fault.index}}},
                              {"importArn", import["ImportArn"]},
                              {"errorMessages", Array{fault.text}}});
}

Task<> call_logs(Partition& partition, std::string operation, Value input, TraceContext trace) {
    Call call = service_call("logs", std::move(operation), partition.id(), "dynamodb.amazonaws.com", std::move(input), trace);
    Reply reply = co_await partition.world().calls->call(std::move(call));
}

}  // namespace

Task<> log_faults(Partition& partition, Value import, std::vector<ItemFault> faults, TraceContext trace) {
    if (faults.empty()) co_return;
    const std::string_view arn = import.text("ImportArn");
    Value stream = Object{{"logGroupName", group}};
    co_await call_logs(partition, "CreateLogGroup", stream, trace);
    stream["logStreamName"] = std::string(arn.substr(arn.rfind('/') + 1)) + "/error";
    co_await call_logs(partition, "CreateLogStream", stream, trace);
    for (std::size_t at = 0; at < faults.size();) {
        Array events;
        for (std::size_t bytes = 0; at < faults.size() && bytes < events_bytes; ++at) {
            std::string text = message(import, faults[at]);
            bytes += text.size();
            events.push_back(Object{{"timestamp", partition.world().clock.now()}, {"message", std::move(text)}});
        }
        Value input = stream;
        input["logEvents"] = std::move(events);
        co_await call_logs(partition, "PutLogEvents", std::move(input), trace);
    }
}

}  // namespace virga::dynamodb
