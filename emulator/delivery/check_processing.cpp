// What a ProcessingConfiguration may be.
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
    if (!parameter(processor, "LambdaArn")) throw function_required();
    auto retries = number(parameter(processor, "NumberOfRetries"));
    if (retries && (*retries < 0 || *retries > limits::lambda_max_retries)) throw function_retries();
    auto size = number(parameter(processor, "BufferSizeInMBs")), interval = number(parameter(processor, "BufferIntervalInSeconds"));
    if (size.has_value() != interval.has_value())
        throw function_buffer_incomplete();
    if (size && (*size < limits::lambda_min_mib || *size > limits::lambda_max_mib))
        throw function_buffer_size();
    if (interval && (*interval < 0 || *interval > limits::lambda_max_seconds))
        throw function_buffer_interval();
}

void check_metadata(const Value& processor, const Value& destination, bool partitioned) {
    if (!partitioned)
        throw extraction_without_partitioning();
    if (parameter(processor, "JsonParsingEngine") != "JQ-1.6") throw query_engine();
    auto query = parameter(processor, "MetadataExtractionQuery");
    if (!query) throw query_required();
    auto parts = parse_prefix(destination.text("Prefix"), "Prefix");
    for (const auto& key : query_keys(*query)) {
        bool used = std::any_of(parts.begin(), parts.end(), [&](const PrefixPart& p) { return p.kind == PrefixPart::Kind::query_key && p.text == key; });
        if (!used) throw query_key_unused();
    }
    if (!JsonQuery::available()) throw query_library_missing();
    try {
        JsonQuery compiled(*query);
    } catch (const std::runtime_error&) {
        throw query_malformed();
    }
}

void check_sub_records(const Value& processor) {
    auto type = parameter(processor, "SubRecordType");
    if (type != "JSON" && type != "DELIMITED") throw sub_record_type();
    if (type == "JSON") return;
    auto delimiter = parameter(processor, "Delimiter");
    if (!delimiter) throw delimiter_required();
    if (!base64_decode(*delimiter)) throw delimiter_not_base64();
}

}  // namespace

void check_processing(const Value& destination, bool partitioned) {
    const Value& configuration = destination["ProcessingConfiguration"];
    const Array& processors = configuration.list("Processors");
    auto count = [&](std::string_view type) { return std::count_if(processors.begin(), processors.end(), [&](const Value& p) { return p.text("Type") == type; }); };
    if (configuration.flag("Enabled") && (processors.empty() || processors.size() > limits::max_processors))
        throw processor_count();
    for (std::string_view type : {"Lambda", "MetadataExtraction", "RecordDeAggregation", "Decompression", "CloudWatchLogProcessing", "AppendDelimiterToRecord"})
        if (count(type) > 1) throw processor_twice(type);
    if (count("CloudWatchLogProcessing") && !count("Decompression"))
        throw log_processor_alone();
    for (const auto& processor : processors) {
        auto type = processor.text("Type");
        if (type == "Lambda") check_lambda(processor);
        if (type == "MetadataExtraction") check_metadata(processor, destination, partitioned);
        if (type == "RecordDeAggregation") check_sub_records(processor);
        if (type == "CloudWatchLogProcessing") {
            auto extraction = parameter(processor, "DataMessageExtraction");
            if (!extraction || (!iequals(*extraction, "true") && !iequals(*extraction, "false")))
                throw message_extraction_value();
        }
    }
}

}  // namespace virga::delivery
