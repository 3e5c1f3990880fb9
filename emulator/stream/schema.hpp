// The tables of the stream engine.
#pragma once
#include <vector>

namespace virga::stream {

// Records are keyed by shard row and index in the shard, so that appending and reading a range touch neighbouring pages; what one call
// puts into one shard is one row. Indexes of a shard are never used twice: next_index is kept with the shard, not taken from the records.
inline const std::vector<const char*>& schema() {
    static const std::vector<const char*> migrations{R"(
create table stream (
    id integer primary key autoincrement,
    name text not null unique,
    created integer not null,          -- ms, a whole second
    mode text not null,                -- PROVISIONED, ON_DEMAND
    retention_hours integer not null,
    max_record_kib integer not null,
    encryption_key text not null default '',
    warm_mibps integer not null default 0,
    next_shard integer not null default 0,
    metrics text not null default '[]',  -- JSON: shard-level metrics
    tags text not null default '{}',
    policy text not null default ''
);
create table stream_shard (
    row integer primary key autoincrement,
    stream integer not null,
    number integer not null,
    start_key text not null,           -- decimal
    end_key text not null,
    parent integer,
    adjacent_parent integer,
    created_s integer not null,        -- the instant in its sequence numbers
    opened integer not null,           -- ms
    closed integer,                    -- ms
    next_index integer not null default 1,
    last_arrival integer not null default 0,
    unique (stream, number)
);
create table stream_record (
    shard integer not null,            -- stream_shard.row
    idx integer not null,
    arrival integer not null,          -- ms; never less than that of an earlier record
    key text not null,
    data blob not null,
    trace text not null,
    primary key (shard, idx)
) without rowid;
create table stream_consumer (
    stream integer not null,
    name text not null,
    created integer not null,          -- ms, a whole second
    tags text not null default '{}',
    policy text not null default '',
    primary key (stream, name)
) without rowid;
)",
                                                   R"(
-- Of the account in this region: one row.
create table stream_account (
    one integer primary key check (one = 1),
    commitment_started integer,        -- ms: the minimum throughput billing commitment was switched on
    commitment_ended integer,          -- ms: when it was asked to end
    throttled integer not null default 0
);
insert into stream_account (one) values (1);
)",
                                                   R"(
-- How many records are in the row, from idx on. One: in key and data. More: all in data (see RecordBlock), and key is empty.
alter table stream_record add column count integer not null default 1;
)",
                                                   R"(
-- States that settle by the clock: see lifecycle.hpp. All in ms.
alter table stream add column ready_at integer not null default 0;      -- CREATING until then
alter table stream add column settled_at integer not null default 0;    -- UPDATING until then
alter table stream add column gone_at integer not null default 0;       -- DELETING until then; 0: not
alter table stream add column resharding text not null default '';      -- what happens to its shards when it is settled: see Resharding
alter table stream_consumer add column ready_at integer not null default 0;
alter table stream_consumer add column gone_at integer not null default 0;
)"};
    return migrations;
}

}  // namespace virga::stream
