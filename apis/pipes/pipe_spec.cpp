#include "apis/pipes/pipe_spec.hpp"

#include "apis/pipes/limits.hpp"
#include "apis/targets/http_target.hpp"

namespace virga::pipes {

PipeSpec::PipeSpec(PartitionId home_, std::string arn_, const pipe::Pipe& pipe) : name(pipe.name), arn(std::move(arn_)), created(pipe.created), modified(pipe.modified) {
    const Value& d = pipe.document;
    readable = set_source(std::string(d.text("Source")));
    home = std::move(home_);
    sender = principal;
    activity = "pipe";
    flat = true;
    role = d.text("RoleArn");
    enrichment = d.text("Enrichment");
    enrichment_parameters = d["EnrichmentParameters"];
    target_parameters = d["TargetParameters"];
    if (auto parsed = Arn::parse(d.text("Target"))) target = *parsed;
    if (enrichment_parameters.has("InputTemplate")) enrichment_template = Template::parse(enrichment_parameters.text("InputTemplate"));
    if (target_parameters.has("InputTemplate")) target_template = Template::parse(target_parameters.text("InputTemplate"));

    const Value& parameters = d["SourceParameters"][source_block(source_arn)];
    batch_size = static_cast<std::size_t>(parameters.integer("BatchSize", 1));
    window_ms = parameters.integer("MaximumBatchingWindowInSeconds") * 1000;
    retries = parameters.integer("MaximumRetryAttempts", -1);
    auto age = parameters.integer("MaximumRecordAgeInSeconds", -1);
    max_age_ms = age < 0 ? -1 : age * 1000;
    bisect = parameters.text("OnPartialBatchItemFailure") == "AUTOMATIC_BISECT";
    dead_letters = parameters["DeadLetterConfig"].text("Arn");
    for (const auto& filter : d["SourceParameters"]["FilterCriteria"].list("Filters")) add_filter(filter.text("Pattern"));
}

std::map<std::string, std::string, std::less<>> PipeSpec::variables() const {
    return {{"aws.pipes.pipe-arn", arn}, {"aws.pipes.pipe-name", name}, {"aws.pipes.source-arn", source_arn}, {"aws.pipes.enrichment-arn", enrichment}, {"aws.pipes.target-arn", target.text}};
}

std::size_t most_events(const Arn& arn) { return targets::is_http_target(arn) ? 1 : limits::target_batch(arn.service); }

std::string source_block(std::string_view source) {
    auto arn = Arn::parse(source);
    if (!arn) return source.starts_with("smk://") ? "SelfManagedKafkaParameters" : "";
    if (arn->service == "sqs") return "SqsQueueParameters";
    if (arn->service == "kinesis") return "KinesisStreamParameters";
    if (arn->service == "dynamodb") return "DynamoDBStreamParameters";
    if (arn->service == "kafka") return "ManagedStreamingKafkaParameters";
    return "";  // a broker: ActiveMQ or RabbitMQ, its ARN does not say
}

}  // namespace virga::pipes
