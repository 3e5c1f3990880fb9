#include "emulator/bus/array_walk.hpp"

namespace virga::bus {

namespace {

bool accepts(const FieldTests& tests, const EventValue& value) {
    for (const auto& t : tests.any)
        if (t.accepts(value)) return true;
    return false;
}

// Without elements any values go together: each field stands for itself.
bool satisfied_flat(std::span<const BoundField> fields, const EventFields& event, std::int32_t known) {
    for (std::size_t at = 0; at < fields.size(); ++at) {
        if (static_cast<std::int32_t>(at) == known) continue;
        const auto& f = fields[at];
        auto i = event.first(f.field);
        if (i < 0 && f.tests->absent) continue;
        bool found = false;
        for (; i >= 0 && !found; i = event.entries()[static_cast<std::size_t>(i)].next)
            found = accepts(*f.tests, event.entries()[static_cast<std::size_t>(i)].value);
        if (!found) return false;
    }
    return true;
}

class Walk {
public:
    Walk(std::span<const BoundField> fields, const EventFields& event)
        : fields_(fields), event_(event), chosen_(static_cast<std::size_t>(event.arrays()), -1) {}

    bool from(std::size_t i) {
        if (i == fields_.size()) return true;
        if (failed_before(i)) return false;
        const auto& f = fields_[i];
        bool any = false, free_tried = false;
        for (auto at = event_.first(f.field); at >= 0; at = event_.entries()[static_cast<std::size_t>(at)].next) {
            const auto& e = event_.entries()[static_cast<std::size_t>(at)];
            if (!consistent(e.element)) continue;
            any = true;
            if (!accepts(*f.tests, e.value)) continue;
            auto undo = choose(e.element);
            // Values that choose nothing new are all the same from here.
            bool skip = undo.empty() && free_tried;
            free_tried = free_tried || undo.empty();
            bool done = !skip && from(i + 1);
            for (auto array : undo) chosen_[static_cast<std::size_t>(array)] = -1;
            if (done) return true;
        }
        if (!any && f.tests->absent && from(i + 1)) return true;
        remember_failure(i);
        return false;
    }

private:
    bool consistent(std::int32_t element) const {
        for (; element >= 0; element = event_.elements()[static_cast<std::size_t>(element)].parent) {
            const auto& e = event_.elements()[static_cast<std::size_t>(element)];
            auto chosen = chosen_[static_cast<std::size_t>(e.array)];
            if (chosen >= 0 && chosen != e.index) return false;
        }
        return true;
    }

    // The arrays in which this was the first choice.
    std::vector<std::int32_t> choose(std::int32_t element) {
        std::vector<std::int32_t> fresh;
        for (; element >= 0; element = event_.elements()[static_cast<std::size_t>(element)].parent) {
            const auto& e = event_.elements()[static_cast<std::size_t>(element)];
            auto& chosen = chosen_[static_cast<std::size_t>(e.array)];
            if (chosen < 0) {
                chosen = e.index;
                fresh.push_back(e.array);
            }
        }
        return fresh;
    }

    // What failed once from field i with the same choices in the arrays that i and later fields touch, fails again.
    // Without this, choices in unrelated arrays multiply.
    using Key = std::pair<std::size_t, std::vector<std::int32_t>>;
    Key key(std::size_t i) {
        if (touched_.empty()) find_touched();
        Key k{i, {}};
        for (auto array : touched_[i]) k.second.push_back(chosen_[static_cast<std::size_t>(array)]);
        return k;
    }
    bool failed_before(std::size_t i) { return ++steps_ > patience && failed_.contains(key(i)); }
    void remember_failure(std::size_t i) {
        if (steps_ > patience) failed_.insert(key(i));
    }

    void find_touched() {
        touched_.resize(fields_.size());
        std::set<std::int32_t> arrays;
        for (std::size_t i = fields_.size(); i-- > 0;) {
            for (auto at = event_.first(fields_[i].field); at >= 0; at = event_.entries()[static_cast<std::size_t>(at)].next)
                for (auto e = event_.entries()[static_cast<std::size_t>(at)].element; e >= 0; e = event_.elements()[static_cast<std::size_t>(e)].parent)
                    arrays.insert(event_.elements()[static_cast<std::size_t>(e)].array);
            touched_[i].assign(arrays.begin(), arrays.end());
        }
    }

    // Most events are decided before remembering pays.
    static constexpr int patience = 64;

    std::span<const BoundField> fields_;
    const EventFields& event_;
    std::vector<std::int32_t> chosen_;  // by array: the element, -1 when none yet
    std::vector<std::vector<std::int32_t>> touched_;
    std::set<Key> failed_;
    int steps_ = 0;
};

}  // namespace

bool satisfied(std::span<const BoundField> fields, const EventFields& event, std::int32_t known) {
    if (event.elements().empty()) return satisfied_flat(fields, event, known);
    return Walk(fields, event).from(0);
}

}  // namespace virga::bus
