#include "emulator/bus/json_path.hpp"

#include <cctype>

#include "emulator/bus/json_text.hpp"

namespace virga::bus {

namespace {

bool name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '/'; }

std::size_t skip_space(std::string_view text, std::size_t at) {
    while (at < text.size() && is_json_space(text[at])) ++at;
    return at;
}

// Calls `f(name, value)` for the members of an object, `f("", value)` for the elements of an array; both views are raw.
template <class F>
void each_child(std::string_view value, F f) {
    if (value.empty()) return;
    bool object = value[0] == '{';
    std::size_t at = skip_space(value, 1);
    while (at < value.size() && value[at] != '}' && value[at] != ']') {
        std::string_view name;
        if (object) {
            auto end = skip_json_value(value, at);
            if (end == std::string_view::npos) return;
            name = value.substr(at + 1, end - at - 2);
            at = skip_space(value, skip_space(value, end) + 1);
        }
        auto end = skip_json_value(value, at);
        if (end == std::string_view::npos) return;
        f(name, value.substr(at, end - at));
        at = skip_space(value, end);
        if (at < value.size() && value[at] == ',') at = skip_space(value, at + 1);
    }
}

bool same_name(std::string_view raw, std::string_view name) {
    if (raw.find('\\') == std::string_view::npos) return raw == name;
    std::string text;
    return unescape(raw, text) && text == name;
}

}  // namespace

std::optional<JsonPath> JsonPath::parse(std::string_view text) {
    if (text.empty() || text[0] != '$') return {};
    JsonPath path;
    for (std::size_t i = 1; i < text.size();) {
        Step step;
        if (text[i] == '.') {
            auto begin = ++i;
            while (i < text.size() && name_character(text[i])) ++i;
            if (i == begin) return {};
            step.name = text.substr(begin, i - begin);
        } else if (text[i] == '[') {
            auto end = text.find(']', i);
            if (end == std::string_view::npos) return {};
            auto inside = text.substr(i + 1, end - i - 1);
            if (inside.empty() || inside.size() > 6) return {};
            step.index = 0;
            for (char c : inside) {
                if (inside == "*") break;
                if (!std::isdigit(static_cast<unsigned char>(c))) return {};
                step.index = step.index * 10 + (c - '0');
            }
            if (inside == "*") {
                step.index = all;
                path.many_ = true;
            }
            i = end + 1;
        } else {
            return {};
        }
        path.steps_.push_back(std::move(step));
    }
    return path;
}

void JsonPath::walk(std::string_view value, std::size_t step, std::vector<std::string_view>& out) const {
    if (step == steps_.size()) return out.push_back(value);
    const auto& s = steps_[step];
    char wanted = s.index == -1 ? '{' : '[';
    if (value.empty() || value[0] != wanted) return;
    std::string_view found;
    int position = 0;
    each_child(value, [&](std::string_view name, std::string_view child) {
        if (s.index == all) walk(child, step + 1, out);
        else if (s.index == -1 ? same_name(name, s.name) : s.index == position) found = child;  // of equal names the last counts
        ++position;
    });
    if (!found.empty()) walk(found, step + 1, out);
}

std::optional<std::string> JsonPath::select(std::string_view json) const {
    std::vector<std::string_view> found;
    walk(json.substr(skip_space(json, 0)), 0, found);
    if (!many_) {
        if (found.empty()) return {};
        return std::string(found[0]);
    }
    std::string out = "[";
    for (const auto& value : found) {
        if (out.size() > 1) out += ',';
        out += value;
    }
    return out + "]";
}

std::string json_as_text(std::string_view value) {
    if (value.size() < 2 || value[0] != '"') return std::string(value);
    std::string out;
    unescape(value.substr(1, value.size() - 2), out);
    return out;
}

}  // namespace virga::bus
