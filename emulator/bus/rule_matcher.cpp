#include "emulator/bus/rule_matcher.hpp"

#include <algorithm>
#include <thread>

namespace virga::bus {

RuleMatcher::~RuleMatcher() {
    for (auto& slot : scratch_) delete slot.load();
}

// The left-right technique. Order matters: a reader counts itself before it looks which index is active, a writer changes which index
// is active before it looks who is counted.
template <class Change>
void RuleMatcher::change(Change change) {
    std::lock_guard lock(writers_);
    auto wait_for = [&](int place) {
        while (counts_[static_cast<std::size_t>(place)].readers.load() != 0) std::this_thread::yield();
    };
    int before = active_.load();
    change(indexes_[static_cast<std::size_t>(1 - before)]);
    active_.store(1 - before);
    int old_place = counting_.load();
    wait_for(1 - old_place);
    counting_.store(1 - old_place);
    wait_for(old_place);
    change(indexes_[static_cast<std::size_t>(before)]);
}

void RuleMatcher::put(RuleId rule, const Pattern& pattern) {
    change([&](RuleIndex& index) { index.put(rule, pattern); });
}

void RuleMatcher::remove(RuleId rule) {
    change([&](RuleIndex& index) { index.remove(rule); });
}

std::size_t RuleMatcher::size() const {
    std::size_t n = 0;
    auto& count = counts_[static_cast<std::size_t>(counting_.load())].readers;
    ++count;
    n = indexes_[static_cast<std::size_t>(active_.load())].size();
    --count;
    return n;
}

std::unique_ptr<MatchScratch> RuleMatcher::take_scratch() const {
    for (auto& slot : scratch_)
        if (slot.load(std::memory_order_relaxed))
            if (auto* s = slot.exchange(nullptr)) return std::unique_ptr<MatchScratch>(s);
    return std::make_unique<MatchScratch>();
}

void RuleMatcher::give_back(std::unique_ptr<MatchScratch> scratch) const {
    for (auto& slot : scratch_) {
        MatchScratch* empty = nullptr;
        if (slot.compare_exchange_strong(empty, scratch.get())) {
            scratch.release();
            return;
        }
    }
}

void RuleMatcher::match(std::string_view event, std::vector<RuleId>& out) const {
    auto scratch = take_scratch();
    auto begin = static_cast<std::ptrdiff_t>(out.size());
    auto& count = counts_[static_cast<std::size_t>(counting_.load())].readers;
    ++count;
    indexes_[static_cast<std::size_t>(active_.load())].match(event, *scratch, out);
    --count;
    give_back(std::move(scratch));
    if (out.size() - static_cast<std::size_t>(begin) < 2) return;
    std::sort(out.begin() + begin, out.end());
    out.erase(std::unique(out.begin() + begin, out.end()), out.end());
}

}  // namespace virga::bus
