// Bucket policies: what is wrong with one, whether it makes a bucket public, and what it says about a request. Policies of identities (without
// a principal) are read by the same rules.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::object {

// Throws MalformedPolicy. Resources must be of this bucket. The document is kept as it was sent; nothing is normalised.
void check_policy(std::string_view text, std::string_view bucket);
// "Public": some statement allows everybody without a condition that holds them to a fixed value ("The meaning of public").
bool is_public_policy(const Value& policy);

// Who asks for what.
struct AccessRequest {
    std::string account;  // of the caller, "" for anonymous
    std::string arn;      // of the caller: "arn:aws:iam::111122223333:root"
    std::string service;  // "logging.s3.amazonaws.com" when a service asks
    std::string action;   // "s3:GetObject"
    std::string resource; // "arn:aws:s3:::bucket/key"
    // The values of a condition key (lower case); none = the request has no such key.
    std::function<std::vector<std::string>(std::string_view key)> values;
    std::string role{};      // of the caller, when the caller is a role's session: "arn:aws:iam::111122223333:role/reader"
};

// delegated: allowed to the caller's account, which has to allow it to its user or role.
// to_role: allowed to the role whose session calls; the role's boundary and the session's own policies still limit it.
enum class Verdict { none, delegated, to_role, allow, deny };
// An explicit deny wins over any allow. With `ignore_public`, statements that make the bucket public count only for the bucket's own account.
Verdict evaluate(const Value& policy, const AccessRequest& request, bool ignore_public = false, std::string_view own_account = {});

// `text` with its variables ("${aws:username}") replaced; nothing when the request has no single value for one.
std::optional<std::string> with_variables(std::string_view text, const AccessRequest& request);

// One condition block ("StringEquals": {...}, ...) against a request.
bool conditions_hold(const Value& conditions, const AccessRequest& request);
bool is_condition_operator(std::string_view name);

}  // namespace virga::object
