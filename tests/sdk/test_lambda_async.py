"""Asynchronous invocations of Lambda: retries, destinations, traces and logs."""
import json
import re
import urllib.request

from test_lambda import ECHO, invoke, node, python


def queue_of(sqs, name):
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(sqs, url):
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages", [])


def test_failed_events_are_retried_by_the_clock_and_then_told(aws, virga, account):
    client, sqs = aws("lambda"), aws("sqs")
    failed, failed_arn = queue_of(sqs, "failed")
    dead, dead_arn = queue_of(sqs, "dead")
    attempts, attempts_arn = queue_of(sqs, "attempts")
    python(client, "f", """
def handler(event, context):
    raise ValueError("always")
""", DeadLetterConfig={"TargetArn": dead_arn})
    client.put_function_event_invoke_config(FunctionName="f", DestinationConfig={"OnFailure": {"Destination": failed_arn}})
    assert client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"x":1}')["StatusCode"] == 202
    virga.wait()
    assert not received(sqs, failed)
    virga.advance(seconds=60)
    assert not received(sqs, failed)
    virga.advance(seconds=120)
    record = json.loads(received(sqs, failed)[0]["Body"])
    assert record["version"] == "1.0" and record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestContext"]["functionArn"] == f"arn:aws:lambda:us-east-1:{account}:function:f:$LATEST"
    assert record["requestPayload"] == {"x": 1} and record["responsePayload"]["errorMessage"] == "always"
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    letter = received(sqs, dead)[0]
    assert json.loads(letter["Body"]) == {"x": 1}
    assert letter["MessageAttributes"]["ErrorMessage"]["StringValue"] == "always"
    assert letter["MessageAttributes"]["ErrorCode"] == {"StringValue": "200", "DataType": "Number"}
    assert letter["MessageAttributes"]["RequestID"]["StringValue"] == record["requestContext"]["requestId"]


def test_success_reaches_its_destination_and_no_retry_is_one_attempt(aws, virga):
    client, sqs = aws("lambda"), aws("sqs")
    done, done_arn = queue_of(sqs, "done")
    node(client, "f", "exports.handler = async (e) => { if (e.fail) throw new Error('x'); return { ok: e } }")
    client.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0,
                                            DestinationConfig={"OnSuccess": {"Destination": done_arn}, "OnFailure": {"Destination": done_arn}})
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"n":1}')
    virga.wait()
    record = json.loads(received(sqs, done)[0]["Body"])
    assert record["requestContext"]["condition"] == "Success" and record["responsePayload"] == {"ok": {"n": 1}}
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"fail":1}')
    virga.wait()
    record = json.loads(received(sqs, done)[0]["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted" and record["requestContext"]["approximateInvokeCount"] == 1


def test_throttled_events_wait_until_they_are_too_old(aws, virga):
    client, sqs = aws("lambda"), aws("sqs")
    failed, failed_arn = queue_of(sqs, "failed")
    node(client, "f", ECHO)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    client.put_function_event_invoke_config(FunctionName="f", DestinationConfig={"OnFailure": {"Destination": failed_arn}})
    client.invoke(FunctionName="f", InvocationType="Event")
    virga.wait()
    record = json.loads(received(sqs, failed)[0]["Body"])
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency" and "responseContext" not in record


def test_a_function_calls_back_and_the_trace_shows_it(aws, virga, account):
    client = aws("lambda")
    python(client, "inner", "def handler(event, context):\n    return event\n")
    python(client, "outer", """
import json, os, urllib.request
def handler(event, context):
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0",
               "X-Amzn-Trace-Id": os.environ["_X_AMZN_TRACE_ID"]}
    r = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + "/2015-03-31/functions/inner/invocations", data=json.dumps(event).encode(), headers=headers)
    return [json.loads(urllib.request.urlopen(r).read()), os.environ["_X_AMZN_TRACE_ID"]]
""")
    _, (value, trace) = invoke(client, "outer", {"deep": 1})
    assert value == {"deep": 1}
    root, parent = re.match(r"Root=([^;]+);Parent=([^;]+)", trace).groups()
    assert len(parent) == 16

    def names(span):
        return {span["name"]: [names(child) for child in span.get("children", [])]}

    tree = json.dumps([names(span) for span in virga.get(f"/_virga/trace/{root}")["tree"]])
    # The call, its function, the function's call, and the function that ran for it.
    assert re.search(r'"lambda:Invoke": \[\{"lambda:outer": .*"lambda:Invoke": \[\{"lambda:inner"', tree), tree


def test_logs_are_there_when_invoke_returns(aws):
    client, logs = aws("lambda"), aws("logs")
    node(client, "f", "exports.handler = async () => { console.log('one'); process.stdout.write('raw line\\n'); console.error('three') }")
    answer, _ = invoke(client, "f")
    request = answer["ResponseMetadata"]["RequestId"]
    events = [e["message"] for e in logs.filter_log_events(logGroupName="/aws/lambda/f")["events"]]
    assert events[0].startswith("INIT_START Runtime Version: nodejs:20")
    assert events[1] == f"START RequestId: {request} Version: $LATEST"
    assert [m.split("\t")[-1] for m in events[2:5]] == ["one", "raw line", "three"]
    assert events[5] == f"END RequestId: {request}"
    assert events[6].startswith(f"REPORT RequestId: {request}\tDuration: ")
    (stream,) = logs.describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream["logStreamName"])
