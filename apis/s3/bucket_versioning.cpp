// PutBucketVersioning, GetBucketVersioning.
#include "apis/s3/bucket_document.hpp"
#include "apis/s3/operations.hpp"

namespace virga::s3 {

using namespace object;

Value put_bucket_versioning(Context& ctx, const Value& input) {
    const Value& configuration = input["VersioningConfiguration"];
    std::string_view status = configuration.text("Status"), mfa = configuration.text("MFADelete");
    if (status.empty()) throw errors::illegal_versioning_configuration();
    change_bucket(ctx, input, [&](Transaction& tx, const Bucket& bucket) {
        // Saying that it is off where it never was on changes nothing (Terraform does so).
        bool changes_mfa = !mfa.empty() && mfa != find_config(tx.db(), bucket.id, "mfaDelete").value_or("Disabled");
        if (changes_mfa && input.text("MFA").empty()) throw errors::access_denied("Mfa Authentication must be used for this request");
        if (status == "Suspended" && !bucket.lock.empty())
            throw errors::invalid_bucket_state("An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        if (status == "Suspended" && !bucket.replication.empty())
            throw errors::invalid_bucket_state("A replication configuration is present on this bucket, so the versioning state cannot be changed.");
        set_versioning(tx.db(), bucket.id, status == "Enabled" ? Versioning::enabled : Versioning::suspended);
        if (changes_mfa) put_config(tx.db(), bucket.id, "mfaDelete", mfa);
    });
    return Object();
}

Value get_bucket_versioning(Context& ctx, const Value& input) {
    return with_bucket(ctx, input, [](Database& db, const Bucket& bucket) -> Value {
        Object output;
        if (bucket.versioning == Versioning::never) return output;
        output.append("Status", bucket.versioning == Versioning::enabled ? "Enabled" : "Suspended");
        if (auto mfa = find_config(db, bucket.id, "mfaDelete")) output.append("MFADelete", *mfa);
        return output;
    });
}

}  // namespace virga::s3
