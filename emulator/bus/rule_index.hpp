// The rules of one bus, arranged for matching. Not thread-safe: RuleMatcher keeps two of them.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/bus/array_walk.hpp"
#include "emulator/bus/event_fields.hpp"
#include "emulator/bus/pattern.hpp"
#include "emulator/bus/value_index.hpp"

namespace virga::bus {

using RuleId = std::uint64_t;

// What one match needs, kept for the next.
struct MatchScratch {
    EventFields event;
    std::vector<SubId> candidates;
    std::vector<std::uint32_t> tried;  // by sub-pattern: the last run that tried it
    std::uint32_t run = 0;
};

class RuleIndex {
public:
    // Adds the rule, or replaces it.
    void put(RuleId rule, const Pattern& pattern);
    void remove(RuleId rule);
    // Appends the rules that match, in no order and perhaps more than once. An event that is no JSON object matches none.
    void match(std::string_view event, MatchScratch& scratch, std::vector<RuleId>& out) const;
    std::size_t size() const { return rules_.size(); }

private:
    // A sub-pattern in one cache line. More fields than fit stand in long_[fields[0].field].
    static constexpr std::uint32_t near_fields = 3;
    struct Sub {
        RuleId rule = 0;
        std::array<BoundField, near_fields> fields{};
        std::uint32_t count = 0;
        std::int32_t pivot = -1;  // -1: nothing to file it under; tried on every event
    };
    // Equal tests of one field are kept once, however many rules have them: they are few and stay in the processor's cache.
    struct Shared {
        std::shared_ptr<const FieldTests> tests;
        std::size_t uses = 0;
    };

    std::span<const BoundField> fields_of(const Sub& sub) const;
    const FieldTests* share(const std::shared_ptr<const FieldTests>& tests);
    void unshare(const FieldTests& tests);
    void put_sub(RuleId rule, const SubPattern& sub);
    std::int32_t choose_pivot(std::span<const BoundField> fields) const;
    bool first_time(MatchScratch& scratch, std::size_t candidate) const;

    FieldTable table_;
    std::vector<ValueIndex> indexes_;  // by field
    std::vector<Sub> subs_;
    std::vector<SubId> free_;
    std::unordered_map<std::uint32_t, std::vector<BoundField>> long_;  // by sub-pattern
    std::vector<SubId> unfiled_;
    std::unordered_map<RuleId, std::vector<SubId>> rules_;
    std::unordered_map<std::string, Shared> shared_;  // by path and source
};

}  // namespace virga::bus
