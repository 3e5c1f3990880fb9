// Key conditions: which partition, and which range of sort keys in it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/table/binding.hpp"
#include "emulator/table/pages.hpp"

namespace virga::table {

// One condition on one attribute: EQ, ranges, BETWEEN (two values) or begins_with (op = function). From a KeyConditionExpression
// or from legacy KeyConditions, where ne stands for every comparison that cannot be looked up.
struct KeyTest {
    std::string name;
    Op op = Op::eq;
    std::vector<ValueView> values;
};

// Takes a bound KeyConditionExpression apart. Throws for everything but ANDed tests, one an attribute.
std::vector<KeyTest> key_tests(const Bound& condition);

// Where to look, by the schema of the table or index. Throws when the tests do not fit it.
struct KeyPlace {
    std::string hk;
    KeyRange range;
};
KeyPlace place(const Table& table, const Index* index, const std::vector<KeyTest>& tests);

// True when the sort key bytes are inside the range.
inline bool in_range(const KeyRange& range, std::string_view rk) { return rk >= range.low && rk < range.high; }

}  // namespace virga::table
