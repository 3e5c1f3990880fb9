#include "apis/s3/kms_key.hpp"

#include "emulator/base/arn.hpp"

namespace virga::s3 {

namespace {

constexpr std::string_view key_member = "SSEKMSKeyId";
constexpr std::string_view own_key = "alias/aws/s3";

Task<Reply> ask(Context& ctx, std::string operation, PartitionId partition, Value input) {
    Call call = service_call("kms", std::move(operation), partition, "s3.amazonaws.com", std::move(input), ctx.trace());
    Reply reply = co_await ctx.world.calls->call(std::move(call));
    co_return reply;
}

// KMS's refusals reach the client of S3 under its name.
ApiError told_by_s3(ApiError error) {
    if (error.status != 400) return error;
    if (error.code == "AccessDeniedException") return errors::access_denied();
    error.code = "KMS." + error.code;
    return error;
}

}  // namespace

bool uses_kms(const Object& attributes) {
    const Value* sse = attributes.find("ServerSideEncryption");
    return sse && sse->as_string().starts_with("aws:");
}

Task<> bind_kms_key(Context& ctx, const Partition& home, Object& attributes) {
    if (!uses_kms(attributes)) co_return;
    std::string key = attributes[key_member].as_string();
    // Ids and aliases are the caller's; so is the service's own key.
    PartitionId partition{is_anonymous(ctx) ? home.account() : ctx.account(), home.region()};
    Value input = Object{{"KeyId", key.empty() ? std::string(own_key) : key}, {"KeySpec", "AES_256"}, {"EncryptionContext", Object{{"aws:s3:arn", ctx.resource}}}};
    Reply reply = co_await ask(ctx, "GenerateDataKey", std::move(partition), std::move(input));
    if (reply.error) throw told_by_s3(std::move(*reply.error));
    attributes[key_member] = reply.output["KeyId"];
}

Task<> need_kms_key(Context& ctx, const Object& attributes) {
    const Value* key = uses_kms(attributes) ? attributes.find(key_member) : nullptr;
    auto arn = key ? Arn::parse(key->as_string()) : std::nullopt;
    if (!arn) co_return;
    PartitionId partition{arn->account, arn->region};
    Value input = Object{{"KeyId", arn->text}, {"DryRun", true}, {"DryRunModifiers", Array{"IGNORE_CIPHERTEXT"}}};
    Reply reply = co_await ask(ctx, "Decrypt", std::move(partition), std::move(input));
    if (reply.error && reply.error->code != "DryRunOperationException") throw told_by_s3(std::move(*reply.error));
}

}  // namespace virga::s3
