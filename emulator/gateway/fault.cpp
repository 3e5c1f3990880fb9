#include "emulator/gateway/fault.hpp"

#include <algorithm>
#include <array>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/media_type.hpp"

namespace virga::gateway {
namespace {

constexpr std::array<ResponseType, 21> types{{
    {"REQUEST_TOO_LARGE", 413, "RequestTooLargeException"},
    {"RESOURCE_NOT_FOUND", 404, "NotFoundException"},
    {"AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException"},
    {"MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException"},
    {"BAD_REQUEST_BODY", 400, "BadRequestException"},
    {"INVALID_SIGNATURE", 403, "InvalidSignatureException"},
    {"INVALID_API_KEY", 403, "ForbiddenException"},
    {"BAD_REQUEST_PARAMETERS", 400, "BadRequestException"},
    {"AUTHORIZER_FAILURE", 500, "AuthorizerFailureException"},
    {"UNAUTHORIZED", 401, "UnauthorizedException"},
    {"INTEGRATION_TIMEOUT", 504, "InternalServerErrorException"},
    {"ACCESS_DENIED", 403, "AccessDeniedException"},
    {"DEFAULT_4XX", 0, "BadRequestException"},
    {"DEFAULT_5XX", 0, "InternalServerErrorException"},
    {"WAF_FILTERED", 403, "ForbiddenException"},
    {"QUOTA_EXCEEDED", 429, "LimitExceededException"},
    {"THROTTLED", 429, "TooManyRequestsException"},
    {"API_CONFIGURATION_ERROR", 500, "ApiConfigurationException"},
    {"UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException"},
    {"INTEGRATION_FAILURE", 504, "InternalServerErrorException"},
    {"EXPIRED_TOKEN", 403, "ExpiredTokenException"},
}};

// What templates and header expressions may name: context.*, stageVariables.*; null when there is none.
const Value* look_up(const Object& root, std::string_view path) {
    const Object* at = &root;
    for (;;) {
        std::size_t dot = path.find('.');
        const Value* v = at->find(path.substr(0, dot));
        if (!v || dot == std::string_view::npos) return v;
        if (!v->is_object()) return nullptr;
        at = &v->as_object();
        path.remove_prefix(dot + 1);
    }
}

bool name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; }

// Replaces $context.x and $stageVariables.x by their values; not a template language.
std::string substitute(std::string_view text, const Object& root) {
    std::string out;
    while (!text.empty()) {
        std::size_t dollar = text.find('$');
        out.append(text.substr(0, dollar));
        if (dollar == std::string_view::npos) break;
        text.remove_prefix(dollar + 1);
        const bool braced = text.starts_with('{');
        std::string_view rest = text.substr(braced ? 1 : 0);
        std::size_t end = 0;
        while (end < rest.size() && name_char(rest[end])) ++end;
        while (!braced && end > 0 && rest[end - 1] == '.') --end;
        std::string_view path = rest.substr(0, end);
        if (!(path.starts_with("context.") || path.starts_with("stageVariables.")) || (braced && !rest.substr(end).starts_with('}'))) {
            out += '$';
            continue;
        }
        const Value* v = look_up(root, path);
        out += v && !v->is_null() ? plain_text(*v) : "";
        text = rest.substr(end + (braced ? 1 : 0));
    }
    return out;
}

// 'literal', method.request.{header,querystring,path}.X, context.X, stageVariables.X.
std::optional<std::string> header_value(std::string_view expression, const Request& r, const Object& root) {
    auto text = [](const std::string* s) { return s ? std::optional(*s) : std::nullopt; };
    auto after = [&](std::string_view prefix) { return expression.substr(prefix.size()); };
    if (expression.size() >= 2 && expression.front() == '\'' && expression.back() == '\'')
        return std::string(expression.substr(1, expression.size() - 2));
    if (expression.starts_with("method.request.header.")) return text(header_of(r.headers, after("method.request.header.")));
    if (expression.starts_with("method.request.querystring.")) return text(last_of(r.query, after("method.request.querystring.")));
    if (expression.starts_with("method.request.path.")) return text(last_of(r.match.parameters, after("method.request.path.")));
    const Value* v = look_up(root, expression);
    if (v && !v->is_null()) return plain_text(*v);
    return std::nullopt;
}

Object variables(const Fault& fault, const Request& r) {
    Object context = request_context(r);
    std::string quoted;
    json::write_string(quoted, fault.message);
    context.append("error", Object{{"message", fault.message}, {"messageString", quoted}, {"responseType", fault.type}});
    return Object{{"context", std::move(context)}, {"stageVariables", r.stage_variables}};
}

std::string choose_template(const Object& templates, const Request& r, std::string& type) {
    const std::string* accept = header_of(r.headers, "Accept");
    type = accept ? media_type(*accept) : "";
    const Value* found = type.empty() ? nullptr : templates.find(type);
    if (!found) found = templates.find(type = "application/json");
    if (!found && !templates.empty()) {
        type = templates.members().front().name;
        found = &templates.members().front().value;
    }
    return found && found->is_string() ? found->as_string() : "";
}

}  // namespace

