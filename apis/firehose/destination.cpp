#include "apis/firehose/destination.hpp"

#include <algorithm>
#include <array>

#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/limits.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

// As the API's members begin. "S3" is the older form of "ExtendedS3".
constexpr std::array<std::string_view, 10> kinds{"ExtendedS3",     "S3",     "Redshift",     "Elasticsearch", "Amazonopensearchservice", "AmazonOpenSearchServerless",
                                                 "Splunk", "HttpEndpoint", "Snowflake",     "Iceberg"};

void set_default(Value& document, std::string_view member, Value value) {
    if (!document.has(member)) document[member] = std::move(value);
}

Value hints(std::int64_t mib, std::int64_t seconds) { return Object{{"SizeInMBs", mib}, {"IntervalInSeconds", seconds}}; }
Value retry(std::int64_t seconds) { return Object{{"DurationInSeconds", seconds}}; }

void complete_s3(Value& s3, std::int64_t mib = limits::buffer_mib) {
    set_default(s3, "BufferingHints", hints(mib, limits::buffer_seconds));
    set_default(s3, "CompressionFormat", "UNCOMPRESSED");
    set_default(s3, "EncryptionConfiguration", Object{{"NoEncryptionConfig", "NoEncryption"}});
    set_default(s3, "CloudWatchLoggingOptions", Object{{"Enabled", false}});
}

void complete_processing(Value& d) {
    set_default(d, "ProcessingConfiguration", Object{});
    set_default(d["ProcessingConfiguration"], "Enabled", false);
    set_default(d["ProcessingConfiguration"], "Processors", Array{});
}

void complete_extended_s3(Value& d) {
    auto enabled = [&](const char* member) { return d.has(member) && d[member].flag("Enabled", true); };
    std::int64_t mib = limits::buffer_mib;
    if (enabled("DynamicPartitioningConfiguration")) mib = limits::partition_buffer_mib;
    else if (enabled("DataFormatConversionConfiguration")) mib = limits::conversion_buffer_mib;
    complete_s3(d, mib);
    complete_processing(d);
    set_default(d, "S3BackupMode", "Disabled");
    if (d.has("DynamicPartitioningConfiguration")) {
        set_default(d["DynamicPartitioningConfiguration"], "Enabled", false);
        if (d["DynamicPartitioningConfiguration"].flag("Enabled")) set_default(d["DynamicPartitioningConfiguration"], "RetryOptions", retry(300));
    }
    if (d.has("DataFormatConversionConfiguration")) set_default(d["DataFormatConversionConfiguration"], "Enabled", true);
}

struct Defaults {
    std::string_view kind, backup_mode;
    std::int64_t mib, seconds, retry_seconds;
};
// API reference, the ...DestinationConfiguration of each.
constexpr std::array<Defaults, 8> defaults{{{"Redshift", "Disabled", 0, 0, 3600},
                                            {"Elasticsearch", "FailedDocumentsOnly", 5, 300, 300},
                                            {"Amazonopensearchservice", "FailedDocumentsOnly", 5, 300, 300},
                                            {"AmazonOpenSearchServerless", "FailedDocumentsOnly", 5, 300, 300},
                                            {"Splunk", "FailedEventsOnly", 5, 60, 300},
                                            {"HttpEndpoint", "FailedDataOnly", limits::buffer_mib, limits::buffer_seconds, limits::http_retry_seconds},
                                            {"Snowflake", "FailedDataOnly", 1, 0, 60},
                                            {"Iceberg", "FailedDataOnly", 5, 300, 300}}};

