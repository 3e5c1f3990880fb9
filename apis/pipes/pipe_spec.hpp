// A pipe's document, read for running it, and the checks of requests.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "apis/pipes/pipe_template.hpp"
#include "apis/sources/source_spec.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/pipe/pipe_store.hpp"

namespace virga::pipes {

inline constexpr const char* principal = "pipes.amazonaws.com";

struct PipeSpec : SourceSpec {
    PipeSpec(PartitionId home, std::string arn, const pipe::Pipe& pipe);

    std::string name, arn, role;
    TimeMs created = 0;       // of the pipe: tells it from a later one of its name
    TimeMs modified = 0;
    std::string enrichment;   // ARN; empty: none
    Value enrichment_parameters, target_parameters;
    Arn target;
    std::optional<Template> enrichment_template, target_template;
    std::string dead_letters;  // ARN; empty: none
    bool readable = false;     // a kind of source that virga reads
    std::map<std::string, std::string, std::less<>> variables() const;
};

// The parameters' block of a stream or queue as source: "KinesisStreamParameters", ..; empty for other sources.
std::string source_block(std::string_view source_arn);

// The most events that one request to a target or enrichment takes; 0: as many as there are.
std::size_t most_events(const Arn& arn);

// Throws what the service says about members that do not go together. `has_service`: whether virga has a service by its model's id.
void check_document(const Value& document, const PartitionId& home, const std::function<bool(std::string_view)>& has_service);
// Fills in what a request may leave out.
void add_defaults(Value& document);

}  // namespace virga::pipes
