// Every error a client of the tables can see: one named function each, its text only here.
// Texts: observed on the service (classic front end), as collected in the conformance notes.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/table/number.hpp"

namespace virga::table::errors {

// ValidationException with any text; "invalid_parameter" prefixes it with "One or more parameter values were invalid: ".
ApiError validation(std::string message);
ApiError invalid_parameter(std::string_view message);
// The front end's form for one broken constraint: "1 validation error detected: ...".
ApiError constraint(std::string_view message);

// Tables
ApiError table_not_found();                         // data plane
ApiError table_not_found(std::string_view table);   // control plane
ApiError table_exists(std::string_view table);
ApiError resource_not_found(std::string_view arn);  // tags
ApiError invalid_resource_arn(std::string_view arn);
ApiError deletion_protected();
ApiError one_index_change_at_a_time();
ApiError index_not_found(std::string_view index);
ApiError no_such_index_to_change(std::string_view table, std::string_view index);
ApiError too_many_tables(std::size_t limit);
ApiError backup_not_found(std::string_view arn);
ApiError backup_in_use(std::string_view arn);
ApiError unknown_table(std::string_view table);        // TableNotFoundException, where backups and global tables say so
ApiError restored_table_exists(std::string_view table);
ApiError no_point_in_time_recovery(std::string_view table);
ApiError invalid_restore_time();
ApiError table_in_use(std::string_view table, std::string_view status);
ApiError index_is_backfilling(std::string_view index);
ApiError export_not_found(std::string_view arn);
ApiError import_not_found(std::string_view arn);
ApiError policy_not_found(std::string_view arn);
ApiError global_table_not_found(std::string_view name);
ApiError replica_exists(std::string_view name, std::string_view region);
ApiError replica_not_found(std::string_view name, std::string_view region);
ApiError invalid_export_time(std::string_view message);
ApiError token_of_another_request(std::string_view code, std::string_view token);
ApiError not_implemented(std::string_view what);

// Values
ApiError invalid_number(NumberFault fault, std::string_view text);  // `text` as it was written
ApiError empty_number();  // the older front end's word for a number without text
ApiError empty_attribute_name();
ApiError empty_value();
ApiError more_than_one_type();
ApiError false_null();
ApiError empty_set(std::string_view of);  // "string" or "number"
ApiError empty_binary_set();
ApiError duplicate_numbers();
ApiError duplicate_members(std::string_view set);  // as the service prints it
ApiError nested_too_deep();
ApiError item_too_large();
ApiError updated_item_too_large();
ApiError collection_too_large();

// Keys
ApiError missing_key(std::string_view name);
ApiError key_type_mismatch(std::string_view name, std::string_view expected, std::string_view actual);
ApiError key_does_not_match_schema();
ApiError empty_key_value(std::string_view name, bool binary);
ApiError empty_index_key_value(std::string_view index, std::string_view name, bool binary);
ApiError hash_key_too_long();
ApiError range_key_too_long();
ApiError index_key_type_mismatch(std::string_view name, std::string_view expected, std::string_view actual, std::string_view index);
ApiError update_of_key(std::string_view name);
ApiError nested_key(std::string_view name);
ApiError nested_index_key(std::string_view name);
ApiError updated_index_key_type();
ApiError updated_index_key_empty(bool binary);

// Conditions and updates at run time
ApiError condition_failed();
ApiError invalid_document_path();
ApiError missing_attribute();
ApiError wrong_operand_type();
ApiError update_type_mismatch();  // AttributeUpdates

// Streams
ApiError stream_not_found(std::string_view arn);
ApiError invalid_stream_arn(std::string_view arn);
ApiError shard_not_found(std::string_view shard, std::string_view arn);
ApiError iterator_expired();
ApiError invalid_iterator();
ApiError trimmed();

// Transactions
ApiError token_mismatch();

// PartiQL
ApiError malformed_statement(std::string_view why);
ApiError duplicate_item();
ApiError key_data_type(std::string_view name);
ApiError key_missing_in_statement(std::string_view name);
ApiError no_key_equality();
ApiError several_conditions_on_key(std::string_view name);
ApiError too_many_reads();
ApiError overlapping_conditions();
ApiError parameter_count();
ApiError invalid_next_token();
ApiError index_not_found();  // without its name
ApiError multi_attribute_index();
ApiError filter_not_projected(std::string_view index, std::string_view attributes);

}  // namespace virga::table::errors
