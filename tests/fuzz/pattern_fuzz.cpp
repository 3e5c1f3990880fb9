// Event patterns and events: arbitrary bytes, cut in two at the first zero byte. Nothing may crash, hang or read outside; a pattern
// alone and among others must agree; what is compacted once stays as it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/bus/explain.hpp"
#include "emulator/bus/input_shape.hpp"
#include "emulator/bus/json_path.hpp"
#include "emulator/bus/json_text.hpp"
#include "emulator/bus/pattern.hpp"
#include "emulator/bus/rule_matcher.hpp"
#include "emulator/bus/schedule.hpp"

using namespace virga;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view all(reinterpret_cast<const char*>(data), size);
    auto cut = all.find('\0');
    std::string_view first = all.substr(0, cut);
    std::string_view event = cut == std::string_view::npos ? std::string_view() : all.substr(cut + 1);

    std::string once, twice;
    if (bus::compact_json(event, once) && (!bus::compact_json(once, twice) || once != twice)) std::abort();
    if (auto schedule = bus::Schedule::parse(first)) schedule->next(1'700'000'000'000);
    auto path = bus::JsonPath::parse(first);
    if (path && !once.empty()) path->select(once);
    bus::InputTemplate(first).variables();

    try {
        auto pattern = bus::Pattern::compile(first);
        bus::RuleMatcher matcher;
        matcher.put(1, pattern);
        matcher.put(2, bus::Pattern::compile(R"({"a":["b"]})"));
        std::vector<bus::RuleId> found;
        matcher.match(event, found);
        bool among = !found.empty() && found[0] == 1;
        if (among != pattern.matches(event) || among != bus::explain(pattern, event).matches) std::abort();
    } catch (const bus::PatternError&) {
    }
    return 0;
}
