// The tables of the identity engine: in the partition {account, "aws-global"}, since IAM knows no regions.
#pragma once
#include <vector>

namespace virga::identity {

// Names are unique whatever their case: `folded` is the lower-case name, and the key.
inline const std::vector<const char*>& schema() {
    static const std::vector<const char*> migrations{R"(
create table identity_entity (
    kind text not null,               -- role, user, group, instance-profile
    folded text not null,
    name text not null,
    id text not null,
    path text not null,
    created integer not null,
    document text not null default '',     -- roles: the trust policy
    description text not null default '',
    max_session integer not null default 0,
    boundary text not null default '',
    tags text not null default '{}',
    primary key (kind, folded)
) without rowid;
create table identity_inline (
    kind text not null,
    folded text not null,
    policy text not null,
    document text not null,
    primary key (kind, folded, policy)
) without rowid;
create table identity_attachment (
    kind text not null,
    folded text not null,
    arn text not null,
    primary key (kind, folded, arn)
) without rowid;
create table identity_member (
    kind text not null,               -- of the whole: group (its users), instance-profile (its role)
    folded text not null,
    member text not null,             -- folded name
    primary key (kind, folded, member)
) without rowid;
create table identity_policy (
    arn text primary key,
    name text not null,
    folded text not null unique,
    id text not null,
    path text not null,
    description text not null,
    created integer not null,
    updated integer not null,
    default_version integer not null,
    next_version integer not null,
    tags text not null
) without rowid;
create table identity_policy_version (
    arn text not null,
    version integer not null,
    document text not null,
    created integer not null,
    primary key (arn, version)
) without rowid;
create table identity_access_key (
    id text primary key,
    user text not null,               -- folded name
    secret text not null,
    status text not null,
    created integer not null
) without rowid;
create table identity_session (
    access_key text primary key,
    secret text not null,
    token text not null,
    arn text not null,
    user_id text not null,
    created integer not null
) without rowid;
)",
        // What limits a session: its policies as STS was given them, a JSON object of Policy (text) and PolicyArns; '' when none were. issuer: the ARN of
        // the user or root whose permissions a federated user has.
        R"(
alter table identity_session add column policies text not null default '';
alter table identity_session add column issuer text not null default '';
)"};
    return migrations;
}

}  // namespace virga::identity
