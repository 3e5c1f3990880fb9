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

}  // namespace virga::kms
