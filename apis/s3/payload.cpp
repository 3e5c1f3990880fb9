#include "apis/s3/payload.hpp"

#include "emulator/object/errors.hpp"

namespace virga::s3 {

using model::Kind;
using model::Member;
using model::Shape;
namespace errors = object::errors;

namespace {

// A website's protocol has an error of its own.
void check_enum(Shape shape, std::string_view text) {
    if (shape.enum_count() == 0 || shape.name() == "Protocol") return;
    for (std::size_t i = 0; i < shape.enum_count(); ++i)
        if (shape.enum_value(i) == text) return;
    throw errors::malformed_xml();
}

void check_value(Shape shape, const Value& value) {
    switch (shape.kind()) {
        case Kind::structure:
            for (std::size_t i = 0; i < shape.member_count(); ++i) {
                Member m = shape.member(i);
                const Value* v = value.find(m.name());
                if (v && !v->is_null()) check_value(m.shape(), *v);
                else if (m->required) throw errors::malformed_xml();
            }
            return;
        case Kind::list:
            if (value.is_array())
                for (const Value& v : value.as_array()) check_value(shape.element().shape(), v);
            return;
        case Kind::string:
            if (value.is_string()) check_enum(shape, value.as_string());
            return;
        default: return;
    }
}

}  // namespace

void check_document(const model::Operation& operation, const Value& input) {
    Shape shape = operation.input();
    Member payload = shape ? shape.payload() : Member{nullptr, nullptr};
    if (!payload || payload.shape().kind() != Kind::structure) return;
    const Value* document = input.find(payload.name());
    if (!document || document->is_null()) throw payload->required ? errors::missing_request_body() : errors::malformed_xml();
    check_value(payload.shape(), *document);
}

}  // namespace virga::s3
