"""EventBridge Scheduler through boto3: schedules, their groups, and what they send."""
import datetime
import json
import zoneinfo

import botocore.exceptions
import pytest

from virga_process import Virga
from conftest import make_client

UTC = datetime.timezone.utc
ROLE = "arn:aws:iam::123456789012:role/scheduler"
OFF = {"Mode": "OFF"}
FAR = "cron(0 0 1 1 ? 2999)"


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"], caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


class World:
    def __init__(self, virga, aws, account):
        self.virga, self.aws, self.account = virga, aws, account
        self.scheduler, self.sqs = aws("scheduler", parameter_validation=False), aws("sqs")

    def queue(self, name="inbox", **attributes):
        self.url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return f"arn:aws:sqs:us-east-1:{self.account}:{name}"

    def create(self, name="s", expression=FAR, target=None, window=OFF, **more):
        target = {"RoleArn": ROLE, **(target or {"Arn": f"arn:aws:lambda:us-east-1:{self.account}:function:f"})}
        return self.scheduler.create_schedule(Name=name, ScheduleExpression=expression, Target=target, FlexibleTimeWindow=window, **more)["ScheduleArn"]

    def refused(self, **arguments):
        code, message, status = error_of(self.create, **arguments)
        assert (code, status) == ("ValidationException", 400), (code, message)
        return message

    def now(self):
        return datetime.datetime.fromisoformat(self.virga.now().replace("Z", "+00:00"))

    def at(self, seconds):
        """An at() expression so many seconds from now."""
        return f"at({(self.now() + datetime.timedelta(seconds=seconds)).strftime('%Y-%m-%dT%H:%M:%S')})"

    def messages(self, url=None):
        out = []
        while True:
            got = self.sqs.receive_message(
                QueueUrl=url or self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
            ).get("Messages", [])
            if not got:
                return out
            self.sqs.delete_message_batch(
                QueueUrl=url or self.url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)]
            )
            out += got


@pytest.fixture
def world(virga, aws, account):
    return World(virga, aws, account)


# ---- what is kept ----


