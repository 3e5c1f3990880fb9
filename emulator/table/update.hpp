#pragma once
#include <string>

#include "emulator/table/binding.hpp"

namespace virga::table {

// True when the update, applied to no item, makes one: there is no action at all, or one that writes (SET, ADD).
bool creates_item(const Bound& update);

// The item after the update. `before` holds the key attributes at least (of a new item: only them). Every right side reads
// `before`; list positions are those before the update. Throws ValidationException.
std::string apply_update(const Bound& update, ItemView before);

// ADD and DELETE by themselves, shared with the legacy AttributeUpdates: the value after, empty when the attribute is to go.
// `before` may be missing. Throw wrong_operand_type() when the types do not fit.
std::string add_to_value(ValueView before, ValueView operand);
std::string delete_from_value(ValueView before, ValueView operand);

// The list of both lists' elements.
std::string join_lists(ValueView first, ValueView second);

}  // namespace virga::table
