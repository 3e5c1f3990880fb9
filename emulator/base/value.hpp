// The JSON-like value that requests, replies and documents are made of.
//
// A Value is one of: null, bool, integer (64 bit), real, number kept as the text it was sent as, string,
// bytes (a blob, decoded), timestamp, array, object, JSON already written. Objects keep the order of their members and are meant to
// be small; find() is linear, the last of equal names wins.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace virga {

class Value;

// Milliseconds since the Unix epoch. Every instant in virga has this unit unless its name says otherwise.
using TimeMs = std::int64_t;

struct Bytes {
    std::string data;
    bool operator==(const Bytes&) const = default;
};

// A JSON number that is not a plain 64-bit integer, as it was written ("1.10", "3e400"): never passed through a double.
struct NumberText {
    std::string text;
    bool operator==(const NumberText&) const = default;
};

// An instant in a reply or a decoded request. Which text form it takes on the wire is the API model's affair.
struct Timestamp {
    TimeMs ms = 0;
    bool operator==(const Timestamp&) const = default;
};

// A part of a reply whose JSON has been written already: large answers are written once, straight from the stored bytes. Only in replies
// to a call that says json_reply; nothing reads it but the writers of JSON.
struct JsonText {
    std::string text;
    bool operator==(const JsonText&) const = default;
};

using Array = std::vector<Value>;

class Object {
public:
    struct Member;
    struct Init;  // a member as it is written in braces

    Object() noexcept;
    Object(std::initializer_list<Init> members);
    Object(const Object&);
    Object(Object&&) noexcept;
    Object& operator=(const Object&);
    Object& operator=(Object&&) noexcept;
    ~Object();

    // The value under `name`, or null pointer.
    const Value* find(std::string_view name) const;
    Value* find(std::string_view name);
    // The value under `name`, added as null at the end when missing.
    Value& operator[](std::string_view name);
    // Adds at the end without looking for an equal name: a null, or a value.
    Value& append(std::string_view name);
    Value& append(std::string name, Value value);
    bool erase(std::string_view name);
    bool contains(std::string_view name) const { return find(name) != nullptr; }

    bool empty() const;
    std::size_t size() const;
    void reserve(std::size_t n);
    std::vector<Member>& members();
    const std::vector<Member>& members() const;
    std::vector<Member>::iterator begin();
    std::vector<Member>::iterator end();
    std::vector<Member>::const_iterator begin() const;
    std::vector<Member>::const_iterator end() const;
    bool operator==(const Object&) const;

private:
    std::vector<Member> members_;
};

