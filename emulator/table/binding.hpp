// An expression together with the names and values a request gives for its placeholders.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/attribute.hpp"
#include "emulator/table/expression.hpp"

namespace virga::table {

// ExpressionAttributeNames and ExpressionAttributeValues of a request; remembers which were used.
class Substitutions {
public:
    void add_name(std::string key, std::string name) { names_.push_back({std::move(key), std::move(name), false}); }
    void add_value(std::string key, std::string encoding) { values_.push_back({std::move(key), std::move(encoding), false}); }
    // Null when not defined. Marks it used.
    const std::string* name(std::string_view key) { return find(names_, key); }
    const std::string* value(std::string_view key) { return find(values_, key); }
    // Bytes of all values.
    std::size_t value_bytes() const;
    // Throws when the request defines what no expression uses.
    void check_all_used() const;

private:
    struct Entry {
        std::string key, content;
        bool used;
    };
    static const std::string* find(std::vector<Entry>& entries, std::string_view key);
    std::vector<Entry> names_, values_;
};

// Views into the Substitutions it was made from, which must outlive it.
struct Bound {
    std::shared_ptr<const Expression> expression;
    std::vector<std::string_view> names;
    std::vector<ValueView> values;

    explicit operator bool() const { return expression != nullptr; }
    std::string_view name(const PathElement& e) const { return e.kind == PathElement::Kind::placeholder ? names[e.number] : std::string_view(e.name); }
    const Path& path(std::size_t ref) const { return expression->paths[ref]; }
    // The top-level attribute a path starts at.
    std::string_view root_name(std::size_t ref) const { return name(path(ref).front()); }
    // "[a, b, [1]]", as errors print paths.
    std::string path_text(std::size_t ref) const;
};

// Resolves the placeholders and makes the checks that need their values, in the service's order: per condition or action in text
// order undefined names and values, number of operands, distinct operands, operand types; then for updates repeated sections,
// and for updates and projections overlapping and conflicting paths. Throws ValidationException.
Bound bind(std::shared_ptr<const Expression> expression, Substitutions& substitutions);

}  // namespace virga::table
