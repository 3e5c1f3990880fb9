// Object lock: the bucket's configuration, retention and legal hold of versions.
#include "emulator/object/lock.hpp"

#include "apis/s3/bucket_document.hpp"
#include "apis/s3/document_digest.hpp"
#include "apis/s3/operations.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::s3 {

using namespace object;

namespace {

Version lockable(Database& db, const Bucket& bucket, const Value& input, std::string_view method) {
    if (bucket.lock.empty()) throw errors::invalid_request("Bucket is missing Object Lock Configuration");
    Version v = require_version(db, bucket, input.text("Key"), input.text("VersionId"));
    if (v.delete_marker) throw input.text("VersionId").empty() ? errors::no_such_key(v.key) : errors::delete_marker_not_allowed(method);
    return v;
}

// The retention of the document; nothing when it is empty: then a retention is taken away.
std::optional<Retention> read_retention(const Context& ctx, const Value& document) {
    std::string_view mode = document.text("Mode");
    bool dated = document["RetainUntilDate"].is_timestamp();
    if (mode.empty() && !dated) return std::nullopt;
    if (mode.empty() || !dated) throw errors::malformed_xml();
    TimeMs until = document["RetainUntilDate"].as_time();
    if (until <= ctx.now()) throw errors::invalid_argument("The retain until date must be in the future!", "RetainUntilDate", iso8601(until));
    return Retention{std::string(mode), until};
}

}  // namespace

Value put_object_lock_configuration(Context& ctx, const Value& input) {
    require_document_digest(ctx);
    const Value& configuration = input["ObjectLockConfiguration"];
    check_lock_configuration(configuration);
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        if (bucket.versioning != Versioning::enabled) throw errors::invalid_bucket_state("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
        set_lock(tx.db(), bucket.id, json::write(configuration));
    });
    return Object();
}

Value get_object_lock_configuration(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [](Database&, const Bucket& bucket) -> Value {
        if (bucket.lock.empty())
            throw errors::absent_configuration("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket", bucket.name);
        return Object{{"ObjectLockConfiguration", json::parse(bucket.lock)}};
    });
}

Value put_object_retention(Context& ctx, const Value& input) {
    require_document_digest(ctx);
    auto wanted = read_retention(ctx, input["Retention"]);
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        Version v = lockable(tx.db(), bucket, input, "PUT");
        check_retention_change(retention_of(v.attributes), wanted, ctx.now(), input.flag("BypassGovernanceRetention"));
        set_retention(v.attributes, wanted);
        update_attributes(tx.db(), bucket.id, v);
    });
    return Object();
}

Value get_object_retention(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [&](Database& db, const Bucket& bucket) -> Value {
        auto retention = retention_of(lockable(db, bucket, input, "GET").attributes);
        if (!retention) throw errors::nothing_locked();
        return Object{{"Retention", Object{{"Mode", retention->mode}, {"RetainUntilDate", Timestamp{retention->until}}}}};
    });
}

Value put_object_legal_hold(Context& ctx, const Value& input) {
    require_document_digest(ctx);
    std::string_view status = input["LegalHold"].text("Status");
    if (status.empty()) throw errors::malformed_xml();
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        Version v = lockable(tx.db(), bucket, input, "PUT");
        v.attributes["ObjectLockLegalHoldStatus"] = status;
        update_attributes(tx.db(), bucket.id, v);
    });
    return Object();
}

Value get_object_legal_hold(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [&](Database& db, const Bucket& bucket) -> Value {
        Version v = lockable(db, bucket, input, "GET");
        const Value* status = v.attributes.find("ObjectLockLegalHoldStatus");
        if (!status) throw errors::nothing_locked();
        return Object{{"LegalHold", Object{{"Status", *status}}}};
    });
}

}  // namespace virga::s3