std::span<const ResponseType> response_types() { return types; }

const ResponseType* find_response_type(std::string_view name) {
    for (const ResponseType& t : types)
        if (t.name == name) return &t;
    return nullptr;
}

Fault missing_authentication_token() { return {"MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token"}; }
Fault forbidden_key() { return {"INVALID_API_KEY", "Forbidden"}; }
Fault not_allowed_stage() { return {"DEFAULT_4XX", "Forbidden", 403, "ForbiddenException"}; }
Fault missing_parameters(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
    return {"BAD_REQUEST_PARAMETERS", "Missing required request parameters: [" + list + "]"};
}
Fault invalid_body() { return {"BAD_REQUEST_BODY", "Invalid request body"}; }
Fault invalid_json() { return {"DEFAULT_4XX", "Invalid JSON in request body", 400}; }
Fault unsupported_media_type() { return {"UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type"}; }
Fault malformed_proxy_answer() { return {"DEFAULT_5XX", "Internal server error", 502}; }
Fault internal_error() { return {"DEFAULT_5XX", "Internal server error", 500}; }
Fault no_matching_response() { return {"API_CONFIGURATION_ERROR", "Internal server error"}; }
Fault timed_out() { return {"INTEGRATION_TIMEOUT", "Endpoint request timed out"}; }

Answer answer_fault(const Fault& fault, const Request& r, const Snapshot* snapshot) {
    const ResponseType& type = *find_response_type(fault.type);
    Answer answer;
    answer.status = fault.status ? fault.status : type.status;
    const Object* entry = nullptr;
    if (snapshot) {
        const Value* own = snapshot->gateway_responses.find(fault.type);
        if (!own) own = snapshot->gateway_responses.find(answer.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
        if (own) entry = &own->as_object();
    }
    answer.headers.emplace_back("x-amzn-ErrorType", fault.error_type.empty() ? type.error_type : fault.error_type);
    std::string quoted;
    json::write_string(quoted, fault.message);
    answer.body = std::string(fault.capital_message ? "{\"Message\":" : "{\"message\":") + quoted + "}";
    std::string content_type = "application/json";
    if (entry) {
        const Value v(*entry);
        const Object vars = variables(fault, r);
        if (v.has("statusCode")) answer.status = std::atoi(std::string(v.text("statusCode")).c_str());
        if (const Object& templates = v.object("responseTemplates"); !templates.empty())
            answer.body = substitute(choose_template(templates, r, content_type), vars);
        for (const auto& [name, expression] : v.object("responseParameters")) {
            constexpr std::string_view prefix = "gatewayresponse.header.";
            if (!name.starts_with(prefix) || !expression.is_string()) continue;
            if (auto value = header_value(expression.as_string(), r, vars)) answer.headers.emplace_back(name.substr(prefix.size()), *value);
        }
    }
    if (!header_of(answer.headers, "Content-Type")) answer.headers.emplace_back("Content-Type", content_type);
    return answer;
}

}  // namespace virga::gateway
