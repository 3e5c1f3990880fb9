#include "emulator/schema/infer.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/schema/names.hpp"

namespace virga::schema {

namespace {

const Value& mixed() {
    static const Value v = Object{{"mixed", true}};
    return v;
}

Value simple(const char* type, const char* format = nullptr) {
    Value v = Object{{"type", type}};
    if (format) v["format"] = format;
    return v;
}

Value infer_at(const Value& v, int depth) {
    if (depth > deepest || v.is_null()) return Object();
    switch (v.kind()) {
        case Value::Kind::boolean: return simple("boolean");
        case Value::Kind::integer: return simple("integer", "int64");
        case Value::Kind::real:
        case Value::Kind::number: return simple("number", "double");
        case Value::Kind::string: return parse_iso8601(v.as_string()) ? simple("string", "date-time") : simple("string");
        case Value::Kind::array: {
            Value items = Object();
            for (const auto& element : v.as_array()) items = merge(items, infer_at(element, depth + 1));
            return Object{{"type", "array"}, {"items", std::move(items)}};
        }
        case Value::Kind::object: break;
        default: return Object();
    }
    std::map<std::string, Value> members;
    for (const auto& [name, member] : v.as_object()) members[name] = infer_at(member, depth + 1);
    Value properties = Object();
    Array required;
    for (auto& [name, shape] : members) {
        required.emplace_back(name);
        properties[name] = std::move(shape);
    }
    return Object{{"type", "object"}, {"required", std::move(required)}, {"properties", std::move(properties)}};
}

Value merge_objects(const Value& a, const Value& b) {
    std::map<std::string, Value> members;
    for (const auto& [name, shape] : a.object("properties")) members[name] = shape;
    for (const auto& [name, shape] : b.object("properties")) {
        auto it = members.find(name);
        if (it == members.end()) members[name] = shape;
        else it->second = merge(it->second, shape);
    }
    std::set<std::string> in_a;
    for (const auto& name : a.list("required")) in_a.insert(name.as_string());
    Array required;
    for (const auto& name : b.list("required"))
        if (in_a.contains(name.as_string())) required.push_back(name);
    Value properties = Object();
    for (auto& [name, shape] : members) properties[name] = std::move(shape);
    return Object{{"type", "object"}, {"required", std::move(required)}, {"properties", std::move(properties)}};
}

// Takes a shape apart: each object gets a name and is referred to.
class Components {
public:
    Components(std::string prefix, bool formats) : prefix_(std::move(prefix)), formats_(formats) {}

    // Adds an object under the name, or under one like it when that means something else already; the name it got.
    std::string add(const std::string& wanted, const Value& object) {
        std::string name = wanted.empty() ? "Item" : wanted;
        for (int n = 1; sources_.contains(name) && sources_[name] != object; ++n) name = wanted + "_" + std::to_string(n);
        if (sources_.contains(name)) return name;
        sources_[name] = object;
        all_[name] = Value();  // its place
        Value out = Object{{"type", "object"}};
        if (!object.list("required").empty()) out["required"] = object["required"];
        Value properties = Object();
        for (const auto& [member, shape] : object.object("properties")) properties[member] = written(member, shape);
        out["properties"] = std::move(properties);
        all_[name] = std::move(out);
        return name;
    }

    Value reference(const std::string& name) const { return Object{{"$ref", prefix_ + name}}; }

    Value written(const std::string& name, const Value& shape) {
        auto type = shape.text("type");
        if (type == "object") return reference(add(pascal(name), shape));
        if (type == "array") return Object{{"type", "array"}, {"items", written(name + (name.empty() ? "Item" : "-item"), shape["items"])}};
        if (type.empty()) return Object();
        Value out = Object{{"type", type}};
        // JSON Schema knows the formats of strings alone.
        if (shape.has("format") && (formats_ || type == "string")) out["format"] = shape["format"];
        return out;
    }

