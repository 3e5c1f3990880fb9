// What happens to keys as time passes, and between the regions of a set.
#pragma once
#include "emulator/keys/key_store.hpp"

namespace virga::keys {

// What a replica has of its own when it is made.
struct NewReplica {
    std::string region;
    Object settings;  // description, policy, tags: {name: value}
};

// Brings what the set of a key shares (its regions, and from the primary rotation and material that KMS made) to its other regions, as job and at once: a
// client may go on there with the next call. Makes `replica` when it is not there yet.
void spread(Partition& from, const std::string& key, const std::optional<NewReplica>& replica = {});
// The same as a job in the transaction that changes the key, for when the process ends between the two.
void spread_later(Transaction& tx, const std::string& key, const std::optional<NewReplica>& replica = {}, TraceContext trace = {});

// Deletion, rotation and the end of imported material, at their instants; and spread_later.
void register_jobs(World& world);

}  // namespace virga::keys
