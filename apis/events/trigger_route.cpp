// For tests that cannot wait for a schedule, nor move the clock.
#include "apis/events/delivery.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::events {

namespace {

constexpr std::string_view before = "/_aws/events/rules/", behind = "/trigger";

bool is_trigger(const HttpRequest& r) { return r.path().starts_with(before) && r.path().ends_with(behind) && (r.method == "GET" || r.method == "POST"); }

HttpResponse refuse(int status, const std::string& message) { return HttpResponse::json(status, json::write(Object{{"error", message}}) + "\n"); }

// rule/name, or rule/bus/name
bus::RulePtr find_rule(World& world, const std::string& text) {
    auto arn = Arn::parse(text);
    if (!arn || arn->service != "events" || !arn->resource.starts_with("rule/")) return nullptr;
    std::string_view path = std::string_view(arn->resource).substr(5);
    const auto slash = path.rfind('/');
    const std::string_view bus = slash == std::string_view::npos ? "default" : path.substr(0, slash);
    return world.partition({arn->account, arn->region})->part<bus::Buses>().find_rule(bus, path.substr(slash + 1));
}

HttpResponse trigger(World& world, std::string_view path) {
    const std::string arn = percent_decode(path.substr(before.size(), path.size() - before.size() - behind.size()));
    auto rule = find_rule(world, arn);
    if (!rule) return refuse(404, "there is no rule " + arn);
    if (rule->schedule.empty()) return refuse(400, "the rule has no schedule");
    auto parsed = Arn::parse(rule->arn);
    auto partition = world.partition({parsed->account, parsed->region});
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
