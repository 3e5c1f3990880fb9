// Deliveries: what a rule sends to a target, as a job that survives.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/targets/access.hpp"
#include "apis/targets/failure.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/value.hpp"
#include "emulator/bus/bus_store.hpp"
#include "emulator/world/world.hpp"

namespace virga::events {

// As whom rules call their targets.
inline constexpr const char* events_principal = "events.amazonaws.com";
inline constexpr const char* deliver_job = "events.deliver";
// Fetches a connection's first token; its payload is the connection's name.
inline constexpr const char* authorize_job = "events.authorize";

// Events of one PutEvents call that one rule sends to one target. The target is a copy: what becomes of the rule later does not
// touch what was accepted.
struct Delivery {
    std::string rule_arn, rule_name;
    Value target;
    TimeMs arrival = 0;
    int waits = 0;    // runs of the job that only waited for a place in the target's rate: no attempts
    TimeMs slot = 0;  // that place, 0 when none
    std::vector<std::string> events;  // envelopes

    // The job's payload: a line of JSON {"rule", "name", "arrival", "waits", "slot", "target", "sizes"}, then the events' bytes one after the other.
    std::string write() const;
    static Delivery read(std::string_view payload);
};

// Collects what matched, then enqueues it in one transaction: a job for each rule, target and trace. Events of an archive's rule are
// written to the archive instead.
class Outbox {
public:
    // Jobs of one lane run one after the other; replays have one for each target.
    explicit Outbox(std::string lane = {}) : lane_(std::move(lane)) {}
    void add(const bus::RulePtr& rule, const std::string& envelope, TimeMs arrival, const TraceContext& trace);
    bool empty() const { return batches_.empty() && again_.empty(); }
    // Sends what goes to standard queues of the partition itself, and keeps for enqueue() what did not arrive. `partition` is the bus's.
    Task<> deliver_near(std::shared_ptr<Partition> partition);
    void enqueue(Transaction& tx);

private:
    struct Batch {
        bus::RulePtr rule;
        std::size_t target;
        TraceContext trace;
        TimeMs arrival;
        std::vector<std::string> events;
    };
    static Delivery delivery_of(const Batch& batch, std::vector<std::string> events);
    NewJob job_of(const Batch& batch, const Delivery& delivery);
    void enqueue_job(Transaction& tx, const Batch& batch, std::vector<std::string> events);
    std::string lane_;
    std::vector<Batch> batches_;
    std::vector<NewJob> again_;
};

using targets::Failure;
using targets::Outcome;

// Throws when a target's role does not let events_principal take it on. target_access.cpp
Task<> check_role(Context& ctx, const Value& target);

// Calls the target's service; one outcome for each event. target_call.cpp
Task<std::vector<Outcome>> send(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, TraceContext trace);

// Puts an event that could not be delivered into the target's dead-letter queue, when it has one. dead_letter.cpp
// `exhausted`: which part of the retry policy ended it, empty when none did.
Task<> send_to_dead_letters(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, std::size_t event, Failure failure, int retries,
                            std::string exhausted, TraceContext trace);

// One try of all events. What is hopeless goes to the dead letters; what may succeed later comes back.
struct Again {
    std::optional<Delivery> rest;  // nothing: all is done
    TimeMs at = 0;
};
Task<Again> attempt(std::shared_ptr<Partition> partition, std::shared_ptr<const Delivery> delivery, int retries, TraceContext trace);

// Enqueues what a schedule sends: "Scheduled Event", of the instant `at`, to the rule's own targets. `cause` tells apart what sends it.
void send_scheduled_event(Partition& partition, Transaction& tx, const bus::RulePtr& rule, TimeMs at, const std::string& cause);

// /_aws/events/rules/{arn}/trigger, as LocalStack has it: GET or POST lets a scheduled rule fire now. trigger_route.cpp
HttpRoute trigger_route(World& world);

// The handlers of the kinds of jobs.
Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job);
Task<JobOutcome> fire_schedule(std::shared_ptr<Partition> partition, Job job);
Task<JobOutcome> run_replay(std::shared_ptr<Partition> partition, Job job);
Task<JobOutcome> run_authorize(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::events
