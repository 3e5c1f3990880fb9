// Every error that a request can get before or beside its items: one named function each, its text only here. Those of items, expressions,
// streams and statements are the engine's (emulator/table/errors.hpp); `errors::` in this folder names both. What is wrong with the text of
// an expression is told where it is parsed (parser*.cpp, binding.cpp, key_condition.cpp).
// Texts: observed on the service as collected in the conformance notes, save those marked "unconfirmed".
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/errors.hpp"
#include "emulator/table/schema.hpp"

namespace virga::dynamodb::errors {

using namespace virga::table::errors;
using Names = std::vector<std::string_view>;

// Constraints that the API model does not state, in the front end's form. `member` as the front end spells it.
ApiError at_least(std::string_view member, std::int64_t value, std::int64_t limit);
ApiError at_most(std::string_view member, std::int64_t value, std::int64_t limit);
ApiError too_short(std::string_view member, std::string_view value, std::size_t least);
ApiError too_long(std::string_view member, std::string_view value, std::size_t most);
ApiError name_pattern(std::string_view member, std::string_view value);
ApiError invalid_map_keys(std::string_view request_items);  // BatchGetItem, BatchWriteItem: names of tables
// One fault told before those of another "N validation errors detected: ...", as one list.
ApiError both_broken(const ApiError& one, const ApiError& others);
ApiError too_small_limit();                    // Query
ApiError no_keys(std::string_view table);       // BatchGetItem
ApiError too_many_keys(std::string_view table);  // BatchGetItem
ApiError too_many_key_elements(std::string_view elements);

// Parameters of requests on items
ApiError mixed_parameters(const Names& legacy, const Names& expressions);
ApiError names_without_expression();
ApiError values_without_expression(const Names& expressions);
ApiError empty_placeholders(std::string_view map);  // "ExpressionAttributeNames" or "ExpressionAttributeValues"
ApiError invalid_placeholder(std::string_view map, std::string_view key);
ApiError placeholder_too_long(std::string_view map, std::size_t length);
ApiError placeholders_too_large(std::string_view map);
ApiError placeholders_too_large();  // both maps together
ApiError empty_placeholder_name(std::string_view key);
ApiError invalid_placeholder_value(std::string_view why, std::string_view key);
ApiError operator_without_conditions();
ApiError operator_with_one_condition();  // ConditionalOperator
ApiError unsupported_return_values();
ApiError request_items_required(std::string_view operation);
ApiError too_many_items(std::string_view operation);
ApiError duplicate_keys();

// Pages of Query and Scan
ApiError key_conditions_required();
ApiError select_without_attributes(bool query);
ApiError select_with_attributes(std::string_view parameter, std::string_view select, bool query);
ApiError select_without_index(bool query);
ApiError select_not_projected(std::string_view index);
ApiError consistent_global_index();
ApiError filter_on_key(std::string_view filter, std::string_view attribute);
ApiError total_segments_required();
ApiError segment_required();
ApiError segment_out_of_range(std::int64_t segment, std::int64_t total);
ApiError invalid_starting_key();
ApiError invalid_starting_key(std::string_view why);
ApiError starting_key_of_other_range();
ApiError starting_key_outside_query();
ApiError starting_key_of_one_row();
ApiError starting_key_of_other_segment(std::int64_t segment, std::int64_t total);

// Legacy parameters
ApiError unknown_comparison(std::string_view name);
ApiError argument_count(std::string_view comparison);
ApiError mixed_argument_types();
ApiError argument_type(std::string_view comparison, std::string_view type);
ApiError reversed_between();
ApiError value_and_list(std::string_view attribute);
ApiError exists_and_comparison(std::string_view attribute);
ApiError comparison_without_value(std::string_view comparison, std::string_view attribute);
ApiError list_without_comparison(std::string_view attribute);
ApiError exists_without_value(std::string_view exists, std::string_view attribute);
ApiError absent_with_value(std::string_view attribute);
ApiError key_condition_count();
ApiError duplicate_attribute_to_get(std::string_view attribute);
ApiError action_without_value();
ApiError action_type(std::string_view action, std::string_view type);

// Transactions
ApiError several_actions_on_one_item();
ApiError several_kinds_of_action();
ApiError no_action();
ApiError transaction_too_large(std::size_t bytes);
ApiError items_too_large();  // that a transaction reads

// PartiQL requests
ApiError exists_outside_transaction();
ApiError reads_and_writes_in_batch();
ApiError reads_and_writes_in_transaction();
ApiError select_without_key(std::string_view operation);
ApiError returning_in_transaction();
ApiError next_token_of_another_statement();
ApiError index_in_exists();
ApiError index_in_transaction();
ApiError in_statement(std::size_t position, std::string_view why);
ApiError exists_without_condition();
ApiError consistent_statement();
ApiError not_projected(std::string_view index, const std::vector<std::string>& attributes);

// Table definitions
ApiError members_required(const Names& members);
ApiError parameter_required(std::string_view name);
ApiError undefined_key_attributes(const Names& keys, const Names& definitions);
ApiError too_few_definitions();
ApiError duplicate_definition();
ApiError redefined_attribute(std::string_view attribute);
ApiError unused_definitions();
ApiError unused_definitions(const Names& definitions, const Names& used);
ApiError same_key_name();
ApiError first_key_not_hash();
ApiError second_key_not_range();
ApiError hash_after_range();                                        // unconfirmed
ApiError too_many_key_parts(std::string_view type, std::size_t limit);  // unconfirmed
ApiError unknown_projection();
ApiError names_without_include(std::string_view projection);
ApiError include_without_names();
ApiError too_many_projected(std::size_t given);
ApiError empty_index_list(std::string_view list);
ApiError duplicate_index(std::string_view index);
ApiError local_index_without_table_range();
ApiError local_index_without_range(std::string_view index);
ApiError other_leading_key(std::string_view index, std::string_view key, std::string_view table_key);
ApiError too_many_local_indexes();
ApiError too_many_global_indexes();
ApiError index_exists();
ApiError index_update_actions(bool any);
ApiError several_updates_of_index(std::string_view index);
ApiError view_of_disabled_stream(bool creating);
ApiError stream_without_view(bool creating);
ApiError stream_is_enabled(std::string_view table);
ApiError stream_is_disabled(std::string_view table);  // unconfirmed
ApiError stream_of_replicas();
ApiError nothing_to_update();

// Billing and settings
ApiError throughput_required();
ApiError throughput_refused();
ApiError throughput_required_to_switch();
ApiError throughput_out_of_bounds(std::int64_t value, std::string_view unit);
ApiError index_throughput_required(std::string_view index);
ApiError index_throughput_refused(std::string_view index);
ApiError same_throughput(std::string_view what, const table::Throughput& now, const table::Throughput& wanted);
ApiError too_many_decreases(std::int64_t today, TimeMs last, TimeMs next);
ApiError encryption_of_disabled();
ApiError key_of_disabled();
ApiError unsupported_encryption();
ApiError on_demand_limits_refused();
ApiError on_demand_limit_out_of_range(std::string_view unit, std::string_view index);  // index: "" for the table's own
ApiError cooler(std::string_view unit);  // WarmThroughput
ApiError auto_scaling_required();
ApiError auto_scaling_on_demand();

// Time to live (unconfirmed)
ApiError ttl_is_enabled();
ApiError ttl_is_disabled();
ApiError ttl_of_other_attribute(std::string_view attribute);
ApiError ttl_changed_too_soon();

// Tags and policies
ApiError tags_required();
ApiError tag_keys_required();
ApiError too_many_tags(std::size_t given);
ApiError reserved_tag_key();                         // unconfirmed
ApiError invalid_tag(std::string_view text);         // unconfirmed
ApiError duplicate_tag_key(std::string_view key);    // unconfirmed
ApiError no_access(std::string_view principal, std::string_view operation, std::string_view arn);
ApiError policy_too_large();
ApiError invalid_policy();
ApiError policy_locks_out();  // unconfirmed

// Streams
ApiError invalid_sequence_number(std::string_view number);
ApiError sequence_number_of_other_shard(std::string_view number);
ApiError iterator_member_required(std::string_view member, std::string_view iterator_type);
ApiError iterator_member_refused(std::string_view member, std::string_view iterator_type);
ApiError iterator_of_the_future();

// Kinesis streaming destinations
ApiError invalid_destination_arn(std::string_view arn);
ApiError foreign_destination();
ApiError destination_not_active();
ApiError destination_not_disabled();
ApiError too_many_destinations();
ApiError destination_not_found(std::string_view arn, std::string_view table);
ApiError destination_settings_required();
ApiError same_precision(std::string_view precision, std::string_view table_id, std::string_view arn);

// Backups and restores
ApiError invalid_backup_arn();
ApiError table_not_ready_for_backup(std::string_view table);
ApiError reversed_time_range();
ApiError recovery_period_of_disabled();
ApiError backups_not_ready(std::string_view table);
ApiError unknown_restored_index(std::string_view index);
ApiError restore_source_required();
ApiError restore_time_required();

// Exports and imports
ApiError export_start_required();
ApiError export_time_of_incremental();
ApiError export_period_of_full();
ApiError options_without_csv();
ApiError invalid_delimiter();
// Why an export or an import failed: its FailureCode and FailureMessage.
ApiError failed_s3_call(const ApiError& e);
ApiError table_gone_while(std::string_view what);  // unconfirmed, like the next two
ApiError no_import_objects();
ApiError invalid_compression(std::string_view key, std::string_view why);
ApiError items_not_imported();
// What is logged of an imported record that is no item.
inline constexpr std::string_view unexpected_token = "Unexpected token", no_item_container = "Expected 'Item' top level container",
                                  too_many_fields = "The record has more fields than the header";  // the last unconfirmed

// Replicas and global tables
ApiError replica_update_not_found(std::string_view region);
ApiError invalid_region(std::string_view region);
ApiError replica_of_this_region();
ApiError replica_is_there(std::string_view table);
ApiError replica_without_images();
ApiError several_replica_updates();
ApiError replica_update_actions();
ApiError consistency_without_replicas();
ApiError consistency_is_kept();                        // unconfirmed, like the next three
ApiError strong_table_of_other_regions();              // than three
ApiError strong_table_with_items();
ApiError not_with_strong_consistency(std::string_view what);
ApiError no_images_in_region(std::string_view table, std::string_view region);
ApiError replication_group_required();  // unconfirmed
ApiError global_table_exists(std::string_view name);
ApiError index_of_settings_not_found(std::string_view index);

}  // namespace virga::dynamodb::errors
