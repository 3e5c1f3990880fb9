"""What the tests of EventBridge Pipes share."""
import io
import json
import zipfile

import botocore.exceptions
import pytest

ROLE = "arn:aws:iam::123456789012:role/pipes"


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"], caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def code_zip(source):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("index.py", source)
    return data.getvalue()


class World:
    def __init__(self, virga, aws, account):
        self.virga, self.aws, self.account = virga, aws, account
        self.pipes, self.sqs, self.kinesis = aws("pipes", parameter_validation=False), aws("sqs"), aws("kinesis")

    def queue(self, name, **attributes):
        self.sqs.create_queue(QueueName=name, Attributes=attributes)
        return f"arn:aws:sqs:us-east-1:{self.account}:{name}"

    def url(self, arn):
        return self.sqs.get_queue_url(QueueName=arn.rsplit(":", 1)[1])["QueueUrl"]

    def send(self, arn, *bodies):
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url(arn), MessageBody=body if isinstance(body, str) else json.dumps(body))
        self.virga.wait()

    def messages(self, arn):
        out = []
        while True:
            got = self.sqs.receive_message(QueueUrl=self.url(arn), MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]).get("Messages", [])
            if not got:
                return out
            self.sqs.delete_message_batch(QueueUrl=self.url(arn), Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])
            out += got

    def bodies(self, arn):
        return [m["Body"] for m in self.messages(arn)]

    def stream(self, name="stream", shards=1):
        self.kinesis.create_stream(StreamName=name, ShardCount=shards)
        self.virga.wait()
        return self.kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]

    def put(self, name, *records):
        for record in records:
            self.kinesis.put_record(StreamName=name, PartitionKey="k", Data=record if isinstance(record, bytes) else json.dumps(record).encode())
        self.virga.wait()

    def function(self, name, source, **more):
        self.aws("lambda").create_function(FunctionName=name, Runtime="python3.12", Handler="index.handler", Role=ROLE, Code={"ZipFile": code_zip(source)}, **more)
        return f"arn:aws:lambda:us-east-1:{self.account}:function:{name}"

    def pipe(self, source, target, name="p", **more):
        answer = self.pipes.create_pipe(Name=name, Source=source, Target=target, RoleArn=ROLE, **more)
        self.virga.wait()
        return answer


@pytest.fixture
def world(virga, aws, account):
    return World(virga, aws, account)
