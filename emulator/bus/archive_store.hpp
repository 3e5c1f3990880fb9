// Archives of a partition's buses: what was archived, and its replays.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"

namespace virga::bus {

struct Archive {
    std::string name, bus, description, pattern, kms_key;
    std::int64_t retention_days = 0;  // 0: for ever
    TimeMs created = 0;
    std::int64_t events = 0, bytes = 0;  // what is in it now
};

struct Replay {
    std::string name, archive, bus, description;
    std::vector<std::string> filters;  // ARNs of rules; empty: all
    TimeMs from = 0, to = 0;           // of the events' time, both included
    std::string state;                 // STARTING, RUNNING, COMPLETED, CANCELLING, CANCELLED
    TimeMs started = 0, ended = 0;
    TimeMs last_time = 0;              // time of the last event that was sent; 0: none yet
    bool over() const { return state == "COMPLETED" || state == "CANCELLED" || state == "FAILED"; }
};

struct ArchivedEvent {
    std::int64_t id;
    TimeMs time;
    std::string envelope;
};

// All in the store, nothing in memory. Methods with a transaction take part in it, the others take the lock themselves.
// What is older than an archive's retention, and replays that are long over, are dropped when somebody looks or adds.
class Archives : public Part {
public:
    Archives(Partition& partition, Database& db);

    std::optional<Archive> find(const std::string& name);
    std::vector<Archive> list();  // by name
    void save(const Archive& archive);
    void remove(const std::string& name);
    static void append(Transaction& tx, const std::string& archive, TimeMs time, TimeMs arrived, std::string_view envelope);
    // In the order of their time, those after the cursor {time, id}.
    std::vector<ArchivedEvent> read(Transaction& tx, const std::string& archive, TimeMs from, TimeMs to, TimeMs after_time, std::int64_t after_id, std::size_t limit);

    std::optional<Replay> find_replay(const std::string& name);
    std::optional<Replay> find_replay(Transaction& tx, const std::string& name);
    std::vector<Replay> list_replays();  // by name
    std::size_t replays_under_way();
    void save_replay(Transaction& tx, const Replay& replay);

private:
    void expire(Database& db);
    Partition& partition_;
};

// An archive's events come to it by a rule that the service keeps.
inline constexpr const char* archive_manager = "prod.vhs.events.aws.internal";
std::string archive_rule_name(std::string_view archive);
// The archive that a rule of that name feeds.
std::string archive_of_rule(std::string_view rule);
// The archive's pattern with: and it is no replay. `pattern` may be empty.
std::string archive_rule_pattern(std::string_view pattern);
// The event as it is replayed.
std::string with_replay_name(std::string_view envelope, std::string_view replay);

// The job that sends a replay's events; its payload is the replay's name.
inline constexpr const char* replay_job = "events.replay";

}  // namespace virga::bus
