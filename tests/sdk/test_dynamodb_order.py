"""Which fault of a request with several is told: each row has two or more, and the text of the one that goes first. No row names a table that is
there, unless its text is about one: what can be refused without the table is refused before it is looked for."""
import pytest

from test_dynamodb import create, refused
from test_dynamodb_acceptance import n, s

A = {"TableName": "absent"}
KEY = {**A, "Key": {"pk": s("a")}}
EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
TOO_LARGE = "Item size has exceeded the maximum allowed size"
DEEP = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
WRONG = "a = = b"
CONDITION, UPDATE = "Invalid ConditionExpression: ", "Invalid UpdateExpression: "
SYNTAX = CONDITION + 'Syntax error; token: "=", near: "= = b"'
LARGE = s("x" * 409_600)


@pytest.fixture
def db(aws):
    return aws("dynamodb", parameter_validation=False)


def nested(levels):
    value = s("leaf")
    for _ in range(levels):
        value = {"M": {"n": value}}
    return value


def values(**given):
    return {"ExpressionAttributeValues": {":" + name: value for name, value in given.items()}}


def first(call, parameters):
    error = refused(call, **parameters)["Error"]
    return error["Code"], error["Message"]


def test_stages(db):
    """Types and constraints, then what needs no table, then the table."""
    bad_enum = "1 validation error detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    for call, parameters in [(db.put_item, {**A, "Item": {"pk": {}}}), (db.get_item, {**A, "Key": {"pk": {}}}), (db.delete_item, {**A, "Key": {"pk": {}}}),
                             (db.update_item, {**A, "Key": {"pk": {}}}), (db.query, {**A, "KeyConditionExpression": WRONG}), (db.scan, {**A, "FilterExpression": WRONG})]:
        code, message = first(call, parameters)
        assert code == "ValidationException" and "1 validation error" not in message
        assert first(call, {**parameters, "ReturnConsumedCapacity": "X"}) == ("ValidationException", bad_enum)
        assert first(call, {**parameters, "ReturnConsumedCapacity": 1})[0] == "SerializationException"
    assert first(db.put_item, {**A, "Item": {"pk": s("a")}}) == ("ResourceNotFoundException", "Requested resource not found")


