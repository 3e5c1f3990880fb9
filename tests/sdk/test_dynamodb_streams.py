"""Change streams and time to live, on the virtual clock."""
from test_dynamodb import create, refused


def read_all(streams, arn):
    records = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            records += page["Records"]
            iterator = page.get("NextShardIterator") if page["Records"] else None
    return records


def streamed(db, view="NEW_AND_OLD_IMAGES"):
    create(db, StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
    return db.describe_table(TableName="table")["Table"]["LatestStreamArn"]


def test_each_change_is_one_record_and_no_change_is_none(aws):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = streamed(db)
    key = {"pk": {"S": "a"}}
    for _ in range(2):  # the second is no change: sets have no order
        db.put_item(TableName="table", Item={**key, "s": {"SS": ["x", "y"]}})
    db.put_item(TableName="table", Item={**key, "s": {"SS": ["y", "x"]}})
    db.update_item(TableName="table", Key=key, UpdateExpression="REMOVE nothing")
    db.update_item(TableName="table", Key=key, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": {"N": "1"}})
    db.delete_item(TableName="table", Key=key)
    db.delete_item(TableName="table", Key=key)
    db.update_item(TableName="table", Key=key, UpdateExpression="REMOVE nothing")  # of no item: makes none
    records = read_all(streams, arn)
    assert [r["eventName"] for r in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert "OldImage" not in records[0]["dynamodb"] and "NewImage" not in records[2]["dynamodb"]
    assert records == read_all(streams, arn)


def test_shards_roll_with_their_lineage(aws, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = streamed(db, "KEYS_ONLY")
    db.put_item(TableName="table", Item={"pk": {"S": "a"}})
    virga.advance(seconds=4 * 3600 + 1)
    db.put_item(TableName="table", Item={"pk": {"S": "b"}})
    parent, child = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    assert child["ParentShardId"] == parent["ShardId"] and "EndingSequenceNumber" in parent["SequenceNumberRange"]
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in read_all(streams, arn)] == ["a", "b"]


def test_iterators_and_records_grow_old(aws, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = streamed(db)
    db.put_item(TableName="table", Item={"pk": {"S": "a"}})
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    virga.advance(seconds=15 * 60 + 1)
    assert refused(streams.get_records, ShardIterator=iterator)["Error"]["Code"] == "ExpiredIteratorException"
    assert len(read_all(streams, arn)) == 1
    virga.advance(seconds=24 * 3600)
    assert read_all(streams, arn) == []


def test_items_expire_as_the_clock_passes(aws, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = streamed(db)
    db.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    instant = int(db.describe_table(TableName="table")["Table"]["CreationDateTime"].timestamp())
    for name, value in {"soon": {"N": str(instant + 60)}, "later": {"N": str(instant + 86400)}, "text": {"S": str(instant + 60)}, "ancient": {"N": "1000"}}.items():
        db.put_item(TableName="table", Item={"pk": {"S": name}, "expires": value})
    virga.advance(seconds=120)
    assert {i["pk"]["S"] for i in db.scan(TableName="table")["Items"]} == {"later", "text", "ancient"}
    removed = read_all(streams, arn)[-1]
    assert removed["eventName"] == "REMOVE" and removed["dynamodb"]["Keys"] == {"pk": {"S": "soon"}}
    assert removed["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
