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

// About the account (account.cpp) and recorded settings (continuous_backups.cpp)
Value describe_endpoints(Context& ctx, const Value& input);
Value describe_limits(Context& ctx, const Value& input);
Value describe_continuous_backups(Context& ctx, const Value& input);
Value update_continuous_backups(Context& ctx, const Value& input);

// Change streams
Value list_streams(Context& ctx, const Value& input);
Value describe_stream(Context& ctx, const Value& input);
Value get_shard_iterator(Context& ctx, const Value& input);
Value get_records(Context& ctx, const Value& input);

}  // namespace virga::dynamodb
