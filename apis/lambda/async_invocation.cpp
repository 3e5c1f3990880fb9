// Asynchronous invocation: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
//
// A durable job a event. A function's error is retried after one and two minutes (MaximumRetryAttempts); being throttled does not count
// and is retried with a back-off until the event is too old.
#include <algorithm>

#include "apis/lambda/destinations.hpp"
#include "apis/lambda/errors.hpp"
#include "apis/lambda/invocation.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/world/retry.hpp"

namespace virga {

namespace {

constexpr const char* job_kind = "lambda.invoke-async";
constexpr TimeMs retry_ms[] = {60'000, 120'000};
constexpr Backoff throttled_backoff{1'000, 300'000};

struct Settings {
    std::int64_t retries = 2, max_age_ms = 21600 * 1000;
    std::string on_success, on_failure, dead_letter;
};

Settings settings_of(const FunctionRef& ref, const FunctionVersion& function) {
    Settings s;
    s.dead_letter = function.config["DeadLetterConfig"].text("TargetArn");
    auto& store = ref.store();
    auto reading = ref.partition->read();
    auto stored = store.setting(reading.db(), ref.name, "invoke-config", ref.qualifier.empty() ? latest : ref.qualifier);
    if (!stored) return s;
    s.retries = stored->integer("MaximumRetryAttempts", s.retries);
    s.max_age_ms = stored->integer("MaximumEventAgeInSeconds", 21600) * 1000;
    s.on_success = (*stored)["DestinationConfig"]["OnSuccess"].text("Destination");
    s.on_failure = (*stored)["DestinationConfig"]["OnFailure"].text("Destination");
    return s;
}

// How an event ended.
struct Ending {
    std::string condition;                   // "Success", "RetriesExhausted", "EventAgeExceeded", "ZeroReservedConcurrency"
    const InvocationResult* result = nullptr; // null when the function never ran
    std::string version;
};

Ending ending(const char* condition, const InvocationResult* result, const std::string& version) { return {condition, result, version}; }

Value parsed(const std::string& payload) {
    Value v;
    return json::try_parse(payload, v) ? v : Value(payload);
}

std::string record_of(const FunctionRef& ref, const Value& event, const Ending& ending, TimeMs now) {
    Value record = Object{{"version", "1.0"},
                          {"timestamp", iso8601(now, true)},
                          {"requestContext", Object{{"requestId", event["requestId"]},
                                                    {"functionArn", ref.arn() + ":" + (ref.qualifier.empty() ? latest : ref.qualifier)},
                                                    {"condition", ending.condition},
                                                    {"approximateInvokeCount", event.integer("failures") + (ending.condition == "Success" ? 1 : 0)}}},
                          {"requestPayload", parsed(std::string(event.text("payload")))}};
    if (ending.result) {
        Value response = Object{{"statusCode", 200}, {"executedVersion", ending.version}};
        if (ending.result->failed) response["functionError"] = "Unhandled";
        record["responseContext"] = std::move(response);
        record["responsePayload"] = parsed(ending.result->payload);
    }
    return json::write(record);
}

Value text_attribute(const char* type, std::string value) { return Object{{"DataType", type}, {"StringValue", std::move(value)}}; }

Letter dead_letter_of(const Settings& settings, const Value& event, const Ending& ending) {
    Letter letter;
    letter.target = settings.dead_letter;
    letter.body = event.text("payload");
    std::string message = ending.condition;
    if (ending.result) {
        auto error = parsed(ending.result->payload);
        message = error.has("errorMessage") ? std::string(error.text("errorMessage")) : ending.result->payload;
    }
    letter.attributes = Object{{"RequestID", text_attribute("String", std::string(event.text("requestId")))},
                               {"ErrorCode", text_attribute("Number", ending.result ? "200" : "429")},
                               {"ErrorMessage", text_attribute("String", message.substr(0, 1024))}};
    return letter;
}

JobOutcome finish(const FunctionRef& ref, const Settings& settings, const Value& event, const Ending& ending, TraceContext trace) {
    bool success = ending.condition == "Success";
    auto now = ref.partition->world().clock.now();
    auto tx = ref.partition->write();
    if (auto& target = success ? settings.on_success : settings.on_failure; !target.empty()) {
        Letter letter;
        letter.target = target;
        letter.body = record_of(ref, event, ending, now);
        letter.detail_type = success ? "Lambda Function Invocation Result - Success" : "Lambda Function Invocation Result - Failure";
        letter.resources = {ref.arn() + ":" + (ref.qualifier.empty() ? latest : ref.qualifier), target};
        letter.object_key = "aws/lambda/async/" + ref.name + "/" + format_utc(now, "%Y/%m/%d/%Y-%m-%dT%H.%M.%S-") + std::string(event.text("requestId"));
        tx.enqueue(delivery_job(letter, trace));
    }
    if (!success && !settings.dead_letter.empty()) tx.enqueue(delivery_job(dead_letter_of(settings, event, ending), trace));
    tx.commit();
    return JobOutcome::finished();
}

JobOutcome again_at(const Value& event, TimeMs at) {
    auto outcome = JobOutcome::retry(at);
    outcome.payload = json::write(event);
    return outcome;
}

// Not run: throttled, or the emulator failed.
JobOutcome not_run(const FunctionRef& ref, const Settings& settings, Value event, TimeMs now, TraceContext trace) {
    if (reserved_concurrency(ref) == 0) return finish(ref, settings, event, {"ZeroReservedConcurrency", nullptr, ""}, trace);
    auto tries = event.integer("throttles");
    auto wait = throttled_backoff.after(tries + 1);
    if (now + wait > event.integer("received") + settings.max_age_ms) return finish(ref, settings, event, {"EventAgeExceeded", nullptr, ""}, trace);
    event["throttles"] = tries + 1;
    return again_at(event, now + wait);
}

FunctionRef event_function(std::shared_ptr<Partition> partition, const Value& event) {
    FunctionRef ref{std::move(partition), std::string(event.text("function")), std::string(event.text("qualifier"))};
    ref.store();
    return ref;
}

Task<JobOutcome> run_async(std::shared_ptr<Partition> partition, Job job) {
    auto& world = partition->world();
    Value event = json::parse(job.payload);
    FunctionRef ref = event_function(partition, event);
    auto random = world.random.derive(job.trace.parent, job.payload);
    auto version = version_of(ref, random.unit());
    auto function = version.empty() ? nullptr : ref.store().version(ref.name, version);
    if (!function) co_return JobOutcome::finished();  // deleted since
    auto settings = settings_of(ref, *function);

    InvocationPlan plan;
    plan.ref = ref;
    plan.version = version;
    plan.payload = event.text("payload");
    plan.request_id = event.text("requestId");
    plan.trace = job.trace;
    std::optional<InvocationResult> result;
    try {
        result = co_await run_function(world, std::move(plan));
    } catch (const ApiError&) {
    }
    auto now = world.clock.now();
    if (!result) co_return not_run(ref, settings, std::move(event), now, job.trace);
    if (!result->failed) co_return finish(ref, settings, event, ending("Success", &*result, version), job.trace);

    auto failures = event.integer("failures") + 1;
    event["failures"] = failures;
    if (failures > settings.retries) co_return finish(ref, settings, event, ending("RetriesExhausted", &*result, version), job.trace);
    auto wait = retry_ms[std::min<std::int64_t>(failures, 2) - 1];
    if (now + wait > event.integer("received") + settings.max_age_ms) co_return finish(ref, settings, event, ending("EventAgeExceeded", &*result, version), job.trace);
    co_return again_at(event, now + wait);
}

}  // namespace

NewJob async_invocation(const FunctionRef& ref, const std::string& request_id, const std::string& payload, TimeMs now, TraceContext trace) {
    NewJob job;
    job.kind = job_kind;
    job.resource = ref.qualified_arn();
    job.payload = json::write(Object{{"function", ref.name}, {"qualifier", ref.qualifier}, {"requestId", request_id}, {"payload", payload}, {"received", now}, {"failures", 0}, {"throttles", 0}});
    job.trace = trace;
    return job;
}

void register_async_invocation(World& world) { world.job_kinds.on(job_kind, run_async); }

}  // namespace virga
