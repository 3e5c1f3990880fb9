// Lifecycle rules: what is wrong with them, what they say about an object, and their execution by the clock.
//
// A rule's period ends N days after the version was written, rounded up to the next midnight UTC. A bucket with rules has one waiting
// job for the next midnight; it carries out what is due then and waits for the next one.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/task.hpp"
#include "emulator/object/notifications.hpp"
#include "emulator/object/uploads.hpp"
#include "emulator/object/versions.hpp"

namespace virga::object {

inline constexpr const char* lifecycle_job = "s3.lifecycle";
inline constexpr TimeMs day_ms = 24 * 3600 * 1000;

// Throws what is wrong with a LifecycleConfiguration. Gives every rule without an ID one; dates become text, so that it can be stored as JSON.
void check_lifecycle(Value& configuration, Random& random);

// The midnight UTC at or after `days` days from `start`.
TimeMs due_after_days(TimeMs start, std::int64_t days);

// When the current version of a key expires, and by which rule; nothing when no rule covers it.
struct Expiry {
    TimeMs at = 0;
    std::string rule;
};
std::optional<Expiry> expiry_of(const Bucket& bucket, const Version& version);
// When an upload that was begun at `initiated` is aborted.
std::optional<Expiry> abort_of(const Bucket& bucket, std::string_view key, TimeMs initiated);
// "expiry-date=\"Fri, 01 Jan 2027 00:00:00 GMT\", rule-id=\"my%20rule\"".
std::string expiry_header(const Expiry& expiry);

// Makes the bucket's job wait for the next midnight.
void schedule_lifecycle(Transaction& tx, const Bucket& bucket, TimeMs now);
// The job. Public for tests of a bucket's day.
Task<JobOutcome> run_lifecycle(std::shared_ptr<Partition> partition, Job job);

// Whether a rule ("Prefix" or "Filter") covers an object.
bool rule_covers(const Value& rule, std::string_view key, std::uint64_t size, const Object& tags);

}  // namespace virga::object
