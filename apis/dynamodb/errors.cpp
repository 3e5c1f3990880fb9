#include "apis/dynamodb/errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "emulator/base/time_format.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb::errors {

namespace limits = table::limits;

namespace {

constexpr std::string_view table_names = "[a-zA-Z0-9_.-]+";

// "Value 'x' at 'tableName' failed to satisfy constraint: Member must ..."
ApiError broken(std::string_view member, std::string_view value, std::string_view must) {
    return constraint(fmt::format("Value '{}' at '{}' failed to satisfy constraint: Member must {}", value, member, must));
}
// The newer form: no value, members as they are spelled on the wire.
ApiError broken(std::string_view member, std::string_view must) {
    return constraint(fmt::format("Value at '{}' failed to satisfy constraint: Member must {}", member, must));
}
ApiError limit_exceeded(std::string_view what) { return ApiError("LimitExceededException", 400, fmt::format("Subscriber limit exceeded: {}", what)); }

// Query says what is wrong with Select as a broken constraint, Scan does not.
ApiError wrong_select(bool query, const std::string& text) { return query ? constraint(text) : validation(text); }

std::string readable(TimeMs instant) { return format_utc(instant, "%A, %B %-d, %Y at %-I:%M:%S %p UTC"); }

}  // namespace

ApiError at_least(std::string_view member, std::int64_t value, std::int64_t limit) {
    return broken(member, std::to_string(value), fmt::format("have value greater than or equal to {}", limit));
}
ApiError at_most(std::string_view member, std::int64_t value, std::int64_t limit) {
    return broken(member, std::to_string(value), fmt::format("have value less than or equal to {}", limit));
}
ApiError too_short(std::string_view member, std::string_view value, std::size_t least) {
    return broken(member, value, fmt::format("have length greater than or equal to {}", least));
}
ApiError too_long(std::string_view member, std::string_view value, std::size_t most) {
    return broken(member, value, fmt::format("have length less than or equal to {}", most));
}
ApiError name_pattern(std::string_view member, std::string_view value) {
    return broken(member, value, fmt::format("satisfy regular expression pattern: {}", table_names));
}
ApiError invalid_map_keys(std::string_view request_items) {
    return constraint(fmt::format("Value '{}' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to "
                                  "{}, Member must have length greater than or equal to {}, Member must satisfy regular expression pattern: {}]",
                                  request_items, limits::name_bytes, limits::new_name_bytes, table_names));
}
ApiError both_broken(const ApiError& one, const ApiError& others) {
    constexpr std::string_view detected = "detected: ";
    const auto faults = [&](const ApiError& e) { return std::string_view(e.message).substr(e.message.find(detected) + detected.size()); };
    return validation(fmt::format("{} validation errors {}{}; {}", 1 + std::stoi(others.message), detected, faults(one), faults(others)));
}
ApiError too_small_limit() { return broken("Limit", "have value greater than or equal to 1"); }
ApiError no_keys(std::string_view table) { return broken(fmt::format("RequestItems.{}.member.Keys", table), "have length greater than or equal to 1"); }
ApiError too_many_keys(std::string_view table) {
    return broken(fmt::format("RequestItems.{}.member.Keys", table), fmt::format("have length less than or equal to {}", limits::batch_get_keys));
}
ApiError too_many_key_elements(std::string_view elements) { return too_long("keySchema", elements, 2); }

