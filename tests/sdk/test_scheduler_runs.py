"""What schedules send, when, and what becomes of runs that fail (scenarios 46 to 49)."""
import datetime
import json
import zoneinfo

from conftest import make_client
from scheduler_support import OFF, ROLE, error_of, world  # noqa: F401
from virga_process import Virga

UTC = datetime.timezone.utc


def test_one_time_schedule_to_a_bus(world):
    events = world.aws("events")
    queue = world.queue()
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": queue}])
    bus = f"arn:aws:events:us-east-1:{world.account}:event-bus/default"
    world.create("once", world.at(60), {"Arn": bus, "EventBridgeParameters": {"Source": "shop", "DetailType": "Due"}, "Input": '{"order":7}'}, ActionAfterCompletion="DELETE")
    world.virga.advance(50)
    assert world.messages() == []
    world.scheduler.get_schedule(Name="once")
    world.virga.advance(20)
    (message,) = world.messages()
    event = json.loads(message["Body"])
    assert (event["source"], event["detail-type"], event["detail"]) == ("shop", "Due", {"order": 7})
    assert error_of(world.scheduler.get_schedule, Name="once")[0] == "ResourceNotFoundException"


def test_one_time_schedule_stays_without_delete(world):
    world.create("once", world.at(60), {"Arn": world.queue(), "Input": "x"})
    world.create("past", "at(2020-01-01T00:00:00)", {"Arn": world.queue(), "Input": "never"})
    world.virga.advance(7200)
    assert [m["Body"] for m in world.messages()] == ["x"]
    assert world.scheduler.get_schedule(Name="once")["State"] == "ENABLED"


def test_rate_runs_at_once_and_then_in_its_beat(world):
    world.create("r", "rate(5 minutes)", {"Arn": world.queue()})
    world.virga.wait()
    world.virga.advance(15 * 60)
    bodies = [json.loads(m["Body"]) for m in world.messages()]
    world.scheduler.delete_schedule(Name="r")
    times = [datetime.datetime.fromisoformat(b["time"].replace("Z", "+00:00")) for b in bodies]
    assert [(t - times[0]).seconds for t in times] == [0, 300, 600, 900]
    event = bodies[0]
    assert event["detail-type"] == "Scheduled Event" and event["source"] == "aws.scheduler" and event["detail"] == "{}"
    assert event["resources"] == [f"arn:aws:scheduler:us-east-1:{world.account}:schedule/default/r"]
    assert len({b["id"] for b in bodies}) == 4
    world.virga.advance(600)
    assert world.messages() == []


def test_between_start_and_end(world):
    start = (world.now() + datetime.timedelta(hours=1)).replace(microsecond=0)
    end = start + datetime.timedelta(minutes=20)
    target = {"Arn": world.queue(), "Input": "<aws.scheduler.scheduled-time>"}
    world.create("r", "rate(10 minutes)", target, StartDate=start, EndDate=end, ActionAfterCompletion="DELETE")
    world.virga.advance(3600 + 1200 - 60)
    assert world.scheduler.get_schedule(Name="r")
    world.virga.advance(3600)
    assert [m["Body"] for m in world.messages()] == [(start + datetime.timedelta(minutes=10 * i)).strftime("%Y-%m-%dT%H:%M:%SZ") for i in range(3)]
    assert error_of(world.scheduler.get_schedule, Name="r")[0] == "ResourceNotFoundException"


def test_disabled_schedules_do_not_run(world):
    target = {"Arn": world.queue(), "Input": "x", "RoleArn": ROLE}
    world.create("r", "rate(1 minute)", target, State="DISABLED")
    world.virga.advance(300)
    assert world.messages() == []
    world.scheduler.update_schedule(Name="r", ScheduleExpression=world.at(60), Target=target, FlexibleTimeWindow=OFF)
    world.virga.advance(120)
    assert len(world.messages()) == 1