class Value {
public:
    enum class Kind : std::uint8_t { null, boolean, integer, real, number, string, bytes, timestamp, array, object, json_text };

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool v) : data_(v) {}
    Value(int v) : data_(std::int64_t{v}) {}
    Value(unsigned v) : data_(std::int64_t{v}) {}
    Value(long v) : data_(std::int64_t{v}) {}
    Value(long long v) : data_(std::int64_t{v}) {}
    Value(unsigned long v) : data_(static_cast<std::int64_t>(v)) {}
    Value(double v) : data_(v) {}
    Value(const char* v) : data_(std::string(v)) {}
    Value(std::string_view v) : data_(std::string(v)) {}
    Value(std::string v) : data_(std::move(v)) {}
    Value(Bytes v) : data_(std::move(v)) {}
    Value(NumberText v) : data_(std::move(v)) {}
    Value(Timestamp v) : data_(v) {}
    Value(Array v) : data_(std::move(v)) {}
    Value(Object v) : data_(std::move(v)) {}
    Value(JsonText v) : data_(std::move(v)) {}
    template <class T>
    Value(const std::optional<T>& v) {
        if (v) *this = Value(*v);
    }

    Kind kind() const { return static_cast<Kind>(data_.index()); }
    bool is_null() const { return kind() == Kind::null; }
    bool is_bool() const { return kind() == Kind::boolean; }
    bool is_integer() const { return kind() == Kind::integer; }
    bool is_number() const { return kind() == Kind::integer || kind() == Kind::real || kind() == Kind::number; }
    bool is_string() const { return kind() == Kind::string; }
    bool is_bytes() const { return kind() == Kind::bytes; }
    bool is_timestamp() const { return kind() == Kind::timestamp; }
    bool is_array() const { return kind() == Kind::array; }
    bool is_object() const { return kind() == Kind::object; }
    bool is_json_text() const { return kind() == Kind::json_text; }

    // Unchecked-by-design accessors: calling one on another kind throws std::bad_variant_access.
    bool as_bool() const { return std::get<bool>(data_); }
    std::int64_t as_integer() const { return std::get<std::int64_t>(data_); }
    const std::string& as_string() const { return std::get<std::string>(data_); }
    std::string& as_string() { return std::get<std::string>(data_); }
    const std::string& as_bytes() const { return std::get<Bytes>(data_).data; }
    std::string& as_bytes() { return std::get<Bytes>(data_).data; }
    TimeMs as_time() const { return std::get<Timestamp>(data_).ms; }
    const std::string& as_number_text() const { return std::get<NumberText>(data_).text; }
    const Array& as_array() const { return std::get<Array>(data_); }
    Array& as_array() { return std::get<Array>(data_); }
    const Object& as_object() const { return std::get<Object>(data_); }
    Object& as_object() { return std::get<Object>(data_); }
    const std::string& as_json_text() const { return std::get<JsonText>(data_).text; }
    // Any of the three number kinds as a double (rounded).
    double as_double() const;

    // Member access for reading documents: null when this is no object or has no such member.
    const Value* find(std::string_view name) const { return is_object() ? as_object().find(name) : nullptr; }
    bool has(std::string_view name) const {
        const Value* v = find(name);
        return v && !v->is_null();
    }
    // The member, or a shared null.
    const Value& operator[](std::string_view name) const;
    // Makes this an object if it is null, and adds the member if missing.
    Value& operator[](std::string_view name);

    // Readers with a default for a member that is missing, null or of another kind. Fractions are cut off; what 64 bits cannot hold
    // becomes the nearest they can.
    std::string_view text(std::string_view name, std::string_view otherwise = {}) const;
    std::int64_t integer(std::string_view name, std::int64_t otherwise = 0) const;
    bool flag(std::string_view name, bool otherwise = false) const;
    // The member's elements; empty when missing.
    const Array& list(std::string_view name) const;
    const Object& object(std::string_view name) const;

    bool operator==(const Value&) const = default;

private:
    std::variant<std::nullptr_t, bool, std::int64_t, double, NumberText, std::string, Bytes, Timestamp, Array, Object, JsonText> data_;
};

struct Object::Member {
    std::string name;
    Value value;
    bool operator==(const Member&) const = default;
};

// What stands in an initializer list cannot be moved from, but what is mutable in it can: members are not copied once more.
struct Object::Init {
    mutable std::string name;
    mutable Value value;
};

// Only here is a member's type complete.
inline Object::Object() noexcept = default;
inline Object::Object(const Object&) = default;
inline Object::Object(Object&&) noexcept = default;
inline Object& Object::operator=(const Object&) = default;
inline Object& Object::operator=(Object&&) noexcept = default;
inline Object::~Object() = default;
inline bool Object::empty() const { return members_.empty(); }
inline std::size_t Object::size() const { return members_.size(); }
inline void Object::reserve(std::size_t n) { members_.reserve(n); }
inline std::vector<Object::Member>& Object::members() { return members_; }
inline const std::vector<Object::Member>& Object::members() const { return members_; }
inline std::vector<Object::Member>::iterator Object::begin() { return members_.begin(); }
inline std::vector<Object::Member>::iterator Object::end() { return members_.end(); }
inline std::vector<Object::Member>::const_iterator Object::begin() const { return members_.begin(); }
inline std::vector<Object::Member>::const_iterator Object::end() const { return members_.end(); }
inline bool Object::operator==(const Object& other) const { return members_ == other.members_; }

}  // namespace virga
