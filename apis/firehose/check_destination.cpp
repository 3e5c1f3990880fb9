// What a destination may be. Texts as observed at the service unless marked.
#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "apis/firehose/destination.hpp"
#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/prefix.hpp"
#include "emulator/delivery/processing.hpp"
#include "emulator/delivery/zone.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

void check_logging(const Value& configuration) {
    const Value& logging = configuration["CloudWatchLoggingOptions"];
    if (!logging.flag("Enabled")) return;
    if (logging.text("LogGroupName").empty()) throw invalid_argument("CloudWatch Log Group Name is required if CloudWatch Logging is enabled");
    if (logging.text("LogStreamName").empty()) throw invalid_argument("CloudWatch Log Stream Name is required if CloudWatch Logging is enabled");
}

void check_hints(const Value& configuration) {
    const Value& hints = configuration["BufferingHints"];
    if (!hints.is_null() && hints.has("SizeInMBs") != hints.has("IntervalInSeconds"))  // unconfirmed text
        throw invalid_argument("Both SizeInMBs and IntervalInSeconds are required to configure BufferingHints.");
}

void check_s3(const Value& s3, bool partitioned) {
    check_hints(s3);
    check_prefixes(s3.text("Prefix"), s3.text("ErrorOutputPrefix"), partitioned);
    check_logging(s3);
    const Value& encryption = s3["EncryptionConfiguration"];
    if (encryption.has("NoEncryptionConfig") == encryption.has("KMSEncryptionConfig"))
        throw invalid_argument("Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified");
}

void check_conversion(const Value& d) {
    const Value& conversion = d["DataFormatConversionConfiguration"];
    if (!conversion.flag("Enabled")) return;
    for (const char* member : {"SchemaConfiguration", "InputFormatConfiguration", "OutputFormatConfiguration"})
        if (!conversion.has(member)) throw invalid_argument(fmt::format("{} must not be null", member));
    const Value &serializer = conversion["OutputFormatConfiguration"]["Serializer"], &deserializer = conversion["InputFormatConfiguration"]["Deserializer"];
    if (deserializer.has("OpenXJsonSerDe") && deserializer.has("HiveJsonSerDe"))
        throw invalid_argument("More than one deserializer specified. Only one may be chosen.");
    if (serializer.has("ParquetSerDe") && serializer.has("OrcSerDe")) throw invalid_argument("More than one serializer specified. Only one may be chosen.");
    if (d.text("CompressionFormat") != "UNCOMPRESSED")
        throw invalid_argument("The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled");
    if (d["BufferingHints"].integer("SizeInMBs") < limits::min_conversion_buffer_mib)
        throw invalid_argument(fmt::format("BufferingHints.SizeInMBs must be at least {} when data format conversion is enabled.", limits::min_conversion_buffer_mib));
}

void check_partitioning(const Value& d) {
    const Value& hints = d["BufferingHints"];
    if (hints.integer("SizeInMBs") < limits::min_partition_buffer_mib)
        throw invalid_argument(fmt::format("BufferingHints.SizeInMBs must be at least {} when Dynamic Partitioning is enabled.", limits::min_partition_buffer_mib));
    if (hints.integer("IntervalInSeconds") < limits::min_partition_seconds)  // unconfirmed text
        throw invalid_argument(fmt::format("BufferingHints.IntervalInSeconds must be at least {} when Dynamic Partitioning is enabled.", limits::min_partition_seconds));
}

void check_backup(const Value& d) {
    if (d.text("S3BackupMode") == "Enabled" && !d.has("S3BackupConfiguration"))
        throw invalid_argument("S3 backup destination configuration is required when enabling S3 backup.");
}

void check_extended_s3(const Value& d) {
    bool partitioned = d["DynamicPartitioningConfiguration"].flag("Enabled");
    check_s3(d, partitioned);
    check_processing(d, partitioned);
    if (partitioned) check_partitioning(d);
    check_conversion(d);
    check_backup(d);
    if (auto zone = d.text("CustomTimeZone"); !zone.empty() && !zone_offset(zone, 0)) throw time_zone_unknown(zone);
}

void check_http(const Value& d) {
    std::set<std::string> names;
    for (const auto& attribute : d["RequestConfiguration"].list("CommonAttributes"))
        if (!names.emplace(attribute.text("AttributeName")).second)
            throw invalid_argument(fmt::format("Http Endpoint Common Attributes have duplicate name {}", attribute.text("AttributeName")));
}

void check_stores(std::string_view kind, const Value& d) {
    bool secret = d["SecretsManagerConfiguration"].flag("Enabled");
    if (secret && !d["SecretsManagerConfiguration"].has("SecretARN")) throw invalid_argument("Invalid secret ARN: null");
    if (kind == "Elasticsearch" || kind == "Amazonopensearchservice") {
        bool domain = d.has("DomainARN"), cluster = d.has("ClusterEndpoint");
        if (domain && cluster)
            throw invalid_argument("Cannot provide both Elasticsearch cluster endpoint and domain ARN. Provide either the cluster endpoint or domain arn.");
        if (!domain && !cluster) throw invalid_argument("Provide either the Elasticsearch cluster endpoint or domain arn.");
    }
    if (kind == "AmazonOpenSearchServerless" && !d.has("CollectionEndpoint"))
        throw invalid_argument("Must specify collection endpoint for delivery to OpenSearch serverless.");
    if (kind == "Redshift" && !secret && !d.has("Password")) throw invalid_argument("Redshift Database Password is required for Redshift Destination");
    if (kind != "Snowflake") return;
    if (d.text("DataLoadingOption") == "VARIANT_CONTENT_AND_METADATA_MAPPING" && (!d.has("ContentColumnName") || !d.has("MetaDataColumnName")))
        throw invalid_argument("Must provide ContentColumnName and MetadataColumnName when Data Loading Option is VARIANT_CONTENT_AND_METADATA_MAPPING.");
    if (d["SnowflakeRoleConfiguration"].flag("Enabled") && !d["SnowflakeRoleConfiguration"].has("SnowflakeRole"))
        throw invalid_argument("Must provide SnowflakeRole when SnowflakeRoleConfiguration is enabled.");
}

}  // namespace

void check_destination(std::string_view kind, const Value& d) {
    if (d.has("S3Configuration")) check_s3(d["S3Configuration"], false);
    if (d.has("S3BackupConfiguration")) check_s3(d["S3BackupConfiguration"], false);
    if (kind == "ExtendedS3") return check_extended_s3(d);
    check_hints(d);
    check_logging(d);
    check_processing(d, false);
    if (kind == "Redshift") check_backup(d);
    if (kind == "HttpEndpoint") check_http(d);
    check_stores(kind, d);
}

void warn_of_destination(const std::string& stream_arn, const Value& d) {
    if (!d["DataFormatConversionConfiguration"].flag("Enabled")) return;
    std::fprintf(stderr, "virga: %s: data format conversion has no effect here, records are written as they are\n", stream_arn.c_str());
}

}  // namespace virga::firehose
