// An import at work: every object under the prefix is read, unpacked and put into the table, a page of items at a time.
#include <algorithm>

#include "apis/dynamodb/compression.hpp"
#include "apis/dynamodb/import_lines.hpp"
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
};

TablePtr find_table(TableStore& store, Database& db, const Value& import) {
    const std::string_view arn = import.text("TableArn");
    TablePtr t = store.find(db, arn.substr(arn.rfind('/') + 1));
    return t && t->uuid == import.text("TableId") ? t : nullptr;
}

Task<Reply> s3(Partition& partition, std::string operation, Value input, TraceContext trace) {
    Call call = service_call("s3", std::move(operation), partition.id(), "dynamodb.amazonaws.com", std::move(input), trace);
    Reply reply = co_await partition.world().calls->call(std::move(call));
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
        Value input = Object{{"Bucket", source["S3Bucket"]}};
        if (source.has("S3KeyPrefix")) input["Prefix"] = source["S3KeyPrefix"];
        if (!token.empty()) input["ContinuationToken"] = token;
        Reply reply = co_await s3(partition, "ListObjectsV2", std::move(input), trace);
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

// One page of items into the table: what has no good key, is too large, or cannot be indexed counts as an error.
bool put_items(TableStore& store, const Value& import, const std::vector<std::string>& items, Progress& p, TraceContext trace) {
    WriteScope scope(store);
    TablePtr t = find_table(store, scope.db(), import);
    if (!t) return false;
    const WriteCause cause{store.partition.world().clock.now(), trace, false};
    for (const std::string& item : items) {
        ++p.processed;
        try {
            if (item.empty()) throw ApiError("ValidationException", 400, "no item");
            const ItemKey key = item_key(*t, ItemView(item));
            check_index_keys(*t, ItemView(item));
            check_item_size(ItemView(item));
            const std::string before = read_item(scope.db(), *t, key);
            write_item(scope, *t, key, ItemView(before), ItemView(item), cause);
            ++p.imported;
        } catch (const ApiError&) {
            ++p.errors;
        }
    }
    scope.commit();
    return true;
}

// False when the table is gone. Throws CompressionError.
bool import_object(Partition& partition, const Value& import, std::string data, Progress& p, TraceContext trace) {
    auto& store = partition.part<TableStore>();
    p.bytes += static_cast<std::int64_t>(data.size());
    const std::string text = unpack(import.text("InputCompressionType"), std::move(data), object_bytes);
    std::vector<std::string> page;
    bool there = true;
    auto use = [&](std::string item) {
        page.push_back(std::move(item));
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
    // A table whose import failed does not stay.
    if (TablePtr known = find_table(store, scope.db(), import)) {
        Table t = *known;
        t.filling = false;
        if (error) store.drop(scope.db(), *known);
        else store.save(scope.db(), t);
    }
    put_record(scope.db(), import_record, import.text("ImportArn"), import);
    scope.commit();
}

Task<std::optional<ApiError>> import_all(Partition& partition, Value import, Progress& p, TraceContext trace) {
    const Listing listing = co_await list_objects(partition, import["S3BucketSource"], trace);
    if (listing.error) co_return ApiError("S3" + listing.error->code, 400, listing.error->message);
    if (listing.keys.empty()) co_return ApiError("ItemValidationError", 400, "No objects were found under the given prefix");
    for (const std::string& key : listing.keys) {
        Value input = Object{{"Bucket", import["S3BucketSource"]["S3Bucket"]}, {"Key", key}};
        Reply reply = co_await s3(partition, "GetObject", std::move(input), trace);
        if (reply.error) co_return ApiError("S3" + reply.error->code, 400, reply.error->message);
        std::string data;
        if (reply.body) data = co_await read_all(*reply.body, object_bytes);
        try {
            if (!import_object(partition, import, std::move(data), p, trace)) co_return ApiError("TableDeleted", 400, "The table was deleted while it was imported");
        } catch (const CompressionError& e) {
            co_return ApiError("InvalidCompression", 400, key + ": " + e.what());
        }
    }
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
