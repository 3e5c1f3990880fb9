#include "apis/s3/write_settings.hpp"

#include "apis/s3/acl_store.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/acl.hpp"
#include "emulator/object/lock.hpp"

namespace virga::s3 {

using namespace object;

namespace {

constexpr std::string_view mode_header = "x-amz-object-lock-mode", date_header = "x-amz-object-lock-retain-until-date", hold_header = "x-amz-object-lock-legal-hold";

// The retention that the headers ask for.
std::optional<Retention> retention_of_headers(const Context& ctx, const Value& input) {
    std::string_view mode = input.text("ObjectLockMode");
    bool dated = input.has("ObjectLockRetainUntilDate") || !header(ctx, date_header).empty();
    if (mode.empty() && !dated) return std::nullopt;
    if (mode.empty() || !dated)
        throw errors::invalid_argument("x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied", mode.empty() ? mode_header : date_header, "");
    if (mode != "GOVERNANCE" && mode != "COMPLIANCE") throw errors::invalid_argument("Unknown wormMode directive.", mode_header, mode);
    const Value& until = input["ObjectLockRetainUntilDate"];
    if (!until.is_timestamp()) throw errors::invalid_argument("The retain until date must be provided in ISO 8601 format", date_header, header(ctx, date_header));
    if (until.as_time() <= ctx.now()) throw errors::invalid_argument("The retain until date must be in the future!", date_header, iso8601(until.as_time()));
    return Retention{std::string(mode), until.as_time()};
}

}  // namespace

void check_write_settings(Context& ctx, const Value& input) {
    retention_of_headers(ctx, input);
    if (std::string_view hold = input.text("ObjectLockLegalHoldStatus"); !hold.empty() && hold != "ON" && hold != "OFF")
        throw errors::invalid_argument("Legal Hold must be either of 'ON' or 'OFF'", hold_header, hold);
    acl_of_headers(input, ctx.account(), ctx.account(), false);
}

void apply_write_settings(Context& ctx, const Value& input, Partition& home, Database& db, const Bucket& bucket, Object& attributes) {
    if (auto retention = retention_of_headers(ctx, input)) set_retention(attributes, retention);
    if (std::string_view hold = input.text("ObjectLockLegalHoldStatus"); !hold.empty()) attributes["ObjectLockLegalHoldStatus"] = hold;

    const Principal& by = ctx.call.principal;
    std::string writer = by.service.empty() && !is_anonymous(ctx) ? by.account : home.account();
    // Who prefers the bucket's owner gets it when the writer gives everything away.
    bool gives_away = bucket.ownership == "BucketOwnerPreferred" && input.text("ACL") == "bucket-owner-full-control";
    Value acl = acl_of_headers(input, gives_away ? home.account() : writer, home.account(), false);
    if (!acl.is_null()) check_new_acl(ctx, home, db, bucket, input, acl, "s3:PutObject");
    if (acls_disabled(bucket)) return;
    if (!acl.is_null()) attributes[acl_attribute] = std::move(acl);
    else if (writer != home.account()) attributes[acl_attribute] = acl_of_owner(owner_id(writer));
}

void drop_unique_settings(Object& attributes) {
    for (std::string_view name : {acl_attribute, std::string_view("ObjectLockMode"), std::string_view("ObjectLockRetainUntilDate"), std::string_view("ObjectLockLegalHoldStatus"),
                                  std::string_view("ReplicationStatus"), std::string_view("RestoreState")})
        attributes.erase(name);
}

}  // namespace virga::s3
