#include "emulator/bus/rule_matcher.hpp"

#include <algorithm>
#include <limits>

#include "emulator/bus/compiled_pattern.hpp"

namespace virga::bus {

std::size_t RuleMatcher::size() const {
    std::shared_lock lock(mutex_);
    return rules_.size();
}

void RuleMatcher::put(RuleId rule, const Pattern& pattern) {
    std::unique_lock lock(mutex_);
    remove_locked(rule);
    rules_[rule];
    for (const auto& sub : pattern.compiled().any) put_sub(rule, pattern, sub);
}

void RuleMatcher::remove(RuleId rule) {
    std::unique_lock lock(mutex_);
    remove_locked(rule);
}

void RuleMatcher::put_sub(RuleId rule, const Pattern& pattern, const SubPattern& sub) {
    Sub s;
    s.rule = rule;
    s.pattern = pattern.shared();
    for (const auto& field : sub.fields) s.fields.push_back({field.get(), table_.use(field->path)});
    if (indexes_.size() < table_.size()) indexes_.resize(table_.size());
    s.pivot = choose_pivot(s);

    SubId id;
    if (free_.empty()) {
        id = static_cast<SubId>(subs_.size());
        subs_.emplace_back();
    } else {
        id = free_.back();
        free_.pop_back();
    }
    if (s.pivot < 0) {
        unfiled_.push_back(id);
    } else {
        const auto& f = s.fields[static_cast<std::size_t>(s.pivot)];
        for (const auto& test : f.tests->any) indexes_[f.field].add(test, id);
    }
    subs_[id] = std::move(s);
    rules_[rule].push_back(id);
}

void RuleMatcher::remove_locked(RuleId rule) {
    auto it = rules_.find(rule);
    if (it == rules_.end()) return;
    for (auto id : it->second) {
        Sub& s = subs_[id];
        if (s.pivot < 0) {
            std::erase(unfiled_, id);
        } else {
            const auto& f = s.fields[static_cast<std::size_t>(s.pivot)];
            for (const auto& test : f.tests->any) indexes_[f.field].remove(test, id);
        }
        for (const auto& f : s.fields) table_.release(f.field);
        s = Sub{};
        free_.push_back(id);
    }
    rules_.erase(it);
}

// A field that may be absent is no pivot: the sub-pattern can match without any value of it.
std::int32_t RuleMatcher::choose_pivot(const Sub& sub) const {
    std::int32_t best = -1;
    std::size_t best_crowd = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < sub.fields.size(); ++i) {
        const auto& f = sub.fields[i];
        if (f.tests->absent) continue;
        std::size_t crowd = 0;
        for (const auto& test : f.tests->any) crowd += indexes_[f.field].crowd(test);
        if (crowd >= best_crowd) continue;
        best = static_cast<std::int32_t>(i);
        best_crowd = crowd;
    }
    return best;
}

std::unique_ptr<RuleMatcher::Scratch> RuleMatcher::take_scratch() const {
    std::lock_guard lock(scratch_mutex_);
    if (scratch_.empty()) return std::make_unique<Scratch>();
    auto s = std::move(scratch_.back());
    scratch_.pop_back();
    return s;
}

void RuleMatcher::match(std::string_view event, std::vector<RuleId>& out) const {
    auto scratch = take_scratch();
    auto begin = out.size();
    {
        std::shared_lock lock(mutex_);
        if (scratch->event.read(event, table_)) try_candidates(*scratch, out);
    }
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
    out.erase(std::unique(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end()), out.end());
    std::lock_guard lock(scratch_mutex_);
    scratch_.push_back(std::move(scratch));
}

void RuleMatcher::try_candidates(Scratch& scratch, std::vector<RuleId>& out) const {
    if (scratch.tried.size() < subs_.size()) scratch.tried.resize(subs_.size());
    if (++scratch.run == 0) {  // wrapped: old marks would look new
        std::fill(scratch.tried.begin(), scratch.tried.end(), 0);
        scratch.run = 1;
    }
    scratch.candidates = unfiled_;
    for (const auto& entry : scratch.event.entries())
        if (entry.field != no_field) indexes_[entry.field].find(entry.value, scratch.candidates);
    for (auto id : scratch.candidates) {
        if (scratch.tried[id] == scratch.run) continue;
        scratch.tried[id] = scratch.run;
        if (satisfied(subs_[id].fields, scratch.event)) out.push_back(subs_[id].rule);
    }
}

}  // namespace virga::bus