def test_schedule_round_trip(world):
    queue = world.queue()
    start, end = world.now() + datetime.timedelta(days=1), world.now() + datetime.timedelta(days=2)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    arn = world.create(
        "nightly", "cron(0 2 * * ? *)", {"Arn": queue, "Input": "hello"}, {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
        Description="at night", StartDate=start, EndDate=end, ScheduleExpressionTimezone="Europe/Berlin", State="DISABLED", ActionAfterCompletion="DELETE",
        KmsKeyArn="arn:aws:kms:us-east-1:123456789012:key/abc",
    )
    assert arn == f"arn:aws:scheduler:us-east-1:{world.account}:schedule/default/nightly"
    got = world.scheduler.get_schedule(Name="nightly")
    got.pop("ResponseMetadata")
    created = got.pop("CreationDate")
    assert got.pop("LastModificationDate") == created
    assert got == {
        "Arn": arn, "GroupName": "default", "Name": "nightly", "ScheduleExpression": "cron(0 2 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin",
        "Description": "at night", "State": "DISABLED", "StartDate": start, "EndDate": end, "ActionAfterCompletion": "DELETE",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}, "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/abc",
        "Target": {"Arn": queue, "RoleArn": ROLE, "Input": "hello", "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}},
    }


def test_update_resets_what_it_does_not_name(world):
    arn = world.create("s", Description="d", State="DISABLED", ScheduleExpressionTimezone="Asia/Tokyo", ActionAfterCompletion="DELETE")
    target = {"Arn": f"arn:aws:lambda:us-east-1:{world.account}:function:other", "RoleArn": ROLE}
    world.virga.advance(5)
    answer = world.scheduler.update_schedule(Name="s", ScheduleExpression="rate(1 days)", Target=target, FlexibleTimeWindow=OFF, StartDate=world.now() + datetime.timedelta(days=9))
    assert answer["ScheduleArn"] == arn
    got = world.scheduler.get_schedule(Name="s", GroupName="default")
    assert "Description" not in got and got["State"] == "ENABLED" and got["ScheduleExpressionTimezone"] == "UTC" and got["ActionAfterCompletion"] == "NONE"
    assert got["Target"]["Arn"].endswith(":other") and got["LastModificationDate"] > got["CreationDate"]
    world.scheduler.delete_schedule(Name="s")


def test_missing_and_twice(world):
    s = world.scheduler
    world.create("s")
    assert error_of(world.create, name="s") == ("ConflictException", "Schedule s already exists.", 409)
    assert error_of(world.create, name="t", GroupName="nope") == ("ResourceNotFoundException", "Schedule group nope does not exist.", 404)
    for call in (s.get_schedule, s.delete_schedule):
        assert error_of(call, Name="t") == ("ResourceNotFoundException", "Schedule t does not exist.", 404)
        assert error_of(call, Name="s", GroupName="nope") == ("ResourceNotFoundException", "Schedule group nope does not exist.", 404)
    target = {"Arn": f"arn:aws:lambda:us-east-1:{world.account}:function:f", "RoleArn": ROLE}
    assert error_of(s.update_schedule, Name="t", ScheduleExpression=FAR, Target=target, FlexibleTimeWindow=OFF)[:2] == (
        "ResourceNotFoundException", "Schedule t does not exist.")
    assert error_of(s.list_schedules, GroupName="nope")[0] == "ResourceNotFoundException"
    s.delete_schedule(Name="s")
    assert error_of(s.get_schedule, Name="s")[0] == "ResourceNotFoundException"


def test_client_tokens_make_requests_repeatable(world):
    s = world.scheduler
    first = world.create("s", ClientToken="token-1")
    assert world.create("s", ClientToken="token-1") == first
    assert error_of(world.create, name="s", ClientToken="token-2")[0] == "ConflictException"
    assert error_of(world.create, name="s", ClientToken="token-1", Description="other")[0] == "ConflictException"
    s.delete_schedule(Name="s", ClientToken="token-3")
    s.delete_schedule(Name="s", ClientToken="token-3")
    assert error_of(s.delete_schedule, Name="s", ClientToken="token-4")[0] == "ResourceNotFoundException"
    arn = s.create_schedule_group(Name="g", ClientToken="token-5")["ScheduleGroupArn"]
    assert s.create_schedule_group(Name="g", ClientToken="token-5")["ScheduleGroupArn"] == arn
    assert error_of(s.create_schedule_group, Name="g", ClientToken="token-6") == ("ConflictException", "Schedule group g already exists.", 409)


def test_list_schedules(world):
    s = world.scheduler
    s.create_schedule_group(Name="batch")
    for name, group in (("b1", "batch"), ("b2", "batch"), ("a1", "default"), ("b3", "default")):
        world.create(name, GroupName=group, State="DISABLED" if name == "b2" else "ENABLED")

    def names(**arguments):
        return [x["Name"] for x in s.list_schedules(**arguments)["Schedules"]]

    assert names() == ["b1", "b2", "a1", "b3"]
    assert names(GroupName="batch") == ["b1", "b2"]
    assert names(NamePrefix="b") == ["b1", "b2", "b3"]
    assert names(State="DISABLED") == ["b2"]
    pages = list(s.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(p["Schedules"]) for p in pages] == [3, 1]
    one = s.list_schedules(GroupName="batch", MaxResults=1)
    summary = one["Schedules"][0]
    assert set(summary) == {"Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate", "Target"}
    assert summary["Target"] == {"Arn": f"arn:aws:lambda:us-east-1:{world.account}:function:f"}
    assert error_of(s.list_schedules, NextToken="?")[0] == "ValidationException"


def test_groups_and_tags(world):
    s = world.scheduler
    arn = s.create_schedule_group(Name="g", Tags=[{"Key": "team", "Value": "a"}])["ScheduleGroupArn"]
    assert arn == f"arn:aws:scheduler:us-east-1:{world.account}:schedule-group/g"
    got = s.get_schedule_group(Name="g")
    assert (got["Arn"], got["Name"], got["State"]) == (arn, "g", "ACTIVE") and got["CreationDate"] == got["LastModificationDate"]
    assert [g["Name"] for g in s.list_schedule_groups()["ScheduleGroups"]] == ["default", "g"]
    assert [g["Name"] for g in s.list_schedule_groups(NamePrefix="g")["ScheduleGroups"]] == ["g"]
    page = s.list_schedule_groups(MaxResults=1)
    assert [g["Name"] for g in s.list_schedule_groups(NextToken=page["NextToken"])["ScheduleGroups"]] == ["g"]

    s.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "dev"}, {"Key": "team", "Value": "b"}])
    assert s.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "dev"}, {"Key": "team", "Value": "b"}]
    s.untag_resource(ResourceArn=arn, TagKeys=["team", "other"])
    assert s.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "dev"}]
    assert error_of(s.tag_resource, ResourceArn=arn + "x", Tags=[])[:2] == ("ResourceNotFoundException", "Schedule group gx does not exist.")
    assert error_of(s.list_tags_for_resource, ResourceArn=arn.replace("schedule-group", "schedule"))[0] == "ValidationException"

    world.create("inside", GroupName="g")
    s.delete_schedule_group(Name="g")
    assert error_of(s.get_schedule_group, Name="g") == ("ResourceNotFoundException", "Schedule group g does not exist.", 404)
    assert error_of(s.delete_schedule_group, Name="g")[0] == "ResourceNotFoundException"
    assert s.list_schedules()["Schedules"] == []
    assert error_of(s.delete_schedule_group, Name="default")[0] == "ValidationException"


