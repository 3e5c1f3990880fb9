// The ten ways a request names a destination, and what each one's configuration is completed with, checked for and shown as.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::firehose {

// Of the one destination that a stream has.
inline constexpr std::string_view destination_id = "destinationId-000000000001";

struct NamedDestination {
    std::string kind;   // "ExtendedS3" (also of the legacy S3 members), "HttpEndpoint", ..
    Value given;        // the member of the request
};
// The one destination of a request, by its "...DestinationConfiguration" or "...DestinationUpdate" members. Throws one_destination.
NamedDestination find_destination(const Value& input, std::string_view ending);

// With the service's defaults. `configuration` is by the members of the kind's configuration.
Value complete(std::string_view kind, Value configuration);
// Throws what is wrong with a complete configuration first.
void check_destination(std::string_view kind, const Value& configuration);
// A line in the process's log when records will not be written as the configuration says.
void warn_of_destination(const std::string& stream_arn, const Value& configuration);

// An update of the same kind: members that are given replace those that are there; those of nested S3 configurations one by one.
Value merge_update(std::string_view kind, const Value& configuration, const Value& update);
// An update to another kind, as a configuration: nothing is merged.
Value update_as_configuration(const Value& update);

// The members of a DestinationDescription: secrets are left out, S3 is shown in both forms.
void describe_destination(std::string_view kind, const Value& configuration, Object& description);

}  // namespace virga::firehose
