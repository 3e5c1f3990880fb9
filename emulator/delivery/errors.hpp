// Every error of Amazon Data Firehose that a client can see, by what went wrong.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/error.hpp"

namespace virga::delivery {

ApiError invalid_argument(std::string message);

ApiError stream_not_found(std::string_view name, std::string_view account);
ApiError stream_exists(std::string_view name, std::string_view account);
ApiError stream_in_use(std::string_view name, std::string_view account, std::string_view status);
ApiError stream_quota(std::int64_t quota, const std::vector<std::string>& names);
ApiError too_many_tags(std::string_view name, std::string_view account);

ApiError one_destination();
ApiError source_without_type();                      // a Kinesis source on a stream of another type
ApiError source_required();
ApiError put_not_permitted(std::string_view type);   // "KinesisStreamAsSource"
ApiError batch_too_long();

ApiError version_mismatch(std::string_view name, std::string_view current, std::string_view specified);
ApiError destination_not_found(std::string_view id);
ApiError destination_type_change(std::string_view kind);
ApiError backup_not_disabled();
ApiError partitioning_not_switched();

ApiError encryption_of_source();
ApiError key_required();
ApiError key_unwanted();

// What is wrong with a prefix. `member`: "Prefix" or "ErrorOutputPrefix".
ApiError error_prefix_required();
ApiError error_prefix_without_type();
ApiError prefix_with_error_type();
ApiError expression_syntax();
ApiError expression_namespace(std::string_view name);
ApiError expression_value(std::string_view member);
ApiError prefix_too_long(std::string_view member);
ApiError partition_namespace_while_off();
ApiError partition_namespace_in_error_prefix();
ApiError partition_namespace_missing();

ApiError time_zone_unknown(std::string_view zone);

}  // namespace virga::delivery
