// PutMethod, GetMethod, UpdateMethod, DeleteMethod and the responses of methods.
#include <algorithm>
#include <array>
#include <set>

#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"

namespace virga::apigateway {
namespace {

void check_verb(std::string_view verb) {
    constexpr std::array verbs{"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"};
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) throw errors::bad_verb();
}

// What a method may say, whether it was put or patched.
void check_method(Store& store, Database& db, std::string_view api, const Object& method) {
    const Value m(method);
    std::string_view type = m.text("authorizationType");
    // There are no authorizers here yet, so none can be named.
    if (type == "CUSTOM" || type == "COGNITO_USER_POOLS") throw errors::no_authorizer();
    if (type != "NONE" && type != "AWS_IAM")
        throw errors::bad_request("Invalid Authorization Type specified. Valid options are NONE,AWS_IAM,CUSTOM,COGNITO_USER_POOLS");
    if (m.has("requestValidatorId") && !store.item(db, api, "validator", m.text("requestValidatorId"))) throw errors::bad_validator();
    for (const auto& model : m.object("requestModels"))
        if (!store.item(db, api, "model", model.value.as_string())) throw errors::bad_model_identifier(model.value.as_string());
    std::set<std::string> names;
    for (const auto& parameter : m.object("requestParameters")) {
        constexpr std::array prefixes{"method.request.header.", "method.request.querystring.", "method.request.path.",
                                      "method.request.multivalueheader.", "method.request.multivaluequerystring."};
        auto prefix = std::find_if(prefixes.begin(), prefixes.end(), [&](const char* p) { return parameter.name.starts_with(p); });
        if (prefix == prefixes.end())
            throw errors::bad_request("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping "
                                      "expression parameter specified: " + parameter.name + "]");
        if (!names.insert(parameter.name.substr(std::string_view(*prefix).size())).second) throw errors::duplicate_parameter();
    }
}

Object& method_responses(Object& method) {
    Value& all = method["methodResponses"];
    if (all.is_null()) all = Object{};
    return all.as_object();
}

Object& find_response(Object& method, const Value& input) {
    Value* all = method.find("methodResponses");
    Value* one = all ? all->as_object().find(input.text("statusCode")) : nullptr;
    if (!one) throw errors::no_response_code();
    return one->as_object();
}

void apply(Object& method, const Patch& p) {
    const std::string& first = p.parts[0];
    if (p.is("requestParameters", 2)) return patch_map(method, first, p.parts[1], p, true);
    if (p.is("requestModels", 2)) return patch_map(method, first, p.parts[1], p);
    if (p.is("authorizationScopes", 1)) {
        allow_ops(p, "add, remove");
        return patch_list(method, first, p.text(), p);
    }
    if (p.parts.size() != 1 || (first != "authorizationType" && first != "authorizerId" && first != "apiKeyRequired" &&
                                first != "operationName" && first != "requestValidatorId"))
        throw errors::bad_patch_path(p.path);
    allow_ops(p, "replace");
    if (first == "apiKeyRequired") return patch_flag(method, first, p);
    patch_text(method, first, p);
}

}  // namespace

Value put_method(Context& ctx, const Value& input) {
    return change_resource(ctx, input, [&](Resource& resource, Database& db) -> Value {
        std::string_view verb = input.text("httpMethod");
        check_verb(verb);
        if (resource.methods.contains(verb)) throw errors::method_exists();
        Object method{{"httpMethod", verb}, {"authorizationType", input.text("authorizationType")}};
        copy_members(input, method, {"authorizerId", "operationName", "requestParameters", "requestModels", "requestValidatorId",
                                     "authorizationScopes"});
        if (input.text("requestValidatorId", "-").empty()) method.erase("requestValidatorId");
        method.append("apiKeyRequired", input.flag("apiKeyRequired"));
        check_method(store_of(ctx), db, input.text("restApiId"), method);
        resource.methods.append(std::string(verb), method);
        return method;
    });
}

Value get_method(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Resource resource = find_resource(ctx, reading.db(), input);
    return find_method(resource, input);
}

Value update_method(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    return change_resource(ctx, input, [&](Resource& resource, Database& db) -> Value {
        Object& method = find_method(resource, input);
        for (const Patch& p : patches) apply(method, p);
        check_method(store_of(ctx), db, input.text("restApiId"), method);
        return method;
    });
}

Value delete_method(Context& ctx, const Value& input) {
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        find_method(resource, input);
        resource.methods.erase(input.text("httpMethod"));
        return Object{};
    });
}

Value put_method_response(Context& ctx, const Value& input) {
    return change_resource(ctx, input, [&](Resource& resource, Database& db) -> Value {
        Object& all = method_responses(find_method(resource, input));
        std::string_view code = input.text("statusCode");
        if (all.contains(code)) throw errors::response_exists();
        for (const auto& model : input.object("responseModels"))
            if (!store_of(ctx).item(db, input.text("restApiId"), "model", model.value.as_string()))
                throw errors::bad_model_identifier(model.value.as_string());
        Object response{{"statusCode", code}};
        copy_members(input, response, {"responseParameters", "responseModels"});
        all.append(std::string(code), response);
        return response;
    });
}

Value get_method_response(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Resource resource = find_resource(ctx, reading.db(), input);
    return find_response(find_method(resource, input), input);
}

Value update_method_response(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& response = find_response(find_method(resource, input), input);
        for (const Patch& p : patches) {
            if (p.is("responseParameters", 2)) patch_map(response, "responseParameters", p.parts[1], p, true);
            else if (p.is("responseModels", 2)) patch_map(response, "responseModels", p.parts[1], p);
            else throw errors::bad_patch_path(p.path);
        }
        return response;
    });
}

Value delete_method_response(Context& ctx, const Value& input) {
    return change_resource(ctx, input, [&](Resource& resource, Database&) -> Value {
        Object& method = find_method(resource, input);
        find_response(method, input);
        Object& all = method_responses(method);
        all.erase(input.text("statusCode"));
        if (all.empty()) method.erase("methodResponses");
        return Object{};
    });
}

}  // namespace virga::apigateway
