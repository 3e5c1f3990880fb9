// Who calls: from the access key that signed a request.
#pragma once
#include <optional>
#include <string>

#include "emulator/world/world.hpp"

namespace virga::identity {

// The user or session that an access key belongs to; the account's root for any other key. Sessions are found as long as the
// account's data live: they do not end with the virtual clock, since clients renew them by their own.
Principal resolve_principal(World& world, const std::string& account, const std::string& access_key);

// The secret that IAM or STS gave out with an access key; nothing for other keys.
std::optional<std::string> find_secret(World& world, const std::string& account, const std::string& access_key);

}  // namespace virga::identity
