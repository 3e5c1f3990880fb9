#include "apis/dynamodb/item_read.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/legacy.hpp"
#include "emulator/table/projection.hpp"

namespace virga::dynamodb {

using namespace table;

std::vector<std::string_view> Selection::roots() const {
    if (!expressions.projection) return {names.begin(), names.end()};
    std::vector<std::string_view> out;
    for (std::size_t ref : expressions.projection.expression->target_paths) out.push_back(expressions.projection.root_name(ref));
    return out;
}

Object Selection::apply(ItemView item) const {
    if (everything()) return decode_item(item);
    const std::string part = expressions.projection ? project(expressions.projection, item) : project_names(names, item);
    return decode_item(ItemView(part));
}

Selection read_selection(TableStore& store, const Value& input) {
    Selection s;
    s.names = read_attributes_to_get(input);
    s.expressions = read_expressions(store.expressions, input);
    return s;
}

}  // namespace virga::dynamodb
