#include "emulator/base/value.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace virga {

namespace {
const Value null_value;
const Array no_elements;
const Object no_members;
}  // namespace

Object::Object(std::initializer_list<Init> members) {
    members_.reserve(members.size());
    for (const auto& m : members) members_.push_back(Member{std::move(m.name), std::move(m.value)});
}

const Value* Object::find(std::string_view name) const {
    for (auto it = members_.rbegin(); it != members_.rend(); ++it)
        if (it->name == name) return &it->value;
    return nullptr;
}

Value* Object::find(std::string_view name) { return const_cast<Value*>(std::as_const(*this).find(name)); }

Value& Object::operator[](std::string_view name) {
    if (Value* found = find(name)) return *found;
    return append(std::string(name), Value());
}

Value& Object::append(std::string_view name) { return members_.emplace_back(std::string(name), Value()).value; }

Value& Object::append(std::string name, Value value) {
    return members_.emplace_back(std::move(name), std::move(value)).value;
}

bool Object::erase(std::string_view name) {
    return std::erase_if(members_, [&](const Member& m) { return m.name == name; }) != 0;
}

double Value::as_double() const {
    if (auto* i = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*i);
    if (auto* t = std::get_if<NumberText>(&data_)) return std::strtod(t->text.c_str(), nullptr);
    return std::get<double>(data_);
}

const Value& Value::operator[](std::string_view name) const {
    const Value* v = find(name);
    return v ? *v : null_value;
}

Value& Value::operator[](std::string_view name) {
    if (is_null()) data_ = Object();
    return as_object()[name];
}

std::string_view Value::text(std::string_view name, std::string_view otherwise) const {
    const Value* v = find(name);
    return v && v->is_string() ? std::string_view(v->as_string()) : otherwise;
}

std::int64_t Value::integer(std::string_view name, std::int64_t otherwise) const {
    const Value* v = find(name);
    if (!v || !v->is_number()) return otherwise;
    if (v->is_integer()) return v->as_integer();
    double d = v->as_double();
    if (std::isnan(d)) return otherwise;
    constexpr double limit = 9223372036854775808.0;  // 2^63: beyond it the conversion is undefined
    if (d >= limit) return std::numeric_limits<std::int64_t>::max();
    if (d < -limit) return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(d);
}

bool Value::flag(std::string_view name, bool otherwise) const {
    const Value* v = find(name);
    return v && v->is_bool() ? v->as_bool() : otherwise;
}

const Array& Value::list(std::string_view name) const {
    const Value* v = find(name);
    return v && v->is_array() ? v->as_array() : no_elements;
}

const Object& Value::object(std::string_view name) const {
    const Value* v = find(name);
    return v && v->is_object() ? v->as_object() : no_members;
}

}  // namespace virga
