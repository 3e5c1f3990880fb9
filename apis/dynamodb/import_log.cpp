#include "apis/dynamodb/import_log.hpp"

#include "apis/dispatch/log_events.hpp"
#include "emulator/base/json.hpp"

namespace virga::dynamodb {

namespace {

constexpr const char* group = "/aws-dynamodb/imports";

std::string message(const Value& import, const ItemFault& fault) {
    return json::write(Object{{"itemS3Pointer", Object{{"bucket", import["S3BucketSource"]["S3Bucket"]}, {"key", fault.key}, {"itemIndex", fault.index}}},
                              {"importArn", import["ImportArn"]},
                              {"errorMessages", Array{fault.text}}});
}

}  // namespace

Task<> log_faults(Partition& partition, Value import, std::vector<ItemFault> faults, TraceContext trace) {
    if (faults.empty()) co_return;
    const std::string_view arn = import.text("ImportArn");
    LogTarget target{partition.id(), "dynamodb.amazonaws.com", group, std::string(arn.substr(arn.rfind('/') + 1)) + "/error", LogTarget::Makes::group_and_stream, trace};
    std::vector<LogMessage> messages;
    for (const ItemFault& fault : faults) messages.push_back({partition.world().clock.now(), message(import, fault)});
    Task<std::optional<ApiError>> writing = put_log_events(&partition.world(), std::move(target), std::move(messages));
    co_await std::move(writing);
}

}  // namespace virga::dynamodb
