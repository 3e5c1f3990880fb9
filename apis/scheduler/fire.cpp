#include <algorithm>

#include "apis/scheduler/invocation.hpp"
#include "emulator/schedule/schedule_store.hpp"

namespace virga::scheduler {

namespace {

// Where in its flexible window a run begins: at the window's start, or with a seed anywhere in it.
TimeMs window_offset(World& world, const schedule::Schedule& s, TimeMs due) {
    auto minutes = s.document["FlexibleTimeWindow"].integer("MaximumWindowInMinutes");
    if (minutes <= 0 || !world.random.seeded()) return 0;
    auto random = world.random.derive(0, "schedule window" + s.group + "/" + s.name + std::to_string(due));
    return static_cast<TimeMs>(random.below(static_cast<std::uint64_t>(minutes * 60'000)));
}

NewJob delivery(Partition& partition, const schedule::Schedules& schedules, const schedule::Schedule& s, TimeMs due) {
    World& world = partition.world();
    auto arn = schedules.schedule_arn(s.group, s.name);
    auto random = world.random.derive(0, "schedule" + arn + std::to_string(due));
    Invocation invocation;
    invocation.schedule = s.id;
    invocation.schedule_arn = arn;
    invocation.target = s.document["Target"];
    invocation.scheduled = due;
    invocation.begun = std::max(world.clock.now(), due + window_offset(world, s, due));
    invocation.execution_id = random.hex(16);
    invocation.last = s.deletes_itself() && s.timing().expression.once();
    invocation.modified = s.modified;
    NewJob job;
    job.kind = deliver_job;
    job.resource = arn;
    job.payload = invocation.write();
    job.due = invocation.begun;
    job.trace = {new_trace_root(due, random.next(), random.next()), 0};
    return job;
}

}  // namespace

// The delivery and the next instant are stored together, so that after a crash no run is missing and none comes twice.
Task<JobOutcome> fire(std::shared_ptr<Partition> partition, Job job) {
    TimeMs now = partition->world().clock.now();
    auto& schedules = partition->part<schedule::Schedules>();
    auto tx = partition->write();
    auto s = schedules.find(tx.db(), std::stoll(job.payload));
    if (!s || !s->next || !s->enabled()) co_return JobOutcome::finished();
    TimeMs due = *s->next;
    if (due > now) schedules.wait(tx, *s);  // it was put off
    else if (s->ending) schedules.remove(tx.db(), s->id);
    else {
        tx.enqueue(delivery(*partition, schedules, *s, due));
        schedules.advance(tx, *s, due, now);
    }
    tx.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::scheduler
