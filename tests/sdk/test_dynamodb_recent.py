"""Items read lately are kept in memory: what a read answers is what was acknowledged last, all the same."""
import threading

import pytest
from botocore.exceptions import ClientError

KEY = {"pk": {"S": "a"}}


def create(ddb, key_type="S"):
    ddb.create_table(
        TableName="kept", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": key_type}], KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}]
    )


def put(ddb, n):
    ddb.put_item(TableName="kept", Item={**KEY, "n": {"N": str(n)}})


def read(ddb, key=KEY):
    item = ddb.get_item(TableName="kept", Key=key).get("Item")
    return item and int(item["n"]["N"])


def test_no_read_goes_back_behind_a_write(aws):
    ddb = aws("dynamodb")
    create(ddb)
    put(ddb, 0)
    acknowledged, seen, stop = [0], [], threading.Event()

    def reader():
        last = 0
        while not stop.is_set() and len(seen) < 100_000:
            floor = acknowledged[0]
            n = read(ddb)
            seen.append(n >= floor and n >= last)
            last = n

    threads = [threading.Thread(target=reader) for _ in range(3)]
    for t in threads:
        t.start()
    for n in range(1, 201):
        ddb.update_item(TableName="kept", Key=KEY, UpdateExpression="SET n = n + :one", ExpressionAttributeValues={":one": {"N": "1"}})
        acknowledged[0] = n
        assert read(ddb) == n
    stop.set()
    for t in threads:
        t.join()
    assert seen and all(seen)


def test_every_way_to_write_is_seen(aws):
    ddb = aws("dynamodb")
    create(ddb)
    put(ddb, 1)
    assert read(ddb) == 1
    ddb.batch_write_item(RequestItems={"kept": [{"PutRequest": {"Item": {**KEY, "n": {"N": "2"}}}}]})
    assert read(ddb) == 2
    ddb.execute_statement(Statement="UPDATE kept SET n = 3 WHERE pk = 'a'")
    assert read(ddb) == 3
    ddb.transact_write_items(TransactItems=[{"Put": {"TableName": "kept", "Item": {**KEY, "n": {"N": "4"}}}}])
    assert read(ddb) == 4
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        ddb.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "kept", "Item": {**KEY, "n": {"N": "5"}}}},
                {"ConditionCheck": {"TableName": "kept", "Key": {"pk": {"S": "none"}}, "ConditionExpression": "attribute_exists(pk)"}},
            ]
        )
    assert read(ddb) == 4
    assert ddb.batch_get_item(RequestItems={"kept": {"Keys": [KEY]}})["Responses"]["kept"] == [{**KEY, "n": {"N": "4"}}]
    assert ddb.transact_get_items(TransactItems=[{"Get": {"TableName": "kept", "Key": KEY}}])["Responses"] == [{"Item": {**KEY, "n": {"N": "4"}}}]
    ddb.delete_item(TableName="kept", Key=KEY)
    assert read(ddb) is None
    assert ddb.batch_get_item(RequestItems={"kept": {"Keys": [KEY]}})["Responses"]["kept"] == []


def test_a_new_table_of_the_same_name_has_nothing_of_the_old_one(aws):
    ddb = aws("dynamodb")
    create(ddb)
    put(ddb, 1)
    assert read(ddb) == 1
    ddb.delete_table(TableName="kept")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        read(ddb)
    create(ddb)
    assert read(ddb) is None
    ddb.delete_table(TableName="kept")
    create(ddb, "N")
    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        read(ddb)
    assert read(ddb, {"pk": {"N": "1"}}) is None
