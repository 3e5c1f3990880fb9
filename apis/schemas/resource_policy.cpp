// Policies are kept and answered; they restrict nobody.
#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/json.hpp"

namespace virga::schemas {

namespace {

std::string_view registry_of(const Value& input) { return input.text("RegistryName", schema::discovered_registry); }

// A policy is a JSON document here, not its text.
Value describe(const schema::Registry& r) { return Object{{"Policy", json::parse(r.policy)}, {"RevisionId", std::to_string(r.revision)}}; }

Value policy_of(const Value& input) {
    Value policy = input["Policy"];
    if (policy.is_string() && !json::try_parse(input.text("Policy"), policy)) policy = Value();
    if (!policy.is_object()) throw errors::bad_request("The policy is not valid JSON.");
    if (!policy.has("Version")) throw errors::policy_without_version();
    return policy;
}

}  // namespace

Value put_resource_policy(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    Value policy = policy_of(input);
    auto tx = ctx.partition->write();
    auto registry = require_registry(tx.db(), store, registry_of(input));
    ctx.resource = store.registry_arn(registry.name);
    if (input.has("RevisionId") && input.text("RevisionId") != std::to_string(registry.revision)) throw errors::wrong_revision();
    registry.policy = json::write(policy);
    ++registry.revision;
    store.save_registry(tx.db(), registry);
    tx.commit();
    return describe(registry);
}

Value get_resource_policy(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto reading = ctx.partition->read();
    auto registry = require_registry(reading.db(), store, registry_of(input));
    if (registry.policy.empty()) throw errors::no_such_policy(registry.name);
    return describe(registry);
}

Value delete_resource_policy(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto tx = ctx.partition->write();
    auto registry = require_registry(tx.db(), store, registry_of(input));
    if (registry.policy.empty()) throw errors::no_such_policy(registry.name);
    registry.policy.clear();
    store.save_registry(tx.db(), registry);
    tx.commit();
    return Object();
}

}  // namespace virga::schemas
