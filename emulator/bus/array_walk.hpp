// Whether one event satisfies one sub-pattern, with the service's rule about arrays.
#pragma once
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "emulator/bus/compiled_pattern.hpp"
#include "emulator/bus/event_fields.hpp"

namespace virga::bus {

// A field of a sub-pattern and where its values are found.
struct BoundField {
    const FieldTests* tests;
    FieldId field;
};

// The rule: values of different elements of one array do not go together. Fields are tried in the order of their paths, and
// each choice of a value chooses the elements it is in; "exists: false" means that no value is left that goes with the elements chosen
// before.
// `known`: the index of a field that is known to find a value, -1 when none is.
bool satisfied(std::span<const BoundField> fields, const EventFields& event, std::int32_t known = -1);

}  // namespace virga::bus
