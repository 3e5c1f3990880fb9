"""EventBridge through boto3: what publishers and targets see (scenarios 15 to 19, 21, 41, 42)."""
import datetime
import json

from conftest import make_client
from event_support import ROLE, entry, error_of, world  # noqa: F401


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
    for bad in ("{", "[]", "{}", '{"Statement":[]}', '{"Statement":[{"Effect":"Allow"}]}'):
        assert error_of(events.put_permission, Policy=bad) == ("ValidationException", "This policy contains invalid Json"), bad
    assert error_of(events.put_permission)[1] == "Parameter Principal must be specified."
    policy = {"Version": "2012-10-17", "Id": "p", "Statement": [{"Sid": "s", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "events:*", "Resource": arn}]}
    events.put_permission(Policy=json.dumps(policy))
    assert json.loads(events.describe_event_bus()["Policy"]) == policy
    other = dict(policy, Statement=[dict(policy["Statement"][0], Resource=arn + "2")])
    assert error_of(events.put_permission, Policy=json.dumps(other)) == (
        "ValidationException", f'The relative-id "event-bus/default2" is invalid for ARN "{arn}2"',
    )  # fmt: skip
    put = dict(Action="events:PutEvents", Principal="111122223333", StatementId="x")
    assert error_of(events.put_permission, **put, Policy=json.dumps(policy)) == ("ValidationException", "Parameter Action must not be specified together with Policy.")
    assert error_of(events.put_permission, **{**put, "Action": "events:PutRule"})[1] == "Provided value in parameter 'action' is not supported."
    condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"}
    assert error_of(events.put_permission, **put, Condition=condition)[1] == "Value of the parameter 'principal' must be '*' when the parameter 'condition' is set."
    assert error_of(events.put_permission, Action="events:PutEvents", StatementId="x")[1] == "Parameter Principal must be specified."
    assert error_of(events.put_permission, Action="events:PutEvents", Principal="*")[1] == "Parameter StatementId must be specified."
    assert error_of(events.remove_permission)[1] == "Parameter StatementId must be specified."


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
