#include "emulator/keys/errors.hpp"

#include <fmt/core.h>

#include "emulator/keys/limits.hpp"

namespace virga::keys::errors {

namespace {

ApiError refuse(const char* code, std::string message = {}) { return ApiError(code, 400, std::move(message)); }

}  // namespace

ApiError validation(std::string_view message) { return refuse("ValidationException", std::string(message)); }

ApiError no_such_key(std::string_view arn) { return refuse("NotFoundException", fmt::format("Key '{}' does not exist", arn)); }
ApiError no_such_alias(std::string_view arn) { return refuse("NotFoundException", fmt::format("Alias {} is not found.", arn)); }
ApiError invalid_key_id(std::string_view id) { return refuse("NotFoundException", fmt::format("Invalid keyId '{}'", id)); }
ApiError other_region(std::string_view region) { return refuse("NotFoundException", fmt::format("Invalid arn {}", region)); }
ApiError invalid_arn(std::string_view arn) { return refuse("InvalidArnException", fmt::format("Invalid arn {}", arn)); }
ApiError alias_not_supported() { return refuse("InvalidArnException", "Key Aliases are not supported for this operation"); }
ApiError not_authorized(std::string_view principal, std::string_view operation, std::string_view arn) {
    return refuse("AccessDeniedException", fmt::format("User: {} is not authorized to perform: kms:{} on resource: {} because no resource-based policy allows the kms:{} action",
                                                       principal, operation, arn, operation));
}

ApiError disabled(std::string_view arn) { return refuse("DisabledException", fmt::format("{} is disabled.", arn)); }
ApiError in_state(std::string_view arn, std::string_view state) {
    std::string_view words = state == "PendingDeletion"          ? "pending deletion"
                             : state == "PendingReplicaDeletion" ? "pending replica deletion"
                             : state == "PendingImport"          ? "pending import"
                                                                 : "unavailable";
    return refuse("KMSInvalidStateException", fmt::format("{} is {}.", arn, words));
}
ApiError not_pending_deletion(std::string_view arn) { return refuse("KMSInvalidStateException", fmt::format("{} is not pending deletion.", arn)); }
ApiError deletion_window() { return validation(fmt::format("PendingWindowInDays must be between {} and {}", limits::min_deletion_days, limits::max_deletion_days)); }

ApiError wrong_usage(std::string_view arn, std::string_view usage, std::string_view operation) {
    return refuse("InvalidKeyUsageException", fmt::format("{} key usage is {} which is not valid for {}.", arn, usage, operation));
}
ApiError wrong_algorithm(std::string_view algorithm, std::string_view spec) {
    return refuse("InvalidKeyUsageException", fmt::format("Algorithm {} is incompatible with key spec {}.", algorithm, spec));
}
ApiError wrong_origin(std::string_view arn, std::string_view origin) {
    return refuse("UnsupportedOperationException", fmt::format("{} origin is {} which is not valid for this operation.", arn, origin));
}
ApiError unsupported(std::string_view message) { return refuse("UnsupportedOperationException", std::string(message)); }
ApiError too_long_for(std::string_view algorithm, std::string_view spec, std::size_t bytes) {
    return validation(fmt::format("Algorithm {} and key spec {} cannot encrypt data larger than {} bytes.", algorithm, spec, bytes));
}
ApiError digest_length(std::string_view algorithm) { return validation(fmt::format("Digest is invalid length for algorithm {}.", algorithm)); }
ApiError bytes_missing() { return validation("NumberOfBytes is required."); }
ApiError context_of_asymmetric() { return validation("EncryptionContext is not supported with asymmetric encryption algorithms."); }
ApiError data_key_length() { return validation("Please specify either number of bytes or key spec."); }
ApiError wrong_message_type(std::string_view type, std::string_view algorithm) { return validation(fmt::format("MessageType {} is not valid for algorithm {}.", type, algorithm)); }
ApiError wrong_message_type_for_spec(std::string_view type, std::string_view spec) { return validation(fmt::format("Message type {} is incompatible with key spec {}.", type, spec)); }
ApiError wrong_public_key(std::string_view spec) { return validation(fmt::format("The public key is not a valid public key of the key spec {}.", spec)); }

ApiError invalid_ciphertext() { return refuse("InvalidCiphertextException"); }
ApiError incorrect_key() { return refuse("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation."); }
ApiError unknown_ciphertext_key() {
    return refuse("AccessDeniedException",
                  "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.");
}
ApiError invalid_signature() { return refuse("KMSInvalidSignatureException"); }
ApiError invalid_mac() { return refuse("KMSInvalidMacException"); }
ApiError dry_run() { return refuse("DryRunOperationException", "The request would have succeeded, but the DryRun option is set."); }

ApiError alias_prefix() {
    return validation("Alias must start with the prefix \"alias/\". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
}
ApiError reserved_alias() { return refuse("NotAuthorizedException"); }
ApiError alias_exists(std::string_view arn) { return refuse("AlreadyExistsException", fmt::format("An alias with the name {} already exists", arn)); }
ApiError too_many_aliases(std::string_view key) {
    return refuse("LimitExceededException", fmt::format("Cannot have more than {} aliases for key {}.", limits::aliases_per_key, key));
}
ApiError invalid_alias_name() { return refuse("InvalidAliasNameException"); }
ApiError alias_of_other_kind() { return validation("The current and new KMS keys of an alias must be of the same type and have the same key usage."); }

ApiError china_only() { return unsupported("SM2 keys are supported in China Regions only."); }
ApiError two_specs() { return validation("You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."); }
ApiError usage_missing() { return validation("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."); }
ApiError incompatible_usage(std::string_view usage, std::string_view spec) { return validation(fmt::format("KeyUsage {} is not compatible with KeySpec {}", usage, spec)); }
ApiError not_here(std::string_view what) { return ApiError("NotImplemented", 501, fmt::format("virga does not implement {} of KMS.", what)); }
ApiError malformed_policy(std::string_view message) { return refuse("MalformedPolicyDocumentException", std::string(message)); }
ApiError policy_lockout() { return malformed_policy("The new key policy will not allow you to update the key policy in the future."); }
ApiError policy_too_long() { return refuse("LimitExceededException", fmt::format("The key policy may not be longer than {} bytes.", limits::policy_bytes)); }
ApiError no_such_policy() { return refuse("NotFoundException", "No such policy exists"); }

ApiError reserved_tag() { return refuse("TagException", "Tags beginning with aws: are reserved"); }
ApiError repeated_tag() { return refuse("TagException", "Duplicate tag keys"); }
ApiError too_many_tags() { return refuse("LimitExceededException", "Too many tags"); }

ApiError too_many_rotations(std::string_view arn) {
    return refuse("LimitExceededException", fmt::format("The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: {}", arn));
}
ApiError nothing_to_rotate_to(std::string_view arn) { return refuse("KMSInvalidStateException", fmt::format("No available key material pending rotation for the key: {}.", arn)); }
ApiError replica_exists(std::string_view arn) { return refuse("AlreadyExistsException", fmt::format("Key '{}' already exists", arn)); }
ApiError not_multi_region(std::string_view arn) { return unsupported(fmt::format("{} is not a multi-region key.", arn)); }
ApiError not_primary(std::string_view arn) { return unsupported(fmt::format("{} is not a multi-region primary key.", arn)); }

ApiError invalid_grant_id() { return refuse("InvalidGrantIdException"); }
ApiError no_such_grant(std::string_view id) { return refuse("NotFoundException", fmt::format("Grant ID {} not found", id)); }
ApiError invalid_grant_token() { return refuse("InvalidGrantTokenException"); }
ApiError retire_by_what() { return validation("You must specify either a grant token or a key ID and a grant ID."); }
ApiError too_many_grants(std::string_view arn) { return refuse("LimitExceededException", fmt::format("Cannot have more than {} grants for key {}.", limits::grants_per_key, arn)); }

ApiError invalid_import_token() { return refuse("InvalidImportTokenException"); }
ApiError expired_import_token() { return refuse("ExpiredImportTokenException"); }
ApiError incorrect_material() { return refuse("IncorrectKeyMaterialException"); }
ApiError invalid_material() { return refuse("InvalidCiphertextException"); }
ApiError no_such_material(std::string_view id) { return refuse("NotFoundException", fmt::format("Key material '{}' does not exist", id)); }
ApiError valid_to(bool needed) {
    return validation(needed ? "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"
                             : "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE");
}
ApiError valid_to_past() { return validation("The validTo date must be in the future"); }
ApiError wrapping_too_short(std::string_view algorithm, std::string_view spec) {
    return unsupported(fmt::format("Wrapping algorithm {} cannot be used to import key material of key spec {}.", algorithm, spec));
}

ApiError invalid_marker() { return refuse("InvalidMarkerException", "Could not deserialize marker."); }

ApiError missing(std::string_view member) {
    return validation(fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null", member));
}

ApiError no_such_store(std::string_view id) { return refuse("CustomKeyStoreNotFoundException", fmt::format("Custom key store '{}' does not exist", id)); }

}  // namespace virga::keys::errors
