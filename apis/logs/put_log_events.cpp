#include "apis/logs/errors.hpp"
#include "apis/logs/limits.hpp"
#include "apis/logs/operations.hpp"
#include "apis/logs/subscription_delivery.hpp"

namespace virga::logs {

namespace {

std::vector<LogEvent> events_of(const Value& input) {
    std::vector<LogEvent> events;
    std::size_t bytes = 0;
    for (auto& e : input.list("logEvents")) {
        LogEvent event;
        event.time = e.integer("timestamp");
        event.message = e.text("message");
        bytes += event.message.size() + logs_limits::event_overhead;
        if (!events.empty() && event.time < events.back().time) throw logs_errors::not_chronological();
        events.push_back(std::move(event));
    }
    if (bytes > logs_limits::batch_bytes) throw logs_errors::batch_size();
    if (!events.empty() && events.back().time - events.front().time > logs_limits::batch_span) throw logs_errors::batch_span();
    return events;
}

// Takes away what is too new or too old, and says where: events are in order, so each kind is one end of the batch.
Value reject(std::vector<LogEvent>& events, const LogGroup& group, TimeMs now) {
    Value rejected;
    auto count = [&](TimeMs before) {
        std::int64_t n = 0;
        while (n < static_cast<std::int64_t>(events.size()) && events[static_cast<std::size_t>(n)].time < before) ++n;
        return n;
    };
    auto too_old = count(now - logs_limits::past), expired = count(group.horizon(now)), too_new = count(now + logs_limits::future + 1);
    if (too_new < static_cast<std::int64_t>(events.size())) rejected["tooNewLogEventStartIndex"] = too_new;
    if (too_old > 0) rejected["tooOldLogEventEndIndex"] = too_old;
    if (expired > 0) rejected["expiredLogEventEndIndex"] = expired;
    events.resize(static_cast<std::size_t>(too_new));
    events.erase(events.begin(), events.begin() + std::min(std::max(too_old, expired), static_cast<std::int64_t>(events.size())));
    return rejected;
}

}  // namespace

Value put_log_events(Context& ctx, const Value& input) {
    auto events = events_of(input);
    auto& store = store_of(ctx);
    auto& subscriptions = ctx.partition->part<Subscriptions>();
    auto tx = ctx.partition->write();
    auto group = require_group(ctx, tx.db(), group_name(input));
    auto stream = require_stream(ctx, tx.db(), group, input.text("logStreamName"));
    Value rejected = reject(events, group, ctx.now());
    store.append(tx.db(), group, stream, events, ctx.now());
    enqueue_matching(tx, group, stream, events, subscriptions.of(tx.db(), group), ctx.trace());
    tx.notify("log-group:" + group.name);
    tx.commit();
    Value answer = Object{{"nextSequenceToken", std::to_string(ctx.now())}};
    if (!rejected.is_null()) answer["rejectedLogEventsInfo"] = std::move(rejected);
    return answer;
}

}  // namespace virga::logs
