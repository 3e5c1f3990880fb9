// Sign, Verify, GetPublicKey, DeriveSharedSecret.
#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

namespace {

struct Message {
    std::string_view bytes, algorithm;
    bool is_digest;
};

// What is to be signed or was, with a key that can.
Message message_of(const Value& input, const Use& use) {
    Message m{input["Message"].as_bytes(), input.text("SigningAlgorithm"), input.text("MessageType") == "DIGEST"};
    require_algorithm(use, m.algorithm);
    if (input.text("MessageType") == "EXTERNAL_MU") throw errors::wrong_message_type_for_spec("EXTERNAL_MU", use.key.spec);
    bool edwards = use.spec().kind == keys::Kind::edwards;
    if (edwards && m.is_digest != (m.algorithm == "ED25519_PH_SHA_512")) throw errors::wrong_message_type(input.text("MessageType", "RAW"), m.algorithm);
    if (m.is_digest && m.bytes.size() != keys::digest_bytes(m.algorithm)) throw errors::digest_length(m.algorithm);
    if (m.algorithm == "ED25519_PH_SHA_512") throw errors::not_here("ED25519_PH_SHA_512");
    return m;
}

Use signing_key(Context& ctx, const Value& input) { return use_key(ctx, input, locate(ctx, input.text("KeyId"), Forms::aliases), "SIGN_VERIFY"); }

}  // namespace

Value sign(Context& ctx, const Value& input) {
    Use use = signing_key(ctx, input);
    Message m = message_of(input, use);
    end_of_checks(ctx, input, use);
    keys::Chance chance(chance_of(ctx));
    return Object{{"KeyId", use.target.arn}, {"Signature", Bytes{keys::sign(use.material.secret, m.algorithm, m.bytes, m.is_digest)}}, {"SigningAlgorithm", m.algorithm}};
}

Value verify(Context& ctx, const Value& input) {
    Use use = signing_key(ctx, input);
    Message m = message_of(input, use);
    keys::Chance chance(chance_of(ctx));
    if (!keys::verify(use.material.secret, m.algorithm, m.bytes, m.is_digest, input["Signature"].as_bytes())) throw errors::invalid_signature();
    end_of_checks(ctx, input, use);
    return Object{{"KeyId", use.target.arn}, {"SignatureValid", true}, {"SigningAlgorithm", m.algorithm}};
}

Value get_public_key(Context& ctx, const Value& input) {
    check_grant_tokens(input);
    Target target = locate(ctx, input.text("KeyId"), Forms::aliases);
    auto& store = target.keys();
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    const keys::KeySpec& spec = *keys::find_spec(key.spec);
    if (!keys::is_pair(spec)) throw errors::unsupported();
    require_enabled(key, target);
    Object out{{"KeyId", target.arn},
               {"PublicKey", Bytes{store.material(reading.db(), key.id, key.current)->public_key}},
               {"CustomerMasterKeySpec", key.spec},
               {"KeySpec", key.spec},
               {"KeyUsage", key.usage}};
    for (auto& [name, value] : keys::algorithms(spec, key.usage)) out.append(name, value);
    return out;
}

Value derive_shared_secret(Context& ctx, const Value& input) {
    refuse_recipient(input);
    Use use = use_key(ctx, input, locate(ctx, input.text("KeyId"), Forms::aliases), "KEY_AGREEMENT");
    keys::Chance chance(chance_of(ctx));
    auto secret = keys::agree(use.material.secret, input["PublicKey"].as_bytes());
    if (!secret) throw errors::wrong_public_key(use.key.spec);
    end_of_checks(ctx, input, use);
    return Object{{"KeyId", use.target.arn}, {"SharedSecret", Bytes{std::move(*secret)}}, {"KeyAgreementAlgorithm", "ECDH"}, {"KeyOrigin", use.key.origin}};
}

}  // namespace virga::kms
