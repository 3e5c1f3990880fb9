// Values in a PartiQL statement: literals and ? parameters, still unencoded.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace virga::table::partiql {

// A literal as it was parsed. What DynamoDB cannot store is kept too: it is refused when the statement is bound.
struct Literal {
    enum class Kind : std::uint8_t { string, number, boolean, null, parameter, list, bag, tuple, unsupported };
    Kind kind = Kind::null;
    std::string text;           // string, number; of an unsupported one its name in errors
    bool truth = false;         // boolean
    std::size_t parameter = 0;  // which ?, from 0
    std::vector<Literal> elements;  // list, bag, tuple
    std::vector<Literal> names;     // tuple: of its elements
    std::string place;              // of its first token
};

// Appends the value's bytes (attribute.hpp). `path` says in errors where it lies ("root", "root.x", "root[1]"). Parameters are
// encoded values. Throws ValidationException.
void append_literal(std::string& out, const Literal& literal, const std::vector<std::string>& parameters, const std::string& path = "root", int level = 1);

// The item of an INSERT: a tuple's members, each a "root" of its own.
std::string encode_item_literal(const Literal& literal, const std::vector<std::string>& parameters);

}  // namespace virga::table::partiql
