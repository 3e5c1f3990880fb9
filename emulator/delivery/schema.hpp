// The tables of the delivery engine.
#pragma once
#include <vector>

namespace virga::delivery {

// A record is in exactly one buffer at a time: what it goes through (transformation, partitioning, delivery) moves it from one to the
// next, or deletes it, in one transaction with the checkpoint or job that caused the move.
inline const std::vector<const char*>& schema() {
    static const std::vector<const char*> migrations{R"(
create table delivery_stream (
    id integer primary key autoincrement,
    name text not null unique,
    type text not null,                  -- DirectPut, KinesisStreamAsSource, ..
    created integer not null,            -- ms
    updated integer,                     -- ms, null before the first update
    version integer not null default 1,
    source text not null default '{}',   -- JSON, by the members of the request
    kind text not null,                  -- of the destination: ExtendedS3, HttpEndpoint, ..
    destination text not null,           -- JSON, the configuration with its defaults
    encryption text not null default '{}',
    tags text not null default '{}'
);
create table delivery_buffer (
    id integer primary key autoincrement,
    stream integer not null,
    stage text not null,                 -- transform, s3, backup, error, http
    part text not null,                  -- partition keys (JSON) or type of error; buffers of one stage and part follow one another
    opened integer not null,             -- ms, when its first record came
    oldest integer not null,             -- ms, the earliest arrival in it
    bytes integer not null default 0,
    records integer not null default 0,
    closed integer not null default 0,
    job integer,                         -- which job took it
    object text not null default '',     -- what it is delivered as: a key, a request id
    failing_since integer                -- ms
);
create index delivery_buffer_open on delivery_buffer(stream, stage, part) where closed = 0;
create index delivery_buffer_stream on delivery_buffer(stream);
create table delivery_item (
    buffer integer not null,
    idx integer not null,
    arrival integer not null,
    data blob not null,
    meta text not null,                  -- JSON: where in a Kinesis stream it was
    trace text not null,
    primary key (buffer, idx)
) without rowid;
create table delivery_checkpoint (
    stream integer not null,
    shard text not null,
    position text not null,
    primary key (stream, shard)
) without rowid;
)",
                                                   R"(
-- States that settle by the clock, in ms.
alter table delivery_stream add column ready_at integer not null default 0;    -- CREATING until then
alter table delivery_stream add column settled_at integer not null default 0;  -- its encryption is ENABLING or DISABLING until then
alter table delivery_stream add column gone_at integer not null default 0;     -- DELETING until then; 0: not
)"};
    return migrations;
}

}  // namespace virga::delivery
