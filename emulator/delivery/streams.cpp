#include "emulator/delivery/streams.hpp"

#include <charconv>

#include "emulator/base/json.hpp"
#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/schema.hpp"
#include "emulator/world/pace.hpp"

namespace virga::delivery {

namespace {

// What read() reads.
const std::string select_where = "select id, name, type, created, updated, version, source, kind, destination, encryption, tags, ready_at, settled_at, gone_at "
                                 "from delivery_stream where ";

DeliveryStream read(const Query& q) {
    DeliveryStream s;
    s.id = q.integer(0);
    s.name = q.string(1);
    s.type = q.string(2);
    s.created = q.integer(3);
    if (!q.is_null(4)) s.updated = q.integer(4);
    s.version = q.integer(5);
    s.source = json::parse(q.text(6));
    s.kind = q.string(7);
    s.destination = json::parse(q.text(8));
    s.encryption = json::parse(q.text(9));
    s.tags = json::parse(q.text(10)).as_object();
    s.ready_at = q.integer(11);
    s.settled_at = q.integer(12);
    s.gone_at = q.integer(13);
    return s;
}

}  // namespace

Delays delays(World& world) {
    constexpr TimeMs second = 1000;
    return is_realistic(world) ? Delays{30 * second, 30 * second, 30 * second} : Delays{};
}

DeliveryStreams::DeliveryStreams(Partition& partition, Database& db) : partition_(partition) { db.migrate("delivery", schema()); }

std::optional<DeliveryStream> DeliveryStreams::find(Database& db, std::string_view name) {
    auto q = db.query(select_where + "name = ?", name);
    if (!q.next()) return std::nullopt;
    return read(q);
}

std::optional<DeliveryStream> DeliveryStreams::find(Database& db, std::int64_t id) {
    auto q = db.query(select_where + "id = ?", id);
    if (!q.next()) return std::nullopt;
    return read(q);
}

DeliveryStream DeliveryStreams::get(Database& db, std::string_view name) {
    auto stream = find(db, name);
    if (!stream) throw stream_not_found(name, partition_.account());
    return std::move(*stream);
}

void DeliveryStreams::create(Transaction& tx, DeliveryStream& stream) {
    if (find(tx.db(), stream.name)) throw stream_exists(stream.name, partition_.account());
    if (count(tx.db()) >= limits::streams) throw stream_quota(limits::streams, names(tx.db(), {}, {}, limits::streams));
    tx.db().run("insert into delivery_stream(name, type, created, source, kind, destination, encryption, tags, ready_at) values(?,?,?,?,?,?,?,?,?)", stream.name,
                stream.type, stream.created, json::write(stream.source), stream.kind, json::write(stream.destination), json::write(stream.encryption),
                json::write(stream.tags), stream.ready_at);
    stream.id = tx.db().last_insert_id();
}

void DeliveryStreams::store(Transaction& tx, const DeliveryStream& stream) {
    tx.db().run("update delivery_stream set updated = ?, version = ?, kind = ?, destination = ?, encryption = ?, tags = ?, settled_at = ?, gone_at = ? where id = ?",
                stream.updated, stream.version, stream.kind, json::write(stream.destination), json::write(stream.encryption), json::write(stream.tags),
                stream.settled_at, stream.gone_at, stream.id);
}

bool DeliveryStreams::takes_records(Database& db, std::int64_t id) {
    auto q = db.query("select 1 from delivery_stream where id = ? and gone_at = 0", id);
    return q.next();
}

DeliveryStream DeliveryStreams::get_active(Database& db, std::string_view name, TimeMs now) {
    auto stream = get(db, name);
    if (auto status = stream.status(now); status != "ACTIVE") throw stream_in_use(name, partition_.account(), status);
    return stream;
}

void DeliveryStreams::begin_removal(Transaction& tx, DeliveryStream& stream, const TraceContext& trace, TimeMs now) {
    TimeMs takes = delays(partition_.world()).remove;
    if (takes == 0) return remove(tx, stream);
    if (stream.gone_at) return;
    stream.gone_at = now + takes;
    store(tx, stream);
    discard(tx, stream);
    NewJob job;
    job.kind = remove_job;
    job.resource = arn(stream.name);
    job.payload = std::to_string(stream.id);
    job.due = stream.gone_at;
    job.trace = trace;
    tx.enqueue(std::move(job));
}

Task<JobOutcome> remove_deleted(std::shared_ptr<Partition> partition, Job job) {
    std::int64_t id = 0;
    std::from_chars(job.payload.data(), job.payload.data() + job.payload.size(), id);
    auto& streams = partition->part<DeliveryStreams>();
    auto tx = partition->write();
    if (auto stream = streams.find(tx.db(), id)) streams.remove(tx, *stream);
    tx.commit();
    co_return JobOutcome::finished();
}

void DeliveryStreams::discard(Transaction& tx, const DeliveryStream& stream) {
    tx.db().run("delete from delivery_item where buffer in (select id from delivery_buffer where stream = ?)", stream.id);
    tx.db().run("delete from delivery_buffer where stream = ?", stream.id);
}

void DeliveryStreams::remove(Transaction& tx, const DeliveryStream& stream) {
    discard(tx, stream);
    tx.db().run("delete from delivery_checkpoint where stream = ?", stream.id);
    tx.db().run("delete from delivery_stream where id = ?", stream.id);
}

std::int64_t DeliveryStreams::count(Database& db) {
    auto q = db.query("select count(*) from delivery_stream");
    return q.next() ? q.integer(0) : 0;
}

std::vector<std::string> DeliveryStreams::names(Database& db, std::string_view type, std::string_view after, std::int64_t limit) {
    std::vector<std::string> names;
    auto q = db.query("select name from delivery_stream where (?1 = '' or type = ?1) and name > ?2 order by name limit ?3", type, after, limit);
    while (q.next()) names.push_back(q.string(0));
    return names;
}

std::vector<DeliveryStream> DeliveryStreams::of_type(Database& db, std::string_view type) {
    std::vector<DeliveryStream> streams;
    auto q = db.query(select_where + "type = ? and gone_at = 0", type);
    while (q.next()) streams.push_back(read(q));
    return streams;
}

std::vector<std::pair<std::string, std::string>> DeliveryStreams::checkpoints(Database& db, std::int64_t stream) {
    std::vector<std::pair<std::string, std::string>> found;
    auto q = db.query("select shard, position from delivery_checkpoint where stream = ? order by shard", stream);
    while (q.next()) found.emplace_back(q.string(0), q.string(1));
    return found;
}

void DeliveryStreams::put_checkpoint(Transaction& tx, std::int64_t stream, std::string_view shard, std::string_view position) {
    tx.db().run("insert into delivery_checkpoint(stream, shard, position) values(?,?,?) on conflict(stream, shard) do update set position = excluded.position",
                stream, shard, position);
}

}  // namespace virga::delivery
