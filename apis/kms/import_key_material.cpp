// Material that a customer brings: GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial.
#include "apis/kms/find.hpp"
#include "apis/kms/key_maker.hpp"
#include "apis/kms/operations.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/limits.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

namespace {

constexpr std::size_t token_bytes = 256;

// The key whose material comes or goes.
keys::Key require_external(Context& ctx, Database& db, const Target& target) {
    keys::Key key = require_changeable(ctx, db, target);
    if (key.origin != "EXTERNAL") throw errors::wrong_origin(target.arn, key.origin);
    require_staying(key, target);
    return key;
}

// When the material ends, 0 for never.
TimeMs expiry(const Context& ctx, const Value& input) {
    bool expires = input.text("ExpirationModel", "KEY_MATERIAL_EXPIRES") == "KEY_MATERIAL_EXPIRES";
    if (expires != input.has("ValidTo")) throw errors::valid_to(expires);
    if (!expires) return 0;
    TimeMs at = input["ValidTo"].as_time();
    if (at <= ctx.now()) throw errors::valid_to_past();
    return at;
}

// The material in `wrapped`, opened with the key that the import token stands for.
std::string unwrapped(const Context& ctx, const Target& target, const keys::KeySpec& spec, const Value& input, const std::optional<keys::Keys::Wrapping>& wrapping) {
    if (!wrapping || wrapping->key != target.id) throw errors::invalid_import_token();
    if (wrapping->expires <= ctx.now()) throw errors::expired_import_token();
    keys::Chance chance(nullptr);  // leaves no errors behind
    auto material = keys::unwrap(wrapping->secret, wrapping->algorithm, input["EncryptedKeyMaterial"].as_bytes());
    if (!material || !keys::is_material(spec, *material)) throw errors::invalid_material();
    return std::move(*material);
}

// Where the material goes: over what was there, or behind it to wait for its rotation. Until the first came, it is new by itself.
keys::Material place_for(Context& ctx, Database& db, const Target& target, keys::Key& key, const Value& input, const std::string& id) {
    auto& store = target.keys();
    auto all = store.materials(db, key.id);
    bool is_new = input.text("ImportType", all.empty() ? "NEW_KEY_MATERIAL" : "EXISTING_KEY_MATERIAL") == "NEW_KEY_MATERIAL";
    if (input.has("KeyMaterialId") && input.text("KeyMaterialId") != id) throw errors::incorrect_material();
    for (const auto& m : all) {
        if (m.id != id) continue;
        if (is_new && m.number <= key.current) throw errors::incorrect_material();
        return m;
    }
    // Only symmetric keys have more than one.
    if (!is_new || (!all.empty() && key.spec != "SYMMETRIC_DEFAULT")) throw errors::incorrect_material();
    if (!all.empty() && all.back().number > key.current) store.remove_material(db, key.id, all.back().number);  // the one that waited
    keys::Material made;
    made.number = key.current + 1;
    made.id = id;
    made.since = ctx.now();
    if (all.empty()) ++key.current;
    return made;
}

// Whether what the key needs is all there.
bool lacks_material(const keys::Keys& store, Database& db, const keys::Key& key) {
    for (const auto& m : store.materials(db, key.id))
        if (m.number <= key.current && m.secret.empty()) return true;
    return key.current == 0;
}

}  // namespace

Task<Value> get_parameters_for_import(Context& ctx, const Value& input) {
    // 1. Validate.
    Target target = locate_own(ctx, input);
    std::string_view algorithm = input.text("WrappingAlgorithm");
    {
        auto reading = target.partition->read();
        keys::Key key = require_external(ctx, reading.db(), target);
        bool direct = !algorithm.starts_with("RSA_AES_KEY_WRAP");
        if (direct && keys::find_spec(key.spec)->kind == keys::Kind::rsa) throw errors::wrapping_too_short(algorithm, key.spec);
    }
    const keys::KeySpec* spec = keys::find_spec(input.text("WrappingKeySpec"));
    // "As of October 10, 2023, AWS KMS does not support the RSAES_PKCS1_V1_5 wrapping algorithm."
    if (!spec || algorithm == "RSAES_PKCS1_V1_5" || algorithm == "SM2PKE") throw errors::unsupported();

    // 2. Act.
    keys::Keys::Wrapping wrapping{target.id, std::string(algorithm), {}, 0};
    wrapping.secret = co_await make_material(ctx, *spec);
    wrapping.expires = ctx.now() + keys::limits::import_token_ms;
    std::string token, public_key;
    {
        keys::Chance chance(chance_of(ctx));
        token = keys::random_bytes(token_bytes);
        public_key = keys::public_key_of(wrapping.secret);
    }
    {
        auto tx = target.partition->write();
        target.keys().save_wrapping(tx.db(), token, wrapping, ctx.now());
        tx.commit();
    }

    // 3. Answer.
    Value answer = Object{{"KeyId", target.arn}, {"ImportToken", Bytes{token}}, {"PublicKey", Bytes{public_key}}, {"ParametersValidTo", Timestamp{wrapping.expires}}};
    co_return answer;
}

Value import_key_material(Context& ctx, const Value& input) {
    // 1. Validate.
    Target target = locate_own(ctx, input);
    auto& store = target.keys();
    TimeMs expires = expiry(ctx, input);
    const keys::KeySpec* spec = nullptr;
    std::optional<keys::Keys::Wrapping> wrapping;
    {
        auto reading = target.partition->read();
        spec = keys::find_spec(require_external(ctx, reading.db(), target).spec);
        wrapping = store.find_wrapping(reading.db(), input["ImportToken"].as_bytes());
    }
    std::string secret = unwrapped(ctx, target, *spec, input, wrapping);
    std::string id = keys::material_id(target.id, secret);

    // 2. Look up.
    auto tx = target.partition->write();
    keys::Key key = require_external(ctx, tx.db(), target);
    keys::Material material = place_for(ctx, tx.db(), target, key, input, id);

    // 3. Act.
    if (keys::is_pair(*spec)) material.public_key = keys::public_key_of(secret);
    material.secret = std::move(secret);
    material.expires = expires;
    if (input.has("KeyMaterialDescription")) material.description = input.text("KeyMaterialDescription");
    store.save_material(tx.db(), key.id, material);
    key.lacks_material = lacks_material(store, tx.db(), key);
    store.save(tx, key);
    tx.commit();
    return Object{{"KeyId", target.arn}, {"KeyMaterialId", id}};
}

Value delete_imported_key_material(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto& store = target.keys();
    auto tx = target.partition->write();
    keys::Key key = require_external(ctx, tx.db(), target);
    std::string deleted;
    for (auto& m : store.materials(tx.db(), key.id)) {
        bool meant = input.has("KeyMaterialId") ? m.id == input.text("KeyMaterialId") : m.number == key.current;
        if (!meant) continue;
        deleted = m.id;
        m.secret.clear();
        m.expires = 0;
        if (m.number > key.current) store.remove_material(tx.db(), key.id, m.number);
        else store.save_material(tx.db(), key.id, m);
    }
    if (deleted.empty() && input.has("KeyMaterialId")) throw errors::no_such_material(input.text("KeyMaterialId"));
    key.lacks_material = lacks_material(store, tx.db(), key);
    store.save(tx, key);
    tx.commit();
    Object out{{"KeyId", target.arn}};
    if (!deleted.empty()) out.append("KeyMaterialId", deleted);
    return out;
}

}  // namespace virga::kms
