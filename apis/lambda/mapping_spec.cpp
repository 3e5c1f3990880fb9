#include "apis/lambda/mapping_spec.hpp"

#include <algorithm>

#include "apis/lambda/errors.hpp"
#include "apis/lambda/function_name.hpp"

namespace virga {

MappingSpec::Source source_kind(const std::string& arn) {
    auto service = split_arn(arn).service;
    if (service == "sqs") return MappingSpec::Source::queue;
    if (service == "kinesis") return MappingSpec::Source::kinesis;
    if (service == "dynamodb") return MappingSpec::Source::dynamodb;
    throw lambda_errors::not_implemented("event source mappings of " + (service.empty() ? "self-managed sources" : service));
}

MappingSpec::MappingSpec(PartitionId home_, const MappingRow& row) : home(std::move(home_)), uuid(row.uuid), source_arn(row.source), function_name(row.function) {
    auto& d = row.document;
    auto arn = split_arn(source_arn);
    source = source_kind(source_arn);
    source_home = {arn.account, arn.region};
    source_name = arn.resource;
    if (source == Source::kinesis) source_name = source_name.substr(source_name.find('/') + 1);
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
    for (auto& filter : d["FilterCriteria"].list("Filters")) {
        try {
            filters.push_back(bus::Pattern::compile(filter.text("Pattern")));
        } catch (const bus::PatternError&) {
            throw lambda_errors::invalid_filter();
        }
    }
}

bool MappingSpec::passes(const std::string& json) const {
    return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const bus::Pattern& p) { return p.matches(json); });
}

}  // namespace virga
