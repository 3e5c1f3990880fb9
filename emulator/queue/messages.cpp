#include "emulator/queue/messages.hpp"

#include <fmt/format.h>

#include "emulator/queue/batches.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"
#include "emulator/queue/message_attributes.hpp"

namespace virga::queue {

namespace {

struct Candidate {
    std::int64_t row, receive_count;
};

// Receivable messages, oldest first. A FIFO group is closed while one of its messages is in flight or an earlier one is delayed.
std::vector<Candidate> candidates(Database& db, const Queue& queue, std::int64_t limit, TimeMs now) {
    std::vector<Candidate> found;
    auto collect = [&](Query q) {
        while (q.next()) found.push_back({q.integer(0), q.integer(1)});
    };
    TimeMs oldest = now - queue.settings.retention_ms;
    if (queue.settings.fifo) {
        collect(db.query("select seq, receive_count from queue_message m where queue = ?1 and visible_at <= ?2 and sent > ?4 and not exists "
                         "(select 1 from queue_message x where x.queue = ?1 and x.group_id = m.group_id and x.group_id <> '' and x.visible_at > ?2 "
                         "and x.sent > ?4 and (x.receive_count > 0 or x.seq < m.seq)) order by seq limit ?3",
                         queue.id, now, limit, oldest));
    } else {
        open_batches(db, queue, limit, now);
        collect(db.query("select seq, receive_count from queue_message where queue = ? and visible_at <= ? and sent > ? order by visible_at, seq limit ?",
                         queue.id, now, oldest, limit));
    }
    return found;
}

Message take(Database& db, const Queue& queue, const Candidate& c, TimeMs visibility_ms, TimeMs now, Receiver receiver) {
    db.run("update queue_message set receive_count = receive_count + 1, visible_at = ?, first_received = coalesce(first_received, ?), "
           "last_received = ?, inside = ? where seq = ?",
           now + visibility_ms, now, now, receiver == Receiver::inside ? 1 : 0, c.row);
    auto q = db.query("select id, body, attributes, trace_header, trace, sender, sent, first_received, receive_count, group_id, dedup_id, "
                      "dead_letter_source from queue_message where seq = ?",
                      c.row);
    q.next();
    Message m;
    m.id = q.string(0);
    m.body = q.string(1);
    m.attributes = read_message_attributes(q.text(2));
    m.trace_header = q.string(3);
    m.trace = q.string(4);
    m.sender = q.string(5);
    m.sent = q.integer(6);
    m.first_received = q.integer(7);
    m.receive_count = q.integer(8);
    m.group_id = q.string(9);
    m.dedup_id = q.string(10);
    m.dead_letter_source = q.string(11);
    if (queue.settings.fifo) m.sequence = fifo_sequence(c.row);
    m.receipt_handle = write_receipt({queue.id, c.row, m.receive_count});
    return m;
}

void check_in_flight_limit(Database& db, const Queue& queue, TimeMs now) {
    // Counting costs; the span of row ids tells at once that there cannot be so many.
    auto span = db.query("select (select max(seq) from queue_message) - (select min(seq) from queue_message)");
    if (!span.next() || span.integer(0) < limits::max_in_flight) return;
    auto q = db.query("select seq from queue_message where queue = ? and visible_at > ? and receive_count > 0 limit 1 offset ?", queue.id, now,
                      limits::max_in_flight - 1);
    if (q.next()) throw too_many_in_flight();
}

struct Stored {
    TimeMs visible_at, last_received;
    std::int64_t receive_count;
};

std::optional<Stored> stored(Database& db, const Queue& queue, std::int64_t row) {
    auto q = db.query("select visible_at, last_received, receive_count from queue_message where seq = ? and queue = ?", row, queue.id);
    if (!q.next()) return std::nullopt;
    return Stored{q.integer(0), q.integer(1), q.integer(2)};
}

Receipt receipt_of(const Queue& queue, std::string_view handle) {
    auto receipt = read_receipt(handle);
    if (!receipt || receipt->queue != queue.id) throw invalid_receipt_handle(handle);
    return *receipt;
}

TimeMs visible_from(const Queue& queue, const NewMessage& message, TimeMs now) {
    return now + (message.delay_s ? *message.delay_s * 1000 : queue.settings.delay_ms);
}

void tell_readers(Queues& queues, Transaction& tx, const Queue& queue, TimeMs visible_at, TimeMs now) {
    if (visible_at > now) queues.wake_at(tx, queue, visible_at);
    else tx.notify(queue.signal());
}

}  // namespace

std::string fifo_sequence(std::int64_t row) { return fmt::format("188{:017}", row); }

Sent send(Queues& queues, Transaction& tx, const Queue& queue, const NewMessage& message, TimeMs now) {
    Database& db = tx.db();
    std::string_view scope = queue.settings.dedup_per_group ? message.group_id : std::string_view();
    if (queue.settings.fifo) {
        db.run("delete from queue_dedup where queue = ? and sent <= ?", queue.id, now - limits::dedup_window_ms);
        auto q = db.query("select message_id, sequence from queue_dedup where queue = ? and scope = ? and dedup_id = ?", queue.id, scope, message.dedup_id);
        if (q.next()) return {q.string(0), fifo_sequence(q.integer(1))};
    }
    queues.expire_now_and_then(db, queue, now);
    const TimeMs visible_at = visible_from(queue, message, now);
    const std::int64_t row = queues.next_message(db, 1);
    db.run("insert into queue_message (seq, queue, id, body, attributes, trace_header, trace, sender, sent, visible_at, group_id, dedup_id) "
           "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           row, queue.id, message.id, message.body, write_message_attributes(message.attributes), message.trace_header, message.trace, message.sender, now,
           visible_at, message.group_id, message.dedup_id);
    if (queue.settings.fifo)
        db.run("insert into queue_dedup (queue, scope, dedup_id, message_id, sequence, sent) values (?, ?, ?, ?, ?, ?)", queue.id, scope,
               message.dedup_id, message.id, row, now);
    tell_readers(queues, tx, queue, visible_at, now);
    return {message.id, queue.settings.fifo ? fifo_sequence(row) : std::string()};
}

std::vector<Sent> send(Queues& queues, Transaction& tx, const Queue& queue, std::span<const NewMessage> messages, TimeMs now) {
    std::vector<Sent> sent;
    sent.reserve(messages.size());
    if (!fit_one_batch(queue, messages)) {
        for (const NewMessage& m : messages) sent.push_back(send(queues, tx, queue, m, now));
        return sent;
    }
    queues.expire_now_and_then(tx.db(), queue, now);
    const TimeMs visible_at = visible_from(queue, messages.front(), now);
    store_batch(tx.db(), queue, messages, queues.next_message(tx.db(), static_cast<std::int64_t>(messages.size())), visible_at, now);
    tell_readers(queues, tx, queue, visible_at, now);
    for (const NewMessage& m : messages) sent.push_back({m.id, {}});
    return sent;
}

std::int64_t move_message(Queues& queues, Transaction& tx, std::int64_t row, const Queue& from, const Queue& to, TimeMs now) {
    Database& db = tx.db();
    // A standard queue keeps the time of sending, so that retention counts from it; a FIFO queue starts anew.
    const std::int64_t moved = queues.next_message(db, 1);
    db.run("insert into queue_message (seq, queue, id, body, attributes, trace_header, trace, sender, sent, visible_at, group_id, dedup_id, dead_letter_source) "
           "select ?6, ?1, id, body, attributes, trace_header, trace, sender, case when ?2 then ?3 else sent end, ?3, group_id, dedup_id, ?4 "
           "from queue_message where seq = ?5",
           to.id, to.settings.fifo, now, queues.arn(from), row, moved);
    db.run("delete from queue_message where seq = ?", row);
    tx.notify(to.signal());
    return moved;
}

std::vector<Message> receive(Queues& queues, Transaction& tx, const Queue& queue, std::int64_t max, TimeMs visibility_ms, TimeMs now,
                             Receiver receiver) {
    Database& db = tx.db();
    queues.expire(db, queue, now);
    const auto& dead_letter = queue.settings.dead_letter;
    QueuePtr target = dead_letter ? queues.find(db, dead_letter->target_name) : nullptr;
    std::vector<Message> taken;
    while (static_cast<std::int64_t>(taken.size()) < max) {
        auto found = candidates(db, queue, max - static_cast<std::int64_t>(taken.size()), now);
        if (!found.empty() && taken.empty()) check_in_flight_limit(db, queue, now);
        bool moved = false;
        for (const auto& c : found) {
            if (target && c.receive_count >= dead_letter->max_receive_count) {
                move_message(queues, tx, c.row, queue, *target, now);
                moved = true;
            } else {
                taken.push_back(take(db, queue, c, visibility_ms, now, receiver));
            }
        }
        // Look again only for the places of messages that moved; with no timeout what was taken would come again.
        if (!moved || visibility_ms == 0) break;
    }
    if (!taken.empty()) queues.wake_at(tx, queue, now + visibility_ms);
    return taken;
}

void remove_message(Queues&, Transaction& tx, const Queue& queue, std::string_view handle, TimeMs now) {
    Receipt receipt = receipt_of(queue, handle);
    auto message = stored(tx.db(), queue, receipt.message);
    if (!message) return;
    bool current = message->receive_count == receipt.receive;
    if (queue.settings.fifo && (!current || message->visible_at <= now)) throw receipt_handle_expired(handle);
    if (!current) return;
    tx.db().run("delete from queue_message where seq = ?", receipt.message);
    if (queue.settings.fifo) tx.notify(queue.signal());  // the group is open again
}

void change_visibility(Queues& queues, Transaction& tx, const Queue& queue, std::string_view handle, std::int64_t seconds, TimeMs now) {
    Receipt receipt = receipt_of(queue, handle);
    auto message = stored(tx.db(), queue, receipt.message);
    if (!message || message->receive_count != receipt.receive || message->visible_at <= now) throw message_not_in_flight(handle);
    if (now + seconds * 1000 - message->last_received > limits::max_visibility_s * 1000)
        throw invalid_parameter(std::to_string(seconds), "VisibilityTimeout",
                                fmt::format("Total VisibilityTimeout for the message is beyond the limit [{} seconds]", limits::max_visibility_s));
    tx.db().run("update queue_message set visible_at = ? where seq = ?", now + seconds * 1000, receipt.message);
    if (seconds == 0) tx.notify(queue.signal());
    else queues.wake_at(tx, queue, now + seconds * 1000);
}

}  // namespace virga::queue
