#include "emulator/delivery/errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "emulator/delivery/limits.hpp"

namespace virga::delivery {

ApiError invalid_argument(std::string message) { return ApiError("InvalidArgumentException", 400, std::move(message)); }

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
ApiError source_without_type() { return invalid_argument("KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type"); }
ApiError source_required() { return invalid_argument("KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type."); }
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
ApiError time_zone_unknown(std::string_view zone) {
    return invalid_argument(fmt::format("The custom time zone {} is not a supported time zone.", zone));  // unconfirmed text
}

}  // namespace virga::delivery
