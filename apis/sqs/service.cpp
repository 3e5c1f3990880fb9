#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/queue/move_tasks.hpp"

namespace virga {

void register_sqs(Dispatcher& dispatcher, World& world) {
    ServiceApi& api = dispatcher.add_service(models::sqs());
    // SQS does not speak the model's validation language: its own layer says what is missing or out of range.
    api.validates = false;
    api.before_validation = sqs::check_required;

    api.on("CreateQueue", sqs::create_queue);
    api.on("DeleteQueue", sqs::delete_queue);
    api.on("GetQueueUrl", sqs::get_queue_url);
    api.on("ListQueues", sqs::list_queues);
    api.on("PurgeQueue", sqs::purge_queue);
    api.on("ListDeadLetterSourceQueues", sqs::list_dead_letter_source_queues);

    api.on("GetQueueAttributes", sqs::get_queue_attributes);
    api.on("SetQueueAttributes", sqs::set_queue_attributes);
    api.on("AddPermission", sqs::add_permission);
    api.on("RemovePermission", sqs::remove_permission);
    api.on("TagQueue", sqs::tag_queue);
    api.on("UntagQueue", sqs::untag_queue);
    api.on("ListQueueTags", sqs::list_queue_tags);

    api.on("SendMessage", sqs::send_message);
    api.on("SendMessageBatch", sqs::send_message_batch);
    api.on_async("ReceiveMessage", sqs::receive_message);
    api.on("DeleteMessage", sqs::delete_message);
    api.on("DeleteMessageBatch", sqs::delete_message_batch);
    api.on("ChangeMessageVisibility", sqs::change_message_visibility);
    api.on("ChangeMessageVisibilityBatch", sqs::change_message_visibility_batch);

    api.on("StartMessageMoveTask", sqs::start_message_move_task);
    api.on("ListMessageMoveTasks", sqs::list_message_move_tasks);
    api.on("CancelMessageMoveTask", sqs::cancel_message_move_task);

    world.on_open(queue::resume);
    world.job_kinds.on("queue.move", queue::move_step);
}

}  // namespace virga
