// Every error of Amazon SQS that a client can see, by what went wrong. The code is the API model's shape name, or
// InvalidParameterValueException and MissingRequiredParameterException of the framework in front.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::queue {

ApiError queue_does_not_exist();
ApiError invalid_address(std::string_view address);
ApiError invalid_queue_name();
ApiError invalid_fifo_queue_name();
ApiError queue_exists_with_other_attribute(std::string_view attribute);
ApiError unknown_attribute(std::string_view name);
ApiError invalid_attribute_value(std::string_view name);
ApiError invalid_redrive_policy(std::string_view json, std::string_view reason);
ApiError invalid_redrive_allow_policy(std::string_view json, std::string_view reason);

ApiError missing_parameter(std::string_view name);
ApiError invalid_parameter(std::string_view value, std::string_view name, std::string_view reason);
ApiError invalid_parameters(std::string_view reason);  // "One or more parameters are invalid. Reason: ..."
ApiError invalid_parameter_text(std::string message);
ApiError invalid_message_contents();

ApiError empty_batch(std::string_view entry_type);
ApiError too_many_batch_entries(std::size_t sent);
ApiError batch_ids_not_distinct(std::string_view id);
ApiError invalid_batch_id();
ApiError batch_too_long(std::int64_t sent);

ApiError invalid_receipt_handle(std::string_view handle);
ApiError receipt_handle_expired(std::string_view handle);
ApiError message_not_in_flight(std::string_view handle);
ApiError too_many_in_flight();
ApiError deduplication_id_required();
ApiError fifo_delay(std::int64_t seconds);

ApiError resource_not_found(std::string_view what);
ApiError not_a_dead_letter_queue();
ApiError move_already_running();
ApiError move_not_running();
ApiError too_many_tags(std::string_view queue);
ApiError statement_exists(std::string_view label);
ApiError statement_missing(std::string_view label);

// The code of the older query API: what batch results name even in the JSON protocol.
std::string query_code(const ApiError& error);

}  // namespace virga::queue
