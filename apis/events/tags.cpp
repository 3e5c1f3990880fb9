#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

namespace {

// Throws unless the ARN is of a bus or a rule that is there: nothing else has tags.
void check_resource(Context& ctx, std::string_view text) {
    auto arn = Arn::parse(text);
    bool here = arn && arn->service == "events" && partition_of(*arn) == ctx.partition->id();
    std::string_view resource = here ? std::string_view(arn->resource) : std::string_view();
    if (resource.starts_with("event-bus/")) {
        require_bus(bus_ref(ctx, text));
    } else if (resource.starts_with("rule/")) {
        auto path = rule_path(resource);
        require_rule(bus_ref(ctx, path.bus), path.name);
    } else {
        throw bus::errors::no_such_resource(text);
    }
}

}  // namespace

Value tag_resource(Context& ctx, const Value& input) {
    auto& buses = ctx.partition->part<bus::Buses>();
    auto guard = buses.exclusive();
    std::string arn(input.text("ResourceARN"));
    auto added = read_tags(input);
    check_resource(ctx, arn);
    auto tags = buses.tags(arn);
    for (auto& [key, value] : added) tags[key] = value;
    check_tags(tags);
    ctx.resource = arn;
    buses.set_tags(arn, tags);
    return Object();
}

Value untag_resource(Context& ctx, const Value& input) {
    auto& buses = ctx.partition->part<bus::Buses>();
    auto guard = buses.exclusive();
    std::string arn(input.text("ResourceARN"));
    check_resource(ctx, arn);
    auto tags = buses.tags(arn);
    for (const auto& key : input.list("TagKeys")) tags.erase(key.as_string());
    ctx.resource = arn;
    buses.set_tags(arn, tags);
    return Object();
}

Value list_tags_for_resource(Context& ctx, const Value& input) {
    auto& buses = ctx.partition->part<bus::Buses>();
    std::string arn(input.text("ResourceARN"));
    check_resource(ctx, arn);
    ctx.resource = arn;
    Array tags;
    for (const auto& [key, value] : buses.tags(arn)) tags.push_back(Object{{"Key", key}, {"Value", value}});
    return Object{{"Tags", std::move(tags)}};
}

}  // namespace virga::events
