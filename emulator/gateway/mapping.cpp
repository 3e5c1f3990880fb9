#include "emulator/gateway/mapping.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/fault.hpp"
#include "emulator/gateway/json_path.hpp"
#include "emulator/gateway/media_type.hpp"
#include "emulator/gateway/regex.hpp"
#include "emulator/gateway/template.hpp"

namespace virga::gateway {
namespace {

const std::string* text(const std::optional<std::string>& s) { return s ? &*s : nullptr; }

std::optional<std::string> copy(const std::string* s) { return s ? std::optional(*s) : std::nullopt; }

// All values of a name as the multi-value expressions give them.
std::optional<std::string> joined(const Fields& fields, std::string_view name) {
    std::optional<std::string> out;
    for (const auto& [n, v] : fields)
        if (n == name) out = out ? *out + "," + v : v;
    return out;
}

std::optional<std::string> from_body(std::string_view body, std::string_view path) {
    if (path.empty()) return std::string(body);
    Value v;
    if (!json::try_parse(body, v)) throw invalid_json();
    auto found = json_path_value(v, path);
    if (!found || found->is_null()) return {};
    return plain_text(*found);
}

std::optional<std::string> from_document(const Object& document, std::string_view path) {
    const Value* at = nullptr;
    const Object* in = &document;
    for (;;) {
        std::size_t dot = path.find('.');
        at = in->find(path.substr(0, dot));
        if (!at || dot == std::string_view::npos) break;
        if (!at->is_object()) return {};
        in = &at->as_object();
        path.remove_prefix(dot + 1);
    }
    if (!at || at->is_null()) return {};
    return plain_text(*at);
}

bool strip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// What both directions know: 'static', context.x, stageVariables.x.
std::optional<std::string> common(std::string_view e, const Request& r) {
    if (e.size() >= 2 && e.front() == '\'' && e.back() == '\'') return std::string(e.substr(1, e.size() - 2));
    if (strip(e, "context.")) return from_document(context_document(r), e);
    if (strip(e, "stageVariables.")) return from_document(r.stage_variables, e);
    return {};
}

std::optional<std::string> request_value(std::string_view e, const Request& r) {
    if (strip(e, "method.request.path.")) return copy(last_of(r.match.parameters, e));
    if (strip(e, "method.request.querystring.")) return copy(last_of(r.query, e));
    if (strip(e, "method.request.multivaluequerystring.")) return joined(r.query, e);
    if (strip(e, "method.request.header.")) return copy(last_of(r.headers, e));
    if (strip(e, "method.request.multivalueheader.")) return joined(r.headers, e);
    if (strip(e, "method.request.body")) return from_body(r.body, e.starts_with('.') ? e.substr(1) : e);
    return common(e, r);
}

std::optional<std::string> response_value(std::string_view e, const Request& r, const BackendResponse& response) {
    if (strip(e, "integration.response.header.")) {
        const std::string* found = header_of(response.headers, e);
        return copy(found);
    }
    if (strip(e, "integration.response.multivalueheader.")) return joined(response.headers, e);
    if (strip(e, "integration.response.body")) return from_body(response.body, e.starts_with('.') ? e.substr(1) : e);
    return common(e, r);
}

Object to_object(const Fields& fields) {
    Object out;
    for (const auto& [name, value] : fields) out[name] = value;
    return out;
}

TemplateInput template_input(const Request& r, std::string body) {
    return {std::move(body),
            Object{{"path", to_object(r.match.parameters)}, {"querystring", to_object(r.query)}, {"header", to_object(r.headers)}},
            context_document(r), r.stage_variables};
}

TemplateOutput render(std::string_view source, TemplateInput input) {
    try {
        return Template::parse(source).render(input);
    } catch (const InvalidBody&) {
        throw invalid_json();
    } catch (const TemplateError&) {
        throw internal_error();
    }
}

std::string override_text(const Value& v) {
    if (!v.is_array()) return plain_text(v);
    std::string out;
    for (const Value& e : v.as_array()) out += (out.empty() ? "" : ",") + plain_text(e);
    return out;
}

void set_field(Fields& fields, const std::string& name, std::string value) {
    std::erase_if(fields, [&](const auto& f) { return iequals(f.first, name); });
    fields.emplace_back(name, std::move(value));
}

// The template for the request's Content-Type, or nothing when the body passes as it is.
std::optional<std::string> choose_request_template(const Request& r, const Value& integration) {
    const std::string* header = header_of(r.headers, "Content-Type");
    const std::string type = header ? media_type(*header) : "application/json";
    const Object& templates = integration.object("requestTemplates");
    const Value* found = templates.find(type);
    if (!found) found = templates.find("$default");
    if (found) return found->is_string() && !found->as_string().empty() ? std::optional(found->as_string()) : std::nullopt;
    std::string_view behavior = integration.text("passthroughBehavior", "WHEN_NO_MATCH");
    if (behavior == "NEVER" || (behavior == "WHEN_NO_TEMPLATES" && !templates.empty())) throw unsupported_media_type();
    return {};
}

std::string request_body(const Request& r, const Value& integration, const Snapshot& snapshot) {
    const std::string* type = header_of(r.headers, "Content-Type");
    const bool binary = is_binary(snapshot.binary_types, type ? *type : "");
    std::string_view handling = integration.text("contentHandling");
    if (binary && handling == "CONVERT_TO_TEXT") return base64_encode(r.body);
    if (!binary && handling == "CONVERT_TO_BINARY") {
        auto decoded = base64_decode(r.body);
        if (!decoded) throw no_matching_response();
        return std::move(*decoded);
    }
    return r.body;
}

bool pattern_matches(std::string_view pattern, const std::string& selector) {
    auto regex = Regex::compile(pattern);
    return regex && regex->matches(selector);  // the whole of it, as the service wants it
}

const Value* select(const Value& integration, const BackendResponse& response) {
    const Object& all = integration.object("integrationResponses");
    if (response.mock)
        if (const Value* exact = all.find(std::to_string(response.status))) return exact;
    const Value* fallback = nullptr;
    for (const auto& [status, entry] : all) {
        std::string_view pattern = entry.text("selectionPattern");
        if (pattern.empty()) {
            if (!fallback) fallback = &entry;
        } else if (response.selector && pattern_matches(pattern, *response.selector)) {
            return &entry;
        }
    }
    return fallback;
}

const Value* choose_response_template(const Request& r, const Object& templates, std::string& type) {
    if (const std::string* accept = header_of(r.headers, "Accept")) {
        type = media_type(*accept);
        if (const Value* found = templates.find(type)) return found;
    }
    type = "application/json";
    if (const Value* found = templates.find(type)) return found;
    if (templates.empty()) return nullptr;
    type = templates.members().front().name;
    return &templates.members().front().value;
}

std::string response_content(const Request& r, const Value& entry, std::string body, const Snapshot& snapshot) {
    const std::string* accept = header_of(r.headers, "Accept");
    const bool binary = is_binary(snapshot.binary_types, accept ? *accept : "");
    std::string_view handling = entry.text("contentHandling");
    const bool decode = handling == "CONVERT_TO_BINARY" || (handling.empty() && binary && !is_utf8(body));
    if (handling == "CONVERT_TO_TEXT" && !is_utf8(body)) return base64_encode(body);
    if (!decode || !is_utf8(body)) return body;
    auto decoded = base64_decode(body);
    if (!decoded) throw no_matching_response();
    return std::move(*decoded);
}

}  // namespace

Object context_document(const Request& r) {
    Object context = request_context(r);
    std::string root = r.trace_header.substr(0, r.trace_header.find(';'));
    if (root.starts_with("Root=")) root.erase(0, 5);
    context.append("xrayTraceId", root);
    return context;
}

BackendRequest map_request(const Request& r, const Value& integration, const Snapshot& snapshot) {
    BackendRequest out;
    for (const auto& [to, from] : integration.object("requestParameters")) {
        if (!from.is_string()) continue;
        auto value = request_value(from.as_string(), r);
        const std::string* v = text(value);
        std::string_view name = to;
        if (!v) continue;
        if (strip(name, "integration.request.header.")) set_field(out.headers, std::string(name), *v);
        else if (strip(name, "integration.request.querystring.")) out.query.emplace_back(name, *v);
        else if (strip(name, "integration.request.path.")) out.path.emplace_back(name, *v);
    }
    std::string body = request_body(r, integration, snapshot);
    auto source = choose_request_template(r, integration);
    if (!source) {
        out.body = std::move(body);
        return out;
    }
    TemplateOutput rendered = render(*source, template_input(r, std::move(body)));
    out.body = std::move(rendered.text);
    const Value overrides(rendered.overrides);
    for (const auto& [name, value] : overrides["requestOverride"].object("header")) set_field(out.headers, name, override_text(value));
    for (const auto& [name, value] : overrides["requestOverride"].object("querystring")) set_field(out.query, name, override_text(value));
    for (const auto& [name, value] : overrides["requestOverride"].object("path")) set_field(out.path, name, override_text(value));
    return out;
}

Answer map_response(const Request& r, const Value& integration, const Value& method, const BackendResponse& response, const Snapshot& snapshot) {
    const Value* entry = select(integration, response);
    if (!entry) throw no_matching_response();
    Answer answer;
    answer.status = std::atoi(std::string(entry->text("statusCode")).c_str());
    answer.body = response.mock ? "" : response.body;

    // Headers: those that the method response declares.
    const Object& declared = method["methodResponses"][entry->text("statusCode")].object("responseParameters");
    for (const auto& [to, from] : entry->object("responseParameters")) {
        std::string_view name = to;
        if (!from.is_string() || !declared.contains(to) || !strip(name, "method.response.header.")) continue;
        if (auto value = response_value(from.as_string(), r, response)) answer.headers.emplace_back(name, *value);
    }

    std::string type = "application/json";
    const Value* source = choose_response_template(r, entry->object("responseTemplates"), type);
    if (source && source->is_string() && !source->as_string().empty()) {
        TemplateOutput rendered = render(source->as_string(), template_input(r, response.body));
        answer.body = std::move(rendered.text);
        const Value overrides(rendered.overrides);
        const Value& chosen = overrides["responseOverride"];
        for (const auto& [name, value] : chosen.object("header")) set_field(answer.headers, name, override_text(value));
        int status = 0;
        std::string wanted = chosen.has("status") ? plain_text(chosen["status"]) : "";
        std::from_chars(wanted.data(), wanted.data() + wanted.size(), status);
        if (status >= 100 && status <= 599) answer.status = status;
    } else if (source) {
        answer.body.clear();
    } else if (!response.mock) {
        if (const std::string* sent = header_of(response.headers, "Content-Type")) type = *sent;
    }
    answer.body = response_content(r, *entry, std::move(answer.body), snapshot);
    if (!header_of(answer.headers, "Content-Type")) answer.headers.emplace_back("Content-Type", type);
    return answer;
}

int mock_status(std::string_view body) {
    std::size_t at = body.find("statusCode");
    if (at == std::string_view::npos) throw internal_error();
    std::string_view rest = body.substr(at + 10);
    while (!rest.empty() && (rest[0] == '"' || rest[0] == '\'' || rest[0] == ' ' || rest[0] == ':')) rest.remove_prefix(1);
    int status = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), status);
    if (error != std::errc() || status < 100 || status > 599) throw internal_error();
    return status;
}

std::string render_uri(std::string_view uri, const Fields& path, const Object& stage_variables) {
    std::string out;
    while (!uri.empty()) {
        const bool stage = uri.starts_with("${stageVariables.");
        if ((stage || uri[0] == '{') && uri.find('}') != std::string_view::npos) {
            std::size_t end = uri.find('}');
            std::string name(uri.substr(stage ? 17 : 1, end - (stage ? 17 : 1)));
            const Value* variable = stage ? stage_variables.find(name) : nullptr;
            if (variable) out += plain_text(*variable);
            else if (const std::string* v = stage ? nullptr : last_of(path, name)) out += percent_encode(*v, true);
            uri.remove_prefix(end + 1);
        } else {
            out += uri[0];
            uri.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace virga::gateway
