// One function an operation, named after it, in the file of that name.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::dynamodb {

// Tables
Value create_table(Context& ctx, const Value& input);
Value describe_table(Context& ctx, const Value& input);
Value update_table(Context& ctx, const Value& input);
Value delete_table(Context& ctx, const Value& input);
Value list_tables(Context& ctx, const Value& input);

// Items
Value put_item(Context& ctx, const Value& input);
Value get_item(Context& ctx, const Value& input);
Value update_item(Context& ctx, const Value& input);
Value delete_item(Context& ctx, const Value& input);
Value query(Context& ctx, const Value& input);
Value scan(Context& ctx, const Value& input);
Value batch_get_item(Context& ctx, const Value& input);
Value batch_write_item(Context& ctx, const Value& input);
Value transact_get_items(Context& ctx, const Value& input);
Value transact_write_items(Context& ctx, const Value& input);

// PartiQL
Value execute_statement(Context& ctx, const Value& input);
Value batch_execute_statement(Context& ctx, const Value& input);
Value execute_transaction(Context& ctx, const Value& input);

// Time to live
Value update_time_to_live(Context& ctx, const Value& input);
Value describe_time_to_live(Context& ctx, const Value& input);

// Tags (tags.cpp)
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_of_resource(Context& ctx, const Value& input);

// About the account (account.cpp)
Value describe_endpoints(Context& ctx, const Value& input);
Value describe_limits(Context& ctx, const Value& input);

// Backups (backups.cpp, continuous_backups.cpp, restore_table.cpp)
Value create_backup(Context& ctx, const Value& input);
Value describe_backup(Context& ctx, const Value& input);
Value delete_backup(Context& ctx, const Value& input);
Value list_backups(Context& ctx, const Value& input);
Value describe_continuous_backups(Context& ctx, const Value& input);
Value update_continuous_backups(Context& ctx, const Value& input);
Value restore_table_from_backup(Context& ctx, const Value& input);
Value restore_table_to_point_in_time(Context& ctx, const Value& input);

// Exports and imports (exports.cpp, imports.cpp)
Value export_table_to_point_in_time(Context& ctx, const Value& input);
Value describe_export(Context& ctx, const Value& input);
Value list_exports(Context& ctx, const Value& input);
Value import_table(Context& ctx, const Value& input);
Value describe_import(Context& ctx, const Value& input);
Value list_imports(Context& ctx, const Value& input);

// Resource policies (resource_policy.cpp)
Value put_resource_policy(Context& ctx, const Value& input);
Value get_resource_policy(Context& ctx, const Value& input);
Value delete_resource_policy(Context& ctx, const Value& input);

// Global tables of version 2017 (global_tables.cpp, global_table_settings.cpp) and auto scaling (auto_scaling.cpp)
Value create_global_table(Context& ctx, const Value& input);
Value update_global_table(Context& ctx, const Value& input);
Value describe_global_table(Context& ctx, const Value& input);
Value list_global_tables(Context& ctx, const Value& input);
Value describe_global_table_settings(Context& ctx, const Value& input);
Value update_global_table_settings(Context& ctx, const Value& input);
Value describe_table_replica_auto_scaling(Context& ctx, const Value& input);
Value update_table_replica_auto_scaling(Context& ctx, const Value& input);

// Contributor Insights (contributor_insights.cpp)
Value update_contributor_insights(Context& ctx, const Value& input);
Value describe_contributor_insights(Context& ctx, const Value& input);
Value list_contributor_insights(Context& ctx, const Value& input);

// Kinesis streaming destinations (kinesis_destinations.cpp)
Task<Value> enable_kinesis_streaming_destination(Context& ctx, const Value& input);
Value disable_kinesis_streaming_destination(Context& ctx, const Value& input);
Value update_kinesis_streaming_destination(Context& ctx, const Value& input);
Value describe_kinesis_streaming_destination(Context& ctx, const Value& input);

// Change streams
Value list_streams(Context& ctx, const Value& input);
Value describe_stream(Context& ctx, const Value& input);
Value get_shard_iterator(Context& ctx, const Value& input);
Value get_records(Context& ctx, const Value& input);

}  // namespace virga::dynamodb
