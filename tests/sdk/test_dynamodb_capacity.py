"""What reads and writes cost: one row a rule of the arithmetic."""
import pytest

from test_dynamodb_acceptance import n, s

HASH, RANGE = ({"AttributeName": name, "KeyType": kind} for name, kind in [("pk", "HASH"), ("sk", "RANGE")])
ONLY_KEYS = {"ProjectionType": "KEYS_ONLY"}


@pytest.fixture
def db(aws):
    client = aws("dynamodb")
    client.create_table(
        TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[HASH, RANGE],
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk", "l", "g")],
        LocalSecondaryIndexes=[{"IndexName": "local", "KeySchema": [HASH, {"AttributeName": "l", "KeyType": "RANGE"}], "Projection": ONLY_KEYS}],
        GlobalSecondaryIndexes=[{"IndexName": "global", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["p"]}}],
    )
    return client


def key(sk="1"):
    return {"pk": s("a"), "sk": s(sk)}


def item(sk="1", size=0, **more):
    """Of `size` bytes; without it just the key."""
    filled = {"v": s("x" * (size - len("pkask") - len(sk) - 1))} if size else {}
    return {**key(sk), **filled, **more}


def units(answer):
    """{"TOTAL": all, "Table": .., "local": .., "global": ..} of what was touched."""
    used = answer["ConsumedCapacity"]
    used = used[0] if isinstance(used, list) else used
    parts = {**used.get("LocalSecondaryIndexes", {}), **used.get("GlobalSecondaryIndexes", {})}
    touched = {"TOTAL": used["CapacityUnits"], **({"Table": used["Table"]["CapacityUnits"]} if "Table" in used else {}), **{i: c["CapacityUnits"] for i, c in parts.items()}}
    assert used["TableName"] == "table" and touched["TOTAL"] == sum(v for k, v in touched.items() if k != "TOTAL")
    return {k: v for k, v in touched.items() if k != "TOTAL"}


def test_writes_cost_by_the_larger_image_and_by_index(db):
    ask = {"TableName": "table", "ReturnConsumedCapacity": "INDEXES"}
    change = lambda expression, **values: db.update_item(
        Key=key(), UpdateExpression=expression, **ask, **({"ExpressionAttributeValues": {":" + k: v for k, v in values.items()}} if values else {}))
    for answer, expected in [
        (lambda: db.put_item(Item=item(size=1024), **ask), {"Table": 1}),
        (lambda: db.put_item(Item=item(size=1025), **ask), {"Table": 2}),
        (lambda: db.put_item(Item=item(), **ask), {"Table": 2}),  # what was there is larger
        (lambda: db.put_item(Item=item(l=s("1"), g=s("1")), **ask), {"Table": 1, "local": 1, "global": 1}),
        (lambda: change("SET q = :q", q=s("q")), {"Table": 1}),  # no index has it
        (lambda: change("SET p = :p", p=s("p")), {"Table": 1, "global": 1}),  # projected: changed in its place
        (lambda: change("SET l = :l", l=s("2")), {"Table": 1, "local": 2}),  # another place: one goes, one comes
        (lambda: change("SET g = :g, l = :l", g=s("2"), l=s("3")), {"Table": 1, "local": 2, "global": 2}),
        (lambda: change("REMOVE g"), {"Table": 1, "global": 1}),
        (lambda: db.delete_item(Key=key(), **ask), {"Table": 1, "local": 1}),
        (lambda: db.delete_item(Key=key(), **ask), {"Table": 1}),  # of nothing
    ]:
        assert units(answer()) == expected


def test_reads_cost_by_size_and_consistency(db):
    for sk, size in [("1", 4096), ("2", 4097), ("3", 100)]:
        db.put_item(TableName="table", Item=item(sk, size, g=s("1")) if sk == "3" else item(sk, size))
    ask = {"TableName": "table", "ReturnConsumedCapacity": "INDEXES"}
    read = lambda sk, **more: units(db.get_item(Key=key(sk), **ask, **more))
    assert [read(sk) for sk in "12x"] == [{"Table": 0.5}, {"Table": 1}, {"Table": 0.5}]
    assert [read(sk, ConsistentRead=True, ProjectionExpression="pk") for sk in "12x"] == [{"Table": 1}, {"Table": 2}, {"Table": 1}]
    keys = {"Keys": [key(sk) for sk in "12x"]}
    assert units(db.batch_get_item(RequestItems={"table": keys}, ReturnConsumedCapacity="INDEXES")) == {"Table": 2}  # each rounded by itself
    assert units(db.batch_get_item(RequestItems={"table": {**keys, "ConsistentRead": True}}, ReturnConsumedCapacity="INDEXES")) == {"Table": 4}
    query = {"KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}, **ask}
    assert units(db.query(**query)) == {"Table": 1.5}  # 8,293 bytes and the third's index key: rounded once
    assert units(db.query(**query, FilterExpression="attribute_exists(nope)", Select="COUNT", ConsistentRead=True)) == {"Table": 3}  # read before they are dropped
    of_global = {**query, "IndexName": "global", "KeyConditionExpression": "g = :a", "ExpressionAttributeValues": {":a": s("1")}}
    assert units(db.query(**of_global)) == {"Table": 0, "global": 0.5}
    assert db.get_item(TableName="table", Key=key(), ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == {"TableName": "table", "CapacityUnits": 0.5}
    assert "ConsumedCapacity" not in db.get_item(TableName="table", Key=key(), ReturnConsumedCapacity="NONE")


def test_transactions_cost_twice_and_a_replay_reads(db):
    def used(call, **parameters):
        (answer,) = call(**parameters, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
        return {k: v for k, v in answer.items() if k != "TableName"}

    check = {"ConditionCheck": {"TableName": "table", "Key": key("x"), "ConditionExpression": "attribute_not_exists(pk)"}}
    actions = {"TransactItems": [{"Put": {"TableName": "table", "Item": item(size=1025)}}, check], "ClientRequestToken": "once"}
    assert used(db.transact_write_items, **actions) == {"CapacityUnits": 6, "WriteCapacityUnits": 6}
    assert used(db.transact_write_items, **actions) == {"CapacityUnits": 4, "ReadCapacityUnits": 4}
    gets = [{"Get": {"TableName": "table", "Key": key(sk)}} for sk in "1x"]
    assert used(db.transact_get_items, TransactItems=gets) == {"CapacityUnits": 4, "ReadCapacityUnits": 4}
