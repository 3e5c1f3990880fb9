"""The parameters before expressions: what each comparison says of every kind of attribute, and what updates do."""
import pytest

from test_dynamodb_acceptance import db, get, message, n, put, s  # noqa: F401 (db is a fixture)

ITEM = {"num": n(5), "text": s("abc"), "raw": {"B": b"abc"}, "words": {"SS": ["a", "b"]}, "list": {"L": [s("a"), n(1)]}, "map": {"M": {"a": n(1)}}, "null": {"NULL": True}}

TRUTH = [  # attribute, comparison, arguments, does it hold?
    ("num", "EQ", [n("5.0")], True), ("num", "EQ", [s("5")], False), ("none", "EQ", [n(5)], False), ("words", "EQ", [{"SS": ["b", "a"]}], True),
    ("list", "EQ", [{"L": [s("a"), n(1)]}], True), ("map", "EQ", [{"M": {"a": n("1.0")}}], True),
    ("num", "NE", [n(5)], False), ("num", "NE", [s("5")], True), ("none", "NE", [n(5)], True),
    ("num", "LT", [n(6)], True), ("num", "LT", [s("6")], False), ("none", "LT", [n(6)], False), ("text", "LE", [s("abc")], True), ("raw", "GT", [{"B": b"abb"}], True),
    ("num", "GE", [n(5)], True), ("num", "GE", [n("5.1")], False),
    ("none", "NULL", [], True), ("null", "NULL", [], False), ("null", "NOT_NULL", [], True), ("none", "NOT_NULL", [], False),
    ("text", "CONTAINS", [s("bc")], True), ("text", "CONTAINS", [n(1)], False), ("words", "CONTAINS", [s("a")], True), ("list", "CONTAINS", [n(1)], True), ("none", "CONTAINS", [s("a")], False),
    ("text", "NOT_CONTAINS", [s("x")], True), ("text", "NOT_CONTAINS", [s("b")], False), ("words", "NOT_CONTAINS", [s("c")], True), ("none", "NOT_CONTAINS", [s("a")], False),
    ("text", "BEGINS_WITH", [s("ab")], True), ("raw", "BEGINS_WITH", [{"B": b"ab"}], True), ("num", "BEGINS_WITH", [s("5")], False), ("none", "BEGINS_WITH", [s("a")], False),
    ("num", "IN", [n(4), n(5)], True), ("num", "IN", [s("5")], False), ("none", "IN", [n(5)], False),
    ("num", "BETWEEN", [n(5), n(6)], True), ("num", "BETWEEN", [n(6), n(7)], False), ("text", "BETWEEN", [n(1), n(9)], False), ("none", "BETWEEN", [n(1), n(9)], False),
]


def test_comparisons(db):
    put(db, **ITEM)
    for attribute, comparison, arguments, holds in TRUTH:
        test = {attribute: {"ComparisonOperator": comparison, **({"AttributeValueList": arguments} if arguments else {})}}
        key = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("a")]}}
        assert (db.scan(TableName="table", ScanFilter=test)["Count"] == 1) is holds, (attribute, comparison, arguments)
        assert (db.query(TableName="table", KeyConditions=key, QueryFilter=test)["Count"] == 1) is holds
        call = lambda: db.put_item(TableName="table", Item={"pk": s("a"), **ITEM}, Expected=test)
        if holds:
            call()
        else:
            with pytest.raises(db.exceptions.ConditionalCheckFailedException):
                call()


def test_conditions_are_joined(db):
    put(db, v=n(1))
    equal = lambda value: {"ComparisonOperator": "EQ", "AttributeValueList": [n(value)]}
    for right, operator, count in [(2, "OR", 1), (2, "AND", 0), (2, None, 0), (1, None, 1)]:
        given = {"ConditionalOperator": operator} if operator else {}
        assert db.scan(TableName="table", ScanFilter={"v": equal(1), "w": {"ComparisonOperator": "NULL"} if right == 1 else equal(right)}, **given)["Count"] == count
    key = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("a")]}}
    assert message(db.query, TableName="table", KeyConditions=key, QueryFilter={"pk": {"ComparisonOperator": "NOT_NULL"}}).endswith("Primary key attribute: pk")


@pytest.mark.parametrize("action, value, before, after", [
    ("PUT", n(2), n(1), n(2)), ("PUT", s(""), None, s("")), ("ADD", n(2), n(1), n(3)), ("ADD", n(2), None, n(2)), ("ADD", {"SS": ["b"]}, {"SS": ["a"]}, {"SS": ["a", "b"]}),
    ("ADD", {"L": [n(2)]}, {"L": [n(1)]}, {"L": [n(1), n(2)]}), ("ADD", {"L": [n(2)]}, None, {"L": [n(2)]}), ("DELETE", None, n(1), None), ("DELETE", {"SS": ["a"]}, {"SS": ["a", "b"]}, {"SS": ["b"]}),
    ("DELETE", {"SS": ["a"]}, {"SS": ["a"]}, None), ("DELETE", {"SS": ["a"]}, None, None),
])
def test_updates(db, action, value, before, after):
    put(db, **({"v": before} if before else {}))
    db.update_item(TableName="table", Key={"pk": s("a")}, AttributeUpdates={"v": {"Action": action, **({"Value": value} if value else {})}})
    assert get(db).get("v") == after
