#include "apis/apigateway/stage_settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/limits.hpp"

namespace virga::apigateway {
namespace {

enum class Type { flag, integer, real, text };
struct Setting {
    std::string_view path, member;
    Type type;
};
constexpr Setting method_settings[] = {
    {"metrics/enabled", "metricsEnabled", Type::flag},
    {"logging/dataTrace", "dataTraceEnabled", Type::flag},
    {"logging/loglevel", "loggingLevel", Type::text},
    {"throttling/burstLimit", "throttlingBurstLimit", Type::integer},
    {"throttling/rateLimit", "throttlingRateLimit", Type::real},
    {"caching/enabled", "cachingEnabled", Type::flag},
    {"caching/ttlInSeconds", "cacheTtlInSeconds", Type::integer},
    {"caching/dataEncrypted", "cacheDataEncrypted", Type::flag},
    {"caching/requireAuthorizationForCacheControl", "requireAuthorizationForCacheControl", Type::flag},
    {"caching/unauthorizedCacheControlHeaderStrategy", "unauthorizedCacheControlHeaderStrategy", Type::text},
};

Object default_method_setting() {
    return Object{{"metricsEnabled", false},
                  {"dataTraceEnabled", false},
                  {"throttlingBurstLimit", 5000},
                  {"throttlingRateLimit", 10000.0},
                  {"cachingEnabled", false},
                  {"cacheTtlInSeconds", 300},
                  {"cacheDataEncrypted", false},
                  {"requireAuthorizationForCacheControl", true},
                  {"unauthorizedCacheControlHeaderStrategy", "SUCCEED_WITH_RESPONSE_HEADER"}};
}

Value read_setting(const Setting& setting, const Patch& p) {
    const std::string text = p.text();
    const char* end = text.data() + text.size();
    if (setting.type == Type::flag) return p.flag();
    if (setting.type == Type::text) return text;
    if (setting.type == Type::integer) {
        std::int64_t n = 0;
        if (auto r = std::from_chars(text.data(), end, n); r.ec == std::errc() && r.ptr == end) return n;
    } else {
        double d = 0;
        if (auto r = std::from_chars(text.data(), end, d); r.ec == std::errc() && r.ptr == end) return d;
    }
    throw errors::bad_request("Invalid value specified for " + p.path);
}

// "*/*" or "pets/GET": the path without its slash at the front, and the method. The path comes escaped in one part or plain
// (as Terraform sends it), so it is everything before the last `tail` parts.
std::string setting_key(const Patch& p, std::size_t tail) {
    std::string path;
    for (std::size_t i = 0; i + tail + 1 < p.parts.size(); ++i) path += (path.empty() || path.back() == '/' ? "" : "/") + p.parts[i];
    if (path.starts_with('/')) path.erase(0, 1);
    return path + "/" + p.parts[p.parts.size() - tail - 1];
}

void patch_method_setting(Object& settings, const Patch& p) {
    Value& all = settings["methodSettings"];
    if (p.removes() && p.parts.size() >= 2) {
        const std::string key = setting_key(p, 0);
        if (!all.as_object().erase(key)) throw errors::no_method_setting(key);
        return;
    }
    if (p.parts.size() < 4) throw errors::bad_stage_patch(p.path);
    const std::string leaf = p.parts[p.parts.size() - 2] + "/" + p.parts.back();
    auto setting = std::find_if(std::begin(method_settings), std::end(method_settings), [&](const Setting& s) { return s.path == leaf; });
    if (setting == std::end(method_settings)) throw errors::bad_stage_patch(p.path);
    Value value = read_setting(*setting, p);
    Value& entry = all[setting_key(p, 2)];
    if (entry.is_null()) entry = default_method_setting();
    entry[setting->member] = std::move(value);
}

void patch_access_log(Object& settings, const Patch& p) {
    if (p.parts.size() == 1 && p.removes()) {
        settings.erase("accessLogSettings");
        return;
    }
    if (p.parts.size() != 2 || (p.parts[1] != "destinationArn" && p.parts[1] != "format")) throw errors::bad_access_log_path();
    settings["accessLogSettings"][p.parts[1]] = p.text();
}

}  // namespace

Object default_stage_settings() {
    return Object{{"cacheClusterEnabled", false}, {"cacheClusterStatus", "NOT_AVAILABLE"}, {"methodSettings", Object{}},
                  {"tracingEnabled", false}};
}

void check_stage_name(std::string_view name) {
    const bool ok = !name.empty() && name.size() <= limits::stage_name_length &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
    if (!ok) throw errors::bad_stage_name();
}

void patch_stage(Object& settings, const Patch& p) {
    const std::string& first = p.parts[0];
    if (first == "accessLogSettings") return patch_access_log(settings, p);
    if (first == "canarySettings") throw errors::not_supported("canary deployments");
    if (p.op == "copy") throw errors::bad_request("Promotion not available. Canary does not exist.");
    if (p.is("variables", 2)) {
        if (p.removes()) {
            if (Value* variables = settings.find("variables")) variables->as_object().erase(p.parts[1]);
        } else {
            settings["variables"][p.parts[1]] = p.text();
        }
        return;
    }
    if (p.parts.size() > 1) return patch_method_setting(settings, p);
    if (first == "cacheClusterEnabled" || first == "tracingEnabled") {
        allow_ops(p, "replace");
        return patch_flag(settings, first, p);
    }
    if (first == "description" || first == "cacheClusterSize" || first == "clientCertificateId" || first == "documentationVersion") {
        allow_ops(p, "replace");
        return patch_text(settings, first, p);
    }
    throw errors::bad_stage_patch(p.path);
}

}  // namespace virga::apigateway
