// PartiQL statements, compiled: what SELECT, INSERT, UPDATE, DELETE and EXISTS say, parameters unresolved.
//
// Grammar (keywords and function names in any case; names bare or "quoted"):
//   statement := SELECT ('*' | path (',' path)*) FROM source [WHERE condition] [ORDER BY name [ASC|DESC] (',' ...)*]
//              | INSERT INTO name VALUE tuple
//              | UPDATE name change+ [WHERE condition] [returning]
//              | FROM name [WHERE condition] change+ [returning]
//              | DELETE FROM name [WHERE condition] [returning]
//              | EXISTS '(' select ')'
//   source    := name ['.' index]             change := SET path '=' sum (',' path '=' sum)* | REMOVE path
//   returning := RETURNING (ALL|MODIFIED) (OLD|NEW) '*'
//   condition := as in expression.hpp, with IN [..], NOT before IN and BETWEEN, IS [NOT] (MISSING | NULL | type)
//   literal   := 'string' | number | true | false | null | ? | [list] | {'name': value} | <<set>>
// A WHERE clause and the changes become Expressions, so that they are checked and evaluated as those of the other operations are.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/table/binding.hpp"
#include "emulator/table/partiql_literal.hpp"

namespace virga::table::partiql {

enum class Returning : std::uint8_t { none, all_old, modified_old, all_new, modified_new };

// An expression with literals as its values: :0 is the first.
struct Part {
    std::shared_ptr<Expression> expression;  // null = the clause is absent
    std::vector<Literal> values;
    explicit operator bool() const { return expression != nullptr; }
};

struct Statement {
    enum class Kind : std::uint8_t { select, insert, update, remove, exists };
    Kind kind = Kind::select;
    std::string table, index;  // index: "" = none
    bool everything = false;   // SELECT *
    Part columns;                            // SELECT: a projection
    std::vector<std::string> column_names;  // how each column is called in the answer
    std::string column_fault;               // of a SELECT from an index: a call among its columns, to be told of once the index is known to be fit
    struct Order {
        std::string name;
        bool descending;
    };
    std::vector<Order> order;
    Part where;
    Part change;
    // Second arguments of set_add and set_delete (indexes into change.values) and the error when one is no set.
    std::vector<std::pair<std::size_t, std::string>> sets;
    Literal item;  // INSERT
    Returning returning = Returning::none;
    std::size_t parameters = 0;  // how many ? there are

    bool reads() const { return kind == Kind::select; }
};

// Compiles one statement. Throws ValidationException in the service's words.
Statement parse(std::string_view statement);

// A statement with its parameters in place.
struct BoundStatement {
    Substitutions where_values, change_values, column_values;  // hold what the Bounds view
    Bound where, change, columns;
    std::string item;  // INSERT: its bytes
};

// Encodes the literals and makes the checks that need values. `parameters` are encoded values. Throws ValidationException.
BoundStatement bind(const Statement& statement, const std::vector<std::string>& parameters);

}  // namespace virga::table::partiql
