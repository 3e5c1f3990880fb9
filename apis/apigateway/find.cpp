#include "apis/apigateway/find.hpp"

#include <algorithm>

#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/limits.hpp"

namespace virga::apigateway {

Store& store_of(Context& ctx) { return ctx.partition->part<Store>(); }

RestApi find_api(Context& ctx, Database& db, const Value& input) {
    std::string_view id = input.text("restApiId");
    auto api = store_of(ctx).api(db, id);
    if (!api) throw errors::no_api(ctx.account(), id);
    ctx.resource = "arn:aws:apigateway:" + ctx.region() + "::/restapis/" + api->id;
    return std::move(*api);
}

Resource find_resource(Context& ctx, Database& db, const Value& input) {
    RestApi api = find_api(ctx, db, input);
    auto resource = store_of(ctx).resource(db, api.id, input.text("resourceId"));
    if (!resource) throw errors::no_such("Resource");
    return std::move(*resource);
}

Stage find_stage(Context& ctx, Database& db, const Value& input) {
    RestApi api = find_api(ctx, db, input);
    auto stage = store_of(ctx).stage(db, api.id, input.text("stageName"));
    if (!stage) throw errors::no_such("Stage");
    return std::move(*stage);
}

Deployment find_deployment(Context& ctx, Database& db, const Value& input) {
    RestApi api = find_api(ctx, db, input);
    auto deployment = store_of(ctx).deployment(db, api.id, input.text("deploymentId"));
    if (!deployment) throw errors::no_such("Deployment");
    return std::move(*deployment);
}

Object& find_method(Resource& resource, const Value& input) {
    Value* method = resource.methods.find(input.text("httpMethod"));
    if (!method) throw errors::no_such("Method");
    return method->as_object();
}

Object& find_integration(Object& method) {
    Value* integration = method.find("methodIntegration");
    if (!integration) throw errors::no_such("Integration");
    return integration->as_object();
}

Value show(const RestApi& api) {
    Object out{{"id", api.id}, {"createdDate", Timestamp{api.created / 1000 * 1000}}};
    for (const auto& m : api.settings) {
        if (m.name == "policy") {
            // The service answers the policy with its quotes escaped once more, and clients count on it.
            std::string escaped;
            for (char c : m.value.as_string()) {
                if (c == '"') escaped += '\\';
                escaped += c;
            }
            out.append(m.name, escaped);
        } else {
            out.append(m.name, m.value);
        }
    }
    return out;
}

Value show(const Resource& r, bool embed_methods) {
    Object out{{"id", r.id}};
    if (!r.parent.empty()) out.append("parentId", r.parent);
    if (!r.part.empty()) out.append("pathPart", r.part);
    out.append("path", r.path);
    if (r.methods.empty()) return out;
    Object methods;
    for (const auto& m : r.methods) methods.append(m.name, embed_methods ? m.value : Value(Object{}));
    out.append("resourceMethods", std::move(methods));
    return out;
}

Value show(const Deployment& d) {
    Object out{{"id", d.id}};
    if (!d.description.empty()) out.append("description", d.description);
    out.append("createdDate", Timestamp{d.created / 1000 * 1000});
    return out;
}

Value show(const Stage& s) {
    Object out = s.settings;
    out.append("stageName", s.name);
    out.append("createdDate", Timestamp{s.created / 1000 * 1000});
    out.append("lastUpdatedDate", Timestamp{s.updated / 1000 * 1000});
    return out;
}

bool embeds(const Value& input, std::string_view what) {
    const Array& list = input.list("embed");
    return std::any_of(list.begin(), list.end(), [&](const Value& v) { return v.is_string() && v.as_string() == what; });
}

Value page(const Array& all, const Value& input) {
    const std::size_t limit = static_cast<std::size_t>(
        std::clamp<std::int64_t>(input.integer("limit", limits::page_default), 1, limits::page_max));
    std::size_t from = 0;
    if (std::string_view position = input.text("position"); !position.empty())
        from = std::min<std::size_t>(std::strtoul(std::string(position).c_str(), nullptr, 36), all.size());
    const std::size_t to = std::min(from + limit, all.size());
    Object out{{"items", Array(all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to))}};
    if (to < all.size()) {
        std::string position;
        for (std::size_t n = to; n > 0; n /= 36) position.insert(position.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36]);
        out.append("position", position);
    }
    return out;
}

void copy_members(const Value& input, Object& to, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (input.has(name)) to[name] = input[name];
}

Value change_resource(Context& ctx, const Value& input, const std::function<Value(Resource&, Database&)>& change) {
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    Resource resource = find_resource(ctx, tx.db(), input);
    Value answer = change(resource, tx.db());
    store.put(tx.db(), input.text("restApiId"), resource);
    tx.commit();
    return answer;
}

}  // namespace virga::apigateway
