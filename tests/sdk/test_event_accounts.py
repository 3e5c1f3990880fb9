"""EventBridge across accounts and regions: bus policies, global endpoints, partner sources; and what the control API says of
rules (scenarios 40, 43)."""
import json
import subprocess

import pytest

from conftest import make_client
from event_support import ROLE, attributes_of, entry, error_of, world  # noqa: F401
from programs import node, output
from virga_process import binary


def bus_arn(account, name="default", region="us-east-1"):
    return f"arn:aws:events:{region}:{account}:event-bus/{name}"


@pytest.fixture
def other(virga, account):
    """A second account: its clients for events and sqs."""
    number = str(int(account) + 600000)
    return number, make_client("events", virga.endpoint, number, parameter_validation=False), make_client("sqs", virga.endpoint, number)


def listen(events, sqs, account, bus="default", pattern='{"source":["shop"]}'):
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    events.put_rule(Name="in", EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule="in", EventBusName=bus, Targets=[{"Id": "q", "Arn": f"arn:aws:sqs:us-east-1:{account}:inbox"}])

    def received():
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for m in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
        return [json.loads(m["Body"]) for m in messages]

    return received


# ---- policies ----


def test_another_account_s_bus_takes_events_only_from_whom_its_policy_allows(world, other):
    account, events, sqs = other
    received = listen(events, sqs, account)
    there = bus_arn(account)
    answer = world.put(entry(EventBusName=there), entry())
    assert answer["FailedEntryCount"] == 1 and "EventId" in answer["Entries"][1]
    assert answer["Entries"][0]["ErrorCode"] == "AccessDeniedException"
    assert answer["Entries"][0]["ErrorMessage"].endswith(
        f"is not authorized to perform: events:PutEvents on resource: {there} because no resource-based policy allows the events:PutEvents action"
    )
    events.put_permission(Action="events:PutEvents", Principal=world.account, StatementId="s")
    assert world.put(entry(EventBusName=there))["FailedEntryCount"] == 0
    (event,) = received()
    assert event["account"] == world.account
    # A whole document, with a condition on what is sent.
    statement = {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": there}
    statement["Condition"] = {"StringEquals": {"events:detail-type": "Order", "events:source": "shop"}}
    events.put_permission(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    answer = world.put(entry(EventBusName=there), entry(kind="Other", EventBusName=there))
    assert [e.get("ErrorCode") for e in answer["Entries"]] == [None, "AccessDeniedException"]
    assert len(received()) == 1


def test_a_rule_to_another_account_needs_its_policy_and_keeps_the_envelope(world, other):
    account, events, sqs = other
    received, dead = listen(events, sqs, account), world.queue("dead")
    world.rule("hop", {"source": ["shop"]}, {"Arn": bus_arn(account), "RoleArn": ROLE, "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    (message,) = dead.messages()
    assert attributes_of(message)["ERROR_CODE"] == "NO_PERMISSIONS" and received() == []
    events.put_permission(Action="events:PutEvents", Principal=world.account, StatementId="s")
    event_id = world.put(entry())["Entries"][0]["EventId"]
    (event,) = received()
    assert event["id"] == event_id and event["account"] == world.account and dead.messages() == []


def test_another_account_s_bus_is_looked_after_only_by_whom_its_policy_allows(world, other):
    account, events, sqs = other
    events.create_event_bus(Name="b")
    there, mine = bus_arn(account, "b"), world.events
    rule = f"arn:aws:events:us-east-1:{account}:rule/b/r"
    calls = {
        "DescribeEventBus": lambda: mine.describe_event_bus(Name=there),
        "ListRules": lambda: mine.list_rules(EventBusName=there),
        "PutRule": lambda: mine.put_rule(Name="r", EventBusName=there, EventPattern='{"source":["shop"]}'),
        "PutTargets": lambda: mine.put_targets(Rule="r", EventBusName=there, Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:us-east-1:{account}:q"}]),
        "DescribeRule": lambda: mine.describe_rule(Name="r", EventBusName=there),
    }  # fmt: skip
    for operation, call in calls.items():
        code, message = error_of(call)
        about = there if operation in ("DescribeEventBus", "ListRules") else rule
        assert code == "AccessDeniedException" and f"is not authorized to perform: events:{operation} on resource: {about} because" in message
    statement = {"Effect": "Allow", "Principal": {"AWS": world.account}, "Action": ["events:PutRule", "events:PutTargets", "events:DescribeRule"]}
    events.put_permission(EventBusName="b", Policy=json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": rule[:-1] + "*"}]}))
    assert calls["PutRule"]()["RuleArn"] == rule and calls["PutTargets"]()["FailedEntryCount"] == 0
    assert calls["DescribeRule"]()["CreatedBy"] == world.account
    assert error_of(mine.delete_rule, Name="r", EventBusName=there, Force=True)[0] == "AccessDeniedException"
    assert events.describe_rule(Name="r", EventBusName="b")["Arn"] == rule


# ---- global endpoints ----


def put_by_endpoint(world, endpoint_id, *entries):
    """As an SDK sends it: signed for all regions, the region is nowhere."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSEvents.PutEvents",
        "X-Amz-Region-Set": "*",
        "Authorization": f"AWS4-ECDSA-P256-SHA256 Credential={world.account}/20260101/events/aws4_request, SignedHeaders=host, Signature=0",
    }
    status, _, answer = world.virga.request("POST", "/", json.dumps({"EndpointId": endpoint_id, "Entries": list(entries)}).encode(), headers)
    world.virga.wait()
    return status, json.loads(answer)


def endpoint_arguments(world, name="e", **more):
    return {
        "Name": name,
        "RoutingConfig": {
            "FailoverConfig": {"Primary": {"HealthCheck": f"arn:aws:route53:::healthcheck/{world.account}"}, "Secondary": {"Route": "us-west-2"}}
        },
        "EventBuses": [{"EventBusArn": bus_arn(world.account, "b")}, {"EventBusArn": bus_arn(world.account, "b", "us-west-2")}],
        "RoleArn": f"arn:aws:iam::{world.account}:role/r",
        **more,
    }


def test_a_global_endpoint_fails_over_and_recovers(world, aws):
    west = aws("events", region="us-west-2")
    queues = [world.queue("east"), world.queue("west", region="us-west-2")]
    for events, queue in zip((world.events, west), queues):
        events.create_event_bus(Name="b")
        world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn}, bus="b", events=events)
    made = world.events.create_endpoint(**endpoint_arguments(world, ReplicationConfig={"State": "DISABLED"}))
    assert made["State"] == "CREATING" and made["Arn"] == f"arn:aws:events:us-east-1:{world.account}:endpoint/e"
    endpoint_id = world.events.describe_endpoint(Name="e")["EndpointId"]
    status, answer = put_by_endpoint(world, endpoint_id, entry(EventBusName="b"))
    assert status == 200 and answer["FailedEntryCount"] == 0
    (event,), nothing = [q.bodies() for q in queues]
    assert json.loads(event)["region"] == "us-east-1" and nothing == []
    health = {"arn": f"arn:aws:route53:::healthcheck/{world.account}", "healthy": False}
    world.virga.post("/_virga/bus/health-checks", health)
    put_by_endpoint(world, endpoint_id, entry(EventBusName="b"))
    nothing, (event,) = [q.bodies() for q in queues]
    assert json.loads(event)["region"] == "us-west-2" and nothing == []
    world.virga.post("/_virga/bus/health-checks", {**health, "healthy": True})
    # With replication the other region gets a copy that says by which endpoint it came.
    world.events.update_endpoint(Name="e", ReplicationConfig={"State": "ENABLED"})
    put_by_endpoint(world, endpoint_id, entry(EventBusName="b"))
    here, there = [json.loads(q.bodies()[0]) for q in queues]
    assert here["resources"] == [] and there["resources"] == [made["Arn"]]
    assert there["region"] == "us-east-1" and there["id"] != here["id"]
    status, answer = put_by_endpoint(world, "no.endpoint", entry())
    assert (status, answer["__type"]) == (400, "ResourceNotFoundException")


def test_scenario_43_an_sdk_puts_by_a_global_endpoint(world, aws):
    """It signs for all regions (SigV4A); the endpoint's id says where the event goes: to the primary region, to the secondary while that is ill, and back."""
    west = aws("events", region="us-west-2")
    queues = [world.queue("east"), world.queue("west", region="us-west-2")]
    for events, queue in zip((world.events, west), queues):
        events.create_event_bus(Name="b")
        world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn, "InputPath": "$.detail.n"}, bus="b", events=events)
    world.events.create_endpoint(**endpoint_arguments(world, ReplicationConfig={"State": "DISABLED"}))
    endpoint_id = world.events.describe_endpoint(Name="e")["EndpointId"]
    health_check = f"arn:aws:route53:::healthcheck/{world.account}"
    printed = json.loads(output(node("events_endpoint.mjs", world.virga.endpoint, world.account, endpoint_id, "b", health_check)))
    world.virga.wait()
    assert printed["failed"] == [0, 0, 0] and len(printed["signed"]) == 3
    for request in printed["signed"]:
        assert request["authorization"].startswith(f"AWS4-ECDSA-P256-SHA256 Credential={world.account}/") and request["regions"] == "*"
        assert "/events/aws4_request" in request["authorization"] and "/us-east-1/" not in request["authorization"]
    assert [sorted(q.bodies()) for q in queues] == [["0", "2"], ["1"]]


def test_endpoints_come_and_go(world, aws):
    events = world.events
    events.create_endpoint(**endpoint_arguments(world, Description="d"))
    described = events.describe_endpoint(Name="e")
    assert described["State"] == "ACTIVE" and described["ReplicationConfig"] == {"State": "ENABLED"} and described["Description"] == "d"
    assert described["EndpointUrl"] == f"https://{described['EndpointId']}.endpoint.events.amazonaws.com"
    assert error_of(events.create_endpoint, **endpoint_arguments(world)) == ("ResourceAlreadyExistsException", "Endpoint e already exists.")
    arguments = endpoint_arguments(world, "f")
    both = arguments["EventBuses"]
    assert error_of(events.create_endpoint, **{**arguments, "EventBuses": [both[0], both[0]]})[1] == (
        "An event bus must be provided in both the primary and secondary regions"
    )
    assert error_of(events.create_endpoint, **{**arguments, "EventBuses": [both[0], {"EventBusArn": both[1]["EventBusArn"] + "x"}]})[1] == (
        "Event bus names must match in the primary and secondary regions"
    )
    assert error_of(events.create_endpoint, **{k: v for k, v in arguments.items() if k != "RoleArn"})[1] == "When replication is enabled, role cannot be empty."
    assert "length greater than or equal to 2" in error_of(events.create_endpoint, **{**arguments, "EventBuses": both[:1]})[1]
    events.create_endpoint(**arguments)
    page = events.list_endpoints(MaxResults=1)
    assert [e["Name"] for e in page["Endpoints"] + events.list_endpoints(NextToken=page["NextToken"])["Endpoints"]] == ["e", "f"]
    assert [e["Name"] for e in aws("events", region="us-west-2").list_endpoints(HomeRegion="us-east-1", NamePrefix="f")["Endpoints"]] == ["f"]
    assert events.update_endpoint(Name="e", Description="x")["State"] == "UPDATING"
    events.delete_endpoint(Name="e")
    for call in (events.describe_endpoint, events.delete_endpoint, events.update_endpoint):
        assert error_of(call, Name="e")[0] == "ResourceNotFoundException"


# ---- partner sources ----


def test_a_partner_s_events_arrive_once_the_source_is_active(world, other):
    account, events, sqs = other
    source = "aws.partner/example.com/shop/1"
    partner = world.events
    arn = partner.create_partner_event_source(Name=source, Account=account)["EventSourceArn"]
    assert arn == f"arn:aws:events:us-east-1::event-source/{source}"
    assert error_of(partner.create_partner_event_source, Name=source, Account=account)[0] == "ResourceAlreadyExistsException"
    assert partner.describe_partner_event_source(Name=source)["Arn"] == arn
    assert [s["Name"] for s in partner.list_partner_event_sources(NamePrefix="aws.partner/example.com/")["PartnerEventSources"]] == [source]
    (seen,) = events.list_event_sources(NamePrefix="aws.partner")["EventSources"]
    assert seen["State"] == "PENDING" and seen["CreatedBy"] == "example.com" and seen["ExpirationTime"] > seen["CreationTime"]
    assert error_of(events.create_event_bus, Name="b", EventSourceName=source) == ("ValidationException", "Event bus name must match event source name")
    missing = source + "2"
    assert error_of(events.create_event_bus, Name=missing, EventSourceName=missing) == (
        "ResourceNotFoundException", f"Event source {missing} does not exist.",
    )  # fmt: skip
    put = dict(Entries=[{"Source": source, "DetailType": "Order", "Detail": '{"n":1}'}, {"Source": missing, "DetailType": "T", "Detail": "{}"}])
    answer = partner.put_partner_events(**put)
    assert answer["FailedEntryCount"] == 1 and "EventId" in answer["Entries"][0]
    events.create_event_bus(Name=source, EventSourceName=source)
    assert events.describe_event_source(Name=source)["State"] == "ACTIVE"
    assert partner.list_partner_event_source_accounts(EventSourceName=source)["PartnerEventSourceAccounts"][0]["State"] == "ACTIVE"
    received = listen(events, sqs, account, source, json.dumps({"source": [source]}))
    partner.put_partner_events(**put)
    world.virga.wait()
    (event,) = received()
    assert event["source"] == source and event["account"] == account and event["detail"] == {"n": 1}
    events.deactivate_event_source(Name=source)
    partner.put_partner_events(**put)
    world.virga.wait()
    assert received() == [] and events.describe_event_source(Name=source)["State"] == "PENDING"
    events.activate_event_source(Name=source)
    partner.delete_partner_event_source(Name=source, Account=account)
    assert events.describe_event_source(Name=source)["State"] == "DELETED"
    assert error_of(events.activate_event_source, Name=source)[0] == "InvalidStateException"
    assert error_of(partner.describe_partner_event_source, Name=source)[0] == "ResourceNotFoundException"


# ---- switches and explanations ----


def test_tests_may_speak_as_aws_when_they_are_allowed_to(world):
    queue = world.queue()
    world.rule("r", {"source": ["aws.s3"]}, {"Arn": queue.arn})
    assert world.put(entry(source="aws.s3"))["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    world.virga.post("/_virga/bus/settings", {"account": world.account, "allow_aws_sources": True})
    assert world.put(entry(source="aws.s3"))["FailedEntryCount"] == 0
    assert len(queue.bodies()) == 1


def test_what_is_delivered_to_a_service_that_is_not_there_can_be_read(world):
    arn = f"arn:aws:batch:us-east-1:{world.account}:job-queue/q"
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": arn, "RoleArn": ROLE, "InputPath": "$.detail", "BatchParameters": {"JobDefinition": "d", "JobName": "n"}})
    machine = f"arn:aws:ssm:us-east-1:{world.account}:automation-definition/a"
    world.rule("s", {"source": ["shop"]}, {"Arn": machine, "RoleArn": ROLE, "Input": '"x"'})
    world.put(entry())
    deliveries = world.virga.get(f"/_virga/bus/deliveries?account={world.account}")["deliveries"]
    assert sorted((d["rule"], d["target"], d["input"]) for d in deliveries) == [
        (rule, arn, '{"n":1}'), (rule[:-1] + "s", machine, '"x"'),
    ]  # fmt: skip


def test_every_rule_says_why_it_does_not_match(world):
    world.events.put_rule(Name="a", EventPattern='{"source":["shop"],"detail":{"n":[{"numeric":[">",5]}]}}')
    world.events.put_rule(Name="b", EventPattern='{"source":["shop"]}')
    world.events.put_rule(Name="c", EventPattern='{"source":["shop"]}', State="DISABLED")
    world.events.put_rule(Name="d", ScheduleExpression="rate(1 day)")
    event = {"source": "shop", "detail": {"n": 3}}
    body = {"account": world.account, "event": event}
    rules = world.virga.post("/_virga/bus/explain", body)["rules"]
    assert [(r["rule"], r["matches"], r["reason"]) for r in rules] == [
        ("a", False, 'detail.n: expected [{"numeric":[">",5]}], found 3'),
        ("b", True, "matches"),
        ("c", False, "the pattern matches, but the rule is disabled"),
        ("d", False, "the rule has a schedule and no pattern"),
    ]
    assert rules[0]["ways"][0]["fields"][0] == {"field": "detail.n", "expected": [{"numeric": [">", 5]}], "found": [3], "matches": False}
    status, _, answer = world.virga.request("POST", "/_virga/bus/explain", {**body, "rule": "x"})
    assert status == 404 and "no rule x" in json.loads(answer)["error"]
    result = subprocess.run(
        [binary(), "explain", "--endpoint", world.virga.endpoint, "--account", world.account, "--rule", "a"],
        input=json.dumps(event), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout == (
        'a: detail.n: expected [{"numeric":[">",5]}], found 3\n'
        '  - detail.n: expected [{"numeric":[">",5]}], found 3\n'
        '  + source: expected ["shop"], found "shop"\n'
    )
