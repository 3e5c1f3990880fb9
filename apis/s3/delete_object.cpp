// DeleteObject and DeleteObjects.
#include "apis/s3/access.hpp"
#include "apis/s3/document_digest.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// If-Match of a delete: "*" is any object. Unlike a write's it has no word for another ETag of a missing object: that is 404.
void check_delete_condition(Database& db, const Bucket& bucket, std::string_view key, std::string_view if_match) {
    auto current = find_current(db, bucket.id, key);
    if (!current || current->delete_marker) throw errors::no_such_key(key);
    if (if_match != "*" && plain_etag(if_match) != current->etag) throw errors::precondition_failed("If-Match");
}

Deletion delete_one(Context& ctx, Transaction& tx, const Bucket& bucket, std::string_view key, std::string_view version_id, bool bypass) {
    Deletion deletion = delete_version(tx, bucket, key, version_id, ctx.random, bypass);
    if (deletion.removed || deletion.marker) record_event(tx, bucket, removed_event(bucket, key, deletion), cause_of(ctx));
    return deletion;
}

}  // namespace

Value delete_object(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    std::string_view key = input.text("Key"), version_id = input.text("VersionId"), if_match = input.text("IfMatch");
    check_key(key);
    for (std::string_view member : {"IfMatchSize", "IfMatchLastModifiedTime"})
        if (input.has(member)) throw errors::header_not_implemented(member == "IfMatchSize" ? "x-amz-if-match-size" : "x-amz-if-match-last-modified-time");
    if (!if_match.empty() && !version_id.empty()) throw errors::header_not_implemented("If-Match");

    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    if (!if_match.empty()) check_delete_condition(tx.db(), bucket, key, if_match);
    Deletion deletion = delete_one(ctx, tx, bucket, key, version_id, input.flag("BypassGovernanceRetention"));
    tx.commit();

    Object output;
    if (deletion.marker) output.append("DeleteMarker", true);
    if (!deletion.version_id.empty() && bucket.versioning != Versioning::never) output.append("VersionId", deletion.version_id);
    return output;
}

Value delete_objects(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    require_document_digest(ctx);
    const Array& wanted = input["Delete"].list("Objects");
    bool quiet = input["Delete"].flag("Quiet"), bypass = input.flag("BypassGovernanceRetention");
    if (wanted.empty() || wanted.size() > max_delete_keys) throw errors::malformed_xml();
    for (const Value& one : wanted)
        if (one.text("Key").empty()) throw errors::malformed_xml();

    Array deleted, failed;
    std::set<std::size_t> denied = denied_deletes(ctx, input);
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    for (const Value& one : wanted) {
        std::string_view key = one.text("Key"), version_id = one.text("VersionId"), etag = one.text("ETag");
        try {
            if (denied.contains(static_cast<std::size_t>(&one - wanted.data()))) throw errors::access_denied();
            check_key(key);
            if (!etag.empty()) check_delete_condition(tx.db(), bucket, key, etag);
            Deletion deletion = delete_one(ctx, tx, bucket, key, version_id, bypass);
            Object entry{{"Key", key}};
            if (!version_id.empty()) entry.append("VersionId", version_id);
            if (deletion.marker) {
                entry.append("DeleteMarker", true);
                entry.append("DeleteMarkerVersionId", deletion.version_id);
            }
            if (!quiet) deleted.push_back(std::move(entry));
        } catch (const ApiError& e) {
            Object entry{{"Key", key}};
            if (!version_id.empty()) entry.append("VersionId", version_id);
            entry.append("Code", e.code);
            entry.append("Message", e.message);
            failed.push_back(std::move(entry));
        }
    }
    tx.commit();
    Object output;
    if (!deleted.empty()) output.append("Deleted", std::move(deleted));
    if (!failed.empty()) output.append("Errors", std::move(failed));
    return output;
}

}  // namespace virga::s3
