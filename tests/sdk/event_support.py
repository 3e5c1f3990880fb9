"""What the tests of EventBridge share."""
import datetime
import json

import botocore.exceptions
import pytest

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


def attributes_of(message):
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
