#include "apis/lambda/function_logging.hpp"

#include <algorithm>

namespace virga {

namespace {

// PutLogEvents: at most 10,000 events and 1,048,576 bytes, each event counted with 26 bytes more.
constexpr std::size_t max_events = 10000, max_bytes = 1048576, event_overhead = 26;
constexpr const char* sender = "lambda.amazonaws.com";

Value next_chunk(const LogBatch& batch, std::size_t& at) {
    Array events;
    std::size_t bytes = 0;
    for (; at < batch.lines.size() && events.size() < max_events; ++at) {
        auto& line = batch.lines[at];
        auto size = line.text.size() + event_overhead;
        if (!events.empty() && bytes + size > max_bytes) break;
        bytes += size;
        events.push_back(Object{{"timestamp", line.time}, {"message", line.text.empty() ? " " : line.text}});
    }
    return Object{{"logGroupName", batch.group}, {"logStreamName", batch.stream}, {"logEvents", std::move(events)}};
}

}  // namespace

Task<> write_function_log(World* world, LogBatch batch) {
    std::stable_sort(batch.lines.begin(), batch.lines.end(), [](const LogLine& a, const LogLine& b) { return a.time < b.time; });
    for (std::size_t at = 0; at < batch.lines.size();) {
        Value chunk = next_chunk(batch, at);
        Reply reply = co_await world->calls->call(service_call("logs", "PutLogEvents", batch.partition, sender, chunk, batch.trace));
        if (!reply.error) continue;
        if (reply.error->code != "ResourceNotFoundException") co_return;  // the function's work counts more than its log
        Object names{{"logGroupName", batch.group}};
        Reply group = co_await world->calls->call(service_call("logs", "CreateLogGroup", batch.partition, sender, names, batch.trace));
        names["logStreamName"] = batch.stream;
        Reply stream = co_await world->calls->call(service_call("logs", "CreateLogStream", batch.partition, sender, names, batch.trace));
        Reply again = co_await world->calls->call(service_call("logs", "PutLogEvents", batch.partition, sender, chunk, batch.trace));
    }
}

}  // namespace virga
