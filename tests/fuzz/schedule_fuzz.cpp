// Schedule expressions and input templates of pipes: arbitrary bytes, cut in two at the first zero byte. Nothing may crash, hang or read
// outside; what runs next is never before the instant asked for, and asking again from there answers the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "apis/pipes/pipe_template.hpp"
#include "emulator/base/json.hpp"
#include "emulator/schedule/expression.hpp"
#include "emulator/schema/infer.hpp"

using namespace virga;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr TimeMs now = 1'793'500'000'123, anchor = 1'793'400'000'000;  // around a change of clocks in New York
    std::string_view all(reinterpret_cast<const char*>(data), size);
    auto cut = all.find('\0');
    std::string_view first = all.substr(0, cut);
    std::string_view second = cut == std::string_view::npos ? std::string_view() : all.substr(cut + 1);

    if (auto expression = schedule::Expression::parse(first)) {
        for (const char* name : {"UTC", "America/New_York"}) {
            auto zone = schedule::TimeZone::load(name);
            auto next = zone ? expression->next(now, anchor, *zone) : std::nullopt;
            if (next && (*next < now || expression->next(*next, anchor, *zone) != next)) std::abort();
        }
    }
    Value sample;
    if (!json::try_parse(second, sample)) return 0;
    auto event = pipes::Event::of(sample);
    if (auto parsed = pipes::Template::parse(first)) parsed->fill(event, {});
    pipes::resolve(first, event);
    Value shape = schema::infer(sample);
    if (schema::merge(shape, shape) != shape) std::abort();
    schema::open_api(shape);
    return 0;
}
