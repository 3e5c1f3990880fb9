"""EventBridge through boto3: what publishers, rules and targets see."""
import datetime
import json

import botocore.exceptions
import pytest

from conftest import make_client

ROLE = "arn:aws:iam::123456789012:role/events"


def entry(detail='{"n":1}', source="shop", kind="Order", **more):
    return {"Source": source, "DetailType": kind, "Detail": detail, **more}


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


class World:
    """A test's account: clients, queues and what arrives in them."""

    def __init__(self, virga, aws, account):
        self.virga, self.aws, self.account = virga, aws, account
        # Without the client's own checks: it is the server's answer that counts.
        self.events, self.sqs = aws("events", parameter_validation=False), aws("sqs")

    def queue(self, name="inbox", region="us-east-1", **attributes):
        sqs = self.sqs if region == "us-east-1" else self.aws("sqs", region=region)
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return Queue(sqs, url, f"arn:aws:sqs:{region}:{self.account}:{name}")

    def rule(self, name, pattern, *targets, bus="default", events=None):
        events = events or self.events
        arn = events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))["RuleArn"]
        answer = events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": str(i), **t} for i, t in enumerate(targets)])
        assert answer["FailedEntryCount"] == 0 and answer["FailedEntries"] == []
        return arn

    def virga_seconds(self):
        return datetime.datetime.fromisoformat(self.virga.now().replace("Z", "+00:00")).timestamp()

    def put(self, *entries, **more):
        answer = self.events.put_events(Entries=list(entries), **more)
        self.virga.wait()
        return answer


class Queue:
    def __init__(self, sqs, url, arn):
        self.sqs, self.url, self.arn = sqs, url, arn

    def messages(self):
        out = []
        while True:
            got = self.sqs.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
            ).get("Messages", [])
            if not got:
                return out
            out += got
            for m in got:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=m["ReceiptHandle"])

    def bodies(self):
        return [m["Body"] for m in self.messages()]


@pytest.fixture
def world(virga, aws, account):
    return World(virga, aws, account)


# ---- events ----


def test_an_event_reaches_a_queue_as_the_envelope_with_its_detail_byte_for_byte(world):
    queue = world.queue()
    world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn})
    detail = '{ "z" : 1.10, "a":12345678901234567890,\n"u":"\\u0000\\u00e9😀", "e":{}, "l":[ ] }'
    time = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    answer = world.put(entry(detail, Time=time, Resources=["arn:x"]))
    assert answer["FailedEntryCount"] == 0
    event_id = answer["Entries"][0]["EventId"]
    assert queue.bodies() == [
        '{"version":"0","id":"%s","detail-type":"Order","source":"shop","account":"%s","time":"2026-01-02T03:04:05Z","region":"us-east-1",'
        '"resources":["arn:x"],"detail":{"z":1.10,"a":12345678901234567890,"u":"\\u0000\\u00e9😀","e":{},"l":[]}}' % (event_id, world.account)
    ]


def test_entries_fail_one_by_one_and_in_order(world):
    queue = world.queue()
    world.rule("r", {"detail": {"n": [1]}}, {"Arn": queue.arn})
    answer = world.put(
        entry(),
        {"DetailType": "T", "Detail": "{}"},
        entry("[]"),
        entry("{"),
        entry(source="aws.s3"),
        entry("[]", source="aws.s3"),
        {"Source": "s", "Detail": "{}"},
        {"Source": "s", "DetailType": "T"},
    )
    assert answer["FailedEntryCount"] == 7
    assert "EventId" in answer["Entries"][0]
    assert [(e["ErrorCode"], e["ErrorMessage"]) for e in answer["Entries"][1:]] == [
        ("InvalidArgument", "Parameter Source is not valid. Reason: Source is a required argument."),
        ("MalformedDetail", "Detail is malformed."),
        ("MalformedDetail", "Detail is malformed."),
        ("NotAuthorizedForSourceException", "Not authorized for the source."),
        ("MalformedDetail", "Detail is malformed."),
        ("InvalidArgument", "Parameter DetailType is not valid. Reason: DetailType is a required argument."),
        ("InvalidArgument", "Parameter Detail is not valid. Reason: Detail is a required argument."),
    ]
    assert len(queue.bodies()) == 1


def test_the_number_and_the_size_of_entries(world):
    code, text = error_of(world.events.put_events, Entries=[entry()] * 11)
    assert code == "ValidationException"
    assert text.startswith("1 validation error detected: Value '[PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=Order, detail={\"n\":1}, ")
    assert text.endswith("' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10")
    code, text = error_of(world.events.put_events, Entries=[])
    assert text == "1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1"
    fill = 1048576 - len("shop") - len("Order") - len('{"x":""}')
    assert world.put(entry('{"x":"%s"}' % ("x" * fill)))["FailedEntryCount"] == 0
    assert error_of(world.events.put_events, Entries=[entry('{"x":"%s"}' % ("x" * (fill + 1)))]) == (
        "ValidationException",
        "Total size of the entries in the request is over the limit.",
    )


def test_an_unknown_bus_takes_the_event_and_drops_it(world):
    assert "EventId" in world.put(entry(EventBusName="nowhere"))["Entries"][0]


