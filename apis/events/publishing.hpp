// One call's events on their way from the entries to the jobs that deliver them.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/events/delivery.hpp"
#include "apis/events/endpoint.hpp"

namespace virga::events {

class Publishing {
public:
    explicit Publishing(Context& ctx) : ctx_(ctx), now_(ctx.now()), trace_(ctx.trace()) {}

    // Matches the entry against its bus and answers for it. `route`: the global endpoint it came by, null when by none.
    Value publish(const Value& entry, const EndpointRoute* route = nullptr);
    // The same for a partner's entry, on the buses of those of `accounts` that have activated the source.
    [[gnu::cold]] Value publish_partner(const Value& entry, const std::vector<std::string>& accounts);

    // Deliveries of all entries become durable before the caller hears that they were accepted: one transaction for each partition.
    void commit();
    // Before that, what goes to queues of the bus's own partition is delivered at once; what fails there becomes a job like the rest.
    Task<> deliver_near_and_commit();

    std::int64_t failed() const { return failed_; }

private:
    struct Refusal {
        const char* code;
        std::string message;
    };
    Value refuse(Refusal refusal);
    std::optional<Refusal> check_members(const Value& entry) const;
    std::optional<Refusal> check_source(const Value& entry) const;
    Value forward(const Value& entry);
    std::optional<std::string> envelope_of(const Value& entry, const std::string& id, const Partition& of) const;
    std::optional<Refusal> accept(const Value& entry, const Partition* at, const std::string& bus, const std::string& envelope);
    void match(const std::shared_ptr<Partition>& partition, const std::string& bus, const std::string& envelope, const Value& entry);
    [[gnu::cold]] void replicate(const Value& entry, const EndpointRoute& route, const std::string& bus, const std::string& envelope);

    Context& ctx_;
    TimeMs now_;
    TraceContext trace_;
    std::int64_t failed_ = 0;
    std::map<std::shared_ptr<Partition>, Outbox> outboxes_;
};

}  // namespace virga::events
