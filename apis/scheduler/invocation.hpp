// One run of a schedule: what is sent to its target, as a job that survives.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"

namespace virga::scheduler {

inline constexpr const char* deliver_job = "scheduler.deliver";
inline constexpr const char* principal = "scheduler.amazonaws.com";

// The target is a copy: what becomes of the schedule later does not touch a run that has begun.
struct Invocation {
    std::int64_t schedule = 0;
    std::string schedule_arn;
    Value target;
    TimeMs scheduled = 0;     // the instant the expression names
    TimeMs begun = 0;         // since when the event's age counts
    std::string execution_id;
    bool last = false;        // the schedule goes when this run is over, unless it was changed since
    TimeMs modified = 0;      // the schedule's, for that

    std::string write() const;
    static Invocation read(std::string_view payload);
};

// The call that reaches the target. `request` is its JSON form, as the dead-letter queue shows it.
struct TargetRequest {
    Call call;
    std::string request;
    std::string problem;  // not empty: the input is none for this operation, and nothing can be called
};

// Input with its keywords (<aws.scheduler.execution-id>, ..) filled in; the event of a schedule without one. `attempt` counts from 1.
std::string input_text(const Partition& from, const Invocation& invocation, int attempt, std::string_view event_id);

// A target named by the ARN of what it is: a function, a queue, ... templated_target.cpp
TargetRequest templated_request(const Partition& from, const Invocation& invocation, std::string input, TraceContext trace);
// "arn:aws:scheduler:::aws-sdk:<service>:<operation>": `input` is the operation's request. universal_target.cpp
TargetRequest universal_request(const Partition& from, const Invocation& invocation, std::string input, TraceContext trace);

// The model of a service by the name that SDKs have for it ("cloudwatchlogs"); null when virga has none.
const model::Service* find_model(std::string_view service);
// "sendMessage" as models have it: "SendMessage". `api` is not empty.
std::string operation_name(std::string_view api);

// What came back, as an error when it is one: also that of a batch's entry.
std::optional<ApiError> error_of(const Reply& reply);

// The handlers of the kinds of jobs.
Task<JobOutcome> fire(std::shared_ptr<Partition> partition, Job job);
Task<JobOutcome> deliver(const Dispatcher* dispatcher, std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::scheduler
