// For tests that cannot wait for a schedule, nor move the clock.
#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::events {

namespace {

constexpr std::string_view before = "/_aws/events/rules/", behind = "/trigger";

bool is_trigger(const HttpRequest& r) { return r.path().starts_with(before) && r.path().ends_with(behind) && (r.method == "GET" || r.method == "POST"); }

HttpResponse refuse(int status, const std::string& message) { return HttpResponse::json(status, json::write(Object{{"error", message}}) + "\n"); }

// Of the accounts and regions that are there: a path opens none.
HttpResponse trigger(World& world, std::string_view path) {
    const std::string arn = percent_decode(path.substr(before.size(), path.size() - before.size() - behind.size()));
    const auto parsed = Arn::parse(arn);
    const bool named = parsed && parsed->service == "events" && parsed->resource.starts_with("rule/");
    auto partition = named ? world.find_partition(partition_of(*parsed)) : nullptr;
    bus::RulePtr rule;
    if (partition) {
        const RulePath at = rule_path(parsed->resource);
        rule = partition->part<bus::Buses>().find_rule(at.bus, at.name);
    }
    if (!rule) return refuse(404, "there is no rule " + arn);
    if (rule->schedule.empty()) return refuse(400, "the rule has no schedule");
    auto tx = partition->write();
    send_scheduled_event(*partition, tx, rule, world.clock.now(), "trigger");
    tx.commit();
    return HttpResponse::json(200, "{}\n");
}

}  // namespace

HttpRoute trigger_route(World& world) {
    auto handle = [&world](std::shared_ptr<HttpRequest> request, Respond respond) { respond(trigger(world, request->path())); };
    return {"events trigger", is_trigger, handle};
}

}  // namespace virga::events
