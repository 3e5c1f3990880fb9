#include "emulator/table/expression.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"
#include "emulator/table/binding.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/number.hpp"
#include "emulator/table/projection.hpp"
#include "emulator/table/update.hpp"

using namespace virga;
using namespace virga::table;

namespace {

std::string s(std::string_view text) {
    std::string out;
    append_scalar(out, Type::s, text);
    return out;
}
std::string n(std::string_view text) {
    std::string number, out;
    append_number(number, text);
    append_scalar(out, Type::n, number);
    return out;
}
// A list, a set of strings or the members of an item, from parts given in order.
std::string list(const std::vector<std::string>& values) {
    std::string out = "L";
    append_varint(out, values.size());
    for (auto& v : values) out += v;
    prefix_length(out, 1);
    return out;
}
std::string string_set(const std::vector<std::string>& members) {
    std::string out = "s";
    append_varint(out, members.size());
    for (auto& m : members) append_varint(out, m.size()), out += m;
    prefix_length(out, 1);
    return out;
}
std::string item(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out;
    append_varint(out, members.size());
    for (auto& [name, value] : members) append_varint(out, name.size()), out += name + value;
    return out;
}
std::string map(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out = "M" + item(members);
    prefix_length(out, 1);
    return out;
}

Substitutions substitutions() {
    Substitutions given;
    given.add_name("#s", "status");
    given.add_name("#0", "a.b");
    for (auto [key, value] : std::initializer_list<std::pair<const char*, std::string>>{
             {":a", s("a")}, {":b", s("b")}, {":one", n("1")}, {":two", n("2")}, {":l", list({s("x")})}, {":ss", string_set({"x", "y"})}, {":empty", s("")}})
        given.add_value(key, value);
    return given;
}

std::string error(ExpressionKind kind, std::string_view text) {
    try {
        auto given = substitutions();
        bind(compile_expression(kind, text), given);
    } catch (const ApiError& e) {
        return e.message;
    }
    return "";
}
std::string condition_error(std::string_view text) {
    std::string message = error(ExpressionKind::condition, text);
    return message.starts_with("Invalid ConditionExpression: ") ? message.substr(29) : message;
}
std::string update_error(std::string_view text) {
    std::string message = error(ExpressionKind::update, text);
    return message.starts_with("Invalid UpdateExpression: ") ? message.substr(26) : message;
}

const std::string sample = item({{"a", n("1")},
                                 {"l", list({s("p"), s("q"), s("r")})},
                                 {"m", map({{"x", s("deep")}, {"y", n("7")}})},
                                 {"s", s("abc")},
                                 {"ss", string_set({"x", "y", "z"})}});

bool holds(std::string_view text) {
    auto given = substitutions();
    Bound bound = bind(compile_expression(ExpressionKind::condition, text), given);
    return evaluate(bound, ItemView(sample));
}
std::string updated(std::string_view text, const std::string& before = sample) {
    auto given = substitutions();
    Bound bound = bind(compile_expression(ExpressionKind::update, text), given);
    return apply_update(bound, ItemView(before));
}
std::string update_failure(std::string_view text) {
    try {
        updated(text);
    } catch (const ApiError& e) {
        return e.message;
    }
    return "";
}

}  // namespace

TEST_CASE("syntax errors name the token and quote its neighbours") {
    CHECK(update_error("INVALID SYNTAX HERE") == "Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\"");
    CHECK(condition_error("a = ") == "Syntax error; token: \"<EOF>\", near: \"=\"");
    CHECK(condition_error("a AND b = :a") == "Syntax error; token: \"AND\", near: \"a AND b\"");
    CHECK(error(ExpressionKind::projection, "!!!") == "Invalid ProjectionExpression: Syntax error; token: \"!\", near: \"!!\"");
    CHECK(condition_error("") == "The expression can not be empty;");
    CHECK(condition_error("a == :a") == "Syntax error; token: \"=\", near: \"== :a\"");
    CHECK(condition_error("_a = :a").starts_with("Syntax error; token: \"_\""));
}

