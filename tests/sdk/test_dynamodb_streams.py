"""Change streams and time to live, on the virtual clock."""
import datetime
import json

import pytest

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
    at = lambda kind, **number: streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType=kind, **number)["ShardIterator"]
    iterator = at("TRIM_HORIZON")
    virga.advance(seconds=15 * 60 - 60)
    assert len(streams.get_records(ShardIterator=iterator)["Records"]) == 1
    virga.advance(seconds=61)
    assert refused(streams.get_records, ShardIterator=iterator)["Error"]["Code"] == "ExpiredIteratorException"
    (record,) = read_all(streams, arn)
    number = {"SequenceNumber": record["dynamodb"]["SequenceNumber"]}
    assert streams.get_records(ShardIterator=at("AT_SEQUENCE_NUMBER", **number))["Records"] == [record]
    assert streams.get_records(ShardIterator=at("AFTER_SEQUENCE_NUMBER", **number))["Records"] == []
    virga.advance(seconds=24 * 3600 - 16 * 60)
    assert read_all(streams, arn) == [record]
    virga.advance(seconds=120)
    assert read_all(streams, arn) == []
    refusal = refused(streams.get_shard_iterator, StreamArn=arn, ShardId=shard, ShardIteratorType="AT_SEQUENCE_NUMBER", **number)
    assert refusal["Error"]["Code"] == "TrimmedDataAccessException"


