// What the object store keeps per partition: its tables, its body files, its sequence.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/object/bodies.hpp"
#include "emulator/world/partition.hpp"

namespace virga::object {

class ObjectStore : public Part {
public:
    ObjectStore(Partition& partition, Database& db);
    BodyFiles& files() { return files_; }

private:
    BodyFiles files_;
};

// The next number of the partition's one sequence: order of versions, ids of blobs. Never given twice.
std::int64_t next_sequence(Database& db);

// Bodies as rows. A blob is shared by its references (copies) and goes with the last of them.
// Adds the writer's body with one reference; call writer.keep() after the commit.
void insert_blob(Database& db, std::int64_t id, const BodyWriter& writer);
void share_blob(Database& db, std::int64_t id);
// Drops a reference; the file goes after the commit when it was the last.
void release_blob(Transaction& tx, std::int64_t id);
// Of a row whose columns are VIRGA_BODY_COLUMNS of object_blob.
#define VIRGA_BODY_COLUMNS "size, data, file"
Segment open_body(const Query& q, BodyFiles& files);

}  // namespace virga::object
