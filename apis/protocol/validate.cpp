// The constraints of the API model: required, length, range, pattern, enum.
//
// All violations of a request are collected (ten at most) in the model's order, depth first; of one member: pattern before length,
// the upper limit before the lower in lists of an element's constraints (as observed). An element of a list or a value of a map
// that is no structure is reported at its collection: "Member must satisfy constraint: [..]".
#include <cctype>

#include "apis/protocol/pattern.hpp"
#include "apis/protocol/validation_notes.hpp"
#include "apis/protocol/value_text.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::protocol {

using model::Kind;
using model::Member;
using model::no_limit;
using model::Shape;

namespace {

constexpr std::size_t max_faults = 10;

// Where we are, innermost first; rendered only for a fault.
struct Path {
    const Path* parent;
    std::string_view name;   // a member or a map's key
    std::size_t index;       // of a list's element, from 1; 0: name counts
    bool element;            // ".1.member" or ".key.member"
};

// Java counts UTF-16 units.
std::int64_t utf16_length(std::string_view text) {
    std::int64_t n = 0;
    for (char c : text) {
        auto b = static_cast<unsigned char>(c);
        n += (b & 0xC0) != 0x80;
        n += b >= 0xF0;
    }
    return n;
}

std::int64_t length_of(const Value& v) {
    switch (v.kind()) {
        case Value::Kind::string: return utf16_length(v.as_string());
        case Value::Kind::bytes: return static_cast<std::int64_t>(v.as_bytes().size());
        case Value::Kind::array: return static_cast<std::int64_t>(v.as_array().size());
        case Value::Kind::object: return static_cast<std::int64_t>(v.as_object().size());
        default: return 0;
    }
}

// Bytes bound the length from above, so that most texts need no counting.
bool text_below(std::string_view text, Shape s) {
    if (s.min() == no_limit || s.min() <= 0) return false;
    return s.min() == 1 ? text.empty() : utf16_length(text) < s.min();
}
bool text_above(std::string_view text, Shape s) {
    return s.max() != no_limit && static_cast<std::int64_t>(text.size()) > s.max() && utf16_length(text) > s.max();
}

bool below(const Value& v, Shape s) {
    if (s.min() == no_limit) return false;
    if (v.is_string()) return text_below(v.as_string(), s);
    return v.is_number() ? v.as_double() < static_cast<double>(s.min()) : length_of(v) < s.min();
}
bool above(const Value& v, Shape s) {
    if (s.max() == no_limit) return false;
    if (v.is_string()) return text_above(v.as_string(), s);
    return v.is_number() ? v.as_double() > static_cast<double>(s.max()) : length_of(v) > s.max();
}

bool text_violates(std::string_view text, Shape s) {
    if (text_below(text, s) || text_above(text, s)) return true;
    if (s->pattern != model::none && !matches_pattern(s.pattern(), text)) return true;
    if (s->enum_count == 0) return false;
    for (std::size_t i = 0; i < s->enum_count; ++i)
        if (s.enum_value(i) == text) return false;
    return true;
}

bool out_of_pattern(const Value& v, Shape s) { return s->pattern != model::none && v.is_string() && !matches_pattern(s.pattern(), v.as_string()); }

bool out_of_enum(const Value& v, Shape s) {
    if (s->enum_count == 0 || !v.is_string()) return false;
    for (std::size_t i = 0; i < s->enum_count; ++i)
        if (s.enum_value(i) == v.as_string()) return false;
    return true;
}

bool violates(const Value& v, Shape s) { return v.is_string() ? text_violates(v.as_string(), s) : below(v, s) || above(v, s); }

bool is_streamed(Member m) { return m->location == model::Location::payload && (m->streaming || m.shape()->event_stream); }

// Whether there is nothing to say: the usual case, found without looking at members that are not there.
bool is_clean(const Value& v, Shape s) {
    if (!s->constrained) return true;
    if (violates(v, s)) return false;
    if (s.kind() == Kind::structure && v.is_object()) {
        std::size_t required = 0;
        for (const auto& m : v.as_object()) {
            Member member = s.find(m.name);
            if (!member || m.value.is_null()) continue;
            required += member->required;
            if (!is_clean(m.value, member.shape())) return false;
        }
        return required >= s->required_count;
    }
    if (s.kind() == Kind::list && v.is_array()) {
        Shape element = s.element().shape();
        if (element->constrained)
            for (const Value& e : v.as_array())
                if (!is_clean(e, element)) return false;
    } else if (s.kind() == Kind::map && v.is_object()) {
        Shape key = s.key().shape(), value = s.value().shape();
        for (const auto& m : v.as_object())
            if ((key->constrained && text_violates(m.name, key)) || !is_clean(m.value, value)) return false;
    }
    return true;
}

bool is_number(Shape s) { return s.kind() == Kind::integer || s.kind() == Kind::long_ || s.kind() == Kind::float_ || s.kind() == Kind::double_; }

std::string limit_text(Shape s, bool max) {
    std::string what = is_number(s) ? "Member must have value " : "Member must have length ";
    return what + (max ? "less than or equal to " + std::to_string(s.max()) : "greater than or equal to " + std::to_string(s.min()));
}
std::string pattern_text(Shape s) { return "Member must satisfy regular expression pattern: " + std::string(s.pattern()); }
std::string enum_text(Shape s) {
    std::string out = "Member must satisfy enum value set: [";
    bool first = true;
    for (std::string_view v : printed_enum(s)) {
        if (!first) out += ", ";
        first = false;
        out += v;
    }
    return out + "]";
}

// Every constraint of an element, as its collection reports them.
std::string all_constraints(Shape s) {
    std::string out;
    auto add = [&](std::string text) { out += (out.empty() ? "" : ", ") + text; };
    if (s.max() != no_limit) add(limit_text(s, true));
    if (s.min() != no_limit) add(limit_text(s, false));
    if (s->pattern != model::none) add(pattern_text(s));
    if (s->enum_count) add(enum_text(s));
    return "[" + out + "]";
}

class Validator {
public:
    Validator(const model::Operation& operation) : service_(*operation.service()), terse_(is_terse(service_.id(), operation.name())) {
        valueless_ = terse_ || hides_values(service_.id());
        if (service_.id() == "apigateway") prefix_ = lower_first(operation.name()) + "Input.";
    }

