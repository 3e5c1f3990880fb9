#include "apis/targets/failure.hpp"

#include "emulator/world/retry.hpp"

namespace virga::targets {

Failure failure_of(const ApiError& error) {
    auto has = [&](const char* word) { return error.code.find(word) != std::string::npos; };
    if (may_pass(error)) return {is_throttling(error) ? "THROTTLING" : "ERROR_FROM_TARGET", error.message, true};
    if (error.status == 501) return {"SDK_CLIENT_ERROR", error.message, false};
    if (error.status == 403 || has("AccessDenied") || has("NotAuthorized")) return {"NO_PERMISSIONS", error.message, false};
    if (has("AlreadyExists")) return {"RESOURCE_ALREADY_EXISTS", error.message, false};
    if (error.status == 404 || has("NotFound") || has("NonExistent") || has("DoesNotExist") || has("NoSuch")) return {"NO_RESOURCE", error.message, false};
    return {"SDK_CLIENT_ERROR", error.message, false};
}

}  // namespace virga::targets
