#include "apis/events/delivery.hpp"
#include "emulator/bus/event_envelope.hpp"
#include "emulator/bus/schedule.hpp"

namespace virga::events {

// Sends "Scheduled Event" to the rule's own targets. The next instant is stored with the deliveries, so that after a crash
// none is missing and none comes twice.
Task<JobOutcome> fire_schedule(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    auto& buses = partition->part<bus::Buses>();
    auto rule = buses.find_rule(static_cast<bus::RuleId>(std::stoull(job.payload)));
    if (!rule || !rule->enabled() || rule->schedule.empty()) co_return JobOutcome::finished();
    TimeMs now = world.clock.now();

    auto tx = partition->write();
    auto due = buses.next_fire(tx, rule->id);
    if (!due) co_return JobOutcome::finished();
    if (*due > now) co_return JobOutcome::retry(*due);
    auto next = bus::Schedule::parse(rule->schedule)->next(*due);
    buses.set_next_fire(tx, rule->id, next);
    bus::EventParts parts;
    parts.id = world.random.derive(0, "schedule" + rule->arn + std::to_string(*due)).uuid();
    parts.detail_type = "Scheduled Event";
    parts.source = "aws.events";
    parts.account = partition->account();
    parts.region = partition->region();
    parts.time = *due;
    parts.resources.push_back(rule->arn);
    parts.detail = "{}";
    Outbox outbox;
    auto random = world.random.derive(0, "schedule trace" + rule->arn + std::to_string(*due));
    TraceContext trace{new_trace_root(*due, random.next(), random.next()), 0};
    outbox.add(rule, *bus::write_envelope(parts), now, trace);
    outbox.enqueue(tx);
    tx.commit();
    if (!next) co_return JobOutcome::finished();
    co_return JobOutcome::retry(*next);
}

}  // namespace virga::events
