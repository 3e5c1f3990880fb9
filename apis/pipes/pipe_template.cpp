#include "apis/pipes/pipe_template.hpp"

#include <algorithm>
#include <array>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/json_path.hpp"

namespace virga::pipes {

namespace {

constexpr std::string_view whole_event = "aws.pipes.event", whole_event_json = "aws.pipes.event.json";
constexpr std::array<std::string_view, 6> fixed_variables = {"aws.pipes.pipe-arn",       "aws.pipes.pipe-name",  "aws.pipes.source-arn",
                                                             "aws.pipes.enrichment-arn", "aws.pipes.target-arn", "aws.pipes.event.ingestion-time"};

bool is_placeholder(std::string_view name) {
    if (name.starts_with('$')) return bus::JsonPath::parse(name).has_value();
    return name == whole_event || name == whole_event_json || std::find(fixed_variables.begin(), fixed_variables.end(), name) != fixed_variables.end();
}

std::string quoted(std::string_view text) {
    std::string out;
    json::write_string(out, text);
    return out;
}

// Inside a JSON string of the template: raw, and objects and arrays without their quotes.
std::string inside_quotes(std::string_view value) {
    if (value.empty() || value[0] == '"') return bus::json_as_text(value);
    std::string out(value);
    std::erase(out, '"');
    return out;
}

}  // namespace

Event Event::of(const Value& event) {
    Event out{json::write(event), {}};
    out.seen = out.text;
    const char* member = event.text("eventSource") == "aws:sqs" ? "body" : event.text("eventSource") == "aws:kinesis" ? "data" : nullptr;
    if (!member || !event[member].is_string()) return out;
    std::string payload = event[member].as_string();
    if (std::string_view(member) == "data") payload = base64_decode(payload).value_or(payload);
    Value decoded;
    if (!json::try_parse(payload, decoded)) {
        if (!is_utf8(payload)) return out;
        decoded = payload;
    }
    Value seen = event;
    seen[member] = std::move(decoded);
    out.seen = json::write(seen);
    return out;
}

std::optional<Template> Template::parse(std::string_view text) {
    Template t;
    std::string literal;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && in_string && i + 1 < text.size()) {
            literal += c;
            literal += text[++i];
            continue;
        }
        if (c == '"') in_string = !in_string;
        auto end = c == '<' ? text.find('>', i) : std::string_view::npos;
        if (end == std::string_view::npos) {
            literal += c;
            continue;
        }
        std::string name(text.substr(i + 1, end - i - 1));
        if (!is_placeholder(name)) return {};
        t.pieces_.push_back({std::move(literal), std::move(name), in_string});
        literal.clear();
        i = end;
    }
    t.pieces_.push_back({std::move(literal), "", false});
    return t;
}

std::string Template::fill(const Event& event, const std::map<std::string, std::string, std::less<>>& variables) const {
    std::string out;
    for (const auto& p : pieces_) {
        out += p.text;
        if (p.placeholder.empty()) continue;
        std::optional<std::string> value;
        if (p.placeholder == whole_event) value = event.text;
        else if (p.placeholder == whole_event_json) value = event.seen;
        else if (p.placeholder.starts_with('$')) value = bus::JsonPath::parse(p.placeholder)->select(event.seen);
        else if (auto it = variables.find(p.placeholder); it != variables.end()) value = quoted(it->second);
        if (p.quoted) out += value ? inside_quotes(*value) : "";
        else out += value ? *value : "\"\"";
    }
    return out;
}

std::optional<std::string> resolve(std::string_view parameter, const Event& event) {
    if (!parameter.starts_with('$')) return std::string(parameter);
    auto path = bus::JsonPath::parse(parameter);
    auto value = path ? path->select(event.seen) : std::nullopt;
    if (!value) return {};
    return bus::json_as_text(*value);
}

}  // namespace virga::pipes
