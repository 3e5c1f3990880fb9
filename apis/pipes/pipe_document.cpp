#include "apis/pipes/pipe_document.hpp"

#include "apis/pipes/errors.hpp"

namespace virga::pipes {

namespace {

constexpr const char* timestamp = "StartingPositionTimestamp";

// Instants are milliseconds in the document.
void store_times(Value& parameters) {
    Value* p = parameters.is_object() ? parameters.as_object().find("KinesisStreamParameters") : nullptr;
    if (p && p->has(timestamp) && (*p)[timestamp].is_timestamp()) (*p)[timestamp] = (*p)[timestamp].as_time();
}

void show_times(Value& parameters) {
    Value* p = parameters.is_object() ? parameters.as_object().find("KinesisStreamParameters") : nullptr;
    if (p && p->has(timestamp)) (*p)[timestamp] = Timestamp{p->integer(timestamp)};
}

// What Update cannot change is kept: a stream's starting position.
void merge_source(Value& before, const Value& given) {
    if (before.is_null()) before = Object();
    for (const auto& [name, value] : given.as_object()) {
        Value next = value;
        for (const char* kept : {"StartingPosition", timestamp, "QueueName", "VirtualHost", "TopicName", "ConsumerGroupID", "AdditionalBootstrapServers"})
            if (before[name].has(kept) && !next.has(kept)) next[kept] = before[name][kept];
        before[name] = std::move(next);
    }
}

// Parameters of a target of another service are of no use to the new one; the template stays.
void leave_target(Value& d, std::string_view next) {
    auto before = Arn::parse(d.text("Target")), after = Arn::parse(next);
    if (!before || !after || before->service == after->service || !d.has("TargetParameters")) return;
    Value kept = Object();
    if (d["TargetParameters"].has("InputTemplate")) kept["InputTemplate"] = d["TargetParameters"]["InputTemplate"];
    d["TargetParameters"] = std::move(kept);
}

}  // namespace

Value summary(const pipe::Pipes& pipes, const pipe::Pipe& p, const char* state) {
    return Object{{"Arn", pipes.arn(p.name)},
                  {"Name", p.name},
                  {"DesiredState", p.desired},
                  {"CurrentState", state ? std::string(state) : p.state},
                  {"CreationTime", Timestamp{p.created}},
                  {"LastModifiedTime", Timestamp{p.modified}}};
}

Value description(const pipe::Pipes& pipes, const pipe::Pipe& p) {
    Value out = summary(pipes, p);
    if (!p.reason.empty()) out["StateReason"] = p.reason;
    for (const auto& [name, value] : p.document.as_object()) out[name] = value;
    if (out.has("SourceParameters")) show_times(out["SourceParameters"]);
    Value tags = Object();
    for (const auto& [key, value] : p.tags) tags[key] = value;
    out["Tags"] = std::move(tags);
    return out;
}

void apply(Value& d, const Value& input) {
    if (input.has("Target")) leave_target(d, input.text("Target"));
    for (const char* member : {"Description", "Source", "Target", "RoleArn", "Enrichment", "EnrichmentParameters", "LogConfiguration", "KmsKeyIdentifier"})
        if (input.has(member)) d[member] = input[member];
    if (d.has("Enrichment") && d.text("Enrichment").empty()) {
        d.as_object().erase("Enrichment");
        d.as_object().erase("EnrichmentParameters");
    }
    if (input.has("KmsKeyIdentifier") && input.text("KmsKeyIdentifier").empty()) d.as_object().erase("KmsKeyIdentifier");
    if (input.has("SourceParameters")) {
        merge_source(d["SourceParameters"], input["SourceParameters"]);
        store_times(d["SourceParameters"]);
    }
    if (!input.has("TargetParameters")) return;
    Value& target = d["TargetParameters"];
    if (target.is_null()) target = Object();
    for (const auto& [name, value] : input["TargetParameters"].as_object()) {
        if (name == "InputTemplate" && value.is_string() && value.as_string().empty()) target.as_object().erase(name);
        else target[name] = value;
    }
}

pipe::Pipe require_pipe(Context& ctx, Database& db, const pipe::Pipes& pipes, const Value& input) {
    ctx.resource = pipes.arn(input.text("Name"));
    auto found = pipes.find(db, input.text("Name"));
    if (!found) throw errors::no_such_pipe(input.text("Name"));
    return *found;
}

}  // namespace virga::pipes
