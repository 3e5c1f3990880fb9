// What a policy document must look like.
#pragma once
#include <string_view>

#include "emulator/identity/errors.hpp"

namespace virga::identity {

enum class PolicyUse { identity, trust, session };

// Throws MalformedPolicyDocument in the service's words.
void check_policy_document(std::string_view text, PolicyUse use);
// Its size as quotas count it: without white space outside strings.
std::size_t policy_size(std::string_view text);

}  // namespace virga::identity
