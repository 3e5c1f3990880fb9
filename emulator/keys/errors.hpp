// Every error of KMS that a client can see, each with its text, once.
#pragma once
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::keys::errors {

ApiError validation(std::string_view message);

// Finding a key.
ApiError no_such_key(std::string_view arn);
ApiError no_such_alias(std::string_view arn);
ApiError invalid_key_id(std::string_view id);
ApiError other_region(std::string_view region);
ApiError invalid_arn(std::string_view arn);
ApiError alias_not_supported();
ApiError not_authorized(std::string_view principal, std::string_view operation, std::string_view arn);

// Its state.
ApiError disabled(std::string_view arn);
ApiError in_state(std::string_view arn, std::string_view state);  // a state's name: "PendingDeletion"
ApiError not_pending_deletion(std::string_view arn);
ApiError deletion_window();

// What it can do.
ApiError wrong_usage(std::string_view arn, std::string_view usage, std::string_view operation);
ApiError wrong_algorithm(std::string_view algorithm, std::string_view spec);
ApiError wrong_origin(std::string_view arn, std::string_view origin);
ApiError unsupported(std::string_view message = {});
ApiError too_long_for(std::string_view algorithm, std::string_view spec, std::size_t bytes);
ApiError digest_length(std::string_view algorithm);
ApiError data_key_length();
ApiError bytes_missing();
ApiError context_of_asymmetric();
ApiError wrong_message_type(std::string_view type, std::string_view algorithm);
ApiError wrong_message_type_for_spec(std::string_view type, std::string_view spec);
ApiError wrong_public_key(std::string_view spec);

// Cryptography.
ApiError invalid_ciphertext();
ApiError incorrect_key();
ApiError unknown_ciphertext_key();
ApiError invalid_signature();
ApiError invalid_mac();
ApiError dry_run();

// Aliases.
ApiError alias_prefix();
ApiError reserved_alias();
ApiError alias_exists(std::string_view arn);
ApiError too_many_aliases(std::string_view key);
ApiError invalid_alias_name();
ApiError alias_of_other_kind();

// Creating.
ApiError two_specs();
ApiError china_only();  // SM2
ApiError usage_missing();
ApiError incompatible_usage(std::string_view usage, std::string_view spec);
ApiError not_here(std::string_view what);  // what this emulator has not: 501
ApiError malformed_policy(std::string_view message = {});
ApiError policy_lockout();
ApiError policy_too_long();
ApiError no_such_policy();

// Tags.
ApiError reserved_tag();
ApiError repeated_tag();
ApiError too_many_tags();

// Rotation, regions.
ApiError too_many_rotations(std::string_view arn);
ApiError nothing_to_rotate_to(std::string_view arn);
ApiError replica_exists(std::string_view arn);
ApiError not_multi_region(std::string_view arn);
ApiError not_primary(std::string_view arn);

// Grants.
ApiError invalid_grant_id();
ApiError no_such_grant(std::string_view id);
ApiError invalid_grant_token();
ApiError retire_by_what();
ApiError too_many_grants(std::string_view arn);

// Imported material.
ApiError invalid_import_token();
ApiError expired_import_token();
ApiError incorrect_material();
ApiError invalid_material();
ApiError no_such_material(std::string_view id);
ApiError valid_to(bool needed);
ApiError valid_to_past();
ApiError wrapping_too_short(std::string_view algorithm, std::string_view spec);

ApiError invalid_marker();
ApiError missing(std::string_view member);  // as the model's own check would say it
ApiError no_such_store(std::string_view id);  // custom key stores are none

}  // namespace virga::keys::errors
