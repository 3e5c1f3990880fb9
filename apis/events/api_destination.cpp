#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "apis/http/client.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

std::string destination_arn(const Partition& p, const std::string& name, const Value& d) {
    return p.arn("events", "api-destination/" + name + "/" + std::string(d.text("Id")));
}

Value require_destination(Context& ctx, const Value& input) {
    auto found = ctx.partition->part<bus::Resources>().find(bus::kind::api_destination, input.text("Name"));
    if (found.is_null()) throw bus::errors::no_such_api_destination(input.text("Name"));
    ctx.resource = destination_arn(*ctx.partition, std::string(input.text("Name")), found);
    return found;
}

void read_settings(Context& ctx, const Value& input, Value& d) {
    for (const char* member : {"Description", "ConnectionArn", "InvocationEndpoint", "HttpMethod", "InvocationRateLimitPerSecond"})
        if (input.has(member)) d[member] = input[member];
    if (!Url::parse(d.text("InvocationEndpoint"))) throw bus::errors::bad_invocation_endpoint(d.text("InvocationEndpoint"));
    if (targets::find_connection(*ctx.partition, d.text("ConnectionArn")).is_null()) throw bus::errors::connection_of_destination_missing(d.text("ConnectionArn"));
    d["LastModifiedTime"] = ctx.now();
}

// It is active as long as its connection is authorized.
std::string_view state(Context& ctx, const Value& d) {
    Value connection = targets::find_connection(*ctx.partition, d.text("ConnectionArn"));
    auto s = connection.text("ConnectionState");
    return s == "AUTHORIZED" || s == "AUTHORIZING" ? "ACTIVE" : "INACTIVE";
}

Value short_answer(Context& ctx, const Value& d, const std::string& arn) {
    return Object{{"ApiDestinationArn", arn},
                  {"ApiDestinationState", state(ctx, d)},
                  {"CreationTime", Timestamp{d.integer("CreationTime")}},
                  {"LastModifiedTime", Timestamp{d.integer("LastModifiedTime")}}};
}

Value summary(Context& ctx, const std::string& name, const Value& d) {
    Value out = short_answer(ctx, d, destination_arn(*ctx.partition, name, d));
    out["Name"] = name;
    for (const char* member : {"ConnectionArn", "InvocationEndpoint", "HttpMethod"}) out[member] = d[member];
    out["InvocationRateLimitPerSecond"] = d.integer("InvocationRateLimitPerSecond", bus::limits::invocation_rate);
    return out;
}

}  // namespace

Value create_api_destination(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    std::string name(input.text("Name"));
    if (!resources.find(bus::kind::api_destination, name).is_null()) throw bus::errors::api_destination_exists(name);
    if (resources.count(bus::kind::api_destination) >= bus::limits::api_destinations) throw bus::errors::quota_exceeded();
    Value d = Object{{"Id", ctx.random.uuid()}, {"CreationTime", ctx.now()}};
    read_settings(ctx, input, d);
    resources.save(bus::kind::api_destination, name, d);
    ctx.resource = destination_arn(*ctx.partition, name, d);
    return short_answer(ctx, d, ctx.resource);
}

Value update_api_destination(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    Value d = require_destination(ctx, input);
    read_settings(ctx, input, d);
    resources.save(bus::kind::api_destination, std::string(input.text("Name")), d);
    return short_answer(ctx, d, ctx.resource);
}

Value describe_api_destination(Context& ctx, const Value& input) {
    Value d = require_destination(ctx, input);
    Value answer = summary(ctx, std::string(input.text("Name")), d);
    if (d.has("Description")) answer["Description"] = d["Description"];
    return answer;
}

Value list_api_destinations(Context& ctx, const Value& input) {
    auto all = ctx.partition->part<bus::Resources>().list(bus::kind::api_destination);
    std::erase_if(all, [&](const bus::Resource& r) { return input.has("ConnectionArn") && r.document.text("ConnectionArn") != input.text("ConnectionArn"); });
    Value answer = Object{{"ApiDestinations", Array()}};
    for (const auto& r : page(all, input, answer, [](const bus::Resource& x) -> std::string_view { return x.name; }))
        answer["ApiDestinations"].as_array().push_back(summary(ctx, r.name, r.document));
    return answer;
}

Value delete_api_destination(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    require_destination(ctx, input);
    resources.remove(bus::kind::api_destination, std::string(input.text("Name")));
    return Object();
}

}  // namespace virga::events
