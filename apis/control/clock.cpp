// /_virga/clock and /_virga/idle.
#include "apis/control/control.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga {

namespace {

// How long (real time) an advance waits for the system to settle at each instant before it gives up.
constexpr std::int64_t default_settle_ms = 60'000;
constexpr std::int64_t default_idle_ms = 30'000;

Value clock_document(World& world) {
    Object o{{"now", iso8601(world.clock.now(), true)}, {"wall", iso8601(world.clock.wall(), true)}, {"frozen", world.clock.frozen()}};
    if (auto next = world.clock.next_timer()) o["next"] = iso8601(*next, true);
    return o;
}

TimeMs instant_of(const Value& v, const char* what) {
    if (v.is_number()) return static_cast<TimeMs>(v.as_double() * 1000);
    if (v.is_string())
        if (auto t = parse_iso8601(v.as_string())) return *t;
    throw ControlError(400, std::string(what) + ": an ISO 8601 instant or epoch seconds are expected");
}

TimeMs duration_of(const Value& v, const char* what) {
    if (v.is_number()) return static_cast<TimeMs>(v.as_double() * 1000 + 0.5);
    if (v.is_string()) return parse_duration(v.as_string());
    throw ControlError(400, std::string(what) + ": seconds or a text like \"1h30m\" are expected");
}

Value busy_document(World& world) {
    Array busy;
    std::int64_t now = monotonic_ms();
    for (const Activities::Entry& e : world.activities.list())
        busy.push_back(Object{{"kind", e.kind}, {"resource", e.resource}, {"age", static_cast<double>(now - e.since_ms) / 1000.0}});
    return busy;
}

// A free function, since a coroutine must not be a lambda with captures.
Task<bool> settle(World& world, std::int64_t timeout_ms) {
    bool idle = co_await world.activities.wait_idle(timeout_ms);
    co_return idle;
}

}  // namespace

Value clock_read(World& world) { return clock_document(world); }

Task<Value> clock_change(World& world, Value body) {
    std::string action(body.text("action"));
    if (action == "freeze") {
        std::optional<TimeMs> at;
        if (body.has("at")) at = instant_of(body["at"], "at");
        if (at && *at < world.clock.now()) throw ControlError(400, "at: the clock cannot go back");
        world.clock.freeze(at);
    } else if (action == "resume") {
        world.clock.resume();
    } else if (action == "advance") {
        if (body.has("by") == body.has("to")) throw ControlError(400, "advance: give either \"by\" or \"to\"");
        TimeMs target = body.has("by") ? world.clock.now() + duration_of(body["by"], "by") : instant_of(body["to"], "to");
        if (target < world.clock.now()) throw ControlError(400, "advance: the clock cannot go back");
        std::int64_t timeout = body.has("timeout") ? duration_of(body["timeout"], "timeout") : default_settle_ms;
        std::function<Task<bool>()> settled_by = [&world, timeout] { return settle(world, timeout); };
        if (world.clock.advancing()) throw ControlError(409, "the clock is being advanced already");
        bool settled = co_await world.clock.advance_to(target, settled_by);
        if (!settled) {
            Value answer = clock_document(world);
            answer["error"] = "something stays busy: the clock stopped on the way";
            answer["busy"] = busy_document(world);
            co_return answer;
        }
    } else {
        throw ControlError(400, "action: one of freeze, resume, advance is expected");
    }
    co_return clock_document(world);
}

Task<HttpResponse> idle_wait(World& world, Value body) {
    std::int64_t timeout = body.has("timeout") ? duration_of(body["timeout"], "timeout") : default_idle_ms;
    bool idle = co_await world.activities.wait_idle(timeout);
    Value answer = Object{{"idle", idle}};
    if (!idle) answer["busy"] = busy_document(world);
    co_return HttpResponse::json(idle ? 200 : 408, json::write(answer) + "\n");
}

}  // namespace virga
