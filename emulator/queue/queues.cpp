#include "emulator/queue/queues.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/queue/batches.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"
#include "emulator/queue/schema.hpp"
#include "emulator/world/world.hpp"

namespace virga::queue {

namespace {

bool is_fifo(std::string_view name) { return name.ends_with(".fifo"); }

void check_name(const std::string& name, const Object& given) {
    const Value* fifo = given.find("FifoQueue");
    if (fifo && fifo->as_string() == "true") {
        if (!is_fifo_queue_name(name)) throw invalid_fifo_queue_name();
    } else if (!is_queue_name(name)) {
        throw invalid_queue_name();
    }
}

// Sets and takes away what `changes` says.
Object merged(Object attributes, const Object& changes) {
    for (const auto& [name, value] : changes) {
        if (value.is_null()) attributes.erase(name);
        else attributes[name] = value;
    }
    return attributes;
}

void remove_messages(Database& db, const Queue& queue) {
    db.run("delete from queue_message where queue = ?", queue.id);
    db.run("delete from queue_batch where queue = ?", queue.id);
}

}  // namespace

Queues::Queues(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("queue", schema());
    // The receivers inside ended with the last process.
    db.run("update queue_message set visible_at = 0, receive_count = receive_count - 1, inside = 0 where inside = 1");
}

void Queues::close() {
    std::lock_guard lock(alarms_mutex_);
    closed_ = true;
    for (auto& [name, alarm] : alarms_) partition_.world().clock.cancel(alarm.timer);
    alarms_.clear();
}

QueuePtr Queues::find(Database& db, std::string_view name) {
    std::string key(name);
    if (auto it = cache_.find(key); it != cache_.end()) return it->second;
    auto q = db.query("select id, attributes, created, modified from queue where name = ?", key);
    if (!q.next()) return nullptr;
    auto queue = std::make_shared<Queue>();
    queue->id = q.integer(0);
    queue->name = key;
    queue->attributes = json::parse(q.text(1)).as_object();
    queue->settings = parse_settings(queue->attributes, is_fifo(key));
    queue->created = q.integer(2);
    queue->modified = q.integer(3);
    cache_[key] = queue;
    return queue;
}

QueuePtr Queues::get(Database& db, std::string_view name) {
    auto queue = find(db, name);
    if (!queue) throw queue_does_not_exist();
    return queue;
}

void Queues::check_dead_letter(Database& db, const Object& attributes, bool fifo) {
    const Value* policy = attributes.find("RedrivePolicy");
    if (!policy || !policy->is_string()) return;
    const std::string& text = policy->as_string();
    auto arn = parse_queue_arn(json::parse(text).text("deadLetterTargetArn"));
    auto target = arn && arn->account == partition_.account() && arn->region == partition_.region() ? find(db, arn->name) : nullptr;
    if (!target) throw invalid_redrive_policy(text, "Dead letter target does not exist.");
    if (target->settings.fifo != fifo) throw invalid_redrive_policy(text, "Dead-letter queue must be same type of queue as the source.");
}

QueuePtr Queues::create(Transaction& tx, const std::string& name, const Object& given, const Object& tags, TimeMs now) {
    check_name(name, given);
    Object wanted = checked_attributes(given, is_fifo(name), true);
    if (auto existing = find(tx.db(), name)) {
        Value current = effective_attributes(existing->attributes, is_fifo(name));
        for (const auto& [attribute, value] : wanted) {
            std::string_view text = value.is_string() ? std::string_view(value.as_string()) : std::string_view();
            if (current.text(attribute) != text) throw queue_exists_with_other_attribute(attribute);
        }
        return existing;
    }
    if (tags.size() > limits::max_tags) throw too_many_tags(name);
    check_dead_letter(tx.db(), wanted, is_fifo(name));
    tx.db().run("insert into queue (name, attributes, tags, created, modified) values (?, ?, ?, ?, ?)", name, json::write(merged({}, wanted)),
                json::write(tags), now, now);
    return get(tx.db(), name);
}

void Queues::set_attributes(Transaction& tx, const std::string& name, const Object& given, TimeMs now) {
    auto queue = get(tx.db(), name);
    Object changes = checked_attributes(given, queue->settings.fifo, false);
    check_dead_letter(tx.db(), changes, queue->settings.fifo);
    Object attributes = merged(queue->attributes, changes);
    cache_.erase(name);
    tx.db().run("update queue set attributes = ?, modified = ? where id = ?", json::write(attributes), now, queue->id);
}

void Queues::remove(Transaction& tx, const std::string& name) {
    auto queue = get(tx.db(), name);
    cache_.erase(name);
    remove_messages(tx.db(), *queue);
    tx.db().run("delete from queue_dedup where queue = ?", queue->id);
    tx.db().run("delete from queue where id = ?", queue->id);
    tx.notify(queue->signal());
}

void Queues::purge(Transaction& tx, const std::string& name) {
    auto queue = get(tx.db(), name);
    remove_messages(tx.db(), *queue);
}

std::vector<std::string> Queues::names(Database& db, std::string_view prefix, std::string_view after, std::int64_t limit) {
    std::vector<std::string> found;
    auto q = db.query("select name from queue where name > ? and substr(name, 1, length(?)) = ? order by name limit ?", after, prefix, prefix, limit);
    while (q.next()) found.push_back(q.string(0));
    return found;
}

std::vector<std::string> Queues::dead_letter_sources(Database& db, std::string_view target_arn) {
    std::vector<std::string> all = names(db, "", "", -1), sources;
    for (const auto& name : all) {
        auto queue = find(db, name);
        if (queue && queue->settings.dead_letter && queue->settings.dead_letter->target_arn == target_arn) sources.push_back(name);
    }
    return sources;
}

Object Queues::tags(Database& db, const Queue& queue) {
    auto q = db.query("select tags from queue where id = ?", queue.id);
    return q.next() ? json::parse(q.text(0)).as_object() : Object();
}

void Queues::set_tags(Transaction& tx, const Queue& queue, const Object& tags) {
    if (tags.size() > limits::max_tags) throw too_many_tags(queue.name);
    tx.db().run("update queue set tags = ? where id = ?", json::write(tags), queue.id);
}

Counts Queues::counts(Database& db, const Queue& queue, TimeMs now) {
    TimeMs oldest = now - queue.settings.retention_ms;
    auto q = db.query("select count(*) filter (where visible_at <= ?1), count(*) filter (where visible_at > ?1 and receive_count > 0), "
                      "count(*) filter (where visible_at > ?1 and receive_count = 0) from queue_message where queue = ?2 and sent > ?3",
                      now, queue.id, oldest);
    q.next();
    const Counts waiting = batched(db, queue, now);
    return {q.integer(0) + waiting.visible, q.integer(1), q.integer(2) + waiting.delayed};
}

void Queues::expire(Database& db, const Queue& queue, TimeMs now) {
    db.run("delete from queue_message where queue = ?1 and visible_at <= ?2 and sent <= ?2", queue.id, now - queue.settings.retention_ms);
    db.run("delete from queue_batch where queue = ?1 and visible_at <= ?2 and sent <= ?2", queue.id, now - queue.settings.retention_ms);
}

void Queues::expire_now_and_then(Database& db, const Queue& queue, TimeMs now) {
    auto& last = expired_[queue.id];
    if (last != 0 && now - last < 1000) return;
    last = now;
    expire(db, queue, now);
}

std::int64_t Queues::next_message(Database& db, std::int64_t count) {
    if (next_message_ == 0) {
        auto q = db.query("select max(coalesce((select seq from sqlite_sequence where name = 'queue_message'), 0), "
                          "coalesce((select seq + count - 1 from queue_batch order by seq desc limit 1), 0))");
        q.next();
        next_message_ = q.integer(0) + 1;
    }
    return std::exchange(next_message_, next_message_ + count);
}

void Queues::wake_at(Transaction& tx, const Queue& queue, TimeMs instant) {
    tx.after_commit([this, name = queue.name, instant] { arm(name, instant); });
}

void Queues::arm(const std::string& name, TimeMs instant) {
    std::lock_guard lock(alarms_mutex_);
    if (closed_) return;
    auto it = alarms_.find(name);
    if (it != alarms_.end()) {
        if (it->second.at <= instant) return;
        partition_.world().clock.cancel(it->second.timer);
    }
    auto ring_later = [weak = partition_.weak_from_this(), name, instant] {
        auto partition = weak.lock();
        if (partition && !partition->closed()) partition->part<Queues>().ring(name, instant);
    };
    alarms_[name] = {partition_.world().clock.at(instant, ring_later), instant};
}

void Queues::ring(const std::string& name, TimeMs instant) {
    {
        std::lock_guard lock(alarms_mutex_);
        auto it = alarms_.find(name);
        if (it != alarms_.end() && it->second.at == instant) alarms_.erase(it);
    }
    bool receivable = false;
    std::optional<TimeMs> next;
    {
        auto reading = partition_.read();
        auto queue = find(reading.db(), name);
        if (!queue) return;
        TimeMs now = partition_.world().clock.now();
        auto q = reading.db().query("select exists (select 1 from queue_message where queue = ?1 and visible_at <= ?2) or "
                                    "exists (select 1 from queue_batch where queue = ?1 and visible_at <= ?2), "
                                    "(select min(at) from (select min(visible_at) as at from queue_message where queue = ?1 and visible_at > ?2 "
                                    "union all select min(visible_at) from queue_batch where queue = ?1 and visible_at > ?2))",
                                    queue->id, now);
        q.next();
        receivable = q.integer(0) != 0;
        if (!q.is_null(1)) next = q.integer(1);
    }
    if (next) arm(name, *next);
    if (receivable) partition_.signals().notify("queue:" + name);
}

void Queues::arm_all() {
    std::vector<std::pair<std::string, TimeMs>> due;
    {
        auto reading = partition_.read();
        auto q = reading.db().query("select q.name, min(m.at) from queue q join (select queue, visible_at as at from queue_message union all "
                                    "select queue, visible_at from queue_batch) m on m.queue = q.id group by q.id");
        while (q.next()) due.emplace_back(q.string(0), q.integer(1));
    }
    for (const auto& [name, instant] : due) arm(name, instant);
}

void resume(Partition& partition) {
    bool has_queues;
    {
        auto reading = partition.read();
        auto q = reading.db().query("select 1 from sqlite_master where type = 'table' and name = 'queue_message'");
        has_queues = q.next();
    }
    if (has_queues) partition.part<Queues>().arm_all();
}

}  // namespace virga::queue
