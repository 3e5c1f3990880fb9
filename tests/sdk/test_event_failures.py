"""Deliveries that fail: retries, ages and dead letters (scenario 30)."""
import json

from event_support import ROLE, attributes_of, entry, world  # noqa: F401


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
    """One of those that the console makes."""
    dead = world.queue("dead")
    world.rule("r", {"source": ["shop"]}, {"Arn": "arn:aws:events:us-east-1:1:target/stop-instance", "RoleArn": ROLE, "DeadLetterConfig": {"Arn": dead.arn}})
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
