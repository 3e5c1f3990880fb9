// Writes XML of the API models straight into a string.
#pragma once
#include <string>
#include <string_view>

#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

class XmlWriter {
public:
    // query: members have their awsQuery names. s3: timestamps keep ".000", a carriage return is "&#13;".
    XmlWriter(std::string& out, bool query, bool s3 = false) : out_(out), query_(query), s3_(s3) {}

    void declaration();
    void open(std::string_view name, std::string_view xml_namespace = {}, std::string_view prefix = {});
    void close(std::string_view name);
    void text_element(std::string_view name, std::string_view text);

    // A structure as an element of the given name, with attributes and namespaces of its members. body_only: no header members.
    void structure(std::string_view name, std::string_view xml_namespace, std::string_view prefix, const Value& value, model::Shape shape, bool body_only = false);
    // The elements of one member of a structure; nothing for null.
    void member(model::Member member, const Value& value);
    // A value that no model describes, as elements by its own names.
    void plain(std::string_view name, const Value& value);

    // A scalar as text on the wire, not escaped.
    std::string scalar_text(const Value& value, model::Shape shape, const model::MemberData* member) const;

private:
    void element(std::string_view name, model::Member member, const Value& value);
    void escape(std::string_view text, bool attribute);
    std::string_view name_of(model::Member m) const { return query_ ? m.query_name() : m.wire_name(); }
    void list(model::Member member, const Value& value);
    void map(model::Member member, const Value& value);

    std::string& out_;
    bool query_;
    bool s3_;
};

}  // namespace virga::protocol
