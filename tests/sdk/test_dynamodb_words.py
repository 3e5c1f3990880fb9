"""More of what DynamoDB says of wrong requests, word for word: bodies it cannot read, enumerations, batches and transactions, index keys, the
control plane, PartiQL."""
import json

import pytest

from test_dynamodb import create, refused
from test_dynamodb_acceptance import n, s
from test_dynamodb_wire import call

INVALID = "One or more parameter values were invalid: "
ONE = "1 validation error detected: "
HASH, RANGE = (lambda name: {"AttributeName": name, "KeyType": "HASH"}), (lambda name: {"AttributeName": name, "KeyType": "RANGE"})
KEY = {"TableName": "table", "Key": {"pk": s("a")}}


def defined(**types):
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def index(name, *keys):
    return {"IndexName": name, "KeySchema": list(keys), "Projection": {"ProjectionType": "ALL"}}


@pytest.fixture
def db(aws):
    client = aws("dynamodb", parameter_validation=False)
    create(client)
    return client


def check(client, rows, code="ValidationException"):
    for operation, parameters, text in rows:
        error = refused(getattr(client, operation), **parameters)["Error"]
        assert (error["Code"], error["Message"]) == (code, text), (operation, parameters)


@pytest.mark.parametrize("body, text", [
    (b"{", None), (b"", None),
    (b'{"TableName": 1}', "NUMBER_VALUE cannot be converted to String"), (b'{"TableName": 1.5}', "DECIMAL_VALUE cannot be converted to String"),
    (b'{"TableName": true}', "TRUE_VALUE cannot be converted to String"), (b'{"TableName": false}', "FALSE_VALUE cannot be converted to String"),
    (b'{"Item": {"pk": {"N": 1}}}', "NUMBER_VALUE cannot be converted to String"), (b'{"Item": {"pk": {"BOOL": "x"}}}', "STRING_VALUE cannot be converted to Boolean"),
    (b'{"TableName": {}}', "Start of structure or map found where not expected"), (b'{"Item": {"pk": {"L": {}}}}', "Start of structure or map found where not expected"),
    (b'{"Item": "x"}', "Unexpected field type"), (b'{"Item": {"pk": {"SS": "x"}}}', "Unexpected field type"),
    (b'{"Item": {"pk": {"B": 1}}}', "only base-64-encoded strings are convertible to bytes"),
    (b'{"Item": {"pk": {"B": "abc"}}}', "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
    (b'{"Item": {"pk": {"B": "YR=="}}}', "Invalid last non-pad Base64 character dectected"),
    (b"[" * 200_000, None),
], ids=lambda value: None if value is None else str(value)[:40])
def test_bodies_that_are_not_read(virga, account, body, text):
    status, _, data = call(virga, account, "PutItem", body)
    message = {} if text is None else {"Message": text}
    assert (status, json.loads(data)) == (400, {"__type": "com.amazon.coral.service#SerializationException", **message})


def test_unknown_members_are_ignored(virga, account, db):
    assert call(virga, account, "PutItem", {"TableName": "table", "Item": {"pk": s("a")}, "Unknown": {"x": [1]}})[0] == 200
    assert db.scan(TableName="table")["Items"] == [{"pk": s("a")}]


def enum(value, member, values):
    return f"{ONE}Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [{values}]"


def test_enumerations_are_listed_in_their_order(db):
    new = dict(TableName="new", KeySchema=[HASH("pk")], AttributeDefinitions=defined(pk="S"), BillingMode="PAY_PER_REQUEST")
    item = {"TableName": "table", "Item": {"pk": s("a")}}
    returns = "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW"
    comparisons = "IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS"
    check(db, [
        ("put_item", {**item, "ReturnValues": "X"}, enum("X", "returnValues", returns)),
        ("update_item", {**KEY, "ReturnValues": "X"}, enum("X", "returnValues", returns)),
        ("put_item", {**item, "ReturnItemCollectionMetrics": "X"}, enum("X", "returnItemCollectionMetrics", "SIZE, NONE")),
        ("get_item", {**KEY, "ReturnConsumedCapacity": "X"}, enum("X", "returnConsumedCapacity", "INDEXES, TOTAL, NONE")),
        ("scan", {"TableName": "table", "Select": "X"}, enum("X", "select", "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES")),
        ("scan", {"TableName": "table", "ConditionalOperator": "X"}, enum("X", "conditionalOperator", "OR, AND")),
        ("scan", {"TableName": "table", "ScanFilter": {"a": {"ComparisonOperator": "X"}}}, enum("X", "scanFilter.a.member.comparisonOperator", comparisons)),
        ("create_table", {**new, "KeySchema": [{"AttributeName": "pk", "KeyType": "X"}]}, enum("X", "keySchema.1.member.keyType", "HASH, RANGE")),
        ("create_table", {**new, "AttributeDefinitions": defined(pk="X")}, enum("X", "attributeDefinitions.1.member.attributeType", "B, N, S")),
        ("create_table", {**new, "BillingMode": "X"}, enum("X", "billingMode", "PROVISIONED, PAY_PER_REQUEST")),
    ])
    # At most ten faults are told.
    many = refused(db.create_table, **{**new, "BillingMode": "X", "KeySchema": [{"AttributeName": "", "KeyType": "X"}], "AttributeDefinitions": defined(**{"": "X"}) * 6})
    assert many["Error"]["Message"].startswith("10 validation errors detected: ") and many["Error"]["Message"].count("failed to satisfy constraint") == 10


def test_batches_and_transactions(db):
    puts = lambda count: [{"PutRequest": {"Item": {"pk": s(str(i))}}} for i in range(count)]
    between = "[Member must have length less than or equal to 25, Member must have length greater than or equal to 1]"
    many = refused(db.batch_write_item, RequestItems={"table": puts(26)})["Error"]["Message"]
    assert many.startswith(ONE + "Value '{table=[WriteRequest(") and many.endswith(f")]}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: {between}")
    assert refused(db.batch_write_item, RequestItems={"table": puts(13), "other": puts(13)})["Error"]["Message"] == "Too many items requested for the BatchWriteItem call"
    for operation, member in [(db.transact_write_items, {"Delete": KEY}), (db.transact_get_items, {"Get": KEY})]:
        long = refused(operation, TransactItems=[{kind: {**KEY, "Key": {"pk": s(str(i))}} for kind in member} for i in range(101)])["Error"]["Message"]
        assert long.startswith(ONE + "Value '[") and long.endswith("]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100")
    none = ONE + "Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1"
    put = {"Put": {"TableName": "table", "Item": {"pk": s("b")}}}
    check(db, [
        ("transact_write_items", {"TransactItems": []}, none), ("transact_get_items", {"TransactItems": []}, none),
        ("transact_write_items", {"TransactItems": [{**put, "Delete": KEY}]}, "TransactItems can only contain one of Check, Put, Update or Delete"),
        ("transact_get_items", {"TransactItems": [{"Get": KEY}] * 2}, "Transaction request cannot include multiple operations on one item"),
    ])
    # Keys of a wrong type are found out where the actions are done.
    mismatch = "The provided key element does not match the schema"
    wrong = {"TableName": "table", "Key": {"pk": n(1)}}
    for action, text in [({"Put": {"TableName": "table", "Item": {"pk": n(1)}}}, INVALID + "Type mismatch for key pk expected: S actual: N"), ({"Delete": wrong}, mismatch),
                         ({"Update": {**wrong, "UpdateExpression": "REMOVE a"}}, mismatch), ({"ConditionCheck": {**wrong, "ConditionExpression": "attribute_exists(a)"}}, mismatch)]:
        answer = refused(db.transact_write_items, TransactItems=[put, action])
        assert answer["CancellationReasons"] == [{"Code": "None"}, {"Code": "ValidationError", "Message": text}]
    assert refused(db.transact_get_items, TransactItems=[{"Get": wrong}])["CancellationReasons"] == [{"Code": "ValidationError", "Message": mismatch}]
    assert db.scan(TableName="table")["Count"] == 0


def test_sort_keys_and_start_keys(aws):
    db = aws("dynamodb")
    parts = ["a", "b", "c"]
    db.create_table(TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[HASH("pk"), RANGE("sk")], AttributeDefinitions=defined(pk="S", sk="S", a="S", b="S", c="S"),
                    GlobalSecondaryIndexes=[index("wide", HASH("a"), RANGE("b"), RANGE("c"))])
    too_long = INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
    key = {"TableName": "table", "Key": {"pk": s("a"), "sk": s("x" * 1025)}}
    given = lambda names: {"ExpressionAttributeValues": {f":{name}": s("x") for name in names}}
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    check(db, [
        ("put_item", {"TableName": "table", "Item": key["Key"]}, too_long), ("get_item", key, too_long), ("delete_item", key, too_long), ("update_item", key, too_long),
        ("put_item", {"TableName": "table", "Item": {"pk": s("a"), "sk": s("a"), "b": s("x" * 1025)}}, too_long),
        ("query", {**query, "ExclusiveStartKey": {"pk": s("b"), "sk": s("a")}}, "The provided starting key is outside query boundaries based on provided conditions"),
        ("query", {"TableName": "table", "IndexName": "wide", "KeyConditionExpression": "a = :a AND c = :c", **given("ac")},
         "RANGE key attributes b must have equality conditions specified in the query because a condition is present on key attribute c"),
        ("query", {"TableName": "table", "IndexName": "wide", "KeyConditionExpression": "a = :a AND b > :b AND c = :c", **given(parts)},
         "RANGE key attributes b must have equality conditions specified in the query because a condition is present on key attribute c"),
    ])
    answers = []
    for segment in range(4):
        start = {"Segment": segment, "TotalSegments": 4, "ExclusiveStartKey": {"pk": s("a"), "sk": s("a")}}
        try:
            answers.append(db.scan(TableName="table", **start)["Count"])
        except db.exceptions.ClientError as e:
            assert e.response["Error"]["Message"] == ("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
                                                      f"TotalSegments: 4 Segment: {segment}")
    assert answers == [0]  # the key is in one of the four


def test_the_control_plane(db):
    new = dict(TableName="new", KeySchema=[HASH("pk")], AttributeDefinitions=defined(pk="S", x="S"), BillingMode="PAY_PER_REQUEST")
    ttl = lambda enabled, name="due": {"TableName": "table", "TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": name}}
    check(db, [("create_table", {**new, "GlobalSecondaryIndexes": [index("gsi", HASH("x"))] * 2}, INVALID + "Duplicate index name: gsi"),
               ("create_table", {**new, "LocalSecondaryIndexes": []}, INVALID + "List of LocalSecondaryIndexes is empty"),
               ("update_time_to_live", ttl(False), "TimeToLive is already disabled")])
    db.update_time_to_live(**ttl(True))
    check(db, [("update_time_to_live", ttl(True), "TimeToLive is already enabled"),
               ("update_time_to_live", ttl(True, "other"), "TimeToLive is active on a different AttributeName: current AttributeName is due")])
    check(db, [("create_table", {**new, "TableName": "table", "AttributeDefinitions": defined(pk="S")}, "Table already exists: table")], "ResourceInUseException")
    missing = "Requested resource not found: Table: none not found"
    check(db, [("describe_table", {"TableName": "none"}, missing), ("delete_table", {"TableName": "none"}, missing), ("describe_time_to_live", {"TableName": "none"}, missing),
               ("update_table", {"TableName": "none", "BillingMode": "PAY_PER_REQUEST"}, missing)], "ResourceNotFoundException")
    arn = db.describe_table(TableName="table")["Table"]["TableArn"]
    check(db, [("get_resource_policy", {"ResourceArn": arn}, f"Resource-based policy not found for the provided ResourceArn: {arn}")], "PolicyNotFoundException")
    db.update_table(TableName="table", DeletionProtectionEnabled=True)
    check(db, [("delete_table", {"TableName": "table"}, "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")])
    assert db.list_tables()["TableNames"] == ["table"]


