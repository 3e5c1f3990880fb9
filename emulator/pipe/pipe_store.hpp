// The pipes of one partition, and how far each is through its stream.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::pipe {

struct Pipe {
    std::string name;
    Value document;       // what the requests said, with defaults; instants are milliseconds
    std::string desired;  // RUNNING, STOPPED
    std::string state;    // RUNNING, STOPPED, CREATE_FAILED
    std::string reason;   // of the state; may be empty
    TimeMs created = 0, modified = 0;
    std::map<std::string, std::string> tags;

    // Does what is wanted from now on; one that was never made stays as it is.
    void want(std::string_view wanted, TimeMs now);
};

// Everything runs under the partition's lock. No cache.
class Pipes : public Part {
public:
    Pipes(Partition& partition, Database& db);

    std::optional<Pipe> find(Database& db, std::string_view name) const;
    std::vector<Pipe> list(Database& db) const;  // by name
    std::int64_t count(Database& db) const;
    void save(Database& db, const Pipe& pipe);
    void remove(Database& db, std::string_view name);

    // Shard -> position. A checkpoint of a pipe that is gone is dropped; `created` tells a pipe from a later one of its name.
    std::vector<std::pair<std::string, std::string>> checkpoints(Database& db, std::string_view pipe) const;
    void put_checkpoint(Database& db, std::string_view pipe, TimeMs created, std::string_view shard, std::string_view position);

    std::string arn(std::string_view name) const;

private:
    Partition& partition_;
};

}  // namespace virga::pipe
