#include "apis/dynamodb/request.hpp"

#include <algorithm>
#include <vector>

#include "apis/dynamodb/errors.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/replicas.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

bool is_table_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool is_placeholder(std::string_view key, char first) {
    if (key.size() < 2 || key[0] != first) return false;
    return std::all_of(key.begin() + 1, key.end(), [](char c) { return is_table_name_char(c) && c != '.' && c != '-'; });
}

std::vector<std::string_view> given(const Value& input, std::initializer_list<std::string_view> names) {
    std::vector<std::string_view> out;
    for (std::string_view name : names)
        if (input.has(name)) out.push_back(name);
    return out;
}

constexpr std::string_view names_map = "ExpressionAttributeNames", values_map = "ExpressionAttributeValues";

// Faults of a map's keys go before those of its values.
void check_placeholders(const Object& map, std::string_view name, char first) {
    if (map.empty()) throw errors::empty_placeholders(name);
    for (const auto& m : map) {
        if (m.name.size() > limits::placeholder_bytes) throw errors::placeholder_too_long(name, m.name.size());
        if (!is_placeholder(m.name, first)) throw errors::invalid_placeholder(name, m.name);
    }
}

void check_size(std::size_t bytes, std::string_view map) {
    if (bytes > limits::substitution_bytes) throw errors::placeholders_too_large(map);
}

// Answers the bytes of all names.
std::size_t read_names(const Value& input, Substitutions& out) {
    if (!input.has(names_map)) return 0;
    const Object& names = input.object(names_map);
    check_placeholders(names, names_map, '#');
    std::size_t bytes = 0;
    for (const auto& m : names) {
        if (m.value.as_string().empty()) throw errors::empty_placeholder_name(m.name);
        bytes += m.name.size() + m.value.as_string().size();
        out.add_name(m.name, m.value.as_string());
    }
    check_size(bytes, names_map);
    return bytes;
}

void read_values(const Value& input, Substitutions& out, std::size_t name_bytes, FrontEnd front_end, int level) {
    if (!input.has(values_map)) return;
    const Object& values = input.object(values_map);
    check_placeholders(values, values_map, ':');
    std::size_t bytes = 0;
    for (const auto& m : values) {
        std::string value;
        try {
            value = encode_value(m.value, front_end, level);
        } catch (const ApiError& e) {
            if (front_end == FrontEnd::current) throw;
            throw errors::invalid_placeholder_value(e.message, m.name);
        }
        bytes += m.name.size() + value.size();
        out.add_value(m.name, std::move(value));
    }
    check_size(bytes, values_map);
    if (name_bytes + bytes > limits::substitution_bytes) throw errors::placeholders_too_large();
}

}  // namespace

bool has_table_name_characters(std::string_view name) { return std::all_of(name.begin(), name.end(), is_table_name_char); }

void check_table_name(std::string_view name, std::string_view path) {
    if (name.size() > limits::name_bytes) throw errors::too_long(path, name, limits::name_bytes);
    if (!has_table_name_characters(name)) throw errors::name_pattern(path, name);
}

std::string_view resource_of(const Context& ctx, std::string_view arn) {
    if (!arn.starts_with("arn:aws:dynamodb:") || arn.find(":table/") == std::string_view::npos) throw errors::invalid_resource_arn(arn);
    const std::string prefix = ctx.partition->arn("dynamodb", "table/");
    if (!arn.starts_with(prefix)) throw errors::no_access(ctx.call.principal.arn, ctx.call.operation, arn);
    return arn.substr(prefix.size());
}

std::string named_table(const Context& ctx, std::string_view name, std::string_view path) {
    if (name.starts_with("arn:")) {
        const std::string_view table = resource_of(ctx, name);
        if (table.find('/') != std::string_view::npos) throw errors::invalid_resource_arn(name);
        return std::string(table);
    }
    check_table_name(name, path);
    return std::string(name);
}

namespace {
// While it is being made or deleted a table is not there for who reads and writes items.
bool is_there(const Context& ctx, const TablePtr& table) { return table && !table->filling && !table->gone_at && ctx.now() >= table->ready_at; }

void name_resource(Context& ctx, const Table& table) {
    if (ctx.resource.empty()) ctx.resource = table.arn;
}
}  // namespace

TablePtr require_table(Context& ctx, Database& db, const std::string& name) {
    TablePtr table = store(ctx).find(db, name);
    if (!is_there(ctx, table)) throw errors::table_not_found();
    name_resource(ctx, *table);
    return table;
}

TablePtr recent_table(Context& ctx, const std::string& name) {
    TablePtr table = store(ctx).recent_items.table(name);
    if (!is_there(ctx, table)) return nullptr;
    name_resource(ctx, *table);
    return table;
}

TablePtr require_transaction_table(Context& ctx, Database& db, const std::string& name) {
    TablePtr table = require_table(ctx, db, name);
    if (strongly_consistent(*table)) throw errors::not_with_strong_consistency("Transactions are");
    return table;
}

TablePtr require_described_table(Context& ctx, Database& db, const std::string& name) {
    TablePtr table = store(ctx).find(db, name);
    if (!table) throw errors::table_not_found(name);
    ctx.resource = table->arn;
    return table;
}

void check_parameters(const Value& input, const ParameterRules& rules) {
    const auto expressions = given(input, rules.expressions), legacy = given(input, rules.legacy);
    if (!expressions.empty() && !legacy.empty()) throw errors::mixed_parameters(legacy, expressions);
    if (input.has("ExpressionAttributeNames") && expressions.empty()) throw errors::names_without_expression();
    if (!input.has("ExpressionAttributeValues")) return;
    std::vector<std::string_view> with_values;
    for (std::string_view name : rules.expressions)
        if (name != "ProjectionExpression") with_values.push_back(name);
    if (std::any_of(with_values.begin(), with_values.end(), [&](std::string_view name) { return input.has(name); })) return;
    throw errors::values_without_expression(with_values);
}

Expressions read_expressions(ExpressionCache& cache, const Value& input, FrontEnd front_end, int value_level) {
    Expressions e;
    const std::size_t names = read_names(input, e.substitutions);
    read_values(input, e.substitutions, names, front_end, value_level);
    auto read = [&](ExpressionKind kind, Bound& out) {
        if (input.has(kind_name(kind))) out = bind(cache.get(kind, input.text(kind_name(kind)), front_end == FrontEnd::older), e.substitutions);
    };
    read(ExpressionKind::update, e.update);
    read(ExpressionKind::condition, e.condition);
    read(ExpressionKind::key_condition, e.key_condition);
    read(ExpressionKind::filter, e.filter);
    read(ExpressionKind::projection, e.projection);
    e.substitutions.check_all_used();
    return e;
}

void check_nested_keys(const Table& table, const Bound& expression) {
    if (!expression) return;
    std::vector<std::string_view> nested;
    for (std::size_t ref = 0; ref < expression.expression->paths.size(); ++ref)
        if (expression.path(ref).size() > 1) nested.push_back(expression.root_name(ref));
    for (std::string_view name : nested)
        if (table.is_key(name)) throw errors::nested_key(name);
    for (std::string_view name : nested)
        for (const Index& index : table.indexes)
            if (index.is_key(name)) throw errors::nested_index_key(name);
}

std::string_view conditional_operator(const Value& input, std::string_view conditions) {
    if (!input.has("ConditionalOperator")) return {};
    const std::size_t given = input.object(conditions).size();
    if (given == 0) throw errors::operator_without_conditions();
    if (given == 1) throw errors::operator_with_one_condition();
    return input.text("ConditionalOperator");
}

}  // namespace virga::dynamodb