# ---- what is refused ----


@pytest.mark.parametrize("expression", ["at(2030-01-01T00:00:00Z)", "at(2030-02-30T00:00:00)", "rate(0 minutes)", "rate(5 seconds)", "cron(0 12 * * * *)", "cron(0 12 ? * ? *)",
                                        "cron(61 12 * * ? *)", "5 minutes", "cron(0 12)"])
def test_bad_expressions(world, expression):
    assert world.refused(expression=expression) == f"Invalid Schedule Expression {expression}."


def test_what_does_not_go_together(world):
    now = world.now()
    day = datetime.timedelta(days=1)
    assert world.refused(window={"Mode": "OFF", "MaximumWindowInMinutes": 5}) == "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF."
    assert world.refused(window={"Mode": "FLEXIBLE"}) == "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE."
    assert world.refused(StartDate=now + 2 * day, EndDate=now + day) == "The StartDate you specify must come before the EndDate."
    assert world.refused(StartDate=now - datetime.timedelta(minutes=6)) == "The StartDate you specify cannot be earlier than 5 minutes ago."
    assert "Nowhere/Land" in world.refused(ScheduleExpressionTimezone="Nowhere/Land")
    assert world.refused(name="sp ace").startswith("1 validation error detected: Value 'sp ace' at 'name' failed to satisfy constraint")
    assert "failed to satisfy constraint" in world.refused(window={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1441})


def test_targets_that_are_refused(world):
    a = world.account
    queue, fifo = f"arn:aws:sqs:us-east-1:{a}:q", f"arn:aws:sqs:us-east-1:{a}:q.fifo"
    bus, stream = f"arn:aws:events:us-east-1:{a}:event-bus/default", f"arn:aws:kinesis:us-east-1:{a}:stream/s"
    function = f"arn:aws:lambda:us-east-1:{a}:function:f"

    def refused(**target):
        return world.refused(target=target)

    assert refused(Arn=f"arn:aws:sqs:eu-west-1:{a}:q") == "The target ARN provided does not match the current region us-east-1."
    assert refused(Arn=queue, KinesisParameters={"PartitionKey": "k"}) == "Parameters KinesisParameters not supported for the target."
    assert refused(Arn=function, EventBridgeParameters={"Source": "s", "DetailType": "d"}) == "Parameters EventBridgeParameters not supported for the target."
    assert refused(Arn=fifo) == "Parameters SqsParameters must be specified"
    assert refused(Arn=queue, SqsParameters={"MessageGroupId": "g"}) == "Parameters MessageGroupId not valid for the target"
    assert refused(Arn=bus) == "Parameters EventBridgeParameters must be specified"
    assert refused(Arn=stream) == "Parameters KinesisParameters must be specified"
    assert refused(Arn=function, Input="{no json") == "JSON syntax error in input for the target"
    assert refused(Arn="arn:aws:s3:::bucket") == "s3 is not a supported service for a target"
    assert refused(Arn=f"arn:aws:scheduler:us-east-1:{a}:aws-sdk:sqs:sendMessage", Input="{}") == "scheduler is not a supported service for a target"
    assert refused(Arn="arn:aws:scheduler:::aws-sdk:sqs:sendMessage") == "You must provide an input to set this target for your schedule"
    for operation in ("getQueueUrl", "describeTable", "listQueues"):
        assert refused(Arn=f"arn:aws:scheduler:::aws-sdk:sqs:{operation}", Input="{}") == f"{operation} API is not supported"
    assert "failed to satisfy constraint" in refused(Arn=bus, EventBridgeParameters={"Source": "aws.mine", "DetailType": "d"})
    assert "failed to satisfy constraint" in refused(Arn=queue, DeadLetterConfig={"Arn": fifo})
    assert "failed to satisfy constraint" in refused(Arn=queue, RetryPolicy={"MaximumRetryAttempts": 186})


# ---- what runs ----


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
