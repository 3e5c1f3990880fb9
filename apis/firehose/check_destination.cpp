// What a destination may be.
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
    if (logging.text("LogGroupName").empty()) throw log_name_required("Group");
    if (logging.text("LogStreamName").empty()) throw log_name_required("Stream");
}

void check_hints(const Value& configuration) {
    const Value& hints = configuration["BufferingHints"];
    if (!hints.is_null() && hints.has("SizeInMBs") != hints.has("IntervalInSeconds"))
        throw hints_incomplete();
}

void check_s3(const Value& s3, bool partitioned) {
    check_hints(s3);
    check_prefixes(s3.text("Prefix"), s3.text("ErrorOutputPrefix"), partitioned);
    check_logging(s3);
    const Value& encryption = s3["EncryptionConfiguration"];
    if (encryption.has("NoEncryptionConfig") == encryption.has("KMSEncryptionConfig"))
        throw one_encryption();
}

void check_conversion(const Value& d) {
    const Value& conversion = d["DataFormatConversionConfiguration"];
    if (!conversion.flag("Enabled")) return;
    for (const char* member : {"SchemaConfiguration", "InputFormatConfiguration", "OutputFormatConfiguration"})
        if (!conversion.has(member)) throw member_required(member);
    const Value &serializer = conversion["OutputFormatConfiguration"]["Serializer"], &deserializer = conversion["InputFormatConfiguration"]["Deserializer"];
    if (deserializer.has("OpenXJsonSerDe") && deserializer.has("HiveJsonSerDe"))
        throw one_format("deserializer");
    if (serializer.has("ParquetSerDe") && serializer.has("OrcSerDe")) throw one_format("serializer");
    if (d.text("CompressionFormat") != "UNCOMPRESSED")
        throw conversion_compresses();
    if (d["BufferingHints"].integer("SizeInMBs") < limits::min_conversion_buffer_mib)
        throw conversion_buffer_too_small();
}

void check_partitioning(const Value& d) {
    const Value& hints = d["BufferingHints"];
    if (hints.integer("SizeInMBs") < limits::min_partition_buffer_mib)
        throw partition_buffer_too_small("SizeInMBs", limits::min_partition_buffer_mib);
    if (hints.integer("IntervalInSeconds") < limits::min_partition_seconds)
        throw partition_buffer_too_small("IntervalInSeconds", limits::min_partition_seconds);
}

void check_backup(const Value& d) {
    if (d.text("S3BackupMode") == "Enabled" && !d.has("S3BackupConfiguration"))
        throw backup_required();
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
            throw attribute_twice(attribute.text("AttributeName"));
}

void check_stores(std::string_view kind, const Value& d) {
    bool secret = d["SecretsManagerConfiguration"].flag("Enabled");
    if (secret && !d["SecretsManagerConfiguration"].has("SecretARN")) throw secret_required();
    if (kind == "Elasticsearch" || kind == "Amazonopensearchservice") {
        bool domain = d.has("DomainARN"), cluster = d.has("ClusterEndpoint");
        if (domain && cluster)
            throw domain_and_cluster();
        if (!domain && !cluster) throw domain_or_cluster_required();
    }
    if (kind == "AmazonOpenSearchServerless" && !d.has("CollectionEndpoint"))
        throw collection_required();
    if (kind == "Redshift" && !secret && !d.has("Password")) throw password_required();
    if (kind != "Snowflake") return;
    if (d.text("DataLoadingOption") == "VARIANT_CONTENT_AND_METADATA_MAPPING" && (!d.has("ContentColumnName") || !d.has("MetaDataColumnName")))
        throw columns_required();
    if (d["SnowflakeRoleConfiguration"].flag("Enabled") && !d["SnowflakeRoleConfiguration"].has("SnowflakeRole"))
        throw snowflake_role_required();
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
