#include "emulator/bus/wildcard.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

namespace virga::bus {

Wildcard::Wildcard(std::string_view text) : pieces_(1) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '*') {
            if (i + 1 < text.size() && text[i + 1] == '*')
                throw WildcardError("Consecutive wildcard characters at pos " + std::to_string(i + 1));
            pieces_.emplace_back();
        } else if (text[i] == '\\') {
            if (i + 1 == text.size() || (text[i + 1] != '*' && text[i + 1] != '\\'))
                throw WildcardError("Invalid escape character at pos " + std::to_string(i + 1));
            pieces_.back() += text[++i];
        } else {
            pieces_.back() += text[i];
        }
    }
}

bool Wildcard::matches(std::string_view value) const {
    if (pieces_.size() == 1) return value == pieces_[0];
    const std::string& first = pieces_.front();
    const std::string& last = pieces_.back();
    if (value.size() < first.size() + last.size() || !value.starts_with(first) || !value.ends_with(last)) return false;
    value.remove_prefix(first.size());
    value.remove_suffix(last.size());
    // The leftmost place of each piece leaves the most room for those that follow.
    for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
        auto at = value.find(pieces_[i]);
        if (at == std::string_view::npos) return false;
        value.remove_prefix(at + pieces_[i].size());
    }
    return true;
}

namespace {

// All beginnings of all wildcards, numbered; a set of them that match the input so far is a state of the search.
struct Beginnings {
    struct Step {
        unsigned char byte = 0;
        bool star = false;  // this beginning ends with a star: it matches on whatever comes
        bool first = false; // it is the first of its wildcard
        bool follows = false;  // there is a beginning before it of the same wildcard
    };
    std::vector<Step> steps;
    std::vector<unsigned char> alphabet;

    explicit Beginnings(const std::vector<const Wildcard*>& wildcards) {
        std::set<unsigned char> bytes;
        for (const auto* w : wildcards) {
            bool first = true;
            auto add = [&](unsigned char byte, bool star) {
                steps.push_back({byte, star, first, !first});
                first = false;
            };
            for (std::size_t p = 0; p < w->pieces().size(); ++p) {
                if (p > 0) add(0, true);
                for (char c : w->pieces()[p]) {
                    add(static_cast<unsigned char>(c), false);
                    bytes.insert(static_cast<unsigned char>(c));
                }
            }
        }
        alphabet.assign(bytes.begin(), bytes.end());
    }
};

using Active = std::vector<std::uint32_t>;  // sorted

// A star may match nothing: what stands before one brings the star with it.
void add_step(const Beginnings& b, std::vector<bool>& in, std::uint32_t i) {
    while (!in[i]) {
        in[i] = true;
        if (i + 1 < b.steps.size() && b.steps[i + 1].follows && b.steps[i + 1].star) ++i;
        else return;
    }
}

Active collect(const std::vector<bool>& in) {
    Active out;
    for (std::uint32_t i = 0; i < in.size(); ++i)
        if (in[i]) out.push_back(i);
    return out;
}

}  // namespace

int wildcard_complexity(const std::vector<const Wildcard*>& wildcards, int enough) {
    // The search is bounded: patterns that need more states than this are not refused for it.
    constexpr std::size_t most_states = 4000;
    Beginnings b(wildcards);
    if (b.steps.empty()) return 0;
    int most = 0;
    std::set<Active> seen;
    std::vector<std::pair<Active, bool>> open;  // with: nothing was read yet
    std::vector<bool> start(b.steps.size());
    for (std::uint32_t i = 0; i < b.steps.size(); ++i)
        if (b.steps[i].first && b.steps[i].star) add_step(b, start, i);
    open.emplace_back(collect(start), true);
    while (!open.empty() && seen.size() < most_states) {
        auto [state, fresh] = std::move(open.back());
        open.pop_back();
        most = std::max(most, static_cast<int>(state.size()));
        if (most > enough) return most;
        for (unsigned char byte : b.alphabet) {
            std::vector<bool> next(b.steps.size());
            if (fresh)
                for (std::uint32_t i = 0; i < b.steps.size(); ++i)
                    if (b.steps[i].first && !b.steps[i].star && b.steps[i].byte == byte) add_step(b, next, i);
            for (auto i : state) {
                if (b.steps[i].star) add_step(b, next, i);
                if (i + 1 < b.steps.size() && b.steps[i + 1].follows && !b.steps[i + 1].star && b.steps[i + 1].byte == byte) add_step(b, next, i + 1);
            }
            Active active = collect(next);
            if (!active.empty() && seen.insert(active).second) open.emplace_back(std::move(active), false);
        }
    }
    return most;
}

}  // namespace virga::bus
