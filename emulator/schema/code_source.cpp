#include "emulator/schema/code_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "emulator/base/json.hpp"
#include "emulator/schema/names.hpp"

namespace virga::schema {

namespace {

using Kind = CodeType::Kind;
using Form = std::string (*)(std::string_view);

// What one of the languages does not take as the name of a member or a package.
constexpr std::array<std::string_view, 90> reserved = {
    "abstract", "and",        "as",      "assert",    "async",  "await",     "boolean", "break",      "byte",     "case",     "catch",        "chan",   "char",
    "class",    "const",      "constructor", "continue", "def", "default",   "defer",   "del",        "do",       "double",   "elif",         "else",   "enum",
    "except",   "export",     "extends", "fallthrough", "false", "final",    "finally", "float",      "for",      "from",     "func",         "function", "global",
    "go",       "goto",       "if",      "implements", "import", "in",       "instanceof", "int",     "interface", "is",      "lambda",       "let",    "long",
    "map",      "native",     "new",     "nonlocal",  "not",    "null",      "or",      "package",    "pass",     "private",  "protected",    "public", "raise",
    "range",    "return",     "select",  "self",      "short",  "static",    "strictfp", "struct",    "super",    "switch",   "synchronized", "this",   "throw",
    "throws",   "transient",  "true",    "try",       "type",   "typeof",    "var",     "void",       "volatile", "while",    "with",         "yield"};

// A member with the name it has in the language.
struct Named {
    const CodeMember& member;
    std::string name;
};

std::vector<Named> named(const CodeClass& c, Form form) {
    std::set<std::string> used(reserved.begin(), reserved.end());
    std::vector<Named> out;
    for (const auto& m : c.members) out.push_back({m, fresh(form(m.name), used, form == pascal ? "Field" : "field")});
    return out;
}

std::string quoted(std::string_view text) {
    std::string out;
    json::write_string(out, text);
    return out;
}

struct TypeNames {
    const char *any, *text, *instant, *integer, *number, *boolean, *map, *list_begin, *list_end;
};
constexpr TypeNames python{"object", "str", "datetime", "int", "float", "bool", "object", "list[", "]"};
constexpr TypeNames typescript{"any", "string", "Date", "number", "number", "boolean", "{ [name: string]: any }", "Array<", ">"};
constexpr TypeNames go{"interface{}", "string", "time.Time", "int64", "float64", "bool", "map[string]interface{}", "[]", ""};
constexpr TypeNames java{"Object", "String", "java.util.Date", "Long", "Double", "Boolean", "java.util.Map<String, Object>", "java.util.List<", ">"};

std::string type_name(const CodeType& t, const TypeNames& names) {
    switch (t.kind) {
        case Kind::any: return names.any;
        case Kind::text: return names.text;
        case Kind::instant: return names.instant;
        case Kind::integer: return names.integer;
        case Kind::number: return names.number;
        case Kind::boolean: return names.boolean;
        case Kind::map: return names.map;
        case Kind::list: return names.list_begin + type_name(*t.element, names) + names.list_end;
        case Kind::object: return t.name;
    }
    return names.any;
}

// What a list's elements are, through lists of lists; the type itself when it is no list.
const CodeType& innermost(const CodeType& t) { return t.element ? innermost(*t.element) : t; }

std::string joined(const CodeModel& model, Form form, std::string_view separator) {
    std::string out;
    for (const auto& part : model.package) {
        std::set<std::string> used(reserved.begin(), reserved.end());
        out += (out.empty() ? "" : std::string(separator)) + fresh(form(part), used, "p");
    }
    return out;
}

std::string flat(std::string_view text) {
    std::string out = snake(text);
    std::erase(out, '_');
    return out;
}

// ---- Python ----

constexpr const char* python_marshaller = R"(import datetime
import importlib
import re


class Marshaller(object):

    @classmethod
    def marshall(cls, value):
        if isinstance(value, (list, tuple)):
            return [cls.marshall(v) for v in value]
        if isinstance(value, datetime.datetime):
            return value.isoformat().replace('+00:00', 'Z')
        if not hasattr(value, '_attribute_map'):
            return value
        members = ((name, getattr(value, attribute)) for attribute, name in value._attribute_map.items())
        return {name: cls.marshall(v) for name, v in members if v is not None}

    @classmethod
    def unmarshall(cls, data, type_name):
        if data is None:
            return None
        if isinstance(type_name, str):
            if type_name.startswith('list['):
                return [cls.unmarshall(v, type_name[5:-1]) for v in data]
            if type_name == 'datetime':
                return cls._instant(data)
            if type_name in ('object', 'str', 'int', 'float', 'bool'):
                return data
            type_name = getattr(importlib.import_module(__package__ + '.' + type_name), type_name)
        result = type_name()
        for attribute, name in type_name._attribute_map.items():
            setattr(result, attribute, cls.unmarshall(data.get(name), type_name._types[attribute]))
        return result

