#include <algorithm>

#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::schemas {

namespace {

constexpr std::size_t longest_name = 64;

void check_name(std::string_view name) {
    auto ok = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; };
    if (name.empty() || name.size() > longest_name || !std::all_of(name.begin(), name.end(), ok)) throw errors::bad_request("Registry name is not valid.");
    check_writable(name);
}

Value describe(const schema::Schemas& store, const schema::Registry& r) {
    Value out = Object{{"RegistryArn", store.registry_arn(r.name)}, {"RegistryName", r.name}, {"Tags", tags_value(r.tags)}};
    if (!r.description.empty()) out["Description"] = r.description;
    return out;
}

}  // namespace

Value create_registry(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto name = input.text("RegistryName");
    check_name(name);
    ctx.resource = store.registry_arn(name);
    auto tx = ctx.partition->write();
    if (store.find_registry(tx.db(), name)) throw errors::registry_exists(name);
    schema::Registry made{std::string(name), std::string(input.text("Description")), {}, 0, tags_of(input)};
    store.save_registry(tx.db(), made);
    tx.commit();
    return describe(store, made);
}

Value describe_registry(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    ctx.resource = store.registry_arn(input.text("RegistryName"));
    auto reading = ctx.partition->read();
    return describe(store, require_registry(reading.db(), store, input.text("RegistryName")));
}

Value update_registry(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto name = input.text("RegistryName");
    ctx.resource = store.registry_arn(name);
    check_writable(name);
    auto tx = ctx.partition->write();
    auto registry = require_registry(tx.db(), store, name);
    if (input.has("Description")) registry.description = input.text("Description");
    store.save_registry(tx.db(), registry);
    tx.commit();
    return describe(store, registry);
}

Value delete_registry(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto name = input.text("RegistryName");
    ctx.resource = store.registry_arn(name);
    if (name == schema::discovered_registry) throw errors::built_in_registry(name);
    check_writable(name);
    auto tx = ctx.partition->write();
    require_registry(tx.db(), store, name);
    if (!store.schemas(tx.db(), name).empty()) throw errors::registry_not_empty(name);
    store.remove_registry(tx.db(), name);
    tx.commit();
    return Object();
}

Value list_registries(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto scope = to_lower(input.text("Scope"));
    if (!scope.empty() && scope != "local" && scope != "aws") throw errors::bad_request("Scope must be LOCAL or AWS.");
    auto reading = ctx.partition->read();
    auto all = store.registries(reading.db());
    std::erase_if(all, [&](const schema::Registry& r) {
        bool aws = r.name == schema::aws_registry;
        return !r.name.starts_with(input.text("RegistryNamePrefix")) || (scope == "aws" && !aws) || (scope == "local" && aws);
    });
    return page(all, input, "Registries", [](const auto& r) { return r.name; }, [&](const schema::Registry& r) -> Value {
        return Object{{"RegistryArn", store.registry_arn(r.name)}, {"RegistryName", r.name}, {"Tags", tags_value(r.tags)}};
    });
}

}  // namespace virga::schemas
