#include "emulator/object/replication.hpp"

#include <map>

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/bodies.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/lifecycle.hpp"
#include "emulator/object/store.hpp"
#include "emulator/object/uploads.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr std::string_view arn_prefix = "arn:aws:s3:::";

std::string bucket_of_arn(std::string_view arn) { return std::string(arn.substr(std::min(arn_prefix.size(), arn.size()))); }

bool is_v2(const Value& rule) { return rule.has("Filter"); }
bool has_tag_filter(const Value& rule) { return rule["Filter"].has("Tag") || !rule["Filter"]["And"].list("Tags").empty(); }

bool wants(const Value& rule, const Version& v) {
    if (rule.text("Status") != "Enabled") return false;
    if (v.delete_marker) {
        if (is_v2(rule) && (rule["DeleteMarkerReplication"].text("Status") != "Enabled" || has_tag_filter(rule))) return false;
        return rule_covers(rule, v.key, 0, {});
    }
    const Value* sse = v.attributes.find("ServerSideEncryption");
    bool with_key = sse && sse->is_string() && sse->as_string().starts_with("aws:kms");
    if (with_key && rule["SourceSelectionCriteria"]["SseKmsEncryptedObjects"].text("Status") != "Enabled") return false;
    if (!is_v2(rule) && !rule.has("Prefix")) return true;
    return rule_covers(rule, v.key, v.size, v.tags);
}

void enqueue(Transaction& tx, const Bucket& bucket, const Version& v, const std::string& destination, const Value& rule, const TraceContext& trace) {
    NewJob job;
    job.kind = replicate_job;
    job.resource = bucket_arn(bucket.name);
    job.payload = json::write(Value(Object{{"bucket", bucket.name}, {"key", v.key}, {"version", v.version_id}, {"destination", destination}, {"rule", rule}}));
    job.lane = "s3.replicate:" + bucket.name + ":" + destination;
    job.trace = trace;
    tx.enqueue(std::move(job));
}

// Of each destination the rule with the highest priority that covers the version.
std::map<std::string, Value> chosen_rules(const Bucket& bucket, const Version& v) {
    std::map<std::string, Value> chosen;
    Value configuration = json::parse(bucket.replication);
    for (const Value& rule : configuration.list("Rules")) {
        if (!wants(rule, v)) continue;
        Value& best = chosen[bucket_of_arn(rule["Destination"].text("Bucket"))];
        if (best.is_null() || rule.integer("Priority") > best.integer("Priority")) best = rule;
    }
    return chosen;
}

bool is_replica(const Version& v) {
    const Value* status = v.attributes.find(replication_status);
    return status && status->as_string() == "REPLICA";
}

// The service itself acts.
Cause cause_of(const Job& job, const Version& version, TimeMs now) {
    Cause cause;
    cause.account = cause.principal = cause.source_ip = "s3.amazonaws.com";
    cause.request_id = version.version_id.substr(0, 16);
    cause.host_id = version.version_id;
    cause.now = now;
    cause.trace = job.trace;
    return cause;
}

// Failures are told of where the rule has metrics ("Receiving replication failure events").
void tell_failure(Transaction& tx, const Bucket& bucket, const Version& v, const Value& rule, const Job& job, std::string_view reason) {
    if (rule["Destination"]["Metrics"].text("Status") != "Enabled") return;
    ObjectEvent event = changed_event("Replication:OperationFailedReplication", bucket, v);
    event.replication = Object{{"replicationRuleId", rule.text("ID")},
                               {"destinationBucket", rule["Destination"].text("Bucket")},
                               {"s3Operation", v.delete_marker ? "OBJECT_DELETE" : "OBJECT_PUT"},
                               {"requestTime", iso8601(v.modified, true)},
                               {"failureReason", reason}};
    record_event(tx, bucket, event, cause_of(job, v, tx.partition().world().clock.now()));
}

