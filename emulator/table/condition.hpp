// Evaluates conditions and filters on stored items, without decoding them.
#pragma once
#include "emulator/table/binding.hpp"

namespace virga::table {

// A missing item is an empty ItemView: no attribute exists.
bool evaluate(const Bound& condition, ItemView item);

// The value at a document path, empty when there is none.
ValueView resolve(const Bound& bound, const Path& path, ItemView item);

// The operators by themselves. A missing operand makes every one false, save ne. Values of different types are unequal and
// unordered.
bool compare(Op op, ValueView a, ValueView b);
bool begins_with(ValueView value, ValueView prefix);
// A substring, or an element of a set or list.
bool contains(ValueView value, ValueView part);

}  // namespace virga::table
