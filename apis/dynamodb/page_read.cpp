#include "apis/dynamodb/page_read.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/errors.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/projection.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

void check_select(const Value& input, const std::string& select, bool query) {
    const bool expression = input.has("ProjectionExpression"), names = input.has("AttributesToGet");
    if (select == "SPECIFIC_ATTRIBUTES") {
        if (!expression && !names) throw errors::select_without_attributes(query);
    } else if (!select.empty() && (expression || names)) {
        throw errors::select_with_attributes(expression ? "ProjectionExpression" : "AttributesToGet", select, query);
    }
    if (select == "ALL_PROJECTED_ATTRIBUTES" && !input.has("IndexName")) throw errors::select_without_index(query);
}

void check_segments(const Value& input) {
    const bool segment = input.has("Segment"), total = input.has("TotalSegments");
    if (segment && !total) throw errors::total_segments_required();
    if (total && !segment) throw errors::segment_required();
    if (total && input.integer("Segment") >= input.integer("TotalSegments"))
        throw errors::segment_out_of_range(input.integer("Segment"), input.integer("TotalSegments"));
}

// Errors of start keys carry a prefix, save those about numbers and sets.
std::string read_start_key(const Value& input, FrontEnd front_end) {
    if (!input.has("ExclusiveStartKey")) return {};
    try {
        return encode_item(input.object("ExclusiveStartKey"), front_end);
    } catch (const ApiError& e) {
        for (std::string_view bare : {"contains duplicates", "number set", "numeric value", "significant digits", "with magnitude"})
            if (e.message.find(bare) != std::string::npos) throw;
        throw errors::invalid_starting_key(e.message);
    }
}

std::vector<std::string_view> filter_roots(const PageRequest& r) {
    std::vector<std::string_view> roots;
    if (r.selection.expressions.filter)
        for (std::size_t ref = 0; ref < r.selection.expressions.filter.expression->paths.size(); ++ref)
            roots.push_back(r.selection.expressions.filter.root_name(ref));
    for (const LegacyTest& t : r.filter.tests) roots.push_back(t.name);
    return roots;
}

std::vector<std::string_view> unprojected(const Table& table, const Index& index, const std::vector<std::string_view>& names) {
    std::vector<std::string_view> missing;
    for (std::string_view name : names)
        if (!projects(table, index, name)) missing.push_back(name);
    return missing;
}

}  // namespace

bool PageRequest::keeps(ItemView item) const {
    if (selection.expressions.filter) return evaluate(selection.expressions.filter, item);
    return filter.hold(item);
}

PageRequest read_page_request(Context& ctx, const Value& input, std::string_view filter_parameter, bool query) {
    const FrontEnd front_end = query ? FrontEnd::current : FrontEnd::older;
    PageRequest r;
    r.table = table_name(ctx, input);
    r.index = input.text("IndexName");
    r.select = input.text("Select");
    r.limit = input.integer("Limit");
    r.consistent = input.flag("ConsistentRead");
    if (!query) r.selection.names = read_attributes_to_get(input);
    r.filter = read_conditions(input.object(filter_parameter), conditional_operator(input, filter_parameter), front_end);
    if (query) r.selection.names = read_attributes_to_get(input);
    r.start = read_start_key(input, front_end);
    if (!query) check_segments(input);
    if (query && !input.has("KeyConditions") && !input.has("KeyConditionExpression")) throw errors::key_conditions_required();
    check_select(input, r.select, query);
    r.selection.expressions = read_expressions(store(ctx).expressions, input, front_end);
    return r;
}

const Index* choose_index(const Table& table, const PageRequest& r) {
    if (r.index.empty()) return nullptr;
    const Index* index = table.find_index(r.index);
    if (!index || index->gone_at) throw errors::index_not_found(r.index);
    if (index->backfilling) throw errors::index_is_backfilling(r.index);
    if (index->global && r.consistent) throw errors::consistent_global_index();
    return index;
}

bool needs_whole_items(const Table& table, const Index* index, const PageRequest& r) {
    if (!index || index->projection == Index::Projection::all) return false;
    if (!index->global)
        return r.select == "ALL_ATTRIBUTES" || !unprojected(table, *index, r.selection.roots()).empty() || !unprojected(table, *index, filter_roots(r)).empty();
    if (r.select == "ALL_ATTRIBUTES") throw errors::select_not_projected(index->name);
    if (auto missing = unprojected(table, *index, r.selection.roots()); !missing.empty()) throw errors::not_projected(index->name, {missing.begin(), missing.end()});
    if (auto missing = unprojected(table, *index, filter_roots(r)); !missing.empty())
        throw errors::filter_not_projected(index->name, fmt::format("{}", fmt::join(missing, ", ")));
    return false;
}

