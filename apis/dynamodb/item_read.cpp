#include "apis/dynamodb/item_read.hpp"

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/item_json.hpp"
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

ItemView Selection::part(ItemView item, std::string& buffer) const {
    if (everything()) return item;
    buffer = expressions.projection ? project(expressions.projection, item) : project_names(names, item);
    return ItemView(buffer);
}

Value Selection::apply(const Context& ctx, ItemView item) const {
    std::string buffer;
    const ItemView wanted = part(item, buffer);
    if (!ctx.call.json_reply) return decode_item(wanted);
    json::Buffer out;
    write_item_json(out, wanted);
    return JsonText{out.take()};
}

void ItemList::add(const Selection& selection, ItemView item) {
    std::string buffer;
    const ItemView wanted = selection.part(item, buffer);
    if (!as_text_) {
        values_.push_back(decode_item(wanted));
        return;
    }
    text_.put(text_.empty() ? '[' : ',');
    write_item_json(text_, wanted);
}

Value ItemList::take() {
    if (!as_text_) return std::move(values_);
    text_.put(text_.empty() ? "[]" : "]");
    return JsonText{text_.take()};
}

Selection read_selection(TableStore& store, const Value& input, FrontEnd front_end) {
    Selection s;
    s.names = read_attributes_to_get(input);
    s.expressions = read_expressions(store.expressions, input, front_end);
    return s;
}

}  // namespace virga::dynamodb
