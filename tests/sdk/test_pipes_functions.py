"""Pipes with functions: enrichment, and targets that fail (scenarios 52, 53)."""
import json

from pipe_support import world  # noqa: F401

ENRICH = """
import json
def handler(event, context):
    assert isinstance(event, list)
    first = json.loads(event[0]["body"])
    if first.get("answer") == "drop": return []
    if first.get("answer") == "one": return [{}]
    if first.get("answer") == "fail": raise Exception("no")
    return [{"n": json.loads(e["body"])["n"] * 2} for e in event]
"""


def test_enrichment_by_a_function(world):
    source, target = world.queue("in", VisibilityTimeout="30"), world.queue("out")
    world.pipe(source, target, Enrichment=world.function("enrich", ENRICH), TargetParameters={"InputTemplate": '{"double": <$.n>}'})
    world.send(source, {"n": 4})
    assert world.bodies(target) == ['{"double": 8}']
    world.send(source, {"answer": "drop"})
    assert world.bodies(target) == []
    world.send(source, {"answer": "one"})
    assert world.bodies(target) == ['{"double": ""}']
    world.send(source, {"answer": "fail"})
    assert world.bodies(target) == []
    counts = world.sqs.get_queue_attributes(QueueUrl=world.url(source), AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    world.pipes.delete_pipe(Name="p")


FEWER = """
def handler(event, context):
    images = [r["dynamodb"]["NewImage"] for r in event]
    if any("drop" in i for i in images): return []
    if any("empty" in i for i in images): return [{}]
    return [{"kind": i["kind"]["S"], "who": "shop", "id": i["id"]["S"]} for i in images if "skip" not in i]
"""


def test_changes_of_a_table_are_enriched_and_put_on_a_bus(world):
    """What the enrichment answers decides what the bus gets: nothing, an empty event, fewer events than there were records."""
    dynamodb, events = world.aws("dynamodb"), world.aws("events")
    dynamodb.create_table(TableName="table", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          BillingMode="PAY_PER_REQUEST", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    world.virga.wait()
    seen = world.queue("seen")
    events.put_rule(Name="r", EventPattern=json.dumps({"account": [world.account]}))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": seen}])
    source = dynamodb.describe_table(TableName="table")["Table"]["LatestStreamArn"]
    world.pipe(
        source, f"arn:aws:events:us-east-1:{world.account}:event-bus/default", Enrichment=world.function("fewer", FEWER),
        SourceParameters={"DynamoDBStreamParameters": {"StartingPosition": "TRIM_HORIZON"}},
        TargetParameters={"EventBridgeEventBusParameters": {"Source": "$.who", "DetailType": "$.kind"}, "InputTemplate": '{"id":<$.id>}'},
    )

    def put(*items):
        dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {k: {"S": v} for k, v in i.items()}}} for i in items]})
        world.virga.wait()
        return sorted((e["source"], e["detail-type"], e["detail"]["id"]) for e in map(json.loads, world.bodies(seen)))

    assert put({"id": "1", "drop": "x"}) == []
    assert put({"id": "2", "empty": "x"}) == [("Pipe p", "Event from aws:dynamodb", "")]
    assert put({"id": "3", "kind": "a"}, {"id": "4", "kind": "b", "skip": "x"}, {"id": "5", "kind": "c"}) == [("shop", "a", "3"), ("shop", "c", "5")]
    assert world.pipes.describe_pipe(Name="p")["CurrentState"] == "RUNNING"


PARTIAL = """
import json, boto3, os
def handler(event, context):
    bad = [e["messageId"] for e in event if e["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": i} for i in bad]}
"""


def test_a_function_names_what_failed(world):
    dead = world.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    source = world.queue("in", VisibilityTimeout="30", RedrivePolicy=policy)
    world.pipe(source, world.function("partial", PARTIAL))
    world.send(source, "good", "bad", "good")
    counts = world.sqs.get_queue_attributes(QueueUrl=world.url(source), AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    world.virga.advance(120)
    assert world.bodies(dead) == ["bad"]


POISON = """
import base64, json
def handler(event, context):
    if any(json.loads(base64.b64decode(e["data"]))["n"] == 3 for e in event): raise Exception("poison")
    print("took", [json.loads(base64.b64decode(e["data"]))["n"] for e in event])
"""


def test_a_poison_record_ends_in_the_dead_letters(world):
    dead, stream = world.queue("dead"), world.stream()
    function = world.function("poison", POISON)
    world.put("stream", *({"n": n} for n in range(6)))
    world.pipe(stream, function, SourceParameters={"KinesisStreamParameters": {
        "StartingPosition": "TRIM_HORIZON", "BatchSize": 10, "OnPartialBatchItemFailure": "AUTOMATIC_BISECT", "MaximumRetryAttempts": 2, "DeadLetterConfig": {"Arn": dead}}})
    world.virga.advance(600)
    (letter,) = map(json.loads, world.bodies(dead))
    assert letter["context"]["condition"] == "RetryAttemptsExhausted" and letter["context"]["partnerResourceArn"].endswith(":pipe/p")
    info = letter["KinesisBatchInfo"]
    assert info["batchSize"] == 1 and info["startSequenceNumber"] == info["endSequenceNumber"] and info["streamArn"] == stream
    lines = [e["message"] for e in world.aws("logs").filter_log_events(logGroupName="/aws/lambda/poison", filterPattern="took")["events"]]
    taken = [n for line in lines for n in json.loads(line.strip().removeprefix("took "))]
    assert taken == [0, 1, 2, 4, 5]


def test_a_pipe_whose_target_keeps_refusing_is_stopped(world):
    """The queue it sends to is gone. Nothing is lost: started again, it goes on where it was."""
    source, stream, target = world.queue("in", VisibilityTimeout="30"), world.stream(), world.queue("out")
    parameters = {"KinesisStreamParameters": {"StartingPosition": "TRIM_HORIZON"}}
    world.pipe(source, target, "q", TargetParameters={"InputTemplate": "<$.body>"})
    world.pipe(stream, target, "s", SourceParameters=parameters, TargetParameters={"InputTemplate": "<$.data.n>"})
    world.sqs.delete_queue(QueueUrl=world.url(target))
    world.send(source, "waiting")
    world.put("stream", {"n": 1}, {"n": 2})
    world.virga.advance(10 * 60)
    assert [world.pipes.describe_pipe(Name=n)["CurrentState"] for n in "qs"] == ["RUNNING", "RUNNING"]
    world.virga.advance(10 * 60)
    for name in "qs":
        got = world.pipes.describe_pipe(Name=name)
        assert (got["CurrentState"], got["DesiredState"]) == ("STOPPED", "RUNNING") and "The specified queue does not exist" in got["StateReason"]
    target = world.queue("out")
    for name in "qs":
        assert world.pipes.start_pipe(Name=name)["CurrentState"] == "STARTING"
        assert "StateReason" not in world.pipes.describe_pipe(Name=name)
    world.virga.advance(60)
    assert sorted(world.bodies(target)) == ['"waiting"', "1", "2"]


def test_a_function_that_fails_stops_no_pipe(world):
    stream = world.stream()
    world.put("stream", {"n": 3})
    world.pipe(stream, world.function("poison", POISON), SourceParameters={"KinesisStreamParameters": {"StartingPosition": "TRIM_HORIZON"}})
    world.virga.advance(3600)
    assert world.pipes.describe_pipe(Name="p")["CurrentState"] == "RUNNING"
