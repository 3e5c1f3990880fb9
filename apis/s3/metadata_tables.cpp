// S3 Metadata configurations, recorded and given back: no table is made, none is filled. Version 1 names a table of the customer's, version 2
// has tables in a bucket that AWS manages.
#include <fmt/format.h>

#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// Holds {"Version": 1 or 2, "Result": a MetadataConfigurationResult}.
constexpr std::string_view kind = "metadataConfiguration";
constexpr std::string_view namespace_of_version_1 = "aws_s3_metadata";

Value stored(Database& db, const Bucket& bucket) {
    auto text = find_config(db, bucket.id, kind);
    if (!text) throw errors::no_metadata_configuration(bucket.name);
    return json::parse(*text);
}

void store(Database& db, const Bucket& bucket, std::int64_t version, Value result) {
    put_config(db, bucket.id, kind, json::write(Object{{"Version", version}, {"Result", std::move(result)}}));
}

void create(Context& ctx, const Value& input, std::int64_t version, const Value& result) {
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        if (find_config(tx.db(), bucket.id, kind)) throw errors::metadata_configuration_exists();
        store(tx.db(), bucket, version, result);
    });
}

// Version 1's operations know nothing of version 2.
void require_version_1(const Value& configuration, std::string_view method) {
    if (configuration.integer("Version") != 1) throw errors::method_not_allowed(method, "METADATATABLE");
}

void check_encryption(const Value& table) {
    const Value& encryption = table["EncryptionConfiguration"];
    if (encryption.text("SseAlgorithm") == "aws:kms" && encryption.text("KmsKeyArn").empty())
        throw errors::invalid_request("If server-side encryption with AWS KMS keys is specified for a metadata table, a KMS key ARN must be specified.");
}

Object read_expiration(const Value& journal) {
    const Value& wanted = journal["RecordExpiration"];
    Object expiration{{"Expiration", wanted.text("Expiration")}};
    bool enabled = wanted.text("Expiration") == "ENABLED";
    if (enabled != wanted.has("Days")) throw errors::malformed_xml();
    if (!enabled) return expiration;
    std::int64_t days = wanted.integer("Days");
    if (days < min_journal_days || days > max_journal_days)
        throw errors::invalid_argument(fmt::format("'Days' must be between {} and {}", min_journal_days, max_journal_days), "Days", std::to_string(days));
    expiration.append("Days", days);
    return expiration;
}

// A table that there is from now on, as Get tells of it.
Object new_table(Context& ctx, std::string_view bucket_arn, std::string_view name) {
    return {{"TableStatus", "ACTIVE"}, {"TableName", name}, {"TableArn", fmt::format("{}/table/{}", bucket_arn, ctx.random.uuid())}};
}

// A table that can be switched off: what Get tells of it.
Object switched_table(Context& ctx, std::string_view bucket_arn, std::string_view name, const Value& wanted) {
    check_encryption(wanted);
    bool enabled = wanted.text("ConfigurationState") == "ENABLED";
    Object table = enabled ? new_table(ctx, bucket_arn, name) : Object();
    table["ConfigurationState"] = wanted.text("ConfigurationState");
    if (wanted.has("Role")) table["Role"] = wanted.text("Role");
    return table;
}

// Changes one table of a version 2 configuration.
template <class F>
Value update(Context& ctx, const Value& input, F change) {
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        Value configuration = stored(tx.db(), bucket);
        Value result = configuration["Result"];
        if (configuration.integer("Version") != 2) throw errors::method_not_allowed("PUT", "METADATATABLE");
        change(result, result["DestinationResult"].text("TableBucketArn"));
        store(tx.db(), bucket, 2, std::move(result));
    });
    return Object();
}

Value create_version_2(Context& ctx, const Value& input) {
    const Value& wanted = input["MetadataConfiguration"];
    auto home = open_bucket(ctx, input);
    std::string arn = fmt::format("arn:aws:s3tables:{}:{}:bucket/aws-s3", home->region(), home->account());
    check_encryption(wanted["JournalTableConfiguration"]);
    Object journal = new_table(ctx, arn, "journal");
    journal["RecordExpiration"] = read_expiration(wanted["JournalTableConfiguration"]);
    Object result{{"DestinationResult", Object{{"TableBucketType", "aws"}, {"TableBucketArn", arn}, {"TableNamespace", "b_" + std::string(input.text("Bucket"))}}},
                  {"JournalTableConfigurationResult", std::move(journal)}};
    for (std::string_view name : {"Inventory", "Annotation"}) {
        std::string member = std::string(name) + "TableConfiguration";
        if (wanted.has(member)) result[member + "Result"] = switched_table(ctx, arn, name == "Inventory" ? "inventory" : "annotation", wanted[member]);
    }
    create(ctx, input, 2, result);
    return Object();
}

