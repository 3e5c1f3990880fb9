// A bucket's midnight: what its lifecycle rules have due is carried out.
#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/lifecycle.hpp"
#include "emulator/object/lock.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

// Keys that one transaction looks at: others get the lock in between.
constexpr int keys_per_transaction = 200;
// "By default, objects smaller than 128 KB are not transitioned".
constexpr std::uint64_t small_object = 128 * 1024;

struct Night {
    World& world;
    Bucket bucket;
    Value rules;
    TimeMs now;
    Cause cause;
    bool small_too = false;  // varies_by_storage_class: small objects go to archives
};

// All versions of a key, newest first, with the instant from which each was not current any more (0: it is current).
struct Aged {
    Version version;
    TimeMs replaced = 0;
    std::int64_t newer_noncurrent = 0;  // noncurrent versions that are newer
};
std::vector<Aged> versions_of(Database& db, std::int64_t bucket, const std::string& key) {
    std::vector<Aged> all;
    Query q = db.query("select " VIRGA_VERSION_COLUMNS " from object_version where bucket = ? and key = ? order by seq desc", bucket, key);
    TimeMs successor = 0;
    while (q.next()) {
        Aged a;
        a.version = read_version(q, true);
        a.replaced = successor;
        a.newer_noncurrent = all.empty() ? 0 : static_cast<std::int64_t>(all.size()) - 1;
        successor = a.version.modified;
        all.push_back(std::move(a));
    }
    return all;
}

ObjectEvent lifecycle_event(std::string_view name, const Bucket& bucket, const Version& v, std::int64_t seq) {
    ObjectEvent e;
    e.name = name;
    e.key = v.key;
    if (bucket.versioning != Versioning::never) e.version_id = v.version_id;
    e.seq = seq;
    return e;
}

bool enabled(const Value& rule) { return rule.text("Status") == "Enabled"; }

// Some rule wants the current version gone.
bool current_expires(const Night& n, const Version& v) {
    for (const Value& rule : n.rules.list("Rules")) {
        const Value& e = rule["Expiration"];
        if (!enabled(rule) || !rule_covers(rule, v.key, v.size, v.tags)) continue;
        if (e.has("Days") && due_after_days(v.modified, e.integer("Days")) <= n.now) return true;
        if (e.has("Date") && parse_iso8601(e.text("Date")).value_or(n.now + 1) <= n.now) return true;
    }
    return false;
}

// A delete marker that hides nothing goes by ExpiredObjectDeleteMarker, or when it is as old as Days says.
bool lone_marker_expires(const Night& n, const Version& v) {
    for (const Value& rule : n.rules.list("Rules")) {
        const Value& e = rule["Expiration"];
        if (!enabled(rule) || !rule_covers(rule, v.key, 0, {})) continue;
        if (e.flag("ExpiredObjectDeleteMarker")) return true;
        if (e.has("Days") && due_after_days(v.modified, e.integer("Days")) <= n.now) return true;
    }
    return false;
}

bool noncurrent_due(const Value& action, const Aged& a, TimeMs now) {
    return a.newer_noncurrent >= action.integer("NewerNoncurrentVersions") && due_after_days(a.replaced, action.integer("NoncurrentDays")) <= now;
}

bool noncurrent_expires(const Night& n, const Aged& a) {
    for (const Value& rule : n.rules.list("Rules"))
        if (enabled(rule) && rule.has("NoncurrentVersionExpiration") && rule_covers(rule, a.version.key, a.version.size, a.version.tags) &&
            noncurrent_due(rule["NoncurrentVersionExpiration"], a, n.now))
            return true;
    return false;
}

// Colder classes come later: an object goes one way only.
int coldness(std::string_view storage) {
    constexpr std::string_view order[] = {"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"};
    return static_cast<int>(std::find(std::begin(order), std::end(order), storage) - std::begin(order));
}

// The class that the rules want a version in by now; "" when it stays where it is.
std::string transition_of(const Night& n, const Aged& a) {
    const Version& v = a.version;
    std::string wanted;
    auto want = [&](const Value& t, const Value& rule) {
        std::string storage(t.text("StorageClass"));
        const Value& filter = rule["Filter"].has("And") ? rule["Filter"]["And"] : rule["Filter"];
        bool sized = filter.has("ObjectSizeGreaterThan") || filter.has("ObjectSizeLessThan");
        bool archive = storage == "GLACIER" || storage == "DEEP_ARCHIVE";
        if (v.size < small_object && !sized && !(archive && n.small_too)) return;
        if (coldness(storage) > coldness(wanted.empty() ? v.storage_class : wanted)) wanted = storage;
    };
    for (const Value& rule : n.rules.list("Rules")) {
        if (!enabled(rule) || !rule_covers(rule, v.key, v.size, v.tags)) continue;
        if (a.replaced == 0) {
            for (const Value& t : rule.list("Transitions"))
                if (t.has("Days") ? due_after_days(v.modified, t.integer("Days")) <= n.now : parse_iso8601(t.text("Date")).value_or(n.now + 1) <= n.now) want(t, rule);
        } else {
            for (const Value& t : rule.list("NoncurrentVersionTransitions"))
                if (noncurrent_due(t, a, n.now)) want(t, rule);
        }
    }
    return wanted;
}

