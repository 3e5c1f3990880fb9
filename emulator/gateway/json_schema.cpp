#include "emulator/gateway/json_schema.hpp"

#include <algorithm>
#include <cmath>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/regex.hpp"

namespace virga::gateway {
namespace {

bool whole(const Value& v) { return v.is_integer() || (v.is_number() && std::floor(v.as_double()) == v.as_double()); }

bool has_type(const Value& v, std::string_view type) {
    if (type == "object") return v.is_object();
    if (type == "array") return v.is_array();
    if (type == "string") return v.is_string();
    if (type == "boolean") return v.is_bool();
    if (type == "null") return v.is_null();
    if (type == "number") return v.is_number();
    if (type == "integer") return whole(v);
    return true;
}

bool same(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return a.as_double() == b.as_double();
    return a == b;
}

bool finds(const std::string& pattern, const std::string& text) {
    auto regex = Regex::compile(pattern);
    return !regex || regex->finds(text);
}

class Checker {
public:
    Checker(const Value& root, const Object& models) : root_(root), models_(models) {}

    bool check(const Value& v, const Value& schema, int depth) const {
        if (depth > 64) return false;  // a model that refers to itself without end
        if (schema.has("$ref")) return reference(v, schema.text("$ref"), depth);
        return type(v, schema) && listed(v, schema) && number(v, schema) && string(v, schema) && array(v, schema, depth) &&
               object(v, schema, depth) && combined(v, schema, depth);
    }

private:
    bool reference(const Value& v, std::string_view ref, int depth) const {
        if (std::size_t at = ref.find("/models/"); at != std::string_view::npos && !ref.starts_with('#')) {
            const Value* model = models_.find(ref.substr(at + 8));
            Value schema;
            if (!model || !json::try_parse(model->text("schema"), schema)) return false;
            return Checker(schema, models_).check(v, schema, depth + 1);
        }
        if (!ref.starts_with('#')) return false;
        const Value* at = &root_;
        std::string_view path = ref.substr(1);
        while (at && path.starts_with('/')) {
            path.remove_prefix(1);
            std::size_t end = std::min(path.find('/'), path.size());
            at = at->find(path.substr(0, end));
            path.remove_prefix(end);
        }
        return at && check(v, *at, depth + 1);
    }

    static bool type(const Value& v, const Value& schema) {
        const Value& t = schema["type"];
        if (t.is_string()) return has_type(v, t.as_string());
        const Array& any = schema.list("type");
        return any.empty() || std::any_of(any.begin(), any.end(), [&](const Value& e) { return e.is_string() && has_type(v, e.as_string()); });
    }

    static bool listed(const Value& v, const Value& schema) {
        const Array& allowed = schema.list("enum");
        return allowed.empty() || std::any_of(allowed.begin(), allowed.end(), [&](const Value& e) { return same(v, e); });
    }

    static bool number(const Value& v, const Value& schema) {
        if (!v.is_number()) return true;
        const double n = v.as_double();
        if (const Value& min = schema["minimum"]; min.is_number())
            if (n < min.as_double() || (schema.flag("exclusiveMinimum") && n == min.as_double())) return false;
        if (const Value& max = schema["maximum"]; max.is_number())
            if (n > max.as_double() || (schema.flag("exclusiveMaximum") && n == max.as_double())) return false;
        if (const Value& of = schema["multipleOf"]; of.is_number() && of.as_double() > 0) {
            const double q = n / of.as_double();
            if (std::fabs(q - std::round(q)) > 1e-9) return false;
        }
        return true;
    }

    static bool string(const Value& v, const Value& schema) {
        if (!v.is_string()) return true;
        const auto length = static_cast<std::int64_t>(utf8_length(v.as_string()));
        if (length < schema.integer("minLength", 0) || length > schema.integer("maxLength", length)) return false;
        return !schema["pattern"].is_string() || finds(schema["pattern"].as_string(), v.as_string());
    }

    bool array(const Value& v, const Value& schema, int depth) const {
        if (!v.is_array()) return true;
        const Array& a = v.as_array();
        const auto size = static_cast<std::int64_t>(a.size());
        if (size < schema.integer("minItems", 0) || size > schema.integer("maxItems", size)) return false;
        if (schema.flag("uniqueItems"))
            for (std::size_t i = 0; i < a.size(); ++i)
                for (std::size_t k = i + 1; k < a.size(); ++k)
                    if (same(a[i], a[k])) return false;
        const Value& items = schema["items"];
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (items.is_object() && !check(a[i], items, depth + 1)) return false;
            if (!items.is_array()) continue;
            if (i < items.as_array().size() ? !check(a[i], items.as_array()[i], depth + 1) : !additional(a[i], schema["additionalItems"], depth))
                return false;
        }
        return true;
    }

    bool additional(const Value& v, const Value& rule, int depth) const {
        if (rule.is_bool()) return rule.as_bool();
        return !rule.is_object() || check(v, rule, depth + 1);
    }

    bool object(const Value& v, const Value& schema, int depth) const {
        if (!v.is_object()) return true;
        const auto size = static_cast<std::int64_t>(v.as_object().size());
        if (size < schema.integer("minProperties", 0) || size > schema.integer("maxProperties", size)) return false;
        for (const Value& name : schema.list("required"))
            if (name.is_string() && !v.find(name.as_string())) return false;
        const Object& properties = schema.object("properties");
        for (const auto& m : v.as_object()) {
            bool known = false;
            if (const Value* p = properties.find(m.name)) {
                known = true;
                if (!check(m.value, *p, depth + 1)) return false;
            }
            for (const auto& p : schema.object("patternProperties")) {
                if (!finds(p.name, m.name)) continue;
                known = true;
                if (!check(m.value, p.value, depth + 1)) return false;
            }
            if (!known && !additional(m.value, schema["additionalProperties"], depth)) return false;
        }
        for (const auto& d : schema.object("dependencies")) {
            if (!v.find(d.name)) continue;
            if (d.value.is_object() && !check(v, d.value, depth + 1)) return false;
            if (!d.value.is_array()) continue;
            for (const Value& name : d.value.as_array())
                if (name.is_string() && !v.find(name.as_string())) return false;
        }
        return true;
    }

    bool combined(const Value& v, const Value& schema, int depth) const {
        auto fits = [&](const Value& s) { return check(v, s, depth + 1); };
        const Array &all = schema.list("allOf"), &any = schema.list("anyOf"), &one = schema.list("oneOf");
        if (!std::all_of(all.begin(), all.end(), fits)) return false;
        if (!any.empty() && std::none_of(any.begin(), any.end(), fits)) return false;
        if (!one.empty() && std::count_if(one.begin(), one.end(), fits) != 1) return false;
        return !schema["not"].is_object() || !fits(schema["not"]);
    }

    const Value& root_;
    const Object& models_;
};

}  // namespace

bool conforms(const Value& value, const Value& schema, const Object& models) { return Checker(schema, models).check(value, schema, 0); }

}  // namespace virga::gateway