    Value take() { return std::move(all_); }

private:
    std::string prefix_;
    bool formats_;
    Value all_ = Object();
    std::map<std::string, Value> sources_;
};

Value envelope(const EventKind& kind, Value detail) {
    Value text = Object{{"type", "string"}};
    return Object{{"type", "object"},
                  {"required", Array{"detail-type", "resources", "detail", "id", "source", "time", "region", "version", "account"}},
                  {"x-amazon-events-detail-type", kind.detail_type},
                  {"x-amazon-events-source", kind.source},
                  {"properties", Object{{"detail", std::move(detail)},
                                        {"account", text},
                                        {"detail-type", text},
                                        {"id", text},
                                        {"region", text},
                                        {"resources", Object{{"type", "array"}, {"items", text}}},
                                        {"source", text},
                                        {"time", Object{{"type", "string"}, {"format", "date-time"}}},
                                        {"version", text}}}};
}

std::string open_api_document(const std::string& title, Value schemas) {
    return json::write(Object{{"openapi", "3.0.0"},
                              {"info", Object{{"version", "1.0.0"}, {"title", title}}},
                              {"paths", Object()},
                              {"components", Object{{"schemas", std::move(schemas)}}}});
}

// The root of a JSON schema: its title and definitions, then what `root` says.
std::string json_schema_document(const std::string& title, Value definitions, const Value& root) {
    Value out = Object{{"$schema", "http://json-schema.org/draft-04/schema#"}, {"title", title}, {"definitions", std::move(definitions)}};
    for (const auto& [name, value] : root.as_object()) out[name] = value;
    return json::write(out);
}

// "#/components/schemas/X" -> "#/definitions/X", and no formats of numbers.
Value as_draft4(const Value& v) {
    constexpr std::string_view from = "#/components/schemas/";
    if (v.is_array()) {
        Array out;
        for (const auto& element : v.as_array()) out.push_back(as_draft4(element));
        return out;
    }
    if (!v.is_object()) return v;
    Value out = Object();
    for (const auto& [name, member] : v.as_object()) {
        if (name == "format" && member.is_string() && (v.text("type") == "integer" || v.text("type") == "number")) continue;
        if (name == "$ref" && member.is_string() && member.as_string().starts_with(from)) out[name] = "#/definitions/" + member.as_string().substr(from.size());
        else out[name] = as_draft4(member);
    }
    return out;
}

}  // namespace

Value infer(const Value& sample) { return infer_at(sample, 0); }

Value merge(const Value& a, const Value& b) {
    if (a == b || b.as_object().empty()) return a;
    if (a.as_object().empty()) return b;
    auto x = a.text("type"), y = b.text("type");
    if (x == y && x == "object") return merge_objects(a, b);
    if (x == y && x == "array") return Object{{"type", "array"}, {"items", merge(a["items"], b["items"])}};
    if (x == y && x == "string") return simple("string");
    auto number = [](std::string_view t) { return t == "integer" || t == "number"; };
    if (number(x) && number(y)) return simple("number", "double");
    return mixed();
}

std::string EventKind::title() const { return pascal(detail_type); }

std::string EventKind::schema_name() const {
    std::string name = source + "@" + title();
    for (char& c : name) {
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '@';
        if (!ok) c = '-';
    }
    return name;
}

std::string open_api(const EventKind& kind, const Value& detail) {
    Components components("#/components/schemas/", true);
    auto name = components.add(kind.title(), detail);
    Value schemas = Object{{"AWSEvent", envelope(kind, components.reference(name))}};
    Value parts = components.take();
    for (const auto& [component, schema] : parts.as_object()) schemas[component] = schema;
    return open_api_document(kind.title(), std::move(schemas));
}

std::string json_schema(const EventKind& kind, const Value& detail) {
    Components components("#/definitions/", false);
    auto name = components.add(kind.title(), detail);
    Value root = envelope(kind, components.reference(name));
    return json_schema_document(kind.title(), components.take(), root);
}

std::string open_api(const Value& shape) {
    Components components("#/components/schemas/", true);
    components.add("Event", shape);
    return open_api_document("Event", components.take());
}

std::string json_schema(const Value& shape) {
    Components components("#/definitions/", false);
    Value root = components.reference(components.add("Event", shape));
    return json_schema_document("Event", components.take(), root);
}

std::string as_json_schema(const Value& document) {
    const auto& schemas = document["components"].object("schemas");
    if (schemas.empty()) return {};
    const Value* root = schemas.find("AWSEvent");
    if (!root) root = &schemas.begin()->value;
    Value definitions = Object();
    for (const auto& [name, schema] : schemas)
        if (&schema != root) definitions[name] = as_draft4(schema);
    return json_schema_document(std::string(document["info"].text("title")), std::move(definitions), as_draft4(*root));
}

}  // namespace virga::schema
