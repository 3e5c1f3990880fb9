// The operations of EventBridge Pipes, each in the file of its name or of its kind.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::pipes {

// create_pipe.cpp
Task<Value> create_pipe(Context& ctx, const Value& input);
// update_pipe.cpp
Value update_pipe(Context& ctx, const Value& input);
// pipes.cpp
Value describe_pipe(Context& ctx, const Value& input);
Value list_pipes(Context& ctx, const Value& input);
Value delete_pipe(Context& ctx, const Value& input);
Value start_pipe(Context& ctx, const Value& input);
Value stop_pipe(Context& ctx, const Value& input);
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_tags_for_resource(Context& ctx, const Value& input);

}  // namespace virga::pipes
