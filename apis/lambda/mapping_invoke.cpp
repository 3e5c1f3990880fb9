#include "apis/lambda/mapping_invoke.hpp"

#include "apis/sources/failed_items.hpp"
#include "emulator/base/json.hpp"

namespace virga {

namespace {

Call invocation_of(const MappingSpec& spec, const std::vector<SourceRecord>& records) {
    Array events, links;
    for (auto& r : records) {
        events.push_back(r.event);
        // The first record is the cause; the others are links.
        if (&r != &records.front() && !r.trace.empty() && r.trace != records.front().trace) links.push_back(r.trace.header());
    }
    Value input = Object{{"FunctionName", spec.function},
                         {"InvocationType", "RequestResponse"},
                         {"Payload", Bytes{json::write(Object{{"Records", std::move(events)}})}}};
    if (!links.empty()) input["virga:links"] = std::move(links);
    return service_call("lambda", "Invoke", spec.home, "lambda.amazonaws.com", std::move(input), records.front().trace);
}

BatchResult result_of(const MappingSpec& spec, const std::vector<SourceRecord>& records, const Reply& reply) {
    BatchResult result;
    result.request_id = reply.request_id;
    if (reply.error) {
        result.kind = reply.error->code == "TooManyRequestsException" ? BatchResult::Kind::throttled : BatchResult::Kind::failed;
        return result;
    }
    result.executed_version = reply.output.text("ExecutedVersion");
    result.ran = true;
    if (reply.output.has("FunctionError")) {
        result.kind = BatchResult::Kind::failed;
        return result;
    }
    if (!spec.partial) return result;
    std::vector<std::string> ids;
    for (auto& r : records) ids.push_back(r.id);
    auto failures = failed_items(reply.output.has("Payload") ? reply.output["Payload"].as_bytes() : "", ids);
    if (failures) result.failures = std::move(*failures);
    else result.kind = BatchResult::Kind::failed;
    return result;
}

}  // namespace

Task<BatchResult> invoke_batch(World* world, std::shared_ptr<const MappingSpec> spec, std::vector<SourceRecord> records) {
    Call call = invocation_of(*spec, records);
    Reply reply = co_await world->calls->call(std::move(call));
    co_return result_of(*spec, records, reply);
}

}  // namespace virga
