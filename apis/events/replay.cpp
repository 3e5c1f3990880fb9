#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/archive_store.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::events {

namespace {

constexpr TimeMs minute_ms = 60'000;
// How many events one run of the job reads.
constexpr std::size_t chunk = 500;

std::string replay_arn(Context& ctx, const std::string& name) { return ctx.partition->arn("events", "replay/" + name); }

bus::Replay require_replay(Context& ctx, const Value& input) {
    std::string name(input.text("ReplayName"));
    auto replay = ctx.partition->part<bus::Archives>().find_replay(name);
    if (!replay) throw bus::errors::no_such_replay(name);
    ctx.resource = replay_arn(ctx, name);
    return *replay;
}

void set_time(Value& answer, const char* member, TimeMs at) {
    if (at) answer[member] = Timestamp{at};
}

Value summary(Context& ctx, const bus::Replay& r) {
    Value answer = Object{{"ReplayName", r.name},
                          {"EventSourceArn", ctx.partition->arn("events", "archive/" + r.archive)},
                          {"State", r.state},
                          {"EventStartTime", Timestamp{r.from}},
                          {"EventEndTime", Timestamp{r.to}},
                          {"ReplayStartTime", Timestamp{r.started}}};
    set_time(answer, "EventLastReplayedTime", r.last_time);
    set_time(answer, "ReplayEndTime", r.ended);
    return answer;
}

// The request's checks, in the service's order.
bus::Replay check_replay(Context& ctx, const Value& input) {
    auto& archives = ctx.partition->part<bus::Archives>();
    const Value& destination = input["Destination"];
    auto bus_arn = Arn::parse(destination.text("Arn"));
    if (!bus_arn || bus_arn->service != "events" || !bus_arn->resource.starts_with("event-bus/")) throw bus::errors::destination_is_no_bus();
    BusRef ref = bus_ref(ctx, destination.text("Arn"));
    require_bus(ref);
    auto source = Arn::parse(input.text("EventSourceArn"));
    std::string archive_name = source && source->resource.starts_with("archive/") ? source->resource.substr(8) : std::string(input.text("EventSourceArn"));
    auto archive = archives.find(archive_name);
    if (!archive) throw bus::errors::replay_source_missing(archive_name);
    if (ref.partition != ctx.partition || archive->bus != ref.name) throw bus::errors::replay_to_other_bus();
    bus::Replay replay;
    replay.name = input.text("ReplayName");
    replay.archive = archive_name;
    replay.bus = ref.name;
    replay.description = input.text("Description");
    for (const auto& arn : destination.list("FilterArns")) replay.filters.push_back(arn.as_string());
    replay.from = input["EventStartTime"].as_time();
    replay.to = input["EventEndTime"].as_time();
    if (replay.from >= replay.to) throw bus::errors::replay_times();
    if (archives.find_replay(replay.name)) throw bus::errors::replay_exists(replay.name);
    if (archives.replays_under_way() >= bus::limits::replays_under_way) throw bus::errors::quota_exceeded();
    return replay;
}

}  // namespace

Value start_replay(Context& ctx, const Value& input) {
    // 1. Validate
    auto& buses = ctx.partition->part<bus::Buses>();
    auto& archives = ctx.partition->part<bus::Archives>();
    auto guard = buses.exclusive();
    auto replay = check_replay(ctx, input);
    // 2. Act
    ctx.resource = replay_arn(ctx, replay.name);
    replay.state = "STARTING";
    replay.started = ctx.now();
    NewJob job;
    job.kind = bus::replay_job;
    job.resource = ctx.resource;
    job.payload = replay.name;
    job.trace = ctx.trace();
    auto tx = ctx.partition->write();
    archives.save_replay(tx, replay);
    tx.enqueue(std::move(job));
    tx.commit();
    // 3. Answer
    return Object{{"ReplayArn", ctx.resource}, {"State", "STARTING"}, {"ReplayStartTime", Timestamp{replay.started}}};
}

