#include "apis/dynamodb/statement.hpp"

#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/errors.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/projection.hpp"

namespace virga::dynamodb {

using namespace table;
using partiql::Returning;
using partiql::Statement;

namespace {

// Finds the first fault in the order of the document: encoding sorts members, so that it may meet another one first.
void check_parameter(const Value& v, int level) {
    if (level > limits::nesting_levels) throw errors::nested_too_deep();
    auto check = [](const std::string& text) {
        std::string number;
        append_number_of(number, text, FrontEnd::older);
    };
    if (v.has("N")) check(v["N"].as_string());
    for (const Value& n : v.list("NS")) check(n.as_string());
    for (const Value& e : v.list("L")) check_parameter(e, level + 1);
    for (const auto& m : v.object("M")) check_parameter(m.value, level + 1);
}

std::vector<std::string> read_parameters(const Value& member) {
    std::vector<std::string> out;
    for (const Value& v : member.list("Parameters")) check_parameter(v, 1);
    for (const Value& v : member.list("Parameters")) out.push_back(encode_value(v, FrontEnd::older));
    return out;
}

void check_inserted_keys(const Table& table, ItemView item) {
    auto check = [&](const KeyPart& part) {
        ValueView v = item.find(part.name);
        if (!v) throw errors::key_missing_in_statement(part.name);
        if (v.type() != part.type) throw errors::key_data_type(part.name);
    };
    check(table.hash);
    if (table.range) check(*table.range);
}

}  // namespace

StatementRequest read_statement(const Value& member) {
    StatementRequest r;
    r.statement = partiql::parse(member.text("Statement"));
    std::vector<std::string> parameters = read_parameters(member);
    r.bytes = member.text("Statement").size();
    for (const std::string& p : parameters) r.bytes += p.size();
    r.bound = partiql::bind(r.statement, std::move(parameters));
    r.digest = hex_encode(sha256(std::string(member.text("Statement")) + json::write(Value(member.list("Parameters")))).substr(0, 12));
    return r;
}

ItemWrite prepare_statement(const Table& table, const StatementRequest& r) {
    static constexpr ItemWrite::Kind kinds[] = {ItemWrite::Kind::check, ItemWrite::Kind::put, ItemWrite::Kind::update, ItemWrite::Kind::remove, ItemWrite::Kind::check};
    ItemWrite write{kinds[static_cast<std::size_t>(r.statement.kind)], table.name};
    if (r.statement.kind == Statement::Kind::insert) {
        write.item = r.bound.item;
        check_inserted_keys(table, ItemView(write.item));
        check_item_size(ItemView(write.item));
        return write;
    }
    auto named = partiql::named_item(table, r.bound.where);
    if (r.statement.kind == Statement::Kind::exists && !r.statement.index.empty()) throw errors::index_in_exists();
    if (r.statement.kind == Statement::Kind::exists && (!named || named->nothing_else))
        throw errors::exists_without_condition();
    if (!named) throw errors::no_key_equality();
    write.item = std::move(named->key);
    write.expressions.condition = r.bound.where;
    write.expressions.update = r.bound.change;
    return write;
}

Outcome outcome_of(const StatementRequest& r, const PlannedWrite& plan) {
    switch (r.statement.kind) {
        case Statement::Kind::insert: return plan.before.empty() ? Outcome::done : Outcome::duplicate;
        case Statement::Kind::remove: return plan.holds || plan.before.empty() ? Outcome::done : Outcome::condition_failed;
        default: return plan.holds && !plan.before.empty() ? Outcome::done : Outcome::condition_failed;
    }
}

Object returned_item(const StatementRequest& r, const PlannedWrite& plan) {
    const Returning returning = r.statement.returning;
    if (returning == Returning::none) return {};
    const bool old = returning == Returning::all_old || returning == Returning::modified_old;
    const ItemView image(old ? plan.before : plan.after);
    if (!image) return {};
    if (returning == Returning::all_old || returning == Returning::all_new) return decode_item(image);
    const std::string touched = project(r.bound.change, image);
    return decode_item(ItemView(touched));
}

ItemKey selected_item(const Table& table, const StatementRequest& r, const ApiError& otherwise) {
    auto named = r.statement.index.empty() ? partiql::named_item(table, r.bound.where) : std::nullopt;
    if (!named || !named->nothing_else) throw otherwise;
    return exact_key(table, ItemView(named->key));
}

Object selected_columns(const StatementRequest& r, ItemView item) {
    if (r.statement.everything) return decode_item(item);
    Object out;
    for (std::size_t i = 0; i < r.statement.column_names.size(); ++i)
        if (ValueView v = resolve(r.bound.columns, r.bound.columns.path(i), item)) out.append(r.statement.column_names[i], decode_value(v));
    return out;
}

}  // namespace virga::dynamodb
