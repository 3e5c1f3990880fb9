"""EventBridge Scheduler through boto3: schedules and their groups, what is kept and what is refused (scenario 50)."""
import datetime

import pytest

from scheduler_support import FAR, OFF, ROLE, error_of, world  # noqa: F401


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
    for made_up in ("?", "Zy9u"):  # the second is base64 of a group and a name
        assert error_of(s.list_schedules, NextToken=made_up)[0] == "ValidationException"


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
    for call in (s.delete_schedule_group, s.create_schedule_group):
        assert error_of(call, Name="default")[:2] == ("ValidationException", "This operation cannot be performed on schedule group default.")


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
    assert refused(Arn="arn:aws:s3:::bucket") == "s3 is not a supported service for a target."
    assert refused(Arn=f"arn:aws:scheduler:us-east-1:{a}:aws-sdk:sqs:sendMessage", Input="{}") == "scheduler is not a supported service for a target."
    assert refused(Arn="arn:aws:scheduler:::aws-sdk:sqs:sendMessage") == "You must provide an input to set this target for your schedule"
    for operation in ("getQueueUrl", "describeTable", "listQueues"):
        assert refused(Arn=f"arn:aws:scheduler:::aws-sdk:sqs:{operation}", Input="{}") == f"{operation} API is not supported"
    for service in ("nosuch", "logs", "sqs lambda"):  # SDKs call the second one cloudwatchlogs
        assert refused(Arn=f"arn:aws:scheduler:::aws-sdk:{service}:putThing", Input="{}") == f"{service} is not a supported service for a target."
    assert refused(Arn="arn:aws:scheduler:::aws-sdk:sqs:sendMassage", Input="{}") == "sendMassage API is not supported"
    task = {"TaskDefinitionArn": f"arn:aws:ecs:us-east-1:{a}:task-definition/t", "LaunchType": "FARGATE"}
    assert refused(Arn=f"arn:aws:ecs:us-east-1:{a}:cluster/c", EcsParameters=task) == "Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE"
    assert "failed to satisfy constraint" in refused(Arn=bus, EventBridgeParameters={"Source": "aws.mine", "DetailType": "d"})
    assert "failed to satisfy constraint" in refused(Arn=queue, DeadLetterConfig={"Arn": fifo})
    assert "failed to satisfy constraint" in refused(Arn=queue, RetryPolicy={"MaximumRetryAttempts": 186})
