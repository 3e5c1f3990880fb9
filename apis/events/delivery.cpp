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

bool is_api_destination(std::string_view arn) { return arn.find(":api-destination/") != std::string_view::npos; }

}  // namespace

std::string Delivery::write() const {
    Array sizes;
    std::size_t total = 0;
    for (const auto& e : events) {
        sizes.emplace_back(e.size());
        total += e.size();
    }
    Object head{{"rule", rule_arn}, {"name", rule_name}, {"arrival", arrival}, {"target", target}, {"sizes", std::move(sizes)}};
    if (waits) head["waits"] = waits;
    if (slot) head["slot"] = slot;
    std::string out = json::write(head);
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
    d.waits = static_cast<int>(head.integer("waits"));
    d.slot = head.integer("slot");
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
        // A destination with a rate of its own gets each event as a job: they wait one by one.
        if (!is_api_destination(target.text("Arn"))) {
            enqueue_job(tx, b, std::move(b.events));
            continue;
        }
        for (auto& e : b.events) enqueue_job(tx, b, {std::move(e)});
    }
    batches_.clear();
    for (auto& job : again_) tx.enqueue(std::move(job));
    again_.clear();
}

// A queue of the same partition answers without leaving the process, so there is nothing to gain from a job. What failed goes on as a
// job whose first try was this one.
Task<> Outbox::deliver_near(std::shared_ptr<Partition> partition) {
    std::string near = "arn:aws:sqs:" + partition->region() + ":" + partition->account() + ":";
    for (auto& b : batches_) {
        const Value& target = b.rule->targets[b.target];
        if (b.rule->managed_by == bus::archive_manager || !target.text("Arn").starts_with(near)) continue;
        auto delivery = std::make_shared<Delivery>(delivery_of(b, std::move(b.events)));
        b.events.clear();
        Task<Again> trying = attempt(partition, delivery, 0, b.trace);
        Again again = co_await std::move(trying);
        if (!again.rest) continue;
        again.rest->waits = -1;
        NewJob job = job_of(b, *again.rest);
        job.due = again.at;
        again_.push_back(std::move(job));
    }
    std::erase_if(batches_, [](const Batch& b) { return b.events.empty(); });
}

Delivery Outbox::delivery_of(const Batch& b, std::vector<std::string> events) {
    Delivery d;
    d.rule_arn = b.rule->arn;
    d.rule_name = b.rule->name;
    d.target = b.rule->targets[b.target];
    d.arrival = b.arrival;
    d.events = std::move(events);
    return d;
}

NewJob Outbox::job_of(const Batch& b, const Delivery& d) {
    NewJob job;
    job.kind = deliver_job;
    job.resource = d.target.text("Arn");
    job.payload = d.write();
    job.trace = b.trace;
    if (!lane_.empty()) job.lane = lane_ + " " + d.rule_arn + " " + std::string(d.target.text("Id"));
    return job;
}

void Outbox::enqueue_job(Transaction& tx, const Batch& b, std::vector<std::string> events) {
    tx.enqueue(job_of(b, delivery_of(b, std::move(events))));
}

}  // namespace virga::events
