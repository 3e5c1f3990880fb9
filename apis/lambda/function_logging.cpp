#include "apis/lambda/function_logging.hpp"

#include "apis/dispatch/log_events.hpp"

namespace virga {

Task<> write_function_log(World* world, LogBatch batch) {
    std::vector<LogMessage> events;
    events.reserve(batch.lines.size());
    for (LogLine& line : batch.lines) events.push_back({line.time, std::move(line.text)});
    LogTarget target{batch.partition, "lambda.amazonaws.com", std::move(batch.group), std::move(batch.stream), LogTarget::Makes::group_and_stream, batch.trace};
    Task<std::optional<ApiError>> writing = put_log_events(world, std::move(target), std::move(events));
    co_await std::move(writing);  // the function's work counts more than its log
}

}  // namespace virga
