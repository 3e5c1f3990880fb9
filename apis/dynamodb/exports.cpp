// ExportTableToPointInTime, DescribeExport, ListExports.
#include "apis/dynamodb/exports.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/page_token.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/history.hpp"
#include "emulator/table/records.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr TimeMs token_ms = 8LL * 3'600'000;  // "A client token is valid for 8 hours after the first request that uses it"
constexpr TimeMs least_period_ms = 15 * 60'000, most_period_ms = 24LL * 3'600'000;

constexpr std::string_view times[] = {"StartTime", "EndTime", "ExportTime", "ExportFromTime", "ExportToTime"};

// Stored documents have times as numbers; answers have them as times.
Value with_times(Value document) {
    for (auto& m : document.as_object()) {
        if (m.value.is_object()) m.value = with_times(std::move(m.value));
        else if (m.value.is_integer() && std::find(std::begin(times), std::end(times), m.name) != std::end(times)) m.value = Timestamp{m.value.as_integer()};
    }
    return document;
}

TablePtr require_exported(Context& ctx, Database& db, const Value& input) {
    const std::string name = named_table(ctx, input.text("TableArn"), "tableArn");
    TablePtr t = store(ctx).find(db, name);
    if (!t || t->gone_at) throw errors::unknown_table(name);
    ctx.resource = t->arn;
    if (!t->recovery_since) throw errors::no_point_in_time_recovery(name);
    return t;
}

void check_instant(const Table& t, TimeMs instant, TimeMs now, std::string_view what) {
    if (instant > now) throw errors::invalid_export_time(fmt::format("{} cannot be in the future", what));
    if (instant < earliest_restorable(t, now) / 1000 * 1000)
        throw errors::invalid_export_time(fmt::format("{} is before the earliest time the table can be restored to", what));
}

Object read_period(const Value& input, const Table& t, TimeMs now) {
    const Value& spec = input["IncrementalExportSpecification"];
    if (!spec.has("ExportFromTime")) throw errors::export_start_required();
    const TimeMs from = spec["ExportFromTime"].as_time(), to = spec.has("ExportToTime") ? spec["ExportToTime"].as_time() : now;
    check_instant(t, from, now, "ExportFromTime");
    check_instant(t, to, now, "ExportToTime");
    if (to <= from) throw errors::invalid_export_time("ExportFromTime must be before ExportToTime");
    if (to - from < least_period_ms || to - from > most_period_ms)
        throw errors::invalid_export_time("The time between ExportFromTime and ExportToTime must be between 15 minutes and 24 hours");
    return {{"ExportFromTime", from}, {"ExportToTime", to}, {"ExportViewType", spec.text("ExportViewType", "NEW_AND_OLD_IMAGES")}};
}

Object new_export(Context& ctx, const Value& input, const Table& t) {
    const std::string id = fmt::format("{:014}-{}", ctx.now(), ctx.random.uuid().substr(0, 8));
    const bool incremental = input.text("ExportType") == "INCREMENTAL_EXPORT";
    Object e{{"ExportArn", fmt::format("{}/export/{}", t.arn, id)}, {"ExportStatus", "IN_PROGRESS"}, {"StartTime", ctx.now()}, {"TableArn", t.arn}, {"TableId", t.uuid}};
    if (incremental) {
        if (input.has("ExportTime")) throw errors::export_time_of_incremental();
        e["IncrementalExportSpecification"] = read_period(input, t, ctx.now());
    } else {
        if (input.has("IncrementalExportSpecification")) throw errors::export_period_of_full();
        const TimeMs instant = input.has("ExportTime") ? input["ExportTime"].as_time() : ctx.now();
        check_instant(t, instant, ctx.now(), "ExportTime");
        e["ExportTime"] = instant;
    }
    for (std::string_view name : {"ClientToken", "S3Bucket", "S3BucketOwner", "S3Prefix", "S3SseKmsKeyId"})
        if (input.has(name)) e[name] = input[name];
    e["S3SseAlgorithm"] = input.text("S3SseAlgorithm", "AES256");
    e["ExportFormat"] = input.text("ExportFormat", "DYNAMODB_JSON");
    e["ExportType"] = incremental ? "INCREMENTAL_EXPORT" : "FULL_EXPORT";
    return e;
}

// The parameters that make two requests the same.
Value parameters(const Value& input) {
    Value out = input;
    out.as_object().erase("ClientToken");
    return out;
}

// The export that a token was used for before; nothing when it is new.
std::optional<Value> earlier(Database& db, const Value& input, TimeMs now) {
    if (!input.has("ClientToken")) return std::nullopt;
    for (auto& [arn, document] : list_records(db, export_record, "")) {
        if (document.text("ClientToken") != input.text("ClientToken") || now - document.integer("StartTime") > token_ms) continue;
        if (document["request"].text("") != json::write(parameters(input)))
            throw errors::token_of_another_request("ExportConflictException", input.text("ClientToken"));
        return document;
    }
    return std::nullopt;
}

Value describe(Value document) {
    document.as_object().erase("request");
    document.as_object().erase("uploaded");
    return Object{{"ExportDescription", with_times(std::move(document))}};
}

}  // namespace

Value export_table_to_point_in_time(Context& ctx, const Value& input) {
    // 1. Validate.
    if (input.text("ExportFormat") == "ION") throw errors::not_implemented("exports in ION");
    if (input.has("FilterSpecification")) throw errors::not_implemented("FilterSpecification of dynamodb:ExportTableToPointInTime");
    WriteScope scope(store(ctx));
    TablePtr t = require_exported(ctx, scope.db(), input);
    if (auto known = earlier(scope.db(), input, ctx.now())) return describe(std::move(*known));

    // 2. Record it; a job does it.
    Value document = new_export(ctx, input, *t);
    document["request"] = Object{{"", json::write(parameters(input))}};
    const std::string arn(document.text("ExportArn"));
    put_record(scope.db(), export_record, arn, document);
    NewJob job;
    job.kind = export_job;
    job.resource = t->arn;
    job.payload = arn;
    job.trace = ctx.trace();
    scope.tx.enqueue(std::move(job));
    scope.commit();

    // 3. Answer.
    return describe(std::move(document));
}

Value describe_export(Context& ctx, const Value& input) {
    ReadScope reading(store(ctx));
    auto document = find_record(reading.db(), export_record, input.text("ExportArn"));
    if (!document) throw errors::export_not_found(input.text("ExportArn"));
    return describe(std::move(*document));
}

Value list_exports(Context& ctx, const Value& input) {
    const std::size_t limit = static_cast<std::size_t>(input.integer("MaxResults", 25));
    const std::string only(input.text("TableArn"));
    Array page;
    std::string last;
    Object answer;
    ReadScope reading(store(ctx));
    for (const auto& [arn, document] : list_records(reading.db(), export_record, read_page_token(input.text("NextToken")))) {
        if (!only.empty() && document.text("TableArn") != only) continue;
        if (page.size() == limit) {
            answer.append("NextToken", page_token(last));
            break;
        }
        page.push_back(Object{{"ExportArn", arn}, {"ExportStatus", document["ExportStatus"]}, {"ExportType", document["ExportType"]}});
        last = arn;
    }
    answer.append("ExportSummaries", std::move(page));
    return answer;
}

}  // namespace virga::dynamodb
