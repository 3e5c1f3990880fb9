#include "emulator/bus/explain.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/bus/array_walk.hpp"
#include "emulator/bus/compiled_pattern.hpp"

namespace virga::bus {

namespace {

FieldExplanation explain_field(const BoundField& bound, const EventFields& event) {
    FieldExplanation out;
    out.field = bound.tests->path;
    out.expected = bound.tests->source;
    out.matches = satisfied(std::span(&bound, 1), event);
    for (auto i = event.first(bound.field); i >= 0; i = event.entries()[static_cast<std::size_t>(i)].next) {
        const auto& value = event.entries()[static_cast<std::size_t>(i)].value;
        std::string text;
        if (value.kind == ValueKind::string) json::write_string(text, value.text);
        else text = value.text;
        out.found.push_back(std::move(text));
    }
    return out;
}

std::string join(const std::vector<std::string>& values) {
    if (values.empty()) return "nothing";
    std::string out;
    for (const auto& v : values) out += (out.empty() ? "" : ", ") + v;
    return out;
}

}  // namespace

Explanation explain(const Pattern& pattern, std::string_view event_json) {
    Explanation out;
    FieldTable table;
    std::vector<std::vector<BoundField>> ways;
    for (const auto& sub : pattern.compiled().any) {
        auto& way = ways.emplace_back();
        for (const auto& field : sub.fields) way.push_back({field.get(), table.use(field->path)});
    }
    EventFields event;
    out.event_valid = event.read(event_json, table);
    if (!out.event_valid) return out;
    for (const auto& way : ways) {
        auto& w = out.ways.emplace_back();
        for (const auto& bound : way) w.fields.push_back(explain_field(bound, event));
        w.matches = satisfied(way, event);
        w.split_over_elements = !w.matches && std::all_of(w.fields.begin(), w.fields.end(), [](const auto& f) { return f.matches; });
        out.matches = out.matches || w.matches;
    }
    return out;
}

std::string summary(const Explanation& e) {
    if (e.matches) return "matches";
    if (!e.event_valid) return "the event is no JSON object";
    auto misses = [](const WayExplanation& w) { return std::count_if(w.fields.begin(), w.fields.end(), [](const auto& f) { return !f.matches; }); };
    auto nearest = std::min_element(e.ways.begin(), e.ways.end(), [&](const auto& a, const auto& b) { return misses(a) < misses(b); });
    if (nearest->split_over_elements) return "each field matches by itself, but not within one element of an array";
    auto first = std::find_if(nearest->fields.begin(), nearest->fields.end(), [](const auto& f) { return !f.matches; });
    return first->field + ": expected " + first->expected + ", found " + join(first->found);
}

}  // namespace virga::bus