def test_the_trace_header_reaches_the_queue_and_not_the_event(world):
    queue = world.queue()
    world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn})
    world.put(entry(TraceHeader="Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"))
    (message,) = queue.messages()
    assert message["Attributes"]["AWSTraceHeader"].startswith("Root=1-5759e988-bd862e3fe1be46a994272793")
    assert "5759e988" not in message["Body"]


def test_ten_events_to_one_queue_all_arrive(world):
    queue = world.queue()
    world.rule("r", {"detail": {"n": [{"numeric": [">", 2]}]}}, {"Arn": queue.arn, "InputPath": "$.detail.n"})
    world.put(*[entry(json.dumps({"n": n})) for n in range(10)])
    assert sorted(int(b) for b in queue.bodies()) == [3, 4, 5, 6, 7, 8, 9]


# ---- buses ----


def test_buses_come_and_go(world):
    events = world.events
    arn = events.create_event_bus(Name="orders", Description="d", Tags=[{"Key": "k", "Value": "v"}])["EventBusArn"]
    assert arn == f"arn:aws:events:us-east-1:{world.account}:event-bus/orders"
    assert [b["Name"] for b in events.list_event_buses()["EventBuses"]] == ["default", "orders"]
    assert events.describe_event_bus(Name=arn)["Description"] == "d"
    assert events.describe_event_bus()["Name"] == "default"
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    assert events.update_event_bus(Name="orders", Description="e")["Description"] == "e"
    first = events.list_event_buses(Limit=1)
    assert [b["Name"] for b in events.list_event_buses(NextToken=first["NextToken"])["EventBuses"]] == ["orders"]
    assert error_of(events.create_event_bus, Name="orders") == ("ResourceAlreadyExistsException", "Event bus orders already exists.")
    assert error_of(events.create_event_bus, Name="default") == ("ResourceAlreadyExistsException", "Event bus default already exists.")
    assert error_of(events.create_event_bus, Name="a/b") == ("ValidationException", "Event bus name must not contain '/'.")
    assert error_of(events.delete_event_bus, Name="default") == ("ValidationException", "Cannot delete event bus default.")
    events.delete_event_bus(Name="orders")
    events.delete_event_bus(Name="orders")
    assert error_of(events.describe_event_bus, Name="orders") == ("ResourceNotFoundException", "Event bus orders does not exist.")


def test_an_event_crosses_buses_and_regions_and_keeps_who_published_it(world, aws):
    world.events.create_event_bus(Name="near")
    far_events = aws("events", region="eu-west-1")
    far = far_events.create_event_bus(Name="far")["EventBusArn"]
    near_queue, far_queue = world.queue("near"), world.queue("far", region="eu-west-1")
    near = f"arn:aws:events:us-east-1:{world.account}:event-bus/near"
    world.rule("hop", {"source": ["shop"]}, {"Arn": near, "RoleArn": ROLE}, {"Arn": far, "RoleArn": ROLE})
    world.rule("in", {"source": ["shop"]}, {"Arn": near_queue.arn}, bus="near")
    world.rule("in", {"source": ["shop"]}, {"Arn": far_queue.arn}, bus="far", events=far_events)
    event_id = world.put(entry())["Entries"][0]["EventId"]
    (here,), (there,) = map(json.loads, near_queue.bodies()), map(json.loads, far_queue.bodies())
    assert here["id"] == event_id and there["id"] != event_id
    assert there["region"] == "us-east-1" and {**there, "id": event_id} == here
    # A bus of another region can be written to by its ARN.
    world.put(entry(EventBusName=far))
    assert len(far_queue.bodies()) == 1


def test_an_event_from_another_account_is_not_sent_to_a_third(world, virga):
    queue = world.queue("dead")
    others = [str(int(world.account) + 500000 + i) for i in (1, 2)]
    second, third = (make_client("events", virga.endpoint, other) for other in others)
    bus = lambda account: f"arn:aws:events:us-east-1:{account}:event-bus/default"  # noqa: E731
    second.put_permission(Action="events:PutEvents", Principal=world.account, StatementId="first")
    world.rule("a", {"source": ["shop"]}, {"Arn": bus(others[0]), "RoleArn": ROLE})
    world.rule("b", {"source": ["shop"]}, {"Arn": bus(others[1]), "RoleArn": ROLE, "DeadLetterConfig": {"Arn": queue.arn}}, events=second)
    world.put(entry())
    (message,) = queue.messages()
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "THIRD_ACCOUNT_HOP_DETECTED"
    assert json.loads(message["Body"])["account"] == world.account


