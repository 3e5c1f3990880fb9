#include <algorithm>

#include "apis/logs/errors.hpp"
#include "apis/logs/limits.hpp"
#include "apis/logs/operations.hpp"

namespace virga::logs {

namespace {

Value stream_answer(Context& ctx, const LogGroup& group, const LogStream& s) {
    Value answer = Object{{"logStreamName", s.name}, {"creationTime", s.created}};
    if (s.first_event) answer["firstEventTimestamp"] = *s.first_event;
    if (s.last_event) answer["lastEventTimestamp"] = *s.last_event;
    if (s.last_ingestion) answer["lastIngestionTime"] = *s.last_ingestion;
    answer["uploadSequenceToken"] = std::to_string(s.last_ingestion.value_or(s.created));
    answer["arn"] = group_arn(ctx, group.name) + ":log-stream:" + s.name;
    answer["storedBytes"] = 0;
    return answer;
}

}  // namespace

LogStream require_stream(Context& ctx, Database& db, const LogGroup& group, std::string_view name) {
    auto stream = store_of(ctx).stream(db, group, name);
    if (!stream) throw logs_errors::no_stream();
    return std::move(*stream);
}

Value create_log_stream(Context& ctx, const Value& input) {
    auto& store = store_of(ctx);
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), group_name(input));
    auto name = std::string(input.text("logStreamName"));
    if (store.stream(tx.db(), group, name)) throw logs_errors::stream_exists();
    store.create_stream(tx.db(), group, name, ctx.now());
    tx.commit();
    return Object{};
}

Value delete_log_stream(Context& ctx, const Value& input) {
    auto& store = store_of(ctx);
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), group_name(input));
    store.remove_stream(tx.db(), group, require_stream(ctx, tx.db(), group, input.text("logStreamName")));
    tx.commit();
    return Object{};
}

Value describe_log_streams(Context& ctx, const Value& input) {
    auto& store = store_of(ctx);
    bool by_time = input.text("orderBy") == "LastEventTime";
    if (by_time && input.has("logStreamNamePrefix")) throw logs_errors::prefix_with_order();
    auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(input.integer("limit", logs_limits::describe_page), 1, logs_limits::describe_page));
    std::size_t begin = 0;
    if (input.has("nextToken")) {
        auto token = std::string(input.text("nextToken"));
        if (token.find_first_not_of("0123456789") != std::string::npos || token.size() > 9) throw logs_errors::bad_token();
        begin = std::stoul(token);
    }
    auto reading = ctx.partition->read();
    auto group = require_group(ctx, reading.db(), group_name(input));
    auto streams = store.streams(reading.db(), group, input.text("logStreamNamePrefix"));
    if (by_time)
        std::stable_sort(streams.begin(), streams.end(), [](const LogStream& a, const LogStream& b) { return a.last_event.value_or(0) < b.last_event.value_or(0); });
    if (input.flag("descending")) std::reverse(streams.begin(), streams.end());
    Value answer = Object{};
    Array page;
    for (auto i = begin; i < streams.size() && page.size() < limit; ++i) page.push_back(stream_answer(ctx, group, streams[i]));
    if (begin + page.size() < streams.size()) answer["nextToken"] = std::to_string(begin + page.size());
    answer["logStreams"] = std::move(page);
    return answer;
}

}  // namespace virga::logs