def test_an_iterator_starts_at_an_instant(aws, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = streamed(db, "KEYS_ONLY")
    instants = []
    for key in "abc":
        virga.advance(seconds=10)
        instants.append(datetime.datetime.fromisoformat(virga.now().replace("Z", "+00:00")))
        db.put_item(TableName="table", Item={"pk": {"S": key}})
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    at = lambda **options: streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="AT_TIMESTAMP", **options)["ShardIterator"]

    def since(instant):
        return "".join(r["dynamodb"]["Keys"]["pk"]["S"] for r in streams.get_records(ShardIterator=at(Timestamp=instant))["Records"])

    second = datetime.timedelta(seconds=1)
    assert [since(i - second) for i in instants] == ["abc", "bc", "c"]
    assert since(instants[0] - datetime.timedelta(days=2)) == "abc"  # older than what is kept: all of it
    virga.advance(seconds=10)
    assert since(instants[2] + 5 * second) == ""
    assert refused(at, Timestamp=instants[2] + datetime.timedelta(hours=1))["Error"]["Code"] == "ValidationException"
    assert "Timestamp is required" in refused(at)["Error"]["Message"]
    other = dict(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST", Timestamp=instants[0])
    assert "must not be specified" in refused(streams.get_shard_iterator, **other)["Error"]["Message"]


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
def test_each_view_shows_its_images(aws, view):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = streamed(db, view)
    key = {"pk": {"S": "a"}}
    full = {**key, "v": {"N": "12"}}
    db.put_item(TableName="table", Item=key)  # its image is nothing but the key
    db.put_item(TableName="table", Item=full)
    db.delete_item(TableName="table", Key=key)
    records = [(r["eventName"], r["dynamodb"]) for r in read_all(streams, arn)]
    assert [name for name, _ in records] == ["INSERT", "MODIFY", "REMOVE"]
    sizes = {"a": 3, "v": 3}  # names with their values: pk + "a", v + a number of two digits
    for (_, change), before, after in zip(records, [None, key, full], [key, full, None]):
        images = {**({"NewImage": after} if after and "NEW" in view else {}), **({"OldImage": before} if before and "OLD" in view else {})}
        assert {k: change[k] for k in ("NewImage", "OldImage") if k in change} == images
        assert change["Keys"] == key and change["StreamViewType"] == view
        assert change["SizeBytes"] == 3 + sum(sizes["a"] + (sizes["v"] if "v" in image else 0) for image in images.values())
        assert change["ApproximateCreationDateTime"].microsecond == 0 and len(change["SequenceNumber"]) == 21
    assert len({r["eventID"] for r in read_all(streams, arn)}) == 3


def test_a_disabled_stream_is_read_to_its_end_for_a_day(aws, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    first = streamed(db)
    db.put_item(TableName="table", Item={"pk": {"S": "a"}})
    db.update_table(TableName="table", StreamSpecification={"StreamEnabled": False})
    db.put_item(TableName="table", Item={"pk": {"S": "unseen"}})
    description = streams.describe_stream(StreamArn=first)["StreamDescription"]
    assert description["StreamStatus"] == "DISABLED" and all("EndingSequenceNumber" in s["SequenceNumberRange"] for s in description["Shards"])
    assert db.describe_table(TableName="table")["Table"]["LatestStreamArn"] == first
    iterator = streams.get_shard_iterator(StreamArn=first, ShardId=description["Shards"][0]["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    page = streams.get_records(ShardIterator=iterator)
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in page["Records"]] == ["a"] and "NextShardIterator" not in page
    virga.advance(seconds=1)
    second = db.update_table(TableName="table", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})["TableDescription"]["LatestStreamArn"]
    assert second != first
    db.put_item(TableName="table", Item={"pk": {"S": "b"}})
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in read_all(streams, second)] == ["b"]
    assert [s["StreamArn"] for s in streams.list_streams(TableName="table")["Streams"]] == [first, second]
    db.delete_table(TableName="table")
    assert len(read_all(streams, first)) == len(read_all(streams, second)) == 1
    virga.advance(seconds=24 * 3600 + 60)
    assert streams.list_streams(TableName="table")["Streams"] == []
    assert refused(streams.describe_stream, StreamArn=second)["Error"]["Code"] == "ResourceNotFoundException"


def test_writes_of_every_kind_reach_stream_and_kinesis(aws, virga):
    db, streams, kinesis = aws("dynamodb"), aws("dynamodbstreams"), aws("kinesis")
    arn = streamed(db)
    kinesis.create_stream(StreamName="changes", ShardCount=1)
    virga.wait()
    destination = kinesis.describe_stream_summary(StreamName="changes")["StreamDescriptionSummary"]["StreamARN"]
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=destination)
    db.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "due"})
    item = lambda key, **more: {"pk": {"S": key}, **more}
    soon = str(int(datetime.datetime.fromisoformat(virga.now().replace("Z", "+00:00")).timestamp()) + 60)
    db.put_item(TableName="table", Item=item("put", due={"N": soon}))
    db.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": item("batch")}}]})
    db.transact_write_items(TransactItems=[{"Put": {"TableName": "table", "Item": item("transact")}}, {"Delete": {"TableName": "table", "Key": item("batch")}}])
    db.execute_statement(Statement="INSERT INTO \"table\" VALUE {'pk': 'statement'}")
    db.batch_execute_statement(Statements=[{"Statement": "UPDATE \"table\" SET v = 1 WHERE pk = 'statement'"}])
    db.execute_transaction(TransactStatements=[{"Statement": "DELETE FROM \"table\" WHERE pk = 'statement'"}])
    virga.advance(seconds=120)  # what is due goes
    virga.wait()
    expected = [("INSERT", "put"), ("INSERT", "batch"), ("INSERT", "transact"), ("REMOVE", "batch"), ("INSERT", "statement"), ("MODIFY", "statement"),
                ("REMOVE", "statement"), ("REMOVE", "put")]
    records = read_all(streams, arn)
    assert [(r["eventName"], r["dynamodb"]["Keys"]["pk"]["S"]) for r in records] == expected
    assert [("userIdentity" in r) for r in records] == [False] * 7 + [True]
    shard = kinesis.list_shards(StreamName="changes")["Shards"][0]["ShardId"]
    at = kinesis.get_shard_iterator(StreamName="changes", ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    forwarded = [json.loads(r["Data"]) for r in kinesis.get_records(ShardIterator=at)["Records"]]
    assert [(r["eventName"], r["dynamodb"]["Keys"]["pk"]["S"]) for r in forwarded] == expected
    assert forwarded[-1]["userIdentity"] == {"principalId": "dynamodb.amazonaws.com", "type": "Service"} and forwarded[0]["userIdentity"] is None


def test_limits_of_reading_streams(aws):
    db, streams = aws("dynamodb"), aws("dynamodbstreams", parameter_validation=False)
    arn = streamed(db)
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    for call, parameters, most in [(streams.list_streams, {}, 100), (streams.describe_stream, {"StreamArn": arn}, 100), (streams.get_records, {"ShardIterator": iterator}, 1000)]:
        call(**parameters, Limit=most)
        call(**parameters, Limit=1)
        for limit, bound in [(most + 1, f"less than or equal to {most}"), (0, "greater than or equal to 1"), (-1, "greater than or equal to 1")]:
            error = refused(call, **parameters, Limit=limit)["Error"]
            text = f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value {bound}"
            assert (error["Code"], error["Message"]) == ("ValidationException", text)
    with_number = {"StreamArn": arn, "ShardId": shard, "SequenceNumber": "4" + "0" * 20}
    assert "must not be specified" in refused(streams.get_shard_iterator, **with_number, ShardIteratorType="LATEST")["Error"]["Message"]
    del with_number["SequenceNumber"]
    assert "is required" in refused(streams.get_shard_iterator, **with_number, ShardIteratorType="AT_SEQUENCE_NUMBER")["Error"]["Message"]
    assert refused(streams.describe_stream, StreamArn="arn:aws:dynamodb:us-east-1:1:table/t")["Error"]["Code"] == "ValidationException"
    assert refused(streams.get_records, ShardIterator="none")["Error"]["Code"] == "ValidationException"
    error = refused(streams.describe_stream, StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS"})["Error"]
    assert error["Message"] == "The parameter 'ShardId' is required but was not present in the request"


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
