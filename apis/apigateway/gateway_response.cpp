// PutGatewayResponse, GetGatewayResponse, GetGatewayResponses, UpdateGatewayResponse, DeleteGatewayResponse.
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"
#include "emulator/gateway/fault.hpp"

namespace virga::apigateway {
namespace {

// The documents of this kind, and what stands in where the customer defined none.
Object built_in(const gateway::ResponseType& type) {
    Object out{{"responseType", type.name}};
    if (type.status) out.append("statusCode", std::to_string(type.status));
    out.append("responseParameters", Object{});
    out.append("responseTemplates", Object{{"application/json", "{\"message\":$context.error.messageString}"}});
    out.append("defaultResponse", true);
    return out;
}

Object find(Context& ctx, Database& db, const Value& input) {
    const RestApi api = find_api(ctx, db, input);
    const gateway::ResponseType* type = gateway::find_response_type(input.text("responseType"));
    if (!type) throw errors::no_gateway_response();
    auto own = store_of(ctx).item(db, api.id, "response", type->name);
    return own ? *own : built_in(*type);
}

}  // namespace

Value put_gateway_response(Context& ctx, const Value& input) {
    auto tx = ctx.partition->write();
    const RestApi api = find_api(ctx, tx.db(), input);
    Object made{{"responseType", input.text("responseType")}};
    copy_members(input, made, {"statusCode"});
    made.append("responseParameters", input.object("responseParameters"));
    made.append("responseTemplates", input.object("responseTemplates"));
    made.append("defaultResponse", false);
    store_of(ctx).put_item(tx.db(), api.id, "response", input.text("responseType"), made);
    tx.commit();
    return made;
}

Value get_gateway_response(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    return find(ctx, reading.db(), input);
}

// Always all of them, whatever the limit says.
Value get_gateway_responses(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    const RestApi api = find_api(ctx, reading.db(), input);
    Array all;
    for (const auto& type : gateway::response_types()) {
        auto own = store_of(ctx).item(reading.db(), api.id, "response", type.name);
        all.push_back(own ? *own : built_in(type));
    }
    return Object{{"items", std::move(all)}};
}

Value update_gateway_response(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    auto tx = ctx.partition->write();
    Object response = find(ctx, tx.db(), input);
    for (const Patch& p : patches) {
        if (p.is("responseParameters", 2) || p.is("responseTemplates", 2)) patch_map(response, p.parts[0], p.parts[1], p);
        else if (p.path == "/statusCode") patch_text(response, "statusCode", p);
        else throw errors::bad_patch_path(p.path);
    }
    response["defaultResponse"] = false;
    store_of(ctx).put_item(tx.db(), input.text("restApiId"), "response", input.text("responseType"), response);
    tx.commit();
    return response;
}

Value delete_gateway_response(Context& ctx, const Value& input) {
    auto tx = ctx.partition->write();
    const Object response = find(ctx, tx.db(), input);
    if (Value(response).flag("defaultResponse")) throw errors::no_gateway_response();
    store_of(ctx).remove_item(tx.db(), input.text("restApiId"), "response", input.text("responseType"));
    tx.commit();
    return Object{};
}

}  // namespace virga::apigateway
