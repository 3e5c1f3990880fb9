// What a caller's own policies are: IAM tells, services that look at permissions ask.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emulator/world/world.hpp"

namespace virga {

struct IdentityPolicies {
    std::string arn;               // of the user or role, also when a session of the role calls
    std::vector<Value> documents;  // attached, inline, and those of a user's groups
    std::optional<Value> boundary; // what they may allow at most
    std::optional<std::vector<Value>> session; // a session does at most what one of these allows; nothing: it does all that the others allow
};

// One a world; told by IAM when it is registered.
struct IdentityPolicySource : Part {
    explicit IdentityPolicySource(World&) {}
    // Nothing for an account's root, for services, and for users and roles that IAM does not have: they may do what their account may, save
    // sessions that were opened with policies of their own.
    std::function<std::optional<IdentityPolicies>(const Principal&)> find;
};

}  // namespace virga
