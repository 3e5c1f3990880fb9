// One page of a SELECT: which index, which ranges, what is kept, where the next page starts.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/statement.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/projection.hpp"

namespace virga::dynamodb {

using namespace table;
using partiql::ReadPlan;

namespace {

std::vector<std::string> unprojected_columns(const Table& table, const Index& index, const StatementRequest& r) {
    std::vector<std::string> missing;
    if (r.statement.everything) return missing;
    for (std::size_t i = 0; i < r.statement.column_names.size(); ++i)
        if (std::string name(r.bound.columns.root_name(i)); !projects(table, index, name)) missing.push_back(std::move(name));
    return missing;
}

// Names of the attributes that tell where a page ended.
std::vector<std::string> position_names(const Table& table, const Index* index) {
    std::vector<std::string> names = table.key_names();
    if (index)
        for (const auto* list : {&index->hash, &index->range})
            for (const KeyPart& p : *list)
                if (!table.is_key(p.name)) names.push_back(p.name);
    return names;
}

// What a NextToken says: the statement it was made for, the range that was being read and the key of the last row in it.
struct Resume {
    std::size_t range = 0;
    std::optional<Position> after;
};

Resume read_token(const std::string& token, const Table& table, const Index* index, const StatementRequest& r) {
    if (token.empty()) return {};
    const auto text = base64_decode(token);
    if (!text) throw errors::invalid_next_token();
    Value content;
    try {
        content = json::parse(*text);
    } catch (const std::exception&) {
        throw errors::invalid_next_token();
    }
    const auto key = base64_decode(content.text("key"));
    if (!key || key->empty()) throw errors::invalid_next_token();
    if (content.text("of") != r.digest) throw errors::next_token_of_another_statement();
    return {static_cast<std::size_t>(content.integer("range")), position_of(table, index, ItemView(*key))};
}

bool reads_one_item(const Table& table, const Index* index, const partiql::ReadRange& range) {
    return !index && (!table.range || range.range.high == range.range.low + '\0');
}

class PageReader {
public:
    PageReader(Database& db, const Table& table, const Index* index, const StatementRequest& r, const SelectOptions& options)
        : db_(db), table_(table), index_(index), r_(r), options_(options), names_(position_names(table, index)) {
        whole_items_ = index && !index->global && !unprojected_columns(table, *index, r).empty();
    }

    // Reads on; false when the page is full.
    bool read(Walk walk, std::size_t range, SelectPage& page) {
        walk.index = index_;
        walk.whole_items = whole_items_;
        bool more = true;
        virga::table::walk(db_, walk, [&](ItemView item, std::size_t size) {
            ++scanned_;
            bytes_ += size;
            if (whole_items_) fetched_units_ += read_units(item_size(item), factor());
            if (keeps(item)) page.items.push_back(selected_columns(r_, item));
            if ((options_.limit == 0 || scanned_ < options_.limit) && bytes_ < limits::page_bytes) return true;
            page.last_key = project_names(names_, item);
            page.range = range;
            more = false;
            return false;
        });
        return more;
    }

    void consume(Consumed& consumed) const {
        const double units = read_units(bytes_, factor());
        if (!index_) return consumed.add_table(units);
        consumed.add_index(*index_, units);
        consumed.add_table(fetched_units_);
    }

private:
    double factor() const { return options_.consistent ? 1.0 : 0.5; }

    // A filter sees what the index holds, also where the item is fetched for the columns.
    bool keeps(ItemView item) const {
        if (!r_.bound.where) return true;
        if (!whole_items_) return evaluate(r_.bound.where, item);
        const auto entry = index_entry(table_, *index_, item);
        return entry && evaluate(r_.bound.where, index_->projection == Index::Projection::all ? item : ItemView(entry->body));
    }

    Database& db_;
    const Table& table_;
    const Index* index_;
    const StatementRequest& r_;
    const SelectOptions& options_;
    std::vector<std::string> names_;
    bool whole_items_ = false;
    std::int64_t scanned_ = 0;
    std::size_t bytes_ = 0;
    double fetched_units_ = 0;
};

}  // namespace

const Index* statement_index(const Table& table, const StatementRequest& r, bool consistent) {
    if (r.statement.index.empty()) return nullptr;
    const Index* index = table.find_index(r.statement.index);
    if (!index) throw errors::index_not_found();
    if (index->hash.size() > 1 || index->range.size() > 1) throw errors::multi_attribute_index();
    if (!r.statement.column_fault.empty()) throw errors::validation(r.statement.column_fault);
    if (index->global && consistent) throw errors::consistent_statement();
    return index;
}

SelectPage select_page(Database& db, const TablePtr& table, const StatementRequest& r, const SelectOptions& options, Consumed& consumed) {
    // 1. Validate against the table.
    const Index* index = statement_index(*table, r, options.consistent);
    if (index && index->global)
        if (auto missing = unprojected_columns(*table, *index, r); !missing.empty())
            throw errors::not_projected(index->name, missing);
    const ReadPlan plan = partiql::plan_read(*table, index, r.statement, r.bound.where);
    if (plan.keyed && !plan.unprojected.empty()) throw errors::filter_not_projected(index->name, fmt::format("{}", fmt::join(plan.unprojected, ", ")));
    Resume resume = read_token(options.next_token, *table, index, r);

    // 2. Read until the page is full or all is read.
    SelectPage page;
    PageReader reader(db, *table, index, r, options);
    if (!plan.keyed) {
        Walk walk{*table};
        walk.after = std::move(resume.after);
        reader.read(std::move(walk), 0, page);
    }
    for (std::size_t i = resume.range; plan.keyed && i < plan.ranges.size(); ++i) {
        Walk walk{*table};
        walk.query = true;
        walk.hk = plan.ranges[i].hk;
        walk.range = plan.ranges[i].range;
        walk.forward = plan.forward;
        if (i == resume.range) walk.after = std::move(resume.after);
        if (!reader.read(std::move(walk), i, page)) break;
    }
    reader.consume(consumed);

    // 3. After the only item of the last range there is nothing to go on with.
    if (!page.last_key.empty() && plan.keyed && page.range + 1 == plan.ranges.size() && reads_one_item(*table, index, plan.ranges.back())) page.last_key.clear();
    return page;
}

std::string next_token(const StatementRequest& r, const SelectPage& page) {
    return base64_encode(json::write(Object{{"of", r.digest}, {"range", page.range}, {"key", base64_encode(page.last_key)}}));
}

}  // namespace virga::dynamodb
