"""EventBridge Pipes through boto3: what is kept, what is refused, filters and templates (scenarios 51, 54)."""
import base64
import json

from conftest import make_client
from pipe_support import ROLE, error_of, world  # noqa: F401
from virga_process import Virga


# ---- what is kept ----


def test_life_of_a_pipe(world):
    source, target = world.queue("in"), world.queue("out")
    arn = f"arn:aws:pipes:us-east-1:{world.account}:pipe/p"
    created = world.pipe(source, target, Description="d", Tags={"team": "a"}, SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": '{"body":{"a":[1]}}'}]}})
    assert (created["Arn"], created["Name"], created["DesiredState"], created["CurrentState"]) == (arn, "p", "RUNNING", "CREATING")
    got = world.pipes.describe_pipe(Name="p")
    got.pop("ResponseMetadata")
    assert got.pop("CreationTime") == got.pop("LastModifiedTime") == created["CreationTime"]
    assert got == {
        "Arn": arn, "Name": "p", "DesiredState": "RUNNING", "CurrentState": "RUNNING", "Description": "d", "Source": source, "Target": target, "RoleArn": ROLE,
        "SourceParameters": {"FilterCriteria": {"Filters": [{"Pattern": '{"body":{"a":[1]}}'}]}, "SqsQueueParameters": {"BatchSize": 10}}, "Tags": {"team": "a"},
    }
    assert world.pipes.stop_pipe(Name="p")["CurrentState"] == "STOPPING"
    assert world.pipes.describe_pipe(Name="p")["CurrentState"] == "STOPPED"
    assert world.pipes.start_pipe(Name="p")["CurrentState"] == "STARTING"
    updated = world.pipes.update_pipe(Name="p", RoleArn=ROLE + "2", Description="e", DesiredState="STOPPED", SourceParameters={"SqsQueueParameters": {"BatchSize": 5}})
    assert (updated["CurrentState"], updated["DesiredState"]) == ("UPDATING", "STOPPED")
    got = world.pipes.describe_pipe(Name="p")
    assert got["Description"] == "e" and got["RoleArn"] == ROLE + "2" and got["CurrentState"] == "STOPPED" and got["Target"] == target
    assert got["SourceParameters"]["SqsQueueParameters"] == {"BatchSize": 5} and len(got["SourceParameters"]["FilterCriteria"]["Filters"]) == 1
    deleted = world.pipes.delete_pipe(Name="p")
    assert (deleted["CurrentState"], deleted["DesiredState"]) == ("DELETING", "DELETED")
    for call in (world.pipes.describe_pipe, world.pipes.delete_pipe, world.pipes.start_pipe, world.pipes.stop_pipe):
        assert error_of(call, Name="p") == ("NotFoundException", "Pipe p does not exist.", 404)


def test_another_kind_of_target_leaves_the_parameters_of_the_last_one(world):
    source, target = world.queue("in"), world.queue("out.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    template = {"InputTemplate": '{"b":<$.body>}'}
    world.pipe(source, target, TargetParameters={"SqsQueueParameters": {"MessageGroupId": "g"}, **template})
    bus = f"arn:aws:events:us-east-1:{world.account}:event-bus/default"
    world.pipes.update_pipe(Name="p", RoleArn=ROLE, Target=bus, TargetParameters={"EventBridgeEventBusParameters": {"Source": "s"}})
    assert world.pipes.describe_pipe(Name="p")["TargetParameters"] == {"EventBridgeEventBusParameters": {"Source": "s"}, **template}
    world.pipes.update_pipe(Name="p", RoleArn=ROLE, Target=bus + "2")
    assert world.pipes.describe_pipe(Name="p")["TargetParameters"] == {"EventBridgeEventBusParameters": {"Source": "s"}, **template}


def test_list_and_tags(world):
    source, target, other = world.queue("in"), world.queue("out"), world.queue("other")
    for name, state, to in (("a1", "RUNNING", target), ("a2", "STOPPED", target), ("b1", "RUNNING", other)):
        world.pipe(source, to, name, DesiredState=state)

    def names(**arguments):
        return [p["Name"] for p in world.pipes.list_pipes(**arguments)["Pipes"]]

    assert names() == ["a1", "a2", "b1"]
    assert names(NamePrefix="a") == ["a1", "a2"]
    assert names(CurrentState="STOPPED") == names(DesiredState="STOPPED") == ["a2"]
    assert names(TargetPrefix=other) == ["b1"] and names(SourcePrefix=source[:-1]) == ["a1", "a2", "b1"]
    assert [len(p["Pipes"]) for p in world.pipes.get_paginator("list_pipes").paginate(PaginationConfig={"PageSize": 2})] == [2, 1]
    summary = world.pipes.list_pipes(Limit=1)["Pipes"][0]
    assert set(summary) == {"Name", "Arn", "DesiredState", "CurrentState", "CreationTime", "LastModifiedTime", "Source", "Target"}
    for token in ("?", "YWJj"):
        assert error_of(world.pipes.list_pipes, NextToken=token)[0] == "ValidationException"

    arn = summary["Arn"]
    world.pipes.tag_resource(resourceArn=arn, tags={"x": "1", "y": "2"})
    world.pipes.untag_resource(resourceArn=arn, tagKeys=["x"])
    assert world.pipes.list_tags_for_resource(resourceArn=arn)["tags"] == {"y": "2"}
    assert error_of(world.pipes.list_tags_for_resource, resourceArn=arn + "x")[0] == "NotFoundException"
    code, message, status = error_of(world.pipe, source=source, target=target, name="a1")
    assert (code, message, status) == ("ConflictException", "Pipe a1 already exists.", 409)


def test_a_source_that_is_not_there(world):
    world.pipe(f"arn:aws:sqs:us-east-1:{world.account}:nope", world.queue("out"))
    got = world.pipes.describe_pipe(Name="p")
    assert got["CurrentState"] == "CREATE_FAILED" and "nope" in got["StateReason"]


def test_what_is_refused(world):
    a = world.account
    queue, out = world.queue("in"), world.queue("out")
    stream, table = f"arn:aws:kinesis:us-east-1:{a}:stream/s", f"arn:aws:dynamodb:us-east-1:{a}:table/t/stream/2026-01-01T00:00:00.000"
    bus = f"arn:aws:events:us-east-1:{a}:event-bus/default"

    def refused(source=queue, target=out, **more):
        code, message, status = error_of(world.pipe, source=source, target=target, **more)
        assert (code, status) == ("ValidationException", 400), (code, message)
        return message

    assert refused(source=f"arn:aws:s3:us-east-1:{a}:bucket") == "Invalid source parameter provided for source"
    assert refused(SourceParameters={"KinesisStreamParameters": {"StartingPosition": "LATEST"}}) == "Invalid source parameter provided for source"
    assert refused(source=stream) == "SourceParameters.KinesisStreamParameters Missing required parameter."
    assert refused(source=stream, SourceParameters={"KinesisStreamParameters": {"StartingPosition": "AT_TIMESTAMP"}}) == (
        "SourceParameters.KinesisStreamParameters.StartingPositionTimestamp Missing required parameter."
    )
    for nowhere in ("arn:aws:s3:::bucket", f"arn:aws:dynamodb:us-east-1:{a}:table/t"):
        assert refused(target=nowhere) == "Invalid target parameter provided for target."
    assert refused(source=table) == "SourceParameters.DynamoDBStreamParameters Missing required parameter."
    assert refused(TargetParameters={"KinesisStreamParameters": {"PartitionKey": "k"}}) == "Invalid target parameter provided for target."
    assert refused(Enrichment=queue) == "Invalid pipe enrichment."
    assert refused(target=bus, SourceParameters={"SqsQueueParameters": {"BatchSize": 11}}).startswith("The configured batch size 11 is greater than the max supported")
    assert refused(target=f"arn:aws:sqs:eu-west-1:{a}:q") == "Creating cross-region pipe is not permitted."
    assert refused(target=f"arn:aws:sns:us-east-1:{a}:t.fifo") == "SNS FIFO topics are not supported as a pipe target."
    assert refused(TargetParameters={"InputTemplate": "<nothing>"}) == "Invalid json path reference or predefined variable for placeholder"
    assert refused(SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": "no json"}]}}) == "Invalid Event Pattern"
    assert refused(SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": '{"body":{}}'}]}}) == "Invalid Event Pattern. Reason: Empty objects are not allowed"
    assert refused(LogConfiguration={"Level": "ERROR"}) == "Must provide at least 1 log destination in LogConfiguration"
    s3 = {"BucketName": "bucket", "BucketOwner": a, "OutputFormat": "w3c"}
    assert refused(LogConfiguration={"Level": "ERROR", "S3LogDestination": s3}) == "w3c and plain output formats are not supported by Pipes"
    assert "failed to satisfy constraint" in refused(name="sp ace")
    assert error_of(world.pipe, source=queue, target=f"arn:aws:ecs:us-east-1:{a}:cluster/c", TargetParameters={"EcsTaskParameters": {"TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t"}})[2] == 501


# ---- what runs ----


def test_queue_to_queue_with_filter_and_template(world):
    source, target = world.queue("in"), world.queue("out")
    world.pipe(
        source, target, SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": '{"body":{"kind":["order"]}}'}]}},
        TargetParameters={"InputTemplate": '{"id": <$.body.id>, "note": "<$.body.kind> of <aws.pipes.pipe-name>", "from": <aws.pipes.source-arn>}'},
    )
    world.send(source, {"kind": "order", "id": 1.50}, {"kind": "other"}, "plain text", {"kind": "order", "id": "x"})
    got = sorted(world.bodies(target))
    assert got == [f'{{"id": "x", "note": "order of p", "from": "{source}"}}', f'{{"id": 1.5, "note": "order of p", "from": "{source}"}}']
    counts = world.sqs.get_queue_attributes(QueueUrl=world.url(source), AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == "0" and counts["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_messages_of_the_other_kind_are_dropped(world):
    """A pattern for JSON wants no plain text, one for text no JSON: such messages are deleted, too."""
    source, target = world.queue("in"), world.queue("out")
    filters = {"Filters": [{"Pattern": '{"body":["plain"]}'}, {"Pattern": '{"body":{"kind":[{"prefix":"o"}]}}'}]}
    world.pipe(source, target, SourceParameters={"FilterCriteria": filters}, TargetParameters={"InputTemplate": "<$.body>"})
    world.send(source, "plain", "other", '{"kind":"order"}', '"plain"', "17", '{"kind":1}')
    assert sorted(world.bodies(target)) == ['"plain"', '{"kind":"order"}']
    world.virga.advance(60)
    assert world.bodies(target) == [] and world.messages(source) == []


def test_records_as_they_are(world):
    source, target = world.queue("in"), world.queue("out")
    world.pipe(source, target)
    world.send(source, "hello")
    record = json.loads(world.bodies(target)[0])
    assert record["body"] == "hello" and record["eventSource"] == "aws:sqs" and record["eventSourceARN"] == source and record["awsRegion"] == "us-east-1"
    assert set(record) == {"messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody", "eventSource", "eventSourceARN", "awsRegion"}


def test_what_came_while_stopped_is_taken_after(world):
    source, target, stream = world.queue("in"), world.queue("out"), world.stream()
    world.pipe(source, target, "q", DesiredState="STOPPED")
    world.pipe(stream, target, "s", SourceParameters={"KinesisStreamParameters": {"StartingPosition": "LATEST"}}, TargetParameters={"InputTemplate": "<$.data.n>"})
    world.put("stream", {"n": 1})
    world.pipes.stop_pipe(Name="s")
    world.send(source, "waiting")
    world.put("stream", {"n": 2}, {"n": 3})
    assert world.bodies(target) == ["1"]
    world.pipes.start_pipe(Name="q")
    world.pipes.start_pipe(Name="s")
    world.virga.wait()
    got = world.bodies(target)
    assert [b for b in got if b in "123"] == ["2", "3"] and len(got) == 3


def test_kinesis_records_to_a_bus(world):
    stream, target = world.stream(), world.queue("out")
    events = world.aws("events")
    events.put_rule(Name="r", EventPattern=json.dumps({"detail-type": [{"prefix": ""}], "source": [{"anything-but": "aws.events"}]}))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": target}])
    bus = f"arn:aws:events:us-east-1:{world.account}:event-bus/default"
    start = {"StartingPosition": "TRIM_HORIZON"}
    world.put("stream", {"kind": "a", "who": "shop", "n": 1})
    world.pipe(stream, bus, "plain", SourceParameters={"KinesisStreamParameters": start})
    world.pipe(
        stream, bus, "shaped", SourceParameters={"KinesisStreamParameters": start, "FilterCriteria": {"Filters": [{"Pattern": '{"data":{"kind":["a"]}}'}]}},
        TargetParameters={"EventBridgeEventBusParameters": {"Source": "$.data.who", "DetailType": "$.data.kind", "Resources": ["$.eventSourceARN"]}, "InputTemplate": '{"n": <$.data.n>}'},
    )
    got = {e["source"]: e for e in map(json.loads, world.bodies(target))}
    plain, shaped = got["Pipe plain"], got["shop"]
    assert plain["detail-type"] == "Event from aws:kinesis"
    record = plain["detail"]
    assert set(record) == {"kinesisSchemaVersion", "partitionKey", "sequenceNumber", "data", "approximateArrivalTimestamp", "eventSource", "eventVersion", "eventID", "eventName",
                           "invokeIdentityArn", "awsRegion", "eventSourceARN"}
    assert json.loads(base64.b64decode(record["data"]))["n"] == 1 and record["invokeIdentityArn"] == ROLE and record["partitionKey"] == "k"
    assert (shaped["detail-type"], shaped["detail"], shaped["resources"]) == ("a", {"n": 1}, [stream])
    assert world.pipes.describe_pipe(Name="plain")["SourceParameters"]["KinesisStreamParameters"] == {
        "StartingPosition": "TRIM_HORIZON", "BatchSize": 10, "MaximumRecordAgeInSeconds": -1, "MaximumRetryAttempts": -1, "ParallelizationFactor": 1}


def test_table_changes_to_a_stream(world):
    dynamodb = world.aws("dynamodb")
    dynamodb.create_table(TableName="table", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          BillingMode="PAY_PER_REQUEST", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    world.virga.wait()
    source = dynamodb.describe_table(TableName="table")["Table"]["LatestStreamArn"]
    target = world.stream("out")
    world.pipe(source, target, SourceParameters={"DynamoDBStreamParameters": {"StartingPosition": "TRIM_HORIZON"}, "FilterCriteria": {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]}},
               TargetParameters={"KinesisStreamParameters": {"PartitionKey": "$.dynamodb.Keys.id.S"}, "InputTemplate": "<$.dynamodb.NewImage>"})
    dynamodb.put_item(TableName="table", Item={"id": {"S": "one"}, "n": {"N": "1"}})
    dynamodb.put_item(TableName="table", Item={"id": {"S": "one"}, "n": {"N": "2"}})
    dynamodb.put_item(TableName="table", Item={"id": {"S": "two"}})
    world.virga.wait()
    shard = world.kinesis.get_shard_iterator(StreamName="out", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    got = [(r["PartitionKey"], json.loads(r["Data"])) for r in world.kinesis.get_records(ShardIterator=shard)["Records"]]
    assert got == [("one", {"id": {"S": "one"}, "n": {"N": "1"}}), ("two", {"id": {"S": "two"}})]


def test_to_a_log_group_and_a_fifo_queue(world):
    source, fifo = world.queue("in"), world.queue("out.fifo", FifoQueue="true")
    logs = world.aws("logs")
    logs.create_log_group(logGroupName="/pipes")
    world.pipe(source, fifo, TargetParameters={"SqsQueueParameters": {"MessageGroupId": "$.body.group", "MessageDeduplicationId": "$.messageId"}, "InputTemplate": "<$.body.n>"})
    world.send(source, {"group": "g", "n": 4})
    (message,) = world.messages(fifo)
    assert message["Body"] == "4" and message["Attributes"]["MessageGroupId"] == "g"
    world.pipes.delete_pipe(Name="p")
    world.pipe(source, f"arn:aws:logs:us-east-1:{world.account}:log-group:/pipes", TargetParameters={"CloudWatchLogsParameters": {"LogStreamName": "s"}, "InputTemplate": "line <$.body>"})
    world.send(source, "a", "b")
    assert sorted(e["message"] for e in logs.filter_log_events(logGroupName="/pipes")["events"]) == ['line "a"', 'line "b"']


def test_pipes_go_on_after_a_restart(tmp_path):
    account = "100000000002"
    server = Virga("--data", str(tmp_path))
    try:
        sqs, pipes = (make_client(s, server.endpoint, account) for s in ("sqs", "pipes"))
        for name in ("in", "out"):
            sqs.create_queue(QueueName=name)
        arn = f"arn:aws:sqs:us-east-1:{account}:"
        pipes.create_pipe(Name="p", Source=arn + "in", Target=arn + "out", RoleArn=ROLE, TargetParameters={"InputTemplate": "<$.body>"})
        assert server.stop() == 0
        server = Virga("--data", str(tmp_path))
        sqs = make_client("sqs", server.endpoint, account)
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="in")["QueueUrl"], MessageBody='"again"')
        server.wait()
        (message,) = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="out")["QueueUrl"])["Messages"]
        assert message["Body"] == '"again"'
    finally:
        server.kill()
