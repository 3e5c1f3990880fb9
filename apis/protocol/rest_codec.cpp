// restJson1 and restXml: members bound to labels, query string, headers and status; the rest, or one member alone, is the body.
#include <algorithm>

#include "apis/protocol/codecs.hpp"
#include "apis/protocol/json_codec.hpp"
#include "apis/protocol/scalar_text.hpp"
#include "apis/protocol/xml_codec.hpp"
#include "apis/protocol/xml_writer.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::protocol {

using model::Kind;
using model::Location;
using model::Member;
using model::Protocol;
using model::Shape;
using model::TimeFormat;

namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

// Comma-separated header values; quoted ones may hold commas, HTTP dates hold one each.
std::vector<std::string> split_header(std::string_view text, Shape element, const model::MemberData* member) {
    std::vector<std::string> out;
    bool dates = element.kind() == Kind::timestamp && (member->time_format == TimeFormat::http_date || member->time_format == TimeFormat::unset) &&
                 text.find(", ") != std::string_view::npos && text.find(" GMT") != std::string_view::npos;
    for (std::size_t i = 0; i <= text.size();) {
        while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
        std::string value;
        if (i < text.size() && text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\' && i + 1 < text.size()) ++i;
                value += text[i];
            }
            i = std::min(text.find(',', i), text.size());
        } else {
            std::size_t end = text.find(',', i);
            if (dates && end != std::string_view::npos) end = text.find(',', end + 1);
            end = std::min(end, text.size());
            value = text.substr(i, end - i);
            while (!value.empty() && value.back() == ' ') value.pop_back();
            i = end;
        }
        out.push_back(std::move(value));
        ++i;
    }
    return out;
}

bool is_s3(const WireRequest& wire) { return wire.service->id() == "s3"; }

// The values under a header's name. In a presigned URL, query parameters of that name stand for it (clients move headers there).
std::vector<std::string_view> header_values(const WireRequest& wire, const HttpRequest& request, const Query& query, std::string_view name) {
    auto values = request.headers.all(name);
    if (values.empty() && wire.presigned)
        for (const auto& [n, v] : query)
            if (iequals(n, name)) values.push_back(v);
    return values;
}

Value decode_header(const WireRequest& wire, const HttpRequest& request, const Query& query, Member m) {
    Shape shape = m.shape();
    auto values = header_values(wire, request, query, m.wire_name());
    if (values.empty()) return Value();
    if (shape.kind() == Kind::list) {
        Array out;
        Member element = shape.element();
        for (std::string_view line : values)
            if (!line.empty())
                for (const std::string& text : split_header(line, element.shape(), element.d))
                    out.push_back(parse_scalar(text, element.shape(), element.d, TimeFormat::http_date));
        return out;
    }
    std::string_view text = values.front();
    if (m->json_value) {
        auto decoded = base64_decode(text);
        Value v;
        if (!decoded || !json::try_parse(*decoded, v)) throw ApiError("SerializationException", 400, "");
        return v;
    }
    if (text.empty() && shape.kind() != Kind::string && shape.kind() != Kind::blob) return Value();
    try {
        return parse_scalar(text, shape, m.d, TimeFormat::http_date);
    } catch (const ApiError&) {
        if (is_s3(wire) && shape.kind() == Kind::timestamp) return Value();  // S3 takes no notice of a condition whose date is none
        throw;
    }
}

Value decode_prefix_headers(const WireRequest& wire, const HttpRequest& request, const Query& query, Member m) {
    Object out;
    std::string_view prefix = m.wire_name();
    for (const auto& [name, value] : request.headers)
        if (starts_with_i(name, prefix)) out.append(name.substr(prefix.size()), Value(value));
    if (wire.presigned && !prefix.empty())
        for (const auto& [name, value] : query)
            if (starts_with_i(name, prefix) && !request.headers.has(name)) out.append(name.substr(prefix.size()), Value(value));
    return out.empty() ? Value() : Value(std::move(out));
}

ApiError not_an_integer(std::string_view name, const std::string& value) {
    return ApiError("InvalidArgument", 400, "Provided " + std::string(name) + " not an integer or within integer range", Object{{"ArgumentName", name}, {"ArgumentValue", value}});
}

Value decode_query_member(const WireRequest& wire, const Query& query, Member m) {
    Shape shape = m.shape();
    if (shape.kind() == Kind::list) {
        Array out;
        for (const auto& [n, v] : query)
            if (n == m.wire_name()) out.push_back(parse_scalar(v, shape.element().shape(), shape.element().d, TimeFormat::iso8601));
        return out.empty() ? Value() : Value(std::move(out));
    }
    for (const auto& [n, v] : query) {
        if (n != m.wire_name()) continue;
        if (v.empty() && shape.kind() != Kind::string) return Value();
        try {
            return parse_scalar(v, shape, m.d, TimeFormat::iso8601);
        } catch (const ApiError&) {
            if (is_s3(wire) && (shape.kind() == Kind::integer || shape.kind() == Kind::long_)) throw not_an_integer(m.wire_name(), v);
            throw;
        }
    }
    return Value();
}

