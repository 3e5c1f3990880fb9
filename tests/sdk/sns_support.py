"""What the tests of SNS share."""
import json

import pytest

from event_support import World, error_of  # noqa: F401: the tests take error_of from here


class Topics(World):
    """A test's account with topics."""

    def __init__(self, virga, aws, account):
        super().__init__(virga, aws, account)
        # Without the client's own checks: it is the server's answer that counts.
        self.sns = aws("sns", parameter_validation=False)

    def topic(self, name="news", **attributes):
        return self.sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]

    def subscribe(self, topic, queue, **attributes):
        attributes = {k: v if isinstance(v, str) else json.dumps(v) for k, v in attributes.items()}
        return self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]

    def publish(self, topic, message="hello", **more):
        answer = self.sns.publish(TopicArn=topic, Message=message, **more)
        self.virga.wait()
        return answer

    def attributes(self, topic):
        return self.sns.get_topic_attributes(TopicArn=topic)["Attributes"]

    def subscription(self, arn):
        return self.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]

    def refused(self, operation, **arguments):
        return error_of(getattr(self.sns, operation), **arguments)


def text(value):
    return {"DataType": "String", "StringValue": value}


def number(value):
    return {"DataType": "Number", "StringValue": str(value)}


def texts(*values):
    return {"DataType": "String.Array", "StringValue": json.dumps(values)}


@pytest.fixture
def world(virga, aws, account):
    return Topics(virga, aws, account)
