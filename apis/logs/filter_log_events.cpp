#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "apis/logs/errors.hpp"
#include "apis/logs/limits.hpp"
#include "apis/logs/operations.hpp"
#include "emulator/logs/filter_pattern.hpp"

namespace virga::logs {

namespace {

constexpr std::int64_t rows_at_once = 1000;

FilterPattern pattern_of(const Value& input) {
    try {
        return FilterPattern(input.text("filterPattern"));
    } catch (const FilterPatternError&) {
        throw logs_errors::bad_pattern();
    }
}

LogPlace place_of(const Value& input, TimeMs start) {
    if (!input.has("nextToken")) return {start, -1};
    long long time = 0, id = 0;
    if (std::sscanf(std::string(input.text("nextToken")).c_str(), "%lld/%lld", &time, &id) != 2) throw logs_errors::bad_token();
    return {time, id};
}

Value event_answer(const LogEvent& e) {
    return Object{{"logStreamName", e.stream}, {"timestamp", e.time}, {"message", e.message}, {"ingestionTime", e.ingested}, {"eventId", fmt::format("{:056}", e.id)}};
}

}  // namespace

Value filter_log_events(Context& ctx, const Value& input) {
    // 1. Validate.
    auto pattern = pattern_of(input);
    std::set<std::string> names;
    for (auto& name : input.list("logStreamNames")) names.insert(name.as_string());
    auto prefix = input.text("logStreamNamePrefix");
    if (!names.empty() && !prefix.empty()) throw logs_errors::names_and_prefix();
    auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(input.integer("limit", logs_limits::page_events), 1, logs_limits::page_events));

    // 2. Read all streams in the order of time.
    auto& store = store_of(ctx);
    auto reading = ctx.partition->read();
    auto group = require_group(ctx, reading.db(), group_name(input));
    for (auto& name : names) require_stream(ctx, reading.db(), group, name);
    auto start = std::max(input.integer("startTime", 0), group.horizon(ctx.now()));
    // Unlike GetLogEvents, an event at endTime is still in.
    auto end = input.has("endTime") ? input.integer("endTime") + 1 : INT64_MAX;
    auto place = place_of(input, start);
    Array found;
    std::size_t bytes = 0;
    for (bool more = true; more;) {
        auto events = store.read_group(reading.db(), group, start, end, place, rows_at_once);
        more = static_cast<std::int64_t>(events.size()) == rows_at_once;
        for (auto& e : events) {
            if (found.size() == limit || bytes > logs_limits::page_bytes)
                return Object{{"events", std::move(found)}, {"searchedLogStreams", Array{}}, {"nextToken", fmt::format("{}/{}", place.time, place.id)}};
            place = {e.time, e.id};
            if ((!names.empty() && !names.contains(e.stream)) || !e.stream.starts_with(prefix) || !pattern.matches(e.message)) continue;
            bytes += e.message.size() + logs_limits::event_overhead;
            found.push_back(event_answer(e));
        }
    }
    return Object{{"events", std::move(found)}, {"searchedLogStreams", Array{}}};
}

}  // namespace virga::logs
