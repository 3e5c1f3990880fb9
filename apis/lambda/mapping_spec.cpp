#include "apis/lambda/mapping_spec.hpp"

#include "apis/lambda/errors.hpp"
#include "emulator/base/arn.hpp"

namespace virga {

SourceSpec::Source source_kind(const std::string& arn) {
    if (auto kind = source_kind_of(arn)) return *kind;
    auto parsed = Arn::parse(arn);
    throw lambda_errors::not_implemented("event source mappings of " + (parsed ? parsed->service : "self-managed sources"));
}

MappingSpec::MappingSpec(PartitionId home_, const MappingRow& row) : uuid(row.uuid), function_name(row.function) {
    auto& d = row.document;
    source_kind(row.source);
    set_source(row.source);
    home = std::move(home_);
    sender = "lambda.amazonaws.com";
    activity = "event-source-mapping";
    function = d.text("FunctionArn");
    batch_size = static_cast<std::size_t>(d.integer("BatchSize", source == Source::queue ? 10 : 100));
    window_ms = d.integer("MaximumBatchingWindowInSeconds") * 1000;
    retries = d.integer("MaximumRetryAttempts", -1);
    auto age = d.integer("MaximumRecordAgeInSeconds", -1);
    max_age_ms = age < 0 ? -1 : age * 1000;
    bisect = d.flag("BisectBatchOnFunctionError");
    for (auto& type : d.list("FunctionResponseTypes")) partial = partial || type.as_string() == "ReportBatchItemFailures";
    enabled = d.text("State") == "Enabled";
    parallel = static_cast<std::size_t>(d["ScalingConfig"].integer("MaximumConcurrency", 5));
    on_failure = d["DestinationConfig"]["OnFailure"].text("Destination");
    for (auto& filter : d["FilterCriteria"].list("Filters"))
        if (!add_filter(filter.text("Pattern"))) throw lambda_errors::invalid_filter();
}

}  // namespace virga
