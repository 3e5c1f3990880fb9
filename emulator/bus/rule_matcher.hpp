// All patterns of one bus at once.
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "emulator/bus/rule_index.hpp"

namespace virga::bus {

// Which of many rules match an event. The cost depends on the event and on how many rules come near it, not on how many there are.
//
// How: each sub-pattern is filed under one of its fields, the pivot: the one whose values it shares with the fewest others
// (an exact value that nobody else asks for is best). An event is read once, only where some rule looks; each of its values is
// looked up in the index of its field; what is found there is verified in full.
//
// Thread-safe. Matching takes no lock and never waits: there are two copies of the index, readers follow a pointer to one of them,
// and a change is made to the other, which then becomes the one to read; when the last reader has left the first copy, the change
// is made there too. Changes wait for each other and for the matches of a moment; they take a few microseconds, whatever the number of rules.
class RuleMatcher {
public:
    RuleMatcher() = default;
    ~RuleMatcher();
    RuleMatcher(const RuleMatcher&) = delete;

    // Adds the rule, or replaces it.
    void put(RuleId rule, const Pattern& pattern);
    void remove(RuleId rule);
    // Appends the rules that match, each once, in ascending order. An event that is no JSON object matches none.
    void match(std::string_view event, std::vector<RuleId>& out) const;
    std::size_t size() const;

private:
    template <class Change>
    void change(Change change);
    std::unique_ptr<MatchScratch> take_scratch() const;
    void give_back(std::unique_ptr<MatchScratch> scratch) const;

    std::mutex writers_;
    std::array<RuleIndex, 2> indexes_;
    std::atomic<int> active_{0};  // the index to read
    // Who is reading, counted in two places: a change moves readers from one to the other and waits until the first is empty.
    struct alignas(64) Count {
        std::atomic<int> readers{0};
    };
    mutable std::array<Count, 2> counts_;
    std::atomic<int> counting_{0};
    mutable std::array<std::atomic<MatchScratch*>, 8> scratch_{};
};

}  // namespace virga::bus
