#include "emulator/gateway/template_value.hpp"

#include <algorithm>
#include <cmath>

#include "emulator/base/json.hpp"
#include "emulator/gateway/template.hpp"

namespace virga::gateway::vtl {
namespace {

// Bounds walks over values that may hold themselves.
struct Budget {
    std::size_t elements = max_elements;
    int depth = 0;
};
constexpr int max_depth = 600;  // JSON's own depth, and some

struct Level {
    Budget& budget;
    explicit Level(Budget& b) : budget(b) {
        if (++budget.depth > max_depth || budget.elements-- == 0) throw TemplateError("a value is too deep or too large");
    }
    ~Level() { --budget.depth; }
};

Value to_value(const Any& v, Budget& budget);
std::string to_text(const Any& v, Budget& budget);

}  // namespace

const Any* Map::find(std::string_view key) const {
    for (const auto& [k, v] : entries)
        if (k == key) return &v;
    return nullptr;
}

void Map::set(std::string_view key, Any value) {
    for (auto& [k, v] : entries)
        if (k == key) {
            v = std::move(value);
            return;
        }
    entries.emplace_back(std::string(key), std::move(value));
}

Any Map::remove(std::string_view key) {
    auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == key; });
    if (it == entries.end()) return {};
    Any removed = std::move(it->second);
    entries.erase(it);
    return removed;
}

std::shared_ptr<List> make_list(std::vector<Any> items) { return std::make_shared<List>(List{std::move(items)}); }
std::shared_ptr<Map> make_map() { return std::make_shared<Map>(); }

bool is_null(const Any& v) { return std::holds_alternative<std::monostate>(v); }

bool truthy(const Any& v) {
    const bool* b = std::get_if<bool>(&v);
    return b ? *b : !is_null(v);
}

bool is_number(const Any& v) { return std::holds_alternative<std::int64_t>(v) || std::holds_alternative<Real>(v); }

double to_double(const Any& v) {
    if (const auto* i = std::get_if<std::int64_t>(&v)) return static_cast<double>(*i);
    if (const auto* r = std::get_if<Real>(&v)) return r->value;
    return 0;
}

bool equal(const Any& a, const Any& b) {
    if (is_null(a) || is_null(b)) return is_null(a) && is_null(b);
    if (is_number(a) && is_number(b)) return to_double(a) == to_double(b);
    return to_text(a) == to_text(b);
}

namespace {

std::string to_text(const Any& v, Budget& budget) {
    Level level(budget);
    if (const auto* s = std::get_if<std::string>(&v)) return *s;
    if (const auto* b = std::get_if<bool>(&v)) return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&v)) return std::to_string(*i);
    if (const auto* r = std::get_if<Real>(&v)) {
        if (!r->text.empty()) return r->text;
        std::string out;
        json::write_real(out, r->value);
        return std::floor(r->value) == r->value && out.find_first_not_of("-0123456789") == std::string::npos ? out + ".0" : out;
    }
    if (std::holds_alternative<std::shared_ptr<List>>(v)) return json::write(to_value(v, budget));
    if (const auto* m = std::get_if<std::shared_ptr<Map>>(&v)) {
        std::string out = "{";
        for (const auto& [key, value] : (*m)->entries) {
            if (out.size() > 1) out += ", ";
            out += key + "=" + (is_null(value) ? "null" : to_text(value, budget));
        }
        return out + "}";
    }
    return {};
}

}  // namespace

std::string to_text(const Any& v) {
    Budget budget;
    return to_text(v, budget);
}

Any from_value(const Value& v) {
    switch (v.kind()) {
        case Value::Kind::boolean: return v.as_bool();
        case Value::Kind::integer: return v.as_integer();
        case Value::Kind::real: return Real{v.as_double()};
        case Value::Kind::number: return Real{v.as_double(), v.as_number_text()};
        case Value::Kind::string: return v.as_string();
        case Value::Kind::array: {
            auto list = make_list();
            for (const Value& e : v.as_array()) list->items.push_back(from_value(e));
            return list;
        }
        case Value::Kind::object: {
            auto map = make_map();
            for (const auto& m : v.as_object()) map->entries.emplace_back(m.name, from_value(m.value));
            return map;
        }
        default: return {};
    }
}

namespace {

Value to_value(const Any& v, Budget& budget) {
    Level level(budget);
    if (const auto* s = std::get_if<std::string>(&v)) return *s;
    if (const auto* b = std::get_if<bool>(&v)) return *b;
    if (const auto* i = std::get_if<std::int64_t>(&v)) return *i;
    if (const auto* r = std::get_if<Real>(&v)) return r->text.empty() ? Value(r->value) : Value(NumberText{r->text});
    if (const auto* l = std::get_if<std::shared_ptr<List>>(&v)) {
        Array out;
        for (const Any& e : (*l)->items) out.push_back(to_value(e, budget));
        return out;
    }
    if (const auto* m = std::get_if<std::shared_ptr<Map>>(&v)) {
        Object out;
        for (const auto& [key, value] : (*m)->entries) out.append(key, to_value(value, budget));
        return out;
    }
    return nullptr;
}

}  // namespace

Value to_value(const Any& v) {
    Budget budget;
    return to_value(v, budget);
}

}  // namespace virga::gateway::vtl
