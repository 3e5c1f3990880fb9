// The tables of the queue engine.
#pragma once
#include <vector>

namespace virga::queue {

// Times are milliseconds. A message is receivable when visible_at <= now; in flight when not and it was received; else delayed.
// receive_count also tells the receipts of a message apart. Row ids of messages are never used twice: receipts name them.
inline const std::vector<const char*>& schema() {
    static const std::vector<const char*> migrations{R"(
create table queue (
    id integer primary key autoincrement,
    name text not null unique,
    attributes text not null,      -- JSON: those that were set
    tags text not null,            -- JSON
    created integer not null,
    modified integer not null
);
create table queue_message (
    seq integer primary key autoincrement,
    queue integer not null,
    id text not null,              -- MessageId
    body text not null,
    attributes text not null,      -- see write_message_attributes
    trace_header text not null,    -- AWSTraceHeader as the sender gave it
    trace text not null,           -- the trace of the send
    sender text not null,
    sent integer not null,
    visible_at integer not null,
    receive_count integer not null default 0,
    first_received integer,
    last_received integer,
    group_id text not null default '',
    dedup_id text not null default '',
    dead_letter_source text not null default ''  -- ARN of the queue it was moved from
);
create index queue_message_ready on queue_message(queue, visible_at);
create index queue_message_age on queue_message(queue, sent);
create index queue_message_group on queue_message(queue, group_id, visible_at) where group_id <> '';
create table queue_dedup (
    queue integer not null,
    scope text not null,           -- message group, or '' for the queue
    dedup_id text not null,
    message_id text not null,
    sequence integer not null,
    sent integer not null,
    primary key (queue, scope, dedup_id)
) without rowid;
create table queue_move (
    id text primary key,
    source text not null,          -- queue name
    source_arn text not null,
    destination_arn text not null, -- '' = each message back to where it came from
    per_second integer not null,   -- 0 = no limit
    status text not null,
    moved integer not null,
    total integer not null,
    started integer not null,
    failure text not null default '',
    ordinal integer not null
);
)",
                                                     R"(
alter table queue_message add column inside integer not null default 0;  -- 1: its last receiver is a part of this process
create index queue_message_inside on queue_message(inside) where inside = 1;
)",
                                                     R"(
drop index queue_message_age;  -- each send had to write it; see Queues::expire
)",
                                                     R"(
create table queue_batch (         -- messages of one send that are no rows yet; see batches.hpp
    seq integer primary key,       -- of the first of them; the others have the numbers after it
    queue integer not null,
    count integer not null,
    sent integer not null,
    visible_at integer not null,
    trace_header text not null,
    trace text not null,
    sender text not null,
    messages blob not null
);
create index queue_batch_ready on queue_batch(queue, visible_at);
)"};
    return migrations;
}

}  // namespace virga::queue
