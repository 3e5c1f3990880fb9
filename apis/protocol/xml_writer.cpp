#include "apis/protocol/xml_writer.hpp"

#include "apis/protocol/scalar_text.hpp"

namespace virga::protocol {

using model::Kind;
using model::Member;
using model::Shape;

void XmlWriter::declaration() { out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"; }

void XmlWriter::escape(std::string_view text, bool attribute) {
    static constexpr char hex[] = "0123456789ABCDEF";
    for (char c : text) {
        auto b = static_cast<unsigned char>(c);
        switch (c) {
            case '&': out_ += "&amp;"; break;
            case '<': out_ += "&lt;"; break;
            case '>': out_ += "&gt;"; break;
            case '"': out_ += "&quot;"; break;
            case '\r': out_ += s3_ ? "&#13;" : "&#xD;"; break;
            case '\n':
                if (attribute) out_ += "&#xA;";
                else out_ += c;
                break;
            default:
                if (b >= 0x20 || c == '\t') {
                    out_ += c;
                } else {
                    out_ += "&#x";
                    if (b >= 16) out_ += hex[b >> 4];
                    out_ += hex[b & 15];
                    out_ += ';';
                }
        }
    }
}

void XmlWriter::open(std::string_view name, std::string_view xml_namespace, std::string_view prefix) {
    out_ += '<';
    out_ += name;
    if (!xml_namespace.empty()) {
        out_ += prefix.empty() ? " xmlns" : " xmlns:";
        out_ += prefix;
        out_ += "=\"";
        escape(xml_namespace, true);
        out_ += '"';
    }
    out_ += '>';
}

void XmlWriter::close(std::string_view name) {
    out_ += "</";
    out_ += name;
    out_ += '>';
}

void XmlWriter::text_element(std::string_view name, std::string_view text) {
    open(name);
    escape(text, false);
    close(name);
}

std::string XmlWriter::scalar_text(const Value& value, Shape shape, const model::MemberData* member) const {
    return write_scalar(value, shape, member, model::TimeFormat::iso8601, s3_);
}

void XmlWriter::structure(std::string_view name, std::string_view xml_namespace, std::string_view prefix, const Value& value, Shape shape, bool body_only) {
    open(name, xml_namespace, prefix);
    const Object empty;
    const Object& members = value.is_object() ? value.as_object() : empty;
    bool attributes = false;
    for (const auto& m : members) {
        Member found = shape.find(m.name);
        if (!found || !found->xml_attribute || m.value.is_null()) continue;
        if (!attributes) out_.pop_back();
        attributes = true;
        out_ += ' ';
        out_ += found.wire_name();
        out_ += "=\"";
        escape(scalar_text(m.value, found.shape(), found.d), true);
        out_ += '"';
    }
    if (attributes) out_ += '>';
    for (const auto& m : members) {
        Member found = shape.find(m.name);
        if (found && !found->xml_attribute && (!body_only || model::in_response_body(*found.d))) member(found, m.value);
    }
    close(name);
}

void XmlWriter::member(Member m, const Value& value) {
    if (value.is_null()) return;
    Shape shape = m.shape();
    if (shape.kind() == Kind::list && value.is_array()) return list(m, value);
    if (shape.kind() == Kind::map && value.is_object()) return map(m, value);
    element(name_of(m), m, value);
}

void XmlWriter::element(std::string_view name, Member m, const Value& value) {
    Shape shape = m.shape();
    if (shape.kind() == Kind::structure) return structure(name, m.text(m->xml_namespace), m.text(m->xml_prefix), value, shape);
    open(name, m.text(m->xml_namespace), m.text(m->xml_prefix));
    // Lists of lists and maps in maps: what they hold stands inside this element.
    if (shape.kind() == Kind::list && value.is_array()) {
        for (const Value& v : value.as_array()) element(name_of(shape.element()), shape.element(), v);
    } else if (shape.kind() == Kind::map && value.is_object()) {
        for (const auto& e : value.as_object()) {
            open("entry");
            element(name_of(shape.key()), shape.key(), Value(e.name));
            element(name_of(shape.value()), shape.value(), e.value);
            close("entry");
        }
    } else {
        escape(scalar_text(value, shape, m.d), false);
    }
    close(name);
}

void XmlWriter::list(Member m, const Value& value) {
    Member e = m.shape().element();
    if (m->flattened) {
        for (const Value& v : value.as_array()) element(name_of(m), e, v);
        return;
    }
    element(name_of(m), m, value);
}

void XmlWriter::map(Member m, const Value& value) {
    if (!m->flattened) return element(name_of(m), m, value);
    Shape shape = m.shape();
    for (const auto& e : value.as_object()) {
        open(name_of(m), m.text(m->xml_namespace), m.text(m->xml_prefix));
        element(name_of(shape.key()), shape.key(), Value(e.name));
        element(name_of(shape.value()), shape.value(), e.value);
        close(name_of(m));
    }
}

void XmlWriter::plain(std::string_view name, const Value& value) {
    if (value.is_null()) return;
    if (value.is_array()) {
        for (const Value& v : value.as_array()) plain(name, v);
    } else if (value.is_object()) {
        open(name);
        for (const auto& m : value.as_object()) plain(m.name, m.value);
        close(name);
    } else {
        text_element(name, scalar_text(value, Shape(), nullptr));
    }
}

}  // namespace virga::protocol
