// CreateDeployment, GetDeployment, GetDeployments, UpdateDeployment, DeleteDeployment.
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"
#include "apis/apigateway/stage_settings.hpp"
#include "emulator/gateway/snapshot.hpp"

namespace virga::apigateway {
namespace {

// An API that would answer nothing is not deployed.
void check_complete(const std::vector<Resource>& resources) {
    bool any = false;
    for (const Resource& r : resources) {
        for (const auto& m : r.methods) {
            any = true;
            if (!m.value.has("methodIntegration")) throw errors::method_without_integration();
        }
    }
    if (!any) throw errors::no_methods();
}

Value summary(const std::vector<Resource>& resources) {
    Object out;
    for (const Resource& r : resources) {
        if (r.methods.empty()) continue;
        Object methods;
        for (const auto& m : r.methods)
            methods.append(m.name, Object{{"authorizationType", m.value.text("authorizationType")},
                                          {"apiKeyRequired", m.value.flag("apiKeyRequired")}});
        out.append(r.path, std::move(methods));
    }
    return out;
}

// Makes the stage, or points it at the new deployment.
void deploy_to(Context& ctx, Database& db, std::string_view api, const Value& input, const std::string& deployment) {
    Store& store = store_of(ctx);
    const std::string name(input.text("stageName"));
    check_stage_name(name);
    auto stage = store.stage(db, api, name);
    if (!stage) stage = Stage{name, ctx.now(), 0, default_stage_settings()};
    stage->updated = ctx.now();
    stage->settings["deploymentId"] = deployment;
    if (input.has("stageDescription")) stage->settings["description"] = input["stageDescription"];
    copy_members(input, stage->settings, {"cacheClusterEnabled", "cacheClusterSize", "variables", "tracingEnabled"});
    store.put(db, api, *stage);
}

}  // namespace

Value create_deployment(Context& ctx, const Value& input) {
    if (input.has("canarySettings")) throw errors::not_supported("canary deployments");
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    const RestApi api = find_api(ctx, tx.db(), input);
    const auto resources = store.resources(tx.db(), api.id);
    check_complete(resources);
    Deployment made{ctx.random.alnum_lower(6), ctx.now(), std::string(input.text("description")),
                    gateway::Snapshot::freeze(store, tx.db(), api)};
    store.put(tx.db(), api.id, made);
    if (!input.text("stageName").empty()) deploy_to(ctx, tx.db(), api.id, input, made.id);
    tx.commit();
    return show(made);
}

Value get_deployment(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    const Deployment found = find_deployment(ctx, reading.db(), input);
    Value out = show(found);
    if (embeds(input, "apisummary")) {
        std::vector<Resource> resources;
        auto snapshot = store_of(ctx).snapshot(reading.db(), input.text("restApiId"), found.id);
        for (const auto& route : snapshot->routes.all()) resources.push_back({route.resource_id, "", "", route.path, route.methods});
        out["apiSummary"] = summary(resources);
    }
    return out;
}

Value get_deployments(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Array all;
    for (const Deployment& d : store_of(ctx).deployments(reading.db(), find_api(ctx, reading.db(), input).id)) all.push_back(show(d));
    return page(all, input);
}

Value update_deployment(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    auto tx = ctx.partition->write();
    Deployment deployment = find_deployment(ctx, tx.db(), input);
    for (const Patch& p : patches) {
        if (p.path != "/description") throw errors::bad_patch_path(p.path, p.op, "/description");
        allow_ops(p, "replace");
        deployment.description = p.text();
    }
    store_of(ctx).put(tx.db(), input.text("restApiId"), deployment);
    tx.commit();
    return show(deployment);
}

Value delete_deployment(Context& ctx, const Value& input) {
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    const Deployment deployment = find_deployment(ctx, tx.db(), input);
    std::string_view api = input.text("restApiId");
    for (const Stage& s : store.stages(tx.db(), api))
        if (Value(s.settings).text("deploymentId") == deployment.id) throw errors::deployment_in_use();
    store.remove_deployment(tx.db(), api, deployment.id);
    tx.commit();
    return Object{};
}

}  // namespace virga::apigateway
