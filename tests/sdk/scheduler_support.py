"""What the tests of EventBridge Scheduler share."""
import datetime

import botocore.exceptions
import pytest

ROLE = "arn:aws:iam::123456789012:role/scheduler"
OFF = {"Mode": "OFF"}
FAR = "cron(0 0 1 1 ? 2999)"


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"], caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


class World:
    def __init__(self, virga, aws, account):
        self.virga, self.aws, self.account = virga, aws, account
        self.scheduler, self.sqs = aws("scheduler", parameter_validation=False), aws("sqs")

    def queue(self, name="inbox", **attributes):
        self.url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return f"arn:aws:sqs:us-east-1:{self.account}:{name}"

    def create(self, name="s", expression=FAR, target=None, window=OFF, **more):
        target = {"RoleArn": ROLE, **(target or {"Arn": f"arn:aws:lambda:us-east-1:{self.account}:function:f"})}
        return self.scheduler.create_schedule(Name=name, ScheduleExpression=expression, Target=target, FlexibleTimeWindow=window, **more)["ScheduleArn"]

    def refused(self, **arguments):
        code, message, status = error_of(self.create, **arguments)
        assert (code, status) == ("ValidationException", 400), (code, message)
        return message

    def now(self):
        return datetime.datetime.fromisoformat(self.virga.now().replace("Z", "+00:00"))

    def at(self, seconds):
        """An at() expression so many seconds from now."""
        return f"at({(self.now() + datetime.timedelta(seconds=seconds)).strftime('%Y-%m-%dT%H:%M:%S')})"

    def messages(self, url=None):
        out = []
        while True:
            got = self.sqs.receive_message(
                QueueUrl=url or self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
            ).get("Messages", [])
            if not got:
                return out
            self.sqs.delete_message_batch(
                QueueUrl=url or self.url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)]
            )
            out += got


@pytest.fixture
def world(virga, aws, account):
    return World(virga, aws, account)
