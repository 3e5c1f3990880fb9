// Bringing archived objects (GLACIER, DEEP_ARCHIVE) back for a time. The state of it is kept among a version's attributes; jobs move it on.
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/task.hpp"
#include "emulator/object/notifications.hpp"
#include "emulator/object/versions.hpp"

namespace virga::object {

inline constexpr const char* restore_job = "s3.restore";
inline constexpr std::string_view restore_attribute = "RestoreState";  // {"Ongoing": true, "Days": n} or {"Expires": ms}

bool is_archived(std::string_view storage_class);

struct RestoreState {
    bool ongoing = false;
    TimeMs expires = 0;  // of the copy that can be read; 0: none
};
RestoreState restore_state(const Version& version);
// An archived version whose copy is not (or no longer) there. Readers are refused.
bool is_out_of_reach(const Version& version);

// Asks for a copy that lasts `days`: true when it was begun, false when a copy is there already and lasts as long as asked for now.
// Throws RestoreAlreadyInProgress, and InvalidObjectState for what is not archived.
bool begin_restore(Transaction& tx, const Bucket& bucket, const Version& version, std::int64_t days, std::string_view tier, const Cause& cause);

// The job: the copy is there, or its time is over.
Task<JobOutcome> advance_restore(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::object
