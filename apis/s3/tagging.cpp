// Tags of objects and buckets.
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/replication.hpp"

namespace virga::s3 {

using namespace object;

namespace {

Object read_tag_set(const Value& input) {
    Object tags;
    for (const Value& tag : input["Tagging"].list("TagSet")) tags.append(std::string(tag.text("Key")), tag.text("Value"));
    return tags;
}

Object tag_set_document(const Object& tags) {
    Array set;
    for (const auto& [key, value] : tags) set.push_back(Object{{"Key", key}, {"Value", value}});
    return {{"TagSet", std::move(set)}};
}

Version taggable(Database& db, const Bucket& bucket, const Value& input, std::string_view method) {
    Version v = require_version(db, bucket, input.text("Key"), input.text("VersionId"));
    if (v.delete_marker) {
        if (input.text("VersionId").empty()) throw errors::no_such_key(v.key);
        throw errors::delete_marker_not_allowed(method);
    }
    return v;
}

void add_version(Object& output, const Bucket& bucket, const Version& v) {
    if (Value id = version_id_of(bucket, v.version_id); !id.is_null()) output.append("VersionId", std::move(id));
}

Value change_object_tags(Context& ctx, const Value& input, const Object& tags, std::string_view event_name) {
    auto partition = open_bucket(ctx, input);
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Version v = taggable(tx.db(), bucket, input, tags.empty() ? "DELETE" : "PUT");
    set_tags(tx.db(), bucket.id, v, tags);
    record_event(tx, bucket, changed_event(event_name, bucket, v), cause_of(ctx));
    plan_change(tx, bucket, v, ctx.trace());
    tx.commit();
    Object output;
    add_version(output, bucket, v);
    return output;
}

}  // namespace

Value put_object_tagging(Context& ctx, const Value& input) {
    Object tags = read_tag_set(input);
    check_object_tags(tags);
    return change_object_tags(ctx, input, tags, "ObjectTagging:Put");
}

Value delete_object_tagging(Context& ctx, const Value& input) { return change_object_tags(ctx, input, {}, "ObjectTagging:Delete"); }

Value get_object_tagging(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
    Version v = taggable(reading.db(), bucket, input, "GET");
    Object output = tag_set_document(v.tags);
    add_version(output, bucket, v);
    return output;
}

Value put_bucket_tagging(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Object tags = read_tag_set(input);
    check_bucket_tags(tags);
    Transaction tx = partition->write();
    put_config(tx.db(), require_bucket(tx.db(), input.text("Bucket")).id, "tagging", json::write(Value(std::move(tags))));
    tx.commit();
    set_status(ctx, 204);
    return Object();
}

Value get_bucket_tagging(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    auto tags = find_config(reading.db(), require_bucket(reading.db(), input.text("Bucket")).id, "tagging");
    if (!tags) throw errors::absent_configuration("NoSuchTagSet", "The TagSet does not exist", input.text("Bucket"));
    return tag_set_document(json::parse(*tags).as_object());
}

Value delete_bucket_tagging(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Transaction tx = partition->write();
    delete_config(tx.db(), require_bucket(tx.db(), input.text("Bucket")).id, "tagging");
    tx.commit();
    return Object();
}

}  // namespace virga::s3