@pytest.mark.parametrize("parameters, text", [
    ({"Expected": {"z": {"Exists": False}}, "ConditionExpression": WRONG},
     "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"),
    ({"Item": {"pk": {}}, "ExpressionAttributeNames": {}}, "ExpressionAttributeNames can only be specified when using expressions"),
    ({"Item": {"pk": {}}, "ReturnValues": "ALL_NEW"}, EMPTY),
    ({"Item": {"pk": s("a"), "v": LARGE}, "ReturnValues": "ALL_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
    ({"Item": {"pk": s("a"), "v": LARGE}, "Expected": {"a": {}}}, TOO_LARGE),
    ({"Item": {"pk": s("a"), "v": LARGE}, "ConditionExpression": WRONG, "ExpressionAttributeNames": {}}, TOO_LARGE),
    ({"ConditionExpression": WRONG, "ExpressionAttributeNames": {}, "ExpressionAttributeValues": {}}, "ExpressionAttributeNames must not be empty"),
    ({"ConditionExpression": WRONG, "ExpressionAttributeNames": {"a": "b"}, "ExpressionAttributeValues": {}}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'),
    ({"ConditionExpression": WRONG, "ExpressionAttributeValues": {"a": s("x"), ":b": {}}}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'),
    ({"ConditionExpression": WRONG, **values(b={})}, EMPTY),
    ({"ConditionExpression": WRONG, **values(b=s("x"))}, SYNTAX),
    ({"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#n": "x"}, **values(b=s("x"))},
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}"),
    ({"ConditionExpression": "attribute_exists(a)", **values(b=s("x"))}, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"),
])
def test_without_a_table(db, parameters, text):
    assert first(db.put_item, {**A, "Item": {"pk": s("a")}, **parameters}) == ("ValidationException", text)


def test_expressions_one_after_the_other(db):
    for call, parameters, kind in [
        (db.update_item, {**KEY, "UpdateExpression": "SET = x", "ConditionExpression": WRONG}, "UpdateExpression"),
        (db.query, {**A, "KeyConditionExpression": WRONG, "FilterExpression": WRONG, "ProjectionExpression": "a,,"}, "KeyConditionExpression"),
        (db.query, {**A, "KeyConditionExpression": "a = :b", "FilterExpression": WRONG, "ProjectionExpression": "a,,", **values(b=s("x"))}, "FilterExpression"),
        (db.scan, {**A, "FilterExpression": WRONG, "ProjectionExpression": "a,,"}, "FilterExpression"),
    ]:
        assert first(call, parameters)[1].startswith(f"Invalid {kind}: Syntax error"), parameters


@pytest.mark.parametrize("condition, text", [
    ("((a = :v)) AND f(", 'Syntax error; token: "<EOF>", near: "("'),
    ("f(a) AND ((a = :v))", "The expression has redundant parentheses;"),
    ("size(a) AND f(a)", "Invalid function name; function: f"),
    ("status = :v AND size(a)", "The function is not allowed to be used this way in an expression; function: size"),
    ("#n = :v AND status = :v", "Attribute name is a reserved keyword; reserved keyword: status"),
    ("#n = :v AND begins_with(a, :v)", "An expression attribute name used in the document path is not defined; attribute name: #n"),
    ("begins_with(a, :v) AND #n = :v", "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
    ("contains(a, a) AND a = :q", "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a]"),
    ("a = :q AND contains(a, a)", "An expression attribute value used in expression is not defined; attribute value: :q"),
    ("size(a, b) = :v AND a = :q", "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"),
])
def test_within_a_condition(db, condition, text):
    assert first(db.put_item, {**A, "Item": {"pk": s("a")}, "ConditionExpression": condition, **values(v=n(1))}) == ("ValidationException", CONDITION + text)


@pytest.mark.parametrize("update, text", [
    ("SET a = :v SET b = :q", "An expression attribute value used in expression is not defined; attribute value: :q"),
    ("SET a = :v, a.b = :v SET c = :v", 'The "SET" section can only be used once in an update expression;'),
    ("SET b.c = :v, b[0] = :v, a = :v, a = :v", "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"),
])
def test_within_an_update(db, update, text):
    assert first(db.update_item, {**KEY, "UpdateExpression": update, **values(v=n(1))}) == ("ValidationException", UPDATE + text)


@pytest.mark.parametrize("condition, given, text", [
    ("pk = :q AND begins_with(sk, :n)", {"n": n(1)}, "An expression attribute value used in expression is not defined; attribute value: :q"),
    ("begins_with(sk, :n) AND pk = :q", {"n": n(1)}, "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
    ("pk = :p AND begins_with(sk, :n) AND sk > :p", {"p": s("a"), "n": n(1)}, "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
])
def test_key_conditions_before_the_table(db, condition, given, text):
    assert first(db.query, {**A, "KeyConditionExpression": condition, **values(**given)}) == ("ValidationException", "Invalid KeyConditionExpression: " + text)


def put(item, **more):
    return {"Put": {**A, "Item": item, **more}}


def delete(key, **more):
    return {"Delete": {**A, "Key": key, **more}}


def check(key, condition="attribute_exists(a)", **more):
    return {"ConditionCheck": {**A, "Key": key, "ConditionExpression": condition, **more}}


def update(expression, **more):
    return {"Update": {**KEY, "UpdateExpression": expression, **more}}


PK = {"pk": s("a")}
UNUSED = "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}"
EMPTY_KEY = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"


@pytest.mark.parametrize("actions, text", [
    ([put(PK), check(PK, WRONG)], SYNTAX),
    ([put({**PK, "d": nested(32)}), check(PK, WRONG)], DEEP),
    ([check(PK, WRONG), put({**PK, "d": nested(32)})], SYNTAX),
    ([put({**PK, "d": nested(40)}), put({**PK, "": s("x")})], DEEP),
    ([put({**PK, "": s("x")}), put({**PK, "d": nested(100)})], "Empty attribute name"),
    ([put({"d": nested(100), "": s("x"), **PK})], "Empty attribute name"),
    ([put({**PK, "d": nested(40), "m": {"M": {"": s("x")}}})], DEEP),
    ([check(PK, "d = :d", **values(d=nested(40))), put({**PK, "": s("x")})], f"ExpressionAttributeValues contains invalid value: {DEEP} for key :d"),
    ([delete({"pk": nested(40)}), put(PK, ConditionExpression=WRONG)], DEEP),
    ([delete({"pk": nested(100)}, ConditionExpression=WRONG)], SYNTAX),
    ([put(PK, ConditionExpression=WRONG), delete({"pk": nested(100)})], SYNTAX),
    ([update("SET a = :v", **values(v=n(1), u=n(2))), check({"pk": nested(100)})], UNUSED),
    ([put(PK), check(PK, **values(u=n(2)))], UNUSED),
    ([delete(PK), delete({"pk": s("")})], EMPTY_KEY),
    ([delete({"pk": {"B": b""}}), put(PK, ConditionExpression=WRONG)], EMPTY_KEY.replace("string", "binary")),
    ([update("SET a = :v", **values(v=n(1)), Key={"pk": s("")})], EMPTY_KEY),
    ([check({"pk": s("")}, WRONG)], SYNTAX),
    ([check({"pk": s("")}), put({**PK, "v": LARGE})], EMPTY_KEY),
    ([put({**PK, "v": LARGE}), check(PK, WRONG)], TOO_LARGE),
    ([put(PK, ConditionExpression=WRONG), put({**PK, "v": LARGE})], SYNTAX),
    ([put({**PK, "v": LARGE}, ConditionExpression="a = :v", **values(v=n(1), u=n(2)))], UNUSED),
])
def test_a_transaction_looks_at_one_action_after_the_other(db, actions, text):
    assert first(db.transact_write_items, {"TransactItems": actions}) == ("ValidationException", text)


def test_tables_of_a_transaction_go_before_items_that_come_twice(db):
    missing = ("ResourceNotFoundException", "Requested resource not found")
    assert first(db.transact_write_items, {"TransactItems": [put(PK), put(PK)]}) == missing
    gets = [{"Get": {**A, "Key": PK}}] * 2
    assert first(db.transact_get_items, {"TransactItems": gets}) == missing
    assert first(db.transact_get_items, {"TransactItems": [*gets, {"Get": {**A, "Key": {"pk": s("")}}}]}) == ("ValidationException", EMPTY_KEY)
    assert first(db.transact_get_items, {"TransactItems": [{"Get": {**A, "Key": {"pk": nested(40)}, "ProjectionExpression": "a,,"}}]})[1].startswith("Invalid ProjectionExpression")


def test_who_tells_how_long_an_expression_is(aws):
    """Scan and transactions do, save of update expressions; all others do not."""
    db = aws("dynamodb")
    create(db)
    long, told = "attribute_exists(a)".ljust(4097), "Expression size has exceeded the maximum allowed size; expression size: 4097"
    silent = "Expression size has exceeded the maximum allowed size;"
    table, item = {"TableName": "table"}, {"TableName": "table", "Key": PK}
    query = {**table, "KeyConditionExpression": "pk = :p", **values(p=s("a"))}
    removal, paths = "REMOVE a".ljust(4097), "a".ljust(4097)
    for call, parameters, text in [
        (db.put_item, {**table, "Item": PK, "ConditionExpression": long}, CONDITION + silent),
        (db.update_item, {**item, "UpdateExpression": removal}, UPDATE + silent),
        (db.delete_item, {**item, "ConditionExpression": long}, CONDITION + silent),
        (db.get_item, {**item, "ProjectionExpression": paths}, "Invalid ProjectionExpression: " + silent),
        (db.batch_get_item, {"RequestItems": {"table": {"Keys": [PK], "ProjectionExpression": paths}}}, "Invalid ProjectionExpression: " + silent),
        (db.query, {**query, "KeyConditionExpression": "pk = :p".ljust(4097)}, "Invalid KeyConditionExpression: " + silent),
        (db.query, {**query, "FilterExpression": long}, "Invalid FilterExpression: " + silent),
        (db.scan, {**table, "FilterExpression": long}, "Invalid FilterExpression: " + told),
        (db.transact_write_items, {"TransactItems": [{"Delete": {**item, "ConditionExpression": long}}]}, CONDITION + told),
        (db.transact_write_items, {"TransactItems": [{"Update": {**item, "UpdateExpression": removal}}]}, UPDATE + silent),
    ]:
        assert first(call, parameters) == ("ValidationException", text), (call, parameters)
    db.scan(**table, FilterExpression=long[:4096])
    db.transact_write_items(TransactItems=[{"ConditionCheck": {**item, "ConditionExpression": "attribute_not_exists(a)".ljust(4096)}}])


def test_a_wrong_name_in_a_batch_and_a_wrong_enumeration(db):
    """Reads tell both, writes only what the other members are held to; without the other fault the name is told."""
    mode = "Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    names = ("failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 3, "
             "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]")
    read = """Value '{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}' at 'requestItems' """ + names
    reads, writes = {"RequestItems": {"bad!name": {"Keys": [PK]}}}, {"RequestItems": {"bad!name": [{"PutRequest": {"Item": PK}}]}}
    assert first(db.batch_get_item, {**reads, "ReturnConsumedCapacity": "X"}) == ("ValidationException", f"2 validation errors detected: {read}; {mode}")
    assert first(db.batch_get_item, reads) == ("ValidationException", f"1 validation error detected: {read}")
    assert first(db.batch_write_item, {**writes, "ReturnConsumedCapacity": "X"}) == ("ValidationException", f"1 validation error detected: {mode}")
    assert first(db.batch_write_item, writes)[1].endswith(f"at 'requestItems' {names}")
    metrics = "Value 'Y' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]"
    both = {"ReturnConsumedCapacity": "X", "ReturnItemCollectionMetrics": "Y"}
    for call, parameters in [(db.batch_write_item, {"RequestItems": {"absent": [{"PutRequest": {"Item": PK}}]}}), (db.transact_write_items, {"TransactItems": [put(PK)]})]:
        assert first(call, {**parameters, **both}) == ("ValidationException", f"2 validation errors detected: {mode}; {metrics}")