ApiError mixed_parameters(const Names& legacy, const Names& expressions) {
    return validation(fmt::format("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {{{}}} "
                                  "Expression parameters: {{{}}}",
                                  fmt::join(legacy, ", "), fmt::join(expressions, ", ")));
}
ApiError names_without_expression() { return validation("ExpressionAttributeNames can only be specified when using expressions"); }
ApiError values_without_expression(const Names& expressions) {
    return validation(fmt::format("ExpressionAttributeValues can only be specified when using expressions: {} {} null", fmt::join(expressions, " and "),
                                  expressions.size() > 1 ? "are" : "is"));
}
ApiError empty_placeholders(std::string_view map) { return validation(fmt::format("{} must not be empty", map)); }
ApiError invalid_placeholder(std::string_view map, std::string_view key) {
    return validation(fmt::format("{} contains invalid key: Syntax error; key: \"{}\"", map, key));
}
ApiError placeholder_too_long(std::string_view map, std::size_t length) {
    return validation(fmt::format("{} contains invalid key: The expression attribute map contains a key that is too long; size of key: {}", map, length));
}
ApiError placeholders_too_large(std::string_view map) { return validation(fmt::format("{} exceeds max size", map)); }
ApiError placeholders_too_large() { return validation("Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size"); }
ApiError empty_placeholder_name(std::string_view key) {
    return validation(fmt::format("ExpressionAttributeNames contains invalid value: Empty attribute name for key {}", key));
}
ApiError invalid_placeholder_value(std::string_view why, std::string_view key) {
    return validation(fmt::format("ExpressionAttributeValues contains invalid value: {} for key {}", why, key));
}
ApiError operator_without_conditions() { return validation("ConditionalOperator cannot be used without Filter or Expected"); }
ApiError operator_with_one_condition() { return validation("ConditionalOperator can only be used when Filter or Expected has two or more elements"); }
ApiError unsupported_return_values() { return validation("ReturnValues can only be ALL_OLD or NONE"); }
ApiError request_items_required(std::string_view operation) { return validation(fmt::format("The requestItems parameter is required for {}", operation)); }
ApiError too_many_items(std::string_view operation) { return validation(fmt::format("Too many items requested for the {} call", operation)); }
ApiError duplicate_keys() { return validation("Provided list of item keys contains duplicates"); }

