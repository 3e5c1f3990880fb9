// Numbers of the key store, each with the sentence it comes from (KMS API Reference and Developer Guide).
#pragma once
#include <cstddef>
#include <cstdint>

#include "emulator/base/value.hpp"

namespace virga::keys::limits {

inline constexpr TimeMs day_ms = 24 * 60 * 60 * 1000;

// "The waiting period, specified in number of days ... must be between 7 and 30, inclusive. ... it defaults to 30."
inline constexpr std::int64_t min_deletion_days = 7, max_deletion_days = 30;
// "If no value is specified, the default value is 365 days" (EnableKeyRotation).
inline constexpr std::int64_t default_rotation_days = 365;
// "You can perform on-demand key rotation a maximum of 25 times per KMS key."
inline constexpr std::int64_t on_demand_rotations = 25;
// "Aliases per KMS key: 50", "Grants per KMS key: 50,000" (quotas).
inline constexpr std::size_t aliases_per_key = 50;
inline constexpr std::size_t grants_per_key = 50'000;
// "Key policy document size: 32 KB" (quotas).
inline constexpr std::size_t policy_bytes = 32 * 1024;
// "This public key and import token are valid for 24 hours" (GetParametersForImport).
inline constexpr TimeMs import_token_ms = day_ms;

// What lists hold without Limit, and at most: "This value is optional. If you include a value, it must be between 1 and ..., inclusive. If you do not
// include a value, it defaults to ...".
struct Page {
    std::int64_t by_default, most;
};
inline constexpr Page keys_page{100, 1000}, aliases_page{50, 100}, grants_page{50, 100}, policies_page{100, 1000}, tags_page{50, 50}, rotations_page{100, 1000};

}  // namespace virga::keys::limits
