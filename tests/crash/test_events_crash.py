"""kill -9 between the acknowledgement of events and their delivery, and in a storm of messages.

An event that was acknowledged reaches the queue of its rule at least once; a message that was acknowledged is there until it is deleted, and
gone once that was acknowledged.
"""
import contextlib
import json
import sqlite3

from conftest import make_client
from storm import ACCOUNT, LOST, ROUNDS, WRITERS, seeded, storm_until_killed, whole
from virga_process import Virga


def clients(server):
    return [make_client(service, server.endpoint, ACCOUNT, max_pool_connections=WRITERS) for service in ("events", "sqs")]


def begin_anew(server, data):
    """The clock begins anew with the process: so the next storm is not in the future of the start that follows it."""
    server.kill()
    server = Virga("--data", str(data))
    return server, clients(server)


def take_all(sqs, url):
    """Bodies of all messages of a queue, which are deleted."""
    bodies = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [m["Body"] for m in messages]
        sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)])
    return bodies


class Publisher:
    def __init__(self, name):
        self.name, self.n = name, 0
        self.acknowledged = set()

    def storm(self, events):
        def run(chance, stop):
            while not stop.is_set():
                ids = [f"{self.name}-{self.n + i}" for i in range(chance.choice([1, 2, 10]))]
                self.n += len(ids)
                try:
                    answer = events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": json.dumps({"id": id})} for id in ids])
                    assert whole(answer, "FailedEntryCount")["FailedEntryCount"] == 0
                except LOST:
                    return
                self.acknowledged.update(ids)
                stop.acknowledged.release()

        return run


def jobs_left(data):
    file = data / ACCOUNT / "us-east-1" / "state.db"
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return db.execute("select count(*) from job").fetchone()[0]


def test_every_acknowledged_event_is_delivered(tmp_path):
    """Deliveries are fast: that some are left when the process is killed, the queue refuses half of them at first."""
    chance = seeded()
    server = Virga("--data", str(tmp_path))
    events, sqs = clients(server)
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="orders", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="orders", Targets=[{"Id": "queue", "Arn": arn, "InputPath": "$.detail"}])
    publishers = [Publisher(f"p{n}") for n in range(WRITERS)]
    delivered, left = set(), 0
    for _ in range(ROUNDS):
        server.post("/_virga/faults", {"service": "sqs", "code": "InternalFailure", "status": 500, "probability": 0.5})
        storm_until_killed(server, chance, [p.storm(events) for p in publishers])
        left += jobs_left(tmp_path)
        server = Virga("--data", str(tmp_path))
        events, sqs = clients(server)
        server.advance(600)  # the time to try again has come
        delivered.update(json.loads(body)["id"] for body in take_all(sqs, server.endpoint + f"/{ACCOUNT}/orders"))
        for p in publishers:
            assert p.acknowledged <= delivered
        server, (events, sqs) = begin_anew(server, tmp_path)
    assert server.stop() == 0
    assert len(delivered) > ROUNDS and left > ROUNDS


class Sender:
    """Sends messages, and receives and deletes some."""

    def __init__(self, name):
        self.name, self.n = name, 0
        self.sent, self.deleted = set(), set()  # acknowledged
        self.uncertain = set()  # on their way in or out

    def storm(self, sqs, url):
        def run(chance, stop):
            while not stop.is_set():
                try:
                    if chance.random() < 0.7:
                        self.send(sqs, url, chance)
                    else:
                        self.take(sqs, url)
                except LOST:
                    return
                stop.acknowledged.release()

        return run

    def send(self, sqs, url, chance):
        bodies = [f"{self.name}-{self.n + i}" for i in range(chance.choice([1, 3, 10]))]
        self.n += len(bodies)
        self.uncertain.update(bodies)
        if len(bodies) == 1:
            whole(sqs.send_message(QueueUrl=url, MessageBody=bodies[0]), "MessageId")
        else:
            answer = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": b} for i, b in enumerate(bodies)])
            assert not whole(answer, "Successful").get("Failed")
        self.sent.update(bodies)
        self.uncertain.difference_update(bodies)

    def take(self, sqs, url):
        for m in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=3).get("Messages", []):
            self.uncertain.add(m["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
            self.deleted.add(m["Body"])
            self.uncertain.discard(m["Body"])


def test_no_acknowledged_message_is_lost(tmp_path):
    chance = seeded()
    server = Virga("--data", str(tmp_path))
    _, sqs = clients(server)
    sqs.create_queue(QueueName="storm")
    path = f"/{ACCOUNT}/storm"
    senders = [Sender(f"s{n}") for n in range(WRITERS)]
    for _ in range(ROUNDS):
        storm_until_killed(server, chance, [s.storm(sqs, server.endpoint + path) for s in senders])
        server = Virga("--data", str(tmp_path))
        _, sqs = clients(server)
        server.advance(60)  # what was received and not deleted is visible again
        there = take_all(sqs, server.endpoint + path)
        assert len(there) == len(set(there))
        sent, deleted, uncertain = (set().union(*(getattr(s, what) for s in senders)) for what in ("sent", "deleted", "uncertain"))
        assert sent - deleted - uncertain <= set(there), "lost"
        assert not deleted & set(there), "came back after it was deleted"
        assert set(there) <= sent | uncertain
        for s in senders:
            s.sent, s.deleted, s.uncertain = set(), set(), set()
        server, (_, sqs) = begin_anew(server, tmp_path)
    assert server.stop() == 0
    assert sum(s.n for s in senders) > ROUNDS