def test_universal_target_with_keywords_and_retries(world):
    world.queue()
    body = '{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","n":<aws.scheduler.attempt-number>}'
    request = json.dumps({"QueueUrl": world.url, "MessageBody": body})
    world.virga.post("/_virga/faults", {"service": "sqs", "operation": "SendMessage", "account": world.account, "code": "ServiceUnavailable", "status": 503, "count": 2})
    arn = world.create("u", world.at(30), {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": request})
    world.virga.advance(600)
    (message,) = world.messages()
    got = json.loads(message["Body"])
    assert got["arn"] == arn and got["n"] == 3 and len(got["id"]) == 16 and got["time"].endswith("Z")


def test_universal_targets_reach_any_operation(world):
    dynamodb, s3, logs = world.aws("dynamodb"), world.aws("s3"), world.aws("logs")
    dynamodb.create_table(TableName="table", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          BillingMode="PAY_PER_REQUEST")
    bucket = f"universal-{world.account}"
    s3.create_bucket(Bucket=bucket)
    for i, (api, request) in enumerate((
        ("dynamodb:putItem", {"TableName": "table", "Item": {"id": {"S": "1"}, "n": {"N": "5"}}}),
        ("s3:putObject", {"Bucket": bucket, "Key": "a/b", "Body": "text", "ContentType": "text/x"}),
        ("cloudwatchlogs:createLogGroup", {"LogGroupName": "/from/schedule"}),
    )):
        world.create(f"u{i}", world.at(30), {"Arn": f"arn:aws:scheduler:::aws-sdk:{api}", "Input": json.dumps(request)})
    world.virga.advance(60)
    assert dynamodb.get_item(TableName="table", Key={"id": {"S": "1"}})["Item"]["n"] == {"N": "5"}
    got = s3.get_object(Bucket=bucket, Key="a/b")
    assert (got["Body"].read(), got["ContentType"]) == (b"text", "text/x")
    assert [g["logGroupName"] for g in logs.describe_log_groups()["logGroups"]] == ["/from/schedule"]


def test_fifo_queue_and_stream(world):
    fifo = world.queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    kinesis = world.aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    world.virga.wait()
    stream = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
    world.create("f", world.at(10), {"Arn": fifo, "SqsParameters": {"MessageGroupId": "g1"}, "Input": "to the queue"})
    world.create("k", world.at(10), {"Arn": stream, "KinesisParameters": {"PartitionKey": "pk"}, "Input": "to the stream"})
    world.virga.advance(20)
    (message,) = world.messages()
    assert message["Body"] == "to the queue" and message["Attributes"]["MessageGroupId"] == "g1"
    shard = kinesis.get_shard_iterator(StreamName="s", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    (record,) = kinesis.get_records(ShardIterator=shard)["Records"]
    assert (record["PartitionKey"], record["Data"]) == ("pk", b"to the stream")


def attributes_of(message):
    return {k: v["StringValue"] for k, v in message["MessageAttributes"].items()}


def test_dead_letter_of_a_hopeless_run(world):
    dead = world.queue("dead")
    request = json.dumps({"QueueUrl": f"{world.virga.endpoint}/{world.account}/nope", "MessageBody": "m"})
    arn = world.create("u", world.at(30), {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": request, "DeadLetterConfig": {"Arn": dead}}, ActionAfterCompletion="DELETE")
    world.virga.advance(60)
    (message,) = world.messages()
    attributes = attributes_of(message)
    assert message["Body"] == request
    assert attributes.pop("SCHEDULED_TIME").endswith("Z") and len(attributes.pop("EXECUTION_ID")) == 16
    assert attributes == {
        "SCHEDULE_ARN": arn, "TARGET_ARN": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "ERROR_CODE": "AWS.SimpleQueueService.NonExistentQueue",
        "ERROR_MESSAGE": "The specified queue does not exist.", "RETRY_ATTEMPTS": "0", "IS_PAYLOAD_TRUNCATED": "false",
    }
    assert error_of(world.scheduler.get_schedule, Name="u")[0] == "ResourceNotFoundException"


def test_dead_letter_when_retries_are_used_up(world):
    dead = world.queue("dead")
    target = world.queue("target")
    dead_url = world.url.replace("target", "dead")
    world.virga.post("/_virga/faults", {"service": "sqs", "operation": "SendMessage", "account": world.account, "resource": "target", "code": "ServiceUnavailable", "status": 503, "count": 1000})
    world.create("n", world.at(10), {"Arn": target, "Input": "m", "DeadLetterConfig": {"Arn": dead}, "RetryPolicy": {"MaximumRetryAttempts": 3}})
    world.create("a", world.at(10), {"Arn": target, "Input": "m", "DeadLetterConfig": {"Arn": dead}, "RetryPolicy": {"MaximumEventAgeInSeconds": 60}})
    world.virga.advance(3600)
    got = {attributes_of(m)["SCHEDULE_ARN"].rsplit("/", 1)[1]: attributes_of(m) for m in world.messages(dead_url)}
    assert (got["n"]["RETRY_ATTEMPTS"], got["n"]["EXHAUSTED_RETRY_CONDITION"]) == ("3", "MaximumRetryAttempts")
    assert got["a"]["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds" and int(got["a"]["RETRY_ATTEMPTS"]) > 3


def test_a_year_in_new_york_survives_a_restart(tmp_path):
    """Every day at 2:30 and 1:30 local time: not on the day the clocks skip it, once on the day they show it twice."""
    zone = zoneinfo.ZoneInfo("America/New_York")
    server = Virga("--data", str(tmp_path))
    try:
        server.freeze("2027-01-01T00:00:00Z")
        scheduler, sqs = (make_client(s, server.endpoint, "100000000001") for s in ("scheduler", "sqs"))
        url = sqs.create_queue(QueueName="q", Attributes={"MessageRetentionPeriod": "1209600"})["QueueUrl"]
        target = {"Arn": "arn:aws:sqs:us-east-1:100000000001:q", "RoleArn": ROLE, "Input": "<aws.scheduler.scheduled-time>"}
        scheduler.create_schedule(Name="s", ScheduleExpression="cron(30 1-2 * * ? *)", ScheduleExpressionTimezone="America/New_York", Target=target, FlexibleTimeWindow=OFF)
        seen = []

        def drain():
            while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                seen.extend(m["Body"] for m in got)
                sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])

        day = datetime.datetime(2027, 1, 1, tzinfo=UTC)
        while day.year == 2027:
            day += datetime.timedelta(days=10)
            server.advance(to=day.strftime("%Y-%m-%dT%H:%M:%SZ"))
            drain()
            if day == datetime.datetime(2027, 3, 2, tzinfo=UTC):
                assert server.stop() == 0
                server = Virga("--data", str(tmp_path), "--freeze-clock", day.strftime("%Y-%m-%dT%H:%M:%SZ"))
                sqs = make_client("sqs", server.endpoint, "100000000001")
                url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    finally:
        server.kill()

    wanted = []
    for n in range(-1, (day - datetime.datetime(2027, 1, 1, tzinfo=UTC)).days + 1):
        date = datetime.date(2027, 1, 1) + datetime.timedelta(days=n)
        for hour in (1, 2):
            local = datetime.datetime(date.year, date.month, date.day, hour, 30, tzinfo=zone)
            instant = local.astimezone(UTC)
            if instant.astimezone(zone).hour == hour and datetime.datetime(2027, 1, 1, tzinfo=UTC) <= instant <= day:
                wanted.append(instant.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert sorted(seen) == wanted and len(wanted) > 720
