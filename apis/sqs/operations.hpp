// The operations of Amazon SQS, one function each.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::sqs {

Value create_queue(Context& ctx, const Value& input);
Value delete_queue(Context& ctx, const Value& input);
Value get_queue_url(Context& ctx, const Value& input);
Value list_queues(Context& ctx, const Value& input);
Value purge_queue(Context& ctx, const Value& input);
Value list_dead_letter_source_queues(Context& ctx, const Value& input);

Value get_queue_attributes(Context& ctx, const Value& input);
Value set_queue_attributes(Context& ctx, const Value& input);
Value add_permission(Context& ctx, const Value& input);
Value remove_permission(Context& ctx, const Value& input);
Value tag_queue(Context& ctx, const Value& input);
Value untag_queue(Context& ctx, const Value& input);
Value list_queue_tags(Context& ctx, const Value& input);

Value send_message(Context& ctx, const Value& input);
Value send_message_batch(Context& ctx, const Value& input);
Task<Value> receive_message(Context& ctx, const Value& input);
Value delete_message(Context& ctx, const Value& input);
Value delete_message_batch(Context& ctx, const Value& input);
Value change_message_visibility(Context& ctx, const Value& input);
Value change_message_visibility_batch(Context& ctx, const Value& input);

Value start_message_move_task(Context& ctx, const Value& input);
Value list_message_move_tasks(Context& ctx, const Value& input);
Value cancel_message_move_task(Context& ctx, const Value& input);

}  // namespace virga::sqs
