#include "emulator/bus/pattern.hpp"

#include "emulator/bus/array_walk.hpp"
#include "emulator/bus/pattern_parser.hpp"

namespace virga::bus {

// What is needed to match this one pattern by itself.
struct Pattern::Alone {
    FieldTable table;
    std::vector<std::vector<BoundField>> subs;
};

Pattern Pattern::compile(std::string_view json) {
    Pattern p;
    auto compiled = std::make_shared<CompiledPattern>(parse_pattern(json));
    auto alone = std::make_shared<Alone>();
    for (const auto& sub : compiled->any) {
        auto& bound = alone->subs.emplace_back();
        for (const auto& field : sub.fields) bound.push_back({field.get(), alone->table.use(field->path)});
    }
    p.compiled_ = std::move(compiled);
    p.alone_ = std::move(alone);
    return p;
}

bool Pattern::matches(std::string_view event_json) const {
    EventFields event;
    if (!event.read(event_json, alone_->table)) return false;
    for (const auto& sub : alone_->subs)
        if (satisfied(sub, event)) return true;
    return false;
}

}  // namespace virga::bus
