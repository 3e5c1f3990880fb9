#include "emulator/topic/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virga::topic {

ApiError invalid(std::string_view reason) { return {"InvalidParameter", 400, fmt::format("Invalid parameter: {}", reason)}; }
ApiError not_an_arn(std::string_view parameter, std::string_view text) {
    return invalid(fmt::format("{} Reason: An ARN must have at least 6 elements, not {}", parameter,
                               1 + std::count(text.begin(), text.end(), ':')));
}
ApiError no_such_topic() { return {"NotFound", 404, "Topic does not exist"}; }
ApiError no_such_subscription() { return {"NotFound", 404, "Subscription does not exist"}; }
ApiError no_such_resource() { return {"ResourceNotFound", 404, "Resource does not exist"}; }
ApiError no_such_application() { return {"NotFound", 404, "PlatformApplication does not exist"}; }
ApiError no_such_endpoint() { return {"NotFound", 404, "Endpoint does not exist"}; }
ApiError too_many_filter_policies() { return {"FilterPolicyLimitExceeded", 403, "Filter policy limit exceeded"}; }  // form without a source
ApiError too_many_tags() { return {"TagLimitExceeded", 400, "Could not complete request: tag quota of per resource exceeded"}; }
ApiError bad_tag(std::string_view reason) { return invalid(fmt::format("Tags Reason: {}", reason)); }
ApiError endpoint_disabled() { return {"EndpointDisabled", 400, "Endpoint is disabled"}; }
// Forms without a source.
ApiError application_disabled() { return {"PlatformApplicationDisabled", 400, "Platform application is disabled"}; }
ApiError opted_out(std::string_view number) { return {"OptedOut", 400, fmt::format("The phone number {} is opted out", number)}; }
ApiError topic_has_archive() { return {"InvalidState", 400, "Cannot delete a topic with an ArchivePolicy"}; }
ApiError only_the_owner_unsubscribes() { return {"AuthorizationError", 403, "This subscription can only be cancelled by its owner"}; }

ApiError attribute_without_type(std::string_view name) {
    return {"ParameterValueInvalid", 400, fmt::format("The message attribute '{}' must contain non-empty message attribute type.", name)};
}
ApiError bad_attribute_type(std::string_view name) {
    return {"ParameterValueInvalid", 400,
            fmt::format("The message attribute '{}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, "
                        "and String.", name)};
}
ApiError empty_attribute(std::string_view name, std::string_view type) {
    return {"ParameterValueInvalid", 400,
            fmt::format("The message attribute '{}' must contain non-empty message attribute value for message attribute type '{}'.", name, type)};
}
ApiError attribute_not_a_number(std::string_view name) {
    return {"ParameterValueInvalid", 400, fmt::format("Could not cast message attribute '{}' value to number.", name)};
}
ApiError bad_attribute_name(std::string_view name) {
    return {"ParameterValueInvalid", 400, fmt::format("Invalid message attribute name '{}'.", name)};  // form without a source
}

ApiError empty_batch() { return {"EmptyBatchRequest", 400, "The batch request doesn't contain any entries."}; }
ApiError too_many_entries() { return {"TooManyEntriesInBatchRequest", 400, "The batch request contains more entries than permissible."}; }
ApiError ids_not_distinct() { return {"BatchEntryIdsNotDistinct", 400, "Two or more batch entries in the request have the same Id."}; }
ApiError bad_entry_id() { return {"InvalidBatchEntryId", 400, "The Id of a batch entry in a batch request doesn't abide by the specification."}; }
ApiError batch_too_long() { return {"BatchRequestTooLong", 400, "The length of all the batch messages put together is more than the limit."}; }

ApiError no_such_sandbox_number() { return {"ResourceNotFound", 404, "The phone number is not in the SMS sandbox"}; }  // form without a source
ApiError wrong_password() {
    return {"VerificationException", 400, "The one-time password is wrong", Object{{"Status", "Pending"}}};  // form without a source
}

}  // namespace virga::topic
