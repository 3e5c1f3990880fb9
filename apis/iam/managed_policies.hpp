// AWS managed policies. Any ARN of their form can be attached; the texts of a few are known.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/identity/identity.hpp"

namespace virga::iam {

// "arn:aws:iam::aws:policy/..."
bool is_aws_managed(std::string_view arn);
// Name, path and a fixed id, from the ARN alone.
identity::ManagedPolicy aws_managed(std::string_view arn);
// The document of a policy whose text is known.
std::optional<std::string> aws_managed_document(std::string_view arn);
// ARNs of those whose text is known.
std::vector<std::string> known_aws_managed();

}  // namespace virga::iam
