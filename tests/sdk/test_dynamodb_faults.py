"""Conflicts, throttles and unprocessed items do not come by themselves: faults of calls and of single items bring them."""
import pytest

from test_dynamodb import refused
from test_dynamodb_acceptance import db, get, n, put, s  # noqa: F401 (db is a fixture)

ONGOING = "Transaction is ongoing for the item"
THROTTLED = "The level of configured provisioned throughput for the table was exceeded"


@pytest.fixture
def fault(virga, account):
    def strike(operation, code, message, **more):
        virga.post("/_virga/faults", {"account": account, "service": "dynamodb", "operation": operation, "code": code, "status": 400, "message": message, **more})

    return strike


@pytest.mark.parametrize("code, reason", [
    ("TransactionConflictException", "TransactionConflict"), ("ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"), ("ThrottlingException", "ThrottlingError"),
])
def test_one_action_cancels_its_transaction(db, fault, code, reason):
    key = lambda name: {"TableName": "table", "Key": {"pk": s(name)}}
    add = lambda name: {"Update": {**key(name), "UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": n(1)}}}
    statements = [{"Statement": text} for text in ("UPDATE \"table\" SET n = 5 WHERE pk = 'a'", "INSERT INTO \"table\" VALUE {'pk': 'b'}")]
    put(db, n=n(1))
    for operation, call, parameters in [
        ("TransactWriteItem", db.transact_write_items, {"TransactItems": [add("a"), add("b")]}),
        ("TransactWriteItem", db.execute_transaction, {"TransactStatements": statements}),
        ("TransactGetItem", db.transact_get_items, {"TransactItems": [{"Get": key("a")}, {"Get": key("b")}]}),
    ]:
        fault(operation, code, ONGOING, skip=1, count=1)
        answer = refused(call, **parameters)
        assert answer["Error"]["Code"] == "TransactionCanceledException" and answer["Error"]["Message"].endswith(f"[None, {reason}]")
        assert answer["CancellationReasons"] == [{"Code": "None"}, {"Code": reason, "Message": ONGOING}]
        assert get(db)["n"] == n(1) and get(db, "b") is None
    db.transact_write_items(TransactItems=[add("a"), add("b")])
    assert get(db)["n"] == n(2)


def test_a_plain_write_meets_a_transaction_or_is_throttled(db, fault):
    for code, attempts in [("TransactionConflictException", 1), ("ProvisionedThroughputExceededException", 2)]:  # clients try again when they are throttled
        fault("PutItem", code, ONGOING, count=attempts)
        error = refused(db.put_item, TableName="table", Item={"pk": s("a")})["Error"]
        assert (error["Code"], error["Message"]) == (code, ONGOING) and get(db) is None
    put(db)
    assert get(db) == {"pk": s("a")}


def test_a_batch_leaves_items_unprocessed(db, fault):
    fault("BatchWriteRequest", "ProvisionedThroughputExceededException", THROTTLED, skip=1, count=2)
    requests = [{"PutRequest": {"Item": {"pk": s(str(i))}}} for i in range(5)]
    left = db.batch_write_item(RequestItems={"table": requests}, ReturnConsumedCapacity="TOTAL")
    assert left["UnprocessedItems"] == {"table": requests[1:3]} and left["ConsumedCapacity"] == [{"TableName": "table", "CapacityUnits": 3.0}]
    assert sorted(i["pk"]["S"] for i in db.scan(TableName="table")["Items"]) == ["0", "3", "4"]
    assert db.batch_write_item(RequestItems=left["UnprocessedItems"])["UnprocessedItems"] == {}
    fault("BatchGetKey", "ProvisionedThroughputExceededException", THROTTLED, skip=2, count=1)
    asked = {"Keys": [{"pk": s(str(i))} for i in range(5)], "ProjectionExpression": "#p", "ExpressionAttributeNames": {"#p": "pk"}, "ConsistentRead": True}
    page = db.batch_get_item(RequestItems={"table": asked})
    assert page["UnprocessedKeys"] == {"table": {**asked, "Keys": asked["Keys"][2:3]}} and len(page["Responses"]["table"]) == 4
    assert db.batch_get_item(RequestItems=page["UnprocessedKeys"])["Responses"] == {"table": [{"pk": s("2")}]}
