#include "emulator/bus/compiled_pattern.hpp"

#include <algorithm>

namespace virga::bus {

namespace {

bool in_range(const Test& t, const std::optional<double>& n) {
    if (!n) return false;
    return (t.open_low ? *n > t.low : *n >= t.low) && (t.open_high ? *n < t.high : *n <= t.high);
}

}  // namespace

bool Test::accepts(const EventValue& value) const {
    bool string = value.kind == ValueKind::string;
    switch (kind) {
        case Kind::text: return string && value.text == text;
        case Kind::raw: return !string && value.text == text;
        case Kind::number: return value.kind == ValueKind::number && value.number() && *value.number() == low;
        case Kind::range: return value.kind == ValueKind::number && in_range(*this, value.number());
        case Kind::prefix: return string && value.text.starts_with(text);
        case Kind::suffix: return string && value.text.ends_with(text);
        case Kind::fold: return string && folded->equals(value.text);
        case Kind::fold_prefix: return string && folded->starts(value.text);
        case Kind::fold_suffix: return string && folded->ends(value.text);
        case Kind::wildcard: return string && wild->matches(value.text);
        case Kind::address: return string && value.address() && *value.address() == cidr.network;
        case Kind::cidr: return string && value.address() && cidr.contains(*value.address());
        case Kind::present: return true;
        case Kind::none_of:
            for (const auto& other : others)
                if (other.accepts(value)) return false;
            return true;
    }
    return false;
}

bool CompiledPattern::has_wildcards() const {
    auto wild = [](const Test& t) { return t.kind == Test::Kind::wildcard || std::any_of(t.others.begin(), t.others.end(), [](const Test& o) { return o.kind == Test::Kind::wildcard; }); };
    for (const auto& sub : any)
        for (const auto& field : sub.fields)
            if (std::any_of(field->any.begin(), field->any.end(), wild)) return true;
    return false;
}

}  // namespace virga::bus
