#include "emulator/table/partiql.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"
#include "emulator/table/attribute.hpp"
#include "emulator/table/partiql_plan.hpp"

namespace virga::table {

namespace {

using namespace std::string_literals;

std::string refusal(std::string_view statement, const std::vector<std::string>& parameters = {}) {
    try {
        partiql::bind(partiql::parse(statement), parameters);
        return "accepted";
    } catch (const ApiError& e) {
        return e.message;
    }
}

const std::string malformed = "Statement wasn't well formed, can't be processed: ";

Table songs() {
    Table t;
    t.id = 1;
    t.name = "Tab";
    t.hash = {"pk", Type::s};
    t.range = KeyPart{"sk", Type::s};
    return t;
}

struct Planned {
    partiql::Statement statement;
    partiql::BoundStatement bound;
    partiql::ReadPlan plan;
};

Planned plan(std::string_view where) {
    Planned p{partiql::parse("SELECT * FROM Tab WHERE "s + std::string(where)), {}, {}};
    p.bound = partiql::bind(p.statement, {});
    p.plan = partiql::plan_read(songs(), nullptr, p.statement, p.bound.where);
    return p;
}

std::string plan_refusal(std::string_view where) {
    try {
        plan(where);
        return "accepted";
    } catch (const ApiError& e) {
        return e.message;
    }
}

}  // namespace

TEST_CASE("a SELECT says what to read") {
    auto s = partiql::parse("select a, m.x, l[1], m.\"y z\"[0] From \"Tab\".\"ix\" where pk = 'a''b' order by sk desc, pk -- done");
    CHECK(s.table == "Tab");
    CHECK(s.index == "ix");
    CHECK(s.column_names == std::vector<std::string>{"a", "x", "l[1]", "y z[0]"});
    REQUIRE(s.order.size() == 2);
    CHECK(s.order[0].descending);
    CHECK(s.where.values[0].text == "a'b");
}

TEST_CASE("what is no statement is refused with the place where reading stopped") {
    CHECK(refusal("SELECT * FROM Tab WHERE pk = 1 foo") == malformed + "Unexpected token after expression");
    CHECK(refusal("SELECT * FROM Tab WHERE pk = 1 e5") == malformed + "Unexpected token after expression");
    CHECK(refusal("SELECT * FROM Tab WHERE") == malformed + "Unexpected term");
    CHECK(refusal("SELECT * FROM Tab WHERE NOT") == malformed + "Unexpected term");
    CHECK(refusal("SELECT * FROM Tab WHERE (") == malformed + "Unexpected term");
    CHECK(refusal("SELECT * FROM Tab WHERE pk = 'p' AND") == malformed + "Missing right-hand side expression of infix operator");
    CHECK(refusal("SELECT * FROM Tab WHERE ORDER BY pk") == malformed + "Unexpected keyword");
    CHECK(refusal("SELECT * FROM Tab WHERE pk = LIKE") == malformed + "Unexpected operator");
    CHECK(refusal("SELECT * FROM Tab WHERE x IS FOO") == malformed + "Expected type name");
    CHECK(refusal("DELETE FROM;") == malformed + "Expected identifier for simple path");
    CHECK(refusal("UPDATE a-b SET x = 1") == malformed + "Expected data manipulation");
    CHECK(refusal("SLECT * FROM Tab WHERE pk = 'a'") == malformed + "Expected data manipulation");
    for (std::string_view open : {"'a", "\"a", "/* a", "# a", "1e2147483648", "1.5e-2147483647"})
        CHECK(refusal("SELECT * FROM Tab WHERE pk = "s + std::string(open)) == malformed);
}

TEST_CASE("what a statement may not say is refused by name, syntax errors first") {
    CHECK(refusal("SELECT * FROM Tab t WHERE pk = 'x'") == "Aliasing is not supported");
    CHECK(refusal("SELECT * FROM Tab t WHERE pk = 'x' foo") == malformed + "Unexpected token after expression");
    CHECK(refusal("SELECT attribute_exists(a) FROM Tab") == "Unexpected path component at 1:8:16");
    CHECK(refusal("SELECT * FROM Tab WHERE EXISTS(a)") == "Unrecognized function: exists at 1:25:6");
    CHECK(refusal("SELECT a, a FROM Tab") == "Duplicate identifiers in select clause: a");
    CHECK(refusal("SELECT * FROM Tab ORDER BY pk") == "Must have WHERE clause in the statement when using ORDER BY clause.");
    CHECK(refusal("SELECT * FROM a.b.c") == "A path may contain at most 2 components in the FROM clause");
    CHECK(refusal("x IS INT4") == "Unsupported operation: IsType");
    CHECK(refusal("INSERT INTO Tab VALUE {'a': 1, 'a': 2}") == "Duplicate keys in tuple. Key: a under root at 1:32:3");
    CHECK(refusal("INSERT INTO Tab VALUE {'m': {'x': 1e126}}").ends_with(" under root.x"));
    CHECK(refusal("INSERT INTO Tab VALUE {'l': [1, 1e126]}").ends_with(" under root[1]"));
    CHECK(refusal("INSERT INTO Tab VALUE {'s': <<>>}") == "Empty bags are not supported");
    CHECK(refusal("UPDATE Tab SET ss = set_add(ss, 'x') WHERE pk = 'a'") == "The second argument to SET_ADD must be a value with type SET at 1:29:2");
    CHECK(refusal("UPDATE Tab SET t = set_add(ss, <<'x'>>) WHERE pk = 'a'") == "The first argument to SET_ADD must equal the assignment value at 1:20:7");
    CHECK(refusal("DELETE FROM Tab WHERE pk = 'x' RETURNING ALL NEW *") ==
          "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.");
    CHECK(refusal("SELECT * FROM Tab WHERE pk = ?") == "Number of parameters in request and statement don't match.");
}

TEST_CASE("a WHERE clause on the partition key becomes disjoint ranges") {
    CHECK_FALSE(plan("n = 1").plan.keyed);
    CHECK_FALSE(plan("pk = 'a' OR n = 1").plan.keyed);
    CHECK(plan("pk = 'a' AND (n = 1 OR n = 2)").plan.ranges.size() == 1);
    CHECK(plan("pk IN ['b', 'a'] AND sk > '1'").plan.ranges.size() == 2);
    CHECK(plan("pk = 'a' AND sk = '1' AND sk = '2'").plan.ranges.empty());
    auto between = plan("pk = 'a' AND sk >= '1' AND sk < '3'").plan;
    REQUIRE(between.ranges.size() == 1);
    CHECK(between.ranges[0].range.low == "1");
    CHECK(between.ranges[0].range.high == "3");
    CHECK(plan("pk = 'a' AND NOT sk = '1' OR pk = 'a' AND sk = '2'").plan.ranges.size() == 1);
    CHECK(plan_refusal("pk = 'a' AND x = '1' OR pk = 'a' AND sk = '2'") == "Overlapping conditions with range keys are not supported in where clause");
    CHECK(plan_refusal("pk = 1") == "Key attribute's data type should match its data type in table's schema: Key pk");
    CHECK(plan_refusal("pk IN ['a', 'b'] ORDER BY sk") ==
          "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.");
    auto ordered = plan("pk IN ['a', 'b'] AND sk IN ['1', '2'] ORDER BY pk DESC, sk").plan;
    REQUIRE(ordered.ranges.size() == 4);
    CHECK(ordered.ranges[0].hk == "b");
    CHECK(ordered.ranges[0].range.low == "1");
}

TEST_CASE("an AND with both key equalities names an item") {
    auto named = [](std::string_view where) {
        auto s = partiql::parse("DELETE FROM Tab WHERE "s + std::string(where));
        auto bound = partiql::bind(s, {});
        return partiql::named_item(songs(), bound.where);
    };
    CHECK(named("pk = 'a' AND sk = '1'")->nothing_else);
    CHECK_FALSE(named("(pk = 'a' AND n = 1) AND '1' = sk")->nothing_else);
    CHECK_FALSE(named("pk = 'a'"));
    CHECK_FALSE(named("pk = 'a' AND sk = '1' OR n = 1"));
    CHECK_THROWS_AS(named("pk = 'a' AND sk = '1' AND sk = '2'"), ApiError);
}

}  // namespace virga::table
