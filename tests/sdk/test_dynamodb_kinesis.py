"""DynamoDB changes that go to Kinesis streams, through boto3."""
import json

import pytest
from botocore.exceptions import ClientError


def code(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]["Code"]


@pytest.fixture
def db(aws):
    client = aws("dynamodb")
    client.create_table(
        TableName="table",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


def new_stream(aws, virga, name="stream"):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    virga.wait()
    return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]


def read(aws, name="stream"):
    kinesis = aws("kinesis")
    shard = kinesis.list_shards(StreamName=name)["Shards"][0]["ShardId"]
    at = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return [(r["PartitionKey"], json.loads(r["Data"])) for r in kinesis.get_records(ShardIterator=at)["Records"]]


def put(db, key, value):
    db.put_item(TableName="table", Item={"pk": {"S": key}, "v": {"N": str(value)}})


def test_every_change_arrives_in_order(aws, virga, db):
    arn = new_stream(aws, virga)
    reply = db.enable_kinesis_streaming_destination(TableName="table", StreamArn=arn)
    assert (reply["TableName"], reply["StreamArn"], reply["DestinationStatus"]) == ("table", arn, "ENABLING")
    assert db.describe_kinesis_streaming_destination(TableName="table")["KinesisDataStreamDestinations"] == [
        {"StreamArn": arn, "DestinationStatus": "ACTIVE", "ApproximateCreationDateTimePrecision": "MILLISECOND"}
    ]
    put(db, "a", 1)
    put(db, "a", 1)  # changes nothing
    put(db, "a", 2)
    db.transact_write_items(TransactItems=[{"Put": {"TableName": "table", "Item": {"pk": {"S": "b"}}}}, {"Delete": {"TableName": "table", "Key": {"pk": {"S": "a"}}}}])
    virga.wait()
    found = read(aws)
    assert [(d["eventName"], d["dynamodb"]["Keys"]["pk"]["S"]) for _, d in found] == [("INSERT", "a"), ("MODIFY", "a"), ("INSERT", "b"), ("REMOVE", "a")]
    keys = [k for k, _ in found]
    assert keys[0] == keys[1] == keys[3] != keys[2]
    change = found[1][1]
    assert change["dynamodb"].pop("ApproximateCreationDateTime") > 10**12
    assert len(change.pop("eventID")) == 36
    assert change == {
        "awsRegion": "us-east-1",
        "eventName": "MODIFY",
        "userIdentity": None,
        "recordFormat": "application/json",
        "tableName": "table",
        "dynamodb": {
            "Keys": {"pk": {"S": "a"}},
            "NewImage": {"pk": {"S": "a"}, "v": {"N": "2"}},
            "OldImage": {"pk": {"S": "a"}, "v": {"N": "1"}},
            "SizeBytes": 15,
        },
        "eventSource": "aws:dynamodb",
    }
    assert "OldImage" not in found[0][1]["dynamodb"] and "NewImage" not in found[3][1]["dynamodb"]


def test_a_storm_of_one_item_stays_in_order(aws, virga, db):
    arn = new_stream(aws, virga)
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=arn)
    for n in range(60):
        put(db, "a", n)
    virga.wait()
    assert [int(d["dynamodb"]["NewImage"]["v"]["N"]) for _, d in read(aws)] == list(range(60))


def test_precision_changes(aws, virga, db):
    arn = new_stream(aws, virga)
    db.enable_kinesis_streaming_destination(
        TableName="table", StreamArn=arn, EnableKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MILLISECOND"}
    )
    same = dict(TableName="table", StreamArn=arn, UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MILLISECOND"})
    assert code(db.update_kinesis_streaming_destination, **same) == "ValidationException"
    reply = db.update_kinesis_streaming_destination(
        TableName="table", StreamArn=arn, UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"}
    )
    assert reply["DestinationStatus"] == "UPDATING"
    put(db, "a", 1)
    virga.wait()
    change = read(aws)[0][1]["dynamodb"]
    assert change["ApproximateCreationDateTimePrecision"] == "MICROSECOND" and change["ApproximateCreationDateTime"] > 10**15


def test_a_disabled_destination_gets_nothing(aws, virga, db):
    arn = new_stream(aws, virga)
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=arn)
    assert code(db.enable_kinesis_streaming_destination, TableName="table", StreamArn=arn) == "ValidationException"
    put(db, "a", 1)
    assert db.disable_kinesis_streaming_destination(TableName="table", StreamArn=arn)["DestinationStatus"] == "DISABLING"
    put(db, "a", 2)
    virga.wait()
    assert len(read(aws)) == 1
    (described,) = db.describe_kinesis_streaming_destination(TableName="table")["KinesisDataStreamDestinations"]
    assert described["DestinationStatus"] == "DISABLED"
    assert code(db.disable_kinesis_streaming_destination, TableName="table", StreamArn=arn) == "ValidationException"
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=arn)
    put(db, "a", 3)
    virga.wait()
    assert len(read(aws)) == 2


def test_what_is_refused(aws, virga, db):
    arn = new_stream(aws, virga)
    assert code(db.enable_kinesis_streaming_destination, TableName="missing", StreamArn=arn) == "ResourceNotFoundException"
    assert code(db.enable_kinesis_streaming_destination, TableName="table", StreamArn=arn + "-not-there") == "ResourceNotFoundException"
    assert code(db.enable_kinesis_streaming_destination, TableName="table", StreamArn=arn.replace("us-east-1", "eu-west-1")) == "ValidationException"
    assert code(db.describe_kinesis_streaming_destination, TableName="missing") == "ResourceNotFoundException"
    for name in ("two", "three"):
        new_stream(aws, virga, name)
    base = arn.rsplit("/", 1)[0]
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=arn)
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=base + "/two")
    assert code(db.enable_kinesis_streaming_destination, TableName="table", StreamArn=base + "/three") == "LimitExceededException"


def test_changes_wait_for_a_stream_that_is_away(aws, virga, db):
    arn = new_stream(aws, virga)
    db.enable_kinesis_streaming_destination(TableName="table", StreamArn=arn)
    aws("kinesis").delete_stream(StreamName="stream")
    virga.wait()
    put(db, "a", 1)
    put(db, "a", 2)
    virga.wait()
    new_stream(aws, virga)
    virga.advance(seconds=120)
    assert [d["dynamodb"]["NewImage"]["v"]["N"] for _, d in read(aws)] == ["1", "2"]