namespace {

using Parts = std::vector<const KeyPart*>;

Parts pointers(const std::vector<KeyPart>& a, const std::vector<KeyPart>& b = {}) {
    Parts out;
    for (const auto* list : {&a, &b})
        for (const KeyPart& p : *list) out.push_back(&p);
    return out;
}

Parts table_parts(const Table& table) {
    Parts out{&table.hash};
    if (table.range) out.push_back(&*table.range);
    return out;
}

void check_start_parts(ItemView key, const Parts& parts) {
    for (const KeyPart* p : parts) {
        ValueView v = key.find(p->name);
        if (!v) throw errors::invalid_starting_key();
        if (v.type() != p->type) throw errors::key_does_not_match_schema();
    }
}

}  // namespace

void check_start_partition(const Table& table, const Index* index, const std::string& start, bool query) {
    const Parts of_table = table_parts(table), of_index = index ? pointers(index->hash, index->range) : Parts{};
    const auto beyond_table = std::count_if(of_index.begin(), of_index.end(), [&](const KeyPart* p) { return !table.is_key(p->name); });
    const ItemView key(start);
    if (key.members().left() != of_table.size() + static_cast<std::size_t>(beyond_table)) {
        if (index || query) throw errors::invalid_starting_key();
        throw errors::invalid_starting_key(errors::key_does_not_match_schema().message);
    }
    if (index) check_start_parts(key, pointers(index->hash));
    else if (query) check_start_parts(key, {&table.hash});
}

Position start_position(const Table& table, const Index* index, const std::string& start, bool query) {
    const ItemView key(start);
    const Parts of_table = table_parts(table), of_index = index ? pointers(index->hash, index->range) : Parts{};
    // What is read goes first, in words of its own; then the table's key.
    check_start_parts(key, index ? of_index : query ? of_table : Parts{});
    for (const Parts* parts : {&of_table, &of_index})
        for (const KeyPart* p : *parts) {
            ValueView v = key.find(p->name);
            if (!v || v.type() != p->type) throw errors::invalid_starting_key(errors::key_does_not_match_schema().message);
            if (v.content().empty()) throw errors::invalid_starting_key(errors::empty_key_value(p->name, p->type == Type::b).message);
        }
    return position_of(table, index, key);
}

Value read_page(const Context& ctx, Database& db, const TablePtr& table, const Walk& w, const PageRequest& r, const Value& input) {
    ItemList items(ctx);
    std::int64_t count = 0, scanned = 0;
    std::size_t bytes = 0;
    double fetched_units = 0;  // of items read beside their index entries
    std::string last;  // the row read last, where the page was cut
    std::vector<std::string> key_names = table->key_names();
    if (w.index)
        for (const auto* list : {&w.index->hash, &w.index->range})
            for (const KeyPart& p : *list)
                if (!table->is_key(p.name)) key_names.push_back(p.name);
    walk(db, w, [&](ItemView item, std::size_t size) {
        ++scanned;
        bytes += size;
        if (w.whole_items) fetched_units += read_units(item_size(item), read_factor(input));
        if (r.keeps(item)) {
            ++count;
            if (!r.counts_only()) items.add(r.selection, item);
        }
        if ((r.limit == 0 || scanned < r.limit) && bytes < limits::page_bytes) return true;
        last = project_names(key_names, item);
        return false;
    });

    Object answer;
    if (!r.counts_only()) answer.append("Items", items.take());
    answer.append("Count", count);
    answer.append("ScannedCount", scanned);
    if (!last.empty()) answer.append("LastEvaluatedKey", decode_item(ItemView(last)));
    if (auto mode = capacity_mode(input); mode != "NONE") {
        Consumed consumed(table);
        const double units = read_units(bytes, read_factor(input));
        if (w.index) consumed.add_index(*w.index, units);
        consumed.add_table(w.index ? fetched_units : units);
        answer.append("ConsumedCapacity", consumed.describe(mode));
    }
    return answer;
}

}  // namespace virga::dynamodb
