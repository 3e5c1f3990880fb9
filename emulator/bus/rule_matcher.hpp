// All patterns of one bus at once.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/bus/array_walk.hpp"
#include "emulator/bus/event_fields.hpp"
#include "emulator/bus/pattern.hpp"
#include "emulator/bus/value_index.hpp"

namespace virga::bus {

using RuleId = std::uint64_t;

// Which of many rules match an event. The cost depends on the event and on how many rules come near it, not on how many there are.
//
// How: each sub-pattern is filed under one of its fields, the pivot: the one whose values it shares with the fewest others
// (an exact value that nobody else asks for is best). An event is read once, only where some rule looks; each of its values is
// looked up in the index of its field; what is found there is verified in full.
//
// Thread-safe: any number of threads match at the same time; put and remove take a few microseconds, whatever the number of
// rules, and exclude matching for so long.
class RuleMatcher {
public:
    // Adds the rule, or replaces it.
    void put(RuleId rule, const Pattern& pattern);
    void remove(RuleId rule);
    // Appends the rules that match, each once, in ascending order. An event that is no JSON object matches none.
    void match(std::string_view event, std::vector<RuleId>& out) const;
    std::size_t size() const;

private:
    struct Sub {
        RuleId rule = 0;
        std::shared_ptr<const CompiledPattern> pattern;  // owns the tests
        std::vector<BoundField> fields;
        std::int32_t pivot = -1;  // -1: nothing to file it under; tried on every event
    };
    // What one match needs, kept for the next.
    struct Scratch {
        EventFields event;
        std::vector<std::uint32_t> tried;  // by sub-pattern: the last run that tried it
        std::uint32_t run = 0;
        Posting candidates;
    };

    void put_sub(RuleId rule, const Pattern& pattern, const SubPattern& sub);
    void remove_locked(RuleId rule);
    std::int32_t choose_pivot(const Sub& sub) const;
    void try_candidates(Scratch& scratch, std::vector<RuleId>& out) const;
    std::unique_ptr<Scratch> take_scratch() const;

    mutable std::shared_mutex mutex_;
    FieldTable table_;
    std::vector<ValueIndex> indexes_;  // by field
    std::vector<Sub> subs_;
    std::vector<SubId> free_;
    Posting unfiled_;
    std::unordered_map<RuleId, std::vector<SubId>> rules_;

    mutable std::mutex scratch_mutex_;
    mutable std::vector<std::unique_ptr<Scratch>> scratch_;
};

}  // namespace virga::bus