    void structure(Shape shape, const Object& value, const Path* path) {
        if (!shape->constrained) return;
        std::span<const std::string_view> order = checked_order(service_, shape);
        for (std::string_view name : order)
            if (Member m = shape.find(name)) member(m, value, path);
        for (std::size_t i = 0; i < shape.member_count(); ++i) {
            Member m = shape.member(i);
            bool done = false;
            for (std::string_view name : order) done = done || name == m.name();
            if (!done) member(m, value, path);
        }
    }

    void finish(const std::string& code) const {
        if (faults_.empty()) return;
        std::size_t n = terse_ ? 1 : std::min(faults_.size(), max_faults);
        std::string text = std::to_string(n) + (n == 1 ? " validation error detected: " : " validation errors detected: ");
        for (std::size_t i = 0; i < n; ++i) text += (i ? "; " : "") + faults_[i];
        throw ApiError(code, 400, std::move(text));
    }

private:
    void member(Member m, const Object& owner, const Path* parent) {
        if (is_streamed(m)) return;
        const Value* v = owner.find(m.name());
        Path path{parent, m.name(), 0, false};
        if (!v || v->is_null()) {
            if (m->required) fault(path, Value(), m.shape(), "Member must not be null");
            return;
        }
        check(m.shape(), *v, path);
    }

    void check(Shape shape, const Value& v, const Path& path) {
        if (!shape->constrained) return;
        if (out_of_pattern(v, shape)) fault(path, v, shape, pattern_text(shape));
        if (out_of_enum(v, shape)) fault(path, v, shape, enum_text(shape));
        if (below(v, shape)) fault(path, v, shape, limit_text(shape, false));
        if (above(v, shape)) fault(path, v, shape, limit_text(shape, true));
        inside(shape, v, path);
    }

    void inside(Shape shape, const Value& v, const Path& path) {
        if (shape.kind() == Kind::structure && v.is_object()) structure(shape, v.as_object(), &path);
        if (shape.kind() == Kind::list && v.is_array()) list(shape, v, path);
        if (shape.kind() == Kind::map && v.is_object()) map(shape, v, path);
    }

    void list(Shape shape, const Value& v, const Path& path) {
        Shape element = shape.element().shape();
        if (!element->constrained) return;
        if (element.kind() != Kind::structure)
            for (const Value& e : v.as_array())
                if (violates(e, element)) {
                    fault(path, v, shape, "Member must satisfy constraint: " + all_constraints(element));
                    break;
                }
        for (std::size_t i = 0; i < v.as_array().size(); ++i) inside(element, v.as_array()[i], Path{&path, {}, i + 1, true});
    }

    void map(Shape shape, const Value& v, const Path& path) {
        Shape key = shape.key().shape(), value = shape.value().shape();
        bool key_fault = false, value_fault = false;
        for (const auto& m : v.as_object()) {
            key_fault = key_fault || (key->constrained && text_violates(m.name, key));
            value_fault = value_fault || (value.kind() != Kind::structure && value->constrained && violates(m.value, value));
        }
        if (key_fault) fault(path, v, shape, "Map keys must satisfy constraint: " + all_constraints(key));
        if (value_fault) fault(path, v, shape, "Map value must satisfy constraint: " + all_constraints(value));
        for (const auto& m : v.as_object()) inside(value, m.value, Path{&path, m.name, 0, true});
    }

    void fault(const Path& path, const Value& v, Shape shape, const std::string& constraint) {
        if (faults_.size() == max_faults) return;
        std::string text = "Value ";
        if (valueless_) text += "at '";
        else if (v.is_null()) text += "null at '";
        else text += "'" + value_text(v, shape) + "' at '";
        text += prefix_;
        render(path, text);
        faults_.push_back(text + "' failed to satisfy constraint: " + constraint);
    }

    void render(const Path& path, std::string& out) const {
        if (path.parent) {
            render(*path.parent, out);
            out += '.';
        }
        if (!path.element) out += terse_ ? std::string(path.name) : lower_first(path.name);
        else if (path.index) out += std::to_string(path.index) + ".member";
        else out += std::string(path.name) + ".member";
    }

    model::Service service_;
    bool terse_, valueless_ = false;
    std::string prefix_;
    std::vector<std::string> faults_;
};

}  // namespace

void validate(const model::Operation& operation, const Value& input, const std::string& code) {
    Shape shape = operation.input();
    if (!shape || !input.is_object() || is_clean(input, shape)) return;
    Validator v(operation);
    v.structure(shape, input.as_object(), nullptr);
    v.finish(code);
}

}  // namespace virga::protocol
