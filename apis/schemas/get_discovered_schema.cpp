#include "apis/schemas/discovery.hpp"
#include "apis/schemas/errors.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/schema/infer.hpp"

namespace virga::schemas {

// The schema of all samples together. With a discoverer (from the bus, not from a client) its registry learns from them instead.
Value get_discovered_schema(Context& ctx, const Value& input) {
    if (input.has(discoverer_member)) {
        ctx.resource = input.text(discoverer_member);
        for (const auto& event : input.list("Events")) discover(*ctx.partition, event.as_string(), ctx.now());
        return Object{{"Content", ""}};
    }
    // 1. Validate
    std::vector<Value> samples;
    for (const auto& text : input.list("Events")) {
        Value sample;
        if (!json::try_parse(text.as_string(), sample) || !sample.is_object()) throw errors::bad_request("An event is not a valid JSON object.");
        samples.push_back(std::move(sample));
    }
    // 2. Act
    schema::EventKind kind{std::string(samples.front().text("source")), std::string(samples.front().text("detail-type"))};
    bool events = true;
    for (const auto& s : samples) {
        events = events && s["detail"].is_object() && s.has("source") && s.has("detail-type");
        if (s.text("detail-type") != kind.detail_type || s.text("source") != kind.source) throw errors::bad_request("The events are not all of one type.");
    }
    Value shape = Object();
    for (const auto& s : samples) shape = schema::merge(shape, schema::infer(events ? s["detail"] : s));
    // 3. Answer
    bool api = input.text("Type") == "OpenApi3";
    if (events) return Object{{"Content", api ? schema::open_api(kind, shape) : schema::json_schema(kind, shape)}};
    return Object{{"Content", api ? schema::open_api(shape) : schema::json_schema(shape)}};
}

}  // namespace virga::schemas
