#include "emulator/delivery/buffers.hpp"

#include <algorithm>
#include <array>

namespace virga::delivery {

namespace {

constexpr std::array<std::string_view, 5> names{"transform", "s3", "backup", "error", "http"};

Stage stage_of(std::string_view name) { return static_cast<Stage>(std::find(names.begin(), names.end(), name) - names.begin()); }

void enqueue(Transaction& tx, const std::string& resource, std::int64_t buffer, Stage stage, TimeMs due, const TraceContext& trace) {
    NewJob job;
    job.kind = stage == Stage::transform ? transform_job : deliver_job;
    job.resource = resource;
    job.payload = std::to_string(buffer);
    job.key = job.payload;
    job.due = due;
    job.trace = trace;
    tx.enqueue(std::move(job));
}

struct Open {
    std::int64_t id = 0, bytes = 0, records = 0;
    TimeMs oldest = 0;
};

std::optional<Open> find_open(Database& db, std::int64_t stream, Stage stage, std::string_view part) {
    auto q = db.query("select id, bytes, records, oldest from delivery_buffer where stream = ? and stage = ? and part = ? and closed = 0", stream,
                      stage_name(stage), part);
    if (!q.next()) return std::nullopt;
    return Open{q.integer(0), q.integer(1), q.integer(2), q.integer(3)};
}

}  // namespace

std::string_view stage_name(Stage stage) { return names[static_cast<std::size_t>(stage)]; }

void add_items(Transaction& tx, const std::string& resource, std::int64_t stream, Stage stage, const std::string& part, const BufferHints& hints,
               const std::vector<Item>& items, TimeMs now) {
    Database& db = tx.db();
    std::optional<Open> open = find_open(db, stream, stage, part);
    for (const auto& item : items) {
        if (!open) {
            db.run("insert into delivery_buffer(stream, stage, part, opened, oldest) values(?,?,?,?,?)", stream, stage_name(stage), part, now, item.arrival);
            open = Open{db.last_insert_id(), 0, 0, item.arrival};
            enqueue(tx, resource, open->id, stage, now + hints.interval, item.trace);
        }
        db.run("insert into delivery_item(buffer, idx, arrival, data, meta, trace) values(?,?,?,?,?,?)", open->id, open->records, item.arrival, Blob{item.data},
               item.meta, item.trace.header());
        ++open->records;
        open->bytes += static_cast<std::int64_t>(item.data.size());
        open->oldest = std::min(open->oldest, item.arrival);
        if (open->bytes < hints.bytes && (hints.records == 0 || open->records < hints.records)) continue;
        db.run("update delivery_buffer set bytes = ?, records = ?, oldest = ?, closed = 1 where id = ?", open->bytes, open->records, open->oldest, open->id);
        enqueue(tx, resource, open->id, stage, now, item.trace);
        open.reset();
    }
    if (open) db.run("update delivery_buffer set bytes = ?, records = ?, oldest = ? where id = ?", open->bytes, open->records, open->oldest, open->id);
}

std::int64_t open_buffers(Database& db, std::int64_t stream, Stage stage) {
    auto q = db.query("select count(*) from delivery_buffer where stream = ? and stage = ? and closed = 0", stream, stage_name(stage));
    q.next();
    return q.integer(0);
}

bool is_open(Database& db, std::int64_t stream, Stage stage, std::string_view part) { return find_open(db, stream, stage, part).has_value(); }

std::optional<Buffer> take_buffer(Transaction& tx, std::int64_t id, std::int64_t job) {
    Buffer b;
    {
        auto q = tx.db().query("select stream, stage, part, opened, oldest, object, failing_since, job from delivery_buffer where id = ?", id);
        if (!q.next() || (!q.is_null(7) && q.integer(7) != job)) return std::nullopt;
        b.id = id;
        b.stream = q.integer(0);
        b.stage = stage_of(q.text(1));
        b.part = q.string(2);
        b.opened = q.integer(3);
        b.oldest = q.integer(4);
        b.object = q.string(5);
        if (!q.is_null(6)) b.failing_since = q.integer(6);
    }
    tx.db().run("update delivery_buffer set closed = 1, job = ? where id = ?", job, id);
    auto q = tx.db().query("select idx, arrival, data, meta, trace from delivery_item where buffer = ? order by idx", id);
    while (q.next()) b.items.push_back(Item{q.integer(1), std::string(q.blob(2)), q.string(3), TraceContext::parse(q.text(4)), q.integer(0)});
    return b;
}

void set_object(Transaction& tx, std::int64_t buffer, std::string_view object) {
    tx.db().run("update delivery_buffer set object = ? where id = ?", object, buffer);
}

void set_failing_since(Transaction& tx, std::int64_t buffer, TimeMs since) {
    tx.db().run("update delivery_buffer set failing_since = ? where id = ?", since, buffer);
}

void remove_buffer(Transaction& tx, std::int64_t buffer) {
    tx.db().run("delete from delivery_item where buffer = ?", buffer);
    tx.db().run("delete from delivery_buffer where id = ?", buffer);
}

}  // namespace virga::delivery
