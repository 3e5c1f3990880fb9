// CreateStage, GetStage, GetStages, UpdateStage, DeleteStage.
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/stage_settings.hpp"

namespace virga::apigateway {

Value create_stage(Context& ctx, const Value& input) {
    if (input.has("canarySettings")) throw errors::not_supported("canary deployments");
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    const RestApi api = find_api(ctx, tx.db(), input);
    const std::string name(input.text("stageName"));
    check_stage_name(name);
    if (!store.deployment(tx.db(), api.id, input.text("deploymentId"))) throw errors::no_deployment_id();
    if (store.stage(tx.db(), api.id, name)) throw errors::stage_exists();
    Stage stage{name, ctx.now(), ctx.now(), default_stage_settings()};
    copy_members(input, stage.settings, {"deploymentId", "description", "cacheClusterEnabled", "cacheClusterSize", "variables",
                                         "documentationVersion", "tracingEnabled", "tags"});
    store.put(tx.db(), api.id, stage);
    tx.commit();
    return show(stage);
}

Value get_stage(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    return show(find_stage(ctx, reading.db(), input));
}

Value get_stages(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Array all;
    for (const Stage& s : store_of(ctx).stages(reading.db(), find_api(ctx, reading.db(), input).id))
        if (input.text("deploymentId").empty() || Value(s.settings).text("deploymentId") == input.text("deploymentId"))
            all.push_back(show(s));
    return Object{{"item", std::move(all)}};  // the one list whose member is called so in the model too
}

Value update_stage(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    Stage stage = find_stage(ctx, tx.db(), input);
    std::string_view api = input.text("restApiId");
    for (const Patch& p : patches) {
        if (p.path != "/deploymentId") {
            patch_stage(stage.settings, p);
            continue;
        }
        allow_ops(p, "replace");
        if (!store.deployment(tx.db(), api, p.text())) throw errors::no_deployment_id();
        stage.settings["deploymentId"] = p.text();
    }
    stage.updated = ctx.now();
    store.put(tx.db(), api, stage);
    tx.commit();
    return show(stage);
}

Value delete_stage(Context& ctx, const Value& input) {
    auto tx = ctx.partition->write();
    const Stage stage = find_stage(ctx, tx.db(), input);
    store_of(ctx).remove_stage(tx.db(), input.text("restApiId"), stage.name);
    tx.commit();
    return Object{};
}

}  // namespace virga::apigateway
