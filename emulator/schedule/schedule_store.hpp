// The schedules of one partition, their groups, and when each runs next.
//
// Everything is in the store, there is no cache. A schedule that has a next instant has a job "scheduler.fire" that waits for it: save() and
// advance() enqueue it in the same transaction, so that after a crash none is missing.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/schedule/expression.hpp"
#include "emulator/world/partition.hpp"

namespace virga::schedule {

inline constexpr const char* fire_job = "scheduler.fire";  // payload: the schedule's id
inline constexpr const char* default_group = "default";

struct Schedule {
    std::int64_t id = 0;
    std::string group, name;
    // The members of the request that describe it, with defaults filled in. Instants are milliseconds.
    Value document;
    TimeMs created = 0, modified = 0;
    TimeMs anchor = 0;              // what a rate without StartDate counts from
    std::optional<TimeMs> next;     // when the job has something to do
    bool ending = false;            // at `next` it is deleted instead of run

    bool enabled() const { return document.text("State") == "ENABLED"; }
    bool deletes_itself() const { return document.text("ActionAfterCompletion") == "DELETE"; }
    // Its timing as the document says; the document was checked when it was saved.
    Timing timing() const;
};

struct Group {
    std::string name;
    TimeMs created = 0, modified = 0;
    std::map<std::string, std::string> tags;
};

// Everything runs under the partition's lock.
class Schedules : public Part {
public:
    Schedules(Partition& partition, Database& db);

    std::optional<Schedule> find(Database& db, std::string_view group, std::string_view name) const;
    std::optional<Schedule> find(Database& db, std::int64_t id) const;
    std::int64_t count(Database& db) const;
    // By group and name, after `after_group`/`after_name`. Empty `group`: of all groups; empty `state`: in any.
    std::vector<Schedule> list(Database& db, std::string_view group, std::string_view prefix, std::string_view state, std::string_view after_group,
                               std::string_view after_name, std::int64_t limit) const;
    // Adds (id 0) or replaces it, and plans its next run from `modified` on.
    void save(Transaction& tx, Schedule& schedule);
    // After it ran: plans the run that follows `ran`, or its end.
    void advance(Transaction& tx, Schedule& schedule, TimeMs ran, TimeMs now);
    // Enqueues the job that does at `next` what is to be done; one that waits already is enough.
    void wait(Transaction& tx, const Schedule& schedule) const;
    void remove(Database& db, std::int64_t id);

    std::optional<Group> find_group(Database& db, std::string_view name) const;
    std::vector<Group> list_groups(Database& db, std::string_view prefix, std::string_view after, std::int64_t limit) const;
    std::int64_t count_groups(Database& db) const;
    void save_group(Database& db, const Group& group);
    // With its schedules.
    void remove_group(Database& db, std::string_view name);

    // What a request with this client token did before ("create-schedule default/nightly <digest>"); nothing when it is new or forgotten.
    std::optional<std::string> token(Database& db, std::string_view token, TimeMs now) const;
    void remember_token(Database& db, std::string_view token, std::string_view what, TimeMs now);

    std::string schedule_arn(std::string_view group, std::string_view name) const;
    std::string group_arn(std::string_view name) const;

private:
    void plan(Transaction& tx, Schedule& schedule, TimeMs from, TimeMs now);
    Partition& partition_;
};

}  // namespace virga::schedule
