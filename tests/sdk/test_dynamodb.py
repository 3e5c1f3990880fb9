"""DynamoDB through boto3: items, expressions, indexes and paging, transactions, and a random walk against a plain model."""
import os
import random

import pytest
from botocore.exceptions import ClientError


def create(client, name="table", sort=None, indexes=None, **options):
    names = {"pk": "S"}
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
    if sort:
        names["sk"] = sort
        keys.append({"AttributeName": "sk", "KeyType": "RANGE"})
    if indexes:
        names["g"] = "S"
        options["GlobalSecondaryIndexes"] = [
            {"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
        ]
    definitions = [{"AttributeName": n, "AttributeType": t} for n, t in names.items()]
    client.create_table(TableName=name, AttributeDefinitions=definitions, KeySchema=keys, BillingMode="PAY_PER_REQUEST", **options)


def pages(operation, **parameters):
    items = []
    while True:
        page = operation(**parameters)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def refused(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response


def test_numbers_are_one_key_whatever_their_spelling(aws):
    db = aws("dynamodb")
    create(db, sort="N")
    spelled = ["-1e125", "-2", "-1.5", "0", "1E-130", "2", "10", "1e125"]
    for number in reversed(spelled):
        db.put_item(TableName="table", Item={"pk": {"S": "a"}, "sk": {"N": number}})
    query = dict(TableName="table", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "a"}}, Limit=2)
    forward = pages(db.query, **query)
    assert [float(i["sk"]["N"]) for i in forward] == [float(n) for n in spelled]
    assert pages(db.query, **query, ScanIndexForward=False) == forward[::-1]
    assert db.get_item(TableName="table", Key={"pk": {"S": "a"}, "sk": {"N": "1e1"}})["Item"]["sk"] == {"N": "10"}


def test_an_exact_sum_or_none(aws):
    db = aws("dynamodb")
    create(db)
    db.put_item(TableName="table", Item={"pk": {"S": "a"}, "n": {"N": "1e50"}})
    add = dict(TableName="table", Key={"pk": {"S": "a"}}, UpdateExpression="SET n = n + :x", ExpressionAttributeValues={":x": {"N": "1"}})
    assert "Number overflow" in refused(db.update_item, **add)["Error"]["Message"]
    assert db.get_item(TableName="table", Key={"pk": {"S": "a"}})["Item"]["n"] == {"N": "1" + "0" * 50}


def test_equal_index_keys_page_completely_both_ways(aws):
    db = aws("dynamodb")
    create(db, indexes=True)
    for first in range(0, 100, 25):
        puts = [{"PutRequest": {"Item": {"pk": {"S": f"{i:03}"}, "g": {"S": "same"}}}} for i in range(first, first + 25)]
        db.batch_write_item(RequestItems={"table": puts})
    query = dict(TableName="table", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"S": "same"}}, Limit=7)
    forward = pages(db.query, **query)
    assert len({i["pk"]["S"] for i in forward}) == len(forward) == 100
    assert pages(db.query, **query, ScanIndexForward=False) == forward[::-1]


def test_segments_are_disjoint_and_complete(aws):
    db = aws("dynamodb")
    create(db)
    for i in range(60):
        db.put_item(TableName="table", Item={"pk": {"S": str(i)}})
    seen = [i["pk"]["S"] for s in range(8) for i in pages(db.scan, TableName="table", Segment=s, TotalSegments=8, Limit=3)]
    assert len(seen) == 60 and len(set(seen)) == 60


