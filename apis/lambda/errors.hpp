// Every error a client of the Lambda API can see, beyond those of the model's constraints.
#pragma once
#include <string>

#include "emulator/base/error.hpp"

namespace virga::lambda_errors {

ApiError invalid_parameter(const std::string& message);                 // InvalidParameterValueException 400
ApiError not_found(const std::string& message);                         // ResourceNotFoundException 404
ApiError conflict(const std::string& message);                          // ResourceConflictException 409
ApiError not_implemented(const std::string& what);                      // 501

// Functions
ApiError function_not_found(const std::string& arn);
ApiError function_exists(const std::string& name);
ApiError other_region(const std::string& theirs, const std::string& ours);
ApiError qualifier_mismatch();
ApiError runtime_and_handler_missing();
ApiError no_code();
ApiError zip_too_large();
ApiError unzipped_too_large();
ApiError not_a_zip();
ApiError s3_failed(const std::string& code, const std::string& message);
ApiError hot_reload_directory(const std::string& directory);
ApiError environment_too_large(const std::string& measured);
ApiError reserved_environment_keys(const std::string& keys);
ApiError no_such_layer(const std::string& arn);
ApiError stale_revision(const std::string& operation);
ApiError latest_is_not_deletable();

// Versions and aliases
ApiError code_sha_differs(const std::string& given, const std::string& current);
ApiError alias_not_found(const std::string& arn);
ApiError alias_exists(const std::string& arn);
ApiError too_many_weights();
ApiError latest_with_weights();
ApiError version_in_use(const std::string& version, const std::string& alias_arns);

// Policies
ApiError statement_exists(const std::string& id);
ApiError no_policy_for_latest();
ApiError no_such_resource();
ApiError no_policy();
ApiError no_statement(const std::string& id);

// Settings
ApiError invoke_config_empty();
ApiError no_invoke_config(const std::string& arn);
ApiError function_does_not_exist();
ApiError reservation_too_large();

// Invoke
ApiError bad_payload(const std::string& detail);
ApiError payload_too_large(std::size_t limit);
ApiError throttled(const std::string& reason);

// Event source mappings
ApiError mapping_exists_for_queue(const std::string& arn, const std::string& function, const std::string& uuid);
ApiError mapping_exists_for_stream(const std::string& arn, const std::string& function, const std::string& uuid);
ApiError queue_failed(const std::string& code, const std::string& message);
ApiError stream_not_found(const std::string& arn);
ApiError starting_position_missing();
ApiError unsupported_starting_position(const std::string& arn);
ApiError visibility_too_short(std::int64_t visibility, std::int64_t timeout);
ApiError window_needed();
ApiError invalid_filter();

}  // namespace virga::lambda_errors
