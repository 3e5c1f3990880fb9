#include "emulator/logs/json_filter.hpp"

#include <cstdlib>
#include <vector>

#include "emulator/base/json.hpp"
#include "emulator/logs/condition.hpp"

namespace virga {

namespace {

// All values that a selector reaches: "*" as a member or index reaches each.
void select(const Value& value, std::string_view path, std::vector<const Value*>& found) {
    if (path.empty()) return found.push_back(&value);
    if (path[0] == '.') path.remove_prefix(1);
    std::string_view name;
    if (path[0] == '[') {
        auto end = path.find(']');
        if (end == std::string_view::npos) return;
        name = path.substr(1, end - 1);
        path.remove_prefix(end + 1);
        if (name.size() >= 2 && name[0] == '"') name = name.substr(1, name.size() - 2);
        if (value.is_array()) {
            auto& items = value.as_array();
            if (name == "*") {
                for (auto& item : items) select(item, path, found);
            } else if (auto index = std::strtoul(std::string(name).c_str(), nullptr, 10); index < items.size()) {
                select(items[index], path, found);
            }
            return;
        }
    } else {
        auto end = std::min(path.find_first_of(".["), path.size());
        name = path.substr(0, end);
        path.remove_prefix(end);
    }
    if (!value.is_object()) return;
    if (name == "*") {
        for (auto& [key, member] : value.as_object()) select(member, path, found);
    } else if (auto member = value.find(name)) {
        select(*member, path, found);
    }
}

bool holds(const Comparison& c, const Value& v) {
    using Test = Comparison::Test;
    switch (c.test) {
        case Test::is_null: return v.is_null();
        case Test::is_true: return v.is_bool() && v.as_bool();
        case Test::is_false: return v.is_bool() && !v.as_bool();
        case Test::not_exists: return false;
        default: break;
    }
    if (v.is_number()) return c.numeric ? compare_number(c, v.as_double()) : compare_text(c, json::write(v));
    if (v.is_string()) return compare_text(c, v.as_string());
    if (v.is_bool()) return compare_text(c, v.as_bool() ? "true" : "false");
    return false;
}

class JsonFilter : public FilterPattern::Matcher {
public:
    explicit JsonFilter(std::string_view text) : condition_(parse_condition(text, true)) {}

    bool matches(std::string_view message) const override {
        auto brace = message.find('{');
        Value document;
        if (brace == std::string_view::npos || !json::try_parse(message, document)) return false;
        return condition_.holds([&](const Comparison& c) {
            std::vector<const Value*> found;
            select(document, c.subject, found);
            if (c.test == Comparison::Test::not_exists) return found.empty();
            for (auto value : found)
                if (holds(c, *value)) return true;
            return false;
        });
    }

private:
    Condition condition_;
};

}  // namespace

std::unique_ptr<FilterPattern::Matcher> make_json_filter(std::string_view text) { return std::make_unique<JsonFilter>(text); }

}  // namespace virga
