#include "apis/s3/access.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apis/dispatch/identity_policies.hpp"
#include "apis/s3/access_rights.hpp"
#include "apis/s3/acl_store.hpp"
#include "apis/s3/copy_source.hpp"
#include "apis/s3/signing_secrets.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/acl.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/policy.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// What is known of a bucket, and of the object that is meant, when a right is decided.
struct Scene {
    Bucket bucket;
    std::string owner;  // account
    Value policy;       // null: none
    Value bucket_acl;
    PublicAccessBlock block;
    bool requester_pays = false;
};

struct Caller {
    std::string account, arn, service;
    bool anonymous = false;
    std::optional<IdentityPolicies> identity{};  // nothing: may do what the account may
};
Caller caller_of(const Context& ctx) {
    const Principal& p = ctx.call.principal;
    if (!p.service.empty()) return {{}, {}, p.service, false};
    if (is_anonymous(ctx)) return {{}, {}, {}, true};
    auto& source = ctx.world.part<IdentityPolicySource>();
    return {p.account, p.arn, {}, false, source.find ? source.find(p) : std::nullopt};
}

Scene read_scene(World& world, Partition& partition, std::string_view name) {
    PublicAccessBlock of_account = account_access_block(world, partition.account());
    Reading reading = partition.read();
    Scene scene;
    scene.bucket = require_bucket(reading.db(), name);
    scene.owner = partition.account();
    if (auto policy = find_config(reading.db(), scene.bucket.id, "policy")) json::try_parse(*policy, scene.policy);
    scene.bucket_acl = bucket_acl(reading.db(), scene.bucket, scene.owner);
    scene.block = public_access_block(reading.db(), scene.bucket.id) | of_account;
    if (auto payment = find_config(reading.db(), scene.bucket.id, "requestPayment")) scene.requester_pays = payment->find("Requester") != std::string::npos;
    return scene;
}

const char* principal_type(const Caller& caller) {
    if (caller.anonymous) return "Anonymous";
    if (caller.arn.find(":assumed-role/") != std::string::npos) return "AssumedRole";
    return caller.arn.find(":user/") != std::string::npos ? "User" : "Account";
}

// The values of condition keys that a request has.
std::vector<std::string> condition_values(const Context& ctx, const Value& input, const Caller& caller, const std::optional<Version>& target, std::string_view given) {
    std::string key = to_lower(given);
    auto one = [](std::string value) { return std::vector<std::string>{std::move(value)}; };
    auto member = [&](std::string_view name) { return input.has(name) ? one(std::string(input.text(name))) : std::vector<std::string>(); };
    if (key == "aws:sourceip") return one(ctx.call.http ? ctx.call.http->request.remote : "127.0.0.1");
    if (key == "aws:securetransport") return one(ctx.call.http && !ctx.call.http->request.tls ? "false" : "true");
    if (key == "aws:currenttime") return one(iso8601(ctx.now()));
    if (key == "aws:epochtime") return one(std::to_string(ctx.now() / 1000));
    if (key == "aws:principalarn" && !caller.arn.empty()) return one(caller.identity ? caller.identity->arn : caller.arn);
    if (key == "aws:username" && caller.arn.find(":user/") != std::string::npos) return one(caller.arn.substr(caller.arn.rfind('/') + 1));
    if (key == "aws:principalaccount" && !caller.account.empty()) return one(caller.account);
    if (key == "aws:userid" && !caller.account.empty()) return one(ctx.call.principal.user_id);
    if (key == "aws:principaltype") return one(principal_type(caller));
    if (key == "aws:referer" || key == "aws:useragent") {
        auto value = header(ctx, key == "aws:referer" ? "referer" : "user-agent");
        return value.empty() ? std::vector<std::string>() : one(std::string(value));
    }
    if (key == "s3:prefix") return member("Prefix");
    if (key == "s3:delimiter") return member("Delimiter");
    if (key == "s3:max-keys") return input.has("MaxKeys") ? one(std::to_string(input.integer("MaxKeys"))) : std::vector<std::string>();
    if (key == "s3:versionid") return member("VersionId");
    if (key == "s3:if-none-match") return member("IfNoneMatch");
    if (key == "s3:if-match") return member("IfMatch");
    if (key == "s3:signatureversion") return one("AWS4-HMAC-SHA256");
    if (key == "s3:locationconstraint") return one(std::string(input["CreateBucketConfiguration"].text("LocationConstraint")));
    if (key.starts_with("s3:existingobjecttag/")) {
        const Value* tag = target ? target->tags.find(given.substr(21)) : nullptr;
        return tag ? one(tag->as_string()) : std::vector<std::string>();
    }
    if (key.starts_with("s3:requestobjecttag")) {
        Object tags = input.has("Tagging") && input["Tagging"].is_string() ? parse_tagging_header(input.text("Tagging")) : Object();
        for (const Value& tag : input["Tagging"].list("TagSet")) tags.append(std::string(tag.text("Key")), tag.text("Value"));
        std::vector<std::string> found;
        if (key == "s3:requestobjecttagkeys") {
            for (const auto& [name, value] : tags) found.push_back(name);
        } else if (const Value* tag = tags.find(given.substr(std::min<std::size_t>(20, given.size())))) {
            found.push_back(tag->as_string());
        }
        return found;
    }
    if (key.starts_with("s3:x-amz-")) {
        auto value = header(ctx, key.substr(3));
        return value.empty() ? std::vector<std::string>() : one(std::string(value));
    }
    return {};
}

