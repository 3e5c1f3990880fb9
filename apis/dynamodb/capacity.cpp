#include "apis/dynamodb/capacity.hpp"

#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"

namespace virga::dynamodb {

using namespace table;

void Consumed::add_index(const Index& index, double units) {
    for (auto& [known, total] : indexes_)
        if (known->id == index.id) {
            total += units;
            return;
        }
    indexes_.emplace_back(&index, units);
}

void Consumed::add_write(const WriteEffect& effect, double factor) {
    add_table(effect.table_units() * factor);
    for (const auto& [index, units] : effect.indexes) add_index(*table_->find_index(index->name), units * factor);
}

Value Consumed::describe(std::string_view mode, std::string_view transactional) const {
    double total = table_units_;
    for (const auto& [index, units] : indexes_) total += units;
    auto capacity = [&](double units) {
        Object c;
        if (!transactional.empty()) c.append(std::string(transactional), units);
        c.append("CapacityUnits", units);
        return c;
    };
    Object out{{"TableName", table_->name}};
    for (auto& m : capacity(total)) out.append(m.name, m.value);
    if (mode != "INDEXES") return out;
    out.append("Table", capacity(table_units_));
    Object local, global;
    for (const auto& [index, units] : indexes_) (index->global ? global : local).append(index->name, capacity(units));
    if (!local.empty()) out.append("LocalSecondaryIndexes", std::move(local));
    if (!global.empty()) out.append("GlobalSecondaryIndexes", std::move(global));
    return out;
}

Consumed& ConsumedByTable::of(const TablePtr& table) {
    for (Consumed& c : tables_)
        if (c.table().id == table->id) return c;
    return tables_.emplace_back(table);
}

Array ConsumedByTable::describe(std::string_view mode, std::string_view transactional) const {
    Array out;
    for (const Consumed& c : tables_) out.push_back(c.describe(mode, transactional));
    return out;
}

double read_units(std::size_t bytes, double factor) { return static_cast<double>(std::max<std::size_t>(1, (bytes + 4095) / 4096)) * factor; }

Value collection_metrics(const Value& input, const Table& table, ItemView item, std::int64_t collection_bytes) {
    if (input.text("ReturnItemCollectionMetrics") != "SIZE" || !table.has_local_index()) return {};
    const auto gigabytes = static_cast<double>(collection_bytes >> 30);
    return Object{{"ItemCollectionKey", Object{{table.hash.name, decode_value(item.find(table.hash.name))}}}, {"SizeEstimateRangeGB", Array{gigabytes, gigabytes + 1}}};
}

}  // namespace virga::dynamodb
