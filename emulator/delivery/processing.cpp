#include "emulator/delivery/processing.hpp"

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/base/json.hpp"
#include "emulator/delivery/aggregate.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/prefix.hpp"

namespace virga::delivery {

namespace {

// "\n" as two characters is what configurations say for a line feed.
std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        char c = text[++i];
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    return out;
}

// 56 digits of a sequence number and six of the record in it.
std::string record_id(const Buffer& buffer, const Item& item, std::size_t sub) {
    return fmt::format("49{:020}{:020}{:014}{:06}", buffer.stream, buffer.id, item.idx, sub);
}

void fail(std::vector<Failure>& failures, const char* type, const char* code, std::string message, const Item& item) {
    failures.push_back({type, code, std::move(message), 1, item, {}});
}

// The messages of a CloudWatch Logs record, a line each. Control messages have none.
std::optional<std::string> messages_of(const std::string& text) {
    Value document;
    if (!json::try_parse(text, document) || !document.is_object()) return std::nullopt;
    std::string out;
    if (document.text("messageType") != "DATA_MESSAGE") return out;
    for (const auto& event : document.list("logEvents")) out.append(event.text("message")).append("\n");
    return out;
}

std::vector<std::string> sub_records_of(const Processing& p, const std::string& data) {
    std::vector<std::string> parts;
    if (p.sub_records == "JSON") {
        if (auto objects = split_json(data)) parts = std::move(*objects);
    } else if (p.sub_records == "DELIMITED") {
        parts = split_delimited(data, p.sub_record_delimiter);
    }
    if (parts.empty() || parts.size() > limits::max_sub_records) return {data};
    return parts;
}

// What a partition key's value looks like in a prefix. Nothing: it must not be null or empty.
std::optional<std::string> key_text(const Value& value) {
    if (value.is_string()) return value.as_string().empty() ? std::nullopt : std::optional(value.as_string());
    if (value.is_null() || value.is_array() || value.is_object()) return std::nullopt;
    return json::write(value);
}

}  // namespace

Item error_line(const Failure& f, TimeMs now) {
    Object line{{"attemptsMade", f.attempts},
                {"arrivalTimestamp", f.item.arrival},
                {"errorCode", f.code},
                {"errorMessage", f.message},
                {"attemptEndingTimestamp", now},
                {"rawData", base64_encode(f.item.data)}};
    if (!f.lambda_arn.empty()) line.append("lambdaArn", f.lambda_arn);
    if (f.type == "http-endpoint-failed") {
        line.append("subsequenceNumber", 0);
        line.append("dataId", "");
    }
    return Item{f.item.arrival, json::write(line) + "\n", {}, f.item.trace, 0};
}

Processing read_processing(const Value& destination) {
    Processing p;
    const Value& configuration = destination["ProcessingConfiguration"];
    if (!configuration.flag("Enabled")) return p;
    for (const auto& processor : configuration.list("Processors")) {
        Object given;
        for (const auto& parameter : processor.list("Parameters")) given[parameter.text("ParameterName")] = parameter.text("ParameterValue");
        Value parameters = given;
        auto type = processor.text("Type");
        if (type == "Decompression") p.decompress = true;
        if (type == "CloudWatchLogProcessing") p.extract_messages = iequals(parameters.text("DataMessageExtraction"), "true");
        if (type == "RecordDeAggregation") {
            p.sub_records = parameters.text("SubRecordType");
            p.sub_record_delimiter = base64_decode(parameters.text("Delimiter")).value_or("");
        }
        if (type == "MetadataExtraction") p.query = parameters.text("MetadataExtractionQuery");
        if (type == "AppendDelimiterToRecord") p.append = unescape(parameters.text("Delimiter", "\\n"));
        if (type == "Lambda") {
            auto number = [&](const char* name, double otherwise) {
                return parameters.has(name) ? std::strtod(std::string(parameters.text(name)).c_str(), nullptr) : otherwise;
            };
            LambdaProcessor lambda;
            lambda.arn = parameters.text("LambdaArn");
            lambda.retries = static_cast<std::int64_t>(number("NumberOfRetries", limits::lambda_retries));
            lambda.hints.bytes = static_cast<std::int64_t>(number("BufferSizeInMBs", limits::lambda_mib) * 1024 * 1024);
            lambda.hints.interval = static_cast<TimeMs>(number("BufferIntervalInSeconds", limits::lambda_seconds) * 1000);
            p.lambda = std::move(lambda);
        }
    }
    return p;
}

std::vector<Work> expand(const Processing& p, const Buffer& buffer, std::vector<Failure>& failures) {
    std::vector<Work> out;
    for (const auto& item : buffer.items) {
        std::string data = item.data;
        if (p.decompress) data.clear();
        if (p.decompress && gunzip(item.data, limits::max_decompressed, data) != Inflated::whole) {
            fail(failures, "processing-failed", "Decompression.Failed", "The record is not GZIP-compressed data.", item);
            continue;
        }
        if (p.extract_messages) {
            auto messages = messages_of(data);
            if (!messages) {
                fail(failures, "processing-failed", "CloudWatchLogProcessing.Failed", "The record is not CloudWatch Logs data.", item);
                continue;
            }
            if (messages->empty()) continue;
            data = std::move(*messages);
        }
        std::vector<std::string> parts = p.sub_records.empty() ? std::vector<std::string>{std::move(data)} : sub_records_of(p, data);
        for (std::size_t i = 0; i < parts.size(); ++i)
            out.push_back({record_id(buffer, item, i), Item{item.arrival, std::move(parts[i]), item.meta, item.trace, item.idx}, Object()});
    }
    return out;
}

std::optional<Finished> finish(const Processing& p, const Value& destination, JsonQuery* query, Work work, TimeMs now, std::vector<Failure>& failures) {
    constexpr const char *type = "metadata-extraction-failed", *code = "DynamicPartitioning.MetadataExtractionFailed";
    constexpr const char* empty = "partitionKeys values must not be null or empty";
    Finished out;
    if (destination["DynamicPartitioningConfiguration"].flag("Enabled")) {
        Value extracted;
        if (query) {
            auto result = query->run(work.item.data, now);
            std::string problem = !result.is_json ? "Non JSON record provided" : result.error;
            if (problem.empty() && (result.output.empty() || !json::try_parse(result.output, extracted) || !extracted.is_object()))
                problem = "MetaDataExtraction JQ query did not return an object";
            if (!problem.empty()) {
                fail(failures, type, code, problem, work.item);
                return std::nullopt;
            }
        }
        // Only what the prefix names tells partitions apart.
        Object from_query, from_lambda;
        for (const auto& part : parse_prefix(destination.text("Prefix"), "Prefix")) {
            bool of_query = part.kind == PrefixPart::Kind::query_key;
            if (!of_query && part.kind != PrefixPart::Kind::lambda_key) continue;
            const Value& source = of_query ? extracted : work.lambda_keys;
            auto text = key_text(source[part.text]);
            if (!text) {
                fail(failures, type, code, empty, work.item);
                return std::nullopt;
            }
            (of_query ? from_query : from_lambda)[part.text] = *text;
        }
        out.part = json::write(Object{{"query", std::move(from_query)}, {"lambda", std::move(from_lambda)}});
    }
    out.item = std::move(work.item);
    if (p.append) out.item.data += *p.append;
    return out;
}

}  // namespace virga::delivery
