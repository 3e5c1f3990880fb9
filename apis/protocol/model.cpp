#include "apis/protocol/model.hpp"

#include <algorithm>
#include <cstring>

namespace virga::model {

namespace {

// Clients' names may hold NUL bytes: the comparison must not run past the text's own.
bool equals(const char* text, std::string_view name) {
    for (char c : name)
        if (*text == '\0' || *text++ != c) return false;
    return *text == '\0';
}

std::string_view streaming_member(Shape shape) {
    if (!shape) return {};
    for (std::size_t i = 0; i < shape.member_count(); ++i) {
        Member m = shape.member(i);
        if ((m->location == Location::payload && m->streaming) || m.shape()->event_stream) return m.name();
    }
    return {};
}

}  // namespace

Member Shape::find(std::string_view name) const {
    const MemberData* first = &s_->members[d_->first_member];
    for (std::size_t i = 0; i < d_->member_count; ++i)
        if (equals(s_->strings + first[i].name, name)) return {s_, first + i};
    return {s_, nullptr};
}

Member Shape::find_wire(std::string_view wire_name) const {
    const MemberData* first = &s_->members[d_->first_member];
    for (std::size_t i = 0; i < d_->member_count; ++i)
        if (equals(s_->strings + first[i].wire_name, wire_name)) return {s_, first + i};
    return {s_, nullptr};
}

Member Shape::payload() const {
    const MemberData* first = &s_->members[d_->first_member];
    for (std::size_t i = 0; i < d_->member_count; ++i)
        if (first[i].location == Location::payload) return {s_, first + i};
    return {s_, nullptr};
}

std::string_view Operation::streaming_input() const { return streaming_member(input()); }
std::string_view Operation::streaming_output() const { return streaming_member(output()); }

bool Service::has_target_prefix(std::string_view prefix) const { return equals(d_->strings + d_->target_prefix, prefix); }

Operation Service::find(std::string_view operation) const {
    const OperationData* end = d_->operations + d_->operation_count;
    const OperationData* found = std::lower_bound(d_->operations, end, operation, [&](const OperationData& o, std::string_view name) {
        return std::strncmp(d_->strings + o.name, name.data(), name.size()) < 0;  // a longer name is not less
    });
    if (found == end || !equals(d_->strings + found->name, operation)) return {};
    return {d_, found};
}

Shape Service::find_error(std::string_view code) const {
    for (std::uint32_t i = 0; i < d_->shape_count; ++i) {
        const ShapeData& s = d_->shapes[i];
        if (s.exception && (equals(d_->strings + s.name, code) || (s.error_code != none && equals(d_->strings + s.error_code, code))))
            return Shape(d_, static_cast<Ref>(i));
    }
    return {};
}

}  // namespace virga::model
