// CloudWatch Logs of one partition: groups, streams, events.
//
// An event is found by its group, or by its stream, in the order of its time; events of one time keep the order they came in. What a group's
// retention has passed is invisible at once and is deleted with the next write to the group.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga {

struct LogGroup {
    std::int64_t id = 0;
    std::string name;
    TimeMs created = 0;
    std::int64_t retention_days = 0;  // 0 = for ever
    std::int64_t stored_bytes = 0;
    std::string kms_key, log_class;
    Value tags;
    // The oldest time that is still kept.
    TimeMs horizon(TimeMs now) const { return retention_days ? now - retention_days * 86'400'000 : 0; }
};

struct LogStream {
    std::int64_t id = 0;
    std::string name;
    TimeMs created = 0;
    std::optional<TimeMs> first_event, last_event, last_ingestion;
};

struct LogEvent {
    std::int64_t id = 0;  // rises with ingestion
    TimeMs time = 0, ingested = 0;
    std::string message;
    std::string stream;  // filled where events of several streams are read
};

// A place between two events in the order (time, id).
struct LogPlace {
    TimeMs time = 0;
    std::int64_t id = 0;
};

// Methods run inside the caller's transaction or reading.
class LogStore : public Part {
public:
    LogStore(Partition& partition, Database& db);

    std::optional<LogGroup> group(Database& db, std::string_view name) const;
    // By name, those that start with `prefix` and sort after `after`.
    std::vector<LogGroup> groups(Database& db, std::string_view prefix, std::string_view after, std::int64_t limit) const;
    void create_group(Database& db, const LogGroup& group);
    void update_group(Database& db, const LogGroup& group);  // retention, tags, key
    void remove_group(Database& db, const LogGroup& group);

    std::optional<LogStream> stream(Database& db, const LogGroup& group, std::string_view name) const;
    std::vector<LogStream> streams(Database& db, const LogGroup& group, std::string_view prefix) const;  // by name
    void create_stream(Database& db, const LogGroup& group, const std::string& name, TimeMs now);
    void remove_stream(Database& db, const LogGroup& group, const LogStream& stream);

    // Gives the events their ids.
    void append(Database& db, const LogGroup& group, const LogStream& stream, std::vector<LogEvent>& events, TimeMs now);

    // Events of a stream between two times (start inclusive, end exclusive) after or before a place, ascending.
    std::vector<LogEvent> read_forward(Database& db, const LogStream& stream, TimeMs start, TimeMs end, std::optional<LogPlace> after, std::int64_t limit) const;
    std::vector<LogEvent> read_backward(Database& db, const LogStream& stream, TimeMs start, TimeMs end, std::optional<LogPlace> before, std::int64_t limit) const;
    // Events of all streams of a group after a place, ascending, with their streams' names.
    std::vector<LogEvent> read_group(Database& db, const LogGroup& group, TimeMs start, TimeMs end, LogPlace after, std::int64_t limit) const;
};

}  // namespace virga
