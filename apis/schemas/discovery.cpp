#include "apis/schemas/discovery.hpp"

#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/bus_store.hpp"
#include "emulator/schema/infer.hpp"

namespace virga::schemas {

void follow_state(Partition& partition, const schema::Discoverer& d, bool removed) {
    auto& buses = partition.part<bus::Buses>();
    auto arn = Arn::parse(d.source);
    std::string bus_name(arn ? arn->name() : "default"), name = "Schemas-" + d.id;
    auto guard = buses.exclusive();
    auto before = buses.find_rule(bus_name, name);
    if (before) buses.delete_rule(*before);
    if (removed || d.state != "STARTED" || !buses.find_bus(bus_name)) return;
    bus::Rule rule;
    rule.bus = bus_name;
    rule.name = name;
    rule.arn = buses.rule_arn(bus_name, name);
    rule.description = "This rule is used to route Events to Schema Discoverer";
    rule.created_by = partition.account();
    rule.managed_by = discovery_manager;
    rule.pattern = d.cross_account ? R"({"source":[{"prefix":""}]})" : R"({"account":[")" + partition.account() + R"("]})";
    rule.compiled = bus::Pattern::compile(rule.pattern);
    rule.targets.push_back(Object{{"Id", d.id}, {"Arn", partition.part<schema::Schemas>().discoverer_arn(d.id)}});
    buses.save_rule(std::move(rule));
}

void discover(Partition& partition, const std::string& text, TimeMs now) {
    Value event;
    if (!json::try_parse(text, event)) return;
    schema::EventKind kind{std::string(event.text("source")), std::string(event.text("detail-type"))};
    if (kind.source.empty() || kind.title().empty()) return;
    Value shape = schema::infer(event["detail"]);

    auto& store = partition.part<schema::Schemas>();
    auto tx = partition.write();
    auto found = store.find_schema(tx.db(), schema::discovered_registry, kind.schema_name());
    if (found && !found->shape.is_null()) shape = schema::merge(found->shape, shape);
    if (found && found->shape == shape) return;
    schema::Schema s;
    if (found) s = *found;
    s.registry = schema::discovered_registry;
    s.name = kind.schema_name();
    s.type = "OpenApi3";
    if (!found) s.description = "Schema for event type " + kind.detail_type + ", published by source " + kind.source;
    s.modified = now;
    s.shape = shape;
    store.save_schema(tx.db(), s);
    auto content = schema::open_api(kind, shape);
    auto newest = store.find_version(tx.db(), s.id, 0);
    if (!newest || newest->content != content) store.add_version(tx.db(), s, std::move(content), now);
    tx.commit();
}

}  // namespace virga::schemas
