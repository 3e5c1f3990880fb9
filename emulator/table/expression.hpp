// Expressions, compiled: what a condition, filter, key condition, update or projection text says, placeholders unresolved.
//
// Grammar (keywords in any case, function names exact):
//   or    := and (OR and)*         and := not (AND not)*        not := NOT not | prim
//   prim  := '(' or ')' | op CMP op | op BETWEEN op AND op | op IN '(' op (',' op)* ')' | function
//   op    := path | :value | size(op) | '(' op ')'              CMP := = | <> | < | <= | > | >=
//   path  := element ('.' element | '[' number ']')*            element := name | #name
//   update:= (SET path '=' sum, ... | REMOVE path, ... | ADD path :value, ... | DELETE path :value, ...)+
//   sum   := uop | uop ('+' | '-') uop                          uop := path | :value | if_not_exists(path, uop) | list_append(uop, uop) | '(' sum ')'
//   projection := path (',' path)*
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace virga::table {

enum class ExpressionKind : std::uint8_t { condition, filter, key_condition, update, projection };
// "ConditionExpression", ...
std::string_view kind_name(ExpressionKind kind);

// One step of a document path: a literal name, the n-th #placeholder of the expression, or a list index.
struct PathElement {
    enum class Kind : std::uint8_t { name, placeholder, index };
    Kind kind;
    std::string name;
    std::size_t number = 0;
};
using Path = std::vector<PathElement>;

enum class Op : std::uint8_t {
    path, value, function,                             // operands
    eq, ne, lt, le, gt, ge, between, in, and_, or_, not_,
    plus, minus,
};
enum class Function : std::uint8_t { attribute_exists, attribute_not_exists, attribute_type, begins_with, contains, size, if_not_exists, list_append };
std::string_view function_name(Function f);
// As errors name it: "=", "BETWEEN", "AND", "+".
std::string_view op_name(Op op);

struct Node {
    Op op = Op::path;
    Function function{};
    std::size_t ref = 0;  // path: into Expression::paths; value: into Expression::values
    std::vector<Node> args;
};

struct UpdateAction {
    enum class Kind : std::uint8_t { set, remove, add, delete_ };
    Kind kind;
    std::size_t path;  // into Expression::paths
    Node value;        // set: any update operand; add, delete: a value
};

struct Expression {
    ExpressionKind kind;
    std::vector<std::string> names;   // the #placeholders, in order of first use, each once
    std::vector<std::string> values;  // the :placeholders, likewise
    std::vector<Path> paths;          // in text order
    Node root;                        // condition, filter, key condition
    std::vector<UpdateAction> actions;
    std::string repeated_section;     // "SET" when a section of an update came twice: reported after the other checks
    std::vector<std::size_t> target_paths;  // update: paths written; projection: all
    bool of_statement = false;              // part of a PartiQL statement: errors do not name an expression
};

// Compiles one text. Throws ValidationException with the service's text ("Invalid FilterExpression: Syntax error; ..."). Of one that is
// too long, `tell_length` says how long it is: Scan and transactions do, save of update expressions; the other operations do not (observed).
std::shared_ptr<const Expression> compile_expression(ExpressionKind kind, std::string_view text, bool tell_length = false);

// Compiled expressions by their text. Bounded: emptied when full. Thread-safe.
class ExpressionCache {
public:
    // Throws like compile_expression().
    std::shared_ptr<const Expression> get(ExpressionKind kind, std::string_view text, bool tell_length = false);

private:
    static constexpr std::size_t capacity = 2048;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<const Expression>, Hash, std::equal_to<>> by_text_[5];
};

}  // namespace virga::table
