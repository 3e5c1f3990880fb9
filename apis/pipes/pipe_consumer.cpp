// A batch on its way through a pipe: records -> events -> enrichment -> target.
#include <algorithm>
#include <array>

#include "apis/pipes/limits.hpp"
#include "apis/pipes/pipe_runs.hpp"
#include "apis/pipes/target_calls.hpp"
#include "apis/sources/failed_items.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/world/retry.hpp"

namespace virga::pipes {

namespace {

using Variables = std::map<std::string, std::string, std::less<>>;
using Kind = BatchResult::Kind;

constexpr Backoff backoff{1'000, 900'000};

// What became of a batch, and the answer of 4xx that ended it: the target or enrichment is not there or refuses what it gets.
struct Processed {
    BatchResult result;
    std::optional<ApiError> refusal;
};

// Failures that are the customer's code at work, whatever status they are told with.
constexpr std::array<std::string_view, 5> no_refusals = {function_failed, execution_failed, enrichment_failed, "ERROR_FROM_TARGET", "TIMEOUT"};

// Failures of the emulated services themselves are not counted as tries.
Processed failed(const ApiError& error) {
    Processed out;
    out.result.kind = may_pass(error) ? Kind::throttled : Kind::failed;
    bool refusal = out.result.kind == Kind::failed && error.status / 100 == 4 && std::find(no_refusals.begin(), no_refusals.end(), error.code) == no_refusals.end();
    if (refusal) out.refusal = error;
    return out;
}

Processed all_failed() {
    Processed out;
    out.result.kind = Kind::failed;
    return out;
}

std::string filled(const std::optional<Template>& t, const Event& event, const Variables& variables) { return t ? t->fill(event, variables) : event.text; }

// What an enrichment answered: the events to go on with. Nothing is left of "", {}, [] and null.
std::vector<Event> enriched(const std::string& response) {
    std::vector<Event> out;
    Value v;
    if (response.empty()) return out;
    if (!json::try_parse(response, v)) v = response;
    bool nothing = v.is_null() || (v.is_string() && v.as_string().empty()) || (v.is_object() && v.as_object().empty());
    if (nothing) return out;
    if (!v.is_array()) v = Array{Value(std::move(v))};
    for (const auto& element : v.as_array()) out.push_back(Event::of(element));
    return out;
}

struct Enriched {
    std::optional<ApiError> error;
    std::vector<Event> events;
};

Value enrichment_request(const PipeSpec& spec, const std::vector<Event>& events, const Variables& variables) {
    std::vector<std::string> texts;
    for (const auto& e : events) texts.push_back(filled(spec.enrichment_template, e, variables));
    auto payload = json_array(texts);
    if (Arn::parse(spec.enrichment)->service == "states") return Object{{"stateMachineArn", spec.enrichment}, {"input", std::move(payload)}};
    return Object{{"FunctionName", spec.enrichment}, {"InvocationType", "RequestResponse"}, {"Payload", Bytes{std::move(payload)}}};
}

Task<Enriched> enrich(World* world, std::shared_ptr<const PipeSpec> spec, std::vector<Event> events, Variables variables, TraceContext trace) {
    Enriched out;
    auto arn = *Arn::parse(spec->enrichment);
    if (targets::is_http_target(arn)) {
        HttpCall http{arn, spec->enrichment_parameters["HttpParameters"], events.front(), filled(spec->enrichment_template, events.front(), variables)};
        Task<HttpAnswer> calling = call_http(world, spec, std::move(http), trace);
        HttpAnswer answer = co_await std::move(calling);
        out.error = std::move(answer.error);
        if (!out.error) out.events = enriched(answer.body);
        co_return out;
    }
    bool machine = arn.service == "states";
    Value request = enrichment_request(*spec, events, variables);
    Call call = service_call(arn.service, machine ? "StartSyncExecution" : "Invoke", {arn.account, arn.region}, principal, std::move(request), trace);
    Task<Reply> calling = world->calls->call(std::move(call));
    Reply reply = co_await std::move(calling);
    out.error = reply.error;
    if (reply.error) co_return out;
    std::string response(reply.output.text("output"));
    if (reply.output.has("Payload") && reply.output["Payload"].is_bytes()) response = reply.output["Payload"].as_bytes();
    if (reply.output.has("FunctionError") || reply.output.text("status", "SUCCEEDED") != "SUCCEEDED") out.error.emplace(enrichment_failed, 400, response);
    else out.events = enriched(response);
    co_return out;
}

// What a target's answer means for the records. Single failures are known only while there is an event for each record.
Processed result_of(const std::vector<SourceRecord>& records, std::size_t events, const TargetResult& target) {
    Processed out;
    BatchResult& result = out.result;
    if (target.error) return failed(*target.error);
    if (!target.failed.empty()) {
        if (events != records.size()) return all_failed();
        for (auto i : target.failed)
            if (i < records.size()) result.failures.push_back(records[i].id);
        return out;
    }
    // A function may name records by message id, event id or sequence number.
    std::vector<std::string> known;
    for (const auto& r : records) {
        known.push_back(r.id);
        known.emplace_back(r.event.text("eventID", r.id));
    }
    auto named = failed_items(target.response, known);
    if (!named) return all_failed();
    for (const auto& r : records)
        for (const auto& id : *named)
            if (id == r.id || id == r.event.text("eventID")) result.failures.push_back(r.id);
    return out;
}

Task<Processed> process_batch(World* world, std::shared_ptr<const PipeSpec> spec, std::vector<SourceRecord> records) {
    TraceContext trace = records.front().trace;
    Variables variables = spec->variables();
    variables["aws.pipes.event.ingestion-time"] = iso8601(world->clock.now(), true);
    std::vector<Event> events;
    for (const auto& r : records) events.push_back(Event::of(r.event));
    if (!spec->enrichment.empty()) {
        Task<Enriched> enriching = enrich(world, spec, std::move(events), variables, trace);
        Enriched answer = co_await std::move(enriching);
        if (answer.error) {
            Processed refused = failed(*answer.error);
            co_return refused;
        }
        events = std::move(answer.events);
        if (events.empty()) co_return Processed();
        auto most = most_events(spec->target);
        if (most > 0 && events.size() > most) co_return all_failed();
    }
    std::vector<Outgoing> outgoing;
    for (auto& e : events) {
        std::string input = filled(spec->target_template, e, variables);
        outgoing.push_back({std::move(e), std::move(input)});
    }
    std::size_t count = outgoing.size();
    Task<TargetResult> calling = call_target(world, spec, std::move(outgoing), trace);
    TargetResult target = co_await std::move(calling);
    Processed processed = result_of(records, count, target);
    co_return processed;
}

// Counts refusals in a row; what a batch with another end means for them.
class Refusals {
public:
    // The reason to stop for, when there were enough of them for long enough.
    std::optional<std::string> note(const Processed& processed, TimeMs now) {
        std::lock_guard lock(mutex_);
        if (processed.result.kind == Kind::throttled) return {};  // says nothing of the target's will
        if (!processed.refusal) {
            count_ = 0;
            return {};
        }
        if (count_++ == 0) since_ = now;
        if (count_ < limits::refusals || now - since_ < limits::refused_for_ms) return {};
        return "The pipe was stopped because its target or enrichment keeps refusing: " + processed.refusal->code + ": " + processed.refusal->message;
    }

private:
    std::mutex mutex_;
    int count_ = 0;
    TimeMs since_ = 0;
};

class PipeConsumer : public SourceConsumer {
public:
    PipeConsumer(World& world, std::shared_ptr<const PipeSpec> spec) : world_(world), spec_(std::move(spec)), home_(world.partition(spec_->home)) {}