// A map in the query string takes all parameters, also those of other members, save what the URI template says and the signature.
Value decode_query_map(const Query& query, Member m, std::string_view uri) {
    Object out;
    Shape value = m.shape().value().shape();
    std::size_t mark = uri.find('?');
    Query fixed = parse_query(mark == std::string_view::npos ? std::string_view() : uri.substr(mark + 1));
    for (const auto& [n, v] : query) {
        bool literal = std::any_of(fixed.begin(), fixed.end(), [&](const auto& f) { return f.first == n; });
        if (literal || n.starts_with("X-Amz-")) continue;
        if (value.kind() == Kind::list) {
            if (out[n].is_null()) out[n] = Array();
            out[n].as_array().push_back(Value(v));
        } else if (!out.contains(n)) {
            out.append(n, Value(v));
        }
    }
    return out.empty() ? Value() : Value(std::move(out));
}

Value decode_payload(const WireRequest& wire, Member m, std::string_view body) {
    Shape shape = m.shape();
    if (m->streaming || shape->event_stream) return Value();
    if (body.empty()) return Value();
    if (shape.kind() == Kind::blob) return Bytes{std::string(body)};
    if (shape.kind() == Kind::string) return parse_scalar(body, shape, m.d, TimeFormat::iso8601);
    if (wire.protocol == Protocol::rest_xml) return decode_xml_body(shape, body);
    if (shape->document) {
        Value v;
        if (!json::try_parse(body, v)) throw ApiError("SerializationException", 400, "");
        return v;
    }
    if (shape.kind() != Kind::structure) throw ApiError("SerializationException", 400, "Unexpected value type in payload");
    return decode_json_body(shape, body, TypeErrors::coral);
}

bool has_body_members(Shape shape) {
    for (std::size_t i = 0; i < shape.member_count(); ++i)
        if (shape.member(i)->location == Location::body) return true;
    return false;
}

Value decode_label(const WireRequest& wire, Member m) {
    for (const auto& [name, value] : wire.labels)
        if (name == m.wire_name()) {
            if (is_s3(wire) && !is_utf8(value)) throw ApiError("InvalidURI", 400, "Couldn't parse the specified URI.");
            return parse_scalar(value, m.shape(), m.d, TimeFormat::iso8601);
        }
    return Value();
}

std::string quote_header_value(const std::string& text) {
    if (text.find_first_of(",\"") == std::string::npos) return text;
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

// A header's value must not end the header.
std::string header_safe(std::string text) {
    for (char& c : text)
        if (c == '\r' || c == '\n') c = ' ';
    return text;
}

}  // namespace

void encode_header(Headers& headers, Member m, const Value& value) {
    if (value.is_null()) return;
    Shape shape = m.shape();
    if (m->location == Location::headers && value.is_object()) {
        for (const auto& e : value.as_object())
            headers.set(std::string(m.wire_name()) + e.name, header_safe(write_scalar(e.value, Shape(), nullptr, TimeFormat::http_date)));
        return;
    }
    if (m->json_value) return headers.set(m.wire_name(), base64_encode(json::write(value)));
    if (shape.kind() == Kind::list && value.is_array()) {
        std::string line;
        for (const Value& v : value.as_array()) {
            if (!line.empty()) line += ", ";
            std::string text = write_scalar(v, shape.element().shape(), shape.element().d, TimeFormat::http_date);
            line += v.is_timestamp() ? text : quote_header_value(text);
        }
        if (!value.as_array().empty()) headers.set(m.wire_name(), header_safe(line));
        return;
    }
    headers.set(m.wire_name(), header_safe(write_scalar(value, shape, m.d, TimeFormat::http_date)));
}

Value decode_rest(const WireRequest& wire, const HttpRequest& request, std::string_view body) {
    Shape input = wire.operation.input();
    Object out;
    if (!input) return out;
    Query query = parse_query(request.query());
    auto put = [&](Member m, Value v) {
        if (!v.is_null()) out.append(std::string(m.name()), std::move(v));
    };
    for (std::size_t i = 0; i < input.member_count(); ++i) {
        Member m = input.member(i);
        switch (m->location) {
            case Location::uri: put(m, decode_label(wire, m)); break;
            case Location::query_string:
                put(m, m.shape().kind() == Kind::map ? decode_query_map(query, m, wire.operation.uri()) : decode_query_member(wire, query, m));
                break;
            case Location::header: put(m, decode_header(wire, request, query, m)); break;
            case Location::headers: put(m, decode_prefix_headers(wire, request, query, m)); break;
            case Location::payload: put(m, decode_payload(wire, m, body)); break;
            default: break;
        }
    }
    if (!input.payload() && has_body_members(input)) {
        Value members = wire.protocol == Protocol::rest_xml ? decode_xml_body(input, body) : decode_json_body(input, body, TypeErrors::coral);
        for (auto& m : members.as_object().members()) out.append(std::move(m.name), std::move(m.value));
    }
    return out;
}

