// Messages: sending, receiving, and what happens to them in between. All functions run under the partition's lock.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/queue/queues.hpp"
#include "emulator/queue/receipt_handle.hpp"

namespace virga::queue {

// Its texts are the sender's: they live until the message is stored.
struct NewMessage {
    std::string id;                  // MessageId
    std::string_view body;
    Object attributes;
    std::string_view trace_header;   // AWSTraceHeader that the sender gave, or ""
    std::string_view trace;          // the trace of the send
    std::string_view sender, group_id;
    std::string dedup_id;
    std::optional<std::int64_t> delay_s;
};

struct Sent {
    std::string id;
    std::string sequence;  // FIFO: 20 digits
};

struct Message {
    std::string id, body;
    Object attributes;
    std::string trace_header, trace, sender;
    TimeMs sent = 0, first_received = 0;
    std::int64_t receive_count = 0;
    std::string group_id, dedup_id, sequence, dead_letter_source;
    std::string receipt_handle;
};

// Stores the message. In a FIFO queue a duplicate within five minutes is not stored, and the first one's id is answered.
// group_id and dedup_id must be complete for a FIFO queue.
Sent send(Queues& queues, Transaction& tx, const Queue& queue, const NewMessage& message, TimeMs now);

// Several at once: the same as one after the other, for less.
std::vector<Sent> send(Queues& queues, Transaction& tx, const Queue& queue, std::span<const NewMessage> messages, TimeMs now);

// Who receives: a client, or a part of this process, such as an event source mapping, which ends when the process ends.
enum class Receiver { client, inside };

// Takes up to `max` messages and hides them for `visibility_ms`. Messages that were received too often move to the dead-letter queue.
// What a receiver inside had in hand when the process ended is receivable again in the next one, as if that receive had not been.
std::vector<Message> receive(Queues& queues, Transaction& tx, const Queue& queue, std::int64_t max, TimeMs visibility_ms, TimeMs now,
                             Receiver receiver = Receiver::client);

// Deleting what is gone, or by a handle that a later receive replaced, does nothing; in a FIFO queue an expired handle is an error.
void remove_message(Queues& queues, Transaction& tx, const Queue& queue, std::string_view handle, TimeMs now);

// Hides an in-flight message until now + seconds.
void change_visibility(Queues& queues, Transaction& tx, const Queue& queue, std::string_view handle, std::int64_t seconds, TimeMs now);

// "188" and 17 digits: 20 digits that grow, as the service's do.
std::string fifo_sequence(std::int64_t row);

// Moves a stored message to the end of another queue; answers its new row. For dead letters.
std::int64_t move_message(Queues& queues, Transaction& tx, std::int64_t row, const Queue& from, const Queue& to, TimeMs now);

}  // namespace virga::queue
