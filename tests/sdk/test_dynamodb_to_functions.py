"""What functions see of a table's change stream: the order of each item whoever writes it, and who deleted what expired."""
import concurrent.futures
import datetime

from conftest import make_client
from test_dynamodb import create
from test_event_sources import said, watcher

VIEW = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def mapped(aws, batch=25):
    db, functions = aws("dynamodb"), aws("lambda")
    create(db, StreamSpecification=VIEW)
    arn = db.describe_table(TableName="table")["Table"]["LatestStreamArn"]
    watcher(functions)
    functions.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="TRIM_HORIZON", BatchSize=batch)
    return db, arn


def seen(aws):
    return sum(said(aws, "RAW"), [])


def test_four_writers_of_the_same_items_are_seen_in_the_order_of_their_writes(aws, virga, account):
    mapped(aws)

    def write(number):
        own = make_client("dynamodb", virga.endpoint, account)
        for i in range(20):
            key = {"pk": {"S": "abcd"[(number + i) % 4]}}
            own.update_item(TableName="table", Key=key, UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": {"N": "1"}})

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    virga.wait()
    counts = {}
    for record in seen(aws):
        change = record["dynamodb"]
        before = change["OldImage"]["n"]["N"] if "OldImage" in change else "0"
        counts.setdefault(change["Keys"]["pk"]["S"], []).append((int(before), int(change["NewImage"]["n"]["N"])))
    assert counts == {key: [(i, i + 1) for i in range(20)] for key in "abcd"}


def test_what_expires_is_deleted_by_the_service(aws, virga):
    db, arn = mapped(aws)
    db.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "due"})
    now = int(datetime.datetime.fromisoformat(virga.now().replace("Z", "+00:00")).timestamp())
    item = {"pk": {"S": "expires"}, "due": {"N": str(now + 60)}}
    db.put_item(TableName="table", Item=item)
    db.put_item(TableName="table", Item={"pk": {"S": "deleted"}})
    db.delete_item(TableName="table", Key={"pk": {"S": "deleted"}})
    virga.advance(seconds=120)
    virga.wait()
    removed = {r["dynamodb"]["Keys"]["pk"]["S"]: r for r in seen(aws) if r["eventName"] == "REMOVE"}
    assert removed["expires"]["userIdentity"] == {"principalId": "dynamodb.amazonaws.com", "type": "Service"} and "userIdentity" not in removed["deleted"]
    assert removed["expires"]["eventSourceARN"] == arn and removed["expires"]["dynamodb"]["OldImage"] == item and "NewImage" not in removed["expires"]["dynamodb"]