void expire_for_good(Night& n, Transaction& tx, const Version& v) {
    Random random = n.world.random.derive(0, "lifecycle");
    Deletion gone = delete_version(tx, n.bucket, v.key, n.bucket.versioning == Versioning::never ? std::string_view() : std::string_view(v.version_id), random);
    record_event(tx, n.bucket, lifecycle_event("LifecycleExpiration:Delete", n.bucket, v, gone.seq), n.cause);
}

void expire_current(Night& n, Transaction& tx, const Version& v) {
    if (n.bucket.versioning == Versioning::never) return expire_for_good(n, tx, v);
    Random random = n.world.random.derive(static_cast<std::uint64_t>(v.seq), "lifecycle marker");
    Bucket quiet = n.bucket;
    quiet.replication.clear();  // what lifecycle does is never replicated
    Deletion marker = delete_version(tx, quiet, v.key, {}, random);
    ObjectEvent e = lifecycle_event("LifecycleExpiration:DeleteMarkerCreated", n.bucket, v, marker.seq);
    e.version_id = marker.version_id;
    record_event(tx, n.bucket, e, n.cause);
}

void transition(Night& n, Transaction& tx, Version v, const std::string& storage) {
    v.storage_class = storage;
    update_attributes(tx.db(), n.bucket.id, v);
    ObjectEvent e = lifecycle_event("LifecycleTransition", n.bucket, v, next_sequence(tx.db()));
    e.has_body = true;
    e.size = v.size;
    e.etag = v.etag;
    e.storage_class = storage;
    record_event(tx, n.bucket, e, n.cause);
}

// Permanent deletion goes before transition, transition before a delete marker.
void visit_key(Night& n, Transaction& tx, const std::string& key) {
    std::vector<Aged> all = versions_of(tx.db(), n.bucket.id, key);
    std::size_t left = all.size();
    for (std::size_t i = 1; i < all.size(); ++i) {
        const Aged& a = all[i];
        if (noncurrent_expires(n, a) && !is_locked(a.version, n.now)) {
            expire_for_good(n, tx, a.version);
            --left;
        } else if (!a.version.delete_marker) {
            if (std::string storage = transition_of(n, a); !storage.empty()) transition(n, tx, a.version, storage);
        }
    }
    if (all.empty()) return;
    const Aged& current = all.front();
    if (current.version.delete_marker) {
        if (left == 1 && lone_marker_expires(n, current.version)) expire_for_good(n, tx, current.version);
        return;
    }
    if (current_expires(n, current.version)) {
        if (n.bucket.versioning != Versioning::never || !is_locked(current.version, n.now)) expire_current(n, tx, current.version);
        return;
    }
    if (std::string storage = transition_of(n, current); !storage.empty()) transition(n, tx, current.version, storage);
}

std::vector<std::string> next_keys(Database& db, std::int64_t bucket, const std::string& after) {
    std::vector<std::string> keys;
    Query q = db.query("select distinct key from object_version where bucket = ? and key > ? order by key limit ?", bucket, after, keys_per_transaction);
    while (q.next()) keys.push_back(q.string(0));
    return keys;
}

void abort_uploads(Night& n, Transaction& tx) {
    struct Old {
        std::int64_t id;
        std::string key;
        TimeMs initiated;
    };
    std::vector<Old> open;
    {
        Query q = tx.db().query("select id, key, initiated from object_upload where bucket = ? and completed = ''", n.bucket.id);
        while (q.next()) open.push_back({q.integer(0), q.string(1), q.integer(2)});
    }
    for (const Old& u : open)
        if (auto due = abort_of(n.bucket, u.key, u.initiated); due && due->at <= n.now) remove_upload(tx, u.id);
}

}  // namespace

Task<JobOutcome> run_lifecycle(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    partition->part<ObjectStore>();
    std::string after;
    TimeMs midnight = world.clock.now() / day_ms * day_ms;
    for (bool begun = false;; begun = true) {
        Transaction tx = partition->write();
        auto bucket = find_bucket(tx.db(), job.payload);
        if (!bucket || bucket->lifecycle.empty()) co_return JobOutcome::finished();
        Night night{world, *bucket, json::parse(bucket->lifecycle), midnight, {}, false};
        night.small_too = find_config(tx.db(), bucket->id, "lifecycle-minimum-size") == "varies_by_storage_class";
        night.cause.account = night.cause.principal = "s3.amazonaws.com";
        night.cause.source_ip = "s3.amazonaws.com";
        night.cause.request_id = hex_encode(sha256(job.payload + std::to_string(midnight))).substr(0, 16);
        night.cause.host_id = base64_encode(sha256(night.cause.request_id));
        night.cause.now = world.clock.now();
        night.cause.trace = job.trace;
        if (!begun) abort_uploads(night, tx);
        std::vector<std::string> keys = next_keys(tx.db(), bucket->id, after);
        for (const std::string& key : keys) visit_key(night, tx, key);
        if (!keys.empty()) after = keys.back();
        tx.commit();
        if (keys.empty()) co_return JobOutcome::retry(midnight + day_ms);
    }
}

}  // namespace virga::object
