#include "emulator/gateway/proxy.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/media_type.hpp"

namespace virga::gateway {
namespace {

struct Multi {
    Value single = nullptr, multi = nullptr;
};

// The last value, and all values, of each name; null when there are none. `fold`: names differ only by more than case.
Multi both_maps(const Fields& fields, bool fold) {
    if (fields.empty()) return {};
    Object single, multi;
    for (const auto& [name, value] : fields) {
        std::string key = name;
        if (fold)
            for (const auto& m : single)
                if (iequals(m.name, name)) key = m.name;
        single[key] = value;
        Value& list = multi[key];
        if (list.is_null()) list = Array{};
        list.as_array().push_back(value);
    }
    return {std::move(single), std::move(multi)};
}

Fields forwarded_headers(const Request& r) {
    Fields out;
    std::string forwarded_for = r.source_ip;
    for (const auto& [name, value] : r.headers) {
        if (iequals(name, "content-length") || iequals(name, "connection") || iequals(name, "x-amzn-trace-id") ||
            iequals(name, "x-forwarded-port") || iequals(name, "x-forwarded-proto"))
            continue;
        if (iequals(name, "x-forwarded-for")) forwarded_for = value + ", " + r.source_ip;
        else out.emplace_back(name, value);
    }
    out.emplace_back("X-Amzn-Trace-Id", r.trace_header);
    out.emplace_back("X-Forwarded-For", forwarded_for);
    out.emplace_back("X-Forwarded-Port", r.forwarded_port);
    out.emplace_back("X-Forwarded-Proto", r.forwarded_proto);
    return out;
}

bool scalar(const Value& v) { return v.is_string() || v.is_number() || v.is_bool(); }

// False when it is not what the contract says.
bool read_headers(const Value& answer, Fields& out) {
    const Value& multi = answer["multiValueHeaders"];
    const Value& single = answer["headers"];
    if (!multi.is_null() && !multi.is_object()) return false;
    if (!single.is_null() && !single.is_object()) return false;
    if (multi.is_object()) {
        for (const auto& [name, values] : multi.as_object()) {
            if (!values.is_array()) return false;
            for (const Value& v : values.as_array()) {
                if (!scalar(v)) return false;
                out.emplace_back(name, plain_text(v));
            }
        }
    }
    if (single.is_object()) {
        for (const auto& [name, value] : single.as_object()) {
            if (value.is_null()) continue;
            if (!scalar(value)) return false;
            std::string text = plain_text(value);
            bool there = std::any_of(out.begin(), out.end(), [&](const auto& f) { return iequals(f.first, name) && f.second == text; });
            if (!there) out.emplace_back(name, std::move(text));
        }
    }
    return true;
}

// These the gateway answers itself: the function's go under another name, or nowhere.
void rename_headers(Fields& headers) {
    constexpr std::array remapped{"Connection", "Content-Length", "Date", "Server"};
    std::erase_if(headers, [](const auto& f) { return iequals(f.first, "Transfer-Encoding"); });
    for (auto& [name, value] : headers)
        for (const char* r : remapped)
            if (iequals(name, r)) name = std::string("x-amzn-Remapped-") + name;
}

std::optional<int> read_status(const Value& status) {
    if (status.is_null()) return 200;
    std::string text = plain_text(status);
    int code = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (error != std::errc() || end != text.data() + text.size() || code < 100 || code > 599) return {};
    return code;
}

}  // namespace

std::string proxy_event(const Request& r, const std::vector<std::string>& binary_types) {
    Multi headers = both_maps(forwarded_headers(r), true);
    Multi query = both_maps(r.query, false);
    Value path_parameters = nullptr;
    for (const auto& [name, value] : r.match.parameters) path_parameters[name] = value;
    const std::string* type = header_of(r.headers, "Content-Type");
    const bool binary = !r.body.empty() && is_binary(binary_types, type ? *type : "");

    Object event{{"resource", r.match.route->path},
                 {"path", r.path},
                 {"httpMethod", r.method},
                 {"headers", std::move(headers.single)},
                 {"multiValueHeaders", std::move(headers.multi)},
                 {"queryStringParameters", std::move(query.single)},
                 {"multiValueQueryStringParameters", std::move(query.multi)},
                 {"pathParameters", std::move(path_parameters)},
                 {"stageVariables", r.stage_variables.empty() ? Value(nullptr) : Value(r.stage_variables)},
                 {"requestContext", request_context(r)}};
    if (r.body.empty()) event.append("body", nullptr);
    else event.append("body", binary ? base64_encode(r.body) : r.body);
    event.append("isBase64Encoded", binary);
    return json::write(Value(std::move(event)));
}

std::optional<Answer> proxy_answer(std::string_view payload, const Request& request, const std::vector<std::string>& binary_types) {
    constexpr std::array known{"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"};
    Value v;
    if (!json::try_parse(payload, v) || !v.is_object()) return {};
    for (const auto& m : v.as_object())
        if (std::find(known.begin(), known.end(), m.name) == known.end()) return {};

    Answer answer;
    auto status = read_status(v["statusCode"]);
    if (!status || !read_headers(v, answer.headers)) return {};
    answer.status = *status;
    rename_headers(answer.headers);

    const Value& body = v["body"];
    if (!body.is_null() && !body.is_string()) return {};
    if (body.is_string()) answer.body = body.as_string();
    if (v.flag("isBase64Encoded")) {
        const std::string* accept = header_of(request.headers, "Accept");
        if (is_binary(binary_types, accept ? *accept : "")) {
            auto decoded = base64_decode(answer.body);
            if (!decoded) return {};
            answer.body = std::move(*decoded);
        }
    }
    return answer;
}

}  // namespace virga::gateway
