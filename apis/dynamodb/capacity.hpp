// ReturnConsumedCapacity.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/table/items.hpp"

namespace virga::dynamodb {

// Units one request consumed of one table and its indexes.
class Consumed {
public:
    explicit Consumed(table::TablePtr table) : table_(std::move(table)) {}
    void add_table(double units) { table_units_ += units; }
    void add_index(const table::Index& index, double units);
    // A write with its index updates; `factor` 2 in transactions.
    void add_write(const table::WriteEffect& effect, double factor = 1);
    const table::Table& table() const { return *table_; }
    // The ConsumedCapacity member; in transactions also ReadCapacityUnits or WriteCapacityUnits (member name).
    Value describe(std::string_view mode, std::string_view transactional = {}) const;

private:
    table::TablePtr table_;
    double table_units_ = 0;
    std::vector<std::pair<const table::Index*, double>> indexes_;
};

// One Consumed per table of a batch or transaction.
class ConsumedByTable {
public:
    Consumed& of(const table::TablePtr& table);
    Array describe(std::string_view mode, std::string_view transactional = {}) const;

private:
    std::vector<Consumed> tables_;
};

inline std::string_view capacity_mode(const Value& input) { return input.text("ReturnConsumedCapacity", "NONE"); }

// Read units of `bytes`: one for every started 4 KB, at least one, times `factor` (1 strong, 0.5 eventual, 2 transactional).
double read_units(std::size_t bytes, double factor);
inline double read_factor(const Value& input) { return input.flag("ConsistentRead") ? 1.0 : 0.5; }

// ReturnItemCollectionMetrics: only tables with a local index answer; null otherwise.
Value collection_metrics(const Value& input, const table::Table& table, table::ItemView item, std::int64_t collection_bytes);

}  // namespace virga::dynamodb
