// How records are packed in a row: those that one call put into one shard stand together, since they have the arrival and the trace in
// common and are read together.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace virga::stream {

// Packed records: of each, the lengths of key and data (32 bits each, of this machine's byte order), key, data.
class RecordBlock {
public:
    // A block takes more records until it has so many bytes: a reader that wants one record reads the block that holds it.
    static constexpr std::size_t full_bytes = 64 * 1024;

    void append(std::string_view key, std::string_view data);
    std::int64_t count() const { return count_; }
    bool full() const { return bytes_.size() >= full_bytes; }
    std::string_view bytes() const { return bytes_; }
    void clear() {
        bytes_.clear();
        count_ = 0;
    }

private:
    std::string bytes_;
    std::int64_t count_ = 0;
};

// Walks over the records of a block.
class BlockReader {
public:
    explicit BlockReader(std::string_view bytes) : rest_(bytes) {}
    // The next record, as views into the block; false at the end.
    bool next(std::string_view& key, std::string_view& data);

private:
    std::string_view take(std::size_t n);
    std::string_view rest_;
};

}  // namespace virga::stream
