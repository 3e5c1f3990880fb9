#include <fmt/core.h>

#include <map>

#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/event_envelope.hpp"
#include "emulator/bus/json_path.hpp"
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

// Why an entry is refused: {ErrorCode, ErrorMessage}.
struct Refusal {
    const char* code;
    std::string message;
};

std::optional<Refusal> check_entry(const Context& ctx, const Value& entry) {
    for (const char* member : {"Source", "DetailType", "Detail"})
        if (entry.text(member).empty())
            return Refusal{"InvalidArgument", fmt::format("Parameter {0} is not valid. Reason: {0} is a required argument.", member)};
    // Only AWS itself speaks as "aws.": services inside the emulator do.
    if (entry.text("Source").starts_with("aws.") && ctx.call.principal.service.empty())
        return Refusal{"NotAuthorizedForSourceException", "Not authorized for the source."};
    return {};
}

// One call's events, gathered by the partition their bus is in.
class Publishing {
public:
    explicit Publishing(Context& ctx) : ctx_(ctx), now_(ctx.now()) {}

    // The entry's answer.
    Value publish(const Value& entry) {
        // An event from another bus comes as it is, from inside only.
        if (!ctx_.call.principal.service.empty() && entry.has("InternalMetadata")) {
            std::string envelope(entry.text("InternalMetadata"));
            accept(entry, envelope);
            return Object{{"EventId", bus::json_as_text(bus::JsonPath::parse("$.id")->select(envelope).value_or("\"\""))}};
        }
        auto refusal = check_entry(ctx_, entry);
        std::string id = ctx_.random.uuid();
        std::optional<std::string> envelope;
        if (!refusal) {
            bus::EventParts parts;
            parts.id = id;
            parts.detail_type = entry.text("DetailType");
            parts.source = entry.text("Source");
            parts.account = ctx_.account();
            parts.region = ctx_.region();
            parts.time = entry["Time"].is_timestamp() ? entry["Time"].as_time() : now_;
            for (const auto& r : entry.list("Resources")) parts.resources.push_back(r.as_string());
            parts.detail = entry.text("Detail");
            envelope = bus::write_envelope(parts);
            if (!envelope) refusal = Refusal{"MalformedDetail", "Detail is malformed."};
        }
        if (refusal) {
            ++failed_;
            return Object{{"ErrorCode", refusal->code}, {"ErrorMessage", refusal->message}};
        }
        accept(entry, *envelope);
        return Object{{"EventId", id}};
    }

    // Deliveries of all entries become durable before the caller hears that they were accepted.
    void commit() {
        for (auto& [partition, outbox] : outboxes_) {
            if (outbox.empty()) continue;
            auto tx = partition->write();
            outbox.enqueue(tx);
            tx.commit();
        }
    }

    std::int64_t failed() const { return failed_; }

private:
    // An unknown bus swallows the event, as the real one does.
    void accept(const Value& entry, const std::string& envelope) {
        BusRef ref = bus_ref(ctx_, entry.text("EventBusName"));
        if (ctx_.resource.empty()) ctx_.resource = ref.buses->bus_arn(ref.name);
        std::vector<bus::RulePtr> rules;
        ref.buses->match(ref.name, envelope, rules);
        TraceContext trace = ctx_.trace();
        if (entry.has("TraceHeader"))
            if (auto own = TraceContext::parse(entry.text("TraceHeader")); !own.empty()) trace = own;
        for (const auto& rule : rules) outboxes_[ref.partition].add(rule, envelope, now_, trace);
    }

    Context& ctx_;
    TimeMs now_;
    std::int64_t failed_ = 0;
    std::map<std::shared_ptr<Partition>, Outbox> outboxes_;
};

}  // namespace

// The service's own front prints entries in its own way, so the count is checked before the model's constraints.
void check_entry_count(const Value& input) {
    const auto& entries = input.list("Entries");
    if (!input.has("Entries") || (entries.size() >= 1 && entries.size() <= 10)) return;
    std::string printed;
    for (const auto& e : entries) printed += (printed.empty() ? "" : ", ") + print_entry(e);
    throw bus::errors::wrong_entry_count(printed, entries.size() > 10);
}

Value put_events(Context& ctx, const Value& input) {
    // 1. Validate
    if (input.has("EndpointId")) throw ApiError("NotImplemented", 501, "virga does not support PutEvents with EndpointId.");
    std::size_t bytes = 0;
    for (const auto& entry : input.list("Entries")) bytes += entry_bytes(entry);
    if (bytes > bus::limits::put_events_bytes) throw bus::errors::entries_too_large();
    // 2. Match, entry by entry
    Publishing publishing(ctx);
    Array results;
    for (const auto& entry : input.list("Entries")) results.push_back(publishing.publish(entry));
    // 3. Act
    publishing.commit();
    // 4. Answer
    return Object{{"FailedEntryCount", publishing.failed()}, {"Entries", std::move(results)}};
}

}  // namespace virga::events
