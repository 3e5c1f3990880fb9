#include "apis/protocol/xml_codec.hpp"

#include <pugixml.hpp>

#include "apis/protocol/scalar_text.hpp"
#include "emulator/base/error.hpp"

namespace virga::protocol {

using model::Kind;
using model::Member;
using model::Shape;

namespace {

constexpr int max_depth = 128;

[[noreturn]] void malformed() {
    throw ApiError("MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema");
}

std::string_view local_name(const char* name) {
    std::string_view n(name);
    std::size_t colon = n.find(':');
    return colon == std::string_view::npos ? n : n.substr(colon + 1);
}

// Elements match by name; a prefix counts for nothing.
bool is_named(const pugi::xml_node& node, std::string_view name) {
    return node.type() == pugi::node_element && (name == node.name() || local_name(node.name()) == name);
}

Value decode(const pugi::xml_node& node, Member m, int depth);

Value decode_list(const pugi::xml_node& node, Member m, int depth) {
    Member element = m.shape().element();
    Array out;
    for (const pugi::xml_node& child : node.children())
        if (is_named(child, element.wire_name())) out.push_back(decode(child, element, depth));
    return out;
}

void decode_entry(Object& out, const pugi::xml_node& entry, Shape map, int depth) {
    std::string key;
    Value value;
    for (const pugi::xml_node& child : entry.children()) {
        if (is_named(child, map.key().wire_name())) key = child.text().get();
        else if (is_named(child, map.value().wire_name())) value = decode(child, map.value(), depth);
    }
    out.append(std::move(key), std::move(value));
}

Value decode_map(const pugi::xml_node& node, Member m, int depth) {
    Object out;
    for (const pugi::xml_node& child : node.children())
        if (is_named(child, "entry")) decode_entry(out, child, m.shape(), depth);
    return out;
}

// All elements of a flattened member, wherever they stand among their siblings.
Value decode_flattened(const pugi::xml_node& parent, Member m, int depth) {
    Shape shape = m.shape();
    if (shape.kind() == Kind::map) {
        Object out;
        for (const pugi::xml_node& child : parent.children())
            if (is_named(child, m.wire_name())) decode_entry(out, child, shape, depth);
        return out.empty() ? Value() : Value(std::move(out));
    }
    Member element = shape.element();
    bool own_name = element.wire_name() != "member";
    Array out;
    for (const pugi::xml_node& child : parent.children())
        if (is_named(child, m.wire_name()) || (own_name && is_named(child, element.wire_name()))) out.push_back(decode(child, element, depth));
    return out.empty() ? Value() : Value(std::move(out));
}

Value decode_structure(const pugi::xml_node& node, Shape shape, int depth) {
    if (depth > max_depth) malformed();
    Object out;
    for (std::size_t i = 0; i < shape.member_count(); ++i) {
        Member m = shape.member(i);
        if (m->location != model::Location::body && m->location != model::Location::payload) continue;
        Kind kind = m.shape().kind();
        if (m->xml_attribute) {
            for (const pugi::xml_attribute& a : node.attributes())
                if (m.wire_name() == a.name() || local_name(a.name()) == local_name(std::string(m.wire_name()).c_str())) {
                    out.append(std::string(m.name()), parse_scalar(a.value(), m.shape(), m.d, model::TimeFormat::iso8601));
                    break;
                }
        } else if (m->flattened && (kind == Kind::list || kind == Kind::map)) {
            Value v = decode_flattened(node, m, depth + 1);
            if (!v.is_null()) out.append(std::string(m.name()), std::move(v));
        } else {
            for (const pugi::xml_node& child : node.children())
                if (is_named(child, m.wire_name())) {
                    Value v = decode(child, m, depth + 1);
                    out.append(std::string(m.name()), std::move(v));
                    break;
                }
        }
    }
    return out;
}

Value decode(const pugi::xml_node& node, Member m, int depth) {
    if (depth > max_depth) malformed();
    Shape shape = m.shape();
    switch (shape.kind()) {
        case Kind::structure: return decode_structure(node, shape, depth);
        case Kind::list: return decode_list(node, m, depth + 1);
        case Kind::map: return decode_map(node, m, depth + 1);
        default: break;
    }
    try {
        return parse_scalar(node.text().get(), shape, m.d, model::TimeFormat::iso8601);
    } catch (const ApiError&) {
        malformed();
    }
}

}  // namespace

Value decode_xml_body(Shape shape, std::string_view body) {
    if (body.empty()) return Object();
    pugi::xml_document document;
    // White space inside strings counts; entities beyond XML's own five are not known to pugixml, so no expansion can grow.
    unsigned options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_ws_pcdata_single;
    if (!document.load_buffer(body.data(), body.size(), options) || !document.document_element()) malformed();
    return decode_structure(document.document_element(), shape, 0);
}

}  // namespace virga::protocol
