"""Transactions: limits, reasons, and what many clients at once see of them."""
import concurrent.futures

from conftest import make_client
from test_dynamodb import pages, refused
from test_dynamodb_acceptance import db, get, message, n, put, s  # noqa: F401 (db is a fixture)


def test_limits_of_transactions(db):
    one = {"TableName": "table", "Key": {"pk": s("a")}}
    twice = [{"Delete": one}, {"ConditionCheck": {**one, "ConditionExpression": "attribute_not_exists(pk)"}}]
    assert message(db.transact_write_items, TransactItems=twice) == "Transaction request cannot include multiple operations on one item"
    deletes = [{"Delete": {"TableName": "table", "Key": {"pk": s(str(i))}}} for i in range(101)]
    db.transact_write_items(TransactItems=deletes[:100])
    assert "less than or equal to 100" in message(db.transact_write_items, TransactItems=deletes)
    doubled = [{"Put": {"TableName": "table", "Item": {"pk": s("b")}, "ConditionExpression": "((attribute_not_exists(pk)))"}}]
    assert "redundant parentheses" in message(db.transact_write_items, TransactItems=doubled)


def test_a_transaction_reads_and_writes_4_megabytes_and_deletes_any_amount(db):
    large = [{"pk": s(str(i)), "v": s("x" * 390_000)} for i in range(13)]
    too_large = "Transaction payload size cannot exceed 4MB. Payload Size: 5070"
    assert message(db.transact_write_items, TransactItems=[{"Put": {"TableName": "table", "Item": i}} for i in large]).startswith(too_large)
    values = {":v": s("x" * 390_000)}
    updates = [{"Update": {"TableName": "table", "Key": {"pk": i["pk"]}, "UpdateExpression": "SET v = :v", "ExpressionAttributeValues": values}} for i in large]
    assert message(db.transact_write_items, TransactItems=updates).startswith(too_large)
    assert db.scan(TableName="table")["Count"] == 0
    for half in (updates[:7], updates[7:]):
        db.transact_write_items(TransactItems=half)
    assert len(pages(db.scan, TableName="table")) == 13
    gets = [{"Get": {"TableName": "table", "Key": {"pk": i["pk"]}}} for i in large]
    selects = [{"Statement": f"SELECT * FROM \"table\" WHERE pk = '{i}'"} for i in range(13)]
    for call, parameter, members in [(db.transact_get_items, "TransactItems", gets), (db.execute_transaction, "TransactStatements", selects)]:
        assert len(call(**{parameter: members[:10]})["Responses"]) == 10
        assert message(call, **{parameter: members}) == "The aggregate size of the items in the transaction exceeded 4 MB"
    db.transact_write_items(TransactItems=[{"Delete": {"TableName": "table", "Key": {"pk": i["pk"]}}} for i in large])
    assert db.scan(TableName="table")["Count"] == 0


def test_every_reason_stands_at_the_place_of_its_action(db):
    put(db, v=n(1))
    actions = [
        {"Put": {"TableName": "table", "Item": {"pk": s("new")}}},
        {"ConditionCheck": {"TableName": "table", "Key": {"pk": s("a")}, "ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": n(2)},
                            "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
        {"Delete": {"TableName": "table", "Key": {"pk": s("b")}, "ConditionExpression": "attribute_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
        {"Update": {"TableName": "table", "Key": {"pk": s("c")}, "UpdateExpression": "SET v = w"}},
        {"Update": {"TableName": "table", "Key": {"pk": s("d")}, "UpdateExpression": "SET v = w"}},  # only the first of such faults is told
    ]
    answer = refused(db.transact_write_items, TransactItems=actions)
    failed = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
    invalid = {"Code": "ValidationError", "Message": "The provided expression refers to an attribute that does not exist in the item"}
    assert answer["CancellationReasons"] == [{"Code": "None"}, {**failed, "Item": {"pk": s("a"), "v": n(1)}}, failed, invalid, {"Code": "None"}]
    codes = "None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError, None"
    assert answer["Error"]["Message"] == f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    assert get(db, "new") is None


def test_50_clients_count_exactly(virga, account, db):
    """Every way to add one, all at once, on one item: nothing is lost, nothing counted twice."""
    key = {"TableName": "table", "Key": {"pk": s("a")}}
    add = {**key, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": n(1)}}

    def client(number):
        own = make_client("dynamodb", virga.endpoint, account)
        for _ in range(4):
            own.update_item(**add)
            own.transact_write_items(TransactItems=[{"Update": add}, {"Update": {**add, "Key": {"pk": s(f"own {number}")}}}])
            while number % 10 == 0:  # a few read, then write if nobody else did
                seen = own.get_item(**key, ConsistentRead=True)["Item"]["n"]
                try:
                    own.put_item(TableName="table", Item={"pk": s("a"), "n": n(int(seen["N"]) + 1)}, ConditionExpression="n = :old", ExpressionAttributeValues={":old": seen})
                    break
                except own.exceptions.ConditionalCheckFailedException:
                    pass

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        list(pool.map(client, range(50)))
    assert get(db)["n"] == n(50 * 4 * 2 + 5 * 4)
    assert all(i["n"] == n(4) for i in pages(db.scan, TableName="table") if i["pk"]["S"].startswith("own"))


def test_a_transaction_reads_a_snapshot_while_another_transfers(virga, account, db):
    for name in "ab":
        db.put_item(TableName="table", Item={"pk": s(name), "n": n(1000)})
    move = lambda name, by: {"Update": {"TableName": "table", "Key": {"pk": s(name)}, "UpdateExpression": "ADD n :by", "ExpressionAttributeValues": {":by": n(by)}}}
    gets = [{"Get": {"TableName": "table", "Key": {"pk": s(name)}}} for name in "ab"]

    def transfer(amount):
        own = make_client("dynamodb", virga.endpoint, account)
        for _ in range(40):
            own.transact_write_items(TransactItems=[move("a", -amount), move("b", amount)])

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(transfer, amount) for amount in (1, 7)]
        sums = []
        while not all(w.done() for w in writers) or len(sums) < 20:
            sums.append(sum(int(r["Item"]["n"]["N"]) for r in db.transact_get_items(TransactItems=gets)["Responses"]))
    [w.result() for w in writers]
    assert set(sums) == {2000}
    assert get(db, "b")["n"] == n(1000 + 40 * 8)
