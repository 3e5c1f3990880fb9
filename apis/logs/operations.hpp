// The operations of CloudWatch Logs that virga has: one function each, named after it.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/logs/log_store.hpp"

namespace virga::logs {

// log_groups.cpp
Value create_log_group(Context& ctx, const Value& input);
Value delete_log_group(Context& ctx, const Value& input);
Value describe_log_groups(Context& ctx, const Value& input);
Value put_retention_policy(Context& ctx, const Value& input);
Value delete_retention_policy(Context& ctx, const Value& input);
Value tag_log_group(Context& ctx, const Value& input);
Value untag_log_group(Context& ctx, const Value& input);
Value list_tags_log_group(Context& ctx, const Value& input);
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

// log_streams.cpp
Value create_log_stream(Context& ctx, const Value& input);
Value delete_log_stream(Context& ctx, const Value& input);
Value describe_log_streams(Context& ctx, const Value& input);

// put_log_events.cpp, get_log_events.cpp, filter_log_events.cpp
Value put_log_events(Context& ctx, const Value& input);
Value get_log_events(Context& ctx, const Value& input);
Value filter_log_events(Context& ctx, const Value& input);

// subscription_filters.cpp
Task<Value> put_subscription_filter(Context& ctx, const Value& input);
Value delete_subscription_filter(Context& ctx, const Value& input);
Value describe_subscription_filters(Context& ctx, const Value& input);

// Shared: names, identifiers (a name or an ARN), ARNs.
LogStore& store_of(Context& ctx);
std::string group_name(const Value& input);  // logGroupName, or from logGroupIdentifier
LogGroup require_group(Context& ctx, Database& db, const std::string& name);
LogStream require_stream(Context& ctx, Database& db, const LogGroup& group, std::string_view name);
std::string group_arn(Context& ctx, const std::string& name);

}  // namespace virga::logs
