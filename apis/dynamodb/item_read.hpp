// Which parts of items a read answers.
#pragma once
#include <string>
#include <vector>

#include "apis/dynamodb/request.hpp"

namespace virga::dynamodb {

// ProjectionExpression or AttributesToGet; without either, all of the item.
struct Selection {
    Expressions expressions;
    std::vector<std::string> names;

    bool everything() const { return !expressions.projection && names.empty(); }
    // Top-level attributes it reads.
    std::vector<std::string_view> roots() const;
    Object apply(table::ItemView item) const;
};

Selection read_selection(table::TableStore& store, const Value& input);

}  // namespace virga::dynamodb
