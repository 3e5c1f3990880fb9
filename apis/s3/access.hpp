// Who may do what. Off by default: then policies, ACLs and public access blocks are checked when they are written, and allow everything when
// they are read. "anonymous": a request without credentials needs a public grant. "strict": so does every account for another's bucket, and a
// policy's explicit deny holds for everybody; users and roles that IAM has need a policy of their own, or of the bucket.
#pragma once
#include <atomic>
#include <set>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/object/buckets.hpp"

namespace virga::s3 {

enum class AccessMode { off, anonymous, strict };
inline AccessMode access_mode(std::string_view name) { return name == "strict" ? AccessMode::strict : name == "anonymous" ? AccessMode::anonymous : AccessMode::off; }

struct AccessSettings : Part {
    explicit AccessSettings(World&) {}
    std::atomic<AccessMode> mode{AccessMode::off};
    std::atomic<bool> own_region{false};  // a request for a bucket of another region is told where the bucket is, and no more
};

// Throws AccessDenied when the caller may not do what the call asks for.
void authorize(Context& ctx, const Value& input);
// Whether everybody may read a key: what a website serves.
bool public_may_read(World& world, Partition& partition, const std::string& bucket, const std::string& key);
// The keys of a DeleteObjects (by their place in the list) that the caller may not delete.
std::set<std::size_t> denied_deletes(Context& ctx, const Value& input);

// The four settings of a public access block; of a bucket together with its account's.
struct PublicAccessBlock {
    bool block_acls = false, ignore_acls = false, block_policy = false, restrict_buckets = false;
};
PublicAccessBlock public_access_block(Database& db, std::int64_t bucket);
// The account's own, from the partition that holds it.
PublicAccessBlock account_access_block(World& world, const std::string& account);
PublicAccessBlock operator|(const PublicAccessBlock& a, const PublicAccessBlock& b);

// "User: <arn> is not authorized to perform: s3:PutBucketPolicy on resource: ... because ...": what a public access block answers.
ApiError blocked(const Context& ctx, std::string_view action, std::string_view resource, std::string_view what, std::string_view setting);

inline constexpr const char* account_settings_region = "us-east-1";

}  // namespace virga::s3
