"""With --events-access strict the policies of queues and functions decide what rules reach (scenario 33)."""
import json

import pytest

from conftest import make_client
from event_support import World, attributes_of, entry, error_of
from test_event_targets import function, lines
from virga_process import Virga


@pytest.fixture(scope="module")
def strict():
    server = Virga("--events-access", "strict")
    yield server
    assert server.stop() == 0


@pytest.fixture
def world(strict, account):
    return World(strict, lambda service, region="us-east-1", **options: make_client(service, strict.endpoint, account, region, **options), account)


def let_in(queue, *statements):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue.arn, **s} for s in statements]}
    queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"Policy": json.dumps(policy)})


EVENTS = {"Principal": {"Service": "events.amazonaws.com"}}


def from_rule(arn):
    return {**EVENTS, "Condition": {"ArnEquals": {"aws:SourceArn": arn}}}


def test_scenario_33_a_queue_takes_from_the_rule_that_its_policy_names(world):
    inbox, dead = world.queue("inbox"), world.queue("dead")
    let_in(dead, EVENTS)
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": inbox.arn, "InputPath": "$.detail", "DeadLetterConfig": {"Arn": dead.arn}})
    for statement in ([], [from_rule(rule + "x")], [{**EVENTS, "Principal": {"AWS": world.account}}], [{**EVENTS, "Action": "sqs:ReceiveMessage"}]):
        if statement:
            let_in(inbox, *statement)
        world.put(entry())
        (letter,) = dead.messages()
        attributes = attributes_of(letter)
        assert (attributes["ERROR_CODE"], attributes["RETRY_ATTEMPTS"], attributes["RULE_ARN"]) == ("NO_PERMISSIONS", "0", rule)
        assert "EXHAUSTED_RETRY_CONDITION" not in attributes and json.loads(letter["Body"])["detail"] == {"n": 1}
        assert f"sqs:SendMessage on resource: {inbox.arn}" in attributes["ERROR_MESSAGE"]
    assert inbox.bodies() == []
    let_in(inbox, from_rule(rule + "x"), from_rule(rule))
    world.put(entry())
    assert inbox.bodies() == ['{"n":1}'] and dead.messages() == []


def test_a_function_takes_from_the_rule_that_has_its_permission(world):
    dead = world.queue("dead")
    let_in(dead, EVENTS)
    arn = function(world, "def handler(event, context): print('got', event['detail']['n'])")
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": arn, "DeadLetterConfig": {"Arn": dead.arn}})
    allow = dict(FunctionName="f", Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
    world.put(entry())
    world.aws("lambda").add_permission(**allow, StatementId="other", SourceArn=rule + "x")
    world.put(entry())
    assert [attributes_of(m)["ERROR_CODE"] for m in dead.messages()] == ["NO_PERMISSIONS"] * 2
    world.aws("lambda").add_permission(**allow, StatementId="mine", SourceArn=rule)
    world.put(entry('{"n":7}'))
    assert lines(world, "/aws/lambda/f", "got") == ["got 7"] and dead.messages() == []


def test_what_is_not_there_is_missing_and_not_forbidden(world):
    dead = world.queue("dead")
    let_in(dead, EVENTS)
    for i, resource in enumerate(("sqs:us-east-1:%s:gone", "lambda:us-east-1:%s:function:gone")):
        world.rule(f"r{i}", {"source": ["shop"]}, {"Arn": "arn:aws:" + resource % world.account, "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    assert [attributes_of(m)["ERROR_CODE"] for m in dead.messages()] == ["NO_RESOURCE"] * 2


def test_a_dead_letter_queue_that_lets_nobody_in_loses_the_event(world):
    inbox, dead = world.queue("inbox"), world.queue("dead")
    world.rule("r", {"source": ["shop"]}, {"Arn": inbox.arn, "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    assert inbox.bodies() == [] and dead.messages() == []
    outcomes = [s["outcome"] for s in world.virga.get(f"/_virga/trace?account={world.account}")["spans"]]
    assert "LOST_NO_PERMISSIONS" in outcomes


def test_a_role_must_trust_the_service(world):
    iam, machine = world.aws("iam"), f"arn:aws:states:us-east-1:{world.account}:stateMachine:m"
    world.events.put_rule(Name="r", EventPattern='{"source":["shop"]}')
    roles = {"missing": f"arn:aws:iam::{world.account}:role/missing"}
    for name in ("events", "lambda"):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": f"{name}.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        roles[name] = iam.create_role(RoleName=name, Path="/rules/", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    def put(name, rule="r"):
        return world.events.put_targets(Rule=rule, Targets=[{"Id": "t", "Arn": machine, "RoleArn": roles[name]}])

    for name in ("missing", "lambda"):
        assert error_of(put, name=name) == ("ValidationException", f"Provided role '{roles[name]}' cannot be assumed by principal 'events.amazonaws.com'.")
    assert put("events")["FailedEntryCount"] == 0
    assert error_of(put, name="missing", rule="x")[1] == "Rule x does not exist on EventBus default."
