"""Scheduled rules, archives and replays: EventBridge by the clock (scenarios 34, 37 to 39; for 35 see emulator/bus/schedule_test.cpp)."""
import datetime
import json

import pytest

from event_support import entry, error_of, world  # noqa: F401


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
