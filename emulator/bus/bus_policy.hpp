// The resource policy of a bus: who else may put events on it.
#pragma once
#include <string>
#include <string_view>

namespace virga::bus {

struct PolicyQuestion {
    std::string_view account;     // of who asks
    std::string_view principal;   // its ARN, "" when a service acts
    std::string_view service;     // "events.amazonaws.com" when a service acts
    std::string_view bus_arn;
    std::string_view source, detail_type;  // of the event
    std::string_view source_arn;  // the rule that sends, "" when none
};

// Whether the policy allows events:PutEvents. An explicit Deny wins; conditions on keys that are not known here are not met
// (there are no organizations: aws:PrincipalOrgID is never met).
bool policy_allows(const std::string& policy_json, const PolicyQuestion& question);

}  // namespace virga::bus
