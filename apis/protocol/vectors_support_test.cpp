#ifdef VIRGA_VECTOR_TABLES
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <pugixml.hpp>

#include "apis/protocol/vectors_support.hpp"
#include "apis/protocol/xml_codec.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::protocol::vectors {

using model::Kind;

Value read_file(const std::string& file) {
    std::ifstream in(std::string(VIRGA_VECTORS) + "/" + file, std::ios::binary);
    return json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

namespace {
Value json_value(const std::string& text) {
    Value v;
    return json::try_parse(text, v) ? v : Value(text);
}
}  // namespace

Value typed(const Value& given, model::Shape shape) {
    if (given.is_null() || shape->document) return given;
    switch (shape.kind()) {
        case Kind::structure: {
            Object out;
            for (const auto& m : given.as_object())
                if (model::Member member = shape.find(m.name)) out.append(m.name, member->json_value && m.value.is_string() ? json_value(m.value.as_string()) : typed(m.value, member.shape()));
            return out;
        }
        case Kind::map: {
            Object out;
            for (const auto& m : given.as_object()) out.append(m.name, typed(m.value, shape.value().shape()));
            return out;
        }
        case Kind::list: {
            Array out;
            for (const Value& v : given.as_array()) out.push_back(typed(v, shape.element().shape()));
            return out;
        }
        case Kind::blob: return Bytes{given.as_string()};
        case Kind::timestamp: return Timestamp{std::llround(given.as_double() * 1000)};
        case Kind::float_:
        case Kind::double_:
            if (given.is_string()) return Value(given.as_string() == "NaN" ? NAN : given.as_string() == "Infinity" ? INFINITY : -INFINITY);
            return Value(given.as_double());
        default: return given;
    }
}

bool same(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) {
        double x = a.as_double(), y = b.as_double();
        return x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) < 1e-6 * std::abs(x);  // singles are not exact
    }
    if (a.kind() != b.kind()) return false;
    if (a.is_array()) {
        if (a.as_array().size() != b.as_array().size()) return false;
        for (std::size_t i = 0; i < a.as_array().size(); ++i)
            if (!same(a.as_array()[i], b.as_array()[i])) return false;
        return true;
    }
    if (a.is_object()) {
        for (const auto& m : a.as_object())
            if (!same(m.value, b[m.name])) return false;
        for (const auto& m : b.as_object())
            if (!same(a[m.name], m.value)) return false;
        return true;
    }
    return a == b;
}

namespace {

bool same_node(const pugi::xml_node& a, const pugi::xml_node& b) {
    if (std::string_view(a.name()) != b.name()) return false;
    std::map<std::string, std::string> attributes_a, attributes_b;
    for (const auto& x : a.attributes()) attributes_a[x.name()] = x.value();
    for (const auto& x : b.attributes()) attributes_b[x.name()] = x.value();
    if (attributes_a != attributes_b) return false;
    std::map<std::string, std::vector<pugi::xml_node>> children_a, children_b;
    for (const auto& x : a.children())
        if (x.type() == pugi::node_element) children_a[x.name()].push_back(x);
    for (const auto& x : b.children())
        if (x.type() == pugi::node_element) children_b[x.name()].push_back(x);
    if (children_a.empty() && children_b.empty()) return trimmed(a.text().get()) == trimmed(b.text().get());
    if (children_a.size() != children_b.size()) return false;
    for (const auto& [name, list] : children_a) {
        const auto& other = children_b[name];
        if (list.size() != other.size()) return false;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (!same_node(list[i], other[i])) return false;
    }
    return true;
}

}  // namespace

namespace {

std::string text_of(const pugi::xml_node& node) {
    std::ostringstream out;
    node.print(out, "", pugi::format_raw);
    return out.str();
}

void plain_envelope(pugi::xml_node root) {
    root.remove_attribute("xmlns");
    root.remove_child("ResponseMetadata");
}

}  // namespace

bool same_xml(std::string_view got, std::string_view expected, model::Shape shape, bool query) {
    pugi::xml_document x, y;
    if (got.empty() || expected.empty()) return got.empty() == expected.empty();
    if (!x.load_buffer(got.data(), got.size()) || !y.load_buffer(expected.data(), expected.size())) return false;
    pugi::xml_node a = x.document_element(), b = y.document_element();
    if (query) plain_envelope(a), plain_envelope(b);
    if (same_node(a, b)) return true;
    if (!shape || shape.payload()) return false;
    if (query) a = a.first_child(), b = b.first_child();
    return std::string_view(a.name()) == b.name() && same(decode_xml_body(shape, text_of(a)), decode_xml_body(shape, text_of(b)));
}

// Cases that are about clients alone.
std::string_view skip_reason(std::string_view direction, std::string_view id) {
    auto is = [&](std::string_view name) { return id == name; };
    if (direction == "input") {
        if (id.starts_with("SDKAppliedContentEncoding") || id.starts_with("SDKAppendsGzip") || id.starts_with("SDKAppendedGzip")) return "the vector gives no body (gzip is tested in inflate_test)";
        if (is("QueryEmptyQueryMaps")) return "an empty map leaves no trace in the request";
        if (id.ends_with("QueryPrecedence")) return "what the client's map says is not sent";
        if (id.ends_with("HostWithPath")) return "the client's endpoint has a path of its own";
    } else {
        if (is("handles_unexpected_json_output") || is("AwsJson10HandlesUnexpectedJsonOutput")) return "a body for an operation without output";
        if (is("ComplexError") || is("InvalidGreetingError")) return "the vector does not give all that its body has";
        if (is("RpcV2CborPayloadWithUnsetUnion")) return "the vector's body is another case's";
        if (is("AwsJson11IntEnums")) return "expects a request header in the response";
    }
    return {};
}

}  // namespace virga::protocol::vectors
#endif
