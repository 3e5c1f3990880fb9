#include <fmt/core.h>

#include "apis/events/operations.hpp"
#include "apis/events/publishing.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::events {

namespace {

// An entry as the service prints it in its own error, absent members as null.
std::string print_entry(const Value& entry) {
    auto text = [&](const char* member) { return entry.has(member) ? std::string(entry.text(member)) : std::string("null"); };
    std::string resources = "null";
    if (entry.has("Resources")) {
        resources = "[";
        for (const auto& r : entry.list("Resources")) resources += (resources.size() > 1 ? ", " : "") + r.as_string();
        resources += "]";
    }
    std::string time = entry["Time"].is_timestamp() ? std::to_string(entry["Time"].as_time() / 1000) : "null";
    return fmt::format("PutEventsRequestEntry(time={}, source={}, resources={}, detailType={}, detail={}, eventBusName={}, traceHeader={}, "
                       "kmsKeyIdentifier=null, internalMetadata=null)",
                       time, text("Source"), resources, text("DetailType"), text("Detail"), text("EventBusName"), text("TraceHeader"));
}

std::size_t entry_bytes(const Value& entry) {
    std::size_t n = entry.has("Time") ? bus::limits::event_time_bytes : 0;
    for (const char* member : {"Source", "DetailType", "Detail"}) n += entry.text(member).size();
    for (const auto& r : entry.list("Resources")) n += r.as_string().size();
    return n;
}

}  // namespace

// The service's own front prints entries in its own way, so the count is checked before the model's constraints.
void check_entry_count(const Value& input) {
    const auto& entries = input.list("Entries");
    if (!input.has("Entries") || (entries.size() >= 1 && entries.size() <= 10)) return;
    std::string printed;
    for (const auto& e : entries) printed += (printed.empty() ? "" : ", ") + print_entry(e);
    throw bus::errors::wrong_entry_count(printed, entries.size() > 10);
}

Task<Value> put_events(Context& ctx, const Value& input) {
    // 1. Validate
    std::size_t bytes = 0;
    for (const auto& entry : input.list("Entries")) bytes += entry_bytes(entry);
    if (bytes > bus::limits::put_events_bytes) throw bus::errors::entries_too_large();
    std::optional<EndpointRoute> route;
    if (input.has("EndpointId")) route = route_by_endpoint(ctx, input.text("EndpointId"));
    // 2. Match, entry by entry
    Publishing publishing(ctx);
    Array results;
    results.reserve(input.list("Entries").size());
    for (const auto& entry : input.list("Entries")) results.push_back(publishing.publish(entry, route ? &*route : nullptr));
    // 3. Act
    Task<> delivering = publishing.deliver_near_and_commit();
    co_await std::move(delivering);
    // 4. Answer
    Value answer = Object{{"FailedEntryCount", publishing.failed()}, {"Entries", std::move(results)}};
    co_return answer;
}

}  // namespace virga::events
