// ImportTable, DescribeImport, ListImports.
#include "apis/dynamodb/imports.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/new_table.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/page_token.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/records.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr TimeMs token_ms = 8LL * 3'600'000;  // "A client token is valid for 8 hours"
constexpr std::string_view kept[] = {"ClientToken", "S3BucketSource", "InputFormat", "InputFormatOptions", "InputCompressionType", "TableCreationParameters"};

Value with_times(Value document) {
    for (std::string_view name : {"StartTime", "EndTime"})
        if (document.has(name)) document[name] = Timestamp{document.integer(name)};
    document.as_object().erase("request");
    return document;
}

Value describe(Value document) { return Object{{"ImportTableDescription", with_times(std::move(document))}}; }

std::optional<Value> earlier(Database& db, const Value& input, const std::string& request, TimeMs now) {
    if (!input.has("ClientToken")) return std::nullopt;
    for (auto& [arn, document] : list_records(db, import_record, "")) {
        if (document.text("ClientToken") != input.text("ClientToken") || now - document.integer("StartTime") > token_ms) continue;
        if (document.text("request") != request) throw errors::token_of_another_request("ImportConflictException", input.text("ClientToken"));
        return std::move(document);
    }
    return std::nullopt;
}

void check_options(const Value& input) {
    if (input.text("InputFormat") == "ION") throw errors::not_implemented("imports of ION");
    if (input.has("InputFormatOptions") && input.text("InputFormat") != "CSV")
        throw errors::options_without_csv();
    const std::string_view delimiter = input["InputFormatOptions"]["Csv"].text("Delimiter", ",");
    if (std::string_view(",;:|\t ").find(delimiter) == std::string_view::npos) throw errors::invalid_delimiter();
    if (input["TableCreationParameters"].has("VectorIndexes")) throw errors::not_implemented("VectorIndexes of dynamodb:ImportTable");
}

}  // namespace

Value import_table(Context& ctx, const Value& input) {
    // 1. Validate.
    check_options(input);
    const Value& parameters = input["TableCreationParameters"];
    Table t = read_definition(parameters, ctx.now());
    Value same = input;
    same.as_object().erase("ClientToken");
    const std::string request = json::write(same);

    // 2. Make the table, which is CREATING until a job has filled it.
    WriteScope scope(store(ctx));
    if (auto known = earlier(scope.db(), input, request, ctx.now())) return describe(std::move(*known));
    place_new_table(ctx, scope, t, 0);
    t.filling = true;
    scope.store.save(scope.db(), t);
    const std::string arn = fmt::format("{}/import/{:014}-{}", t.arn, ctx.now(), ctx.random.uuid().substr(0, 8));
    Value document = Object{{"ImportArn", arn}, {"ImportStatus", "IN_PROGRESS"}, {"TableArn", t.arn}, {"TableId", t.uuid}};
    for (std::string_view name : kept)
        if (input.has(name)) document[name] = input[name];
    if (!input["S3BucketSource"].has("S3BucketOwner")) document["S3BucketSource"]["S3BucketOwner"] = ctx.partition->id().account;
    if (!input.has("InputCompressionType")) document["InputCompressionType"] = "NONE";
    document["CloudWatchLogGroupArn"] = ctx.partition->arn("logs", "log-group:/aws-dynamodb/imports:*");
    document["StartTime"] = ctx.now();
    for (std::string_view count : {"ErrorCount", "ProcessedSizeBytes", "ProcessedItemCount", "ImportedItemCount"}) document[count] = 0;
    document["request"] = request;
    put_record(scope.db(), import_record, arn, document);
    NewJob job;
    job.kind = import_job;
    job.resource = t.arn;
    job.payload = arn;
    job.trace = ctx.trace();
    scope.tx.enqueue(std::move(job));
    scope.commit();

    // 3. Answer.
    return describe(std::move(document));
}

Value describe_import(Context& ctx, const Value& input) {
    ReadScope reading(store(ctx));
    auto document = find_record(reading.db(), import_record, input.text("ImportArn"));
    if (!document) throw errors::import_not_found(input.text("ImportArn"));
    return describe(std::move(*document));
}

Value list_imports(Context& ctx, const Value& input) {
    const std::size_t limit = static_cast<std::size_t>(input.integer("PageSize", 25));
    const std::string_view only = input.text("TableArn");
    Array page;
    std::string last;
    Object answer;
    ReadScope reading(store(ctx));
    for (auto& [arn, document] : list_records(reading.db(), import_record, read_page_token(input.text("NextToken")))) {
        if (!only.empty() && document.text("TableArn") != only) continue;
        if (page.size() == limit) {
            answer.append("NextToken", page_token(last));
            break;
        }
        const Value whole = with_times(std::move(document));
        Object summary;
        for (std::string_view name : {"ImportArn", "ImportStatus", "TableArn", "S3BucketSource", "CloudWatchLogGroupArn", "InputFormat", "StartTime", "EndTime"})
            if (whole.has(name)) summary.append(std::string(name), whole[name]);
        page.push_back(std::move(summary));
        last = arn;
    }
    answer.append("ImportSummaryList", std::move(page));
    return answer;
}

}  // namespace virga::dynamodb
