// Errors of the CloudWatch Logs API beyond those of the model's constraints.
#pragma once
#include <string>

#include "emulator/base/error.hpp"

namespace virga::logs_errors {

inline ApiError make(const char* code, const std::string& message) { return ApiError(code, 400, message); }
inline ApiError no_group() { return make("ResourceNotFoundException", "The specified log group does not exist."); }
inline ApiError no_stream() { return make("ResourceNotFoundException", "The specified log stream does not exist."); }
inline ApiError group_exists() { return make("ResourceAlreadyExistsException", "The specified log group already exists"); }
inline ApiError stream_exists() { return make("ResourceAlreadyExistsException", "The specified log stream already exists"); }
inline ApiError invalid(const std::string& message) { return make("InvalidParameterException", message); }
inline ApiError not_chronological() { return invalid("Log events in a single PutLogEvents request must be in chronological order."); }
inline ApiError batch_span() { return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours."); }
inline ApiError batch_size() { return invalid("Upload too large: the batch is limited to 1048576 bytes."); }
inline ApiError reserved_name() { return invalid("Log groups starting with AWS/ are reserved for AWS."); }
inline ApiError bad_token() { return invalid("The specified nextToken is invalid."); }
inline ApiError bad_pattern() { return invalid("Invalid filter pattern"); }
inline ApiError bad_retention() {
    return make("InvalidParameterException",
                "Value at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, "
                "731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]");
}
inline ApiError prefix_with_order() { return invalid("Cannot order by LastEventTime with a logStreamNamePrefix."); }
inline ApiError names_and_prefix() { return invalid("Cannot specify both logStreamNames and logStreamNamePrefix."); }

}  // namespace virga::logs_errors
