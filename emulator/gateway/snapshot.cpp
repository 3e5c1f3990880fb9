#include "emulator/gateway/snapshot.hpp"

#include "emulator/base/json.hpp"

namespace virga::gateway {
namespace {

Object by_name(const Store& store, Database& db, const std::string& api, std::string_view kind) {
    Object out;
    for (auto& [name, document] : store.items(db, api, kind)) out.append(name, std::move(document));
    return out;
}

}  // namespace

std::string Snapshot::freeze(const Store& store, Database& db, const RestApi& api) {
    Array resources;
    for (const Resource& r : store.resources(db, api.id))
        if (!r.methods.empty()) resources.push_back(Object{{"id", r.id}, {"path", r.path}, {"methods", r.methods}});
    Object out{{"resources", std::move(resources)},
               {"gatewayResponses", by_name(store, db, api.id, "response")},
               {"models", by_name(store, db, api.id, "model")},
               {"validators", by_name(store, db, api.id, "validator")}};
    if (const Value* types = api.settings.find("binaryMediaTypes")) out.append("binaryMediaTypes", *types);
    return json::write(Value(std::move(out)));
}

Snapshot Snapshot::compile(std::string_view text) {
    const Value v = json::parse(text);
    Snapshot out;
    std::vector<Route> routes;
    for (const Value& r : v.list("resources"))
        routes.push_back({std::string(r.text("id")), std::string(r.text("path")), r.object("methods")});
    out.routes = Routes(std::move(routes));
    out.gateway_responses = v.object("gatewayResponses");
    out.models = v.object("models");
    out.validators = v.object("validators");
    for (const Value& t : v.list("binaryMediaTypes")) out.binary_types.push_back(t.as_string());
    return out;
}

}  // namespace virga::gateway
