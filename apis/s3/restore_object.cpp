// RestoreObject; SelectObjectContent, which the service has closed.
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/object/restore.hpp"

namespace virga::s3 {

using namespace object;

Value restore_object(Context& ctx, const Value& input) {
    // 1. Validate.
    auto partition = open_bucket(ctx, input);
    const Value& request = input["RestoreRequest"];
    if (!request.is_object()) throw errors::malformed_xml();
    if (request.has("Type") || request.has("SelectParameters")) throw errors::method_not_allowed("POST", "OBJECT");
    std::string_view tier = request["GlacierJobParameters"].text("Tier");
    if (tier.empty()) tier = request.text("Tier", "Standard");
    if (tier != "Standard" && tier != "Bulk" && tier != "Expedited") throw errors::malformed_xml();
    std::int64_t days = request.integer("Days");
    if (days < 1) throw errors::malformed_xml();

    // 2. Begin, or prolong.
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    Version v = require_version(tx.db(), bucket, input.text("Key"), input.text("VersionId"));
    if (v.delete_marker) {
        if (input.text("VersionId").empty()) throw errors::no_such_key(v.key);
        throw errors::delete_marker_not_allowed("POST");
    }
    if (v.storage_class == "DEEP_ARCHIVE" && tier == "Expedited")
        throw errors::invalid_argument("Retrieval option is not supported by this storage class", "Tier", tier);
    bool begun = begin_restore(tx, bucket, v, days, tier, cause_of(ctx));
    tx.commit();
    set_status(ctx, begun ? 202 : 200);
    return Object();
}

Task<Reply> select_object_content(Context&, const Value&) {
    throw errors::method_not_allowed("POST", "OBJECT");
    co_return Reply();
}

}  // namespace virga::s3
