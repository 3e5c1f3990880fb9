#include "apis/s3/acl_store.hpp"

#include "apis/s3/access.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/acl.hpp"

namespace virga::s3 {

using namespace object;

namespace {

struct GrantHeader {
    std::string_view member, header, permission;
};
constexpr GrantHeader grant_headers[] = {{"GrantFullControl", "x-amz-grant-full-control", "FULL_CONTROL"},
                                         {"GrantRead", "x-amz-grant-read", "READ"},
                                         {"GrantReadACP", "x-amz-grant-read-acp", "READ_ACP"},
                                         {"GrantWrite", "x-amz-grant-write", "WRITE"},
                                         {"GrantWriteACP", "x-amz-grant-write-acp", "WRITE_ACP"}};

bool has_grants(const Value& input) {
    for (const GrantHeader& h : grant_headers)
        if (!input.text(h.member).empty()) return true;
    return false;
}

}  // namespace

Value bucket_acl(Database& db, const Bucket& bucket, const std::string& owner_account) {
    if (!acls_disabled(bucket))
        if (auto stored = find_config(db, bucket.id, "acl")) return json::parse(*stored);
    return acl_of_owner(owner_id(owner_account));
}

Value object_acl(const Bucket& bucket, const Version& version, const std::string& owner_account) {
    if (!acls_disabled(bucket))
        if (const Value* stored = version.attributes.find(acl_attribute)) return *stored;
    return acl_of_owner(owner_id(owner_account));
}

Value acl_of_headers(const Value& input, const std::string& owner, const std::string& bucket_owner, bool of_bucket) {
    std::string_view canned = input.text("ACL");
    bool grants = has_grants(input);
    if (!canned.empty() && grants) throw errors::invalid_request("Specifying both Canned ACLs and Header Grants is not allowed");
    if (!canned.empty()) return canned_acl(canned, owner_id(owner), owner_id(bucket_owner), of_bucket);
    if (!grants) return Value();
    Array list;
    for (const GrantHeader& h : grant_headers) add_header_grants(list, input.text(h.member), h.header, h.permission, is_owner_id);
    return Object{{"Owner", owner_document(owner)}, {"Grants", std::move(list)}};
}

void check_new_acl(Context& ctx, Partition& home, Database& db, const Bucket& bucket, const Value& input, const Value& acl, std::string_view action) {
    if (acls_disabled(bucket)) {
        // Only what is so anyway may be said: the owner has everything.
        std::string_view canned = input.text("ACL");
        if (canned == "private" || canned == "bucket-owner-full-control") return;
        std::string owner = owner_id(home.account());
        for (const Value& g : acl.list("Grants"))
            if (g.text("Permission") != "FULL_CONTROL" || g["Grantee"].text("ID") != owner) throw errors::acl_not_supported();
        if (!canned.empty() || acl.list("Grants").empty()) throw errors::acl_not_supported();
        return;
    }
    if (!is_public_acl(acl)) return;
    if (public_access_block(db, bucket.id).block_acls)
        throw blocked(ctx, action, ctx.resource.empty() ? bucket_arn(bucket.name) : ctx.resource, "public access control lists (ACLs)", "BlockPublicAcls");
}

}  // namespace virga::s3
