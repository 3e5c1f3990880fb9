// Tags of buckets by ARN: the same tags as PutBucketTagging's.
#include "apis/s3control/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/buckets.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/names.hpp"

namespace virga::s3control {

using namespace object;

namespace {

constexpr std::string_view arn_prefix = "arn:aws:s3:::";

std::string bucket_of(const Value& input) {
    std::string_view arn = input.text("ResourceArn");
    if (!arn.starts_with(arn_prefix) || arn.find('/') != std::string_view::npos)
        throw object::errors::not_implemented("The tags of a resource that is no general purpose bucket");
    return std::string(arn.substr(arn_prefix.size()));
}

Object stored_tags(Database& db, std::int64_t bucket) {
    auto stored = find_config(db, bucket, "tagging");
    return stored ? json::parse(*stored).as_object() : Object();
}

template <class F>
void change_tags(Context& ctx, const Value& input, F f) {
    std::string name = bucket_of(input);
    auto partition = partition_of_bucket(ctx.world, name);
    ctx.resource = bucket_arn(name);
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), name);
    Object tags = stored_tags(tx.db(), bucket.id);
    f(tags);
    check_bucket_tags(tags);
    if (tags.empty()) delete_config(tx.db(), bucket.id, "tagging");
    else put_config(tx.db(), bucket.id, "tagging", json::write(Value(tags)));
    tx.commit();
}

}  // namespace

Value list_tags_for_resource(Context& ctx, const Value& input) {
    std::string name = bucket_of(input);
    auto partition = partition_of_bucket(ctx.world, name);
    ctx.resource = bucket_arn(name);
    Reading reading = partition->read();
    Array list;
    for (const auto& [key, value] : stored_tags(reading.db(), require_bucket(reading.db(), name).id)) list.push_back(Object{{"Key", key}, {"Value", value}});
    return Object{{"Tags", std::move(list)}};
}

Value tag_resource(Context& ctx, const Value& input) {
    change_tags(ctx, input, [&](Object& tags) {
        for (const Value& tag : input.list("Tags")) tags[tag.text("Key")] = tag.text("Value");
    });
    return Object();
}

Value untag_resource(Context& ctx, const Value& input) {
    change_tags(ctx, input, [&](Object& tags) {
        for (const Value& key : input.list("TagKeys")) tags.erase(key.as_string());
    });
    return Object();
}

}  // namespace virga::s3control
