// A slow, obvious evaluator of event patterns, written from the language's definition over parsed documents: the judge
// of the differential test. It shares no code with the matcher.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::bus {

// A choice of conjunctions: path -> alternatives. The pattern must be valid.
using OracleChoice = std::map<std::string, Array>;
std::vector<OracleChoice> oracle_pattern(std::string_view json);

// The scalars of an event, each with the elements of arrays it is in: array -> index.
struct OracleScalar {
    std::string path;
    Value value;
    std::map<int, int> places;
};
std::vector<OracleScalar> oracle_event(std::string_view json);

bool oracle_matches(const std::vector<OracleChoice>& pattern, const std::vector<OracleScalar>& event);

}  // namespace virga::bus
