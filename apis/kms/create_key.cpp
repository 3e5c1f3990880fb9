#include "apis/kms/key_maker.hpp"
#include "apis/kms/key_metadata.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/policy.hpp"

namespace virga::kms {

namespace {

// What the request asks for, its kind checked.
keys::Key wanted_key(const Context& ctx, const Value& input) {
    if (input.has("KeySpec") && input.has("CustomerMasterKeySpec")) throw errors::two_specs();
    keys::Key key;
    key.spec = input.text("KeySpec", input.text("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"));
    if (key.spec == "SM2") throw errors::china_only();
    const keys::KeySpec* spec = keys::find_spec(key.spec);
    if (!spec) throw errors::not_here("keys of spec " + key.spec);
    if (!input.has("KeyUsage") && spec->kind != keys::Kind::symmetric) throw errors::usage_missing();
    key.usage = input.text("KeyUsage", "ENCRYPT_DECRYPT");
    if (!keys::is_usable(*spec, key.usage)) throw errors::incompatible_usage(key.usage, key.spec);

    key.origin = input.text("Origin", "AWS_KMS");
    key.description = input.text("Description");
    key.tags = tags_of(input);
    if (input.has("Policy")) check_policy(ctx, input.text("Policy"), input.flag("BypassPolicyLockoutSafetyCheck"));
    key.policy = input.has("Policy") ? std::string(input.text("Policy")) : default_policy(ctx.account());
    key.created = ctx.now();
    if (input.flag("MultiRegion")) key.multi_region = keys::MultiRegion{ctx.region(), {}, 1};
    return key;
}

}  // namespace

Task<Value> create_key(Context& ctx, const Value& input) {
    // 1. Validate.
    keys::Key key = wanted_key(ctx, input);
    if (key.origin == "AWS_CLOUDHSM" || key.origin == "EXTERNAL_KEY_STORE" || input.has("CustomKeyStoreId")) throw errors::not_here("keys in custom key stores");
    key.id = key.multi_region ? "mrk-" + ctx.random.hex(32) : ctx.random.uuid();

    // 2. The material, unless the customer brings it.
    std::string material;
    key.lacks_material = key.origin == "EXTERNAL";
    if (!key.lacks_material) material = co_await make_material(ctx, *keys::find_spec(key.spec));

    // 3. Act.
    Target target{ctx.partition, key.id, {}};
    auto& store = target.keys();
    target.arn = store.key_arn(key.id);
    ctx.resource = target.arn;
    auto tx = ctx.partition->write();
    if (!material.empty()) keys::add_current_material(store, tx, key, std::move(material), {}, key.created);
    store.save(tx, key);
    auto current = store.material(tx.db(), key.id, key.current);
    tx.commit();

    // 4. Answer.
    Value answer = Object{{"KeyMetadata", key_metadata(target, key, current ? &*current : nullptr)}};
    co_return answer;
}

}  // namespace virga::kms
