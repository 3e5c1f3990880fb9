#include <algorithm>

#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::events {

namespace {

// AWS does not publish its curve: it doubles from one second up to this, with jitter.
constexpr TimeMs max_backoff_ms = 900'000;

TimeMs backoff(World& world, const Job& job) {
    TimeMs full = std::min<TimeMs>(max_backoff_ms, TimeMs{1000} << std::min(job.attempt - 1, 20));
    // Between three quarters of it and all of it.
    auto random = world.random.derive(job.trace.parent, job.resource + std::to_string(job.attempt));
    return full - static_cast<TimeMs>(random.below(static_cast<std::uint64_t>(full / 4 + 1)));
}

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

Failure failure_of(const ApiError& error) {
    auto has = [&](const char* word) { return error.code.find(word) != std::string::npos; };
    if (error.status == 429 || has("Throttl") || has("TooManyRequests") || has("ProvisionedThroughputExceeded") || has("RequestLimitExceeded") || has("OverLimit"))
        return {"THROTTLING", error.message, true};
    if (error.status == 501) return {"SDK_CLIENT_ERROR", error.message, false};
    if (error.status >= 500) return {"ERROR_FROM_TARGET", error.message, true};
    if (error.status == 403 || has("AccessDenied") || has("NotAuthorized")) return {"NO_PERMISSIONS", error.message, false};
    if (has("AlreadyExists")) return {"RESOURCE_ALREADY_EXISTS", error.message, false};
    if (error.status == 404 || has("NotFound") || has("NonExistent") || has("DoesNotExist") || has("NoSuch")) return {"NO_RESOURCE", error.message, false};
    return {"SDK_CLIENT_ERROR", error.message, false};
}

// Tries all events of the job. What is hopeless goes to the dead letters at once; what may succeed later is tried again until
// the retry policy ends it.
Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    auto delivery = std::make_shared<const Delivery>(Delivery::read(job.payload));
    Patience patience = patience_of(*delivery);
    int retries = job.attempt - 1;
    std::vector<Outcome> outcomes;
    bool too_old = retries > 0 && world.clock.now() >= patience.until;
    if (too_old) outcomes.assign(delivery->events.size(), Failure{"TIMEOUT", "The event is older than the retry policy allows.", true});
    else outcomes = co_await send(partition, delivery, job.trace);

    Delivery again{delivery->rule_arn, delivery->rule_name, delivery->target, delivery->arrival, {}};
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (!outcomes[i]) continue;
        bool last = retries >= patience.retries;
        if (outcomes[i]->retry && !too_old && !last) {
            again.events.push_back(delivery->events[i]);
            continue;
        }
        std::string exhausted;
        if (outcomes[i]->retry) exhausted = too_old ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
        int done = too_old ? retries - 1 : retries;
        co_await send_to_dead_letters(partition, delivery, i, *outcomes[i], done, exhausted, job.trace);
    }
    if (again.events.empty()) co_return JobOutcome::finished();
    auto retry = JobOutcome::retry(std::min(world.clock.now() + backoff(world, job), std::max(patience.until, world.clock.now() + 1)));
    if (again.events.size() < delivery->events.size()) retry.payload = again.write();
    co_return retry;
}

}  // namespace virga::events
