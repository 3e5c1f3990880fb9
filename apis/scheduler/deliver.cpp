#include <algorithm>

#include "apis/scheduler/invocation.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/schedule/limits.hpp"
#include "emulator/schedule/schedule_store.hpp"
#include "emulator/world/retry.hpp"

namespace virga::scheduler {

namespace {

constexpr Backoff backoff{1'000, 900'000};

Value text_attribute(std::string value) { return Object{{"DataType", "String"}, {"StringValue", std::move(value)}}; }

// The code of an error as the service's older form has it, when it has one: AWS.SimpleQueueService.NonExistentQueue.
std::string wire_code(const Dispatcher& dispatcher, const Call& call, const ApiError& error) {
    for (const auto* api : dispatcher.services()) {
        if (api->model().id() != call.service) continue;
        auto shape = api->model().find_error(error.code);
        if (shape && shape->error_code != model::none) return std::string(shape.text(shape->error_code));
    }
    return error.code;
}

struct Letter {
    std::shared_ptr<const Invocation> invocation;
    std::string request, code, message, exhausted;
    int retries = 0;
};

// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
Value letter_input(const World& world, const Letter& letter, const Arn& queue, const TraceContext& trace) {
    constexpr std::size_t longest_body = 250'000;  // a message is at most 256 KB, with its attributes
    bool truncated = letter.request.size() > longest_body;
    Value attributes = Object{{"SCHEDULE_ARN", text_attribute(letter.invocation->schedule_arn)},
                              {"TARGET_ARN", text_attribute(std::string(letter.invocation->target.text("Arn")))},
                              {"SCHEDULED_TIME", text_attribute(iso8601(letter.invocation->scheduled))},
                              {"EXECUTION_ID", text_attribute(letter.invocation->execution_id)},
                              {"ERROR_CODE", text_attribute(letter.code)},
                              {"ERROR_MESSAGE", text_attribute(letter.message.empty() ? letter.code : letter.message)},
                              {"RETRY_ATTEMPTS", text_attribute(std::to_string(letter.retries))},
                              {"IS_PAYLOAD_TRUNCATED", text_attribute(truncated ? "true" : "false")}};
    if (!letter.exhausted.empty()) attributes["EXHAUSTED_RETRY_CONDITION"] = text_attribute(letter.exhausted);
    Value input = Object{{"QueueUrl", world.options.endpoint + "/" + queue.account + "/" + queue.resource},
                         {"MessageBody", letter.request.substr(0, longest_body)},
                         {"MessageAttributes", std::move(attributes)}};
    if (!trace.empty()) input["MessageSystemAttributes"] = Object{{"AWSTraceHeader", text_attribute(trace.header())}};
    return input;
}

Task<> send_to_dead_letters(World* world, std::shared_ptr<const Letter> letter, TraceContext trace) {
    auto queue = Arn::parse(letter->invocation->target["DeadLetterConfig"].text("Arn"));
    if (!queue) co_return;
    Value input = letter_input(*world, *letter, *queue, trace);
    Call call = service_call("sqs", "SendMessage", {queue->account, queue->region}, principal, std::move(input), trace);
    Task<Reply> sending = world->calls->call(std::move(call));
    Reply reply = co_await std::move(sending);
    if (reply.error && reply.error->status >= 500) throw *reply.error;  // the job runs again
}

// A schedule with ActionAfterCompletion DELETE goes with its last run, unless it was changed in the meantime.
void complete(Partition& partition, const Invocation& invocation) {
    if (!invocation.last) return;
    auto& schedules = partition.part<schedule::Schedules>();
    auto tx = partition.write();
    auto s = schedules.find(tx.db(), invocation.schedule);
    if (!s || s->modified != invocation.modified) return;
    schedules.remove(tx.db(), s->id);
    tx.commit();
}

}  // namespace

Task<JobOutcome> deliver(const Dispatcher* dispatcher, std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    auto invocation = std::make_shared<const Invocation>(Invocation::read(job.payload));
    const Value& policy = invocation->target["RetryPolicy"];
    int retries = job.attempt - 1;
    TimeMs until = invocation->begun + policy.integer("MaximumEventAgeInSeconds", schedule::limits::event_age_seconds) * 1000;
    bool too_old = retries > 0 && world.clock.now() >= until;

    // 1. Build the request
    std::string event_id = world.random.derive(0, "scheduled event" + invocation->schedule_arn + invocation->execution_id).uuid();
    std::string input = input_text(*partition, *invocation, too_old ? retries : job.attempt, event_id);
    bool universal = invocation->target.text("Arn").starts_with("arn:") && Arn::parse(invocation->target.text("Arn"))->service == "scheduler";
    TargetRequest request = universal ? universal_request(*partition, *invocation, std::move(input), job.trace)
                                      : templated_request(*partition, *invocation, std::move(input), job.trace);
    // 2. Call
    std::optional<ApiError> error;
    Call named = request.call;  // for its names, when the call itself is gone
    if (!request.problem.empty()) error.emplace("ValidationException", 400, request.problem);
    else if (!too_old) {
        Task<Reply> calling = world.calls->call(std::move(request.call));
        Reply reply = co_await std::move(calling);
        error = error_of(reply);
    } else {
        error.emplace("MaximumEventAgeExceeded", 503, "The event is older than the retry policy allows.");
    }
    if (!error) {
        complete(*partition, *invocation);
        co_return JobOutcome::finished();
    }
    // 3. Try again, or give up
    bool hopeful = may_pass(*error);
    if (hopeful && !too_old && retries < policy.integer("MaximumRetryAttempts", schedule::limits::retry_attempts)) {
        TimeMs at = world.clock.now() + backoff.after(job.attempt, world.random.derive(job.trace.parent, job.resource + std::to_string(job.attempt)));
        co_return JobOutcome::retry(std::min(at, std::max(until, world.clock.now() + 1)));
    }
    auto letter = std::make_shared<Letter>();
    letter->invocation = invocation;
    letter->request = std::move(request.request);
    letter->code = wire_code(*dispatcher, named, *error);
    letter->message = error->message;
    letter->retries = too_old ? retries - 1 : retries;
    if (hopeful) letter->exhausted = too_old ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
    co_await send_to_dead_letters(&world, letter, job.trace);
    complete(*partition, *invocation);
    co_return JobOutcome::finished();
}

}  // namespace virga::scheduler
