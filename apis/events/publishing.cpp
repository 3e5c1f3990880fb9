#include "apis/events/publishing.hpp"

#include <fmt/core.h>

#include "apis/events/find.hpp"
#include "emulator/bus/bus_policy.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/event_envelope.hpp"
#include "emulator/bus/json_path.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

std::string member(const std::string& envelope, const char* path) {
    auto value = bus::JsonPath::parse(path)->select(envelope);
    return value ? bus::json_as_text(*value) : std::string();
}

}  // namespace

Value Publishing::refuse(Refusal refusal) {
    ++failed_;
    return Object{{"ErrorCode", refusal.code}, {"ErrorMessage", std::move(refusal.message)}};
}

std::optional<Publishing::Refusal> Publishing::check_members(const Value& entry) const {
    for (const char* name : {"Source", "DetailType", "Detail"})
        if (entry.text(name).empty()) return Refusal{"InvalidArgument", fmt::format("Parameter {0} is not valid. Reason: {0} is a required argument.", name)};
    return {};
}

std::optional<Publishing::Refusal> Publishing::check_source(const Value& entry) const {
    // Only AWS itself speaks as "aws.": services inside the emulator do, and tests that were allowed to.
    if (entry.text("Source").starts_with("aws.") && ctx_.call.principal.service.empty() && !ctx_.partition->part<bus::Resources>().allows_aws_sources())
        return Refusal{"NotAuthorizedForSourceException", "Not authorized for the source."};
    return {};
}

std::optional<std::string> Publishing::envelope_of(const Value& entry, const std::string& id, const Partition& of) const {
    bus::EventParts parts;
    parts.id = id;
    parts.detail_type = entry.text("DetailType");
    parts.source = entry.text("Source");
    parts.account = of.account();
    parts.region = of.region();
    parts.time = entry["Time"].is_timestamp() ? entry["Time"].as_time() : now_;
    for (const auto& r : entry.list("Resources")) parts.resources.push_back(r.as_string());
    parts.detail = entry.text("Detail");
    return bus::write_envelope(parts);
}

Value Publishing::publish(const Value& entry, const EndpointRoute* route) {
    // An event from another bus comes as it is, from inside only.
    if (!ctx_.call.principal.service.empty() && entry.has("InternalMetadata")) return forward(entry);
    if (auto refusal = check_members(entry)) return refuse(std::move(*refusal));
    std::shared_ptr<Partition> active = ctx_.partition;
    if (route && route->active != ctx_.region()) active = ctx_.world.partition({ctx_.account(), route->active});
    std::string id = ctx_.random.uuid();
    auto envelope = envelope_of(entry, id, *active);
    if (!envelope) return refuse({"MalformedDetail", "Detail is malformed."});
    if (auto refusal = check_source(entry)) return refuse(std::move(*refusal));
    BusRef ref = bus_ref(ctx_, entry.text("EventBusName"));
    if (route) ref.partition = active;
    if (auto refusal = accept(entry, ref.partition.get(), ref.name, *envelope)) return refuse(std::move(*refusal));
    match(ref.partition, ref.name, *envelope, entry);
    if (route && route->replicates) replicate(entry, *route, ref.name, *envelope);
    return Object{{"EventId", std::move(id)}};
}

Value Publishing::forward(const Value& entry) {
    std::string envelope(entry.text("InternalMetadata"));
    BusRef ref = bus_ref(ctx_, entry.text("EventBusName"));
    if (auto refusal = accept(entry, ref.partition.get(), ref.name, envelope)) return refuse(std::move(*refusal));
    match(ref.partition, ref.name, envelope, entry);
    return Object{{"EventId", member(envelope, "$.id")}};
}

Value Publishing::publish_partner(const Value& entry, const std::vector<std::string>& accounts) {
    if (auto refusal = check_members(entry)) return refuse(std::move(*refusal));
    if (accounts.empty()) return refuse({"NotAuthorizedForSourceException", "Not authorized for the source."});
    std::string id = ctx_.random.uuid(), source(entry.text("Source"));
    for (const auto& account : accounts) {
        auto partition = ctx_.world.partition({account, ctx_.region()});
        auto envelope = envelope_of(entry, id, *partition);
        if (!envelope) return refuse({"MalformedDetail", "Detail is malformed."});
        if (partition->part<bus::Resources>().find(bus::kind::event_source, source).text("State") == "ACTIVE") match(partition, source, *envelope, entry);
    }
    return Object{{"EventId", std::move(id)}};
}

// Another account's bus takes events only from those its policy allows. An unknown bus swallows the event, as the real one does.
std::optional<Publishing::Refusal> Publishing::accept(const Value& entry, const Partition* at, const std::string& bus_name, const std::string& envelope) {
    const Principal& who = ctx_.call.principal;
    if (at->account() == who.account) return {};
    auto& buses = ctx_.world.partition(at->id())->part<bus::Buses>();
    auto info = buses.find_bus(bus_name);
    if (!info) return {};
    std::string arn = buses.bus_arn(bus_name);
    bus::PolicyQuestion q;
    q.account = who.account;
    if (who.service.empty()) q.principal = who.arn;
    else q.source_arn = who.arn;
    q.service = who.service;
    q.resource = arn;
    std::string source = entry.has("Source") ? std::string(entry.text("Source")) : member(envelope, "$.source");
    std::string detail_type = entry.has("DetailType") ? std::string(entry.text("DetailType")) : member(envelope, "$.detail-type");
    q.source = source;
    q.detail_type = detail_type;
    if (bus::policy_allows(info->policy, q)) return {};
    ApiError refused = bus::errors::not_allowed_by_policy(who.arn, q.action, arn);
    return Refusal{"AccessDeniedException", std::move(refused.message)};
}

void Publishing::match(const std::shared_ptr<Partition>& partition, const std::string& bus_name, const std::string& envelope, const Value& entry) {
    auto& buses = partition->part<bus::Buses>();
    if (ctx_.resource.empty()) ctx_.resource = buses.bus_arn(bus_name);
    std::vector<bus::RulePtr> rules;
    buses.match(bus_name, envelope, rules);
    if (rules.empty()) return;
    TraceContext own;
    if (entry.has("TraceHeader")) own = TraceContext::parse(entry.text("TraceHeader"));
    auto& outbox = outboxes_[partition];
    const TraceContext& trace = own.empty() ? trace_ : own;
    for (const auto& rule : rules) outbox.add(rule, envelope, now_, trace);
}

// The copy says by which endpoint it came, and has an id of its own: it crosses a region.
void Publishing::replicate(const Value& entry, const EndpointRoute& route, const std::string& bus_name, const std::string& envelope) {
    Value copy = entry;
    if (!copy.has("Resources")) copy["Resources"] = Array();
    copy["Resources"].as_array().push_back(route.arn);
    auto active = ctx_.world.partition({ctx_.account(), route.active});
    auto written = envelope_of(copy, ctx_.world.random.derive(trace_.parent, member(envelope, "$.id")).uuid(), *active);
    if (written) match(ctx_.world.partition({ctx_.account(), route.other}), bus_name, *written, entry);
}

void Publishing::commit() {
    for (auto& [partition, outbox] : outboxes_) {
        if (outbox.empty()) continue;
        auto tx = partition->write();
        outbox.enqueue(tx);
        tx.commit();
    }
}

Task<> Publishing::deliver_near_and_commit() {
    for (auto& [partition, outbox] : outboxes_) {
        Task<> delivering = outbox.deliver_near(partition);
        co_await std::move(delivering);
    }
    commit();
}

}  // namespace virga::events
