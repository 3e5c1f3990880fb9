#include "emulator/object/restore.hpp"

#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr TimeMs minute_ms = 60'000, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

// "Restoring an archived object", archive retrieval options: the longest each takes.
TimeMs time_of(std::string_view storage_class, std::string_view tier) {
    bool deep = storage_class == "DEEP_ARCHIVE";
    if (tier == "Expedited") return 5 * minute_ms;
    if (tier == "Bulk") return deep ? 48 * hour_ms : 12 * hour_ms;
    return deep ? 12 * hour_ms : 5 * hour_ms;
}

// "Amazon S3 calculates the time by adding the number of days specified and rounding up to the next midnight UTC".
TimeMs expiry(TimeMs from, std::int64_t days) { return (from + days * day_ms + day_ms - 1) / day_ms * day_ms; }

void set_state(Transaction& tx, std::int64_t bucket, const Version& v, std::optional<Object> state) {
    Object attributes = v.attributes;
    if (state) attributes[restore_attribute] = std::move(*state);
    else attributes.erase(restore_attribute);
    set_attributes(tx.db(), bucket, v, attributes);
}

void tell(Transaction& tx, std::string_view name, const Bucket& bucket, const Version& v, TimeMs expires, const Cause& cause) {
    ObjectEvent e = changed_event(name, bucket, v);
    e.seq = next_sequence(tx.db());
    e.storage_class = v.storage_class;
    e.expires = expires;
    record_event(tx, bucket, e, cause);
}

void enqueue(Transaction& tx, const Bucket& bucket, const Version& v, TimeMs due, const Cause& cause) {
    NewJob job;
    job.kind = restore_job;
    job.resource = bucket_arn(bucket.name) + "/" + v.key;
    job.payload = json::write(Value(Object{{"bucket", bucket.name}, {"key", v.key}, {"version", v.version_id}, {"seq", v.seq}, {"due", due}, {"account", cause.account},
                                           {"principal", cause.principal}}));
    job.due = due;
    job.trace = cause.trace;
    tx.enqueue(std::move(job));
}

Cause cause_of(const Value& payload, const Job& job, TimeMs now) {
    Cause cause;
    cause.account = std::string(payload.text("account"));
    cause.principal = std::string(payload.text("principal"));
    cause.source_ip = "127.0.0.1";
    cause.now = now;
    cause.trace = job.trace;
    return cause;
}

}  // namespace

bool is_archived(std::string_view storage_class) { return storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE"; }

RestoreState restore_state(const Version& version) {
    const Value* state = version.attributes.find(restore_attribute);
    if (!state) return {};
    return {state->flag("Ongoing"), state->integer("Expires")};
}

bool is_out_of_reach(const Version& version) { return is_archived(version.storage_class) && restore_state(version).expires == 0; }

bool begin_restore(Transaction& tx, const Bucket& bucket, const Version& v, std::int64_t days, std::string_view tier, const Cause& cause) {
    if (!is_archived(v.storage_class)) throw errors::restore_not_allowed(v.storage_class);
    RestoreState state = restore_state(v);
    if (state.ongoing) throw errors::restore_in_progress();
    if (state.expires) {
        TimeMs expires = expiry(cause.now, days);
        set_state(tx, bucket.id, v, Object{{"Expires", expires}});
        enqueue(tx, bucket, v, expires, cause);
        return false;
    }
    set_state(tx, bucket.id, v, Object{{"Ongoing", true}, {"Days", days}});
    enqueue(tx, bucket, v, cause.now + time_of(v.storage_class, tier), cause);
    tell(tx, "ObjectRestore:Post", bucket, v, 0, cause);
    return true;
}

Task<JobOutcome> advance_restore(std::shared_ptr<Partition> partition, Job job) {
    Value payload = json::parse(job.payload);
    partition->part<ObjectStore>();
    Transaction tx = partition->write();
    auto bucket = find_bucket(tx.db(), payload.text("bucket"));
    auto v = bucket ? find_version(tx.db(), bucket->id, payload.text("key"), payload.text("version")) : std::nullopt;
    if (!v || v->seq != payload.integer("seq")) co_return JobOutcome::finished();
    Cause cause = cause_of(payload, job, partition->world().clock.now());
    const Value* state = v->attributes.find(restore_attribute);
    if (!state) co_return JobOutcome::finished();
    if (state->flag("Ongoing")) {
        TimeMs expires = expiry(cause.now, state->integer("Days"));
        set_state(tx, bucket->id, *v, Object{{"Expires", expires}});
        enqueue(tx, *bucket, *v, expires, cause);
        tell(tx, "ObjectRestore:Completed", *bucket, *v, expires, cause);
    } else if (state->integer("Expires") == payload.integer("due")) {  // else it was prolonged, and another job is due
        set_state(tx, bucket->id, *v, std::nullopt);
        tell(tx, "ObjectRestore:Delete", *bucket, *v, 0, cause);
    }
    tx.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::object
