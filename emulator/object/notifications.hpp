// What happened to objects, told to the destinations that a bucket's NotificationConfiguration names. Each event becomes a durable
// job per destination in the transaction that caused it; the jobs call the other services.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/task.hpp"
#include "emulator/base/value.hpp"
#include "emulator/object/buckets.hpp"
#include "emulator/object/versions.hpp"
#include "emulator/world/jobs.hpp"

namespace virga::object {

inline constexpr const char* notify_job = "s3.notify";

// Who caused an event, and by which call.
struct Cause {
    std::string account;     // of the caller
    std::string principal;   // "AWS:<user id>"
    std::string source_ip;
    std::string request_id;
    std::string host_id;
    TimeMs now = 0;
    TraceContext trace;
};

// "ObjectCreated:Put" and its like (without "s3:").
struct ObjectEvent {
    std::string_view name;
    std::string key;
    std::string version_id;  // "" when the bucket was never versioned
    std::int64_t seq = 0;
    bool has_body = false;   // size and etag are told
    std::uint64_t size = 0;
    std::string etag;
    std::string storage_class;  // where a transition led to, or what a restored object is kept in
    TimeMs expires = 0;         // of a restored copy
    Object replication{};       // replicationEventData, of what could not be replicated
};

ObjectEvent created_event(std::string_view name, const Bucket& bucket, const Version& version);
// Something about the version changed that is no new version: tags, ACL, a restoration.
ObjectEvent changed_event(std::string_view name, const Bucket& bucket, const Version& version);
ObjectEvent removed_event(const Bucket& bucket, std::string_view key, const Deletion& deletion);

// Enqueues what the bucket's configuration asks for; nothing without one.
void record_event(Transaction& tx, const Bucket& bucket, const ObjectEvent& event, const Cause& cause);

// Tells every queue of a new configuration that it will be notified.
void record_test_events(Transaction& tx, const Bucket& bucket, const Value& configuration, const Cause& cause);

// The job: makes the call its payload holds. Throttled and failed deliveries are tried again for a day, refused ones are dropped.
Task<JobOutcome> deliver_notification(std::shared_ptr<Partition> partition, Job job);

// Throws what is wrong with the rules' filters and events (not: whether destinations exist). Gives each rule without an Id one.
// Two rules may not want the same event of the same key.
void check_notification_rules(Value& configuration, Random& random);
// True when a rule of the configuration ("Events", "Filter") wants the event.
bool rule_matches(const Value& rule, std::string_view event_name, std::string_view key);

}  // namespace virga::object
