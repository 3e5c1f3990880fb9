#include <algorithm>
#include <array>

#include "apis/pipes/errors.hpp"
#include "apis/pipes/limits.hpp"
#include "apis/pipes/pipe_spec.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/base/json.hpp"

namespace virga::pipes {

namespace {

constexpr std::array<std::string_view, 7> source_blocks = {"SqsQueueParameters",       "KinesisStreamParameters",       "DynamoDBStreamParameters",  "ManagedStreamingKafkaParameters",
                                                           "ActiveMQBrokerParameters", "RabbitMQBrokerParameters", "SelfManagedKafkaParameters"};

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
constexpr std::array<std::string_view, 16> targets_of_pipes = {"batch",    "ecs",    "events",  "execute-api", "firehose",            "inspector", "kinesis", "lambda",
                                                               "logs",     "redshift", "redshift-serverless", "sagemaker", "sns", "sqs", "states", "timestream"};

struct TargetBlock {
    std::string_view member, service;
    bool required;
};
constexpr TargetBlock target_blocks[] = {{"LambdaFunctionParameters", "lambda", false},
                                         {"StepFunctionStateMachineParameters", "states", false},
                                         {"KinesisStreamParameters", "kinesis", true},
                                         {"EcsTaskParameters", "ecs", true},
                                         {"BatchJobParameters", "batch", true},
                                         {"SqsQueueParameters", "sqs", false},
                                         {"RedshiftDataParameters", "redshift", true},
                                         {"SageMakerPipelineParameters", "sagemaker", false},
                                         {"EventBridgeEventBusParameters", "events", false},
                                         {"CloudWatchLogsParameters", "logs", false},
                                         {"TimestreamParameters", "timestream", true}};

void check_filters(const Value& criteria) {
    for (const auto& filter : criteria.list("Filters")) {
        Value pattern;
        if (!json::try_parse(filter.text("Pattern"), pattern)) throw errors::bad_pattern();
        try {
            bus::Pattern::compile(filter.text("Pattern"));
        } catch (const bus::PatternError& e) {
            throw errors::bad_pattern(e.reason);
        }
    }
}

bool is_broker(const Value& d) {
    auto arn = Arn::parse(d.text("Source"));
    return arn && arn->service == "mq";
}

void check_source(const Value& d, const PartitionId& home) {
    auto block = source_block(d.text("Source"));
    if (block.empty() && !is_broker(d)) throw errors::bad_source_parameters();
    const Value& parameters = d["SourceParameters"];
    for (auto other : source_blocks)
        if (parameters.has(other) && other != block && !(is_broker(d) && other.ends_with("BrokerParameters"))) throw errors::bad_source_parameters();
    if ((block == "KinesisStreamParameters" || block == "DynamoDBStreamParameters") && !parameters[block].has("StartingPosition")) throw errors::missing_source_parameters(block);
    if (parameters[block].text("StartingPosition") == "AT_TIMESTAMP" && !parameters[block].has("StartingPositionTimestamp"))
        throw errors::missing_source_parameters("KinesisStreamParameters.StartingPositionTimestamp");
    check_filters(parameters["FilterCriteria"]);
    if (auto arn = Arn::parse(d.text("Source")); arn && arn->region != home.region) throw errors::foreign_region();
}

using HasService = std::function<bool(std::string_view)>;

void check_template(const Value& parameters) {
    if (parameters.has("InputTemplate") && !Template::parse(parameters.text("InputTemplate"))) throw errors::bad_placeholder();
}

void check_enrichment(const Value& d, const PartitionId& home, const HasService& has_service) {
    check_template(d["EnrichmentParameters"]);
    if (d.text("Enrichment").empty()) return;
    auto arn = Arn::parse(d.text("Enrichment"));
    bool http = arn && targets::is_http_target(*arn);
    if (!arn || (!http && arn->service != "lambda" && arn->service != "states")) throw errors::bad_enrichment();
    if (arn->region != home.region) throw errors::foreign_region();
    if (!http && !has_service(arn->service)) throw errors::not_implemented("enrichment of pipes by " + arn->text);
}

void check_target(const Value& d, const PartitionId& home, const HasService& has_service) {
    auto arn = Arn::parse(d.text("Target"));
    const Value& parameters = d["TargetParameters"];
    check_template(parameters);
    if (!arn) throw errors::bad_target_parameters();
    if (std::find(targets_of_pipes.begin(), targets_of_pipes.end(), arn->service) == targets_of_pipes.end()) throw errors::bad_target_parameters();
    if (arn->region != home.region) throw errors::foreign_region();
    if (arn->service == "sns" && arn->resource.ends_with(".fifo")) throw errors::fifo_topic();
    const std::string_view service = arn->service == "redshift-serverless" ? "redshift" : std::string_view(arn->service);
    for (const auto& block : target_blocks) {
        if (parameters.has(block.member) && block.service != service) throw errors::bad_target_parameters();
        if (!parameters.has(block.member) && block.service == service && block.required) throw errors::missing_target_parameters(block.member);
    }
    if (arn->service == "sqs" && arn->resource.ends_with(".fifo") && !parameters["SqsQueueParameters"].has("MessageGroupId"))
        throw errors::missing_target_parameters("SqsQueueParameters");
    constexpr std::array<std::string_view, 8> reached = {"lambda", "states", "kinesis", "sqs", "sns", "events", "logs", "firehose"};
    if (targets::is_http_target(*arn)) return;
    if (parameters.has("HttpParameters")) throw errors::bad_target_parameters();
    bool no_bus = arn->service == "events" && !arn->resource.starts_with("event-bus/");
    if (std::find(reached.begin(), reached.end(), arn->service) == reached.end() || no_bus || !has_service(arn->service))
        throw errors::not_implemented("targets of pipes like " + arn->text);
}

void check_logging(const Value& logging) {
    if (logging.is_null() || logging.text("Level") == "OFF") return;
    if (!logging.has("S3LogDestination") && !logging.has("FirehoseLogDestination") && !logging.has("CloudwatchLogsLogDestination")) throw errors::no_log_destination();
    auto format = logging["S3LogDestination"].text("OutputFormat", "json");
    if (format != "json") throw errors::bad_log_format();
}

// Of one batch: what its target takes, and what its enrichment does when that is no function or state machine.
std::size_t most_of_batch(const Value& d) {
    std::size_t most = 0;
    for (const char* member : {"Enrichment", "Target"}) {
        auto arn = Arn::parse(d.text(member));
        std::size_t one = arn ? most_events(*arn) : 0;
        if (one > 0 && (most == 0 || one < most)) most = one;
    }
    return most;
}

}  // namespace

void check_document(const Value& d, const PartitionId& home, const HasService& has_service) {
    check_source(d, home);
    check_enrichment(d, home, has_service);
    check_target(d, home, has_service);
    auto size = d["SourceParameters"][source_block(d.text("Source"))].integer("BatchSize");
    if (auto most = most_of_batch(d); most > 0 && size > static_cast<std::int64_t>(most)) throw errors::batch_too_big(size, most);
    check_logging(d["LogConfiguration"]);
}

// A batch that the request says nothing about is as big as source and target both like it.
void add_defaults(Value& d) {
    auto block = source_block(d.text("Source"));
    if (block.empty()) return;
    Value& all = d["SourceParameters"];
    if (all.is_null()) all = Object();
    Value& p = all[block];
    if (p.is_null()) p = Object();
    bool queue = block == "SqsQueueParameters";
    std::size_t most = most_of_batch(d);
    if (!p.has("BatchSize")) p["BatchSize"] = static_cast<std::int64_t>(most > 0 ? std::min<std::size_t>(queue ? 10 : 100, most) : queue ? 10 : 100);
    if (block != "KinesisStreamParameters" && block != "DynamoDBStreamParameters") return;
    for (auto [member, value] : {std::pair{"MaximumRecordAgeInSeconds", -1}, std::pair{"MaximumRetryAttempts", -1}, std::pair{"ParallelizationFactor", 1}})
        if (!p.has(member)) p[member] = value;
}

}  // namespace virga::pipes
