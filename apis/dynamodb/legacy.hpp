// The parameters of the API before expressions: Expected, QueryFilter, ScanFilter, KeyConditions, AttributesToGet.
#pragma once
#include <string>
#include <vector>

#include "apis/dynamodb/attribute_value.hpp"
#include "emulator/table/key_condition.hpp"

namespace virga::dynamodb {

// One attribute's condition. Values are bytes as of attribute.hpp.
struct LegacyTest {
    std::string name;
    std::string comparison;  // "EQ", "NOT_CONTAINS", ...
    std::vector<std::string> values;
};

struct LegacyConditions {
    std::vector<LegacyTest> tests;
    bool any = false;  // ConditionalOperator OR
    bool empty() const { return tests.empty(); }
    bool hold(table::ItemView item) const;
};

// Throw ValidationException. `conditional_operator` is "AND", "OR" or "".
LegacyConditions read_expected(const Object& expected, std::string_view conditional_operator);
LegacyConditions read_conditions(const Object& conditions, std::string_view conditional_operator, FrontEnd front_end = FrontEnd::current);
// KeyConditions as tests of key_condition.hpp; they view into `conditions`.
std::vector<table::KeyTest> legacy_key_tests(const LegacyConditions& conditions, bool of_index);

// AttributesToGet; refuses a name given twice.
std::vector<std::string> read_attributes_to_get(const Value& input);

// AttributeUpdates.
struct LegacyUpdate {
    std::string name, action;  // "PUT", "ADD", "DELETE"
    std::string value;         // bytes; empty = none
};
std::vector<LegacyUpdate> read_attribute_updates(const Object& updates);
// True when the updates make an item where there was none.
bool creates_item(const std::vector<LegacyUpdate>& updates);
std::string apply_updates(const std::vector<LegacyUpdate>& updates, table::ItemView before);

}  // namespace virga::dynamodb
