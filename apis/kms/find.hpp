// From a request to a key: the forms of KeyId, other accounts' keys, the keys that AWS makes for its services, states and what they allow.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/keys/errors.hpp"
#include "emulator/keys/key_spec.hpp"
#include "emulator/keys/key_store.hpp"

namespace virga::kms {

namespace errors = keys::errors;

// Which forms of KeyId an operation takes: an id and an ARN always, an alias's name and ARN with `aliases`.
enum class Forms { keys, aliases };

struct Target {
    std::shared_ptr<Partition> partition;  // of the key's account
    std::string id, arn;
    keys::Keys& keys() const { return partition->part<keys::Keys>(); }  // there since the key was located: also under the partition's lock
};

// The key's ARN in another region of its set.
std::string arn_in(const Partition& partition, std::string_view id, std::string_view region);

// Where the key is that `id` names. Makes the keys of alias/aws/... when they are first asked for. Of ids it is not known yet whether there is such a key.
Target locate(Context& ctx, std::string_view id, Forms forms);
keys::Key require_key(Database& db, const Target& target);
// What an operation on keys of one's own account changes; keys that AWS manages are not the customer's to change.
Target locate_own(Context& ctx, const Value& input);
keys::Key require_changeable(Context& ctx, Database& db, const Target& target);

// Throws for every state but Enabled.
void require_enabled(const keys::Key& key, const Target& target);
// Throws while the key is to be deleted.
void require_staying(const keys::Key& key, const Target& target);

// A key that is ready for cryptography, with its current material.
struct Use {
    Target target;
    keys::Key key;
    keys::Material material;
    const keys::KeySpec& spec() const { return *keys::find_spec(key.spec); }
};
// Enabled and made for `usage`, else DisabledException, KMSInvalidStateException or InvalidKeyUsageException; and the grant tokens are some.
Use use_key(Context& ctx, const Value& input, const Target& target, std::string_view usage);
// A ciphertext of a symmetric key. A Chance lives meanwhile.
std::string encrypt_under(const Use& use, std::string_view plaintext, const Object& context);
void require_algorithm(const Use& use, std::string_view algorithm);
// All was right: the end of a dry run. Else notes what the key was used for.
void end_of_checks(Context& ctx, const Value& input, const Use& use);
// What new bytes are drawn from: null for the operating system.
inline Random* chance_of(Context& ctx) { return ctx.world.random.seeded() ? &ctx.random : nullptr; }
// Attested enclaves are not here.
void refuse_recipient(const Value& input);
void check_grant_tokens(const Value& input);

}  // namespace virga::kms
