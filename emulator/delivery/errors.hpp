// Every error of Amazon Data Firehose that a client can see, by what went wrong. Texts are as observed at the service unless marked in the source.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/error.hpp"

namespace virga::delivery {

ApiError stream_not_found(std::string_view name, std::string_view account);
ApiError stream_exists(std::string_view name, std::string_view account);
ApiError stream_in_use(std::string_view name, std::string_view account, std::string_view status);
ApiError stream_quota(std::int64_t quota, const std::vector<std::string>& names);
ApiError too_many_tags(std::string_view name, std::string_view account);

ApiError one_destination();
// `source`: "KinesisSourceStreamConfig"; `type`: "KinesisStreamAsSource". A source on a stream of another type, and a stream without its source.
ApiError source_without_type(std::string_view source, std::string_view type);
ApiError source_required(std::string_view source, std::string_view type);
ApiError source_not_found(std::string_view stream_arn);
ApiError iceberg_required();                         // of a stream with a database source
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

// What is wrong with a destination.
ApiError member_required(std::string_view member);
ApiError hints_incomplete();
ApiError one_encryption();
ApiError log_name_required(std::string_view which);  // "Group" or "Stream"
ApiError backup_required();
ApiError time_zone_unknown(std::string_view zone);
ApiError partition_buffer_too_small(std::string_view hint, std::int64_t least);
ApiError one_format(std::string_view which);         // "serializer" or "deserializer"
ApiError conversion_compresses();
ApiError conversion_buffer_too_small();
ApiError attribute_twice(std::string_view name);
ApiError secret_required();
ApiError domain_and_cluster();
ApiError domain_or_cluster_required();
ApiError collection_required();
ApiError password_required();
ApiError columns_required();
ApiError snowflake_role_required();

// What is wrong with a processor.
ApiError processor_count();
ApiError processor_twice(std::string_view type);
ApiError function_required();
ApiError function_retries();
ApiError function_buffer_incomplete();
ApiError function_buffer_size();
ApiError function_buffer_interval();
ApiError extraction_without_partitioning();
ApiError query_engine();
ApiError query_required();
ApiError query_key_unused();
ApiError query_malformed();
ApiError query_library_missing();                    // 501
ApiError sub_record_type();
ApiError delimiter_required();
ApiError delimiter_not_base64();
ApiError log_processor_alone();
ApiError message_extraction_value();

}  // namespace virga::delivery