void complete_other(std::string_view kind, Value& d) {
    const auto& known = *std::find_if(defaults.begin(), defaults.end(), [&](const Defaults& e) { return e.kind == kind; });
    if (known.mib) set_default(d, "BufferingHints", hints(known.mib, known.seconds));
    set_default(d, "RetryOptions", retry(known.retry_seconds));
    set_default(d, "S3BackupMode", known.backup_mode);
    set_default(d, "CloudWatchLoggingOptions", Object{{"Enabled", false}});
    complete_processing(d);
    if (kind == "HttpEndpoint") {
        set_default(d, "RequestConfiguration", Object{});
        set_default(d["RequestConfiguration"], "ContentEncoding", "NONE");
        set_default(d["RequestConfiguration"], "CommonAttributes", Array{});
    }
    if (kind == "Splunk") set_default(d, "HECAcknowledgmentTimeoutInSeconds", 180);
    if (kind == "Snowflake") set_default(d, "DataLoadingOption", "JSON_MAPPING");
    if (kind == "Elasticsearch" || kind == "Amazonopensearchservice") set_default(d, "IndexRotationPeriod", "OneDay");
}

void erase(Value& document, std::string_view member) {
    if (document.is_object()) document.as_object().erase(member);
}

void rename(Value& document, std::string_view from, std::string_view to) {
    if (!document.has(from)) return;
    Value value = document[from];
    erase(document, from);
    document[to] = std::move(value);
}

// What S3DestinationDescription shows of an extended one.
Value basic_s3(const Value& configuration) {
    Object out;
    for (std::string_view member : {"RoleARN", "BucketARN", "Prefix", "ErrorOutputPrefix", "BufferingHints", "CompressionFormat", "EncryptionConfiguration",
                                    "CloudWatchLoggingOptions"})
        if (configuration.has(member)) out.append(std::string(member), configuration[member]);
    return out;
}

}  // namespace

NamedDestination find_destination(const Value& input, std::string_view ending) {
    NamedDestination found;
    int count = 0;
    for (auto kind : kinds) {
        std::string member = std::string(kind) + "Destination" + std::string(ending);
        if (!input.has(member)) continue;
        ++count;
        found = {std::string(kind == "S3" ? "ExtendedS3" : kind), input[member]};
    }
    if (count != 1) throw one_destination();
    return found;
}

Value complete(std::string_view kind, Value d) {
    if (kind == "ExtendedS3") complete_extended_s3(d);
    else complete_other(kind, d);
    for (std::string_view nested : {"S3Configuration", "S3BackupConfiguration"})
        if (d.has(nested)) complete_s3(d[nested]);
    return d;
}

Value merge_update(std::string_view kind, const Value& configuration, const Value& update) {
    Value merged = configuration;
    for (const auto& [name, value] : update.as_object()) {
        if (value.is_null()) continue;
        std::string_view member = name == "S3Update" ? "S3Configuration" : name == "S3BackupUpdate" ? "S3BackupConfiguration" : std::string_view(name);
        if (member == name || !merged.has(member)) {
            merged[member] = value;
            continue;
        }
        for (const auto& [inner, replacement] : value.as_object())
            if (!replacement.is_null()) merged[member][inner] = replacement;
    }
    return complete(kind, std::move(merged));
}

Value update_as_configuration(const Value& update) {
    Value out = update;
    rename(out, "S3Update", "S3Configuration");
    rename(out, "S3BackupUpdate", "S3BackupConfiguration");
    return out;
}

void describe_destination(std::string_view kind, const Value& configuration, Object& description) {
    Value shown = configuration;
    for (std::string_view secret : {"Password", "KeyPassphrase", "PrivateKey"}) erase(shown, secret);
    if (shown.has("EndpointConfiguration")) erase(shown["EndpointConfiguration"], "AccessKey");
    rename(shown, "S3Configuration", "S3DestinationDescription");
    rename(shown, "S3BackupConfiguration", "S3BackupDescription");
    rename(shown, "VpcConfiguration", "VpcConfigurationDescription");
    if (kind == "ExtendedS3") description.append("S3DestinationDescription", basic_s3(configuration));
    description.append(std::string(kind) + "DestinationDescription", std::move(shown));
}

}  // namespace virga::firehose
