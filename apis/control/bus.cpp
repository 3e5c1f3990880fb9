// /_virga/bus/: why rules match or do not, what was delivered to services that virga only records, and switches for tests.
#include "apis/control/control.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/bus_store.hpp"
#include "emulator/bus/explain.hpp"
#include "emulator/bus/health_checks.hpp"
#include "emulator/bus/recorded_deliveries.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga {

namespace {

Value ways_document(const bus::Explanation& e) {
    Array ways;
    for (const auto& way : e.ways) {
        Array fields;
        for (const auto& f : way.fields) {
            Value expected;
            if (!json::try_parse(f.expected, expected)) expected = f.expected;
            Array found;
            for (const auto& text : f.found) {
                Value value;
                found.push_back(json::try_parse(text, value) ? value : Value(text));
            }
            fields.push_back(Object{{"field", f.field}, {"expected", std::move(expected)}, {"found", std::move(found)}, {"matches", f.matches}});
        }
        ways.push_back(Object{{"matches", way.matches}, {"split_over_elements", way.split_over_elements}, {"fields", std::move(fields)}});
    }
    return Value(std::move(ways));
}

Value explain_rule(const bus::Rule& rule, const std::string& event) {
    Value out = Object{{"rule", rule.name}, {"arn", rule.arn}, {"state", rule.state}};
    if (!rule.compiled) {
        out["matches"] = false;
        out["reason"] = "the rule has a schedule and no pattern";
        return out;
    }
    auto explanation = bus::explain(*rule.compiled, event);
    out["matches"] = explanation.matches && rule.enabled();
    out["reason"] = explanation.matches && !rule.enabled() ? "the pattern matches, but the rule is disabled" : bus::summary(explanation);
    out["ways"] = ways_document(explanation);
    return out;
}

}  // namespace

Value bus_explain(World& world, const Value& body) {
    if (!body.is_object() || !body.has("event")) throw ControlError(400, "an object with the member event is expected");
    std::string event = body["event"].is_string() ? body["event"].as_string() : json::write(body["event"]);
    if (body.has("pattern")) {
        std::string text = body["pattern"].is_string() ? body["pattern"].as_string() : json::write(body["pattern"]);
        try {
            auto explanation = bus::explain(bus::Pattern::compile(text), event);
            return Object{{"matches", explanation.matches}, {"reason", bus::summary(explanation)}, {"ways", ways_document(explanation)}};
        } catch (const bus::PatternError& e) {
            throw ControlError(400, std::string("pattern: ") + e.what());
        }
    }
    auto partition = partition_of(world, body.text("account"), body.text("region"));
    auto& buses = partition->part<bus::Buses>();
    std::string name(body.text("bus", "default"));
    if (auto slash = name.find("event-bus/"); name.starts_with("arn:") && slash != std::string::npos) name = name.substr(slash + 10);
    if (!buses.find_bus(name)) throw ControlError(404, "there is no event bus " + name + " in account " + partition->account() + ", " + partition->region());
    Array rules;
    for (const auto& rule : buses.list_rules(name))
        if (!body.has("rule") || rule->name == body.text("rule")) rules.push_back(explain_rule(*rule, event));
    if (rules.empty() && body.has("rule")) throw ControlError(404, "there is no rule " + std::string(body.text("rule")) + " on event bus " + name);
    return Object{{"bus", name}, {"rules", std::move(rules)}};
}

Value bus_deliveries(World& world, const ControlRequest& request) {
    auto partition = partition_of(world, request.parameter("account"), request.parameter("region"));
    return Object{{"deliveries", partition->part<bus::RecordedDeliveries>().list()}};
}

Value bus_health_checks(World& world, const Value& body) {
    auto& checks = world.part<bus::HealthChecks>();
    if (!body.is_null()) {
        if (body.text("arn").empty() || !body["healthy"].is_bool()) throw ControlError(400, "arn (a health check's) and healthy (true or false) are expected");
        checks.set(std::string(body.text("arn")), body.flag("healthy"));
    }
    Array unhealthy;
    for (const auto& arn : checks.unhealthy()) unhealthy.push_back(arn);
    return Object{{"unhealthy", std::move(unhealthy)}};
}

Value bus_settings(World& world, const Value& body) {
    const Value &sources = body["allow_aws_sources"], &rules = body["rules_per_bus"];
    const bool wrong = !(sources.is_null() || sources.is_bool()) || !(rules.is_null() || (rules.is_integer() && rules.as_integer() > 0));
    if (wrong || (sources.is_null() && rules.is_null()))
        throw ControlError(400, "allow_aws_sources (true or false), rules_per_bus (a number) or both are expected");
    auto partition = partition_of(world, body.text("account"), body.text("region"));
    auto& resources = partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    const Value before = resources.find(bus::kind::setting, "settings");
    Value settings = Object{{"allow_aws_sources", body.flag("allow_aws_sources", before.flag("allow_aws_sources"))},
                            {"rules_per_bus", body.integer("rules_per_bus", bus::rules_per_bus(resources))}};
    resources.save(bus::kind::setting, "settings", settings);
    return settings;
}

}  // namespace virga
