// Quotas of IAM and STS ("IAM and AWS STS quotas" of the IAM user guide).
#pragma once
#include <cstddef>
#include <cstdint>

namespace virga::identity::limits {

inline constexpr std::size_t managed_policy_size = 6144;      // without white space
inline constexpr std::size_t role_inline_size = 10240;        // all inline policies of a role together, without white space
inline constexpr std::size_t user_inline_size = 2048;
inline constexpr std::size_t group_inline_size = 5120;
inline constexpr std::size_t trust_policy_size = 2048;
inline constexpr std::size_t attached_policies = 10;
inline constexpr std::size_t policy_versions = 5;
inline constexpr std::size_t access_keys = 2;
inline constexpr std::size_t tags = 50;
inline constexpr std::int64_t page = 100;                     // MaxItems: "If you do not include this parameter, the number of items defaults to 100."
inline constexpr std::size_t session_policy_size = 2048;      // "The plaintext that you use for both inline and managed session policies can't exceed 2,048 characters."
inline constexpr std::size_t session_policy_arns = 10;
inline constexpr std::int64_t default_session_s = 3600;
inline constexpr std::int64_t chained_session_s = 3600;       // "Role chaining limits your session to a maximum of one hour"
inline constexpr std::int64_t session_token_s = 43200;        // GetSessionToken, GetFederationToken: 12 hours

}  // namespace virga::identity::limits
