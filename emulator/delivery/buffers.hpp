// Buffers: records that wait for enough others, or long enough, to go on together. Rows of the store, so that no acknowledged
// record is lost; each buffer has a job that takes it when it is due.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::delivery {

enum class Stage { transform, s3, backup, error, http };
std::string_view stage_name(Stage stage);

struct Item {
    TimeMs arrival = 0;
    std::string data;
    std::string meta;      // JSON, or ""
    TraceContext trace;
    std::int64_t idx = 0;  // in its buffer
};

// When a buffer is full, whichever comes first.
struct BufferHints {
    std::int64_t bytes = 0;
    TimeMs interval = 0;          // from its first record on; 0: at once
    std::int64_t records = 0;     // 0: any number
};

struct Buffer {
    std::int64_t id = 0;
    std::int64_t stream = 0;
    Stage stage = Stage::s3;
    std::string part;
    TimeMs opened = 0, oldest = 0;
    std::string object;
    std::optional<TimeMs> failing_since;
    std::vector<Item> items;
};

inline constexpr const char* transform_job = "firehose.transform";
inline constexpr const char* deliver_job = "firehose.deliver";

// Adds records, in order, to the open buffer of a stage and part; opens, closes and follows up buffers as the hints say. `resource` is
// the stream's ARN. Under the partition's lock, like all of these.
void add_items(Transaction& tx, const std::string& resource, std::int64_t stream, Stage stage, const std::string& part, const BufferHints& hints,
               const std::vector<Item>& items, TimeMs now);
// How many open buffers a stage has, and whether one of this part is among them.
std::int64_t open_buffers(Database& db, std::int64_t stream, Stage stage);
bool is_open(Database& db, std::int64_t stream, Stage stage, std::string_view part);

// Takes a buffer for a job: closes it and answers it with its records. Nothing when it is gone or another job has it: a job that
// finds nothing is done. The same job gets it again after a crash.
std::optional<Buffer> take_buffer(Transaction& tx, std::int64_t buffer, std::int64_t job);
void set_object(Transaction& tx, std::int64_t buffer, std::string_view object);
void set_failing_since(Transaction& tx, std::int64_t buffer, TimeMs since);
void remove_buffer(Transaction& tx, std::int64_t buffer);

}  // namespace virga::delivery
