"""Item collections: all items of one partition key in a table with local indexes, with their entries there. They have a limit, 10 GB, which
the control API makes smaller for a test."""
import botocore.exceptions
import pytest
from conftest import make_client
from virga_process import Virga

INDEXED = dict(
    AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "l")],
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    LocalSecondaryIndexes=[
        {"IndexName": "by-l", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}
    ],
    BillingMode="PAY_PER_REQUEST",
)


def item(pk, sk, size, **more):
    return {"pk": {"S": pk}, "sk": {"S": sk}, "t": {"S": "x" * size}, **more}


def refused(call, code="ItemCollectionSizeLimitExceededException"):
    with pytest.raises(botocore.exceptions.ClientError) as failed:
        call()
    assert failed.value.response["Error"]["Code"] == code
    return failed.value.response


@pytest.fixture
def db(aws, virga, account):
    client = aws("dynamodb")
    client.create_table(TableName="collections", **INDEXED)
    virga.post("/_virga/table/settings", {"account": account, "item_collection_limit": 1000})
    return client


def test_a_collection_grows_to_its_limit_and_no_further(db):
    db.put_item(TableName="collections", Item=item("a", "1", 400))
    db.put_item(TableName="collections", Item=item("a", "2", 400))
    error = refused(lambda: db.put_item(TableName="collections", Item=item("a", "3", 400)))
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400 and error["Error"]["Message"] == "Collection size exceeded."
    refused(lambda: db.update_item(TableName="collections", Key={"pk": {"S": "a"}, "sk": {"S": "1"}}, UpdateExpression="SET u=:u", ExpressionAttributeValues={":u": {"S": "x" * 300}}))
    refused(lambda: db.batch_write_item(RequestItems={"collections": [{"PutRequest": {"Item": item("b", "1", 10)}}, {"PutRequest": {"Item": item("a", "4", 400)}}]}))
    refused(lambda: db.execute_statement(Statement="INSERT INTO collections VALUE {'pk':'a','sk':'5','t':'" + "x" * 400 + "'}"))
    assert db.scan(TableName="collections", Select="COUNT")["Count"] == 2
    # Another collection has room; what shrinks or goes is never refused, and makes room.
    db.put_item(TableName="collections", Item=item("b", "1", 400))
    db.put_item(TableName="collections", Item=item("a", "1", 100))
    db.delete_item(TableName="collections", Key={"pk": {"S": "a"}, "sk": {"S": "2"}})
    db.put_item(TableName="collections", Item=item("a", "3", 400))


def test_entries_of_local_indexes_count(db):
    db.put_item(TableName="collections", Item=item("a", "1", 800))
    refused(lambda: db.put_item(TableName="collections", Item=item("a", "2", 1, l={"S": "y" * 100})))  # once in the table, once in the index
    db.put_item(TableName="collections", Item=item("a", "2", 100))


def test_a_transaction_tells_which_action_is_too_much(db):
    db.put_item(TableName="collections", Item=item("a", "1", 800))
    actions = [{"Put": {"TableName": "collections", "Item": item("b", "1", 10)}}, {"Put": {"TableName": "collections", "Item": item("a", "2", 400)}}]
    error = refused(lambda: db.transact_write_items(TransactItems=actions), "TransactionCanceledException")
    assert [r["Code"] for r in error["CancellationReasons"]] == ["None", "ItemCollectionSizeLimitExceeded"]
    assert "Item" not in db.get_item(TableName="collections", Key={"pk": {"S": "b"}, "sk": {"S": "1"}})
    statements = [{"Statement": "INSERT INTO collections VALUE {'pk':'c','sk':'1'}"}, {"Statement": "INSERT INTO collections VALUE {'pk':'a','sk':'5','t':'" + "x" * 400 + "'}"}]
    answer = db.batch_execute_statement(Statements=statements)["Responses"]
    assert "Error" not in answer[0] and answer[1]["Error"]["Code"] == "ItemCollectionSizeLimitExceeded"


def test_metrics_tell_between_which_gigabytes(db):
    put = db.put_item(TableName="collections", Item=item("a", "1", 100), ReturnItemCollectionMetrics="SIZE")
    assert put["ItemCollectionMetrics"] == {"ItemCollectionKey": {"pk": {"S": "a"}}, "SizeEstimateRangeGB": [0.0, 1.0]}


def test_tables_without_local_indexes_have_no_limit(db):
    keys = {name: INDEXED[name] for name in ("KeySchema", "BillingMode")}
    db.create_table(TableName="plain", AttributeDefinitions=INDEXED["AttributeDefinitions"][:2], **keys)
    for n in range(4):
        db.put_item(TableName="plain", Item=item("a", str(n), 400))


def test_the_limit_is_kept_over_a_restart(tmp_path):
    account = "100000000001"
    server = Virga("--data", str(tmp_path))
    make_client("dynamodb", server.endpoint, account).create_table(TableName="collections", **INDEXED)
    server.post("/_virga/table/settings", {"account": account, "item_collection_limit": 1000})
    server.kill()
    server = Virga("--data", str(tmp_path))
    db = make_client("dynamodb", server.endpoint, account)
    db.put_item(TableName="collections", Item=item("a", "1", 800))
    refused(lambda: db.put_item(TableName="collections", Item=item("a", "2", 400)))
    assert server.stop() == 0
