// Object lock: versions that nobody can take away for a while. A version's retention and legal hold are attributes of it under the API's
// member names (ObjectLockMode, ObjectLockRetainUntilDate as text, ObjectLockLegalHoldStatus), so that readers get them with the rest.
#pragma once
#include <optional>
#include <string>

#include "emulator/object/versions.hpp"

namespace virga::object {

struct Retention {
    std::string mode;  // GOVERNANCE or COMPLIANCE
    TimeMs until = 0;
};

// Throws what is wrong with an ObjectLockConfiguration: MalformedXML, InvalidArgument.
void check_lock_configuration(const Value& configuration);
// What the bucket's default gives an object that is written at `now`.
std::optional<Retention> default_retention(const Bucket& bucket, TimeMs now);

std::optional<Retention> retention_of(const Object& attributes);
void set_retention(Object& attributes, const std::optional<Retention>& retention);
bool legal_hold_of(const Object& attributes);

// A version that is written gets the bucket's default, unless it names a lock of its own. Throws InvalidRequest when it names one in a bucket without locks.
void lock_new_version(const Bucket& bucket, Version& version, TimeMs now);
// Held, or retained in whatever mode.
bool is_locked(const Version& version, TimeMs now);
// Throws AccessDenied while the version is locked; governance gives way to who may bypass it, and asks to.
void check_removable(const Version& version, TimeMs now, bool bypass_governance);
// Throws AccessDenied when a retention may not be replaced by another (or by none).
void check_retention_change(const std::optional<Retention>& from, const std::optional<Retention>& to, TimeMs now, bool bypass_governance);

}  // namespace virga::object
