#include "apis/lambda/errors.hpp"

#include <fmt/format.h>

namespace virga::lambda_errors {

namespace {

ApiError user_error(const char* code, int status, const std::string& message) { return ApiError(code, status, message, Object{{"Type", "User"}}); }

}  // namespace

ApiError invalid_parameter(const std::string& message) { return user_error("InvalidParameterValueException", 400, message); }
ApiError not_found(const std::string& message) { return user_error("ResourceNotFoundException", 404, message); }
ApiError conflict(const std::string& message) { return user_error("ResourceConflictException", 409, message); }
ApiError not_implemented(const std::string& what) { return ApiError("NotImplementedException", 501, "virga does not have this yet: " + what); }

ApiError function_not_found(const std::string& arn) { return not_found("Function not found: " + arn); }
ApiError function_exists(const std::string& name) { return conflict("Function already exist: " + name); }
ApiError other_region(const std::string& theirs, const std::string& ours) {
    return not_found(fmt::format("Functions from '{}' are not reachable in this region ('{}')", theirs, ours));
}
ApiError qualifier_mismatch() { return invalid_parameter("The derived qualifier from the function name does not match the specified qualifier."); }
ApiError runtime_and_handler_missing() {
    return invalid_parameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
}
ApiError no_code() { return invalid_parameter("Please provide a source for function code."); }
ApiError zip_too_large() { return user_error("RequestEntityTooLargeException", 413, "Zipped size must be smaller than 52428800 bytes"); }
ApiError unzipped_too_large() { return invalid_parameter("Unzipped size must be smaller than 262144000 bytes"); }
ApiError not_a_zip() { return invalid_parameter("Could not unzip uploaded file. Please check your file, then try to upload again."); }
ApiError s3_failed(const std::string& code, const std::string& message) {
    return invalid_parameter(fmt::format("Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}", code, message));
}
ApiError hot_reload_directory(const std::string& directory) {
    return invalid_parameter("S3Bucket hot-reload needs an absolute path of an existing directory as S3Key, not " + directory);
}
ApiError environment_too_large(const std::string& measured) {
    return invalid_parameter(
        "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: " +
        measured);
}
ApiError reserved_environment_keys(const std::string& keys) {
    return invalid_parameter(
        "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are "
        "currently not supported for modification. Reserved keys used in this request: " +
        keys);
}
ApiError no_such_layer(const std::string& arn) { return invalid_parameter("Layer version " + arn + " does not exist."); }
ApiError stale_revision(const std::string& operation) {
    return user_error("PreconditionFailedException", 412,
                      "The Revision Id provided does not match the latest Revision Id. Call the " + operation + " API to retrieve the latest Revision Id");
}
ApiError latest_is_not_deletable() { return invalid_parameter("$LATEST version cannot be deleted without deleting the function."); }

ApiError code_sha_differs(const std::string& given, const std::string& current) {
    return invalid_parameter(fmt::format("CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please try again with the CodeSHA256 in $LATEST.",
                                         given, current));
}
ApiError alias_not_found(const std::string& arn) { return not_found("Cannot find alias arn: " + arn); }
ApiError alias_exists(const std::string& arn) { return conflict("Alias already exists: " + arn); }
ApiError too_many_weights() { return invalid_parameter("Number of items in AdditionalVersionWeights cannot be greater than 1"); }
ApiError latest_with_weights() { return invalid_parameter("$LATEST is not supported for an alias pointing to more than 1 version"); }
ApiError version_in_use(const std::string& version, const std::string& alias_arns) {
    return conflict(fmt::format("Version {} is referenced by aliases: {}. Please update or delete the aliases first.", version, alias_arns));
}

ApiError statement_exists(const std::string& id) {
    return conflict(fmt::format(
        "The statement id ({}) provided already exists. Please provide a new statement id, or remove the existing statement.", id));
}
ApiError no_policy_for_latest() { return invalid_parameter("We currently do not support adding policies for $LATEST."); }
ApiError no_such_resource() { return not_found("The resource you requested does not exist."); }
ApiError no_policy() { return not_found("No policy is associated with the given resource."); }
ApiError no_statement(const std::string& id) { return not_found(fmt::format("Statement {} is not found in resource policy.", id)); }

ApiError invoke_config_empty() { return invalid_parameter("You must specify at least one of error handling or destination setting."); }
ApiError no_invoke_config(const std::string& arn) { return not_found("The function " + arn + " doesn't have an EventInvokeConfig"); }
ApiError function_does_not_exist() { return not_found("The function doesn't exist."); }
ApiError reservation_too_large() {
    return invalid_parameter(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].");
}

ApiError bad_payload(const std::string& detail) {
    return user_error("InvalidRequestContentException", 400, "Could not parse request body into json: Could not parse payload into json: " + detail);
}
ApiError payload_too_large(std::size_t limit) {
    return user_error("RequestEntityTooLargeException", 413, fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", limit));
}
ApiError throttled(const std::string& reason) {
    return ApiError("TooManyRequestsException", 429, "Rate Exceeded.", Object{{"Type", "User"}, {"Reason", reason}, {"retryAfterSeconds", "1"}});
}

ApiError mapping_exists_for_queue(const std::string& arn, const std::string& function, const std::string& uuid) {
    return conflict(fmt::format(
        "An event source mapping with SQS arn (\" {} \") and function (\" {} \") already exists. Please update or delete the existing mapping with UUID {}", arn,
        function, uuid));
}
ApiError mapping_exists_for_stream(const std::string& arn, const std::string& function, const std::string& uuid) {
    return conflict(fmt::format("The event source arn (\" {} \") and function (\" {} \") provided mapping already exists. Please update or delete the existing "
                                "mapping with UUID {}",
                                arn, function, uuid));
}
ApiError queue_failed(const std::string& code, const std::string& message) {
    return invalid_parameter(fmt::format("Error occurred while ReceiveMessage. SQS Error Code: {}. SQS Error Message: {}", code, message));
}
ApiError stream_not_found(const std::string& arn) { return invalid_parameter("Stream not found: " + arn); }
ApiError starting_position_missing() {
    return ApiError("InvalidParameterValueException", 400,
                    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.", Object{{"Type", "User"}});
}
ApiError unsupported_starting_position(const std::string& arn) { return invalid_parameter("Unsupported starting position for arn type: " + arn); }
ApiError visibility_too_short(std::int64_t visibility, std::int64_t timeout) {
    return invalid_parameter(fmt::format("Queue visibility timeout: {} seconds is less than Function timeout: {} seconds", visibility, timeout));
}
ApiError window_needed() {
    return invalid_parameter("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
}
ApiError invalid_filter() { return invalid_parameter("Invalid filter pattern definition."); }

}  // namespace virga::lambda_errors