TEST_CASE("faults of well-formed text come in the service's order") {
    CHECK(condition_error("((a = :a))") == "The expression has redundant parentheses;");
    CHECK(condition_error("((a = :a) AND b = :b)") == "");
    CHECK(condition_error("foo(a)") == "Invalid function name; function: foo");
    CHECK(condition_error("size(a)") == "The function is not allowed to be used this way in an expression; function: size");
    CHECK(condition_error("attribute_exists(a) = :a") == "The function is not allowed to be used this way in an expression; function: attribute_exists");
    CHECK(condition_error("status = :a") == "Attribute name is a reserved keyword; reserved keyword: status");
    CHECK(condition_error("a.Year = :a") == "Attribute name is a reserved keyword; reserved keyword: Year");
    CHECK(condition_error("status = :a AND foo(b)") == "Invalid function name; function: foo");
    CHECK(condition_error("#x = :a") == "An expression attribute name used in the document path is not defined; attribute name: #x");
    CHECK(condition_error("a = :zz") == "An expression attribute value used in expression is not defined; attribute value: :zz");
    CHECK(condition_error("size(a, b) = :one") == "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2");
    CHECK(condition_error("begins_with(a, :one)") == "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
    CHECK(condition_error("attribute_exists(:a)") == "Operator or function requires a document path; operator or function: attribute_exists");
    CHECK(condition_error("contains(a, a)") ==
          "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a]");
    CHECK(condition_error("attribute_type(a, :a)") == "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
    CHECK(condition_error("a BETWEEN :b AND :a") ==
          "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound "
          "operand: AttributeValue: {S:a}");
    CHECK(condition_error("a < :l") == "Incorrect operand type for operator or function; operator or function: <, operand type: L");
    CHECK(condition_error("#0 = :a AND #s = :b") == "");
}

TEST_CASE("limits of expressions") {
    CHECK(condition_error("a = :a" + std::string(4090, ' ')) == "");
    CHECK(condition_error("a = :a" + std::string(4091, ' ')) == "Expression size has exceeded the maximum allowed size;");
    std::string many = "a=:a";
    for (int i = 0; i < 149; ++i) many += " OR a=:a";
    CHECK(condition_error(many) == "");
    CHECK(condition_error(many + " OR a=:a") == "The expression contains too many operators; operator count: 301");
    std::string path = "a";
    for (int i = 0; i < 31; ++i) path += ".a";
    CHECK(condition_error(path + " = :a") == "");
    CHECK(condition_error(path + ".a = :a") == "The document path has too many nesting levels; nesting levels: 33");
    CHECK(condition_error("a[99999999999999] = :a") == "List index is not within the allowable range; index: [99999999999999]");
    CHECK(condition_error(std::string(4000, '(') + "a") != "");
}

TEST_CASE("update expressions are checked as a whole") {
    CHECK(update_error("SET a = :a SET b = :b") == "The \"SET\" section can only be used once in an update expression;");
    CHECK(update_error("SET a = :a REMOVE a.b") == "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]");
    CHECK(update_error("SET a.b = :a, a[1] = :b") ==
          "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]");
    CHECK(update_error("ADD a :a") == "Incorrect operand type for operator or function; operator: ADD, operand type: STRING");
    CHECK(update_error("DELETE a :one") == "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER");
    CHECK(update_error("SET a = :a + :one") == "Incorrect operand type for operator or function; operator or function: +, operand type: S");
    CHECK(update_error("SET a = :one + :one + :one").starts_with("Syntax error; token: \"+\""));
    CHECK(update_error("SET a = if_not_exists(:a, :b)") == "Operator or function requires a document path; operator or function: if_not_exists");
}

TEST_CASE("NOT binds tighter than AND, AND tighter than OR") {
    CHECK(holds("a = :one OR a = :two AND s = :a"));
    CHECK(!holds("(a = :one OR a = :two) AND s = :a"));
    CHECK(holds("NOT a = :two AND a = :one"));
    CHECK(holds("NOT (a = :two AND a = :one)"));
    CHECK(holds("a IN (:two, :one) and NOT s IN (:a)"));
}

TEST_CASE("missing attributes and other types") {
    CHECK(!holds("zz = :a"));
    CHECK(holds("zz <> :a"));
    CHECK(holds("zz <> yy"));
    CHECK(!holds("zz < :a"));
    CHECK(!holds("zz BETWEEN :a AND :b"));
    CHECK(holds("a <> :a"));
    CHECK(!holds("a < :a"));
    CHECK(!holds("begins_with(a, :a)"));
    CHECK(!holds("size(a) = :one"));
    CHECK(!holds("size(a) <> :one"));
}

TEST_CASE("functions of conditions") {
    CHECK(holds("begins_with(s, :a)"));
    CHECK(holds("contains(s, :b)"));
    CHECK(holds("contains(l, :empty) OR size(l) > :two"));
    CHECK(!holds("contains(ss, :ss)"));
    CHECK(holds("attribute_exists(m.x) AND attribute_not_exists(m.z) AND attribute_not_exists(l[3])"));
    CHECK(holds("size(ss) > size(m)"));
}

TEST_CASE("projections keep places and order") {
    auto project_text = [](std::string_view text) {
        auto given = substitutions();
        Bound bound = bind(compile_expression(ExpressionKind::projection, text), given);
        return project(bound, ItemView(sample));
    };
    CHECK(project_text("l[2], l[0]") == item({{"l", list({s("p"), s("r")})}}));
    CHECK(project_text("m.y, a") == item({{"a", n("1")}, {"m", map({{"y", n("7")}})}}));
    CHECK(project_text("m.zz, nope, l[9]") == item({}));
}

TEST_CASE("right sides read the item before the update") {
    CHECK(ItemView(updated("SET b = a REMOVE a")).find("b") == ValueView(n("1")));
    CHECK(!ItemView(updated("SET b = a REMOVE a")).find("a"));
    CHECK(update_failure("SET x = :a, y = x") == "The provided expression refers to an attribute that does not exist in the item");
    CHECK(ItemView(updated("SET a = a + :two")).find("a") == ValueView(n("3")));
    CHECK(ItemView(updated("SET c = if_not_exists(c, :one) + :one")).find("c") == ValueView(n("2")));
    CHECK(update_failure("SET s = s + :one") == "An operand in the update expression has an incorrect data type");
    CHECK(update_failure("SET nope.x = :a") == "The document path provided in the update expression is invalid for update");
    CHECK(update_failure("REMOVE nope.x") == "The document path provided in the update expression is invalid for update");
    CHECK(updated("REMOVE m.zz") == sample);
}

TEST_CASE("lists keep their positions until the update is done") {
    CHECK(ItemView(updated("SET l[9] = :a, l[7] = :b")).find("l") == ValueView(list({s("p"), s("q"), s("r"), s("b"), s("a")})));
    CHECK(ItemView(updated("REMOVE l[0] SET l[2] = :a")).find("l") == ValueView(list({s("q"), s("a")})));
    CHECK(ItemView(updated("REMOVE l[0], l[7]")).find("l") == ValueView(list({s("q"), s("r")})));
    CHECK(ItemView(updated("SET l = list_append(:l, l)")).find("l") == ValueView(list({s("x"), s("p"), s("q"), s("r")})));
}

TEST_CASE("ADD and DELETE on sets and numbers") {
    CHECK(ItemView(updated("ADD a :two")).find("a") == ValueView(n("3")));
    CHECK(ItemView(updated("ADD zz :two")).find("zz") == ValueView(n("2")));
    CHECK(ItemView(updated("DELETE ss :ss")).find("ss") == ValueView(string_set({"z"})));
    CHECK(!ItemView(updated("DELETE ss :ss", item({{"ss", string_set({"x"})}}))).find("ss"));
    CHECK(update_failure("ADD s :one") == "An operand in the update expression has an incorrect data type");
    auto given = substitutions();
    CHECK(!creates_item(bind(compile_expression(ExpressionKind::update, "REMOVE a DELETE b :ss"), given)));
    CHECK(creates_item(bind(compile_expression(ExpressionKind::update, "REMOVE a ADD b :ss"), given)));
}
