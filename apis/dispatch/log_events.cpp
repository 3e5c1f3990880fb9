#include "apis/dispatch/log_events.hpp"

#include <algorithm>
#include <memory>

namespace virga {

namespace {

// PutLogEvents: at most 10,000 events and 1,048,576 bytes, each event counted with 26 bytes more.
constexpr std::size_t max_events = 10'000, max_bytes = 1'048'576, event_overhead = 26;

// Takes from `at` on what one call may carry.
Array next_chunk(const std::vector<LogMessage>& messages, std::size_t& at) {
    Array chunk;
    std::size_t bytes = 0;
    for (; at < messages.size() && chunk.size() < max_events; ++at) {
        const LogMessage& message = messages[at];
        const std::size_t size = message.text.size() + event_overhead;
        if (!chunk.empty() && bytes + size > max_bytes) break;
        bytes += size;
        chunk.push_back(Object{{"timestamp", message.time}, {"message", message.text.empty() ? " " : message.text}});  // an empty message is refused
    }
    return chunk;
}

struct LogCall {
    const char* operation;
    Value input;
};

// What makes the target as far as it is to be made.
std::vector<LogCall> making(const LogTarget& target) {
    std::vector<LogCall> calls;
    Value names = Object{{"logGroupName", target.group}};
    if (target.makes == LogTarget::Makes::group_and_stream) calls.push_back({"CreateLogGroup", names});
    names["logStreamName"] = target.stream;
    calls.push_back({"CreateLogStream", std::move(names)});
    return calls;
}

// One after the other, up to the first that fails. That something is there already is no error: somebody else may have been faster.
Task<std::optional<ApiError>> perform(World* world, std::shared_ptr<const LogTarget> target, std::vector<LogCall> calls) {
    for (LogCall& c : calls) {
        Call call = service_call("logs", c.operation, target->partition, target->writer, std::move(c.input), target->trace);
        Task<Reply> calling = world->calls->call(std::move(call));
        Reply reply = co_await std::move(calling);
        if (reply.error && reply.error->code != "ResourceAlreadyExistsException") co_return std::move(reply.error);
    }
    co_return std::nullopt;
}

}  // namespace

Task<std::optional<ApiError>> put_log_events(World* world, LogTarget to, std::vector<LogMessage> messages) {
    using Makes = LogTarget::Makes;
    const auto target = std::make_shared<const LogTarget>(std::move(to));
    std::stable_sort(messages.begin(), messages.end(), [](const LogMessage& a, const LogMessage& b) { return a.time < b.time; });
    std::vector<LogCall> calls;
    if (target->makes == Makes::stream) calls = making(*target);
    std::optional<ApiError> error;
    for (std::size_t at = 0; at < messages.size() && !error; calls.clear()) {
        const Value input = Object{{"logGroupName", target->group}, {"logStreamName", target->stream}, {"logEvents", next_chunk(messages, at)}};
        calls.push_back({"PutLogEvents", input});
        Task<std::optional<ApiError>> putting = perform(world, target, std::move(calls));
        error = co_await std::move(putting);
        if (target->makes != Makes::group_and_stream || !error || error->code != "ResourceNotFoundException") continue;
        calls = making(*target);
        calls.push_back({"PutLogEvents", input});
        Task<std::optional<ApiError>> again = perform(world, target, std::move(calls));
        error = co_await std::move(again);
    }
    co_return error;
}

}  // namespace virga
