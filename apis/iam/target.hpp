// What the operations of IAM share: the account's identities, entities by the name the request gives, and paging.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/identity/identity.hpp"

namespace virga::iam {

using identity::Entity;
using identity::Kind;

// IAM has no regions: every call acts in the account's one global partition.
struct Account {
    std::shared_ptr<Partition> partition;
    identity::Identity& identity;
};
Account account(Context& ctx);

// "RoleName", "UserName", ...: the member that names an entity of this kind.
const char* name_member(Kind kind);
std::string entity_name(const Value& input, Kind kind);

// Documents leave percent-encoded.
std::string encoded_document(std::string_view document);

// Tags of requests and answers: [{Key, Value}].
Object read_tags(const Value& input);
Array tag_list(const Object& tags);

// One page of `items` under `member`, with IsTruncated and Marker, by MaxItems and Marker of the input.
Value paged(const Value& input, const char* member, Array items);

// As answers show them.
Object role_answer(const identity::Identity& identity, const Entity& role, bool detailed);
Object user_answer(const identity::Identity& identity, const Entity& user, bool detailed);
Object group_answer(const identity::Identity& identity, const Entity& group);
// With its role; needs the lock.
Object profile_answer(identity::Identity& identity, Database& db, const Entity& profile);

}  // namespace virga::iam
