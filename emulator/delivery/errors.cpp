#include "emulator/delivery/errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "emulator/delivery/limits.hpp"

namespace virga::delivery {

namespace {
ApiError invalid_argument(std::string message) { return ApiError("InvalidArgumentException", 400, std::move(message)); }
}  // namespace

ApiError stream_not_found(std::string_view name, std::string_view account) {
    return ApiError("ResourceNotFoundException", 400, fmt::format("Firehose {} under account {} not found.", name, account));
}
ApiError stream_exists(std::string_view name, std::string_view account) {
    return ApiError("ResourceInUseException", 400, fmt::format("Firehose {} under accountId {} already exists", name, account));
}
ApiError stream_in_use(std::string_view name, std::string_view account, std::string_view status) {
    // Unconfirmed: the text of Kinesis with Firehose's way of naming a stream.
    return ApiError("ResourceInUseException", 400, fmt::format("Firehose {} under account {} not ACTIVE, instead in state {}", name, account, status));
}
ApiError stream_quota(std::int64_t quota, const std::vector<std::string>& names) {
    return ApiError("LimitExceededException", 400,
                    fmt::format("You have already consumed your firehose quota of {} hoses. Firehose names: [{}]", quota, fmt::join(names, ", ")));
}
ApiError too_many_tags(std::string_view name, std::string_view account) {
    // Unconfirmed: the text of Kinesis with Firehose's way of naming a stream.
    return ApiError("LimitExceededException", 400,
                    fmt::format("Failed to add tags to Firehose {} under account {} because a given Firehose cannot have more than {} tags associated with it.",
                                name, account, limits::max_tags));
}

ApiError one_destination() { return invalid_argument("Exactly one destination configuration is supported for a Firehose"); }
// Observed for Kinesis sources.
ApiError source_without_type(std::string_view source, std::string_view type) {
    return invalid_argument(fmt::format("{} is only applicable for {} stream type", source, type));
}
ApiError source_required(std::string_view source, std::string_view type) { return invalid_argument(fmt::format("{} is mandatory for {} stream type.", source, type)); }
ApiError source_not_found(std::string_view arn) { return invalid_argument(fmt::format("Kinesis stream {} does not exist.", arn)); }  // unconfirmed text
ApiError iceberg_required() { return invalid_argument("IcebergDestinationConfiguration must be specified for Database as Source."); }
ApiError put_not_permitted(std::string_view type) {
    return invalid_argument(fmt::format("This operation is not permitted on {} delivery stream type.", type));
}
ApiError batch_too_long() { return invalid_argument("Records size exceeds 4 MB limit"); }

ApiError version_mismatch(std::string_view name, std::string_view current, std::string_view specified) {
    return ApiError("ConcurrentModificationException", 400,
                    fmt::format("Cannot update firehose: {} since the current version id: {} and specified version id: {} do not match", name, current, specified));
}
ApiError destination_not_found(std::string_view id) { return invalid_argument(fmt::format("Destination Id {} not found", id)); }
ApiError destination_type_change(std::string_view kind) {
    return invalid_argument(fmt::format("Changing the destination type to or from {} is not supported at this time.", kind));
}
// Unconfirmed texts; the API reference says what is refused.
ApiError backup_not_disabled() { return invalid_argument("S3 backup cannot be disabled once it is enabled."); }
ApiError partitioning_not_switched() {
    return invalid_argument("Dynamic Partitioning cannot be enabled or disabled on an existing delivery stream.");
}

ApiError encryption_of_source() {
    return invalid_argument("Server side encryption from firehose is only allowed for direct put delivery streams and database as a source delivery streams");
}
ApiError key_required() { return invalid_argument("KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK"); }
ApiError key_unwanted() { return invalid_argument("KeyARN cannot be specified when KeyType is AWS_OWNED_CMK"); }

namespace {
ApiError prefix_constraint(std::string_view text) {  // "Ths" is what the service says
    return invalid_argument(fmt::format("Ths supplied prefix(es) do not satisfy the following constraint: {}", text));
}
}  // namespace

ApiError error_prefix_required() { return prefix_constraint("ErrorOutputPrefix cannot be null or empty when Prefix contains expressions"); }
ApiError error_prefix_without_type() {
    return prefix_constraint("ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}");
}
ApiError prefix_with_error_type() { return prefix_constraint("Prefix must not contain any occurrence of !{firehose:error-output-type}"); }
ApiError expression_syntax() { return invalid_argument("Invalid expression usage"); }
ApiError expression_namespace(std::string_view name) {
    return invalid_argument(fmt::format("Namespace to the left of colon ({}) is an invalid keyword!", name));
}
ApiError expression_value(std::string_view member) {
    return invalid_argument(fmt::format("Invalid conversion character used in the value of the expression in {}", member));
}
ApiError prefix_too_long(std::string_view member) {
    return invalid_argument(fmt::format("Length of evaluated {} cannot be greater than {}", member == "Prefix" ? "prefix" : member, limits::max_prefix));
}
ApiError partition_namespace_while_off() {
    return invalid_argument("Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.");
}
ApiError partition_namespace_in_error_prefix() { return invalid_argument("Dynamic Partitioning Namespaces can't be part of an error prefix expression"); }
ApiError partition_namespace_missing() {
    return invalid_argument("S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled");
}

ApiError member_required(std::string_view member) { return invalid_argument(fmt::format("{} must not be null", member)); }
// Unconfirmed text.
ApiError hints_incomplete() { return invalid_argument("Both SizeInMBs and IntervalInSeconds are required to configure BufferingHints."); }
ApiError one_encryption() { return invalid_argument("Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified"); }
ApiError log_name_required(std::string_view which) {
    return invalid_argument(fmt::format("CloudWatch Log {} Name is required if CloudWatch Logging is enabled", which));
}
ApiError backup_required() { return invalid_argument("S3 backup destination configuration is required when enabling S3 backup."); }
// Unconfirmed text.
ApiError time_zone_unknown(std::string_view zone) { return invalid_argument(fmt::format("The custom time zone {} is not a supported time zone.", zone)); }
// That of the interval is unconfirmed.
ApiError partition_buffer_too_small(std::string_view hint, std::int64_t least) {
    return invalid_argument(fmt::format("BufferingHints.{} must be at least {} when Dynamic Partitioning is enabled.", hint, least));
}
ApiError one_format(std::string_view which) { return invalid_argument(fmt::format("More than one {} specified. Only one may be chosen.", which)); }
ApiError conversion_compresses() {
    return invalid_argument("The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled");
}
ApiError conversion_buffer_too_small() {
    return invalid_argument(fmt::format("BufferingHints.SizeInMBs must be at least {} when data format conversion is enabled.", limits::min_conversion_buffer_mib));
}
ApiError attribute_twice(std::string_view name) { return invalid_argument(fmt::format("Http Endpoint Common Attributes have duplicate name {}", name)); }
ApiError secret_required() { return invalid_argument("Invalid secret ARN: null"); }
ApiError domain_and_cluster() {
    return invalid_argument("Cannot provide both Elasticsearch cluster endpoint and domain ARN. Provide either the cluster endpoint or domain arn.");
}
ApiError domain_or_cluster_required() { return invalid_argument("Provide either the Elasticsearch cluster endpoint or domain arn."); }
ApiError collection_required() { return invalid_argument("Must specify collection endpoint for delivery to OpenSearch serverless."); }
ApiError password_required() { return invalid_argument("Redshift Database Password is required for Redshift Destination"); }
ApiError columns_required() {
    return invalid_argument("Must provide ContentColumnName and MetadataColumnName when Data Loading Option is VARIANT_CONTENT_AND_METADATA_MAPPING.");
}
ApiError snowflake_role_required() { return invalid_argument("Must provide SnowflakeRole when SnowflakeRoleConfiguration is enabled."); }

ApiError processor_count() {
    return invalid_argument(fmt::format("A maximum of {} and a minimum of 1 processor needs to be supplied when processing is enabled.", limits::max_processors));
}
ApiError processor_twice(std::string_view type) { return invalid_argument(fmt::format("Cannot have more than 1 {} processor.", type)); }
ApiError function_required() { return invalid_argument("LambdaArn is required when Lambda processor is used."); }
ApiError function_retries() {
    return invalid_argument(fmt::format("Number of retries for lambda must be between 0 and {}.", limits::lambda_max_retries));
}
ApiError function_buffer_incomplete() {
    return invalid_argument("Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.");
}
ApiError function_buffer_size() {
    return invalid_argument(fmt::format("BufferSizeInMBs for lambda processor must be between {:g} and {:g}.", limits::lambda_min_mib, limits::lambda_max_mib));
}
ApiError function_buffer_interval() {
    return invalid_argument(fmt::format("BufferIntervalInSeconds for lambda processor must be between 0 and {}.", limits::lambda_max_seconds));
}
ApiError extraction_without_partitioning() {
    return invalid_argument("class com.amazonaws.services.firehose.internal.model.MetadataExtractionProcessor can only be present when Dynamic Partitioning is enabled.");
}
ApiError query_engine() { return invalid_argument("MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6"); }
// Unconfirmed text.
ApiError query_required() { return invalid_argument("MetaDataExtraction JQ Query is required when MetadataExtraction processor is used."); }
ApiError query_key_unused() { return invalid_argument("MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression"); }
// Unconfirmed text.
ApiError query_malformed() { return invalid_argument("MetaDataExtraction JQ Query is not a valid JQ expression"); }
ApiError query_library_missing() {
    return ApiError("NotImplemented", 501, "MetadataExtraction needs libjq.so.1 (Debian: libjq1), which is not installed.");
}
ApiError sub_record_type() { return invalid_argument("SubRecordType has to be one of JSON, DELIMITED"); }
ApiError delimiter_required() { return invalid_argument("Delimiter should be present for DELIMITED"); }
// Unconfirmed text.
ApiError delimiter_not_base64() { return invalid_argument("Delimiter should be base64 encoded for DELIMITED"); }
ApiError log_processor_alone() { return invalid_argument("CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor"); }
ApiError message_extraction_value() {
    return invalid_argument("Invalid parameter value for DataMessageExtraction. Allowed values are True and False.");
}

}  // namespace virga::delivery
