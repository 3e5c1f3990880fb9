#include "emulator/identity/principal.hpp"

#include "emulator/identity/identity.hpp"

namespace virga::identity {

Principal resolve_principal(World& world, const std::string& account, const std::string& access_key) {
    Principal principal{account, {}, account, {}, access_key};
    principal.arn.reserve(account.size() + 18);
    principal.arn.append("arn:aws:iam::").append(account).append(":root");
    bool session = access_key.starts_with("ASIA");
    if (!session && !access_key.starts_with("AKIA")) return principal;  // no key that IAM or STS made
    auto partition = global_partition(world, account);
    auto& identity = partition->part<Identity>();
    auto reading = partition->read();
    if (session) {
        if (auto found = identity.find_session(reading.db(), access_key)) {
            principal.arn = found->arn;
            principal.user_id = found->user_id;
        }
    } else if (auto key = identity.find_key(reading.db(), access_key)) {
        if (auto user = identity.key_user(reading.db(), *key)) {
            principal.arn = identity.arn(*user);
            principal.user_id = user->id;
        }
    }
    return principal;
}

std::optional<std::string> find_secret(World& world, const std::string& account, const std::string& access_key) {
    if (!access_key.starts_with("ASIA") && !access_key.starts_with("AKIA")) return std::nullopt;
    auto partition = global_partition(world, account);
    auto& identity = partition->part<Identity>();
    auto reading = partition->read();
    if (auto session = identity.find_session(reading.db(), access_key)) return session->secret;
    if (auto key = identity.find_key(reading.db(), access_key)) return key->secret;
    return std::nullopt;
}

}  // namespace virga::identity
