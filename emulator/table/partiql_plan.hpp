// What the WHERE clause of a statement says about keys: which item it names, or which parts of a table or index to read.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/table/key_condition.hpp"
#include "emulator/table/partiql.hpp"

namespace virga::table::partiql {

// The key in a WHERE clause that is an AND with an equality for each key attribute of the table.
struct NamedItem {
    std::string key;            // item bytes of the key attributes
    bool nothing_else = false;  // no other condition beside them
};
// Nothing when the clause does not name one item that way. Throws when a value has not the key's type, or when a key attribute is
// compared with two different values.
std::optional<NamedItem> named_item(const Table& table, const Bound& where);

// A range of one partition.
struct ReadRange {
    std::string hk;
    KeyRange range;
};

// How a SELECT reads. With an equality (or IN) on the partition key in every branch of the clause it reads ranges of
// partitions, else all of the table or index.
struct ReadPlan {
    bool keyed = false;
    std::vector<ReadRange> ranges;  // ascending and disjoint; none = nothing can match
    bool forward = true;            // order within a partition
    // Attributes of other conditions, of the last branch; empty as soon as one branch has none of them outside `index`.
    std::vector<std::string> unprojected;
};
ReadPlan plan_read(const Table& table, const Index* index, const Statement& statement, const Bound& where);

}  // namespace virga::table::partiql
