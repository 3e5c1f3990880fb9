// Why a pattern does or does not match an event.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/bus/pattern.hpp"

namespace virga::bus {

struct FieldExplanation {
    std::string field;                // "detail.order.id"
    std::string expected;             // the alternatives as the pattern says them
    std::vector<std::string> found;   // the event's values there, as JSON; empty: it has none
    bool matches = false;             // by itself
};

// One way through the pattern's "$or"s; most patterns have one.
struct WayExplanation {
    std::vector<FieldExplanation> fields;
    bool matches = false;
    // Each field finds a value, but only in different elements of one array.
    bool split_over_elements = false;
};

struct Explanation {
    bool matches = false;
    bool event_valid = false;  // a JSON object
    std::vector<WayExplanation> ways;
};

Explanation explain(const Pattern& pattern, std::string_view event);

// One sentence: "matches", or the first field that does not, with what it expected and found, of the way that comes nearest.
std::string summary(const Explanation& explanation);

}  // namespace virga::bus
