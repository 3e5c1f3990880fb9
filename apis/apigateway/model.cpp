// CreateModel, GetModel, GetModels, UpdateModel, DeleteModel.
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"

namespace virga::apigateway {
namespace {

Object find(Context& ctx, Database& db, const Value& input) {
    const RestApi api = find_api(ctx, db, input);
    auto model = store_of(ctx).item(db, api.id, "model", input.text("modelName"));
    if (!model) throw errors::no_model(input.text("modelName"));
    return *model;
}

}  // namespace

Value create_model(Context& ctx, const Value& input) {
    auto tx = ctx.partition->write();
    const RestApi api = find_api(ctx, tx.db(), input);
    std::string_view name = input.text("name");
    if (name.empty()) throw errors::empty_model_name();
    if (store_of(ctx).item(tx.db(), api.id, "model", name)) throw errors::model_exists();
    Object made{{"id", ctx.random.alnum_lower(6)}};
    copy_members(input, made, {"name", "description", "schema", "contentType"});
    store_of(ctx).put_item(tx.db(), api.id, "model", name, made);
    tx.commit();
    return made;
}

Value get_model(Context& ctx, const Value& input) {
    if (input.flag("flatten")) throw errors::not_supported("flattened models");
    auto reading = ctx.partition->read();
    return find(ctx, reading.db(), input);
}

Value get_models(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Array all;
    for (auto& [name, model] : store_of(ctx).items(reading.db(), find_api(ctx, reading.db(), input).id, "model")) all.push_back(model);
    return page(all, input);
}

Value update_model(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    auto tx = ctx.partition->write();
    Object model = find(ctx, tx.db(), input);
    for (const Patch& p : patches) {
        if (p.path != "/schema" && p.path != "/description") throw errors::bad_patch_path(p.path, p.op, "/description, /schema");
        allow_ops(p, "replace");
        patch_text(model, p.parts[0], p);
    }
    store_of(ctx).put_item(tx.db(), input.text("restApiId"), "model", input.text("modelName"), model);
    tx.commit();
    return model;
}

Value delete_model(Context& ctx, const Value& input) {
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    find(ctx, tx.db(), input);
    std::string_view api = input.text("restApiId"), name = input.text("modelName");
    for (const Resource& r : store.resources(tx.db(), api))
        for (const auto& method : r.methods)
            for (const auto& used : method.value.object("requestModels"))
                if (used.value.as_string() == name) throw errors::model_in_use(name, r.path, method.name);
    store.remove_item(tx.db(), api, "model", name);
    tx.commit();
    return Object{};
}

}  // namespace virga::apigateway
