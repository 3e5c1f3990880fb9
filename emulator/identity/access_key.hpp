// Access key identifiers: which account they belong to is in them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/world/random.hpp"

namespace virga::identity {

// "AKIA" or "ASIA" and 16 characters of base32, of which the first six bytes hold the account in bits 7 to 46.
std::string mint_access_key(std::string_view prefix, std::string_view account, Random& random);
// The account of a 12-digit key or of one that has this form; nothing for others.
std::optional<std::string> account_of_key(std::string_view key);

// "AROA", "AIDA", ... and 17 characters.
std::string mint_id(std::string_view prefix, Random& random);
// 40 characters, as secrets are.
std::string mint_secret(Random& random);

}  // namespace virga::identity