    Task<BatchResult> process(std::vector<SourceRecord> records) override {
        Task<Processed> processing = process_batch(&world_, spec_, std::move(records));
        Processed processed = co_await std::move(processing);
        if (auto reason = refusals_.note(processed, world_.clock.now())) home_->part<PipeRuns>().give_up(*spec_, *reason);
        co_return processed.result;
    }

    std::vector<std::pair<std::string, std::string>> checkpoints(Database& db) const override { return store().checkpoints(db, spec_->name); }
    void put_checkpoint(Database& db, const std::string& shard, const std::string& position) override {
        store().put_checkpoint(db, spec_->name, spec_->created, shard, position);
    }
    std::string role(Database&) const override { return spec_->role; }

    std::optional<NewJob> letter(const std::string& shard, const std::vector<SourceRecord>& records, const char* condition, const BatchResult&, std::int64_t count,
                                 TimeMs now) const override {
        if (spec_->dead_letters.empty()) return {};
        bool kinesis = spec_->source == SourceSpec::Source::kinesis;
        Value body = Object{{"context", Object{{"partnerResourceArn", spec_->arn}, {"condition", condition}, {"approximateInvokeCount", count}}},
                            {"version", "1.0"},
                            {"timestamp", iso8601(now, true)},
                            {kinesis ? "KinesisBatchInfo" : "DDBStreamBatchInfo",
                             Object{{"shardId", shard},
                                    {"startSequenceNumber", records.front().id},
                                    {"endSequenceNumber", records.back().id},
                                    {"approximateArrivalOfFirstRecord", iso8601(records.front().arrived, kinesis)},
                                    {"approximateArrivalOfLastRecord", iso8601(records.back().arrived, kinesis)},
                                    {"batchSize", static_cast<std::int64_t>(records.size())},
                                    {"streamArn", spec_->source_arn}}}};
        NewJob job;
        job.kind = letter_job;
        job.resource = spec_->arn;
        job.payload = json::write(Object{{"target", spec_->dead_letters}, {"body", json::write(body)}});
        job.trace = records.front().trace;
        return job;
    }

private:
    // The part was made before the pipe: finding it takes no lock.
    pipe::Pipes& store() const { return home_->part<pipe::Pipes>(); }
    World& world_;
    std::shared_ptr<const PipeSpec> spec_;
    std::shared_ptr<Partition> home_;
    Refusals refusals_;
};

}  // namespace

std::shared_ptr<SourceConsumer> pipe_consumer(World& world, std::shared_ptr<const PipeSpec> spec) { return std::make_shared<PipeConsumer>(world, std::move(spec)); }

Task<JobOutcome> send_letter(std::shared_ptr<Partition> partition, Job job) {
    constexpr int tries = 3;
    World& world = partition->world();
    Value letter = json::parse(job.payload);
    auto target = Arn::parse(letter.text("target"));
    if (!target) co_return JobOutcome::finished();
    bool queue = target->service == "sqs";
    Value input = queue ? Value(Object{{"QueueUrl", world.options.endpoint + "/" + target->account + "/" + target->resource}, {"MessageBody", letter["body"]}})
                        : Value(Object{{"TopicArn", target->text}, {"Message", letter["body"]}});
    Call call = service_call(target->service, queue ? "SendMessage" : "Publish", {target->account, target->region}, principal, std::move(input), job.trace);
    Task<Reply> sending = world.calls->call(std::move(call));
    Reply reply = co_await std::move(sending);
    if (!reply.error || !may_pass(*reply.error) || job.attempt >= tries) co_return JobOutcome::finished();
    co_return JobOutcome::retry(world.clock.now() + backoff.after(job.attempt, world.random.derive(job.trace.parent, job.resource + std::to_string(job.attempt))));
}

}  // namespace virga::pipes