// Who asks, with what, for which key: what every policy is asked about.
struct Question {
    const Context& ctx;
    const Value& input;
    const Caller& caller;
    const std::optional<Version>& target;

    AccessRequest about(std::string_view action, std::string resource) const {
        return {caller.account, caller.arn, caller.service, std::string(action), std::move(resource),
                [this](std::string_view key) { return condition_values(ctx, input, caller, target, key); }, caller.identity ? caller.identity->arn : std::string()};
    }
};

// What the caller's own policies say.
struct OwnPolicies {
    Verdict granted = Verdict::allow;  // to the user or role
    Verdict most = Verdict::allow;     // what its boundary and its session let it do of that, and of what is allowed to its role

    bool allow() const { return granted == Verdict::allow && most == Verdict::allow; }
    bool deny() const { return granted == Verdict::deny || most == Verdict::deny; }
};

Verdict by_documents(const std::vector<Value>& documents, const AccessRequest& request) {
    Verdict verdict = Verdict::none;
    for (const Value& document : documents) verdict = std::max(verdict, evaluate(document, request));
    return verdict;
}

OwnPolicies by_identity(const Question& question, std::string_view action, const std::string& resource) {
    const Caller& caller = question.caller;
    OwnPolicies own;
    if (caller.anonymous || !caller.identity) return own;
    AccessRequest request = question.about(action, resource);
    own.granted = by_documents(caller.identity->documents, request);
    if (caller.identity->boundary) own.most = evaluate(*caller.identity->boundary, request);
    if (caller.identity->session && own.most != Verdict::deny) {
        Verdict session = by_documents(*caller.identity->session, request);
        if (session != Verdict::allow) own.most = session;
    }
    return own;
}

struct Decision {
    Context& ctx;
    const Value& input;
    const Scene& scene;
    Caller caller;
    std::optional<Version> target;

    Verdict by_policy(std::string_view action, std::string_view key) const {
        if (scene.policy.is_null()) return Verdict::none;
        return evaluate(scene.policy, question().about(action, resource_of(key)), scene.block.restrict_buckets, scene.owner);
    }
    bool by_acl(const Value& acl, std::string_view permission) const {
        if (permission.empty() || acls_disabled(scene.bucket)) return false;
        std::string user = caller.anonymous || !caller.service.empty() ? std::string() : owner_id(caller.account);
        return acl_allows(acl, user, permission, scene.block.ignore_acls);
    }
    bool own() const { return !caller.account.empty() && caller.account == scene.owner; }

