// The policy of a form upload: which fields with which values the one who signed it allows, until when.
#pragma once
#include <string>
#include <string_view>

#include "apis/s3/form_body.hpp"
#include "emulator/base/value.hpp"

namespace virga::s3 {

struct FormLimits {
    std::uint64_t least, most;  // bytes of the file
};

// The value of a field, whatever the case of its name; the first when there are several.
const std::string* find_field(const std::vector<FormField>& fields, std::string_view name);

// A form that brings any part of a signature must bring all of it. Throws InvalidArgument, naming the field that is missing.
void check_signature_fields(const std::vector<FormField>& fields);

// Checks the fields against the policy (base64 of JSON). Throws InvalidPolicyDocument when it is none, AccessDenied when it is expired at `wall`,
// when a condition fails or a field is not covered. The file's limits.
FormLimits check_policy(std::string_view policy, const std::vector<FormField>& fields, std::string_view bucket, TimeMs wall);

}  // namespace virga::s3