namespace {

void encode_rest_payload(const WireRequest& wire, HttpResponse& r, Member m, const Value& value) {
    Shape shape = m.shape();
    bool xml = wire.protocol == Protocol::rest_xml;
    if (shape.kind() == Kind::blob || shape.kind() == Kind::string) {
        if (!r.headers.has("Content-Type")) r.headers.add("Content-Type", shape.kind() == Kind::blob ? "application/octet-stream" : "text/plain");
        r.body = value.is_bytes() ? value.as_bytes() : write_scalar(value, Shape(), nullptr, TimeFormat::iso8601);
        return;
    }
    r.headers.set("Content-Type", xml ? "application/xml" : "application/json");
    if (!xml) return encode_json(r.body, value, shape, m.d);
    bool s3 = wire.service->id() == "s3";
    XmlWriter writer(r.body, false, s3);
    if (s3) writer.declaration();
    // The root goes by the member's name on the wire where it has one, else by the shape's own or its name.
    std::string_view name = m.wire_name() != m.name() ? m.wire_name() : shape->xml_name != model::none ? shape.text(shape->xml_name) : s3 ? m.name() : shape.name();
    std::string_view ns = m.text(m->xml_namespace);
    if (ns.empty()) ns = shape->xml_namespace != model::none ? shape.text(shape->xml_namespace) : wire.service->xml_namespace();
    writer.structure(name, ns, m.text(m->xml_prefix), value, shape);
}

bool has_response_body(Shape shape) {
    for (std::size_t i = 0; i < shape.member_count(); ++i)
        if (model::in_response_body(*shape.member(i).d)) return true;
    return false;
}

void encode_rest_body(const WireRequest& wire, HttpResponse& r, const Value& output, Shape shape) {
    if (wire.protocol != Protocol::rest_xml) {  // "{}" where there are no members
        r.headers.add("Content-Type", "application/json");
        return encode_json_body(r.body, output, shape);
    }
    if (!has_response_body(shape)) return;
    r.headers.add("Content-Type", "application/xml");
    bool s3 = wire.service->id() == "s3";
    XmlWriter writer(r.body, false, s3);
    if (s3) writer.declaration();
    std::string_view root = shape.text(wire.operation->output_root);
    if (root.empty()) root = shape->xml_name != model::none ? shape.text(shape->xml_name) : shape.name();
    // GetBucketLocation's root is its only member.
    if (root == "LocationConstraint") {
        writer.open(root, wire.service->xml_namespace());
        r.body += output.text("LocationConstraint");
        return writer.close(root);
    }
    std::string_view ns = shape->xml_namespace != model::none ? shape.text(shape->xml_namespace) : wire.service->xml_namespace();
    writer.structure(root, ns, {}, output, shape, true);
}

}  // namespace

HttpResponse encode_rest(const WireRequest& wire, const Value& output, bool has_stream) {
    HttpResponse r;
    r.status = wire.operation->status ? wire.operation->status : 200;
    Shape shape = wire.operation.output();
    if (!shape) return r;
    for (std::size_t i = 0; i < shape.member_count(); ++i) {
        Member m = shape.member(i);
        const Value& v = output[m.name()];
        if (m->location == Location::header || m->location == Location::headers) encode_header(r.headers, m, v);
        if (m->location == Location::status_code && v.is_integer()) r.status = static_cast<int>(v.as_integer());
    }
    if (wire.head) return r;
    if (Member m = shape.payload()) {
        if (has_stream) {
            if (m.shape()->event_stream) r.headers.set("Content-Type", "application/vnd.amazon.eventstream");
        } else if (!output[m.name()].is_null()) {
            encode_rest_payload(wire, r, m, output[m.name()]);
        }
    } else if (r.status != 204 && r.status != 304) {
        encode_rest_body(wire, r, output, shape);
    }
    return r;
}

void add_error_headers(Headers& headers, const ApiError& error, Shape shape) {
    for (const auto& f : error.fields)
        if (Member m = shape.find(f.name); m && (m->location == Location::header || m->location == Location::headers)) encode_header(headers, m, f.value);
}

}  // namespace virga::protocol