    @staticmethod
    def _instant(text):
        text = re.sub(r'([+-]\d\d):?(\d\d)$', r'\1\2', re.sub(r'(\.\d{6})\d+', r'\1', text.replace('Z', '+0000')))
        return datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S' + ('.%f' if '.' in text else '') + ('%z' if re.search(r'[+-]\d{4}$', text) else ''))
)";

std::string python_class(const CodeClass& c) {
    std::string types, map, parameters, body;
    for (const auto& [m, name] : named(c, snake)) {
        types += fmt::format("        '{}': '{}',\n", name, type_name(m.type, python));
        map += fmt::format("        '{}': {},\n", name, quoted(m.name));
        parameters += ", " + name + "=None";
        body += fmt::format("        self.{0} = {0}\n", name);
    }
    return fmt::format("class {}(object):\n\n    _types = {{\n{}    }}\n\n    _attribute_map = {{\n{}    }}\n\n    def __init__(self{}):\n{}", c.name, types, map, parameters, body);
}

std::vector<ZipSource> write_python(const CodeModel& model) {
    std::string package = joined(model, snake, "/"), all = "from .Marshaller import Marshaller\n";
    std::vector<ZipSource> out;
    for (auto at = package.find('/'); at != std::string::npos; at = package.find('/', at + 1)) out.push_back({package.substr(0, at) + "/__init__.py", ""});
    for (const auto& c : model.classes) {
        out.push_back({package + "/" + c.name + ".py", python_class(c)});
        all += fmt::format("from .{0} import {0}\n", c.name);
    }
    out.push_back({package + "/__init__.py", std::move(all)});
    out.push_back({package + "/Marshaller.py", python_marshaller});
    return out;
}

// ---- TypeScript ----

constexpr const char* typescript_marshaller = R"(
export class Marshaller {
    public static marshall(value: any): any {
        if (Array.isArray(value)) return value.map((v) => Marshaller.marshall(v));
        if (value === undefined || value === null || value instanceof Date || typeof value !== 'object') return value;
        const type = value.constructor;
        if (!type.getAttributeTypeMap) return value;
        const out: { [name: string]: any } = {};
        for (const m of type.getAttributeTypeMap()) if (value[m.name] !== undefined) out[m.baseName] = Marshaller.marshall(value[m.name]);
        return out;
    }

    public static unmarshall<T>(data: any, type: new () => T): T {
        const out: any = new type();
        for (const m of (type as any).getAttributeTypeMap()) if (data[m.baseName] !== undefined) out[m.name] = Marshaller.read(data[m.baseName], m.type);
        return out;
    }

    private static read(value: any, type: string): any {
        if (value === null) return value;
        if (type.startsWith('Array<')) return value.map((v: any) => Marshaller.read(v, type.slice(6, -1)));
        if (type === 'Date') return new Date(value);
        return classes[type] ? Marshaller.unmarshall(value, classes[type]) : value;
    }
}
)";

std::string typescript_class(const CodeClass& c) {
    std::set<std::string> others;
    std::string members, map, imports;
    for (const auto& [m, name] : named(c, snake)) {
        if (const auto& inner = innermost(m.type); inner.kind == Kind::object) others.insert(inner.name);
        auto type = type_name(m.type, typescript);
        members += fmt::format("    '{}'{}: {};\n", name, m.required ? "!" : "?", type);
        map += fmt::format("        {{ name: '{}', baseName: {}, type: {} }},\n", name, quoted(m.name), quoted(type));
    }
    others.erase(c.name);
    for (const auto& other : others) imports += fmt::format("import {{ {0} }} from './{0}';\n", other);
    return fmt::format("{}\nexport class {} {{\n{}\n    private static attributeTypeMap: Array<{{ name: string; baseName: string; type: string }}> = [\n{}    ];\n\n"
                       "    public static getAttributeTypeMap() {{\n        return {}.attributeTypeMap;\n    }}\n}}\n",
                       imports, c.name, members, map, c.name);
}

std::vector<ZipSource> write_typescript(const CodeModel& model) {
    std::string package = joined(model, snake, "/"), imports, classes;
    std::vector<ZipSource> out;
    for (const auto& c : model.classes) {
        out.push_back({package + "/" + c.name + ".ts", typescript_class(c)});
        imports += fmt::format("import {{ {0} }} from '../{0}';\n", c.name);
        classes += (classes.empty() ? " " : ", ") + c.name;
    }
    out.push_back({package + "/marshaller/Marshaller.ts", imports + "\nconst classes: { [name: string]: any } = {" + classes + " };\n" + typescript_marshaller});
    return out;
}

// ---- Go ----

