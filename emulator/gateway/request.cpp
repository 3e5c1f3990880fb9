#include "emulator/gateway/request.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::gateway {

const std::string* last_of(const Fields& fields, std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [n, v] : fields)
        if (n == name) found = &v;
    return found;
}

const std::string* header_of(const Fields& headers, std::string_view name) {
    for (const auto& [n, v] : headers)
        if (iequals(n, name)) return &v;
    return nullptr;
}

std::string plain_text(const Value& value) {
    if (value.is_string()) return value.as_string();
    return json::write(value);
}

std::string request_time(TimeMs time) { return format_utc(time, "%d/%b/%Y:%H:%M:%S +0000"); }

Object request_context(const Request& r) {
    const std::string* agent = header_of(r.headers, "User-Agent");
    Object identity{{"cognitoIdentityPoolId", nullptr},
                    {"accountId", nullptr},
                    {"cognitoIdentityId", nullptr},
                    {"caller", nullptr},
                    {"sourceIp", r.source_ip},
                    {"principalOrgId", nullptr},
                    {"accessKey", nullptr},
                    {"cognitoAuthenticationType", nullptr},
                    {"cognitoAuthenticationProvider", nullptr},
                    {"userArn", nullptr},
                    {"userAgent", agent ? Value(*agent) : Value(nullptr)},
                    {"user", nullptr}};
    Object context;
    if (r.match) {
        context.append("resourceId", r.match.route->resource_id);
        context.append("resourcePath", r.match.route->path);
        if (r.match.method->has("operationName")) context.append("operationName", r.match.method->text("operationName"));
    }
    context.append("httpMethod", r.method);
    context.append("extendedRequestId", r.extended_id);
    context.append("requestTime", request_time(r.time));
    context.append("path", "/" + r.stage + r.path);
    context.append("accountId", r.account);
    context.append("protocol", "HTTP/1.1");
    context.append("stage", r.stage);
    context.append("domainPrefix", r.domain_name.substr(0, r.domain_name.find('.')));
    context.append("requestTimeEpoch", r.time);
    context.append("requestId", r.request_id);
    context.append("identity", std::move(identity));
    context.append("domainName", r.domain_name);
    context.append("deploymentId", r.deployment_id);
    context.append("apiId", r.api_id);
    return context;
}

}  // namespace virga::gateway
