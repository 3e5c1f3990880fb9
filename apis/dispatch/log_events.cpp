#include "apis/dispatch/log_events.hpp"

#include <algorithm>

namespace virga {

namespace {

// PutLogEvents: at most 10,000 events and 1,048,576 bytes, each event counted with 26 bytes more.
constexpr std::size_t max_events = 10'000, max_bytes = 1'048'576, event_overhead = 26;

// Takes from `at` on what one call may carry.
Array next_chunk(const std::vector<LogMessage>& events, std::size_t& at) {
    Array chunk;
    std::size_t bytes = 0;
    for (; at < events.size() && chunk.size() < max_events; ++at) {
        const LogMessage& event = events[at];
        const std::size_t size = event.text.size() + event_overhead;
        if (!chunk.empty() && bytes + size > max_bytes) break;
        bytes += size;
        chunk.push_back(Object{{"timestamp", event.time}, {"message", event.text.empty() ? " " : event.text}});  // an empty message is refused
    }
    return chunk;
}

Task<std::optional<ApiError>> call_logs(World* world, LogTarget target, std::string operation, Value input) {
    Call call = service_call("logs", std::move(operation), target.partition, target.writer, std::move(input), target.trace);
    Task<Reply> calling = world->calls->call(std::move(call));
    Reply reply = co_await std::move(calling);
    co_return std::move(reply.error);
}

// Somebody else may have been faster: what is there already is no error.
Task<std::optional<ApiError>> make(World* world, LogTarget target, std::string operation, Value names) {
    Task<std::optional<ApiError>> making = call_logs(world, std::move(target), std::move(operation), std::move(names));
    std::optional<ApiError> error = co_await std::move(making);
    if (error && error->code == "ResourceAlreadyExistsException") error.reset();
    co_return error;
}

Task<std::optional<ApiError>> make_missing(World* world, LogTarget target) {
    Value names = Object{{"logGroupName", target.group}};
    std::optional<ApiError> error;
    if (target.makes == LogTarget::Makes::group_and_stream) {
        Task<std::optional<ApiError>> making = make(world, target, "CreateLogGroup", names);
        error = co_await std::move(making);
    }
    if (error) co_return error;
    names["logStreamName"] = target.stream;
    Task<std::optional<ApiError>> making = make(world, std::move(target), "CreateLogStream", std::move(names));
    error = co_await std::move(making);
    co_return error;
}

}  // namespace

Task<std::optional<ApiError>> put_log_events(World* world, LogTarget target, std::vector<LogMessage> events) {
    using Makes = LogTarget::Makes;
    std::stable_sort(events.begin(), events.end(), [](const LogMessage& a, const LogMessage& b) { return a.time < b.time; });
    std::optional<ApiError> error;
    if (target.makes == Makes::stream) {
        Task<std::optional<ApiError>> making = make_missing(world, target);
        error = co_await std::move(making);
    }
    for (std::size_t at = 0; at < events.size() && !error;) {
        Value input = Object{{"logGroupName", target.group}, {"logStreamName", target.stream}, {"logEvents", next_chunk(events, at)}};
        Task<std::optional<ApiError>> putting = call_logs(world, target, "PutLogEvents", input);
        error = co_await std::move(putting);
        if (target.makes != Makes::group_and_stream || !error || error->code != "ResourceNotFoundException") continue;
        Task<std::optional<ApiError>> making = make_missing(world, target);
        error = co_await std::move(making);
        if (error) continue;
        Task<std::optional<ApiError>> again = call_logs(world, target, "PutLogEvents", std::move(input));
        error = co_await std::move(again);
    }
    co_return error;
}

}  // namespace virga