Value describe_replay(Context& ctx, const Value& input) {
    auto replay = require_replay(ctx, input);
    Value answer = summary(ctx, replay);
    answer["ReplayArn"] = ctx.resource;
    set_text(answer, "Description", replay.description);
    Value destination = Object{{"Arn", ctx.partition->part<bus::Buses>().bus_arn(replay.bus)}};
    if (!replay.filters.empty()) destination["FilterArns"] = Array(replay.filters.begin(), replay.filters.end());
    answer["Destination"] = std::move(destination);
    return answer;
}

Value list_replays(Context& ctx, const Value& input) {
    if (input.has("NamePrefix") + input.has("EventSourceArn") + input.has("State") > 1) throw bus::errors::several_filters("ListReplays");
    auto all = ctx.partition->part<bus::Archives>().list_replays();
    std::erase_if(all, [&](const bus::Replay& r) {
        return (input.has("EventSourceArn") && ctx.partition->arn("events", "archive/" + r.archive) != input.text("EventSourceArn")) ||
               (input.has("State") && r.state != input.text("State"));
    });
    Value answer = Object{{"Replays", Array()}};
    for (const auto& replay : page(all, input, answer, [](const bus::Replay& r) -> std::string_view { return r.name; }))
        answer["Replays"].as_array().push_back(summary(ctx, replay));
    return answer;
}

Value cancel_replay(Context& ctx, const Value& input) {
    auto& archives = ctx.partition->part<bus::Archives>();
    std::string name = require_replay(ctx, input).name;
    auto tx = ctx.partition->write();
    auto replay = archives.find_replay(tx, name);
    if (replay->state != "STARTING" && replay->state != "RUNNING") throw bus::errors::replay_is_over(name);
    replay->state = "CANCELLING";
    archives.save_replay(tx, *replay);
    tx.commit();
    return Object{{"ReplayArn", ctx.resource}, {"State", "CANCELLING"}};
}

// Sends the events of one archive again, in the order of their time. Deliveries to one target go one after the other, a
// minute of event time in each, so that the minutes stay in order. The cursor is kept with the deliveries.
Task<JobOutcome> run_replay(std::shared_ptr<Partition> partition, Job job) {
    auto& buses = partition->part<bus::Buses>();
    auto& archives = partition->part<bus::Archives>();
    // The payload is the name, then where the last run stopped: "name time id".
    std::string name = job.payload.substr(0, job.payload.find(' '));
    TimeMs after_time = -1;
    std::int64_t after_id = 0;
    if (name.size() < job.payload.size()) {
        std::size_t end = 0;
        after_time = std::stoll(job.payload.substr(name.size() + 1), &end);
        after_id = std::stoll(job.payload.substr(name.size() + 1 + end));
    }
    TimeMs now = partition->world().clock.now();
    auto tx = partition->write();
    auto replay = archives.find_replay(tx, name);
    if (!replay || replay->over()) co_return JobOutcome::finished();
    std::vector<bus::ArchivedEvent> events;
    if (replay->state != "CANCELLING") events = archives.read(tx, replay->archive, replay->from, replay->to, after_time, after_id, chunk);
    TimeMs minute = -1;
    Outbox outbox("replay " + name);
    for (const auto& event : events) {
        if (event.time / minute_ms != minute) outbox.enqueue(tx);
        minute = event.time / minute_ms;
        std::string envelope = bus::with_replay_name(event.envelope, name);
        std::vector<bus::RulePtr> rules;
        buses.match(replay->bus, envelope, rules);
        for (const auto& rule : rules)
            if (replay->filters.empty() || std::find(replay->filters.begin(), replay->filters.end(), rule->arn) != replay->filters.end())
                outbox.add(rule, envelope, now, job.trace);
        replay->last_time = event.time;
    }
    outbox.enqueue(tx);
    bool more = events.size() == chunk;
    replay->state = replay->state == "CANCELLING" ? "CANCELLED" : more ? "RUNNING" : "COMPLETED";
    if (!more) replay->ended = now;
    archives.save_replay(tx, *replay);
    tx.commit();
    if (!more) co_return JobOutcome::finished();
    auto again = JobOutcome::retry(now);
    again.payload = name + " " + std::to_string(events.back().time) + " " + std::to_string(events.back().id);
    co_return again;
}

}  // namespace virga::events