Value get_version_2(Context& ctx, const Value& input) {
    Value result = with_bucket(ctx, input, stored)["Result"];
    return Object{{"GetBucketMetadataConfigurationResult", Object{{"MetadataConfigurationResult", std::move(result)}}}};
}

Value delete_version_2(Context& ctx, const Value& input) {
    change_bucket(ctx, input, [](Transaction& tx, const Bucket& bucket) {
        stored(tx.db(), bucket);
        delete_config(tx.db(), bucket.id, kind);
    });
    return Object();
}

Value create_version_1(Context& ctx, const Value& input) {
    const Value& destination = input["MetadataTableConfiguration"]["S3TablesDestination"];
    std::string arn(destination.text("TableBucketArn"));
    Object table = new_table(ctx, arn, destination.text("TableName"));
    table["RecordExpiration"] = Object{{"Expiration", "DISABLED"}};
    create(ctx, input, 1,
           Object{{"DestinationResult", Object{{"TableBucketType", "customer"}, {"TableBucketArn", arn}, {"TableNamespace", namespace_of_version_1}}},
                  {"JournalTableConfigurationResult", std::move(table)}});
    return Object();
}

Value get_version_1(Context& ctx, const Value& input) {
    Value configuration = with_bucket(ctx, input, stored);
    require_version_1(configuration, "GET");
    const Value& table = configuration["Result"]["JournalTableConfigurationResult"];
    Object destination{{"TableBucketArn", configuration["Result"]["DestinationResult"].text("TableBucketArn")},
                       {"TableName", table.text("TableName")},
                       {"TableArn", table.text("TableArn")},
                       {"TableNamespace", namespace_of_version_1}};
    return Object{{"GetBucketMetadataTableConfigurationResult",
                   Object{{"MetadataTableConfigurationResult", Object{{"S3TablesDestinationResult", std::move(destination)}}}, {"Status", table.text("TableStatus")}}}};
}

Value delete_version_1(Context& ctx, const Value& input) {
    change_bucket(ctx, input, [](Transaction& tx, const Bucket& bucket) {
        require_version_1(stored(tx.db(), bucket), "DELETE");
        delete_config(tx.db(), bucket.id, kind);
    });
    return Object();
}

Value update_journal(Context& ctx, const Value& input) {
    Object expiration = read_expiration(input["JournalTableConfiguration"]);
    return update(ctx, input, [&](Value& result, std::string_view) { result["JournalTableConfigurationResult"]["RecordExpiration"] = expiration; });
}

Value update_inventory(Context& ctx, const Value& input) {
    return update(ctx, input, [&](Value& result, std::string_view arn) {
        result["InventoryTableConfigurationResult"] = switched_table(ctx, arn, "inventory", input["InventoryTableConfiguration"]);
    });
}

Value update_annotation(Context& ctx, const Value& input) {
    return update(ctx, input, [&](Value& result, std::string_view arn) {
        result["AnnotationTableConfigurationResult"] = switched_table(ctx, arn, "annotation", input["AnnotationTableConfiguration"]);
    });
}

}  // namespace

void add_metadata_configurations(const AddOperation& on) {
    on("CreateBucketMetadataConfiguration", create_version_2);
    on("GetBucketMetadataConfiguration", get_version_2);
    on("DeleteBucketMetadataConfiguration", delete_version_2);
    on("CreateBucketMetadataTableConfiguration", create_version_1);
    on("GetBucketMetadataTableConfiguration", get_version_1);
    on("DeleteBucketMetadataTableConfiguration", delete_version_1);
    on("UpdateBucketMetadataJournalTableConfiguration", update_journal);
    on("UpdateBucketMetadataInventoryTableConfiguration", update_inventory);
    on("UpdateBucketMetadataAnnotationTableConfiguration", update_annotation);
}

}  // namespace virga::s3
