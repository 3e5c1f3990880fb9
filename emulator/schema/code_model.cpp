#include "emulator/schema/code_model.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "emulator/schema/names.hpp"

namespace virga::schema {

namespace {

using Kind = CodeType::Kind;

// Deeper schemas inside one another are anything: a list of itself has no end.
constexpr int deepest_type = 64;
constexpr std::string_view class_prefix = "Type";

// What a class cannot be called in one of the languages, or what would then mean something else in the code that is written.
constexpr std::array<std::string_view, 16> taken = {"Array", "Boolean", "Date", "Double", "False", "JsonAutoDetect", "JsonInclude", "JsonProperty",
                                                    "Long",  "MarshalEvent", "Marshaller", "None", "Object", "String", "True", "UnmarshalEvent"};

class Reader {
public:
    Reader(const Value& document, CodeModel& out) : out_(out) {
        for (const auto* named : {&document["components"].object("schemas"), &document.object("definitions")})
            for (const auto& [name, schema] : *named) named_.emplace(name, &schema);
    }

    // Named objects get their classes first, so that they have their own names.
    void read_named() {
        for (const auto& [name, schema] : named_)
            if (is_class(*schema)) classes_[name] = fresh(pascal(name), used_, class_prefix);
        for (const auto& [name, schema] : named_)
            if (is_class(*schema)) add_class(classes_[name], *schema, 0);
    }

    std::string class_of(const std::string& name) const {
        auto it = classes_.find(name);
        return it == classes_.end() ? std::string() : it->second;
    }

    CodeType type_of(const Value& schema, const std::string& wanted, int depth) {
        if (depth > deepest_type) return {};
        if (schema.has("$ref")) return referred(schema.text("$ref"), wanted, depth);
        auto type = schema.text("type");
        if (type == "string") return {schema.text("format") == "date-time" ? Kind::instant : Kind::text};
        if (type == "integer") return {Kind::integer};
        if (type == "number") return {Kind::number};
        if (type == "boolean") return {Kind::boolean};
        if (type == "array") return {Kind::list, {}, std::make_shared<const CodeType>(type_of(schema["items"], wanted + "Item", depth + 1))};
        if (is_class(schema)) {
            auto [known, is_new] = inline_.try_emplace(&schema);
            if (is_new) known->second = fresh(wanted, used_, class_prefix);
            std::string name = known->second;
            if (is_new) add_class(name, schema, depth + 1);
            return {Kind::object, name};
        }
        return {type == "object" ? Kind::map : Kind::any};
    }

private:
    static bool is_class(const Value& schema) { return schema.is_object() && !schema.object("properties").empty(); }

    CodeType referred(std::string_view reference, const std::string& wanted, int depth) {
        auto it = named_.find(reference.substr(reference.rfind('/') + 1));
        if (it == named_.end()) return {};
        if (auto name = class_of(it->first); !name.empty()) return {Kind::object, name};
        return type_of(*it->second, wanted, depth + 1);
    }

    void add_class(const std::string& name, const Value& schema, int depth) {
        auto at = out_.classes.size();
        out_.classes.push_back({name, {}});
        const auto& required = schema.list("required");
        for (const auto& [member, inner] : schema.object("properties")) {
            bool needed = std::any_of(required.begin(), required.end(), [&](const Value& r) { return r.is_string() && r.as_string() == member; });
            CodeMember m{member, type_of(inner, pascal(member), depth + 1), needed};
            out_.classes[at].members.push_back(std::move(m));
        }
    }

    CodeModel& out_;
    std::map<std::string, const Value*, std::less<>> named_;
    std::map<std::string, std::string> classes_;
    std::map<const Value*, std::string> inline_;  // classes of objects without a name: one each, however often it is come upon
    std::set<std::string> used_{taken.begin(), taken.end()};
};

// "aws.ec2@EC2InstanceStateChangeNotification": its source in parts, then its detail type.
std::vector<std::string> package_of(std::string_view schema_name) {
    std::vector<std::string> out{"schema"};
    auto at = schema_name.rfind('@');
    std::string_view rest = at == std::string_view::npos ? std::string_view() : schema_name.substr(0, at);
    while (!rest.empty()) {
        auto part = rest.substr(0, rest.find('.'));
        if (!part.empty()) out.emplace_back(part);
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    }
    out.emplace_back(at == std::string_view::npos ? schema_name : schema_name.substr(at + 1));
    return out;
}

}  // namespace

CodeModel read_code_model(std::string_view schema_name, const Value& document) {
    CodeModel out;
    out.package = package_of(schema_name);
    Reader reader(document, out);
    reader.read_named();
    // A JSON schema's root is the event itself; of OpenAPI it is the component AWSEvent, else the first one.
    if (document.has("properties") || document.has("$ref")) {
        bool event = document.has("x-amazon-events-source");
        auto title = pascal(document.text("title", "Event"));
        out.root = reader.type_of(document, event ? "AWSEvent" : title, 0).name;
    } else if (auto event = reader.class_of("AWSEvent"); !event.empty()) {
        out.root = event;
    } else if (!out.classes.empty()) {
        out.root = out.classes.front().name;
    }
    return out;
}

}  // namespace virga::schema
