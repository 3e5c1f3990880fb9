#include "apis/events/delivery.hpp"
#include "emulator/bus/event_envelope.hpp"
#include "emulator/bus/schedule.hpp"

namespace virga::events {

void send_scheduled_event(Partition& partition, Transaction& tx, const bus::RulePtr& rule, TimeMs at, const std::string& cause) {
    World& world = partition.world();
    bus::EventParts parts;
    parts.id = world.random.derive(0, cause + rule->arn + std::to_string(at)).uuid();
    parts.detail_type = "Scheduled Event";
    parts.source = "aws.events";
    parts.account = partition.account();
    parts.region = partition.region();
    parts.time = at;
    parts.resources.push_back(rule->arn);
    parts.detail = "{}";
    auto random = world.random.derive(0, cause + " trace" + rule->arn + std::to_string(at));
    TraceContext trace{new_trace_root(at, random.next(), random.next()), 0};
    Outbox outbox;
    outbox.add(rule, *bus::write_envelope(parts), world.clock.now(), trace);
    outbox.enqueue(tx);
}

// The next instant is stored with the deliveries, so that after a crash none is missing and none comes twice.
Task<JobOutcome> fire_schedule(std::shared_ptr<Partition> partition, Job job) {
    auto& buses = partition->part<bus::Buses>();
    auto rule = buses.find_rule(static_cast<bus::RuleId>(std::stoull(job.payload)));
    if (!rule || !rule->enabled() || rule->schedule.empty()) co_return JobOutcome::finished();

    auto tx = partition->write();
    auto due = buses.next_fire(tx, rule->id);
    if (!due) co_return JobOutcome::finished();
    if (*due > partition->world().clock.now()) co_return JobOutcome::retry(*due);
    auto next = bus::Schedule::parse(rule->schedule)->next(*due);
    buses.set_next_fire(tx, rule->id, next);
    send_scheduled_event(*partition, tx, rule, *due, "schedule");
    tx.commit();
    if (!next) co_return JobOutcome::finished();
    co_return JobOutcome::retry(*next);
}

}  // namespace virga::events
