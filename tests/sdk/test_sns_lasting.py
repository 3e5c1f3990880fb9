"""What stays: over a restart, over a kill, with a seed. And whom policies let in with --events-access strict."""
import json

import pytest

from conftest import make_client
from event_support import attributes_of, entry
from sns_support import Topics, text
from test_event_access import let_in
from virga_process import Virga

ACCOUNT = "123456789012"


def world_of(server, account=ACCOUNT):
    return Topics(server, lambda service, region="us-east-1", **options: make_client(service, server.endpoint, account, region, **options), account)


def test_all_survives_a_kill(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        world = world_of(server)
        topic = world.sns.create_topic(Name="n.fifo", Attributes={"FifoTopic": "true"}, Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
        inbox = world.queue("inbox.fifo", FifoQueue="true")
        arn = world.subscribe(topic, inbox, FilterPolicy={"k": ["v"]})
        fifo = dict(MessageGroupId="g", MessageDeduplicationId="d", MessageAttributes={"k": text("v")})
        sent = world.publish(topic, "m", **fifo)
        news, queue, dead = world.topic(), world.queue(), world.queue("dead")
        world.subscribe(news, queue)
        world.publish(news, "before")
        (signed,) = [json.loads(b) for b in queue.bodies()]
        certificate = server.request("GET", signed["SigningCertURL"].removeprefix(server.endpoint))[2]
        # Nobody listens there: it is tried again while the emulator is down.
        late = world.sns.subscribe(TopicArn=news, Protocol="http", Endpoint="http://127.0.0.1:9/", ReturnSubscriptionArn=True, Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead.arn})})
        token = server.get("/_aws/sns/subscription-tokens/" + late["SubscriptionArn"])["subscription_token"]
        world.sns.confirm_subscription(TopicArn=news, Token=token)
        world.publish(news, "late")
        number = "+15551234567"
        world.sns.create_sms_sandbox_phone_number(PhoneNumber=number)
    finally:
        server.kill()

    server = Virga("--data", str(tmp_path))
    try:
        world = world_of(server)
        assert {t["TopicArn"] for t in world.sns.list_topics()["Topics"]} == {topic, news}
        assert world.sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "b"}]
        assert json.loads(world.subscription(arn)["FilterPolicy"]) == {"k": ["v"]}
        assert world.publish(topic, "m", **fifo)["MessageId"] == sent["MessageId"]
        later = world.publish(topic, "m2", **{**fifo, "MessageDeduplicationId": "d2"})
        assert later["SequenceNumber"] > sent["SequenceNumber"]
        assert server.request("GET", signed["SigningCertURL"][signed["SigningCertURL"].index("/Simple"):])[2] == certificate
        assert [n["PhoneNumber"] for n in world.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"]] == [number]
        server.advance(seconds=61)
        dead = world.queue("dead")
        assert [json.loads(m["Body"])["Message"] for m in dead.messages()] == ["late"]
    finally:
        assert server.stop() == 0


def test_a_seed_makes_the_same_messages():
    def said():
        server = Virga("--seed", "7", "--freeze-clock", "2026-01-01T00:00:00Z")
        try:
            world = world_of(server)
            topic, queue = world.topic(), world.queue()
            world.subscribe(topic, queue)
            world.publish(topic, "hello")
            return queue.bodies()[0].replace(server.endpoint, "")
        finally:
            assert server.stop() == 0

    # The port is part of what is signed: each process has its own.
    first, second = [json.loads(said()) for _ in range(2)]
    assert {k: v for k, v in first.items() if k != "Signature"} == {k: v for k, v in second.items() if k != "Signature"}


@pytest.fixture(scope="module")
def strict():
    server = Virga("--events-access", "strict")
    yield server
    assert server.stop() == 0


def test_policies_let_topics_in_and_rules_into_topics(strict, account):
    world = world_of(strict, account)
    topic, inbox, dead = world.topic(), world.queue(), world.queue("dead")
    let_in(dead, {"Principal": "*"})
    world.subscribe(topic, inbox, RawMessageDelivery="true", RedrivePolicy={"deadLetterTargetArn": dead.arn})
    world.publish(topic, "kept out")
    (letter,) = dead.messages()
    assert attributes_of(letter)["ErrorCode"] == "NO_PERMISSIONS" and inbox.bodies() == []
    let_in(inbox, {"Principal": {"Service": "sns.amazonaws.com"}, "Condition": {"ArnLike": {"aws:SourceArn": topic}}})
    world.publish(topic, "let in")
    assert inbox.bodies() == ["let in"]

    # The policy that a topic has by itself lets in its own account, no service.
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": topic, "InputPath": "$.detail", "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    (letter,) = dead.messages()
    assert attributes_of(letter)["ERROR_CODE"] == "NO_PERMISSIONS"
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish", "Resource": topic, "Condition": {"ArnEquals": {"aws:SourceArn": rule}}}
    world.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Statement": [statement]}))
    world.put(entry())
    assert inbox.bodies() == ['{"n":1}'] and dead.messages() == []