// What became of one destination; the whole is COMPLETED when all are, FAILED when one is and none is open. failure: why it failed, "" when it did not.
void settle(Partition& partition, const Value& payload, const Job& job, std::string_view failure) {
    Transaction tx = partition.write();
    auto bucket = find_bucket(tx.db(), payload.text("bucket"));
    if (!bucket) return;
    auto v = find_version(tx.db(), bucket->id, payload.text("key"), payload.text("version"));
    Value* all = v ? v->attributes.find(replication_attribute) : nullptr;
    if (!all) return;
    (*all)[payload.text("destination")] = failure.empty() ? "COMPLETED" : "FAILED";
    bool pending = false, failed = false;
    for (const auto& [name, status] : all->as_object()) {
        pending |= status.as_string() == "PENDING";
        failed |= status.as_string() == "FAILED";
    }
    v->attributes[replication_status] = pending ? "PENDING" : failed ? "FAILED" : "COMPLETED";
    update_attributes(tx.db(), bucket->id, *v);
    if (!failure.empty()) tell_failure(tx, *bucket, *v, payload["rule"], job, failure);
    tx.commit();
}

// What the replica is to be; where the rule says so it belongs to the destination's owner, and is kept in another class.
Version replica_of(const Version& source, const Value& rule, const Bucket& destination) {
    Version replica = source;
    replica.seq = 0;
    replica.blob.reset();
    replica.upload.reset();
    replica.attributes.erase(replication_attribute);
    replica.attributes.erase("RestoreState");
    if (rule["Destination"]["AccessControlTranslation"].text("Owner") == "Destination" || acls_disabled(destination)) replica.attributes.erase("$acl");
    if (destination.lock.empty())
        for (std::string_view name : {"ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus"}) replica.attributes.erase(name);
    if (std::string_view key = rule["Destination"]["EncryptionConfiguration"].text("ReplicaKmsKeyID"); !key.empty() && replica.attributes.contains("SSEKMSKeyId"))
        replica.attributes["SSEKMSKeyId"] = key;
    if (!replica.delete_marker) replica.attributes[replication_status] = "REPLICA";
    if (std::string_view storage = rule["Destination"].text("StorageClass"); !storage.empty()) replica.storage_class = storage;
    return replica;
}

struct Opened {
    Version version;
    std::vector<UploadPart> parts;   // of what was uploaded in parts: then a segment is a part's
    std::vector<Segment> segments;
};
std::optional<Opened> open_source(Partition& partition, const Value& payload) {
    BodyFiles& files = partition.part<ObjectStore>().files();
    Reading reading = partition.read();
    auto bucket = find_bucket(reading.db(), payload.text("bucket"));
    if (!bucket) return std::nullopt;
    auto v = find_version(reading.db(), bucket->id, payload.text("key"), payload.text("version"));
    if (!v) return std::nullopt;
    return Opened{*v, parts_of(reading.db(), *v), open_version(reading.db(), files, *v)};
}

using Writers = std::vector<std::unique_ptr<BodyWriter>>;

// The source's bytes as bodies of another partition: one for each part, or one in all.
Task<Writers> bring_over(Opened& source, std::shared_ptr<Partition> from, BodyFiles& files) {
    std::vector<std::vector<Segment>> bodies;
    if (source.parts.empty()) bodies.push_back(std::move(source.segments));
    else
        for (Segment& segment : source.segments) bodies.emplace_back().push_back(std::move(segment));
    Writers writers;
    for (std::vector<Segment>& body : bodies) {
        std::uint64_t size = 0;
        for (const Segment& segment : body) size += segment.size;
        std::vector<ChecksumAlgorithm> none;
        auto writer = std::make_unique<BodyWriter>(files, std::move(none));
        if (body.size() != 1 || !writer->link(body.front())) {
            SegmentsSource reader(std::move(body), 0, size, from);
            co_await transfer(reader, *writer, from->world().runtime);
        }
        writers.push_back(std::move(writer));
    }
    co_return writers;
}

// The body of a replica that has its seq.
void insert_bodies(Database& db, Version& replica, std::vector<UploadPart> parts, const Writers& writers) {
    if (parts.empty()) {
        replica.blob = replica.seq;
        insert_blob(db, replica.seq, *writers.front());
        return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].blob = next_sequence(db);
        insert_blob(db, parts[i].blob, *writers[i]);
    }
    give_parts(db, replica, parts);
}

