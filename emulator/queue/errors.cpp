#include "emulator/queue/errors.hpp"

#include <fmt/format.h>

#include "emulator/queue/limits.hpp"

namespace virga::queue {

ApiError queue_does_not_exist() { return {"QueueDoesNotExist", 400, "The specified queue does not exist."}; }
ApiError invalid_address(std::string_view address) {
    return {"InvalidAddress", 400, fmt::format("The address {} is not valid for this endpoint.", address)};
}
ApiError invalid_queue_name() {
    return invalid_parameter_text("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
}
ApiError invalid_fifo_queue_name() {
    return invalid_parameter_text("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                                  "must end with .fifo suffix and be 1 to 80 in length");
}
ApiError queue_exists_with_other_attribute(std::string_view attribute) {
    return {"QueueNameExists", 400, fmt::format("A queue already exists with the same name and a different value for attribute {}", attribute)};
}
ApiError unknown_attribute(std::string_view name) { return {"InvalidAttributeName", 400, fmt::format("Unknown Attribute {}.", name)}; }
ApiError invalid_attribute_value(std::string_view name) {
    return {"InvalidAttributeValue", 400, fmt::format("Invalid value for the parameter {}.", name)};
}
ApiError invalid_redrive_policy(std::string_view json, std::string_view reason) { return invalid_parameter(json, "RedrivePolicy", reason); }
ApiError invalid_redrive_allow_policy(std::string_view json, std::string_view reason) {
    return invalid_parameter(json, "RedriveAllowPolicy", reason);
}

ApiError missing_parameter(std::string_view name) {
    return {"MissingRequiredParameterException", 400, fmt::format("The request must contain the parameter {}.", name)};
}
ApiError invalid_parameter(std::string_view value, std::string_view name, std::string_view reason) {
    return invalid_parameter_text(fmt::format("Value {} for parameter {} is invalid. Reason: {}", value, name, reason));
}
ApiError invalid_parameters(std::string_view reason) {
    return invalid_parameter_text(fmt::format("One or more parameters are invalid. Reason: {}", reason));
}
ApiError invalid_parameter_text(std::string message) { return {"InvalidParameterValueException", 400, std::move(message)}; }
ApiError invalid_message_contents() {
    return {"InvalidMessageContents", 400,
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | "
            "#x10000 to #x10FFFF"};
}

ApiError empty_batch(std::string_view entry_type) {
    return {"EmptyBatchRequest", 400, fmt::format("There should be at least one {} in the request.", entry_type)};
}
ApiError too_many_batch_entries(std::size_t sent) {
    return {"TooManyEntriesInBatchRequest", 400,
            fmt::format("Maximum number of entries per request are {}. You have sent {}.", limits::max_batch_entries, sent)};
}
ApiError batch_ids_not_distinct(std::string_view id) { return {"BatchEntryIdsNotDistinct", 400, fmt::format("Id {} repeated.", id)}; }
ApiError invalid_batch_id() {
    return {"InvalidBatchEntryId", 400,
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."};
}
ApiError batch_too_long(std::int64_t sent) {
    return {"BatchRequestTooLong", 400,
            fmt::format("Batch requests cannot be longer than {} bytes. You have sent {} bytes.", limits::max_batch_bytes, sent)};
}

ApiError invalid_receipt_handle(std::string_view handle) {
    return {"ReceiptHandleIsInvalid", 400, fmt::format("The input receipt handle \"{}\" is not a valid receipt handle.", handle)};
}
ApiError receipt_handle_expired(std::string_view handle) {
    return invalid_parameter(handle, "ReceiptHandle", "The receipt handle has expired.");
}
ApiError message_not_in_flight(std::string_view handle) {
    return invalid_parameter(handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.");
}
ApiError too_many_in_flight() { return {"OverLimit", 400, "Too many messages in flight."}; }
ApiError deduplication_id_required() {
    return invalid_parameter_text("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
}
ApiError fifo_delay(std::int64_t seconds) {
    return invalid_parameter(std::to_string(seconds), "DelaySeconds", "The request include parameter that is not valid for this queue type.");
}

ApiError resource_not_found(std::string_view what) { return {"ResourceNotFoundException", 400, std::string(what)}; }
ApiError not_a_dead_letter_queue() { return invalid_parameter_text("Source queue must be configured as a Dead Letter Queue."); }
ApiError move_already_running() {
    return {"UnsupportedOperation", 400,
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time."};
}
ApiError move_not_running() { return {"UnsupportedOperation", 400, "Only active tasks can be cancelled."}; }
ApiError too_many_tags(std::string_view queue) {
    return invalid_parameter_text(fmt::format("Too many tags added for queue {}.", queue));
}
ApiError statement_exists(std::string_view label) { return invalid_parameter(label, "Label", "Already exists."); }
ApiError statement_missing(std::string_view label) {
    return invalid_parameter(label, "Label", "can't find label on existing policy.");
}

std::string query_code(const ApiError& error) {
    static constexpr std::string_view prefixed[] = {"BatchEntryIdsNotDistinct", "BatchRequestTooLong", "EmptyBatchRequest",
                                                    "InvalidBatchEntryId", "MessageNotInflight", "PurgeQueueInProgress",
                                                    "QueueDeletedRecently", "TooManyEntriesInBatchRequest", "UnsupportedOperation"};
    if (error.code == "QueueDoesNotExist") return "AWS.SimpleQueueService.NonExistentQueue";
    if (error.code == "QueueNameExists") return "QueueAlreadyExists";
    if (error.code == "InvalidParameterValueException") return "InvalidParameterValue";
    if (error.code == "MissingRequiredParameterException") return "MissingParameter";
    for (auto name : prefixed)
        if (error.code == name) return "AWS.SimpleQueueService." + error.code;
    return error.code;
}

}  // namespace virga::queue
