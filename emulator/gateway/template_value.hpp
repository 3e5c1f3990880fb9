// The values of mapping templates: Java's, as far as templates see them. Lists and maps are shared, not copied, so one may hold itself.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::gateway::vtl {

struct List;
struct Map;
struct Block;  // a #define's body, rendered when it is printed
enum class Native { input, util };

struct Real {
    double value = 0;
    std::string text{};  // as it was written; else made from value
};

using Any = std::variant<std::monostate, bool, std::int64_t, Real, std::string, std::shared_ptr<List>, std::shared_ptr<Map>,
                         std::shared_ptr<const Block>, Native>;

struct List {
    std::vector<Any> items;
};

struct Map {
    std::vector<std::pair<std::string, Any>> entries;  // in the order they came
    const Any* find(std::string_view key) const;
    void set(std::string_view key, Any value);
    Any remove(std::string_view key);
};

std::shared_ptr<List> make_list(std::vector<Any> items = {});
std::shared_ptr<Map> make_map();

bool is_null(const Any& v);
bool truthy(const Any& v);  // only null and false are not
bool is_number(const Any& v);
double to_double(const Any& v);
bool equal(const Any& a, const Any& b);  // of different types: by their texts

// What one template may make: more is a TemplateError, so that none takes the process with it.
inline constexpr std::size_t max_text = 10 << 20;
inline constexpr std::size_t max_elements = 200'000;

// As a template prints it: nothing for null, Java's {a=1, b=2} for maps, JSON for lists.
std::string to_text(const Any& v);

Any from_value(const Value& v);
Value to_value(const Any& v);

}  // namespace virga::gateway::vtl
