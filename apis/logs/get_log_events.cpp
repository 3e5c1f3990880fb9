#include <algorithm>
#include <cstdio>

#include "apis/logs/errors.hpp"
#include "apis/logs/limits.hpp"
#include "apis/logs/operations.hpp"

namespace virga::logs {

namespace {

// "f/<time>/<id>": everything after that place; "b/...": everything before it.
struct Token {
    bool forward = false;
    LogPlace place;
};

std::string write_token(char direction, LogPlace place) { return std::string(1, direction) + "/" + std::to_string(place.time) + "/" + std::to_string(place.id); }

Token read_token(const std::string& text) {
    Token token;
    char direction = 0;
    long long time = 0, id = 0;
    if (std::sscanf(text.c_str(), "%c/%lld/%lld", &direction, &time, &id) != 3 || (direction != 'f' && direction != 'b')) throw logs_errors::bad_token();
    token.forward = direction == 'f';
    token.place = {time, id};
    return token;
}

}  // namespace

Value get_log_events(Context& ctx, const Value& input) {
    // 1. Validate.
    std::optional<Token> token;
    if (input.has("nextToken")) token = read_token(std::string(input.text("nextToken")));
    bool forward = token ? token->forward : input.flag("startFromHead");
    auto limit = std::clamp<std::int64_t>(input.integer("limit", logs_limits::page_events), 1, logs_limits::page_events);

    // 2. Read: the newest page unless asked otherwise, ascending in itself.
    auto& store = store_of(ctx);
    auto reading = ctx.partition->read();
    auto group = require_group(ctx, reading.db(), group_name(input));
    auto stream = require_stream(ctx, reading.db(), group, input.text("logStreamName"));
    auto start = std::max(input.integer("startTime", 0), group.horizon(ctx.now()));
    auto end = input.integer("endTime", INT64_MAX);
    std::optional<LogPlace> place;
    if (token) place = token->place;
    auto events = forward ? store.read_forward(reading.db(), stream, start, end, place, limit) : store.read_backward(reading.db(), stream, start, end, place, limit);

    // 3. Answer: at an end of the stream the token of that direction repeats itself.
    LogPlace first = place.value_or(LogPlace{start, 0}), last = first;
    if (!events.empty()) {
        first = {events.front().time, events.front().id};
        last = {events.back().time, events.back().id};
    }
    Array shown;
    for (auto& e : events) shown.push_back(Object{{"timestamp", e.time}, {"message", e.message}, {"ingestionTime", e.ingested}});
    return Object{{"events", std::move(shown)}, {"nextForwardToken", write_token('f', last)}, {"nextBackwardToken", write_token('b', first)}};
}

}  // namespace virga::logs
