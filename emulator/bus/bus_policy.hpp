// Resource policies: who may put events on a bus, and whether the policy of a queue or function lets a rule reach it.
#pragma once
#include <string>
#include <string_view>

namespace virga::bus {

struct PolicyQuestion {
    std::string_view action = "events:PutEvents";
    std::string_view resource;    // its ARN
    std::string_view account;     // of who asks, "" when a service asks for itself
    std::string_view principal;   // its ARN, "" when a service acts
    std::string_view service;     // "events.amazonaws.com" when a service acts
    std::string_view source, detail_type;  // of the event
    std::string_view source_arn;      // the rule that sends, "" when none
    std::string_view source_account;  // of that rule; `account` when it is not said
};

// Whether the policy allows it. An explicit Deny wins; conditions on keys that are not known here are not met
// (there are no organizations: aws:PrincipalOrgID is never met).
bool policy_allows(const std::string& policy_json, const PolicyQuestion& question);

}  // namespace virga::bus