    // Within an account the bucket's policy or the caller's own are enough; across accounts both have to allow.
    bool allows(const Right& right, std::string_view key, bool versioned) const {
        std::string_view action = versioned && !right.version_action.empty() ? right.version_action : right.action;
        if (!right.of_object) key = {};
        Verdict policy = by_policy(action, key);
        OwnPolicies identity = by_identity(question(), action, resource_of(key));
        if (policy == Verdict::deny || identity.deny()) return false;
        if (own() && (policy == Verdict::allow || (policy == Verdict::to_role && identity.most == Verdict::allow))) return true;
        if (!identity.allow()) return false;
        if (policy != Verdict::none) return true;
        if (right.object_acl && target && !acls_disabled(scene.bucket)) {
            Value acl = object_acl(scene.bucket, *target, scene.owner);
            bool bucket_owner_owns = acl["Owner"].text("ID") == owner_id(scene.owner);
            if (own() && bucket_owner_owns) return true;
            return by_acl(acl, right.permission);
        }
        if (own()) return true;
        return !right.object_acl && by_acl(scene.bucket_acl, right.permission);
    }

private:
    Question question() const { return {ctx, input, caller, target}; }
    std::string resource_of(std::string_view key) const {
        std::string resource = bucket_arn(scene.bucket.name);
        return key.empty() ? resource : resource + "/" + std::string(key);
    }
};

constexpr bool only_anonymous_matters(AccessMode mode, bool anonymous) { return mode == AccessMode::anonymous && !anonymous; }

std::optional<Version> find_target(Partition& partition, const Bucket& bucket, std::string_view key, std::string_view version_id) {
    if (key.empty()) return std::nullopt;
    Reading reading = partition.read();
    auto version = version_id.empty() ? find_current(reading.db(), bucket.id, key) : find_version(reading.db(), bucket.id, key, version_id);
    if (version && version->delete_marker) return std::nullopt;
    return version;
}

// The owning account's root can always get at the bucket's policy: a wrong one would lock everybody out.
bool owners_way_back(std::string_view operation) { return operation == "GetBucketPolicy" || operation == "PutBucketPolicy" || operation == "DeleteBucketPolicy"; }

void check_bucket_call(Context& ctx, const Value& input, std::string_view operation, std::string_view bucket, std::string_view key, std::string_view version_id) {
    auto partition = partition_of_bucket(ctx.world, std::string(bucket));
    Scene scene = read_scene(ctx.world, *partition, bucket);
    std::string action = "s3:" + std::string(operation);
    Right plain{operation, action, "", false, false, ""};
    const Right* right = find_right(operation);
    if (!right) right = &plain;
    Decision decision{ctx, input, scene, caller_of(ctx), find_target(*partition, scene.bucket, key, version_id)};
    if (decision.own() && !decision.caller.identity && owners_way_back(operation)) return;
    bool allowed = decision.allows(*right, key, !version_id.empty());
    if (right->object_acl && !decision.target) {
        // Only who may list learns that there is nothing: the key stands for the prefix that is listed.
        Value listed = Object{{"Prefix", key}};
        Decision listing{ctx, listed, scene, decision.caller, {}};
        static constexpr Right list{"ListObjects", "s3:ListBucket", "", false, false, "READ"};
        allowed = decision.by_policy(right->action, key) != Verdict::deny && listing.allows(list, {}, false);
    }
    if (!allowed) throw errors::access_denied();
    if (scene.requester_pays && !decision.own() && decision.caller.service.empty()) {
        if (!iequals(header(ctx, "x-amz-request-payer"), "requester")) throw errors::access_denied();
        add_header(ctx, "x-amz-request-charged", "requester");
    }
}

void check_copy_source(Context& ctx, const Value& input) {
    CopySourceName source = parse_copy_source(input.text("CopySource"));
    check_bucket_call(ctx, input, "GetObject", source.bucket_name, source.key, source.version_id);
}

}  // namespace

PublicAccessBlock operator|(const PublicAccessBlock& a, const PublicAccessBlock& b) {
    return {a.block_acls || b.block_acls, a.ignore_acls || b.ignore_acls, a.block_policy || b.block_policy, a.restrict_buckets || b.restrict_buckets};
}

