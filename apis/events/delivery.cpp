#include "apis/events/delivery.hpp"

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/bus/archive_store.hpp"
#include "emulator/bus/json_path.hpp"

namespace virga::events {

namespace {

TimeMs event_time(const std::string& envelope, TimeMs otherwise) {
    auto text = bus::JsonPath::parse("$.time")->select(envelope);
    return text ? parse_iso8601(bus::json_as_text(*text)).value_or(otherwise) : otherwise;
}

}  // namespace

std::string Delivery::write() const {
    Array sizes;
    std::size_t total = 0;
    for (const auto& e : events) {
        sizes.push_back(e.size());
        total += e.size();
    }
    std::string out = json::write(Object{{"rule", rule_arn}, {"name", rule_name}, {"arrival", arrival}, {"target", target}, {"sizes", std::move(sizes)}});
    out.reserve(out.size() + 1 + total);
    out += '\n';
    for (const auto& e : events) out += e;
    return out;
}

Delivery Delivery::read(std::string_view payload) {
    auto line = payload.find('\n');
    Value head = json::parse(payload.substr(0, line));
    Delivery d;
    d.rule_arn = head.text("rule");
    d.rule_name = head.text("name");
    d.arrival = head.integer("arrival");
    d.target = head["target"];
    payload.remove_prefix(line + 1);
    for (const auto& size : head.list("sizes")) {
        auto n = static_cast<std::size_t>(size.as_integer());
        d.events.emplace_back(payload.substr(0, n));
        payload.remove_prefix(n);
    }
    return d;
}

void Outbox::add(const bus::RulePtr& rule, const std::string& envelope, TimeMs arrival, const TraceContext& trace) {
    for (std::size_t target = 0; target < rule->targets.size(); ++target) {
        Batch* batch = nullptr;
        for (auto& b : batches_)
            if (b.rule == rule && b.target == target && b.trace == trace) batch = &b;
        if (!batch) batch = &batches_.emplace_back(Batch{rule, target, trace, arrival, {}});
        batch->events.push_back(envelope);
    }
}

void Outbox::enqueue(Transaction& tx) {
    for (auto& b : batches_) {
        const Value& target = b.rule->targets[b.target];
        if (b.rule->managed_by == bus::archive_manager) {
            for (const auto& e : b.events) bus::Archives::append(tx, bus::archive_of_rule(b.rule->name), event_time(e, b.arrival), b.arrival, e);
            continue;
        }
        Delivery d{b.rule->arn, b.rule->name, target, b.arrival, std::move(b.events)};
        NewJob job;
        job.kind = deliver_job;
        job.resource = target.text("Arn");
        job.payload = d.write();
        job.trace = std::move(b.trace);
        if (!lane_.empty()) job.lane = lane_ + " " + d.rule_arn + " " + std::string(target.text("Id"));
        tx.enqueue(std::move(job));
    }
    batches_.clear();
}

}  // namespace virga::events
