// Which parts of items a read answers.
#pragma once
#include <string>
#include <vector>

#include "apis/dynamodb/request.hpp"
#include "emulator/base/json_buffer.hpp"

namespace virga::dynamodb {

// ProjectionExpression or AttributesToGet; without either, all of the item.
struct Selection {
    Expressions expressions;
    std::vector<std::string> names;

    bool everything() const { return !expressions.projection && names.empty(); }
    // Top-level attributes it reads.
    std::vector<std::string_view> roots() const;
    // What is asked for of `item`: all of it, or a part that is put into `buffer`.
    table::ItemView part(table::ItemView item, std::string& buffer) const;
    // The same as it is answered to the caller of `ctx`.
    Value apply(const Context& ctx, table::ItemView item) const;
};

// A list of items as it is answered: of 50 items are made 50 pieces of one text, not a thousand small values.
class ItemList {
public:
    explicit ItemList(const Context& ctx) : as_text_(ctx.call.json_reply) {}
    void add(const Selection& selection, table::ItemView item);
    Value take();

private:
    bool as_text_;
    json::Buffer text_;
    Array values_;
};

Selection read_selection(table::TableStore& store, const Value& input, FrontEnd front_end = FrontEnd::current);

}  // namespace virga::dynamodb
