// Expressions: whatever text comes in, it is refused with a ValidationException or compiles, binds and runs.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/table/binding.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/projection.hpp"
#include "emulator/table/update.hpp"

namespace {

using namespace virga::table;

// {"a": "x", "l": ["x"], "m": {"a": "x"}} and a few values of each kind.
std::string text_value(std::string_view text) {
    std::string out;
    append_scalar(out, Type::s, text);
    return out;
}

std::string sample_item() {
    std::string list = "L\x01" + text_value("x"), map = std::string("M\x01\x01", 3) + "a" + text_value("x");
    prefix_length(list, 1);
    prefix_length(map, 1);
    return std::string("\x03\x01", 2) + "a" + text_value("x") + "\x01l" + list + "\x01m" + map;
}

Substitutions given() {
    Substitutions s;
    s.add_name("#a", "a");
    s.add_name("#m", "m");
    s.add_value(":a", text_value("x"));
    s.add_value(":n", std::string("N\x01\x01", 3));
    s.add_value(":l", std::string("L\x01\x00", 3));
    s.add_value(":s", std::string("s\x03\x01\x01x", 5));
    return s;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto kind = static_cast<ExpressionKind>(data[0] % 5);
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string item = sample_item();
    Substitutions substitutions = given();
    try {
        Bound bound = bind(compile_expression(kind, text), substitutions);
        if (kind == ExpressionKind::update) apply_update(bound, ItemView(item));
        else if (kind == ExpressionKind::projection) project(bound, ItemView(item));
        else evaluate(bound, ItemView(item));
    } catch (const virga::ApiError& e) {
        if (e.code != "ValidationException") std::abort();
    }
    return 0;
}
