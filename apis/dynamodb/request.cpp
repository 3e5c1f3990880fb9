#include "apis/dynamodb/request.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apis/dynamodb/attribute_value.hpp"
#include "emulator/table/errors.hpp"

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

void read_names(const Value& input, Substitutions& out) {
    if (!input.has("ExpressionAttributeNames")) return;
    const Object& names = input.object("ExpressionAttributeNames");
    if (names.empty()) throw errors::validation("ExpressionAttributeNames must not be empty");
    for (const auto& m : names)
        if (!is_placeholder(m.name, '#'))
            throw errors::validation(fmt::format("ExpressionAttributeNames contains invalid key: Syntax error; key: \"{}\"", m.name));
    for (const auto& m : names) {
        if (m.value.as_string().empty()) throw errors::validation(fmt::format("ExpressionAttributeNames contains invalid value: Empty attribute name for key {}", m.name));
        out.add_name(m.name, m.value.as_string());
    }
}

void read_values(const Value& input, Substitutions& out) {
    if (!input.has("ExpressionAttributeValues")) return;
    const Object& values = input.object("ExpressionAttributeValues");
    if (values.empty()) throw errors::validation("ExpressionAttributeValues must not be empty");
    for (const auto& m : values)
        if (!is_placeholder(m.name, ':'))
            throw errors::validation(fmt::format("ExpressionAttributeValues contains invalid key: Syntax error; key: \"{}\"", m.name));
    for (const auto& m : values) {
        try {
            out.add_value(m.name, encode_value(m.value));
        } catch (const ApiError& e) {
            throw errors::validation(fmt::format("ExpressionAttributeValues contains invalid value: {} for key {}", e.message, m.name));
        }
    }
}

}  // namespace

std::string table_name(std::string_view name, std::string_view path) {
    if (name.starts_with("arn:")) {
        const auto at = name.find(":table/");
        if (at == std::string_view::npos) throw errors::invalid_resource_arn(name);
        std::string_view table = name.substr(at + 7);
        return std::string(table.substr(0, table.find('/')));
    }
    if (name.size() > 255)
        throw errors::constraint(fmt::format("Value '{}' at '{}' failed to satisfy constraint: Member must have length less than or equal to 255", name, path));
    if (!std::all_of(name.begin(), name.end(), is_table_name_char))
        throw errors::constraint(
            fmt::format("Value '{}' at '{}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+", name, path));
    return std::string(name);
}

TablePtr require_table(Context& ctx, Database& db, const std::string& name) {
    TablePtr table = store(ctx).find(db, name);
    // While it is being made or deleted a table is not there for who reads and writes items.
    if (!table || table->filling || table->gone_at || ctx.now() < table->ready_at) throw errors::table_not_found();
    if (ctx.resource.empty()) ctx.resource = table->arn;
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
    if (!expressions.empty() && !legacy.empty())
        throw errors::validation(fmt::format("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {{{}}} "
                                             "Expression parameters: {{{}}}",
                                             fmt::join(legacy, ", "), fmt::join(expressions, ", ")));
    if (input.has("ExpressionAttributeNames") && expressions.empty())
        throw errors::validation("ExpressionAttributeNames can only be specified when using expressions");
    if (!input.has("ExpressionAttributeValues")) return;
    std::vector<std::string_view> with_values;
    for (std::string_view name : rules.expressions)
        if (name != "ProjectionExpression") with_values.push_back(name);
    if (std::any_of(with_values.begin(), with_values.end(), [&](std::string_view name) { return input.has(name); })) return;
    throw errors::validation(fmt::format("ExpressionAttributeValues can only be specified when using expressions: {} {} null", fmt::join(with_values, " and "),
                                         with_values.size() > 1 ? "are" : "is"));
}

Expressions read_expressions(ExpressionCache& cache, const Value& input) {
    Expressions e;
    read_names(input, e.substitutions);
    read_values(input, e.substitutions);
    auto read = [&](ExpressionKind kind, Bound& out) {
        if (input.has(kind_name(kind))) out = bind(cache.get(kind, input.text(kind_name(kind))), e.substitutions);
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
    if (input.object(conditions).empty())
        throw errors::validation("ConditionalOperator cannot be used without Filter or Expected");
    return input.text("ConditionalOperator");
}

}  // namespace virga::dynamodb
