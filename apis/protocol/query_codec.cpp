// awsQuery: parameters in, XML out. Lists are "Name.member.1", flattened ones "Name.1"; maps "Name.entry.1.key".
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "apis/protocol/codecs.hpp"
#include "apis/protocol/scalar_text.hpp"
#include "apis/protocol/xml_writer.hpp"

namespace virga::protocol {

using model::Kind;
using model::Member;
using model::Shape;

namespace {

// The parameters as a tree by the dots in their names.
struct Node {
    std::optional<std::string> value;
    std::map<std::string, Node, std::less<>> children;

    const Node* child(std::string_view name) const {
        auto it = children.find(name);
        return it == children.end() ? nullptr : &it->second;
    }
};

constexpr int max_depth = 64;

void insert(Node& root, std::string_view name, std::string value) {
    Node* at = &root;
    for (int depth = 0;; ++depth) {
        if (depth == max_depth) throw ApiError("MalformedInput", 400, "Parameter name has too many parts");
        std::size_t dot = name.find('.');
        std::string_view part = name.substr(0, dot);
        auto it = at->children.find(part);
        if (it == at->children.end()) it = at->children.emplace(std::string(part), Node()).first;
        at = &it->second;
        if (dot == std::string_view::npos) break;
        name.remove_prefix(dot + 1);
    }
    at->value = std::move(value);
}

Value decode(const Node& node, Member m);

// The numbered children in the order of their numbers.
std::vector<const Node*> numbered(const Node& node) {
    std::vector<std::pair<long, const Node*>> found;
    for (const auto& [name, child] : node.children) {
        long n = 0;
        auto r = std::from_chars(name.data(), name.data() + name.size(), n);
        if (r.ec == std::errc() && r.ptr == name.data() + name.size()) found.emplace_back(n, &child);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const Node*> out;
    for (const auto& f : found) out.push_back(f.second);
    return out;
}

Value decode_list(const Node& node, Member m) {
    Member element = m.shape().element();
    const Node* holder = &node;
    if (!m->flattened) {
        if (const Node* inner = node.child(element.query_name())) holder = inner;
        else if (const Node* usual = node.child("member")) holder = usual;
    }
    Array out;
    for (const Node* n : numbered(*holder)) out.push_back(decode(*n, element));
    return out;
}

Value decode_map(const Node& node, Member m) {
    Shape shape = m.shape();
    const Node* holder = &node;
    if (!m->flattened)
        if (const Node* inner = node.child("entry")) holder = inner;
    Object out;
    for (const Node* n : numbered(*holder)) {
        const Node* key = n->child(shape.key().query_name());
        const Node* value = n->child(shape.value().query_name());
        if (!key || !key->value) continue;
        Value v = value ? decode(*value, shape.value()) : Value();
        out.append(*key->value, std::move(v));
    }
    return out;
}

Value decode_structure(const Node& node, Shape shape) {
    Object out;
    for (std::size_t i = 0; i < shape.member_count(); ++i) {
        Member m = shape.member(i);
        const Node* n = node.child(m.query_name());
        // A flattened list goes by the name of its elements where they have one of their own.
        if (!n && m->flattened && m.shape().kind() == Kind::list) n = node.child(m.shape().element().query_name());
        if (!n) continue;
        Value v = decode(*n, m);
        out.append(std::string(m.name()), std::move(v));
    }
    return out;
}

Value decode(const Node& node, Member m) {
    Shape shape = m.shape();
    switch (shape.kind()) {
        case Kind::structure: return decode_structure(node, shape);
        case Kind::list: return decode_list(node, m);
        case Kind::map: return decode_map(node, m);
        default:
            if (!node.value) return Value();
            // An empty parameter of a type that has no empty form is as good as none.
            if (node.value->empty() && shape.kind() != Kind::string && shape.kind() != Kind::blob) return Value();
            return parse_scalar(*node.value, shape, m.d, model::TimeFormat::iso8601);
    }
}

}  // namespace

Value decode_query(Shape shape, std::string_view query, std::string_view form) {
    if (!shape) return Object();
    Node root;
    for (std::string_view part : {query, form})
        for (auto& [name, value] : parse_query(part)) insert(root, name, std::move(value));
    return decode_structure(root, shape);
}

HttpResponse encode_query(const WireRequest& wire, const Value& output, const std::string& request_id) {
    HttpResponse r;
    r.headers.add("Content-Type", "text/xml");
    XmlWriter xml(r.body, true);
    std::string root = wire.operation_name + "Response";
    xml.declaration();
    xml.open(root, wire.service->xml_namespace());
    if (Shape shape = wire.operation.output()) {
        std::string_view wrapper = shape.text(wire.operation->result_wrapper);
        xml.structure(wrapper.empty() ? wire.operation_name + "Result" : std::string(wrapper), {}, {}, output, shape);
    }
    xml.open("ResponseMetadata");
    xml.text_element("RequestId", request_id);
    xml.close("ResponseMetadata");
    xml.close(root);
    return r;
}

}  // namespace virga::protocol
