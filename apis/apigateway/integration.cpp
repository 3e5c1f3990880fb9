// PutIntegration, GetIntegration, UpdateIntegration, DeleteIntegration and the responses of integrations.
#include "apis/apigateway/check_integration.hpp"
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/limits.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"

namespace virga::apigateway {
namespace {

Object& find_response(Object& integration, const Value& input) {
    Value* all = integration.find("integrationResponses");
    Value* one = all ? all->as_object().find(input.text("statusCode")) : nullptr;
    if (!one) throw errors::no_such("Integration Response");
    return one->as_object();
}

void apply(Object& integration, const Patch& p) {
    const std::string& first = p.parts[0];
    if (p.is("requestParameters", 2) || p.is("requestTemplates", 2)) return patch_map(integration, first, p.parts[1], p);
    if (p.is("cacheKeyParameters", 2)) return patch_list(integration, first, p.parts[1], p);
    if (p.path == "/tlsConfig/insecureSkipVerification") {
        integration["tlsConfig"]["insecureSkipVerification"] = p.flag();
        return;
    }
    if (p.parts.size() != 1 || (first != "uri" && first != "httpMethod" && first != "credentials" && first != "cacheNamespace" &&
                                first != "connectionId" && first != "connectionType" && first != "contentHandling" &&
                                first != "passthroughBehavior" && first != "timeoutInMillis" && first != "responseTransferMode"))
        throw errors::bad_patch_path(p.path);
    allow_ops(p, "replace");
    if (first == "timeoutInMillis") integration[first] = std::strtol(p.text().c_str(), nullptr, 10);
    else patch_text(integration, first, p);
}

}  // namespace

Value put_integration(Context& ctx, const Value& input) {
    std::string_view behavior = input.text("passthroughBehavior", "WHEN_NO_MATCH");
    if (behavior != "WHEN_NO_MATCH" && behavior != "WHEN_NO_TEMPLATES" && behavior != "NEVER")
        throw errors::bad_request("Invalid PassthroughBehavior specified. Valid options are WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER");
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& method = find_method(resource, input);
        std::string_view type = input.text("type");
        Object made{{"type", type}};
        if (type != "MOCK") {
            if (input.has("integrationHttpMethod")) made.append("httpMethod", input["integrationHttpMethod"]);
            copy_members(input, made, {"uri"});
        }
        if (type == "HTTP" || type == "HTTP_PROXY") made.append("connectionType", input.text("connectionType", "INTERNET"));
        copy_members(input, made, {"connectionId", "credentials", "requestParameters", "requestTemplates", "contentHandling", "tlsConfig",
                                   "responseTransferMode"});
        made.append("passthroughBehavior", behavior);
        made.append("timeoutInMillis", input.integer("timeoutInMillis", limits::timeout_max_ms));
        made.append("cacheNamespace", input.text("cacheNamespace", resource.id));
        made.append("cacheKeyParameters", input.list("cacheKeyParameters"));
        check_integration(made);
        method["methodIntegration"] = made;
        return made;
    });
}

Value get_integration(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Resource resource = find_resource(ctx, reading.db(), input);
    return find_integration(find_method(resource, input));
}

Value update_integration(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& integration = find_integration(find_method(resource, input));
        for (const Patch& p : patches) apply(integration, p);
        check_integration(integration);
        return integration;
    });
}

Value delete_integration(Context& ctx, const Value& input) {
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& method = find_method(resource, input);
        find_integration(method);
        method.erase("methodIntegration");
        return Object{};
    });
}

Value put_integration_response(Context& ctx, const Value& input) {
    check_templates(input, "responseTemplates");
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& integration = find_integration(find_method(resource, input));
        Object response{{"statusCode", input.text("statusCode")}};
        copy_members(input, response, {"selectionPattern", "responseParameters", "responseTemplates", "contentHandling"});
        Value& all = integration["integrationResponses"];
        all[input.text("statusCode")] = response;
        return response;
    });
}

Value get_integration_response(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Resource resource = find_resource(ctx, reading.db(), input);
    return find_response(find_integration(find_method(resource, input)), input);
}

Value update_integration_response(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& response = find_response(find_integration(find_method(resource, input)), input);
        for (const Patch& p : patches) {
            const std::string& first = p.parts[0];
            if (p.is("responseParameters", 2) || p.is("responseTemplates", 2)) patch_map(response, first, p.parts[1], p);
            else if (p.path == "/contentHandling" || p.path == "/selectionPattern") patch_text(response, first, p);
            else throw errors::bad_patch_path(p.path);
        }
        check_templates(response, "responseTemplates");
        return response;
    });
}

Value delete_integration_response(Context& ctx, const Value& input) {
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& integration = find_integration(find_method(resource, input));
        find_response(integration, input);
        Value& all = integration["integrationResponses"];
        all.as_object().erase(input.text("statusCode"));
        if (all.as_object().empty()) integration.erase("integrationResponses");
        return Object{};
    });
}

}  // namespace virga::apigateway