// The bucket that takes replicas; nothing when it is gone or not versioned.
std::optional<Bucket> open_destination(Partition& partition, std::string_view name) {
    Reading reading = partition.read();
    auto bucket = find_bucket(reading.db(), name);
    if (bucket && bucket->versioning != Versioning::enabled) bucket.reset();
    return bucket;
}

// Tags, ACL and metadata of a replica that is there already follow its source.
bool follow(Transaction& tx, const Bucket& destination, const Version& wanted) {
    auto there = find_version(tx.db(), destination.id, wanted.key, wanted.version_id);
    if (!there) return false;
    there->attributes = wanted.attributes;
    update_attributes(tx.db(), destination.id, *there);
    set_tags(tx.db(), destination.id, *there, wanted.tags);
    return true;
}

void tell(Transaction& tx, const Bucket& destination, const Version& replica, const Job& job) {
    Cause cause = cause_of(job, replica, tx.partition().world().clock.now());
    if (!replica.delete_marker) return record_event(tx, destination, created_event("ObjectCreated:Put", destination, replica), cause);
    Deletion marker{false, true, replica.version_id, replica.seq};
    record_event(tx, destination, removed_event(destination, replica.key, marker), cause);
}

}  // namespace

void plan_replication(Transaction& tx, const Bucket& bucket, Version& v) {
    if (bucket.replication.empty() || bucket.versioning != Versioning::enabled || is_replica(v)) return;
    Object statuses;
    for (const auto& [destination, rule] : chosen_rules(bucket, v)) {
        statuses.append(destination, "PENDING");
        enqueue(tx, bucket, v, destination, rule, {});
    }
    if (statuses.empty()) return;
    if (!v.delete_marker) v.attributes[replication_status] = "PENDING";
    v.attributes[replication_attribute] = std::move(statuses);
}

void plan_change(Transaction& tx, const Bucket& bucket, const Version& v, const TraceContext& trace) {
    if (bucket.replication.empty() || is_replica(v) || !v.attributes.contains(replication_attribute)) return;
    for (const auto& [destination, rule] : chosen_rules(bucket, v)) enqueue(tx, bucket, v, destination, rule, trace);
}

Task<JobOutcome> run_replication(std::shared_ptr<Partition> partition, Job job) {
    Value payload = json::parse(job.payload);
    std::shared_ptr<Partition> home;
    std::string name(payload.text("destination"));
    std::optional<Opened> source = open_source(*partition, payload);
    if (!source) co_return JobOutcome::finished();  // deleted for good meanwhile
    try {
        home = partition_of_bucket(partition->world(), name);
    } catch (const ApiError&) {
        settle(*partition, payload, job, "DstBucketNotFound");
        co_return JobOutcome::finished();
    }
    std::optional<Bucket> destination = open_destination(*home, name);
    if (!destination) {
        settle(*partition, payload, job, "DstBucketUnversioned");
        co_return JobOutcome::finished();
    }
    Version replica = replica_of(source->version, payload["rule"], *destination);
    Writers writers;
    if (!replica.delete_marker) writers = co_await bring_over(*source, partition, home->part<ObjectStore>().files());
    bool there = false, fresh = false;
    {
        Transaction tx = home->write();
        auto bucket = find_bucket(tx.db(), name);  // it may have gone while the body was copied
        there = bucket.has_value();
        if (there && !follow(tx, *bucket, replica)) {
            replica.seq = next_sequence(tx.db());
            if (!writers.empty()) insert_bodies(tx.db(), replica, std::move(source->parts), writers);
            insert_version(tx.db(), bucket->id, replica);
            tell(tx, *bucket, replica, job);
            fresh = true;
        }
        tx.commit();
    }
    if (fresh)
        for (const auto& writer : writers) writer->keep();
    settle(*partition, payload, job, there ? "" : "DstBucketNotFound");
    co_return JobOutcome::finished();
}

}  // namespace virga::object
