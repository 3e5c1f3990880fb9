#include "emulator/queue/batches.hpp"

#include <algorithm>
#include <cstring>

#include "emulator/queue/message_attributes.hpp"

namespace virga::queue {

namespace {

// A batch's messages: of each its id, body and attributes, each after its length in four bytes.
void put(std::string& out, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    char bytes[sizeof size];
    std::memcpy(bytes, &size, sizeof size);
    out.append(bytes, sizeof size).append(text);
}

std::string_view take(std::string_view& bytes) {
    std::uint32_t size;
    std::memcpy(&size, bytes.data(), sizeof size);
    const std::string_view text = bytes.substr(sizeof size, size);
    bytes.remove_prefix(sizeof size + size);
    return text;
}

// Of the next batch to be received from; 0 when there is none that is older than `before` (the time and number of a message).
struct Place {
    TimeMs visible_at;
    std::int64_t seq;
    auto operator<=>(const Place&) const = default;
};

std::optional<Place> oldest_batch(Database& db, const Queue& queue, TimeMs now) {
    auto q = db.query("select visible_at, seq from queue_batch where queue = ? and visible_at <= ? and sent > ? order by visible_at, seq limit 1", queue.id, now,
                      now - queue.settings.retention_ms);
    if (!q.next()) return std::nullopt;
    return Place{q.integer(0), q.integer(1)};
}

// The last of the `wanted` oldest messages that are rows already; nothing when there are fewer.
std::optional<Place> last_wanted(Database& db, const Queue& queue, std::int64_t wanted, TimeMs now) {
    auto q = db.query("select visible_at, seq from queue_message where queue = ? and visible_at <= ? and sent > ? order by visible_at, seq limit 1 offset ?", queue.id,
                      now, now - queue.settings.retention_ms, wanted - 1);
    if (!q.next()) return std::nullopt;
    return Place{q.integer(0), q.integer(1)};
}

void open_batch(Database& db, std::int64_t seq) {
    {
        auto q = db.query("select queue, sent, visible_at, trace_header, trace, sender, messages from queue_batch where seq = ?", seq);
        q.next();
        std::string_view rest = q.blob(6);
        for (std::int64_t row = seq; !rest.empty(); ++row) {
            const std::string_view id = take(rest), body = take(rest), attributes = take(rest);
            db.run("insert into queue_message (seq, queue, id, body, attributes, trace_header, trace, sender, sent, visible_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row,
                   q.integer(0), id, body, attributes, q.text(3), q.text(4), q.text(5), q.integer(1), q.integer(2));
        }
    }
    db.run("delete from queue_batch where seq = ?", seq);
}

}  // namespace

bool fit_one_batch(const Queue& queue, std::span<const NewMessage> messages) {
    if (queue.settings.fifo || messages.size() < 2) return false;
    const NewMessage& first = messages.front();
    return std::all_of(messages.begin(), messages.end(), [&](const NewMessage& m) {
        return m.delay_s == first.delay_s && m.trace_header == first.trace_header && m.trace == first.trace && m.sender == first.sender && m.group_id.empty();
    });
}

void store_batch(Database& db, const Queue& queue, std::span<const NewMessage> messages, std::int64_t first, TimeMs visible_at, TimeMs now) {
    std::string bytes;
    std::size_t size = 0;
    for (const NewMessage& m : messages) size += m.id.size() + m.body.size() + 64;
    bytes.reserve(size);
    for (const NewMessage& m : messages) {
        put(bytes, m.id);
        put(bytes, m.body);
        put(bytes, write_message_attributes(m.attributes));
    }
    const NewMessage& m = messages.front();
    db.run("insert into queue_batch (seq, queue, count, sent, visible_at, trace_header, trace, sender, messages) values (?, ?, ?, ?, ?, ?, ?, ?, ?)", first, queue.id,
           messages.size(), now, visible_at, m.trace_header, m.trace, m.sender, Blob{bytes});
}

void open_batches(Database& db, const Queue& queue, std::int64_t wanted, TimeMs now) {
    if (queue.settings.fifo) return;
    while (auto batch = oldest_batch(db, queue, now)) {
        const auto last = last_wanted(db, queue, wanted, now);
        if (last && *last < *batch) return;
        open_batch(db, batch->seq);
    }
}

Counts batched(Database& db, const Queue& queue, TimeMs now) {
    auto q = db.query("select coalesce(sum(count) filter (where visible_at <= ?1), 0), coalesce(sum(count) filter (where visible_at > ?1), 0) from queue_batch "
                      "where queue = ?2 and sent > ?3",
                      now, queue.id, now - queue.settings.retention_ms);
    q.next();
    Counts counts;
    counts.visible = q.integer(0);
    counts.delayed = q.integer(1);
    return counts;
}

}  // namespace virga::queue
