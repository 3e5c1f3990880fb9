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
// Subscription filters.
inline ApiError no_subscription() { return make("ResourceNotFoundException", "The specified subscription filter does not exist."); }
inline ApiError limit_exceeded() { return make("LimitExceededException", "Resource limit exceeded."); }
inline ApiError bad_destination() { return invalid("Invalid destinationArn: a function, a Kinesis stream or a Firehose stream is needed."); }  // text unconfirmed
inline ApiError role_with_function() { return invalid("destinationArn for vendor lambda cannot be used with roleArn"); }
inline ApiError role_needed(const std::string& vendor) { return invalid("destinationArn for vendor " + vendor + " cannot be used without roleArn"); }
inline ApiError function_refuses() {
    return invalid("Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.");
}
inline ApiError stream_refuses(const std::string& kind) {
    std::string again = kind == "Kinesis" ? "kinesis" : kind;
    return invalid("Could not deliver test message to specified " + kind + " stream. Check if the given " + again + " stream is in ACTIVE state.");
}
inline ApiError prefix_with_order() { return invalid("Cannot order by LastEventTime with a logStreamNamePrefix."); }
inline ApiError names_and_prefix() { return invalid("Cannot specify both logStreamNames and logStreamNamePrefix."); }

}  // namespace virga::logs_errors
