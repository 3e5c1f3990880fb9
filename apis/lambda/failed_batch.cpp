#include "apis/lambda/failed_batch.hpp"

#include "apis/lambda/destinations.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga {

NewJob failed_batch_letter(const MappingSpec& spec, const std::string& shard, const std::vector<SourceRecord>& records, const char* condition,
                           const BatchResult& result, std::int64_t count, TimeMs now) {
    Value record = Object{{"requestContext", Object{{"requestId", result.request_id}, {"functionArn", spec.function}, {"condition", condition}, {"approximateInvokeCount", count}}}};
    if (result.ran)
        record["responseContext"] = Object{{"statusCode", 200}, {"executedVersion", result.executed_version}, {"functionError", result.kind == BatchResult::Kind::failed ? Value("Unhandled") : Value()}};
    record["version"] = "1.0";
    record["timestamp"] = iso8601(now, true);
    record[spec.source == MappingSpec::Source::kinesis ? "KinesisBatchInfo" : "DDBStreamBatchInfo"] =
        Object{{"shardId", shard},
               {"startSequenceNumber", records.front().id},
               {"endSequenceNumber", records.back().id},
               {"approximateArrivalOfFirstRecord", iso8601(records.front().arrived, spec.source == MappingSpec::Source::kinesis)},
               {"approximateArrivalOfLastRecord", iso8601(records.back().arrived, spec.source == MappingSpec::Source::kinesis)},
               {"batchSize", static_cast<std::int64_t>(records.size())},
               {"streamArn", spec.source_arn}};
    Letter letter;
    letter.target = spec.on_failure;
    if (auto target = Arn::parse(spec.on_failure); target && target->service == "s3") {
        Array events;
        for (auto& r : records) events.push_back(r.event);
        record["payload"] = Object{{"Records", std::move(events)}};
        letter.object_key = "aws/lambda/" + spec.uuid + "/" + shard + "/" + format_utc(now, "%Y/%m/%d/%Y-%m-%dT%H.%M.%S-") + result.request_id;
    }
    letter.body = json::write(record);
    return delivery_job(letter, records.front().trace);
}

}  // namespace virga
