#include "apis/events/endpoint.hpp"

#include <algorithm>

#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/health_checks.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

// The directory's kind of endpoint ids: an id says nothing of its region.
constexpr const char* directory_kind = "event-endpoint";

std::string endpoint_arn(const Partition& p, const std::string& name) { return p.arn("events", "endpoint/" + name); }

// Endpoints live in the region they were made in.
std::shared_ptr<Partition> home(Context& ctx, const Value& input) {
    auto region = input.text("HomeRegion");
    if (region.empty() || region == ctx.region()) return ctx.partition;
    return ctx.world.partition({ctx.account(), std::string(region)});
}

Value require_endpoint(Context& ctx, Partition& in, std::string_view name) {
    Value found = in.part<bus::Resources>().find(bus::kind::endpoint, name);
    if (found.is_null()) throw bus::errors::no_such_endpoint(name);
    ctx.resource = endpoint_arn(in, std::string(name));
    return found;
}

// Two buses of one name, one here and one in the secondary region.
void check(Context& ctx, const Value& e) {
    std::vector<Arn> buses;
    for (const auto& b : e.list("EventBuses"))
        if (auto arn = Arn::parse(b.text("EventBusArn"))) buses.push_back(*arn);
    auto route = e["RoutingConfig"]["FailoverConfig"]["Secondary"].text("Route");
    auto has = [&](std::string_view region) { return std::any_of(buses.begin(), buses.end(), [&](const Arn& a) { return a.region == region; }); };
    if (buses.size() != 2 || !has(ctx.region()) || !has(route) || route == ctx.region()) throw bus::errors::endpoint_needs_two_regions();
    if (buses[0].resource != buses[1].resource) throw bus::errors::endpoint_bus_names_differ();
    if (e["ReplicationConfig"].text("State") == "ENABLED" && !e.has("RoleArn")) throw bus::errors::endpoint_needs_role();
}

void read_settings(Context& ctx, const Value& input, Value& e) {
    for (const char* member : {"Description", "RoutingConfig", "ReplicationConfig", "EventBuses", "RoleArn"})
        if (input.has(member)) e[member] = input[member];
    if (!e["ReplicationConfig"].has("State")) e["ReplicationConfig"] = Object{{"State", "ENABLED"}};
    check(ctx, e);
    e["LastModifiedTime"] = ctx.now();
}

Value settings(const Partition& p, const std::string& name, const Value& e) {
    Value out = Object{{"Name", name}, {"Arn", endpoint_arn(p, name)}};
    for (const char* member : {"RoutingConfig", "ReplicationConfig", "EventBuses", "RoleArn"})
        if (e.has(member)) out[member] = e[member];
    return out;
}

Value summary(const Partition& p, const std::string& name, const Value& e) {
    Value out = settings(p, name, e);
    if (e.has("Description")) out["Description"] = e["Description"];
    out["EndpointId"] = e["EndpointId"];
    out["EndpointUrl"] = "https://" + std::string(e.text("EndpointId")) + ".endpoint.events.amazonaws.com";
    out["State"] = "ACTIVE";
    out["CreationTime"] = Timestamp{e.integer("CreationTime")};
    out["LastModifiedTime"] = Timestamp{e.integer("LastModifiedTime")};
    return out;
}

}  // namespace

Value create_endpoint(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    std::string name(input.text("Name"));
    if (!resources.find(bus::kind::endpoint, name).is_null()) throw bus::errors::endpoint_exists(name);
    if (resources.count(bus::kind::endpoint) >= bus::limits::endpoints) throw bus::errors::quota_exceeded();
    std::string id = ctx.random.uuid();
    Value e = Object{{"EndpointId", id.substr(0, 8) + id.substr(9, 2) + "." + id.substr(24, 3)}, {"CreationTime", ctx.now()}};
    read_settings(ctx, input, e);
    resources.save(bus::kind::endpoint, name, e);
    ctx.world.directory->claim(directory_kind, std::string(e.text("EndpointId")), ctx.partition->id());
    ctx.resource = endpoint_arn(*ctx.partition, name);
    Value answer = settings(*ctx.partition, name, e);
    answer["State"] = "CREATING";
    return answer;
}

Value update_endpoint(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    std::string name(input.text("Name"));
    Value e = require_endpoint(ctx, *ctx.partition, name);
    read_settings(ctx, input, e);
    resources.save(bus::kind::endpoint, name, e);
    Value answer = settings(*ctx.partition, name, e);
    answer["EndpointId"] = e["EndpointId"];
    answer["EndpointUrl"] = summary(*ctx.partition, name, e)["EndpointUrl"];
    answer["State"] = "UPDATING";
    return answer;
}

Value describe_endpoint(Context& ctx, const Value& input) {
    auto in = home(ctx, input);
    Value e = require_endpoint(ctx, *in, input.text("Name"));
    return summary(*in, std::string(input.text("Name")), e);
}

Value list_endpoints(Context& ctx, const Value& input) {
    auto in = home(ctx, input);
    Value paged = input;
    paged["Limit"] = input.integer("MaxResults", bus::limits::page);
    Value answer = Object{{"Endpoints", Array()}};
    auto all = in->part<bus::Resources>().list(bus::kind::endpoint);
    for (const auto& r : page(all, paged, answer, [](const bus::Resource& x) -> std::string_view { return x.name; }))
        answer["Endpoints"].as_array().push_back(summary(*in, r.name, r.document));
    return answer;
}

Value delete_endpoint(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    std::string name(input.text("Name"));
    Value e = require_endpoint(ctx, *ctx.partition, name);
    resources.remove(bus::kind::endpoint, name);
    ctx.world.directory->release(directory_kind, std::string(e.text("EndpointId")));
    return Object();
}

EndpointRoute route_by_endpoint(Context& ctx, std::string_view id) {
    auto owner = ctx.world.directory->find(directory_kind, std::string(id));
    if (!owner || owner->account != ctx.account()) throw bus::errors::no_such_endpoint_id(id);
    auto partition = ctx.world.partition(*owner);
    for (const auto& r : partition->part<bus::Resources>().list(bus::kind::endpoint)) {
        const Value& e = r.document;
        if (e.text("EndpointId") != id) continue;
        const Value& failover = e["RoutingConfig"]["FailoverConfig"];
        std::string secondary(failover["Secondary"].text("Route"));
        bool healthy = ctx.world.part<bus::HealthChecks>().healthy(std::string(failover["Primary"].text("HealthCheck")));
        EndpointRoute route{endpoint_arn(*partition, r.name), owner->region, secondary, e["ReplicationConfig"].text("State") == "ENABLED"};
        if (!healthy) std::swap(route.active, route.other);
        return route;
    }
    throw bus::errors::no_such_endpoint_id(id);
}

}  // namespace virga::events
