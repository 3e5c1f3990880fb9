// Key Management Service: the operations over the key store.
#include "apis/kms/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "emulator/keys/tend.hpp"

namespace virga {

void register_kms(Dispatcher& dispatcher, World& world) {
    using namespace kms;
    ServiceApi& api = dispatcher.add_service(models::kms());
    api.internal_error_code = "KMSInternalException";
    api.on_async("CreateKey", create_key);
    api.on("DescribeKey", describe_key);
    api.on("ListKeys", list_keys);
    api.on("GetKeyLastUsage", get_key_last_usage);
    api.on("EnableKey", enable_key);
    api.on("DisableKey", disable_key);
    api.on("UpdateKeyDescription", update_key_description);
    api.on("ScheduleKeyDeletion", schedule_key_deletion);
    api.on("CancelKeyDeletion", cancel_key_deletion);
    api.on("CreateAlias", create_alias);
    api.on("UpdateAlias", update_alias);
    api.on("DeleteAlias", delete_alias);
    api.on("ListAliases", list_aliases);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListResourceTags", list_resource_tags);
    api.on("GetKeyPolicy", get_key_policy);
    api.on("PutKeyPolicy", put_key_policy);
    api.on("ListKeyPolicies", list_key_policies);
    api.on("Encrypt", encrypt);
    api.on("Decrypt", decrypt);
    api.on("ReEncrypt", re_encrypt);
    api.on("GenerateDataKey", generate_data_key);
    api.on("GenerateDataKeyWithoutPlaintext", generate_data_key_without_plaintext);
    api.on_async("GenerateDataKeyPair", generate_data_key_pair);
    api.on_async("GenerateDataKeyPairWithoutPlaintext", generate_data_key_pair_without_plaintext);
    api.on("GenerateRandom", generate_random);
    api.on("Sign", sign);
    api.on("Verify", verify);
    api.on("GetPublicKey", get_public_key);
    api.on("DeriveSharedSecret", derive_shared_secret);
    api.on("GenerateMac", generate_mac);
    api.on("VerifyMac", verify_mac);
    api.on("EnableKeyRotation", enable_key_rotation);
    api.on("DisableKeyRotation", disable_key_rotation);
    api.on("GetKeyRotationStatus", get_key_rotation_status);
    api.on("RotateKeyOnDemand", rotate_key_on_demand);
    api.on("ListKeyRotations", list_key_rotations);
    api.on("ReplicateKey", replicate_key);
    api.on("UpdatePrimaryRegion", update_primary_region);
    api.on("CreateGrant", create_grant);
    api.on("ListGrants", list_grants);
    api.on("ListRetirableGrants", list_retirable_grants);
    api.on("RevokeGrant", revoke_grant);
    api.on("RetireGrant", retire_grant);
    api.on_async("GetParametersForImport", get_parameters_for_import);
    api.on("ImportKeyMaterial", import_key_material);
    api.on("DeleteImportedKeyMaterial", delete_imported_key_material);
    keys::register_jobs(world);
}

}  // namespace virga