def test_statements(aws):
    db = aws("dynamodb")
    create(db, indexes=True)
    db.update_table(TableName="table", AttributeDefinitions=defined(x="S"), GlobalSecondaryIndexUpdates=[
        {"Create": {"IndexName": "by-x", "KeySchema": [HASH("x")], "Projection": {"ProjectionType": "KEYS_ONLY"}}}])
    run = lambda text, **more: ("execute_statement", {"Statement": text, **more})
    over = "Number overflow. Attempting to store a number with magnitude larger than supported range under root"
    rows = [
        (*run("SELECT * FROM \"table\" AS t WHERE t.pk = 'a'"), "Aliasing is not supported"),
        (*run("SELECT * FROM \"table\" t"), "Aliasing is not supported"),
        (*run("INSERT INTO \"table\" VALUE {'pk': 'a'} more"), "Statement wasn't well formed, can't be processed: Unexpected token after expression"),
        (*run("SELECT * FROM \"table\".\"by-x\" WHERE x = 'a'", ConsistentRead=True), "Strongly consistent read is not supported on Global Secondary Indexes"),
        (*run("SELECT v, w FROM \"table\".\"by-x\" WHERE x = 'a'"), INVALID + "Global secondary index by-x does not project [v, w]"),
        (*run("DELETE FROM \"table\" WHERE pk = 'a' RETURNING MODIFIED OLD *"),
         "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements."),
        (*run("INSERT INTO \"table\" VALUE {'pk': 'a', 'v': <<>>}"), "Empty bags are not supported"),
        (*run("SELECT * FROM \"table\" WHERE f(v) = 1"), "Unrecognized function: f at 1:29:1"),
        (*run("SELECT * FROM \"table\" WHERE v = 1e126"), over),
        (*run("UPDATE \"table\" SET v = [1, 1e126] WHERE pk = 'a'"), over + "[1]"),
        (*run("INSERT INTO \"table\" VALUE {'pk': 'a', 'v': {'x': [0, 1e126]}}"), over + ".x[1]"),
        (*run("DELETE FROM \"table\" WHERE v = 1"), "Where clause does not contain a mandatory equality on all key attributes"),
        (*run("SELECT * FROM \"table\".\"none\" WHERE x = 'a'"), "The table does not have the specified index"),
    ]
    check(db, rows)
    assert refused(db.execute_statement, Statement="SELECT * FROM \"table\" # all")["Error"]["Message"].startswith("Statement wasn't well formed, can't be processed: ")
    assert "less than or equal to 8192" in refused(db.execute_statement, Statement="SELECT * FROM \"table\"".ljust(8193))["Error"]["Message"]
    db.execute_statement(Statement="SELECT * FROM \"table\"".ljust(8192))
    assert db.scan(TableName="table")["Count"] == 0
