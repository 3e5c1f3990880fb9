#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "apis/sts/operations.hpp"
#include "emulator/identity/principal.hpp"

namespace virga {

void register_sts(Dispatcher& dispatcher, World& world) {
    ServiceApi& api = dispatcher.add_service(models::sts());
    api.validation_code = "ValidationError";

    api.on("GetCallerIdentity", sts::get_caller_identity);
    api.on("GetAccessKeyInfo", sts::get_access_key_info);
    api.on("AssumeRole", sts::assume_role);
    api.on("AssumeRoleWithWebIdentity", sts::assume_role_with_web_identity);
    api.on("GetSessionToken", sts::get_session_token);
    api.on("GetFederationToken", sts::get_federation_token);

    dispatcher.principals = [&world](const std::string& account, const std::string& key) { return identity::resolve_principal(world, account, key); };
    dispatcher.secrets = [&world](const std::string& account, const std::string& key) { return identity::find_secret(world, account, key); };
}

}  // namespace virga
