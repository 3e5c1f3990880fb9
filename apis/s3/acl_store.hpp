// Where ACLs are kept, and how requests write them.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/object/versions.hpp"

namespace virga::s3 {

// The member of a version's attributes that holds its ACL; missing = the owner of the bucket has everything.
inline constexpr std::string_view acl_attribute = "$acl";

Value bucket_acl(Database& db, const object::Bucket& bucket, const std::string& owner_account);
Value object_acl(const object::Bucket& bucket, const object::Version& version, const std::string& owner_account);

// The ACL that a request's headers ask for (canned or grants); null when there are none. `owner` and `bucket_owner` are accounts.
Value acl_of_headers(const Value& input, const std::string& owner, const std::string& bucket_owner, bool of_bucket);
// Throws AccessControlListNotSupported, or what the public access block says of a public one.
void check_new_acl(Context& ctx, Partition& home, Database& db, const object::Bucket& bucket, const Value& input, const Value& acl, std::string_view action);

}  // namespace virga::s3
