// CreateResource, GetResource, GetResources, UpdateResource, DeleteResource.
#include <algorithm>
#include <cctype>
#include <cstring>

#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"
#include "emulator/gateway/routes.hpp"

namespace virga::apigateway {
namespace {

bool valid_part(std::string_view part) {
    auto name = [](std::string_view s) {
        return !s.empty() && std::all_of(s.begin(), s.end(), [](unsigned char c) { return std::isalnum(c) || std::strchr("._-:", c); });
    };
    return gateway::is_variable(part) ? name(gateway::variable_name(part)) : name(part);
}

std::string join(const std::string& parent, std::string_view part) {
    return (parent == "/" ? "/" : parent + "/") + std::string(part);
}

// Whether `part` may be under `parent`, beside its other children.
void check_place(const std::vector<Resource>& all, const Resource& parent, std::string_view part, std::string_view self) {
    if (!valid_part(part)) throw errors::bad_path_part();
    if (gateway::is_greedy(parent.part)) throw errors::child_of_greedy(parent.part);
    for (const Resource& r : all) {
        if (r.parent != parent.id || r.id == self) continue;
        if (r.part == part) throw errors::resource_exists(part);
        if (gateway::is_variable(part) && gateway::is_variable(r.part)) throw errors::second_variable(r.part);
    }
}

const Resource* by_id(const std::vector<Resource>& all, std::string_view id) {
    auto it = std::find_if(all.begin(), all.end(), [&](const Resource& r) { return r.id == id; });
    return it == all.end() ? nullptr : &*it;
}

bool is_below(const std::vector<Resource>& all, std::string_view id, std::string_view ancestor) {
    for (const Resource* r = by_id(all, id); r; r = by_id(all, r->parent))
        if (r->id == ancestor) return true;
    return false;
}

void repath(Store& store, Database& db, std::string_view api, const std::vector<Resource>& all, Resource changed) {
    store.put(db, api, changed);
    for (Resource child : all) {
        if (child.parent != changed.id) continue;
        child.path = join(changed.path, child.part);
        repath(store, db, api, all, std::move(child));
    }
}

}  // namespace

Value create_resource(Context& ctx, const Value& input) {
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    const std::string api = find_api(ctx, tx.db(), input).id;
    const auto all = store.resources(tx.db(), api);
    const Resource* parent = by_id(all, input.text("parentId"));
    if (!parent) throw errors::no_such("Resource");
    std::string_view part = input.text("pathPart");
    check_place(all, *parent, part, "");
    Resource made{ctx.random.alnum_lower(6), parent->id, std::string(part), join(parent->path, part)};
    store.put(tx.db(), api, made);
    tx.commit();
    return show(made, false);
}

Value get_resource(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    return show(find_resource(ctx, reading.db(), input), embeds(input, "methods"));
}

Value get_resources(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Array all;
    for (const Resource& r : store_of(ctx).resources(reading.db(), find_api(ctx, reading.db(), input).id))
        all.push_back(show(r, embeds(input, "methods")));
    return page(all, input);
}

Value update_resource(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    Resource resource = find_resource(ctx, tx.db(), input);
    std::string_view api = input.text("restApiId");
    const auto all = store.resources(tx.db(), api);
    for (const Patch& p : patches) {
        if (p.path != "/parentId" && p.path != "/pathPart") throw errors::bad_patch_path(p.path, p.op, "/parentId, /pathPart");
        allow_ops(p, "replace");
        if (resource.parent.empty()) throw errors::root_cannot_change();
        if (p.path == "/parentId") resource.parent = p.text();
        else resource.part = p.text();
        const Resource* parent = by_id(all, resource.parent);
        if (!parent) throw errors::no_such("Resource");
        if (is_below(all, parent->id, resource.id)) throw errors::cyclical();
        check_place(all, *parent, resource.part, resource.id);
        resource.path = join(parent->path, resource.part);
    }
    repath(store, tx.db(), api, all, resource);
    tx.commit();
    return show(resource, false);
}

Value delete_resource(Context& ctx, const Value& input) {
    Store& store = store_of(ctx);
    auto tx = ctx.partition->write();
    const Resource resource = find_resource(ctx, tx.db(), input);
    if (resource.parent.empty()) throw errors::bad_request("Cannot delete the root resource.");
    std::string_view api = input.text("restApiId");
    const auto all = store.resources(tx.db(), api);
    for (const Resource& r : all)
        if (is_below(all, r.id, resource.id)) store.remove_resource(tx.db(), api, r.id);
    tx.commit();
    return Object{};
}

}  // namespace virga::apigateway
