// Schemas guessed from sample events, and their forms as OpenAPI 3 and JSON Schema draft 4.
//
// A shape is a schema with its objects inside one another: {} (anything; what null tells), {"type":"string"[,"format":"date-time"]},
// {"type":"array","items":..}, {"type":"object","required":[..],"properties":{..}}, .. and {"mixed":true} where samples contradict one another.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::schema {

// Deeper levels are not looked at. "Discoverer will only infer events that are nested up to 255 levels."
inline constexpr int deepest = 255;

Value infer(const Value& sample);
// What both allow: members that are not in both are not required.
Value merge(const Value& a, const Value& b);

// What a schema of an event bus's events says besides the shape of `detail`.
struct EventKind {
    std::string source, detail_type;
    // "Step Functions Execution Status Change" -> "StepFunctionsExecutionStatusChange"
    std::string title() const;
    // "<source>@<title>": the name in the registry of discovered schemas.
    std::string schema_name() const;
};

// `detail`: the shape of the event's detail.
std::string open_api(const EventKind& kind, const Value& detail);
std::string json_schema(const EventKind& kind, const Value& detail);
// For samples that are no events of a bus: `shape` is all of them.
std::string open_api(const Value& shape);
std::string json_schema(const Value& shape);

// An OpenAPI 3 document as JSON Schema draft 4: its component AWSEvent (else the first one) with the others as definitions. Nothing when it has no components.
std::string as_json_schema(const Value& open_api);

}  // namespace virga::schema