def test_permissions_are_kept_as_a_policy(world):
    events = world.events
    assert error_of(events.remove_permission, StatementId="x") == ("ResourceNotFoundException", "EventBus does not have a policy.")
    events.put_permission(Action="events:PutEvents", Principal="111122223333", StatementId="one")
    events.put_permission(
        Action="events:PutEvents", Principal="*", StatementId="two", Condition={"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"}
    )
    arn = events.describe_event_bus()["Arn"]
    assert json.loads(events.describe_event_bus()["Policy"])["Statement"] == [
        {"Sid": "one", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "events:PutEvents", "Resource": arn},
        {
            "Sid": "two",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "events:PutEvents",
            "Resource": arn,
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        },
    ]
    assert error_of(events.remove_permission, StatementId="x") == ("ResourceNotFoundException", "Statement with the provided id does not exist.")
    events.remove_permission(StatementId="one")
    events.remove_permission(RemoveAllPermissions=True)
    assert "Policy" not in events.describe_event_bus()
    assert error_of(events.put_permission, Policy="{")[1] == "This policy contains invalid Json"
    policy = {"Version": "2012-10-17", "Id": "p", "Statement": [{"Sid": "s", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "events:*", "Resource": arn}]}
    events.put_permission(Policy=json.dumps(policy))
    assert json.loads(events.describe_event_bus()["Policy"]) == policy
    put = dict(Action="events:PutEvents", Principal="111122223333", StatementId="x")
    assert error_of(events.put_permission, **put, Policy=json.dumps(policy)) == ("ValidationException", "Parameter Action must not be specified together with Policy.")
    assert error_of(events.put_permission, **{**put, "Action": "events:PutRule"})[1] == "Provided value in parameter 'action' is not supported."
    condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"}
    assert error_of(events.put_permission, **put, Condition=condition)[1] == "Value of the parameter 'principal' must be '*' when the parameter 'condition' is set."
    assert error_of(events.put_permission, Action="events:PutEvents", StatementId="x")[1] == "Parameter Principal must be specified."
    assert error_of(events.put_permission, Action="events:PutEvents", Principal="*")[1] == "Parameter StatementId must be specified."
    assert error_of(events.remove_permission)[1] == "Parameter StatementId must be specified."


# ---- rules and targets ----


def test_rules_come_and_go(world):
    events = world.events
    pattern = '{"source":["shop"]}'
    arn = events.put_rule(Name="r", EventPattern=pattern, Description="d", Tags=[{"Key": "k", "Value": "v"}])["RuleArn"]
    assert arn == f"arn:aws:events:us-east-1:{world.account}:rule/r"
    described = events.describe_rule(Name="r")
    del described["ResponseMetadata"]
    assert described == {
        "Name": "r", "Arn": arn, "EventPattern": pattern, "State": "ENABLED", "Description": "d", "EventBusName": "default", "CreatedBy": world.account,
    }  # fmt: skip
    queue = world.queue()
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue.arn}])
    # A new put replaces all but the targets and the tags.
    events.put_rule(Name="r", EventPattern=pattern)
    assert "Description" not in events.describe_rule(Name="r")
    assert events.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "q", "Arn": queue.arn}]
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    assert events.list_rule_names_by_target(TargetArn=queue.arn)["RuleNames"] == ["r"]
    events.put_rule(Name="s", EventPattern=pattern)
    assert [r["Name"] for r in events.list_rules(NamePrefix="s")["Rules"]] == ["s"]
    first = events.list_rules(Limit=1)
    assert [r["Name"] for r in first["Rules"]] == ["r"]
    assert [r["Name"] for r in events.list_rules(NextToken=first["NextToken"])["Rules"]] == ["s"]
    assert error_of(events.delete_rule, Name="r") == ("ValidationException", "Rule can't be deleted since it has targets.")
    failed = events.remove_targets(Rule="r", Ids=["q", "x"])
    assert failed["FailedEntries"] == [
        {"TargetId": "x", "ErrorCode": "ResourceNotFoundException", "ErrorMessage": "Rule 'r' does not have a target with the Id 'x'."}
    ]
    events.delete_rule(Name="r")
    events.delete_rule(Name="r")
    assert error_of(events.describe_rule, Name="r") == ("ResourceNotFoundException", "Rule r does not exist on EventBus default.")
    assert error_of(events.delete_rule, Name="r", EventBusName="nowhere")[1] == "Event bus nowhere does not exist."


def test_a_disabled_rule_is_silent(world):
    queue = world.queue()
    world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn})
    world.events.disable_rule(Name="r")
    world.put(entry())
    assert queue.bodies() == []
    world.events.enable_rule(Name="r")
    world.put(entry())
    assert len(queue.bodies()) == 1


def test_what_put_rule_refuses(world):
    put = world.events.put_rule
    assert error_of(put, Name="r") == ("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.")
    code, text = error_of(put, Name="r", EventPattern='{"source":"shop"}')
    assert code == "InvalidEventPatternException"
    assert text == (
        'Event pattern is not valid. Reason: "source" must be an object or an array\n at [Source: (String)"{"source":"shop"}"; line: 1, column: 12]'
    )
    assert error_of(put, Name="r", EventPattern='{"a":["%s"]}' % ("x" * 2048))[1] == "Parameter EventPattern for rule r exceeds limit of 2048."
    for bad in ("rate(1 minutes)", "cron(0 12 * * ?)", "cron(0 12 * * * *)"):
        assert error_of(put, Name="r", ScheduleExpression=bad) == ("ValidationException", "Parameter ScheduleExpression is not valid.")
    world.events.create_event_bus(Name="b")
    assert error_of(put, Name="r", EventBusName="b", ScheduleExpression="rate(1 minute)")[1] == "ScheduleExpression is supported only on the default event bus."
    assert error_of(put, Name="r", EventBusName="c", EventPattern="{}")[1] == "Event bus c does not exist."


