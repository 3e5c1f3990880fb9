// Messages that came in one send and nobody has looked at yet: one row for all of them, because most of what a send costs is paid by the row.
// They become rows of their own before anything is done with one of them. All functions run under the partition's lock.
#pragma once
#include <span>

#include "emulator/queue/messages.hpp"

namespace virga::queue {

// Whether these may lie in one row: several, for a standard queue, alike in everything but id, body and attributes.
bool fit_one_batch(const Queue& queue, std::span<const NewMessage> messages);
// Stores them under the numbers from `first` on.
void store_batch(Database& db, const Queue& queue, std::span<const NewMessage> messages, std::int64_t first, TimeMs visible_at, TimeMs now);

// Makes messages of the batches that hold the `wanted` oldest receivable ones.
void open_batches(Database& db, const Queue& queue, std::int64_t wanted, TimeMs now);

// Messages in batches, receivable and delayed.
Counts batched(Database& db, const Queue& queue, TimeMs now);

}  // namespace virga::queue