ApiError key_conditions_required() {
    return validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
}
ApiError select_without_attributes(bool query) {
    return wrong_select(query, "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
}
ApiError select_with_attributes(std::string_view parameter, std::string_view select, bool query) {
    return wrong_select(query, fmt::format("Cannot specify the {} when choosing to get {}", parameter, select == "COUNT" ? "only the Count" : select));
}
ApiError select_without_index(bool query) {
    return wrong_select(query, "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
}
ApiError select_not_projected(std::string_view index) {
    return invalid_parameter(
        fmt::format("Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type is not ALL", index));
}
ApiError consistent_global_index() { return validation("Consistent reads are not supported on global secondary indexes"); }
ApiError filter_on_key(std::string_view filter, std::string_view attribute) {
    return validation(fmt::format("{} can only contain non-primary key attributes: Primary key attribute: {}", filter, attribute));
}
ApiError total_segments_required() {
    return validation("The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
}
ApiError segment_required() {
    return validation("The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
}
ApiError segment_out_of_range(std::int64_t segment, std::int64_t total) {
    return validation(fmt::format(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {} is not less than TotalSegments: {}", segment, total));
}
ApiError invalid_starting_key() { return validation("The provided starting key is invalid"); }
ApiError invalid_starting_key(std::string_view why) { return validation(fmt::format("The provided starting key is invalid: {}", why)); }
ApiError starting_key_of_other_range() { return validation("The provided starting key does not match the range key predicate"); }
ApiError starting_key_outside_query() { return validation("The provided starting key is outside query boundaries based on provided conditions"); }
ApiError starting_key_of_one_row() { return validation("The query can return at most one row and cannot be restarted"); }
ApiError starting_key_of_other_segment(std::int64_t segment, std::int64_t total) {
    return invalid_starting_key(fmt::format("Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}", total, segment));
}

ApiError unknown_comparison(std::string_view name) { return invalid_parameter(fmt::format("Unknown ComparisonOperator {}", name)); }
ApiError argument_count(std::string_view comparison) {
    return invalid_parameter(fmt::format("Invalid number of argument(s) for the {} ComparisonOperator", comparison));
}
ApiError mixed_argument_types() { return invalid_parameter("AttributeValues inside AttributeValueList must be of same type"); }
ApiError argument_type(std::string_view comparison, std::string_view type) {
    return invalid_parameter(fmt::format("ComparisonOperator {} is not valid for {} AttributeValue type", comparison, type));
}
ApiError reversed_between() { return validation("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"); }
ApiError value_and_list(std::string_view attribute) {
    return invalid_parameter(fmt::format("Value and AttributeValueList cannot be used together for Attribute: {}", attribute));
}
ApiError exists_and_comparison(std::string_view attribute) {
    return invalid_parameter(fmt::format("Exists and ComparisonOperator cannot be used together for Attribute: {}", attribute));
}
ApiError comparison_without_value(std::string_view comparison, std::string_view attribute) {
    return invalid_parameter(fmt::format("Value or AttributeValueList must be used with ComparisonOperator: {} for Attribute: {}", comparison, attribute));
}
ApiError list_without_comparison(std::string_view attribute) {
    return invalid_parameter(fmt::format("AttributeValueList can only be used with a ComparisonOperator for Attribute: {}", attribute));
}
ApiError exists_without_value(std::string_view exists, std::string_view attribute) {
    return invalid_parameter(fmt::format("Value must be provided when Exists is {} for Attribute: {}", exists, attribute));
}
ApiError absent_with_value(std::string_view attribute) {
    return invalid_parameter(fmt::format("Value cannot be used when Exists is false for Attribute: {}", attribute));
}
ApiError key_condition_count() { return validation("Conditions can be of length 1 or 2 only"); }
ApiError duplicate_attribute_to_get(std::string_view attribute) {
    return invalid_parameter(fmt::format("Duplicate value in attribute name: {}", attribute));
}
ApiError action_without_value() { return invalid_parameter("Only DELETE action is allowed when no attribute value is specified"); }
ApiError action_type(std::string_view action, std::string_view type) {
    return invalid_parameter(fmt::format("{} action {}is not supported for the type {}", action, action == "DELETE" ? "with value " : "", type));
}

ApiError several_actions_on_one_item() { return validation("Transaction request cannot include multiple operations on one item"); }
ApiError several_kinds_of_action() { return validation("TransactItems can only contain one of Check, Put, Update or Delete"); }
ApiError no_action() { return validation("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"); }
ApiError transaction_too_large(std::size_t bytes) { return validation(fmt::format("Transaction payload size cannot exceed 4MB. Payload Size: {}", bytes)); }
ApiError items_too_large() { return validation("The aggregate size of the items in the transaction exceeded 4 MB"); }

ApiError exists_outside_transaction() { return validation("EXISTS can only be used in ExecuteTransaction write requests."); }
ApiError reads_and_writes_in_batch() { return validation("Read and write requests together in the same batch is not supported."); }
ApiError reads_and_writes_in_transaction() {
    return validation("ExecuteTransaction API does not support both read and write operations in the same request.");
}
ApiError select_without_key(std::string_view operation) {
    return validation(fmt::format("Select statements within {} must specify the primary key in the where clause.", operation));
}
ApiError returning_in_transaction() { return validation("RETURNING clause is not supported in ExecuteTransaction."); }
ApiError next_token_of_another_statement() { return validation("NextToken does not match request"); }
ApiError index_in_exists() { return validation("Operations on indices are not supported in transactions"); }
ApiError index_in_transaction() { return validation("Reads on indices are not supported within transactions."); }
ApiError in_statement(std::size_t position, std::string_view why) {
    return validation(fmt::format("Validation failed in TransactStatements[{}]: {}", position, why));
}
ApiError exists_without_condition() { return validation("EXISTS() must contain a single item read with additional condition"); }
ApiError consistent_statement() { return validation("Strongly consistent read is not supported on Global Secondary Indexes"); }
ApiError not_projected(std::string_view index, const std::vector<std::string>& attributes) {
    return invalid_parameter(fmt::format("Global secondary index {} does not project [{}]", index, fmt::join(attributes, ", ")));
}

ApiError members_required(const Names& members) {
    std::vector<std::string> faults;
    for (std::string_view member : members) faults.push_back(fmt::format("Value null at '{}' failed to satisfy constraint: Member must not be null", member));
    return validation(fmt::format("{} validation error{} detected: {}", faults.size(), faults.size() > 1 ? "s" : "", fmt::join(faults, "; ")));
}
ApiError parameter_required(std::string_view name) { return validation(fmt::format("The parameter '{}' is required but was not present in the request", name)); }
ApiError undefined_key_attributes(const Names& keys, const Names& definitions) {
    return invalid_parameter(fmt::format("Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
                                         fmt::join(keys, ", "), fmt::join(definitions, ", ")));
}
ApiError too_few_definitions() { return validation("Invalid KeySchema: Some index key attribute have no definition"); }
ApiError duplicate_definition() { return validation("Cannot have two attributes with the same name"); }
ApiError redefined_attribute(std::string_view attribute) {
    return invalid_parameter(
        fmt::format("Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Attribute: {}", attribute));
}
ApiError unused_definitions() {
    return invalid_parameter("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions");
}
ApiError unused_definitions(const Names& definitions, const Names& used) {
    return invalid_parameter(fmt::format("Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]", fmt::join(definitions, ", "),
                                         fmt::join(used, ", ")));
}
ApiError same_key_name() { return validation("Both the Hash Key and the Range Key element in the KeySchema have the same name"); }
ApiError first_key_not_hash() { return validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"); }
ApiError second_key_not_range() { return validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"); }
ApiError hash_after_range() { return validation("Invalid KeySchema: HASH key elements must come before RANGE key elements"); }
ApiError too_many_key_parts(std::string_view type, std::size_t limit) {
    return validation(fmt::format("Invalid KeySchema: The number of {} key elements exceeds the limit of {}", type, limit));
}
ApiError unknown_projection() { return invalid_parameter("Unknown ProjectionType: null"); }
ApiError names_without_include(std::string_view projection) {
    return invalid_parameter(fmt::format("ProjectionType is {}, but NonKeyAttributes is specified", projection));
}
ApiError include_without_names() { return invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"); }
ApiError too_many_projected(std::size_t given) {
    return invalid_parameter(fmt::format("Number of projected attributes exceeds the limit of {}: {}", limits::projected_attributes, given));
}
ApiError empty_index_list(std::string_view list) { return invalid_parameter(fmt::format("List of {} is empty", list)); }
ApiError duplicate_index(std::string_view index) { return invalid_parameter(fmt::format("Duplicate index name: {}", index)); }
ApiError local_index_without_table_range() {
    return invalid_parameter("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
}
ApiError local_index_without_range(std::string_view index) {
    return invalid_parameter(fmt::format("Index KeySchema does not have a range key for index: {}", index));
}
ApiError other_leading_key(std::string_view index, std::string_view key, std::string_view table_key) {
    return invalid_parameter(
        fmt::format("Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. index hash key: {}, table hash key: {}", index, key,
                    table_key));
}
ApiError too_many_local_indexes() {
    return invalid_parameter(fmt::format("Number of LocalSecondaryIndexes exceeds per-table limit of {}", limits::local_indexes));
}
ApiError too_many_global_indexes() {
    return invalid_parameter(fmt::format("GlobalSecondaryIndex count exceeds the per-table limit of {}", limits::global_indexes));
}
ApiError index_exists() { return validation("Attempting to create an index which already exists"); }
ApiError index_update_actions(bool any) {
    return invalid_parameter(any ? "Only one of Create, Update or Delete can be specified in a GlobalSecondaryIndexUpdate"
                                 : "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null");
}
ApiError several_updates_of_index(std::string_view index) {
    return invalid_parameter(fmt::format("Only one global secondary index update per index is allowed simultaneously. Index: {}", index));
}
ApiError view_of_disabled_stream(bool creating) {
    return invalid_parameter(creating ? "Table is being created with a stream disabled, UpdateViewType should not be specified"
                                      : "StreamViewType cannot be specified when StreamEnabled is false");
}
ApiError stream_without_view(bool creating) {
    return invalid_parameter(creating ? "Table is being created with a stream enabled, UpdateViewType should be specified"
                                      : "StreamViewType must be specified when StreamEnabled is true");
}
ApiError stream_is_enabled(std::string_view table) { return validation(fmt::format("Table already has an enabled stream: TableName: {}", table)); }
ApiError stream_is_disabled(std::string_view table) { return validation(fmt::format("Table has no stream to disable: TableName: {}", table)); }
ApiError stream_of_replicas() { return invalid_parameter("Disabling Stream is not allowed for a Global Table replica."); }
ApiError nothing_to_update() {
    return validation(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required");
}

ApiError throughput_required() {
    return invalid_parameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
}
ApiError throughput_refused() {
    return invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
}
ApiError throughput_required_to_switch() { return invalid_parameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED"); }
ApiError throughput_out_of_bounds(std::int64_t value, std::string_view unit) {
    return validation(fmt::format("Given value {} for {} is out of bounds", value, unit));
}
ApiError index_throughput_required(std::string_view index) {
    return invalid_parameter(fmt::format("ProvisionedThroughput must be specified for index: {}", index));
}
ApiError index_throughput_refused(std::string_view index) {
    return invalid_parameter(fmt::format("ProvisionedThroughput should not be specified for index: {} when BillingMode is PAY_PER_REQUEST", index));
}
ApiError same_throughput(std::string_view what, const table::Throughput& now, const table::Throughput& wanted) {
    return validation(
        fmt::format("The provisioned throughput for the {0} will not change. The requested value equals the current value. Current ReadCapacityUnits "
                    "provisioned for the {0}: {1}. Requested ReadCapacityUnits: {2}. Current WriteCapacityUnits provisioned for the {0}: {3}. Requested "
                    "WriteCapacityUnits: {4}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
                    what, now.read, wanted.read, now.write, wanted.write));
}
ApiError too_many_decreases(std::int64_t today, TimeMs last, TimeMs next) {
    return limit_exceeded(fmt::format("Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in "
                                      "the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: {}. Last decrease at {}. Next "
                                      "decrease can be made at {}",
                                      today, readable(last), readable(next)));
}
ApiError encryption_of_disabled() { return invalid_parameter("SSEType and KMSMasterKeyId can only be specified when SSE is enabled"); }
ApiError key_of_disabled() { return invalid_parameter("KMSMasterKeyId can only be specified when SSE is enabled"); }
ApiError unsupported_encryption() { return invalid_parameter("SSEType AES256 is not supported"); }
ApiError on_demand_limits_refused() {
    return invalid_parameter("MaxReadRequestUnits and MaxWriteRequestUnits can only be specified when BillingMode is PAY_PER_REQUEST");
}
ApiError on_demand_limit_out_of_range(std::string_view unit, std::string_view index) {
    const std::string of = index.empty() ? "table" : fmt::format("index : {}", index);
    return invalid_parameter(fmt::format("Requested {} for OnDemandThroughput for {} is outside of valid range", unit, of));
}
ApiError cooler(std::string_view unit) {
    return invalid_parameter(fmt::format("Requested {} for WarmThroughput is lower than current WarmThroughput, decreasing WarmThroughput is not supported", unit));
}
ApiError auto_scaling_required() {
    return validation("At least one of ProvisionedWriteCapacityAutoScalingUpdate, GlobalSecondaryIndexUpdates or ReplicaUpdates is required");
}
ApiError auto_scaling_on_demand() { return invalid_parameter("Auto scaling settings can only be updated when BillingMode is PROVISIONED"); }

ApiError ttl_is_enabled() { return validation("TimeToLive is already enabled"); }
ApiError ttl_is_disabled() { return validation("TimeToLive is already disabled"); }
ApiError ttl_of_other_attribute(std::string_view attribute) {
    return validation(fmt::format("TimeToLive is active on a different AttributeName: current AttributeName is {}", attribute));
}
ApiError ttl_changed_too_soon() { return validation("Time to live has been modified multiple times within a fixed interval"); }

ApiError tags_required() { return validation("Atleast one Tag needs to be provided as Input."); }
ApiError tag_keys_required() { return validation("Atleast one Tag Key needs to be provided as Input."); }
ApiError too_many_tags(std::size_t given) { return invalid_parameter(fmt::format("Too many tags: {} exceeds the limit of {}", given, limits::tags)); }
ApiError reserved_tag_key() { return validation("aws: prefixed tag key names are not allowed for external use."); }
ApiError invalid_tag(std::string_view text) { return invalid_parameter(fmt::format("Tag keys and values cannot contain this: {}", text)); }
ApiError duplicate_tag_key(std::string_view key) { return invalid_parameter(fmt::format("Duplicate tag key: {}", key)); }
ApiError no_access(std::string_view principal, std::string_view operation, std::string_view arn) {
    return ApiError("AccessDeniedException", 400, fmt::format("User: {} is not authorized to perform: dynamodb:{} on resource: {}", principal, operation, arn));
}
ApiError policy_too_large() { return validation("Resource policy document exceeds the maximum size of 20 KB"); }
ApiError invalid_policy() { return validation("Resource policy document is not valid"); }
ApiError policy_locks_out() { return table::errors::invalid_parameter("The new resource policy will not allow you to update the resource policy in the future."); }

ApiError invalid_sequence_number(std::string_view number) { return validation(fmt::format("Invalid SequenceNumber: {}", number)); }
ApiError sequence_number_of_other_shard(std::string_view number) {
    return validation(fmt::format("Invalid SequenceNumber: {} is not in the range of shard", number));
}
ApiError iterator_member_required(std::string_view member, std::string_view type) { return validation(fmt::format("{} is required for ShardIteratorType {}", member, type)); }
ApiError iterator_member_refused(std::string_view member, std::string_view type) {
    return validation(fmt::format("{} must not be specified for ShardIteratorType {}", member, type));
}
ApiError iterator_of_the_future() { return validation("Timestamp must not be in the future"); }

ApiError invalid_destination_arn(std::string_view arn) { return validation(fmt::format("Invalid Kinesis stream ARN: {}", arn)); }
ApiError foreign_destination() { return validation("Kinesis data stream must be in the same AWS account and AWS Region as the table"); }
ApiError destination_not_active() {
    return validation("Table is not in a valid state to disable Kinesis Streaming Destination: KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
}
ApiError destination_not_disabled() {
    return validation(
        "Table is not in a valid state to enable Kinesis Streaming Destination: KinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.");
}
ApiError too_many_destinations() {
    return limit_exceeded(fmt::format("Only {} Kinesis streaming destinations are allowed per table", limits::destinations));
}
ApiError destination_not_found(std::string_view arn, std::string_view table) {
    return validation(fmt::format("Table is not in a valid state to enable Kinesis Streaming Destination: No streaming destination with streamArn: {} found for table "
                                  "with tableName: {}",
                                  arn, table));
}
ApiError destination_settings_required() {
    return validation("Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration cannot be null or contain only null values");
}
ApiError same_precision(std::string_view precision, std::string_view table_id, std::string_view arn) {
    return validation(fmt::format("Invalid Request: Precision is already set to the desired value of {} for tableId: {}, kdsArn: {}", precision, table_id, arn));
}

}  // namespace virga::dynamodb::errors
