#include "emulator/bus/input_shape.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/bus/json_text.hpp"

namespace virga::bus {

namespace {

constexpr std::string_view rule_arn = "aws.events.rule-arn";
constexpr std::string_view rule_name = "aws.events.rule-name";
constexpr std::string_view ingestion_time = "aws.events.event.ingestion-time";
constexpr std::string_view whole_event = "aws.events.event";
constexpr std::string_view whole_event_json = "aws.events.event.json";

bool variable_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.'; }

std::string quoted(std::string_view text) {
    std::string out;
    json::write_string(out, text);
    return out;
}

// <aws.events.event> inside a JSON object: no detail, and detail-type under another name (seen on AWS by others).
std::string event_without_detail(std::string_view event) {
    std::string out = "{";
    for (const char* name : {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "replay-name"}) {
        auto value = JsonPath::parse(std::string("$.") + name)->select(event);
        if (!value) continue;
        if (out.size() > 1) out += ',';
        out += quoted(std::string_view(name) == "detail-type" ? "detailType" : name) + ":" + *value;
    }
    return out + "}";
}

// What a value looks like inside a JSON string of the template: raw, and objects and arrays without their quotes.
std::string inside_quotes(std::string_view value) {
    if (value.empty() || value[0] == '"') return json_as_text(value);
    std::string out(value);
    std::erase(out, '"');
    return out;
}

}  // namespace

bool is_reserved_variable(std::string_view name) {
    return name == rule_arn || name == rule_name || name == ingestion_time || name == whole_event || name == whole_event_json;
}

InputTemplate::InputTemplate(std::string_view text) {
    auto first = std::find_if_not(text.begin(), text.end(), is_json_space);
    object_ = first != text.end() && *first == '{';
    bool in_string = false;
    std::string literal;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && in_string && i + 1 < text.size()) {
            literal += c;
            literal += text[++i];
            continue;
        }
        if (c == '"') in_string = !in_string;
        if (c == '<') {
            auto end = i + 1;
            while (end < text.size() && variable_character(text[end])) ++end;
            if (end > i + 1 && end < text.size() && text[end] == '>') {
                pieces_.push_back({std::move(literal), std::string(text.substr(i + 1, end - i - 1)), in_string});
                literal.clear();
                i = end;
                continue;
            }
        }
        literal += c;
    }
    pieces_.push_back({std::move(literal), "", false});
}

std::vector<std::string> InputTemplate::variables() const {
    std::vector<std::string> out;
    for (const auto& p : pieces_)
        if (!p.variable.empty()) out.push_back(p.variable);
    return out;
}

std::string InputTemplate::fill(std::string_view event, const std::map<std::string, std::string>& values, const ShapeContext& context) const {
    std::string out;
    for (const auto& p : pieces_) {
        out += p.text;
        if (p.variable.empty()) continue;
        std::string value;
        bool known = true;
        if (p.variable == rule_arn) value = quoted(context.rule_arn);
        else if (p.variable == rule_name) value = quoted(context.rule_name);
        else if (p.variable == ingestion_time) value = quoted(iso8601(context.ingestion_time));
        else if (p.variable == whole_event_json) value = event;
        else if (p.variable == whole_event) value = object_ ? event_without_detail(event) : std::string(event);
        else if (auto it = values.find(p.variable); it != values.end()) value = it->second;
        else known = false;
        if (p.quoted) out += known ? inside_quotes(value) : "";
        else out += known ? value : "\"\"";
    }
    return out;
}

std::optional<std::string> shape_input(const Value& target, std::string_view event, const ShapeContext& context) {
    if (target.has("Input")) return std::string(target.text("Input"));
    if (target.has("InputPath")) {
        auto path = JsonPath::parse(target.text("InputPath"));
        return path ? path->select(event) : std::nullopt;
    }
    if (!target.has("InputTransformer")) return std::string(event);
    const Value& transformer = target["InputTransformer"];
    std::map<std::string, std::string> values;
    for (const auto& [name, path] : transformer.object("InputPathsMap"))
        if (auto parsed = JsonPath::parse(path.as_string()))
            if (auto value = parsed->select(event)) values[name] = *value;
    return InputTemplate(transformer.text("InputTemplate")).fill(event, values, context);
}

}  // namespace virga::bus
