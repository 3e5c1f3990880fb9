// What the tests of the public protocol vectors share: reading the suites, and comparing meaning instead of bytes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::models {
// Generated from the vectors (generate_tables.py --vectors): "input/json.json#3"; operations are case0, case1, ...
const model::Service* vector_suite(std::string_view key);
}  // namespace virga::models

namespace virga::protocol::vectors {

inline constexpr const char* suites[] = {"json", "json_1_0", "json_1_0-query-compatible", "query", "rest-json", "rest-xml",
                                         "smithy-rpc-v2-cbor", "smithy-rpc-v2-cbor-query-compatible", "smithy-rpc-v2-cbor-non-query-compatible"};

// The suites of one file, "input/json.json".
Value read_file(const std::string& file);

// Parameters as the vectors write them (blobs as text, times as epoch seconds) to a Value of the shape.
Value typed(const Value& given, model::Shape shape);

// Equal in meaning: members in any order, nulls and missing members alike, numbers by value, NaN equal to itself.
bool same(const Value& a, const Value& b);
// XML documents: elements, attributes and text, order only among elements of one name; or equal once read as `shape`, where given.
// query: the root's namespace and ResponseMetadata count for nothing (the suites' models have no namespace).
bool same_xml(std::string_view got, std::string_view expected, model::Shape shape, bool query);

// A case that a server cannot or need not meet, with the reason; "" when there is none.
std::string_view skip_reason(std::string_view direction, std::string_view id);

}  // namespace virga::protocol::vectors