def test_what_put_targets_refuses(world):
    events, queue = world.events, world.queue()
    events.put_rule(Name="r", EventPattern='{"source":["shop"]}')

    def refused(**target):
        return error_of(events.put_targets, Rule="r", Targets=[{"Id": "t", "Arn": queue.arn, **target}])[1]

    assert refused(Input="{}", InputPath="$") == "Only one of Input, InputPath, or InputTransformer must be provided for target t."
    assert refused(Input="{") == "JSON syntax error in input for target t."
    assert refused(InputPath="$['a']") == "InputPath for target t is invalid."
    template = lambda text: refused(InputTransformer={"InputPathsMap": {"a": "$.a"}, "InputTemplate": text})  # noqa: E731
    assert template("<b>") == "InputTemplate for target t contains invalid placeholder b."
    assert template("<aws.events.event.json>") == "InputTemplate for target t contains placeholder aws.events.event.json valid only for JSON template."
    machine = f"arn:aws:states:us-east-1:{world.account}:stateMachine:m"
    assert refused(Arn=machine) == f"RoleArn is required for target {machine}."
    assert refused(EcsParameters={"TaskDefinitionArn": "arn:x"}) == "Parameter(s) EcsParameters not supported for target: t."
    for service, resource, block in (("ecs", "cluster/c", "EcsParameters"), ("batch", "job-queue/q", "BatchParameters"), ("redshift", "cluster:c", "RedshiftDataParameters")):
        arn = f"arn:aws:{service}:us-east-1:{world.account}:{resource}"
        assert refused(Arn=arn, RoleArn=ROLE) == f"Parameter(s) {block} must be specified for target: t."
    assert refused(Arn=queue.arn + ".fifo") == "Parameter(s) SqsParameters must be specified for target: t."
    assert refused(Arn="nothing") == "Parameter nothing is not valid. Reason: Provided Arn is not in correct format."
    topic = queue.arn.replace(":sqs:", ":sns:")
    assert refused(DeadLetterConfig={"Arn": topic}) == "sns is not supported as a dead letter resource"
    targets = [{"Id": str(i), "Arn": queue.arn} for i in range(6)]
    assert error_of(events.put_targets, Rule="r", Targets=targets) == (
        "LimitExceededException", "The requested resource exceeds the maximum number allowed.",
    )  # fmt: skip
    assert error_of(events.put_targets, Rule="r", Targets=[targets[0]] * 2)[1] == (
        "Parameter targets is not valid. Reason: More than one target with Id '0' is provided."
    )
    assert error_of(events.put_targets, Rule="x", Targets=targets[:1])[1] == "Rule x does not exist on EventBus default."


def test_tags_of_buses_and_rules(world):
    events = world.events
    bus = events.create_event_bus(Name="b", Tags=[{"Key": "a", "Value": "1"}])["EventBusArn"]
    rules = [events.put_rule(Name="r", EventBusName=name, EventPattern='{"source":["s"]}')["RuleArn"] for name in ("default", "b")]
    tags = lambda arn: {t["Key"]: t["Value"] for t in events.list_tags_for_resource(ResourceARN=arn)["Tags"]}  # noqa: E731
    for arn, before in ((bus, {"a": "1"}), (rules[0], {}), (rules[1], {})):
        events.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "c", "Value": ""}])
        assert tags(arn) == before | {"b": "2", "c": ""}
        events.untag_resource(ResourceARN=arn, TagKeys=["b", "missing"])
        assert tags(arn) == before | {"c": ""}
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert error_of(events.tag_resource, ResourceARN=bus, Tags=twice) == ("ValidationException", "Invalid parameter: Duplicated keys are not allowed.")
    for call in (events.list_tags_for_resource, events.tag_resource, events.untag_resource):
        more = {events.tag_resource: {"Tags": []}, events.untag_resource: {"TagKeys": []}}.get(call, {})
        assert error_of(call, ResourceARN=rules[0] + "x", **more) == ("ResourceNotFoundException", "Rule rx does not exist on EventBus default.")
        assert error_of(call, ResourceARN=rules[1] + "x", **more) == ("ResourceNotFoundException", "Rule rx does not exist on EventBus b.")
        assert error_of(call, ResourceARN=rules[1].replace("/b/", "/z/"), **more) == ("ResourceNotFoundException", "Event bus z does not exist.")
        assert error_of(call, ResourceARN=bus + "x", **more) == ("ResourceNotFoundException", "Event bus bx does not exist.")