// The names that encoding/json reads from a tag; it knows no others.
bool is_tag_name(std::string_view name) {
    constexpr std::string_view signs = "!#$%&()*+-./:;<=>?@[]^_{|}~ ";
    return std::all_of(name.begin(), name.end(), [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) || signs.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80; });
}

std::string go_class(const CodeClass& c, const std::string& package) {
    std::string members;
    bool times = false;
    for (const auto& [m, name] : named(c, pascal)) {
        if (!is_tag_name(m.name)) continue;
        // A struct cannot hold itself: objects are pointers, and so is what may be missing and has no empty value.
        bool pointer = m.type.kind == Kind::object || (!m.required && m.type.kind == Kind::instant);
        const char* option = !m.required ? ",omitempty" : m.name == "-" ? "," : "";
        members += fmt::format("\t{} {}{} `json:\"{}{}\"`\n", name, pointer ? "*" : "", type_name(m.type, go), m.name, option);
        times = times || innermost(m.type).kind == Kind::instant;
    }
    return fmt::format("package {}\n\n{}type {} struct {{\n{}}}\n", package, times ? "import \"time\"\n\n" : "", c.name, members);
}

std::vector<ZipSource> write_go(const CodeModel& model) {
    std::string path = joined(model, snake, "/"), package = path.substr(path.rfind('/') + 1);
    std::vector<ZipSource> out;
    for (const auto& c : model.classes) out.push_back({path + "/" + c.name + ".go", go_class(c, package)});
    std::string type = model.root.empty() ? "interface{}" : model.root;
    out.push_back({path + "/Marshaller.go", fmt::format("package {0}\n\nimport \"encoding/json\"\n\nfunc UnmarshalEvent(inputEvent []byte) ({1}, error) {{\n\tvar outputEvent {1}\n"
                                                        "\terr := json.Unmarshal(inputEvent, &outputEvent)\n\treturn outputEvent, err\n}}\n\n"
                                                        "func MarshalEvent(inputEvent {1}) ([]byte, error) {{\n\treturn json.Marshal(inputEvent)\n}}\n",
                                                        package, type)});
    return out;
}

// ---- Java ----

std::string java_class(const CodeClass& c, const std::string& package) {
    std::string fields, methods;
    for (const auto& [m, name] : named(c, camel)) {
        auto type = type_name(m.type, java);
        std::string upper = name;
        upper[0] = static_cast<char>(upper[0] >= 'a' && upper[0] <= 'z' ? upper[0] - 32 : upper[0]);
        fields += fmt::format("    @JsonProperty({})\n    private {} {};\n\n", quoted(m.name), type, name);
        methods += fmt::format("    public {0} get{1}() {{\n        return {2};\n    }}\n\n    public void set{1}({0} {2}) {{\n        this.{2} = {2};\n    }}\n\n", type, upper, name);
    }
    return fmt::format("package {};\n\nimport com.fasterxml.jackson.annotation.JsonAutoDetect;\nimport com.fasterxml.jackson.annotation.JsonInclude;\n"
                       "import com.fasterxml.jackson.annotation.JsonProperty;\n\n"
                       "@JsonAutoDetect(getterVisibility = JsonAutoDetect.Visibility.NONE, setterVisibility = JsonAutoDetect.Visibility.NONE)\n"
                       "@JsonInclude(JsonInclude.Include.NON_NULL)\npublic class {} {{\n{}{}}}\n",
                       package, c.name, fields, methods);
}

std::vector<ZipSource> write_java(const CodeModel& model) {
    std::string path = joined(model, flat, "/"), package = joined(model, flat, ".");
    std::vector<ZipSource> out;
    for (const auto& c : model.classes) out.push_back({path + "/" + c.name + ".java", java_class(c, package)});
    out.push_back({path + "/marshaller/Marshaller.java",
                   fmt::format("package {}.marshaller;\n\nimport com.fasterxml.jackson.databind.DeserializationFeature;\nimport com.fasterxml.jackson.databind.ObjectMapper;\n"
                               "import com.fasterxml.jackson.databind.SerializationFeature;\nimport java.io.IOException;\nimport java.io.InputStream;\nimport java.io.OutputStream;\n\n"
                               "public class Marshaller {{\n    private static final ObjectMapper MAPPER = new ObjectMapper().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)\n"
                               "            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);\n\n"
                               "    public static <T> void marshal(OutputStream output, T value) throws IOException {{\n        MAPPER.writeValue(output, value);\n    }}\n\n"
                               "    public static <T> T unmarshal(InputStream input, Class<T> type) throws IOException {{\n        return MAPPER.readValue(input, type);\n    }}\n}}\n",
                               package)});
    return out;
}

}  // namespace

std::vector<ZipSource> write_code(std::string_view language, const CodeModel& model) {
    if (language == "Go1") return write_go(model);
    if (language == "Java8") return write_java(model);
    if (language == "Python36") return write_python(model);
    return write_typescript(model);
}

}  // namespace virga::schema
