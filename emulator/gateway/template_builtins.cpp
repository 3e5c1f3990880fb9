// $input and $util.
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/json_path.hpp"
#include "emulator/gateway/template_methods.hpp"

namespace virga::gateway::vtl {
namespace {

Value parse_body(const std::string& body) {
    Value v;
    if (body.find_first_not_of(" \t\r\n") == std::string::npos) return Object{};
    if (!json::try_parse(body, v)) throw InvalidBody("the body is not JSON");
    return v;
}

void append_escape(std::string& out, std::uint32_t unit) {
    static constexpr char digits[] = "0123456789ABCDEF";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
}

// The code point that begins at `i`, which moves past it.
std::uint32_t next_code_point(const std::string& s, std::size_t& i) {
    const auto lead = static_cast<unsigned char>(s[i++]);
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    std::uint32_t c = more == 3 ? lead & 7 : more == 2 ? lead & 15 : more == 1 ? lead & 31 : lead;
    for (; more > 0 && i < s.size(); --more) c = c << 6 | (static_cast<unsigned char>(s[i++]) & 63);
    return c;
}

// Commons Lang's escapeJavaScript.
std::string escape_javascript(const std::string& s) {
    std::string out;
    for (std::size_t i = 0; i < s.size();) {
        const std::uint32_t c = next_code_point(s, i);
        switch (c) {
            case '"': out += "\\\""; break;
            case '\'': out += "\\'"; break;
            case '\\': out += "\\\\"; break;
            case '/': out += "\\/"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            default:
                if (c >= 0x20 && c < 0x7F) {
                    out += static_cast<char>(c);
                } else if (c < 0x10000) {
                    append_escape(out, c);
                } else {
                    append_escape(out, 0xD800 + ((c - 0x10000) >> 10));
                    append_escape(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
                }
        }
    }
    return out;
}

// As java.net.URLEncoder: a space is '+', '*' stays, '~' does not.
std::string url_encode(const std::string& s) {
    std::string out;
    for (char c : s) {
        if (c == ' ') out += '+';
        else if (c == '*') out += '*';
        else if (c == '~') out += "%7E";
        else out += percent_encode(std::string_view(&c, 1));
    }
    return out;
}

Any parameters(const TemplateInput& input, const std::vector<Any>& arguments) {
    const Value params(input.params);
    if (arguments.empty()) return from_value(params);
    const std::string name = to_text(arguments[0]);
    for (const char* part : {"path", "querystring", "header"})
        if (const Value* v = params.object(part).find(name)) return from_value(*v);
    return std::string();
}

}  // namespace

Any input_call(const TemplateInput& input, const std::string& name, const std::vector<Any>& arguments) {
    if (name == "body") return input.body.empty() ? std::string("{}") : input.body;
    if (name == "params") return parameters(input, arguments);
    if ((name != "json" && name != "path") || arguments.empty()) return {};
    auto found = json_path_value(parse_body(input.body), to_text(arguments[0]));
    if (name == "path") return found ? from_value(*found) : Any();
    return found ? json::write(*found) : std::string("\"\"");
}

Any util_call(const std::string& name, const std::vector<Any>& arguments) {
    const bool null = arguments.empty() || is_null(arguments[0]);
    const std::string text = null ? "" : to_text(arguments[0]);
    if (name == "escapeJavaScript") return null ? std::string("null") : escape_javascript(text);
    if (name == "parseJson") {
        Value v;
        if (!json::try_parse(text, v)) throw TemplateError("$util.parseJson: not JSON");
        return from_value(v);
    }
    if (name == "urlEncode") return url_encode(text);
    if (name == "urlDecode") return percent_decode(text, true);
    if (name == "base64Encode") return base64_encode(text);
    if (name == "base64Decode") {
        auto decoded = base64_decode(text);
        if (!decoded) throw TemplateError("$util.base64Decode: not base64");
        return std::move(*decoded);
    }
    return {};
}

}  // namespace virga::gateway::vtl
