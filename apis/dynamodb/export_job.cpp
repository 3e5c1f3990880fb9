// The files of an export: data in pieces, then the two manifests with their checksums.
#include <fmt/format.h>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/exports.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/table/history.hpp"
#include "emulator/table/projection.hpp"
#include "emulator/table/records.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::size_t page_keys = 1000;
constexpr std::size_t file_bytes = 16 * 1024 * 1024;  // of text in one data file

struct DataFile {
    std::string text;
    std::size_t items = 0;
};

struct Progress {
    ItemKey from = before_all_keys();
    bool more = true;
    std::int64_t items = 0, bytes = 0;
    int files = 0;
    std::string manifest;  // lines of manifest-files.json
};

std::string root(const Value& e) {
    const std::string_view prefix = e.text("S3Prefix");
    return (prefix.empty() ? std::string() : std::string(prefix) + (prefix.back() == '/' ? "" : "/")) + "AWSDynamoDB/";
}
std::string export_id(const Value& e) { return std::string(e.text("ExportArn").substr(e.text("ExportArn").rfind('/') + 1)); }
bool is_incremental(const Value& e) { return e.text("ExportType") == "INCREMENTAL_EXPORT"; }

void add_line(DataFile& file, const Object& line) {
    json::write_to(file.text, line);
    file.text += '\n';
    ++file.items;
}

// A line of a full export for every item as it was.
bool add_items(Database& db, const Value& e, const Table& t, Progress& p, DataFile& file) {
    const TimeMs instant = e.integer("ExportTime");
    PastPage page = items_as_of(db, t, instant % 1000 == 0 ? instant + 999 : instant, p.from, page_keys);
    for (const PastItem& item : page.items) {
        p.bytes += static_cast<std::int64_t>(item_size(ItemView(item.body)));
        add_line(file, Object{{"Item", decode_item(ItemView(item.body))}});
    }
    return page.more;
}

// A line of an incremental export for every item that changed: what it was before and what it became.
bool add_changes(Database& db, const Value& e, const Table& t, Progress& p, DataFile& file) {
    const Value& period = e["IncrementalExportSpecification"];
    ChangePage page = changes_between(db, t, period.integer("ExportFromTime"), period.integer("ExportToTime"), p.from, page_keys);
    for (const PastChange& c : page.changes) {
        const ItemView before(c.before), after(c.after);
        const std::string keys = project_names(t.key_names(), after ? after : before);
        Object line{{"Metadata", Object{{"WriteTimestampMicros", Object{{"N", std::to_string(c.at * 1000)}}}}}, {"Keys", decode_item(ItemView(keys))}};
        if (before && period.text("ExportViewType") == "NEW_AND_OLD_IMAGES") line.append("OldImage", decode_item(before));
        if (after) line.append("NewImage", decode_item(after));
        p.bytes += static_cast<std::int64_t>(item_size(before) * !!before + item_size(after) * !!after);
        add_line(file, line);
    }
    return page.more;
}

// The next data file; nothing when the table, or its history, is gone.
std::optional<DataFile> next_file(Partition& partition, const Value& e, Progress& p) {
    auto& store = partition.part<TableStore>();
    DataFile file;
    while (p.more && file.text.size() < file_bytes) {
        ReadScope reading(store);
        const std::string_view arn = e.text("TableArn");
        TablePtr t = store.find(reading.db(), arn.substr(arn.rfind('/') + 1));
        if (!t || t->uuid != e.text("TableId") || !t->recovery_since) return std::nullopt;
        p.more = is_incremental(e) ? add_changes(reading.db(), e, *t, p, file) : add_items(reading.db(), e, *t, p, file);
    }
    p.items += static_cast<std::int64_t>(file.items);
    return file;
}

Task<std::optional<ApiError>> put_object(Partition& partition, Value e, std::string key, std::string body, TraceContext trace) {
    Value input = Object{{"Bucket", e["S3Bucket"]}, {"Key", std::move(key)}, {"ContentType", "application/octet-stream"}};
    if (e.has("S3BucketOwner")) input["ExpectedBucketOwner"] = e["S3BucketOwner"];
    input["ServerSideEncryption"] = e.text("S3SseAlgorithm") == "KMS" ? "aws:kms" : "AES256";
    if (e.has("S3SseKmsKeyId")) input["SSEKMSKeyId"] = e["S3SseKmsKeyId"];
    Call call = service_call("s3", "PutObject", partition.id(), "dynamodb.amazonaws.com", std::move(input), trace);
    call.body = std::make_shared<StringSource>(std::move(body));
    Reply reply = co_await partition.world().calls->call(std::move(call));
    if (!reply.error) co_return std::nullopt;
    co_return errors::failed_s3_call(*reply.error);
}

