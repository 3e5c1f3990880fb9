// An import at work: every object under the prefix is read, unpacked and put into the table, a page of items at a time.
#include <algorithm>

#include "apis/dynamodb/compression.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/import_lines.hpp"
#include "apis/dynamodb/import_log.hpp"
#include "apis/dynamodb/imports.hpp"
#include "apis/dynamodb/item_write.hpp"
#include "emulator/table/items.hpp"
#include "emulator/table/keys.hpp"
#include "emulator/table/records.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::size_t object_bytes = 512 * 1024 * 1024;  // of one object, packed or not: it is read as a whole
constexpr std::size_t page_items = 500;

struct Progress {
    std::int64_t errors = 0, bytes = 0, processed = 0, imported = 0;
    std::string key;             // of the object that is read
    std::int64_t index = 0;      // in it
    std::vector<ItemFault> faults;  // of it, to be logged
};

TablePtr find_table(TableStore& store, Database& db, const Value& import) {
    const std::string_view arn = import.text("TableArn");
    TablePtr t = store.find(db, arn.substr(arn.rfind('/') + 1));
    return t && t->uuid == import.text("TableId") ? t : nullptr;
}

// Answers what was asked of a bucket, or the failure of the import.
Task<Reply> s3(Partition& partition, std::string operation, Value source, Value input, TraceContext trace) {
    input["Bucket"] = source["S3Bucket"];
    input["ExpectedBucketOwner"] = source["S3BucketOwner"];
    Call call = service_call("s3", std::move(operation), partition.id(), "dynamodb.amazonaws.com", std::move(input), trace);
    Reply reply = co_await partition.world().calls->call(std::move(call));
    if (reply.error) reply.error = errors::failed_s3_call(*reply.error);
    co_return reply;
}

struct Listing {
    std::vector<std::string> keys;
    std::optional<ApiError> error;
};

Task<Listing> list_objects(Partition& partition, Value source, TraceContext trace) {
    Listing listing;
    std::string token;
    do {
        Value input = Object();
        if (source.has("S3KeyPrefix")) input["Prefix"] = source["S3KeyPrefix"];
        if (!token.empty()) input["ContinuationToken"] = token;
        Reply reply = co_await s3(partition, "ListObjectsV2", source, std::move(input), trace);
        if (reply.error) {
            listing.error = std::move(reply.error);
            break;
        }
        for (const Value& object : reply.output.list("Contents"))
            if (object.integer("Size") > 0) listing.keys.emplace_back(object.text("Key"));
        token = reply.output.flag("IsTruncated") ? reply.output.text("NextContinuationToken") : "";
    } while (!token.empty());
    co_return listing;
}

// Answers what is wrong with an item that cannot be put: it has no good key, is too large, or cannot be indexed.
std::string put_item(WriteScope& scope, const Table& t, ItemView item, const WriteCause& cause) {
    try {
        const ItemKey key = item_key(t, item);
        check_index_keys(t, item);
        check_item_size(item);
        const std::string before = read_item(scope.db(), t, key);
        write_item(scope, t, key, ItemView(before), item, cause);
        return {};
    } catch (const ApiError& e) {
        return e.message;
    }
}

// One page of items into the table. False when the table is gone.
bool put_items(TableStore& store, const Value& import, const std::vector<ImportLine>& lines, Progress& p, TraceContext trace) {
    WriteScope scope(store);
    TablePtr t = find_table(store, scope.db(), import);
    if (!t) return false;
    const WriteCause cause{store.partition.world().clock.now(), trace, false};
    for (const ImportLine& line : lines) {
        std::string fault = line.fault;
        if (fault.empty()) fault = put_item(scope, *t, ItemView(line.item), cause);
        if (!fault.empty()) p.faults.push_back({p.key, p.index, std::move(fault)});
        else ++p.imported;
        ++p.processed;
        ++p.index;
    }
    scope.commit();
    return true;
}

