// Multipart uploads. The parts of a completed one stay where they are: the object's version refers to the upload, whose parts are
// its body; nothing is copied.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/object/versions.hpp"

namespace virga::object {

struct Upload {
    std::int64_t id = 0;
    std::string upload_id, key;
    TimeMs initiated = 0;
    std::string storage_class = "STANDARD";
    ChecksumAlgorithm algorithm = ChecksumAlgorithm::none;  // as asked for; none: parts may bring any
    ChecksumType type = ChecksumType::full_object;
    Object attributes, tags;
    std::string initiator;  // ARN of who began it; "" for the bucket's owner
    std::string completed;  // JSON of the first answer, "" while open
};

struct UploadPart {
    std::int64_t number = 0;
    std::int64_t blob = 0;
    std::uint64_t size = 0;
    std::string etag;
    std::string checksum;  // base64, "" for none
    TimeMs modified = 0;
};

void insert_upload(Database& db, std::int64_t bucket, Upload& upload);
// Throws NoSuchUpload when there is none of this id for the key, and when it is complete unless asked not to mind.
Upload require_upload(Database& db, std::int64_t bucket, std::string_view key, std::string_view upload_id, bool completed_too = false);
void put_part(Transaction& tx, std::int64_t upload, const UploadPart& part);
std::vector<UploadPart> list_parts(Database& db, std::int64_t upload, std::int64_t after, std::int64_t limit);
// The parts' bodies in order; those that [first, first + length) does not touch by their size only: there may be thousands.
std::vector<Segment> open_parts(Database& db, BodyFiles& files, std::int64_t upload, std::uint64_t first, std::uint64_t length);

// What the client says it uploaded.
struct ListedPart {
    std::int64_t number = 0;
    std::string etag;                     // without quotes
    std::vector<Checksum> checksums;      // as sent
};
// Checks the list against the parts (InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest), drops parts that are not listed, and fills the version's
// size, ETag, checksum and body. Does not make it current: put_version does.
Version assemble(Transaction& tx, const Upload& upload, const std::vector<ListedPart>& listed);
void set_completed(Database& db, std::int64_t upload, const std::string& json);

// Takes away a list of parts, and the bodies that nothing else has.
void drop_parts(Transaction& tx, std::int64_t list);
// Takes away the upload and its parts.
void remove_upload(Transaction& tx, std::int64_t upload);
// Takes away the parts, for the object is gone; the upload stays for who asks again for its completion, as one of the last max_gone_uploads.
void retire_upload(Transaction& tx, std::int64_t upload);
// The bucket goes: so do the uploads that are open or without an object.
void abort_uploads_of_bucket(Transaction& tx, std::int64_t bucket);

// Makes the bodies of a list of parts, one after the other, the body of `copy` as well. The version must have its seq.
void share_parts(Database& db, std::int64_t list, Version& copy);
// Makes these parts, whose blobs are there, the body of `version`. It must have its seq.
void give_parts(Database& db, Version& version, const std::vector<UploadPart>& parts);

// Parts of a completed object or its replica, for partNumber reads and GetObjectAttributes; empty when it was not uploaded in parts, a copy of such an
// object too.
std::vector<UploadPart> parts_of(Database& db, const Version& version);

}  // namespace virga::object
