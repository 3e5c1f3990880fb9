// What a ProcessingConfiguration may be. Texts as observed at the service.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "emulator/base/encoding.hpp"
#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/prefix.hpp"
#include "emulator/delivery/processing.hpp"

namespace virga::delivery {

namespace {

std::optional<std::string> parameter(const Value& processor, std::string_view name) {
    for (const auto& p : processor.list("Parameters"))
        if (p.text("ParameterName") == name) return std::string(p.text("ParameterValue"));
    return std::nullopt;
}

std::optional<double> number(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    char* end = nullptr;
    double value = std::strtod(text->c_str(), &end);
    return *end ? -1 : value;  // out of every range
}

void check_lambda(const Value& processor) {
    if (!parameter(processor, "LambdaArn")) throw invalid_argument("LambdaArn is required when Lambda processor is used.");
    auto retries = number(parameter(processor, "NumberOfRetries"));
    if (retries && (*retries < 0 || *retries > limits::lambda_max_retries)) throw invalid_argument("Number of retries for lambda must be between 0 and 300.");
    auto size = number(parameter(processor, "BufferSizeInMBs")), interval = number(parameter(processor, "BufferIntervalInSeconds"));
    if (size.has_value() != interval.has_value())
        throw invalid_argument("Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.");
    if (size && (*size < limits::lambda_min_mib || *size > limits::lambda_max_mib))
        throw invalid_argument("BufferSizeInMBs for lambda processor must be between 0.2 and 3.");
    if (interval && (*interval < 0 || *interval > limits::lambda_max_seconds))
        throw invalid_argument("BufferIntervalInSeconds for lambda processor must be between 0 and 900.");
}

void check_metadata(const Value& processor, const Value& destination, bool partitioned) {
    if (!partitioned)
        throw invalid_argument("class com.amazonaws.services.firehose.internal.model.MetadataExtractionProcessor can only be present when Dynamic "
                               "Partitioning is enabled.");
    if (parameter(processor, "JsonParsingEngine") != "JQ-1.6") throw invalid_argument("MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6");
    auto query = parameter(processor, "MetadataExtractionQuery");
    if (!query) throw invalid_argument("MetaDataExtraction JQ Query is required when MetadataExtraction processor is used.");  // unconfirmed
    auto parts = parse_prefix(destination.text("Prefix"), "Prefix");
    for (const auto& key : query_keys(*query)) {
        bool used = std::any_of(parts.begin(), parts.end(), [&](const PrefixPart& p) { return p.kind == PrefixPart::Kind::query_key && p.text == key; });
        if (!used) throw invalid_argument("MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression");
    }
    if (!JsonQuery::available()) throw ApiError("NotImplemented", 501, "MetadataExtraction needs libjq.so.1 (Debian: libjq1), which is not installed.");
    try {
        JsonQuery compiled(*query);
    } catch (const std::runtime_error&) {
        throw invalid_argument("MetaDataExtraction JQ Query is not a valid JQ expression");  // unconfirmed
    }
}

void check_sub_records(const Value& processor) {
    auto type = parameter(processor, "SubRecordType");
    if (type != "JSON" && type != "DELIMITED") throw invalid_argument("SubRecordType has to be one of JSON, DELIMITED");
    if (type == "JSON") return;
    auto delimiter = parameter(processor, "Delimiter");
    if (!delimiter) throw invalid_argument("Delimiter should be present for DELIMITED");
    if (!base64_decode(*delimiter)) throw invalid_argument("Delimiter should be base64 encoded for DELIMITED");  // unconfirmed
}

}  // namespace

void check_processing(const Value& destination, bool partitioned) {
    const Value& configuration = destination["ProcessingConfiguration"];
    const Array& processors = configuration.list("Processors");
    auto count = [&](std::string_view type) { return std::count_if(processors.begin(), processors.end(), [&](const Value& p) { return p.text("Type") == type; }); };
    if (configuration.flag("Enabled") && (processors.empty() || processors.size() > limits::max_processors))
        throw invalid_argument("A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.");
    for (std::string_view type : {"Lambda", "MetadataExtraction", "RecordDeAggregation", "Decompression", "CloudWatchLogProcessing", "AppendDelimiterToRecord"})
        if (count(type) > 1) throw invalid_argument(fmt::format("Cannot have more than 1 {} processor.", type));
    if (count("CloudWatchLogProcessing") && !count("Decompression"))
        throw invalid_argument("CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor");
    for (const auto& processor : processors) {
        auto type = processor.text("Type");
        if (type == "Lambda") check_lambda(processor);
        if (type == "MetadataExtraction") check_metadata(processor, destination, partitioned);
        if (type == "RecordDeAggregation") check_sub_records(processor);
        if (type == "CloudWatchLogProcessing") {
            auto extraction = parameter(processor, "DataMessageExtraction");
            if (!extraction || (!iequals(*extraction, "true") && !iequals(*extraction, "false")))
                throw invalid_argument("Invalid parameter value for DataMessageExtraction. Allowed values are True and False.");
        }
    }
}

}  // namespace virga::delivery
