// Policies of keys: what they must be. They are kept and given back; whether they allow a call is not asked.
#pragma once
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"

namespace virga::kms {

// The policy of keys that are made without one, and of those that AWS makes for a service.
std::string default_policy(std::string_view account);
std::string managed_policy(std::string_view account, std::string_view region, std::string_view service);

// Throws MalformedPolicyDocumentException for what is none, and, without `bypass`, for one under which nobody of the account could change it again.
void check_policy(const Context& ctx, std::string_view policy, bool bypass);

}  // namespace virga::kms
