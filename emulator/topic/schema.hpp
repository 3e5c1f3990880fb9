// The tables of the topic engine.
#pragma once
#include <vector>

namespace virga::topic {

inline const std::vector<const char*>& schema() {
    static const std::vector<const char*> migrations{R"(
create table topic (
    id integer primary key,
    name text not null unique,
    attributes text not null,           -- JSON: those that were set
    tags text not null,                 -- JSON
    data_protection text not null default '',
    published integer not null default 0,  -- messages of a FIFO topic: its sequence numbers
    unsubscribed integer not null default 0
);
create table topic_subscription (
    id integer primary key autoincrement,
    topic integer not null,
    arn text not null unique,
    protocol text not null,
    endpoint text not null,
    owner text not null,                -- account
    attributes text not null,           -- JSON: those that were set
    state integer not null,             -- see SubscriptionState
    token text not null,                -- that confirms it
    authenticated integer not null default 0
);
create unique index topic_subscription_endpoint on topic_subscription(topic, protocol, endpoint);
create table topic_deduplication (
    topic integer not null,
    key text not null,                  -- MessageDeduplicationId, behind its group where the scope is that
    until integer not null,
    message_id text not null,
    sequence text not null,
    primary key (topic, key)
) without rowid;
create index topic_deduplication_until on topic_deduplication(topic, until);
create table topic_document (           -- platform applications and endpoints, settings and numbers of SMS
    kind text not null,
    name text not null,
    document text not null,             -- JSON
    primary key (kind, name)
) without rowid;
create table topic_sent (               -- what phones, devices and mailboxes would have got
    id integer primary key,
    kind text not null,
    target text not null,
    document text not null              -- JSON
);
create index topic_sent_kind on topic_sent(kind, id);
)"};
    return migrations;
}

}  // namespace virga::topic
