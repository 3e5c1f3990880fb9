#include "emulator/table/partiql.hpp"

#include <fmt/format.h>

#include "emulator/table/errors.hpp"

namespace virga::table::partiql {

namespace {

void bind_part(const Part& part, const std::vector<std::string>& parameters, Substitutions& values, Bound& out) {
    if (!part) return;
    for (std::size_t i = 0; i < part.values.size(); ++i) {
        std::string encoding;
        append_literal(encoding, part.values[i], parameters);
        values.add_value(part.expression->values[i], std::move(encoding));
    }
    out = table::bind(part.expression, values);
}

}  // namespace

BoundStatement bind(const Statement& s, const std::vector<std::string>& parameters) {
    if (s.parameters > parameters.size()) throw errors::parameter_count();
    BoundStatement bound;
    if (s.kind == Statement::Kind::insert) bound.item = encode_item_literal(s.item, parameters);
    bind_part(s.columns, parameters, bound.column_values, bound.columns);
    for (const auto& [value, not_a_set] : s.sets)
        if (const Literal& v = s.change.values[value]; v.kind == Literal::Kind::parameter && !ValueView(parameters[v.parameter]).is_set())
            throw errors::validation(not_a_set);
    bind_part(s.change, parameters, bound.change_values, bound.change);
    bind_part(s.where, parameters, bound.where_values, bound.where);
    return bound;
}

}  // namespace virga::table::partiql
