// The operations of KMS that virga has, each in the file of its kind.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::kms {

// create_key.cpp
Task<Value> create_key(Context& ctx, const Value& input);
// describe_key.cpp
Value describe_key(Context& ctx, const Value& input);
Value list_keys(Context& ctx, const Value& input);
Value get_key_last_usage(Context& ctx, const Value& input);
// key_state.cpp
Value enable_key(Context& ctx, const Value& input);
Value disable_key(Context& ctx, const Value& input);
Value update_key_description(Context& ctx, const Value& input);
Value schedule_key_deletion(Context& ctx, const Value& input);
Value cancel_key_deletion(Context& ctx, const Value& input);
// aliases.cpp
Value create_alias(Context& ctx, const Value& input);
Value update_alias(Context& ctx, const Value& input);
Value delete_alias(Context& ctx, const Value& input);
Value list_aliases(Context& ctx, const Value& input);
// tags.cpp
Value tag_resource(Context& ctx, const Value& input);
Value untag_resource(Context& ctx, const Value& input);
Value list_resource_tags(Context& ctx, const Value& input);
// key_policy.cpp
Value get_key_policy(Context& ctx, const Value& input);
Value put_key_policy(Context& ctx, const Value& input);
Value list_key_policies(Context& ctx, const Value& input);
// ciphertexts.cpp
Value encrypt(Context& ctx, const Value& input);
Value decrypt(Context& ctx, const Value& input);
Value re_encrypt(Context& ctx, const Value& input);
// data_keys.cpp
Value generate_data_key(Context& ctx, const Value& input);
Value generate_data_key_without_plaintext(Context& ctx, const Value& input);
Task<Value> generate_data_key_pair(Context& ctx, const Value& input);
Task<Value> generate_data_key_pair_without_plaintext(Context& ctx, const Value& input);
Value generate_random(Context& ctx, const Value& input);
// signatures.cpp
Value sign(Context& ctx, const Value& input);
Value verify(Context& ctx, const Value& input);
Value get_public_key(Context& ctx, const Value& input);
Value derive_shared_secret(Context& ctx, const Value& input);
// macs.cpp
Value generate_mac(Context& ctx, const Value& input);
Value verify_mac(Context& ctx, const Value& input);
// rotation.cpp
Value enable_key_rotation(Context& ctx, const Value& input);
Value disable_key_rotation(Context& ctx, const Value& input);
Value get_key_rotation_status(Context& ctx, const Value& input);
Value rotate_key_on_demand(Context& ctx, const Value& input);
Value list_key_rotations(Context& ctx, const Value& input);
// multi_region.cpp
Value replicate_key(Context& ctx, const Value& input);
Value update_primary_region(Context& ctx, const Value& input);
// grants.cpp
Value create_grant(Context& ctx, const Value& input);
Value list_grants(Context& ctx, const Value& input);
Value list_retirable_grants(Context& ctx, const Value& input);
Value revoke_grant(Context& ctx, const Value& input);
Value retire_grant(Context& ctx, const Value& input);
// import_key_material.cpp
Task<Value> get_parameters_for_import(Context& ctx, const Value& input);
Value import_key_material(Context& ctx, const Value& input);
Value delete_imported_key_material(Context& ctx, const Value& input);

}  // namespace virga::kms
