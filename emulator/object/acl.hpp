// Access control lists: who may do what with a bucket or object, as {"Owner": {"ID"}, "Grants": [{"Grantee", "Permission"}]}.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::object {

inline constexpr std::string_view all_users = "http://acs.amazonaws.com/groups/global/AllUsers";
inline constexpr std::string_view authenticated_users = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
inline constexpr std::string_view log_delivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";

Value canonical_user(std::string_view id);
Value acl_of_owner(std::string_view owner);
// What a canned ACL ("public-read") says; `bucket_owner` counts for objects only. Throws InvalidArgument for a name that is none.
Value canned_acl(std::string_view name, std::string_view owner, std::string_view bucket_owner, bool of_bucket);

// Adds what a grant header says ("id=..., uri=..., emailAddress=...") as grants of `permission`. `known` tells whether a canonical id is an account's.
using KnownUser = std::function<bool(std::string_view id)>;
void add_header_grants(Array& grants, std::string_view header, std::string_view header_name, std::string_view permission, const KnownUser& known);

// Throws what is wrong with an AccessControlPolicy document; answers it in the stored form.
Value read_acl_document(const Value& document, std::string_view owner, const KnownUser& known);

// True when it gives somebody outside of any account something ("public" in the sense of the public access block).
bool is_public_acl(const Value& acl);
// What an ACL allows: `user` is a canonical id, "" for anonymous. `permission` is READ, WRITE, READ_ACP or WRITE_ACP.
bool acl_allows(const Value& acl, std::string_view user, std::string_view permission, bool ignore_public);

// A public access block as it is kept, of a bucket or an account: all four settings. Throws InvalidRequest when none is given.
Value access_block_document(const Value& given);

}  // namespace virga::object
