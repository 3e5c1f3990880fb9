// Inventory, analytics, metrics and intelligent-tiering configurations: any number under ids, recorded and given back without an effect.
#include <algorithm>

#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

using namespace object;

namespace {

struct NamedKind {
    const char* kind;
    const char* put;
    const char* get;
    const char* list;
    const char* remove;
    const char* payload;
    const char* list_member;
};
constexpr NamedKind named_kinds[] = {
    {"inventory", "PutBucketInventoryConfiguration", "GetBucketInventoryConfiguration", "ListBucketInventoryConfigurations", "DeleteBucketInventoryConfiguration",
     "InventoryConfiguration", "InventoryConfigurationList"},
    {"analytics", "PutBucketAnalyticsConfiguration", "GetBucketAnalyticsConfiguration", "ListBucketAnalyticsConfigurations", "DeleteBucketAnalyticsConfiguration",
     "AnalyticsConfiguration", "AnalyticsConfigurationList"},
    {"metrics", "PutBucketMetricsConfiguration", "GetBucketMetricsConfiguration", "ListBucketMetricsConfigurations", "DeleteBucketMetricsConfiguration",
     "MetricsConfiguration", "MetricsConfigurationList"},
    {"intelligent-tiering", "PutBucketIntelligentTieringConfiguration", "GetBucketIntelligentTieringConfiguration", "ListBucketIntelligentTieringConfigurations",
     "DeleteBucketIntelligentTieringConfiguration", "IntelligentTieringConfiguration", "IntelligentTieringConfigurationList"},
};

bool is_config_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 &&
           std::all_of(id.begin(), id.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_'; });
}

// A filter holds one of its conditions; several go under And.
void check_filter(const Value& configuration) {
    const Value& filter = configuration["Filter"];
    if (filter.is_object() && filter.as_object().size() > 1) throw errors::malformed_xml();
}

// Objects come to an archive tier after so many days without access, and two years at most (API reference, "Tiering").
void check_tierings(const Value& configuration) {
    for (const Value& tiering : configuration.list("Tierings")) {
        std::string_view tier = tiering.text("AccessTier");
        std::int64_t days = tiering.integer("Days"), least = tier == "ARCHIVE_ACCESS" ? least_archive_days : least_deep_archive_days;
        if (days < least) throw errors::tiering_days(tier, "less", least);
        if (days > most_tiering_days) throw errors::tiering_days(tier, "more", most_tiering_days);
    }
}

// Reports go to a bucket that is named by its ARN.
void check_report(const Value& destination) {
    if (destination.is_object() && !destination.text("Bucket").starts_with("arn:")) throw errors::invalid_report_bucket();
}

std::optional<std::string> find_named(Database& db, std::int64_t bucket, std::string_view kind, std::string_view id) {
    Query q = db.query("select body from object_named_config where bucket = ? and kind = ? and id = ?", bucket, kind, id);
    if (!q.next()) return std::nullopt;
    return q.string(0);
}

Value put(const NamedKind& k, Context& ctx, const Value& input) {
    const Value& configuration = input[k.payload];
    std::string id(input.text("Id"));
    if (configuration.text("Id") != id) throw errors::id_mismatch();
    if (!is_config_id(id)) throw errors::invalid_argument("Invalid configuration id", "id", id);
    if (std::string_view(k.kind) != "inventory") check_filter(configuration);
    check_tierings(configuration);
    check_report(configuration["Destination"]["S3BucketDestination"]);
    check_report(configuration["StorageClassAnalysis"]["DataExport"]["Destination"]["S3BucketDestination"]);
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        if (!find_named(tx.db(), bucket.id, k.kind, id) && count_named_configs(tx.db(), bucket.id, k.kind) >= max_named_configs) throw errors::too_many_configurations();
        tx.db().run("insert into object_named_config (bucket, kind, id, body) values (?, ?, ?, ?) on conflict do update set body = excluded.body", bucket.id, k.kind, id,
                    json::write(configuration));
    });
    // The samples of the API reference show 204 for these three.
    if (std::string_view(k.kind) == "inventory" || std::string_view(k.kind) == "analytics" || std::string_view(k.kind) == "metrics") set_status(ctx, 204);
    return Object();
}

Value get(const NamedKind& k, Context& ctx, const Value& input) {
    auto stored = with_bucket(ctx, input, [&](Database& db, const Bucket& bucket) { return find_named(db, bucket.id, k.kind, input.text("Id")); });
    if (!stored) throw errors::no_such_configuration(input.text("Bucket"));
    return Object{{k.payload, json::parse(*stored)}};
}

Value list(const NamedKind& k, Context& ctx, const Value& input) {
    std::string after;
    if (std::string_view token = input.text("ContinuationToken"); !token.empty()) {
        auto decoded = base64_decode(token);
        if (!decoded) throw errors::invalid_argument("The continuation token provided is incorrect", "continuation-token", token);
        after = *decoded;
    }
    auto found = with_bucket(ctx, input, [&](Database& db, const Bucket& bucket) { return list_named_configs(db, bucket.id, k.kind, after, named_config_page + 1); });
    bool truncated = static_cast<std::int64_t>(found.size()) > named_config_page;
    if (truncated) found.pop_back();
    Object output;
    if (input.has("ContinuationToken")) output.append("ContinuationToken", input.text("ContinuationToken"));
    output.append("IsTruncated", truncated);
    if (truncated) output.append("NextContinuationToken", base64_encode(found.back().id));
    Array all;
    for (const NamedConfig& c : found) all.push_back(json::parse(c.body));
    if (!all.empty()) output.append(k.list_member, std::move(all));
    return output;
}

Value remove(const NamedKind& k, Context& ctx, const Value& input) {
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        if (!tx.db().run("delete from object_named_config where bucket = ? and kind = ? and id = ?", bucket.id, k.kind, input.text("Id")))
            throw errors::no_such_configuration(bucket.name);
    });
    return Object();
}

}  // namespace

void add_named_configurations(const AddOperation& on) {
    for (const NamedKind& k : named_kinds) {
        const NamedKind* at = &k;
        on(k.put, [at](Context& ctx, const Value& input) { return put(*at, ctx, input); });
        on(k.get, [at](Context& ctx, const Value& input) { return get(*at, ctx, input); });
        on(k.list, [at](Context& ctx, const Value& input) { return list(*at, ctx, input); });
        on(k.remove, [at](Context& ctx, const Value& input) { return remove(*at, ctx, input); });
    }
}

}  // namespace virga::s3
