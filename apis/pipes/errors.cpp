#include "apis/pipes/errors.hpp"

#include <fmt/format.h>

namespace virga::pipes::errors {

namespace {
ApiError invalid(std::string message) { return {"ValidationException", 400, std::move(message)}; }
}  // namespace

ApiError pipe_exists(std::string_view name) {
    return {"ConflictException", 409, fmt::format("Pipe {} already exists.", name), Object{{"resourceId", name}, {"resourceType", "Pipe"}}};
}
ApiError no_such_pipe(std::string_view name) { return {"NotFoundException", 404, fmt::format("Pipe {} does not exist.", name)}; }
ApiError too_many_pipes() {
    return {"ServiceQuotaExceededException", 402, "The maximum number of pipes has been reached.",
            Object{{"resourceId", "pipe"}, {"resourceType", "Pipe"}, {"serviceCode", "pipes"}, {"quotaCode", "L-F5B5BCD9"}}};
}
ApiError bad_next_token() { return invalid("Invalid NextToken provided."); }

ApiError bad_source_parameters() { return invalid("Invalid source parameter provided for source"); }
ApiError bad_target_parameters() { return invalid("Invalid target parameter provided for target."); }
ApiError missing_source_parameters(std::string_view block) { return invalid(fmt::format("SourceParameters.{} Missing required parameter.", block)); }
ApiError missing_target_parameters(std::string_view block) { return invalid(fmt::format("TargetParameters.{} Missing required parameter.", block)); }
ApiError bad_enrichment() { return invalid("Invalid pipe enrichment."); }
ApiError batch_too_big(std::int64_t size, std::size_t most) {
    return invalid(fmt::format("The configured batch size {} is greater than the max supported batch size {}.", size, most));
}
ApiError foreign_region() { return invalid("Creating cross-region pipe is not permitted."); }
ApiError fifo_topic() { return invalid("SNS FIFO topics are not supported as a pipe target."); }
ApiError bad_placeholder() { return invalid("Invalid json path reference or predefined variable for placeholder"); }
ApiError bad_pattern() { return invalid("Invalid Event Pattern"); }
ApiError bad_pattern(std::string_view reason) { return invalid(fmt::format("Invalid Event Pattern. Reason: {}", reason)); }
ApiError no_log_destination() { return invalid("Must provide at least 1 log destination in LogConfiguration"); }
ApiError bad_log_format() { return invalid("w3c and plain output formats are not supported by Pipes"); }
ApiError bad_tags(std::string_view problem) { return invalid(std::string(problem)); }
ApiError not_implemented(std::string_view what) { return {"NotImplemented", 501, fmt::format("virga does not implement {}.", what)}; }

}  // namespace virga::pipes::errors