def test_targets_come_back_as_they_were_put(world):
    """Of every kind, with all their parameters; and by every target its rule is found."""
    events = world.events
    arn = lambda service, resource: f"arn:aws:{service}:us-east-1:{world.account}:{resource}"  # noqa: E731
    network = {"awsvpcConfiguration": {"Subnets": ["s"], "SecurityGroups": ["g"], "AssignPublicIp": "ENABLED"}}
    task = {
        "TaskDefinitionArn": arn("ecs", "task-definition/t:1"), "TaskCount": 2, "LaunchType": "FARGATE", "NetworkConfiguration": network, "PlatformVersion": "LATEST", "Group": "g",
        "CapacityProviderStrategy": [{"capacityProvider": "p", "weight": 1, "base": 0}], "EnableECSManagedTags": True, "EnableExecuteCommand": False,
        "PlacementConstraints": [{"type": "distinctInstance", "expression": "x"}], "PlacementStrategy": [{"type": "random", "field": "f"}], "PropagateTags": "TASK_DEFINITION",
        "ReferenceId": "r", "Tags": [{"Key": "a", "Value": "b"}],
    }  # fmt: skip
    query = {"Database": "d", "Sql": "select 1", "DbUser": "u", "StatementName": "s", "WithEvent": True, "SecretManagerArn": arn("secretsmanager", "secret:s")}
    pages = [
        [
            {"Id": "ecs", "Arn": arn("ecs", "cluster/c"), "RoleArn": ROLE, "EcsParameters": task},
            {"Id": "batch", "Arn": arn("batch", "job-queue/q"), "RoleArn": ROLE,
             "BatchParameters": {"JobDefinition": "d", "JobName": "n", "ArrayProperties": {"Size": 2}, "RetryStrategy": {"Attempts": 3}}},
            {"Id": "ssm", "Arn": arn("ssm", "document/d"), "RoleArn": ROLE, "RunCommandParameters": {"RunCommandTargets": [{"Key": "tag:a", "Values": ["b"]}]}},
            {"Id": "redshift", "Arn": arn("redshift", "cluster:c"), "RoleArn": ROLE, "RedshiftDataParameters": query},
            {"Id": "sagemaker", "Arn": arn("sagemaker", "pipeline/p"), "RoleArn": ROLE, "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "a", "Value": "b"}]}},
        ],
        [
            {"Id": "http", "Arn": arn("execute-api", "api/prod/GET/*"),
             "HttpParameters": {"PathParameterValues": ["a"], "HeaderParameters": {"h": "v"}, "QueryStringParameters": {"q": "w"}}},
            {"Id": "appsync", "Arn": arn("appsync", "endpoints/graphql-api/g"), "RoleArn": ROLE, "AppSyncParameters": {"GraphQLOperation": "mutation { m }"}},
            {"Id": "kinesis", "Arn": arn("kinesis", "stream/s"), "RoleArn": ROLE, "KinesisParameters": {"PartitionKeyPath": "$.detail.k"}, "InputPath": "$.detail"},
            {"Id": "fifo", "Arn": arn("sqs", "q.fifo"), "SqsParameters": {"MessageGroupId": "g"}, "Input": '"x"',
             "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}, "DeadLetterConfig": {"Arn": arn("sqs", "dead")}},
            {"Id": "lambda", "Arn": arn("lambda", "function:f"), "InputTransformer": {"InputPathsMap": {"a": "$.a"}, "InputTemplate": '{"a": <a>}'}},
        ],
    ]  # fmt: skip
    for name, targets in zip("rs", pages):
        events.put_rule(Name=name, EventPattern='{"source":["shop"]}')
        events.put_targets(Rule=name, Targets=targets)
        listed = events.list_targets_by_rule(Rule=name, Limit=4)
        listed = listed["Targets"] + events.list_targets_by_rule(Rule=name, NextToken=listed["NextToken"])["Targets"]
        assert listed == sorted(targets, key=lambda t: t["Id"])
        assert all(events.list_rule_names_by_target(TargetArn=t["Arn"])["RuleNames"] == [name] for t in targets)
    events.remove_targets(Rule="r", Ids=["ssm"])
    events.put_targets(Rule="r", Targets=pages[1][:1])
    first = events.list_rule_names_by_target(TargetArn=pages[1][0]["Arn"], Limit=1)
    assert first["RuleNames"] == ["r"]
    assert events.list_rule_names_by_target(TargetArn=pages[1][0]["Arn"], NextToken=first["NextToken"])["RuleNames"] == ["s"]


def test_patterns_can_be_tested(world):
    event = {"id": "1", "account": "1", "source": "s", "time": "t", "region": "r", "detail-type": "d", "detail": {"n": 300.0}}
    test = world.events.test_event_pattern
    assert test(EventPattern='{"detail":{"n":[300]}}', Event=json.dumps(event))["Result"] is True
    assert test(EventPattern='{"detail":{"n":["300"]}}', Event=json.dumps(event))["Result"] is False
    del event["account"]
    assert error_of(test, EventPattern='{"a":["b"]}', Event=json.dumps(event)) == ("ValidationException", "Parameter Event is not valid.")


ENVELOPE = {"id": "1", "account": "1", "source": "s", "time": "t", "region": "r", "detail-type": "d"}


def test_what_testing_a_pattern_refuses(world):
    test = world.events.test_event_pattern
    not_valid = ("ValidationException", "Parameter Event is not valid.")
    for event in ("{", "[]", '"x"', "", *(json.dumps({k: v for k, v in ENVELOPE.items() if k != gone}) for gone in ENVELOPE)):
        assert error_of(test, EventPattern='{"a":["b"]}', Event=event) == not_valid, event
    # `resources` and `detail` are not asked for.
    assert test(EventPattern='{"source":["s"]}', Event=json.dumps(ENVELOPE))["Result"] is True
    code, text = error_of(test, EventPattern='{"a":[{"like":"b"}]}', Event=json.dumps(ENVELOPE))
    assert code == "InvalidEventPatternException" and text.startswith("Event pattern is not valid. Reason: Unrecognized match type like\n at [Source: (String)")
    code, text = error_of(test, EventPattern='{"a":["b"]}')
    assert code == "ValidationException" and "Value null at 'event' failed to satisfy constraint: Member must not be null" in text


@pytest.mark.parametrize(
    "pattern, matching, others",
    [
        ('{"detail":{"n":[300]}}', ["300", "300.0", "3.0e2"], ['"300"', "301", "null"]),
        ('{"detail":{"n":[9007199254740993]}}', ["9007199254740993"], ["9007199254740992"]),
        ('{"detail":{"n":[12345678901234567890]}}', ["12345678901234567890"], ["12345678901234567891", "12345678901234567890.0"]),
        ('{"detail":{"n":[{"prefix":""}]}}', ['""', '"x"'], ["1", "null"]),
        ('{"detail":{"n":[{"exists":true}]}}', ["null", "[1]"], ["{}", "[]", '{"a":1}']),
        ('{"detail":{"n":[{"exists":false}]}}', ["{}", "[]", '{"a":1}'], ["null", "[1]"]),
        ('{"detail":{"n":[{"anything-but":["a"]}]}}', ['["a","b"]', "null"], ['["a"]', '"a"', "{}"]),
        ('{"detail":{"n":{"f":["Anna"],"l":["Jones"]}}}', ['[{"f":"Anna","l":"Jones"}]'], ['[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]', '[[{"f":"Anna"},{"l":"Jones"}]]']),
        ('{"detail.n":["x"]}', ['"x"', '["x"]'], ['"y"']),
        ('{"detail":{"n":{"tags":["a"],"k":["v"]}}}', ['{"tags":["b","a"],"k":"v"}'], ['{"tags":["b"],"k":"v"}']),
        ('{"detail":{"n":{"d":{"a":[{"exists":true}],"b":[{"exists":false}]}}}}', ['{"d":[{"a":1},{"a":2,"b":3}]}'], ['{"d":[{"a":2,"b":3}]}']),
        ('{"detail":{"n":[{"cidr":"10.0.0.0/24"}]}}', ['"10.0.0.0"', '"10.0.0.255"'], ['"10.0.1.0"', '"9.255.255.255"']),
        ('{"detail":{"n":["2001:db8::1"]}}', ['"2001:0db8:0:0:0:0:0:1"'], ['"2001:db8::2"']),
        ('{"detail":{"n":[{"wildcard":"a\\\\*b*"}]}}', ['"a*b"', '"a*bc"'], ['"axb"', '"ab"']),
        ('{"detail":{"n":[{"equals-ignore-case":"ÉCOLE"}]}}', ['"école"', '"École"'], ['"ecole"']),
        ('{"detail":{"n":["x"],"n":["y"]}}', ['"y"'], ['"x"']),
        ('{"$or":[{"detail":{"n":[1]}},{"source":["other"]}]}', ["1"], ["2"]),
    ],
)
def test_the_language(world, pattern, matching, others):
    for values, expected in ((matching, True), (others, False)):
        for value in values:
            event = json.dumps(ENVELOPE)[:-1] + ',"detail":{"n":%s}}' % value
            assert world.events.test_event_pattern(EventPattern=pattern, Event=event)["Result"] is expected, (pattern, value)


# ---- inputs ----


def test_what_a_target_gets_of_the_event(world):
    queues = [world.queue(f"q{i}") for i in range(5)]
    transformer = {
        "InputPathsMap": {"id": "$.detail.id", "body": "$.detail.body"},
        "InputTemplate": '{"p":"users/<id>","b":<body>,"r":"<aws.events.rule-name>"}',
    }
    world.rule(
        "shapes",
        {"source": ["shop"]},
        {"Arn": queues[0].arn, "Input": '{"fixed": true}'},
        {"Arn": queues[1].arn, "InputPath": "$.detail.id"},
        {"Arn": queues[2].arn, "InputTransformer": transformer},
        {"Arn": queues[3].arn, "InputTransformer": {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '"order <id>"'}},
        {"Arn": queues[4].arn, "InputPath": "$.detail.missing"},
    )
    world.put(entry('{"id":"o-1","body":{"a":[1,"x"]}}'))
    assert [q.bodies() for q in queues] == [
        ['{"fixed": true}'],
        ['"o-1"'],
        ['{"p":"users/o-1","b":{"a":[1,"x"]},"r":"shapes"}'],
        ['"order o-1"'],
        [],
    ]


def test_a_stream_gets_the_detail_under_a_key_from_the_event(world, aws):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="lake", ShardCount=1)
    world.virga.wait()
    arn = kinesis.describe_stream_summary(StreamName="lake")["StreamDescriptionSummary"]["StreamARN"]
    keyed = {"PartitionKeyPath": "$.detail.partitionKey"}
    world.rule("r", {"source": ["shop"]}, {"Arn": arn, "RoleArn": ROLE, "InputPath": "$.detail", "KinesisParameters": keyed})
    answer = world.put(entry('{"partitionKey":"k-1","price":1.10}'), entry('{"price":2}'))
    shard = kinesis.list_shards(StreamName="lake")["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="lake", ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    assert [(r["PartitionKey"], r["Data"]) for r in records] == [
        ("k-1", b'{"partitionKey":"k-1","price":1.10}'), (answer["Entries"][1]["EventId"], b'{"price":2}'),
    ]  # fmt: skip


# ---- failures ----


def attributes_of(message):
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def test_a_missing_target_goes_to_the_dead_letters_at_once_with_the_whole_event(world):
    dead = world.queue("dead")
    gone = f"arn:aws:sqs:us-east-1:{world.account}:gone"
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": gone, "InputPath": "$.detail", "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    (message,) = dead.messages()
    assert json.loads(message["Body"])["detail"] == {"n": 1} and json.loads(message["Body"])["source"] == "shop"
    attributes = attributes_of(message)
    assert attributes.pop("ERROR_MESSAGE")
    assert attributes == {"RULE_ARN": rule, "TARGET_ARN": gone, "ERROR_CODE": "NO_RESOURCE", "RETRY_ATTEMPTS": "0"}


def test_a_target_that_virga_does_not_have_is_a_failed_delivery(world):
    dead = world.queue("dead")
    world.rule("r", {"source": ["shop"]}, {"Arn": "arn:aws:kafka:us-east-1:1:cluster/c", "RoleArn": ROLE, "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    (message,) = dead.messages()
    assert "not implemented" in attributes_of(message)["ERROR_MESSAGE"]


def failing_queue(world, **policy):
    """A rule to a queue that answers 500, with a dead-letter queue."""
    inbox, dead = world.queue("inbox"), world.queue("dead")
    world.rule("r", {"source": ["shop"]}, {"Arn": inbox.arn, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": dead.arn}})
    fault = {"account": world.account, "service": "sqs", "operation": "SendMessage", "resource": "inbox", "code": "InternalFailure", "status": 500}
    return inbox, dead, world.virga.post("/_virga/faults", fault)


def test_a_failing_target_is_tried_again_until_the_attempts_are_used_up(world):
    inbox, dead, fault = failing_queue(world, MaximumRetryAttempts=3)
    world.put(entry())
    assert dead.messages() == []
    world.virga.advance(seconds=3600)
    (message,) = dead.messages()
    attributes = attributes_of(message)
    assert attributes["RETRY_ATTEMPTS"] == "3" and attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    struck = [f for f in world.virga.get("/_virga/faults")["faults"] if f["account"] == world.account]
    assert struck[0]["struck"] == 4
    assert inbox.bodies() == []


def test_by_default_a_delivery_is_retried_185_times_within_a_day(world):
    inbox, dead, fault = failing_queue(world)
    event_id = world.put(entry())["Entries"][0]["EventId"]
    world.virga.advance(seconds=86400)
    (message,) = dead.messages()
    attributes = attributes_of(message)
    assert attributes.pop("ERROR_MESSAGE")
    assert attributes == {
        "RULE_ARN": f"arn:aws:events:us-east-1:{world.account}:rule/r",
        "TARGET_ARN": inbox.arn,
        "ERROR_CODE": "ERROR_FROM_TARGET",
        "RETRY_ATTEMPTS": "185",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
    }
    assert json.loads(message["Body"])["id"] == event_id
    struck = [f for f in world.virga.get("/_virga/faults")["faults"] if f["account"] == world.account]
    assert struck[0]["struck"] == 186


def test_a_failing_target_is_tried_again_until_the_event_is_too_old(world):
    inbox, dead, fault = failing_queue(world, MaximumEventAgeInSeconds=60)
    world.put(entry())
    world.virga.advance(seconds=3600)
    (message,) = dead.messages()
    assert attributes_of(message)["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


def test_a_target_that_recovers_gets_the_event(world):
    inbox, dead, fault = failing_queue(world)
    world.put(entry())
    world.virga.request("DELETE", f"/_virga/faults/{fault['id']}")
    world.virga.advance(seconds=5)
    assert len(inbox.bodies()) == 1 and dead.messages() == []


# ---- schedules ----


def test_a_rate_fires_on_the_clock(world):
    queue = world.queue()
    world.events.put_rule(Name="tick", ScheduleExpression="rate(5 minutes)")
    world.events.put_targets(Rule="tick", Targets=[{"Id": "q", "Arn": queue.arn}])
    world.virga.advance(seconds=15 * 60)
    events = sorted((json.loads(b) for b in queue.bodies()), key=lambda e: e["time"])
    times = [datetime.datetime.fromisoformat(e["time"].replace("Z", "+00:00")) for e in events]
    assert [b - a for a, b in zip(times, times[1:])] == [datetime.timedelta(minutes=5)] * 2
    assert len({e["id"] for e in events}) == 3
    assert {k: events[0][k] for k in ("source", "detail-type", "detail", "resources")} == {
        "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "resources": [f"arn:aws:events:us-east-1:{world.account}:rule/tick"],
    }  # fmt: skip
    world.events.disable_rule(Name="tick")
    world.virga.advance(seconds=15 * 60)
    assert queue.bodies() == []


# ---- archives and replays ----


def minute(m, second=0):
    return datetime.datetime(2026, 1, 2, 3, m, second, tzinfo=datetime.timezone.utc)


@pytest.fixture
def archived(world):
    """An archive of orders with one event in each of three minutes and one beyond, and a queue that saw them."""
    queue = world.queue()
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn})
    bus = world.events.describe_event_bus()["Arn"]
    world.archive = world.events.create_archive(
        ArchiveName="orders", EventSourceArn=bus, EventPattern='{"detail-type":["Order"]}', RetentionDays=3
    )["ArchiveArn"]
    world.ids = [e["EventId"] for e in world.put(*[entry('{"m":%d}' % m, Time=minute(m)) for m in (12, 10, 11, 30)], entry(kind="Other"))["Entries"]]
    assert len(queue.bodies()) == 5
    world.bus, world.rule_arn, world.inbox = bus, rule, queue
    return world


def replay(world, name="again", start=minute(10), end=minute(13), **destination):
    return world.events.start_replay(
        ReplayName=name, EventSourceArn=world.archive, EventStartTime=start, EventEndTime=end, Destination={"Arn": world.bus, **destination}
    )


def test_an_archive_keeps_what_matches_for_as_long_as_it_says(archived):
    events = archived.events
    described = events.describe_archive(ArchiveName="orders")
    assert described["EventCount"] == 4 and described["SizeBytes"] > 400 and described["State"] == "ENABLED"
    assert [a["ArchiveName"] for a in events.list_archives(NamePrefix="o")["Archives"]] == ["orders"]
    managed = events.describe_rule(Name="Events-Archive-orders")
    assert managed["ManagedBy"] == "prod.vhs.events.aws.internal"
    assert managed["EventPattern"] == '{"detail-type":["Order"],"replay-name":[{"exists":false}]}'
    assert error_of(events.delete_rule, Name="Events-Archive-orders") == (
        "ManagedRuleException", "Rule 'Events-Archive-orders' is managed by an AWS service can only be modified if force is True.",
    )  # fmt: skip
    assert error_of(events.create_archive, ArchiveName="orders", EventSourceArn=archived.bus)[1] == "Archive orders already exists."
    assert error_of(events.list_archives, NamePrefix="o", State="ENABLED")[1] == (
        "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix."
    )
    archived.virga.advance(seconds=4 * 86400)
    assert events.describe_archive(ArchiveName="orders")["EventCount"] == 0
    events.delete_archive(ArchiveName="orders")
    assert error_of(events.describe_archive, ArchiveName="orders") == ("ResourceNotFoundException", "Archive orders does not exist.")
    assert events.list_rules(NamePrefix="Events-Archive")["Rules"] == []


def test_a_replay_sends_a_span_of_time_again_in_order(archived):
    assert replay(archived)["State"] == "STARTING"
    archived.virga.wait()
    events = [json.loads(b) for b in archived.inbox.bodies()]
    assert [e["detail"]["m"] for e in events] == [10, 11, 12]
    assert [e["time"] for e in events] == [f"2026-01-02T03:{m}:00Z" for m in (10, 11, 12)]
    assert [e["id"] for e in events] == [archived.ids[i] for i in (1, 2, 0)]
    assert {e["replay-name"] for e in events} == {"again"}
    described = archived.events.describe_replay(ReplayName="again")
    assert described["State"] == "COMPLETED" and described["EventLastReplayedTime"] == minute(12)
    assert described["Destination"] == {"Arn": archived.bus}
    # What is replayed is not archived again.
    assert archived.events.describe_archive(ArchiveName="orders")["EventCount"] == 4
    replay(archived, "none", FilterArns=[archived.rule_arn + "x"])
    replay(archived, "some", FilterArns=[archived.rule_arn])
    archived.virga.wait()
    assert {json.loads(b)["replay-name"] for b in archived.inbox.bodies()} == {"some"}
    assert [r["ReplayName"] for r in archived.events.list_replays()["Replays"]] == ["again", "none", "some"]
    # A replay's name is taken for 90 days.
    archived.virga.advance(seconds=89 * 86400)
    assert error_of(replay, world=archived)[0] == "ResourceAlreadyExistsException"
    archived.virga.advance(seconds=2 * 86400)
    assert archived.events.list_replays()["Replays"] == []
    assert replay(archived)["State"] == "STARTING"


def test_what_replays_refuse(archived):
    events = archived.events
    invalid = "Parameter %s is not valid. Reason: %s"
    assert error_of(replay, world=archived, Arn="arn:aws:sqs:us-east-1:1:q")[1] == invalid % ("Destination.Arn", "Must contain an event bus ARN.")
    other = events.create_event_bus(Name="other")["EventBusArn"]
    assert error_of(replay, world=archived, Arn=other)[1] == invalid % ("Destination.Arn", "Cross event bus replay is not permitted.")
    assert error_of(replay, world=archived, Arn=other + "x")[1] == "Event bus otherx does not exist."
    assert error_of(replay, world=archived, start=minute(5), end=minute(5))[1] == invalid % ("EventEndTime", "EventStartTime must be before EventEndTime.")
    replay(archived)
    archived.virga.wait()
    assert error_of(replay, world=archived) == ("ResourceAlreadyExistsException", "Replay again already exists.")
    assert error_of(events.cancel_replay, ReplayName="again") == (
        "IllegalStatusException", "Replay again is not in a valid state for this operation.",
    )  # fmt: skip
    assert error_of(events.cancel_replay, ReplayName="x") == ("ResourceNotFoundException", "Replay x does not exist.")
    archived.archive += "x"
    assert error_of(replay, world=archived)[1] == invalid % ("EventSourceArn", "Archive ordersx does not exist.")
