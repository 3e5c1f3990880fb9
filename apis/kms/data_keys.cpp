// Keys for data, under a key of KMS; and random bytes.
#include "apis/kms/find.hpp"
#include "apis/kms/key_maker.hpp"
#include "apis/kms/operations.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

namespace {

// Only symmetric keys guard others.
Use guarding_key(Context& ctx, const Value& input) {
    refuse_recipient(input);
    Use use = use_key(ctx, input, locate(ctx, input.text("KeyId"), Forms::aliases), "ENCRYPT_DECRYPT");
    require_algorithm(use, "SYMMETRIC_DEFAULT");
    return use;
}

std::string guarded(const Use& use, std::string_view plaintext, const Value& input) { return encrypt_under(use, plaintext, input.object("EncryptionContext")); }

// Bytes of the key that is asked for.
std::size_t data_key_bytes(const Value& input) {
    if (input.has("KeySpec") == input.has("NumberOfBytes")) throw errors::data_key_length();
    if (input.has("NumberOfBytes")) return static_cast<std::size_t>(input.integer("NumberOfBytes"));
    return input.text("KeySpec") == "AES_128" ? 16 : 32;
}

Value data_key(Context& ctx, const Value& input, bool with_plaintext) {
    std::size_t n = data_key_bytes(input);
    Use use = guarding_key(ctx, input);
    end_of_checks(ctx, input, use);
    keys::Chance chance(chance_of(ctx));
    std::string plaintext = keys::random_bytes(n);
    Object out{{"CiphertextBlob", Bytes{guarded(use, plaintext, input)}}, {"KeyId", use.target.arn}, {"KeyMaterialId", use.material.id}};
    if (with_plaintext) out.append("Plaintext", Bytes{std::move(plaintext)});
    return out;
}

Task<Value> data_key_pair(Context& ctx, const Value& input, bool with_plaintext) {
    std::string_view name = input.text("KeyPairSpec");
    if (name == "SM2") throw errors::china_only();
    const keys::KeySpec* spec = keys::find_spec(name);
    if (!spec) throw errors::not_here("data key pairs of spec " + std::string(name));
    Use use = guarding_key(ctx, input);
    end_of_checks(ctx, input, use);
    std::string pair = co_await make_material(ctx, *spec);
    keys::Chance chance(chance_of(ctx));
    Object out{{"PrivateKeyCiphertextBlob", Bytes{guarded(use, pair, input)}},
               {"PublicKey", Bytes{keys::public_key_of(pair)}},
               {"KeyId", use.target.arn},
               {"KeyPairSpec", name},
               {"KeyMaterialId", use.material.id}};
    if (with_plaintext) out.append("PrivateKeyPlaintext", Bytes{std::move(pair)});
    Value answer = std::move(out);
    co_return answer;
}

}  // namespace

Value generate_data_key(Context& ctx, const Value& input) { return data_key(ctx, input, true); }
Value generate_data_key_without_plaintext(Context& ctx, const Value& input) { return data_key(ctx, input, false); }
Task<Value> generate_data_key_pair(Context& ctx, const Value& input) { return data_key_pair(ctx, input, true); }
Task<Value> generate_data_key_pair_without_plaintext(Context& ctx, const Value& input) { return data_key_pair(ctx, input, false); }

Value generate_random(Context& ctx, const Value& input) {
    refuse_recipient(input);
    if (!input.has("NumberOfBytes")) throw errors::bytes_missing();
    if (input.has("CustomKeyStoreId")) throw errors::no_such_store(input.text("CustomKeyStoreId"));
    keys::Chance chance(chance_of(ctx));
    return Object{{"Plaintext", Bytes{keys::random_bytes(static_cast<std::size_t>(input.integer("NumberOfBytes")))}}};
}

}  // namespace virga::kms