PublicAccessBlock public_access_block(Database& db, std::int64_t bucket) {
    auto stored = find_config(db, bucket, "publicAccessBlock");
    if (!stored) return bucket ? PublicAccessBlock{true, true, true, true} : PublicAccessBlock{};
    Value v;
    if (!json::try_parse(*stored, v)) return {};  // deleted
    return {v.flag("BlockPublicAcls"), v.flag("IgnorePublicAcls"), v.flag("BlockPublicPolicy"), v.flag("RestrictPublicBuckets")};
}

PublicAccessBlock account_access_block(World& world, const std::string& account) {
    auto partition = world.partition({account, account_settings_region});
    partition->part<ObjectStore>();
    Reading reading = partition->read();
    return public_access_block(reading.db(), 0);
}

ApiError blocked(const Context& ctx, std::string_view action, std::string_view resource, std::string_view what, std::string_view setting) {
    return errors::access_denied(fmt::format("User: {} is not authorized to perform: {} on resource: \"{}\" because {} are blocked by the {} block public access setting.",
                                             ctx.call.principal.arn, action, resource, what, setting));
}

void authorize(Context& ctx, const Value& input) {
    AccessMode mode = ctx.world.part<AccessSettings>().mode;
    if (!ctx.call.http) return;
    bool anonymous = is_anonymous(ctx);
    // Who verifies signatures and says nothing about the public means that there is none.
    if (mode == AccessMode::off && anonymous && ctx.world.part<SigningSecrets>().verified()) throw errors::access_denied();
    if (mode == AccessMode::off) return;
    if (only_anonymous_matters(mode, anonymous)) return;
    std::string_view bucket = input.text("Bucket");
    const std::string& operation = ctx.call.operation;
    if (bucket.empty() || operation == "CreateBucket") {
        Caller caller = caller_of(ctx);
        const Right* right = find_right(operation);
        std::string action = right ? std::string(right->action) : "s3:" + operation;
        Question question{ctx, input, caller, std::nullopt};
        if (anonymous || !by_identity(question, action, bucket_arn(bucket.empty() ? "*" : bucket)).allow()) throw errors::access_denied();
        return;
    }
    if (operation == "DeleteObjects") return;  // each key by itself
    check_bucket_call(ctx, input, operation, bucket, input.text("Key"), input.text("VersionId"));
    if (operation == "CopyObject" || operation == "UploadPartCopy") check_copy_source(ctx, input);
}

bool public_may_read(World& world, Partition& partition, const std::string& bucket, const std::string& key) {
    if (world.part<AccessSettings>().mode == AccessMode::off) return true;
    Scene scene = read_scene(world, partition, bucket);
    AccessRequest request{{}, {}, {}, "s3:GetObject", bucket_arn(bucket) + "/" + key, [](std::string_view) { return std::vector<std::string>(); }};
    if (!scene.policy.is_null()) {
        Verdict verdict = evaluate(scene.policy, request, scene.block.restrict_buckets, scene.owner);
        if (verdict != Verdict::none) return verdict == Verdict::allow;
    }
    auto target = find_target(partition, scene.bucket, key, {});
    if (!target || acls_disabled(scene.bucket)) return false;
    return acl_allows(object_acl(scene.bucket, *target, scene.owner), {}, "READ", scene.block.ignore_acls);
}

std::set<std::size_t> denied_deletes(Context& ctx, const Value& input) {
    std::set<std::size_t> denied;
    AccessMode mode = ctx.world.part<AccessSettings>().mode;
    if (mode == AccessMode::off || !ctx.call.http || only_anonymous_matters(mode, is_anonymous(ctx))) return denied;
    const Array& keys = input["Delete"].list("Objects");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        try {
            check_bucket_call(ctx, input, "DeleteObject", input.text("Bucket"), keys[i].text("Key"), keys[i].text("VersionId"));
        } catch (const ApiError& e) {
            if (e.code != "AccessDenied") throw;
            denied.insert(i);
        }
    }
    return denied;
}

}  // namespace virga::s3
