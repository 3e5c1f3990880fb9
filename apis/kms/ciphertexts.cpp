// Encrypt, Decrypt, ReEncrypt.
#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/ciphertext.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

namespace {

constexpr std::string_view symmetric = "SYMMETRIC_DEFAULT", usage = "ENCRYPT_DECRYPT";

// Only ciphertexts of symmetric keys have a context.
void check_context(std::string_view algorithm, const Object& context) {
    if (algorithm != symmetric && !context.empty()) throw errors::context_of_asymmetric();
}

std::string close(Context& ctx, const Use& use, std::string_view algorithm, std::string_view plaintext, const Object& context) {
    keys::Chance chance(chance_of(ctx));
    if (algorithm == symmetric) return encrypt_under(use, plaintext, context);
    return keys::rsa_encrypt(use.material.secret, algorithm, plaintext);
}

void check_length(const Use& use, std::string_view algorithm, std::string_view plaintext) {
    if (algorithm == symmetric) return;
    std::size_t longest = keys::longest_plaintext(use.spec(), algorithm);
    if (plaintext.size() > longest) throw errors::too_long_for(algorithm, use.key.spec, longest);
}

// What stands in a ciphertext, and the key that it was opened with.
struct Opened {
    Use use;
    std::string plaintext, material_id;
};

struct Closed {
    std::string_view ciphertext, algorithm;
    const Object& context;
    bool ignored;  // a dry run that does not look at the ciphertext
};

// The key that the ciphertext names. Where that is not here, nothing is said of why.
Use use_key_of(Context& ctx, const Value& input, const keys::CiphertextKey& named) {
    auto partition = named.account == ctx.account() ? ctx.partition : ctx.world.partition({named.account, ctx.region()});
    Target target{partition, named.id, partition->part<keys::Keys>().key_arn(named.id)};
    bool known = false;
    {
        auto reading = partition->read();
        known = target.keys().find(reading.db(), named.id).has_value();
    }
    if (!known) throw errors::unknown_ciphertext_key();
    ctx.resource = target.arn;
    return use_key(ctx, input, target, usage);
}

Opened open(Context& ctx, const Value& input, std::string_view key_id, const Closed& closed) {
    if (closed.ciphertext.empty() && !closed.ignored) throw errors::missing("ciphertextBlob");
    if (key_id.empty() && (closed.ignored || closed.algorithm != symmetric)) throw errors::missing("keyId");
    check_context(closed.algorithm, closed.context);
    auto named = closed.algorithm == symmetric && !closed.ignored ? keys::key_of(closed.ciphertext) : std::nullopt;
    if (key_id.empty() && !named) throw errors::invalid_ciphertext();
    Opened out{key_id.empty() ? use_key_of(ctx, input, *named) : use_key(ctx, input, locate(ctx, key_id, Forms::aliases), usage), {}, {}};
    require_algorithm(out.use, closed.algorithm);
    if (closed.ignored) return out;

    keys::Chance chance(nullptr);  // nothing is drawn; leaves no errors behind
    std::optional<std::string> plaintext;
    if (closed.algorithm != symmetric) {
        plaintext = keys::rsa_decrypt(out.use.material.secret, closed.algorithm, closed.ciphertext);
    } else {
        if (!named) throw errors::invalid_ciphertext();
        if (named->id != out.use.key.id || named->account != out.use.target.partition->account()) throw errors::incorrect_key();
        if (named->material != out.use.key.current) {
            auto& store = out.use.target.keys();
            auto reading = out.use.target.partition->read();
            auto older = store.material(reading.db(), out.use.key.id, named->material);
            if (!older || older->secret.empty()) throw errors::invalid_ciphertext();
            out.use.material = std::move(*older);
        }
        plaintext = keys::decrypt(out.use.material.secret, closed.ciphertext, closed.context);
    }
    if (!plaintext) throw errors::invalid_ciphertext();
    out.plaintext = std::move(*plaintext);
    if (closed.algorithm == symmetric) out.material_id = out.use.material.id;
    return out;
}

bool ignores_ciphertext(const Value& input) { return input.flag("DryRun") && !input.list("DryRunModifiers").empty(); }

std::string_view blob(const Value& input) { return input.has("CiphertextBlob") ? std::string_view(input["CiphertextBlob"].as_bytes()) : std::string_view(); }

}  // namespace

Value encrypt(Context& ctx, const Value& input) {
    Use use = use_key(ctx, input, locate(ctx, input.text("KeyId"), Forms::aliases), usage);
    std::string_view algorithm = input.text("EncryptionAlgorithm", symmetric);
    require_algorithm(use, algorithm);
    check_context(algorithm, input.object("EncryptionContext"));
    const std::string& plaintext = input["Plaintext"].as_bytes();
    check_length(use, algorithm, plaintext);
    end_of_checks(ctx, input, use);
    return Object{{"CiphertextBlob", Bytes{close(ctx, use, algorithm, plaintext, input.object("EncryptionContext"))}}, {"KeyId", use.target.arn}, {"EncryptionAlgorithm", algorithm}};
}

Value decrypt(Context& ctx, const Value& input) {
    refuse_recipient(input);
    std::string_view algorithm = input.text("EncryptionAlgorithm", symmetric);
    Opened opened = open(ctx, input, input.text("KeyId"), {blob(input), algorithm, input.object("EncryptionContext"), ignores_ciphertext(input)});
    end_of_checks(ctx, input, opened.use);
    Object out{{"KeyId", opened.use.target.arn}, {"Plaintext", Bytes{std::move(opened.plaintext)}}, {"EncryptionAlgorithm", algorithm}};
    if (!opened.material_id.empty()) out.append("KeyMaterialId", opened.material_id);
    return out;
}

Value re_encrypt(Context& ctx, const Value& input) {
    std::string_view from = input.text("SourceEncryptionAlgorithm", symmetric), to = input.text("DestinationEncryptionAlgorithm", symmetric);
    Opened opened = open(ctx, input, input.text("SourceKeyId"), {blob(input), from, input.object("SourceEncryptionContext"), ignores_ciphertext(input)});
    Use use = use_key(ctx, input, locate(ctx, input.text("DestinationKeyId"), Forms::aliases), usage);
    require_algorithm(use, to);
    check_context(to, input.object("DestinationEncryptionContext"));
    check_length(use, to, opened.plaintext);
    end_of_checks(ctx, input, opened.use);
    end_of_checks(ctx, input, use);
    Object out{{"CiphertextBlob", Bytes{close(ctx, use, to, opened.plaintext, input.object("DestinationEncryptionContext"))}},
               {"SourceKeyId", opened.use.target.arn},
               {"KeyId", use.target.arn},
               {"SourceEncryptionAlgorithm", from},
               {"DestinationEncryptionAlgorithm", to}};
    if (from == symmetric) out.append("SourceKeyMaterialId", opened.material_id);
    if (to == symmetric) out.append("DestinationKeyMaterialId", use.material.id);
    return out;
}

}  // namespace virga::kms
