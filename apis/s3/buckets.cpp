// CreateBucket, HeadBucket, DeleteBucket, ListBuckets, GetBucketLocation.
#include <algorithm>

#include "apis/protocol/wire.hpp"
#include "apis/s3/acl_store.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/acl.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// Where the bucket is to live. In us-east-1 any other region may be named; elsewhere only the endpoint's own, and it must be.
std::string choose_region(const Context& ctx, const Value& input) {
    const Value& configuration = input["CreateBucketConfiguration"];
    std::string wanted(configuration.text("LocationConstraint"));
    if (configuration.has("Location") || configuration.has("Bucket")) throw errors::not_implemented("A directory bucket");
    if (wanted == "EU") wanted = "eu-west-1";
    if (ctx.region() == "us-east-1") {
        if (wanted.empty()) return ctx.region();
        if (wanted == "us-east-1" || !protocol::is_region(wanted)) throw errors::invalid_location_constraint(wanted);
        return wanted;
    }
    if (wanted != ctx.region()) {
        if (!wanted.empty() && !protocol::is_region(wanted)) throw errors::invalid_location_constraint(wanted);
        throw errors::illegal_location_constraint(wanted);
    }
    return wanted;
}

// Names that end with -an are for buckets in the namespace of their account and region, which a request has to ask for, and only its own.
void check_namespace(const Context& ctx, const Value& input, const std::string& region) {
    std::string_view name = input.text("Bucket"), wanted = input.text("BucketNamespace");
    if (!wanted.empty() && wanted != "global" && wanted != "account-regional")
        throw errors::invalid_argument("Invalid x-amz-bucket-namespace header: " + std::string(wanted), "x-amz-bucket-namespace", wanted);
    bool of_account = wanted == "account-regional";
    if (!name.ends_with("-an")) {
        if (of_account) throw errors::namespace_header_unfit();
        return;
    }
    if (!of_account) throw errors::namespace_header_missing();
    std::string suffix = "-" + ctx.account() + "-" + region + "-an";
    if (!name.ends_with(suffix)) throw errors::invalid_bucket_namespace(suffix);
}

// "" for what every bucket is born with.
std::string read_ownership(const Value& input) {
    std::string ownership(input.text("ObjectOwnership"));
    if (ownership.empty() || ownership == "BucketOwnerEnforced") return {};
    if (ownership != "BucketOwnerPreferred" && ownership != "ObjectWriter")
        throw errors::invalid_argument("Invalid x-amz-object-ownership header: " + ownership, "x-amz-object-ownership", ownership);
    return ownership;
}

}  // namespace

Value create_bucket(Context& ctx, const Value& input) {
    std::string name(input.text("Bucket"));
    if (!is_bucket_name(name)) throw errors::invalid_bucket_name(name);
    std::string ownership = read_ownership(input);
    Value acl = acl_of_headers(input, ctx.account(), ctx.account(), true);
    if (ownership.empty() && !acl.is_null() && input.text("ACL") != "private") throw errors::bucket_acl_with_enforced_ownership();
    if (is_public_acl(acl))  // every bucket is born with its public access blocked
        throw errors::public_bucket_acl_blocked();
    Object tags;
    for (const Value& tag : input["CreateBucketConfiguration"].list("Tags")) tags.append(std::string(tag.text("Key")), tag.text("Value"));
    check_bucket_tags(tags);
    std::string region = choose_region(ctx, input);
    check_namespace(ctx, input, region);
    auto home = ctx.world.partition({ctx.account(), region});

    object::create_bucket(ctx.world, home, name);
    Transaction tx = home->write();
    Bucket bucket = require_bucket(tx.db(), name);
    if (!tags.empty()) put_config(tx.db(), bucket.id, "tagging", json::write(Value(tags)));
    if (!ownership.empty()) set_ownership(tx.db(), bucket.id, ownership);
    // Made again, a bucket gets the ACL that it would get if it were new.
    if (acl.is_null()) delete_config(tx.db(), bucket.id, "acl");
    else put_config(tx.db(), bucket.id, "acl", json::write(acl));
    if (input.flag("ObjectLockEnabledForBucket")) {
        set_versioning(tx.db(), bucket.id, Versioning::enabled);
        if (bucket.lock.empty()) set_lock(tx.db(), bucket.id, R"({"ObjectLockEnabled":"Enabled"})");
    }
    tx.commit();
    ctx.resource = bucket_arn(name);
    std::string location = ctx.region() == "us-east-1" && home->region() == "us-east-1" ? "/" + name : "http://" + name + ".s3.amazonaws.com/";
    return Object{{"Location", location}, {"BucketArn", bucket_arn(name)}};
}

Value head_bucket(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    require_bucket(reading.db(), input.text("Bucket"));
    return Object{{"BucketRegion", partition->region()}, {"AccessPointAlias", false}, {"BucketArn", bucket_arn(input.text("Bucket"))}};
}

Value delete_bucket(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    object::delete_bucket(ctx.world, partition, std::string(input.text("Bucket")));
    return Object();
}

Value list_buckets(Context& ctx, const Value& input) {
    std::int64_t most = input.integer("MaxBuckets", max_list_buckets);
    if (most < 1 || most > max_list_buckets)
        throw errors::invalid_argument("Argument max-buckets must be an integer between 1 and 10000.", "max-buckets", std::to_string(most));
    std::string after;
    if (std::string_view token = input.text("ContinuationToken"); !token.empty()) {
        auto decoded = base64_decode(token);
        if (!decoded) throw errors::invalid_argument("The continuation token provided is incorrect", "continuation-token", token);
        after = *decoded;
    }
    std::string_view prefix = input.text("Prefix"), region = input.text("BucketRegion");

    // The caller's buckets of all regions.
    struct Entry {
        Bucket bucket;
        std::string region;
    };
    std::vector<Entry> all;
    for (const auto& partition : ctx.world.partitions()) {
        if (partition->account() != ctx.account() || (!region.empty() && partition->region() != region)) continue;
        partition->part<ObjectStore>();
        Reading reading = partition->read();
        for (Bucket& bucket : object::list_buckets(reading.db()))
            if (bucket.name.starts_with(prefix) && bucket.name > after) all.push_back({std::move(bucket), partition->region()});
    }
    std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.bucket.name < b.bucket.name; });

    Object output;
    bool truncated = static_cast<std::int64_t>(all.size()) > most;
    if (truncated) all.resize(static_cast<std::size_t>(most));
    Array buckets;
    for (const Entry& e : all)
        buckets.push_back(Object{{"Name", e.bucket.name}, {"CreationDate", Timestamp{e.bucket.created / 1000 * 1000}}, {"BucketRegion", e.region},
                                 {"BucketArn", bucket_arn(e.bucket.name)}});
    if (truncated) output.append("ContinuationToken", base64_encode(all.back().bucket.name));
    output.append("Buckets", std::move(buckets));
    output.append("Owner", owner_document(ctx.account()));
    if (!prefix.empty()) output.append("Prefix", prefix);
    return output;
}

Value get_bucket_location(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Object output;
    if (partition->region() != "us-east-1") output.append("LocationConstraint", partition->region());
    return output;
}

}  // namespace virga::s3
