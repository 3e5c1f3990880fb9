// Objects: the versions of a key, and how one comes and goes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/object/bodies.hpp"
#include "emulator/object/buckets.hpp"
#include "emulator/object/checksums.hpp"
#include "emulator/world/partition.hpp"
#include "emulator/world/random.hpp"

namespace virga::object {

struct Checksum {
    ChecksumAlgorithm algorithm = ChecksumAlgorithm::none;
    ChecksumType type = ChecksumType::full_object;
    std::string value;  // base64, COMPOSITE with "-N"
};

// One version of a key, or a delete marker.
struct Version {
    std::string key;
    std::int64_t seq = 0;
    std::string version_id = "null";
    bool delete_marker = false;
    std::uint64_t size = 0;
    std::string etag;  // without quotes
    TimeMs modified = 0;
    std::string storage_class = "STANDARD";
    Checksum checksum;
    Object attributes;  // ContentType, CacheControl, ..., Metadata: by API member name
    Object tags;
    // One of them is the body. upload: a list of parts, that of a completed upload or, below 0, one of its own.
    std::optional<std::int64_t> blob, upload;
};
// What was uploaded in parts says so for good, its replicas too; its copies have their body in the same parts and are objects in one piece.
inline bool uploaded_in_parts(const Version& v) { return v.upload && v.etag.find('-') != std::string::npos; }

inline constexpr std::string_view null_version = "null";

// Empty when the key has no version at all. The current version may be a delete marker.
std::optional<Version> find_current(Database& db, std::int64_t bucket, std::string_view key);
std::optional<Version> find_version(Database& db, std::int64_t bucket, std::string_view key, std::string_view version_id);
// The version that a reader means: version_id "" = current. Throws NoSuchKey, NoSuchVersion, or invalid_version_id for an id that cannot be. A delete marker is returned.
Version require_version(Database& db, const Bucket& bucket, std::string_view key, std::string_view version_id);
void check_version_id(const Bucket& bucket, std::string_view version_id);

// What [first, first + length) of a body is read from; call under the lock, read it without. The other stretches are there by their size only.
std::vector<Segment> open_version(Database& db, BodyFiles& files, const Version& version, std::uint64_t first, std::uint64_t length);
std::vector<Segment> open_version(Database& db, BodyFiles& files, const Version& version);

// What must hold when a write commits.
struct WriteCondition {
    bool if_none_match = false;           // no current object
    std::optional<std::string> if_match;  // the current object's ETag
};
// Throws PreconditionFailed or NoSuchKey.
void check_condition(const std::optional<Version>& current, std::string_view key, const WriteCondition& condition);
// As sent, without quotes and a weak prefix.
std::string plain_etag(std::string_view etag);

// Makes `version` the current one: gives it its id by the bucket's versioning, and replaces what that replaces. Its seq must be set when
// its blob is (they are equal numbers), else it is drawn. Answers it completed.
Version put_version(Transaction& tx, const Bucket& bucket, Version version, const WriteCondition& condition, Random& random);

// Writes a version as it is: its id, its seq, its body. For put_version, and for replicas, which keep the id of their source.
void insert_version(Database& db, std::int64_t bucket, const Version& version);

struct Deletion {
    bool removed = false;        // a version or delete marker is gone for good
    bool marker = false;         // what was made or removed is a delete marker
    std::string version_id;      // of what was made or removed; "" when the bucket was never versioned
    std::int64_t seq = 0;
};
// Deletes a key (version_id ""): makes a delete marker where the bucket is versioned. Or removes one version for good.
// Throws AccessDenied for a version that is locked.
Deletion delete_version(Transaction& tx, const Bucket& bucket, std::string_view key, std::string_view version_id, Random& random, bool bypass_governance = false);

void set_attributes(Database& db, std::int64_t bucket, const Version& version, const Object& attributes);
// Writes what changed in a version's attributes, or its storage class.
void update_attributes(Database& db, std::int64_t bucket, const Version& version);
void set_tags(Database& db, std::int64_t bucket, const Version& version, const Object& tags);

// For listings: the row's columns as a Version without attributes and tags.
#define VIRGA_VERSION_COLUMNS \
    "key, seq, version_id, delete_marker, size, etag, modified, storage_class, checksum_algorithm, checksum_type, checksum, attributes, tags, blob, upload"
Version read_version(Query& q, bool with_attributes);

}  // namespace virga::object
