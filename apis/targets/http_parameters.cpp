#include "apis/targets/http_parameters.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/json_text.hpp"

namespace virga::targets {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void set(Pairs& pairs, const std::string& key, std::string value, bool any_case) {
    std::erase_if(pairs, [&](const auto& p) { return any_case ? iequals(p.first, key) : p.first == key; });
    pairs.emplace_back(key, std::move(value));
}

// A JSON object's text with one member more, in place of one of that name; other members keep their bytes.
std::string with_member(const std::string& object, const std::string& key, const std::string& value) {
    std::string out = "{";
    std::size_t at = 1;
    while (at < object.size() && object[at] == '"') {
        auto name_end = bus::skip_json_value(object, at);
        auto end = bus::skip_json_value(object, name_end + 1);
        std::string name;
        bus::unescape(std::string_view(object).substr(at + 1, name_end - at - 2), name);
        if (name != key) out += (out.size() > 1 ? "," : "") + object.substr(at, end - at);
        at = end + 1;  // over the comma
    }
    if (out.size() > 1) out += ',';
    json::write_string(out, key);
    out += ':';
    json::write_string(out, value);
    return out + "}";
}

}  // namespace

HttpParts http_parts(std::string_view url, const Value& parameters, const std::function<std::string(const std::string&)>& resolve) {
    HttpParts parts;
    const auto& values = parameters.list("PathParameterValues");
    std::size_t next = 0;
    for (char c : url) {
        if (c != '*') parts.url += c;
        else if (next < values.size()) parts.url += percent_encode(resolve(values[next++].as_string()));
        else parts.url += c;
    }
    for (const auto& m : parameters.object("HeaderParameters")) parts.headers.emplace_back(m.name, resolve(m.value.as_string()));
    for (const auto& m : parameters.object("QueryStringParameters")) parts.query.emplace_back(m.name, resolve(m.value.as_string()));
    return parts;
}

void add_connection_parameters(const Value& parameters, HttpParts& parts, std::string& body) {
    for (const auto& p : parameters.list("HeaderParameters")) set(parts.headers, std::string(p.text("Key")), std::string(p.text("Value")), true);
    for (const auto& p : parameters.list("QueryStringParameters")) set(parts.query, std::string(p.text("Key")), std::string(p.text("Value")), false);
    const auto& members = parameters.list("BodyParameters");
    std::string compact;
    if (members.empty() || !bus::compact_json(body, compact) || compact[0] != '{') return;
    for (const auto& p : members) compact = with_member(compact, std::string(p.text("Key")), std::string(p.text("Value")));
    body = compact;
}

std::string with_query(const std::string& url, const Pairs& query) {
    std::string out = url;
    for (const auto& [name, value] : query) {
        out += out.find('?') == std::string::npos ? '?' : '&';
        out += percent_encode(name) + "=" + percent_encode(value);
    }
    return out;
}

}  // namespace virga::targets
