#include "apis/apigateway/check_integration.hpp"

#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/limits.hpp"
#include "emulator/gateway/template.hpp"

namespace virga::apigateway {
namespace {

// "arn:aws:apigateway:<region>:<service>:<path|action>/<rest>"
void check_arn(std::string_view uri, bool proxy) {
    if (!uri.starts_with("arn:")) throw errors::bad_arn();
    std::size_t at = 0;
    for (int colons = 0; colons < 5; ++colons) {
        at = uri.find(':', at);
        if (at == std::string_view::npos) throw errors::bad_arn();
        ++at;
    }
    std::string_view target = uri.substr(at);
    if (uri.find(":apigateway:") == std::string_view::npos) throw errors::bad_arn();
    if (!target.starts_with("path/") && !target.starts_with("action/")) throw errors::arn_without_action();
    const bool lambda = uri.find(":lambda:path/") != std::string_view::npos;
    if (proxy && !lambda) throw errors::only_lambda_proxy();
}

}  // namespace

void check_templates(const Value& document, std::string_view member) {
    for (const auto& t : document.object(member)) {
        if (!t.value.is_string()) continue;
        try {
            gateway::Template::parse(t.value.as_string());
        } catch (const gateway::TemplateError& e) {
            throw errors::not_supported("this mapping template (" + t.name + "): " + e.what());
        }
    }
}

void check_integration(const Object& integration) {
    const Value v(integration);
    std::string_view type = v.text("type");
    if (type == "HTTP" || type == "HTTP_PROXY") throw errors::not_supported("integrations of type " + std::string(type));
    if (type == "AWS" || type == "AWS_PROXY") {
        if (v.text("httpMethod").empty()) throw errors::no_integration_method();
        check_arn(v.text("uri"), type == "AWS_PROXY");
    }
    if (v.text("responseTransferMode") == "STREAM") throw errors::not_supported("response streaming");
    std::int64_t timeout = v.integer("timeoutInMillis", limits::timeout_max_ms);
    if (timeout < limits::timeout_min_ms || timeout > limits::timeout_max_ms) throw errors::bad_timeout();
    check_templates(v, "requestTemplates");
}

}  // namespace virga::apigateway
