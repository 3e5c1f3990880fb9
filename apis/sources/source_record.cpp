#include "apis/sources/source_record.hpp"

#include <cstdlib>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga {

namespace {

// A payload that is JSON is matched by its members; other text as a string. A pattern of the other kind does not match.
Value payload_for_filter(const std::string& text) {
    Value v;
    if (json::try_parse(text, v) && (v.is_object() || v.is_array())) return v;
    return text;
}

Value lower_attribute(const Value& a) {
    Value shown = Object{};
    if (a.has("StringValue")) shown["stringValue"] = a["StringValue"];
    if (a.has("BinaryValue")) shown["binaryValue"] = a["BinaryValue"];
    shown["stringListValues"] = Array{};
    shown["binaryListValues"] = Array{};
    shown["dataType"] = a["DataType"];
    return shown;
}

TraceContext trace_of(const Value& record) { return TraceContext::parse(record.text("virga:trace")); }

}  // namespace

SourceRecord queue_record(const SourceSpec& spec, const Value& m) {
    SourceRecord r;
    r.id = m.text("MessageId");
    r.receipt = m.text("ReceiptHandle");
    auto& attributes = m["Attributes"];
    r.trace = TraceContext::parse(attributes.text("AWSTraceHeader"));
    if (r.trace.empty()) r.trace = trace_of(m);
    r.arrived = std::atoll(std::string(attributes.text("SentTimestamp")).c_str());
    Object message_attributes;
    for (auto& [name, attribute] : m.object("MessageAttributes")) message_attributes.append(name, lower_attribute(attribute));
    r.event = Object{{"messageId", r.id}, {"receiptHandle", r.receipt}, {"body", m["Body"]}, {"attributes", attributes}, {"messageAttributes", std::move(message_attributes)}};
    if (attributes.is_null()) r.event["attributes"] = Object{};
    if (m.has("MD5OfMessageAttributes")) r.event["md5OfMessageAttributes"] = m["MD5OfMessageAttributes"];
    r.event["md5OfBody"] = m["MD5OfBody"];
    r.event["eventSource"] = "aws:sqs";
    r.event["eventSourceARN"] = spec.source_arn;
    r.event["awsRegion"] = spec.source_home.region;
    if (!spec.filters.empty()) {
        Value seen = r.event;
        seen["body"] = payload_for_filter(std::string(m.text("Body")));
        r.passes = spec.passes(json::write(seen));
    }
    return r;
}

SourceRecord kinesis_record(const SourceSpec& spec, const std::string& shard, const std::string& role, const Value& record) {
    SourceRecord r;
    r.id = record.text("SequenceNumber");
    r.trace = trace_of(record);
    auto& arrival = record["ApproximateArrivalTimestamp"];
    r.arrived = arrival.is_timestamp() ? arrival.as_time() : 0;
    auto& data = record["Data"].as_bytes();
    Object kinesis{{"kinesisSchemaVersion", "1.0"},
                   {"partitionKey", record["PartitionKey"]},
                   {"sequenceNumber", r.id},
                   {"data", base64_encode(data)},
                   {"approximateArrivalTimestamp", arrival}};
    Object common{{"eventSource", "aws:kinesis"},
                  {"eventVersion", "1.0"},
                  {"eventID", shard + ":" + r.id},
                  {"eventName", "aws:kinesis:record"},
                  {"invokeIdentityArn", role},
                  {"awsRegion", spec.source_home.region},
                  {"eventSourceARN", spec.source_arn}};
    if (spec.flat) {
        r.event = Object(kinesis);
        for (auto& [name, value] : common) r.event[name] = value;
        if (spec.filters.empty()) return r;
        Value seen = r.event;
        seen["data"] = payload_for_filter(data);
        r.passes = spec.passes(json::write(seen));
        return r;
    }
    if (!spec.filters.empty()) {
        Value payload;
        // Data that is no JSON matches no pattern.
        r.passes = json::try_parse(data, payload);
        if (r.passes) {
            Value seen = common;
            seen["partitionKey"] = record["PartitionKey"];
            seen["kinesis"] = kinesis;
            seen["data"] = std::move(payload);
            r.passes = spec.passes(json::write(seen));
        }
    }
    r.event = Object{{"kinesis", std::move(kinesis)}};
    for (auto& [name, value] : common) r.event[name] = value;
    return r;
}

SourceRecord dynamodb_record(const SourceSpec& spec, const Value& record) {
    SourceRecord r;
    auto& change = record["dynamodb"];
    r.id = change.text("SequenceNumber");
    r.trace = trace_of(record);
    auto& created = change["ApproximateCreationDateTime"];
    r.arrived = created.is_timestamp() ? created.as_time() : 0;
    r.event = record;
    r.event.as_object().erase("virga:trace");
    r.event.as_object().erase("userIdentity");
    r.event["eventSourceARN"] = spec.source_arn;
    if (record.has("userIdentity")) {
        auto& who = record["userIdentity"];
        r.event["userIdentity"] = Object{{"type", who["Type"]}, {"principalId", who["PrincipalId"]}};
    }
    if (!spec.filters.empty()) r.passes = spec.passes(json::write(r.event));
    return r;
}

}  // namespace virga
