// Splitting, merging and scaling shards. All functions run under the partition's lock, inside an Edit.
#pragma once
#include <optional>
#include <string>

#include "emulator/stream/streams.hpp"

namespace virga::stream {

// What is to happen to a stream's shards, as it is kept until its time has come.
//   split: closes `first` and opens [start, key - 1] and [key, end] under the next two numbers.
//   merge: closes both and opens one over their ranges; `second` must begin where `first` ends.
//   scale: up, every open shard is split in the middle, then neighbours are merged down to the target; down, neighbours are merged in rounds.
struct Resharding {
    enum class Kind { split, merge, scale } kind = Kind::scale;
    std::int64_t first = 0, second = 0;  // shards; `first` of a scale: the target
    uint128 key = 0;                     // of a split
};
void reshard(Streams& streams, Transaction& tx, Stream& stream, const Resharding& change, TimeMs now);
std::string write_resharding(const Resharding& change);
// Nothing when the text is none, "" among others.
std::optional<Resharding> read_resharding(std::string_view text);

}  // namespace virga::stream
