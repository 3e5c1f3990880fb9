#include "emulator/bus/rule_index.hpp"

#include <algorithm>
#include <limits>

#include "emulator/bus/compiled_pattern.hpp"

namespace virga::bus {

namespace {

// Up to so many candidates, looking through them beats a mark for each sub-pattern there is.
constexpr std::size_t few_candidates = 16;

std::string shared_key(const FieldTests& tests) { return tests.path + '\0' + tests.source; }

}  // namespace

std::span<const BoundField> RuleIndex::fields_of(const Sub& sub) const {
    if (sub.count <= near_fields) return {sub.fields.data(), sub.count};
    return long_.find(sub.fields[0].field)->second;
}

const FieldTests* RuleIndex::share(const std::shared_ptr<const FieldTests>& tests) {
    auto& s = shared_[shared_key(*tests)];
    if (!s.tests) s.tests = tests;
    ++s.uses;
    return s.tests.get();
}

void RuleIndex::unshare(const FieldTests& tests) {
    auto it = shared_.find(shared_key(tests));
    if (--it->second.uses == 0) shared_.erase(it);
}

void RuleIndex::put(RuleId rule, const Pattern& pattern) {
    remove(rule);
    rules_[rule];
    for (const auto& sub : pattern.compiled().any) put_sub(rule, sub);
}

void RuleIndex::put_sub(RuleId rule, const SubPattern& sub) {
    std::vector<BoundField> fields;
    for (const auto& f : sub.fields) fields.push_back({share(f), table_.use(f->path)});
    if (indexes_.size() < table_.size()) indexes_.resize(table_.size());

    SubId id;
    if (free_.empty()) {
        id = static_cast<SubId>(subs_.size());
        subs_.emplace_back();
    } else {
        id = free_.back();
        free_.pop_back();
    }
    Sub& s = subs_[id];
    s.rule = rule;
    s.count = static_cast<std::uint32_t>(fields.size());
    s.pivot = choose_pivot(fields);
    if (s.pivot < 0) {
        unfiled_.push_back(id);
    } else {
        const auto& f = fields[static_cast<std::size_t>(s.pivot)];
        for (const auto& test : f.tests->any) indexes_[f.field].add(test, id);
    }
    if (s.count <= near_fields) {
        std::copy(fields.begin(), fields.end(), s.fields.begin());
    } else {
        s.fields[0] = {nullptr, id};
        long_[id] = std::move(fields);
    }
    rules_[rule].push_back(id);
}

void RuleIndex::remove(RuleId rule) {
    auto it = rules_.find(rule);
    if (it == rules_.end()) return;
    for (auto id : it->second) {
        Sub& s = subs_[id];
        auto fields = fields_of(s);
        if (s.pivot < 0) {
            std::erase(unfiled_, id);
        } else {
            const auto& f = fields[static_cast<std::size_t>(s.pivot)];
            for (const auto& test : f.tests->any) indexes_[f.field].remove(test, id);
        }
        for (const auto& f : fields) {
            table_.release(f.field);
            unshare(*f.tests);
        }
        if (s.count > near_fields) long_.erase(id);
        s = Sub{};
        free_.push_back(id);
    }
    rules_.erase(it);
}

// A field that may be absent is no pivot: the sub-pattern can match without any value of it.
std::int32_t RuleIndex::choose_pivot(std::span<const BoundField> fields) const {
    std::int32_t best = -1;
    std::size_t best_crowd = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& f = fields[i];
        if (f.tests->absent) continue;
        std::size_t crowd = 0;
        for (const auto& test : f.tests->any) crowd += indexes_[f.field].crowd(test);
        if (crowd >= best_crowd) continue;
        best = static_cast<std::int32_t>(i);
        best_crowd = crowd;
    }
    return best;
}

// Whether the candidate is none of those before it.
bool RuleIndex::first_time(MatchScratch& scratch, std::size_t candidate) const {
    SubId id = scratch.candidates[candidate] & ~sure_bit;
    if (scratch.candidates.size() <= few_candidates) {
        for (std::size_t i = 0; i < candidate; ++i)
            if ((scratch.candidates[i] & ~sure_bit) == id) return false;
        return true;
    }
    if (scratch.tried[id] == scratch.run) return false;
    scratch.tried[id] = scratch.run;
    return true;
}

void RuleIndex::match(std::string_view event, MatchScratch& scratch, std::vector<RuleId>& out) const {
    if (rules_.empty() || !scratch.event.read(event, table_)) return;
    scratch.candidates.assign(unfiled_.begin(), unfiled_.end());
    for (const auto& entry : scratch.event.entries())
        if (entry.field != no_field) indexes_[entry.field].find(entry.value, scratch.candidates);
    if (scratch.candidates.size() > few_candidates) {
        if (scratch.tried.size() < subs_.size()) scratch.tried.resize(subs_.size());
        if (++scratch.run == 0) {  // wrapped: old marks would look new
            std::fill(scratch.tried.begin(), scratch.tried.end(), 0);
            scratch.run = 1;
        }
    }
    for (std::size_t i = 0; i < scratch.candidates.size(); ++i) {
        if (!first_time(scratch, i)) continue;
        const Sub& sub = subs_[scratch.candidates[i] & ~sure_bit];
        std::int32_t known = scratch.candidates[i] & sure_bit ? sub.pivot : -1;
        if (satisfied(fields_of(sub), scratch.event, known)) out.push_back(sub.rule);
    }
}

}  // namespace virga::bus