// False when the table is gone. Throws CompressionError.
bool import_object(Partition& partition, const Value& import, std::string data, Progress& p, TraceContext trace) {
    auto& store = partition.part<TableStore>();
    p.bytes += static_cast<std::int64_t>(data.size());
    const std::string text = unpack(import.text("InputCompressionType"), std::move(data), object_bytes);
    std::vector<ImportLine> page;
    bool there = true;
    auto use = [&](ImportLine line) {
        page.push_back(std::move(line));
        if (page.size() < page_items || !there) return;
        there = put_items(store, import, page, p, trace);
        page.clear();
    };
    if (import.text("InputFormat") == "CSV") {
        TablePtr t;
        {
            ReadScope reading(store);
            t = find_table(store, reading.db(), import);
        }
        if (!t) return false;
        const Value& csv = import["InputFormatOptions"]["Csv"];
        CsvOptions options{csv.text("Delimiter", ",")[0], {}};
        for (const Value& name : csv.list("HeaderList")) options.names.push_back(name.as_string());
        read_csv(text, options, *t, use);
    } else {
        read_json_lines(text, use);
    }
    return there && put_items(store, import, page, p, trace);
}

void end_import(Partition& partition, Value import, const Progress& p, std::optional<ApiError> error) {
    auto& store = partition.part<TableStore>();
    import["EndTime"] = partition.world().clock.now();
    import["ImportStatus"] = error ? "FAILED" : "COMPLETED";
    if (error) import["FailureCode"] = error->code, import["FailureMessage"] = error->message;
    import["ErrorCount"] = p.errors;
    import["ProcessedSizeBytes"] = p.bytes;
    import["ProcessedItemCount"] = p.processed;
    import["ImportedItemCount"] = p.imported;
    WriteScope scope(store);
    // The table of an import that failed before it had any item does not stay.
    if (TablePtr known = find_table(store, scope.db(), import)) {
        Table t = *known;
        t.filling = false;
        if (error && p.processed == 0) store.drop(scope.db(), *known);
        else store.save(scope.db(), t);
    }
    put_record(scope.db(), import_record, import.text("ImportArn"), import);
    scope.commit();
}

Task<std::optional<ApiError>> import_all(Partition& partition, Value import, Progress& p, TraceContext trace) {
    const Listing listing = co_await list_objects(partition, import["S3BucketSource"], trace);
    if (listing.error) co_return listing.error;
    if (listing.keys.empty()) co_return errors::no_import_objects();
    for (const std::string& key : listing.keys) {
        Value input = Object{{"Key", key}};
        Reply reply = co_await s3(partition, "GetObject", import["S3BucketSource"], std::move(input), trace);
        if (reply.error) co_return reply.error;
        std::string data;
        if (reply.body) data = co_await read_all(*reply.body, object_bytes);
        try {
            p.key = key;
            p.index = 0;
            if (!import_object(partition, import, std::move(data), p, trace)) co_return errors::table_gone_while("imported");
        } catch (const CompressionError& e) {
            co_return errors::invalid_compression(key, e.what());
        }
        p.errors += static_cast<std::int64_t>(p.faults.size());
        co_await log_faults(partition, import, std::move(p.faults), trace);
        p.faults.clear();
    }
    if (p.errors > 0) co_return errors::items_not_imported();
    co_return std::nullopt;
}

}  // namespace

Task<JobOutcome> run_import(std::shared_ptr<Partition> partition, Job job) {
    std::optional<Value> import;
    {
        ReadScope reading(partition->part<TableStore>());
        import = find_record(reading.db(), import_record, job.payload);
    }
    if (!import || import->text("ImportStatus") != "IN_PROGRESS") co_return JobOutcome::finished();
    Progress p;
    auto error = co_await import_all(*partition, *import, p, job.trace);
    end_import(*partition, std::move(*import), p, std::move(error));
    co_return JobOutcome::finished();
}

}  // namespace virga::dynamodb
