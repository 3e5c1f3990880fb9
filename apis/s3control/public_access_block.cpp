// The public access block of a whole account. It stands among the settings of no bucket (0) in the account's first region.
#include "apis/s3control/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/acl.hpp"
#include "emulator/object/buckets.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/store.hpp"

namespace virga::s3control {

using namespace object;

namespace {

constexpr const char* kind = "publicAccessBlock";
constexpr std::int64_t of_account = 0;

std::shared_ptr<Partition> settings_of(Context& ctx, const Value& input) {
    std::string account(input.text("AccountId", ctx.account()));
    if (account != ctx.account()) throw object::errors::access_denied();
    auto partition = ctx.world.partition({account, "us-east-1"});
    partition->part<ObjectStore>();
    return partition;
}

}  // namespace

Value get_public_access_block(Context& ctx, const Value& input) {
    auto partition = settings_of(ctx, input);
    Reading reading = partition->read();
    auto stored = find_config(reading.db(), of_account, kind);
    if (!stored)
        throw ApiError("NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found", {{"AccountId", partition->account()}});
    return Object{{"PublicAccessBlockConfiguration", json::parse(*stored)}};
}

Value put_public_access_block(Context& ctx, const Value& input) {
    auto partition = settings_of(ctx, input);
    const Value& wanted = input["PublicAccessBlockConfiguration"];
    if (!wanted.is_object()) throw object::errors::malformed_xml();
    std::string document = json::write(access_block_document(wanted));
    Transaction tx = partition->write();
    put_config(tx.db(), of_account, kind, document);
    tx.commit();
    return Object();
}

Value delete_public_access_block(Context& ctx, const Value& input) {
    auto partition = settings_of(ctx, input);
    Transaction tx = partition->write();
    delete_config(tx.db(), of_account, kind);
    tx.commit();
    return Object();
}

}  // namespace virga::s3control