def test_a_failed_condition_carries_the_item(aws):
    db = aws("dynamodb")
    create(db)
    item = {"pk": {"S": "a"}, "v": {"N": "1"}}
    db.put_item(TableName="table", Item=item)
    for call, member in [(db.put_item, "Item"), (db.update_item, "Key"), (db.delete_item, "Key")]:
        for pk, returned, shown in [("a", "ALL_OLD", item), ("a", "NONE", None), ("none", "ALL_OLD", None)]:
            condition = {"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"N": "2"}}, "ReturnValuesOnConditionCheckFailure": returned}
            answer = refused(call, TableName="table", **{member: {"pk": {"S": pk}}}, **condition)
            assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("ConditionalCheckFailedException", "The conditional request failed")
            assert answer.get("Item") == shown, (call, pk, returned)
    assert db.scan(TableName="table")["Items"] == [item]


def test_transactions_are_all_or_nothing_and_tokens_work_once(aws, virga):
    db = aws("dynamodb")
    create(db)
    update = {"TableName": "table", "Key": {"pk": {"S": "a"}}, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    check = {"TableName": "table", "Key": {"pk": {"S": "b"}}, "ConditionExpression": "attribute_exists(pk)"}
    answer = refused(db.transact_write_items, TransactItems=[{"Update": update}, {"ConditionCheck": check}])
    assert [r["Code"] for r in answer["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in db.get_item(TableName="table", Key={"pk": {"S": "a"}})
    for _ in range(2):
        db.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="once")
    assert db.get_item(TableName="table", Key={"pk": {"S": "a"}})["Item"]["n"] == {"N": "1"}
    other = refused(db.transact_write_items, TransactItems=[{"Delete": {"TableName": "table", "Key": {"pk": {"S": "a"}}}}], ClientRequestToken="once")
    assert other["Error"]["Code"] == "IdempotentParameterMismatchException"
    virga.advance(seconds=601)
    db.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="once")
    assert db.get_item(TableName="table", Key={"pk": {"S": "a"}})["Item"]["n"] == {"N": "2"}


def test_a_token_does_not_mind_the_order_of_maps_and_sets(aws):
    client = aws("dynamodb")
    create(client)

    def write(members, count="1"):
        values = {":n": {"N": count}, ":s": {"SS": members}}
        update = {"TableName": "table", "Key": {"pk": {"S": "a"}}, "UpdateExpression": "ADD n :n, s :s", "ExpressionAttributeValues": {k: values[k] for k in sorted(values, reverse=members[0] == "x")}}
        client.transact_write_items(ClientRequestToken="token", TransactItems=[{"Update": update}])

    write(["x", "y"])
    write(["y", "x"])
    assert client.get_item(TableName="table", Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}, "n": {"N": "1"}, "s": {"SS": ["x", "y"]}}
    assert refused(write, members=["x", "y"], count="2")["Error"]["Code"] == "IdempotentParameterMismatchException"


def test_one_bad_request_refuses_the_batch(aws):
    db = aws("dynamodb")
    create(db)
    puts = [{"PutRequest": {"Item": {"pk": {"S": "a"}}}}, {"PutRequest": {"Item": {"pk": {"N": "1"}}}}]
    assert refused(db.batch_write_item, RequestItems={"table": puts})["Error"]["Message"] == "The provided key element does not match the schema"
    assert db.scan(TableName="table")["Count"] == 0


def test_random_operations_agree_with_a_plain_model(aws):
    seed = int(os.environ.get("VIRGA_TEST_SEED", random.randrange(1 << 32)))
    print("seed", seed)
    chance = random.Random(seed)
    db = aws("dynamodb")
    create(db, sort="N", indexes=True)
    model = {}
    for _ in range(400):
        key = (chance.choice("abc"), chance.randrange(6))
        wire = {"pk": {"S": key[0]}, "sk": {"N": str(key[1])}}
        action = chance.randrange(4)
        if action == 0:
            item = {**wire, "v": {"N": str(chance.randrange(100))}}
            if chance.random() < 0.6:
                item["g"] = {"S": chance.choice("xyz")}
            old = db.put_item(TableName="table", Item=item, ReturnValues="ALL_OLD").get("Attributes")
            assert old == model.get(key)
            model[key] = item
        elif action == 1:
            old = db.delete_item(TableName="table", Key=wire, ReturnValues="ALL_OLD").get("Attributes")
            assert old == model.pop(key, None)
        elif action == 2:
            new = db.update_item(
                TableName="table", Key=wire, UpdateExpression="ADD v :n REMOVE g", ExpressionAttributeValues={":n": {"N": "3"}}, ReturnValues="ALL_NEW"
            )["Attributes"]
            before = int(model.get(key, {}).get("v", {"N": "0"})["N"])
            model[key] = {**wire, "v": {"N": str(before + 3)}}
            assert new == model[key]
        else:
            assert db.get_item(TableName="table", Key=wire).get("Item") == model.get(key)
    everything = [model[k] for k in sorted(model)]
    found = sorted(pages(db.scan, TableName="table", Limit=3), key=lambda i: (i["pk"]["S"], int(i["sk"]["N"])))
    assert found == everything
    for letter in "xyz":
        indexed = pages(
            db.query, TableName="table", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"S": letter}}, Limit=2
        )
        expected = [i for i in everything if i.get("g") == {"S": letter}]
        assert sorted(indexed, key=lambda i: (i["pk"]["S"], int(i["sk"]["N"]))) == expected