std::string manifest_line(const DataFile& file, const std::string& packed, const std::string& key) {
    const std::string digest = md5(packed);
    return json::write(Object{{"itemCount", file.items}, {"md5Checksum", base64_encode(digest)}, {"etag", hex_encode(digest)}, {"dataFileS3Key", key}}) + "\n";
}

std::string summary(const Value& e, const Progress& p, TimeMs now) {
    Object s{{"version", is_incremental(e) ? "2023-08-01" : "2020-06-30"},
             {"exportArn", e["ExportArn"]},
             {"startTime", iso8601(e.integer("StartTime"), true)},
             {"endTime", iso8601(now, true)},
             {"tableArn", e["TableArn"]},
             {"tableId", e["TableId"]}};
    if (is_incremental(e)) {
        const Value& period = e["IncrementalExportSpecification"];
        s.append("exportFromTime", iso8601(period.integer("ExportFromTime"), true));
        s.append("exportToTime", iso8601(period.integer("ExportToTime"), true));
    } else {
        s.append("exportTime", iso8601(e.integer("ExportTime"), true));
    }
    s.append("s3Bucket", e["S3Bucket"]);
    s.append("s3Prefix", e["S3Prefix"]);
    s.append("s3SseAlgorithm", e["S3SseAlgorithm"]);
    s.append("s3SseKmsKeyId", e["S3SseKmsKeyId"]);
    s.append("manifestFilesS3Key", root(e) + export_id(e) + "/manifest-files.json");
    s.append("billedSizeBytes", p.bytes);
    s.append("itemCount", p.items);
    s.append("outputFormat", e["ExportFormat"]);
    if (is_incremental(e)) s.append("outputView", e["IncrementalExportSpecification"]["ExportViewType"]);
    s.append("exportType", e["ExportType"]);
    return json::write(s);
}

void end_export(Partition& partition, Value e, const Progress& p, std::optional<ApiError> error) {
    e["EndTime"] = partition.world().clock.now();
    e["ExportStatus"] = error ? "FAILED" : "COMPLETED";
    if (error) {
        e["FailureCode"] = error->code;
        e["FailureMessage"] = error->message;
    } else {
        e["ExportManifest"] = root(e) + export_id(e) + "/manifest-summary.json";
        e["BilledSizeBytes"] = p.bytes;
        e["ItemCount"] = p.items;
    }
    WriteScope scope(partition.part<TableStore>());
    put_record(scope.db(), export_record, e.text("ExportArn"), e);
    scope.commit();
}

// All data files, in order of keys. Names follow from the export, so that a second run writes the same ones.
Task<std::optional<ApiError>> put_data(Partition& partition, Value e, Progress& p, TraceContext trace) {
    const std::string folder = is_incremental(e) ? root(e) + "data/" : root(e) + export_id(e) + "/data/";
    while (p.more) {
        const auto file = next_file(partition, e, p);
        if (!file) co_return errors::table_gone_while("exported");
        if (file->items == 0 && p.files > 0) break;
        const std::string name = fmt::format("{}|{}", e.text("ExportArn"), p.files++);
        const std::string key = fmt::format("{}{:016x}{:010x}.json.gz", folder, hash64(name, 1), hash64(name, 2) >> 24);
        std::string packed = gzip(file->text);
        p.manifest += manifest_line(*file, packed, key);
        auto error = co_await put_object(partition, e, key, std::move(packed), trace);
        if (error) co_return error;
    }
    co_return std::nullopt;
}

Task<std::optional<ApiError>> put_manifests(Partition& partition, Value e, const Progress& p, TraceContext trace) {
    const std::string folder = root(e) + export_id(e) + "/";
    const std::string about = summary(e, p, partition.world().clock.now());
    const std::pair<std::string, std::string> files[] = {{"manifest-files.json", p.manifest},
                                                         {"manifest-files.checksum", base64_encode(md5(p.manifest))},
                                                         {"manifest-summary.json", about},
                                                         {"manifest-summary.checksum", base64_encode(md5(about))}};
    for (const auto& [name, body] : files) {
        auto error = co_await put_object(partition, e, folder + name, body, trace);
        if (error) co_return error;
    }
    co_return std::nullopt;
}

}  // namespace

Task<JobOutcome> run_export(std::shared_ptr<Partition> partition, Job job) {
    std::optional<Value> e;
    {
        ReadScope reading(partition->part<TableStore>());
        e = find_record(reading.db(), export_record, job.payload);
    }
    if (!e || e->text("ExportStatus") != "IN_PROGRESS") co_return JobOutcome::finished();
    Progress p;
    const std::string started = root(*e) + export_id(*e) + "/_started";
    auto error = co_await put_object(*partition, *e, started, std::string(), job.trace);
    if (!error) error = co_await put_data(*partition, *e, p, job.trace);
    if (!error) error = co_await put_manifests(*partition, *e, p, job.trace);
    end_export(*partition, std::move(*e), p, std::move(error));
    co_return JobOutcome::finished();
}

}  // namespace virga::dynamodb
