"""Subscription filters of CloudWatch Logs: to a function, a Kinesis stream, a Firehose stream."""
import datetime
import gzip
import io
import json
import zipfile

import botocore.exceptions
import pytest

ROLE = "arn:aws:iam::000000000000:role/logs"
PRINTER = """
import base64, gzip
def handler(event, context):
    print("GOT " + gzip.decompress(base64.b64decode(event["awslogs"]["data"])).decode())
"""


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def logs(aws):
    client = aws("logs")
    client.create_log_group(logGroupName="g")
    client.create_log_stream(logGroupName="g", logStreamName="s")
    return client


@pytest.fixture
def stream(aws):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    return kinesis.describe_stream(StreamName="s")["StreamDescription"]["StreamARN"]


def subscribe(logs, destination, name="f", pattern="", **more):
    return logs.put_subscription_filter(logGroupName="g", filterName=name, filterPattern=pattern, destinationArn=destination, **more)


def say(logs, virga, *messages):
    now = int(datetime.datetime.fromisoformat(virga.now()).timestamp() * 1000)
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=[{"timestamp": now, "message": m} for m in messages])
    virga.wait()


def documents(aws):
    kinesis = aws("kinesis")
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId="0", ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return [json.loads(gzip.decompress(r["Data"])) for r in kinesis.get_records(ShardIterator=iterator)["Records"]]


def test_a_stream_gets_what_matches(logs, stream, aws, virga, account):
    subscribe(logs, stream, pattern="ERROR", roleArn=ROLE)
    say(logs, virga, "ERROR one", "fine", "ERROR two")
    say(logs, virga, "fine")
    control, data = documents(aws)
    assert control["messageType"] == "CONTROL_MESSAGE"
    ids = [e.pop("id") for e in data["logEvents"]]
    assert len(set(ids)) == 2 and all(len(i) == 56 for i in ids)
    for event in data["logEvents"]:
        assert isinstance(event.pop("timestamp"), int)
    assert data == {
        "messageType": "DATA_MESSAGE", "owner": account, "logGroup": "g", "logStream": "s", "subscriptionFilters": ["f"],
        "logEvents": [{"message": "ERROR one"}, {"message": "ERROR two"}]}


def test_a_function_gets_it_in_its_own_form(logs, aws, virga):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("app.py", PRINTER)
    function = aws("lambda").create_function(FunctionName="printer", Runtime="python3.12", Role=ROLE, Handler="app.handler",
                                             Code={"ZipFile": out.getvalue()})["FunctionArn"]
    subscribe(logs, function)
    say(logs, virga, "hello")
    found = logs.filter_log_events(logGroupName="/aws/lambda/printer", filterPattern='"GOT "')["events"]
    assert [json.loads(e["message"][4:])["logEvents"][0]["message"] for e in found] == ["hello"]
    with_role = error_of(subscribe_with(logs), destinationArn=function, roleArn=ROLE)
    assert with_role == ("InvalidParameterException", "destinationArn for vendor lambda cannot be used with roleArn")


def subscribe_with(logs):
    return lambda **more: logs.put_subscription_filter(logGroupName="g", filterName="x", filterPattern="", **more)


def test_firehose_unpacks_what_it_gets(logs, aws, virga, account):
    s3 = aws("s3")
    s3.create_bucket(Bucket=f"logs-{account}")
    processors = [{"Type": "Decompression", "Parameters": [{"ParameterName": "CompressionFormat", "ParameterValue": "GZIP"}]},
                  {"Type": "CloudWatchLogProcessing", "Parameters": [{"ParameterName": "DataMessageExtraction", "ParameterValue": "true"}]}]
    arn = aws("firehose").create_delivery_stream(
        DeliveryStreamName="d",
        ExtendedS3DestinationConfiguration={
            "RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::logs-{account}", "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60},
            "ProcessingConfiguration": {"Enabled": True, "Processors": processors}})["DeliveryStreamARN"]
    subscribe(logs, arn, roleArn=ROLE)
    say(logs, virga, "one", "two")
    virga.advance(seconds=60)
    (entry,) = s3.list_objects_v2(Bucket=f"logs-{account}")["Contents"]
    assert s3.get_object(Bucket=f"logs-{account}", Key=entry["Key"])["Body"].read() == b"one\ntwo\n"


def test_filters_are_listed_replaced_and_removed(logs, stream):
    for name in ("b", "a"):
        subscribe(logs, stream, name=name, roleArn=ROLE)
    subscribe(logs, stream, name="a", pattern="new", roleArn=ROLE, distribution="Random")
    assert error_of(subscribe_with(logs), destinationArn=stream, roleArn=ROLE) == ("LimitExceededException", "Resource limit exceeded.")
    page = logs.describe_subscription_filters(logGroupName="g", limit=1)
    (first,) = page["subscriptionFilters"]
    assert (first["filterName"], first["filterPattern"], first["distribution"], first["destinationArn"]) == ("a", "new", "Random", stream)
    rest = logs.describe_subscription_filters(logGroupName="g", nextToken=page["nextToken"])["subscriptionFilters"]
    assert [(f["filterName"], f["distribution"]) for f in rest] == [("b", "ByLogStream")]
    logs.delete_subscription_filter(logGroupName="g", filterName="a")
    assert error_of(logs.delete_subscription_filter, logGroupName="g", filterName="a") == (
        "ResourceNotFoundException", "The specified subscription filter does not exist.")
    logs.delete_log_group(logGroupName="g")
    logs.create_log_group(logGroupName="g")
    assert logs.describe_subscription_filters(logGroupName="g")["subscriptionFilters"] == []


def test_destinations_that_are_refused(logs, account):
    there = f"us-east-1:{account}"
    assert error_of(subscribe_with(logs), destinationArn=f"arn:aws:kinesis:{there}:stream/nope", roleArn=ROLE) == (
        "InvalidParameterException",
        "Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.")
    assert error_of(subscribe_with(logs), destinationArn=f"arn:aws:lambda:{there}:function:nope")[1].startswith("Could not execute the lambda function.")
    assert error_of(subscribe_with(logs), destinationArn=f"arn:aws:sqs:{there}:q")[0] == "InvalidParameterException"
    gone = error_of(logs.put_subscription_filter, logGroupName="none", filterName="f", filterPattern="", destinationArn=f"arn:aws:lambda:{there}:function:f")
    assert gone == ("ResourceNotFoundException", "The specified log group does not exist.")
