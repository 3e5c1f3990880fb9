#include <algorithm>

#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/world/retry.hpp"

namespace virga::events {

namespace {

// AWS does not publish its curve, but says that 185 retries and 24 hours belong together: with this one, and jitter, 185 retries end just
// before the day does.
constexpr Backoff backoff{1'000, 480'000};

struct Patience {
    int retries;
    TimeMs until;
};

Patience patience_of(const Delivery& d) {
    const Value& policy = d.target["RetryPolicy"];
    auto attempts = policy.integer("MaximumRetryAttempts", bus::limits::retry_attempts);
    auto age = policy.integer("MaximumEventAgeInSeconds", bus::limits::event_age_seconds);
    return {static_cast<int>(attempts), d.arrival + age * 1000};
}

}  // namespace

Task<Again> attempt(std::shared_ptr<Partition> partition, std::shared_ptr<const Delivery> delivery, int retries, TraceContext trace) {
    World& world = partition->world();
    Patience patience = patience_of(*delivery);
    std::vector<Outcome> outcomes;
    bool too_old = retries > 0 && world.clock.now() >= patience.until;
    if (too_old) {
        outcomes.assign(delivery->events.size(), Failure{"TIMEOUT", "The event is older than the retry policy allows.", true});
    } else {
        Task<std::vector<Outcome>> sending = send(partition, delivery, trace);
        outcomes = co_await std::move(sending);
    }
    Again again;
    if (std::none_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.has_value(); })) co_return again;

    Delivery rest = *delivery;
    rest.events.clear();
    rest.slot = 0;
    auto random = world.random.derive(trace.parent, std::string(delivery->target.text("Arn")) + std::to_string(retries));
    TimeMs pause = backoff.after(retries + 1, std::move(random));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (!outcomes[i]) continue;
        bool last = retries >= patience.retries;
        if (outcomes[i]->slot && !too_old) {  // the only event of its job: it waits for its turn
            rest.events.push_back(delivery->events[i]);
            rest.slot = outcomes[i]->slot;
            ++rest.waits;
            again.at = rest.slot;
            again.rest = std::move(rest);
            co_return again;
        }
        if (outcomes[i]->retry && !too_old && !last) {
            pause = std::max(pause, outcomes[i]->wait_ms);
            rest.events.push_back(delivery->events[i]);
            continue;
        }
        std::string exhausted;
        if (outcomes[i]->retry) exhausted = too_old ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
        int done = too_old ? retries - 1 : retries;
        Task<> burying = send_to_dead_letters(partition, delivery, i, *outcomes[i], done, exhausted, trace);
        co_await std::move(burying);
    }
    if (rest.events.empty()) co_return again;
    again.at = std::min(world.clock.now() + pause, std::max(patience.until, world.clock.now() + 1));
    again.rest = std::move(rest);
    co_return again;
}

// Tries until the retry policy ends it. The job's payload is what is left.
Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job) {
    auto delivery = std::make_shared<const Delivery>(Delivery::read(job.payload));
    Task<Again> trying = attempt(partition, delivery, job.attempt - 1 - delivery->waits, job.trace);
    Again again = co_await std::move(trying);
    if (!again.rest) co_return JobOutcome::finished();
    auto retry = JobOutcome::retry(again.at);
    if (again.rest->events.size() < delivery->events.size() || again.rest->slot != delivery->slot) retry.payload = again.rest->write();
    co_return retry;
}

}  // namespace virga::events
