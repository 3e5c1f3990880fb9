"""Event source mappings: queues, streams and tables push into functions. Functions write what they saw to a bucket of answers: a queue."""
import base64
import concurrent.futures
import io
import json
import zipfile

import botocore.exceptions
import pytest

from conftest import make_client
from virga_process import Virga

ROLE = "arn:aws:iam::000000000000:role/test"

# A function that logs each record and fails on demand: what it saw is read back from its log.
WATCHER = """
import base64, json
def payload(r):
    if "kinesis" in r: return base64.b64decode(r["kinesis"]["data"]).decode()
    if "dynamodb" in r: return r["eventName"] + " " + next(iter(r["dynamodb"]["Keys"].values()))["S"]
    return r["body"]
def ident(r):
    return r["kinesis"]["sequenceNumber"] if "kinesis" in r else r["dynamodb"]["SequenceNumber"] if "dynamodb" in r else r["messageId"]
def handler(event, context):
    records = event["Records"]
    print("SAW " + json.dumps([payload(r) for r in records]))
    print("RAW " + json.dumps(records))
    if any("poison" in payload(r) for r in records): raise ValueError("poison")
    bad = [r for r in records if "bad" in payload(r)]
    if bad: print("BAD " + str(len(bad)))
    return {"batchItemFailures": [{"itemIdentifier": ident(r)} for r in bad]}
"""


@pytest.fixture
def lam(aws):
    return aws("lambda")


def watcher(client, name="watch", **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("app.py", WATCHER)
    client.create_function(FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="app.handler", Code={"ZipFile": out.getvalue()}, **more)
    return name


def said(aws, word, name="watch"):
    logs = aws("logs")
    try:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern=f'"{word} "')["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [json.loads(e["message"][len(word) + 1:]) for e in events if e["message"].startswith(word + " ")]


def saw(aws, name="watch"):
    return said(aws, "SAW", name)


def queue_of(sqs, name, **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(sqs, url):
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])


def in_queue(sqs, url):
    a = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(a["ApproximateNumberOfMessages"]), int(a["ApproximateNumberOfMessagesNotVisible"])


def send(sqs, url, *bodies):
    for at in range(0, len(bodies), 10):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": b} for i, b in enumerate(bodies[at:at + 10])])


# ---- queues ----------------------------------------------------------------------------------------------------------

def test_a_queue_pushes_and_messages_are_deleted(aws, lam, virga):
    sqs = aws("sqs")
    url, arn = queue_of(sqs, "q")
    watcher(lam)
    mapping = lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch")
    assert mapping["State"] == "Creating" and mapping["BatchSize"] == 10 and mapping["FunctionArn"].endswith(":function:watch")
    sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}})
    virga.wait()
    assert saw(aws) == [["hello"]]
    assert in_queue(sqs, url) == (0, 0)
    ((record,),) = said(aws, "RAW")
    assert record["eventSource"] == "aws:sqs" and record["eventSourceARN"] == arn and record["awsRegion"] == "us-east-1"
    assert record["messageAttributes"] == {"k": {"stringValue": "v", "stringListValues": [], "binaryListValues": [], "dataType": "String"}}
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert lam.get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Enabled"


def test_partial_failures_come_back_and_end_in_the_dead_letter_queue(aws, lam, virga):
    sqs = aws("sqs")
    dead, dead_arn = queue_of(sqs, "dead")
    url, arn = queue_of(sqs, "q", VisibilityTimeout="30", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2}))
    watcher(lam)
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", FunctionResponseTypes=["ReportBatchItemFailures"])
    send(sqs, url, *[f"m{i}" for i in range(9)], "bad")
    virga.wait()
    assert in_queue(sqs, url) == (0, 1)
    virga.advance(seconds=31)
    virga.advance(seconds=31)
    assert in_queue(sqs, url) == (0, 0)
    assert [m["Body"] for m in received(sqs, dead)] == ["bad"]
    assert sum(batch.count("bad") for batch in saw(aws)) == 2 and sum(batch.count("m3") for batch in saw(aws)) == 1


def test_filters_delete_what_does_not_match(aws, lam, virga):
    sqs = aws("sqs")
    url, arn = queue_of(sqs, "q")
    watcher(lam)
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", FilterCriteria={"Filters": [{"Pattern": '{"body":{"kind":["yes"]}}'}]})
    send(sqs, url, '{"kind":"no"}', '{"kind":"yes"}', "plain")
    virga.wait()
    assert saw(aws) == [['{"kind":"yes"}']]
    assert in_queue(sqs, url) == (0, 0)


def test_a_batching_window_waits_for_the_clock(aws, lam, virga):
    sqs = aws("sqs")
    url, arn = queue_of(sqs, "q")
    watcher(lam)
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", BatchSize=5, MaximumBatchingWindowInSeconds=60)
    send(sqs, url, "a", "b")
    virga.wait()
    assert saw(aws) == []
    send(sqs, url, "c")
    virga.advance(seconds=61)
    assert sorted(sum(saw(aws), [])) == ["a", "b", "c"] and len(saw(aws)) == 1
    send(sqs, url, *"defgh")  # full before the window is over
    virga.wait()
    assert sorted(saw(aws)[-1]) == list("defgh")


def test_many_messages_are_all_taken_once(aws, lam, virga):
    sqs = aws("sqs")
    url, arn = queue_of(sqs, "q")
    watcher(lam)
    send(sqs, url, *[str(i) for i in range(100)])
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", ScalingConfig={"MaximumConcurrency": 2})
    virga.wait(timeout=60)
    assert sorted(sum(saw(aws), []), key=int) == [str(i) for i in range(100)]
    assert in_queue(sqs, url) == (0, 0)


def test_texts_of_refusals(aws, lam):
    sqs = aws("sqs")
    url, arn = queue_of(sqs, "q", VisibilityTimeout="30")
    watcher(lam, Timeout=60)

    def refused(**more):
        with pytest.raises(botocore.exceptions.ClientError) as e:
            lam.create_event_source_mapping(**{"FunctionName": "watch", "EventSourceArn": arn, **more})
        return e.value.response["Error"]["Message"]

    assert refused() == "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"
    assert refused(FunctionName="none") == "Function does not exist"
    assert refused(BatchSize=11) == "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
    assert refused(FilterCriteria={"Filters": [{"Pattern": "no pattern"}]}) == "Invalid filter pattern definition."
    lam.update_function_configuration(FunctionName="watch", Timeout=3)
    assert refused(EventSourceArn=arn + "x").startswith("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue.")
    uuid = lam.create_event_source_mapping(FunctionName="watch", EventSourceArn=arn)["UUID"]
    assert refused() == (f'An event source mapping with SQS arn (" {arn} ") and function (" watch ") already exists. '
                         f"Please update or delete the existing mapping with UUID {uuid}")
    assert lam.update_event_source_mapping(UUID=uuid, Enabled=False)["State"] == "Disabling"
    assert lam.get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    assert lam.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    with pytest.raises(lam.exceptions.ResourceNotFoundException):
        lam.get_event_source_mapping(UUID=uuid)


# ---- Kinesis ---------------------------------------------------------------------------------------------------------

def kinesis_stream(kinesis, name="s", shards=1):
    kinesis.create_stream(StreamName=name, ShardCount=shards)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    return kinesis.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"]


def put(kinesis, *datas, key="k", name="s"):
    kinesis.put_records(StreamName=name, Records=[{"Data": d.encode(), "PartitionKey": key} for d in datas])


def test_kinesis_pushes_in_order(aws, lam, virga):
    kinesis = aws("kinesis")
    arn = kinesis_stream(kinesis)
    watcher(lam)
    put(kinesis, "before")
    mapping = lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="LATEST")
    assert mapping["LastProcessingResult"] == "No records processed" and mapping["BatchSize"] == 100
    put(kinesis, "a", "b", "c")
    put(kinesis, "d")
    virga.wait()
    assert sum(saw(aws), []) == ["a", "b", "c", "d"]
    record = said(aws, "RAW")[0][0]
    assert record["eventID"] == "shardId-000000000000:" + record["kinesis"]["sequenceNumber"] and record["invokeIdentityArn"] == ROLE
    assert base64.b64decode(record["kinesis"]["data"]) == b"a" and record["kinesis"]["partitionKey"] == "k"


def test_kinesis_bisects_retries_and_tells_of_the_poison(aws, lam, virga):
    kinesis, sqs = aws("kinesis"), aws("sqs")
    arn = kinesis_stream(kinesis)
    dead, dead_arn = queue_of(sqs, "dead")
    watcher(lam)
    put(kinesis, *[f"r{i}" if i != 13 else "poison" for i in range(40)])
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="TRIM_HORIZON", BisectBatchOnFunctionError=True,
                                    MaximumRetryAttempts=2, DestinationConfig={"OnFailure": {"Destination": dead_arn}})
    virga.wait()
    virga.advance(seconds=120)
    good = [b for batch in saw(aws) if "poison" not in batch for b in batch]
    assert good == [f"r{i}" for i in range(40) if i != 13]
    (letter,) = received(sqs, dead)
    record = json.loads(letter["Body"])
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted" and record["requestContext"]["approximateInvokeCount"] == 3
    info = record["KinesisBatchInfo"]
    assert info["batchSize"] == 1 and info["startSequenceNumber"] == info["endSequenceNumber"] and info["streamArn"] == arn


def test_kinesis_partial_failure_goes_on_at_the_lowest(aws, lam, virga):
    kinesis = aws("kinesis")
    arn = kinesis_stream(kinesis)
    watcher(lam)
    put(kinesis, "a", "bad1", "c", "bad2")
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="TRIM_HORIZON", FunctionResponseTypes=["ReportBatchItemFailures"],
                                    MaximumRetryAttempts=1)
    virga.wait()
    virga.advance(seconds=60)
    assert saw(aws) == [["a", "bad1", "c", "bad2"], ["bad1", "c", "bad2"]]


def test_old_records_are_given_up(aws, lam, virga):
    kinesis, sqs = aws("kinesis"), aws("sqs")
    arn = kinesis_stream(kinesis)
    dead, dead_arn = queue_of(sqs, "dead")
    watcher(lam)
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="TRIM_HORIZON", MaximumRecordAgeInSeconds=60,
                                    DestinationConfig={"OnFailure": {"Destination": dead_arn}})
    put(kinesis, "poison")
    virga.wait()
    virga.advance(seconds=300)
    (letter,) = received(sqs, dead)
    assert json.loads(letter["Body"])["requestContext"]["condition"] == "RecordAgeExceeded"
    put(kinesis, "next")
    virga.wait()
    assert saw(aws)[-1] == ["next"]


def test_a_disabled_mapping_goes_on_where_it_was(aws, lam, virga):
    kinesis = aws("kinesis")
    arn = kinesis_stream(kinesis)
    watcher(lam)
    uuid = lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="LATEST")["UUID"]
    put(kinesis, "one")
    virga.wait()
    lam.update_event_source_mapping(UUID=uuid, Enabled=False)
    put(kinesis, "two")
    virga.wait()
    assert sum(saw(aws), []) == ["one"]
    lam.update_event_source_mapping(UUID=uuid, Enabled=True)
    virga.wait()
    assert sum(saw(aws), []) == ["one", "two"]


# ---- DynamoDB --------------------------------------------------------------------------------------------------------

def table_with_stream(dynamodb):
    table = dynamodb.create_table(TableName="things", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                  AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                                  StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    dynamodb.get_waiter("table_exists").wait(TableName="things")
    return table["TableDescription"]["LatestStreamArn"]


def test_a_table_pushes_changes_through_filters(aws, lam, virga):
    dynamodb = aws("dynamodb")
    arn = table_with_stream(dynamodb)
    watcher(lam)
    watcher(lam, "other")
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="TRIM_HORIZON",
                                    FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"kind": {"S": ["a"]}}}})}]})
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="other", StartingPosition="TRIM_HORIZON")
    for i, kind in enumerate("aba"):
        dynamodb.put_item(TableName="things", Item={"id": {"S": str(i)}, "kind": {"S": kind}, "blob": {"B": b"\x00\x01"}})
    dynamodb.delete_item(TableName="things", Key={"id": {"S": "0"}})
    virga.wait()
    assert sum(saw(aws), []) == ["INSERT 0", "INSERT 2"]
    assert sum(saw(aws, "other"), []) == ["INSERT 0", "INSERT 1", "INSERT 2", "REMOVE 0"]
    record = said(aws, "RAW")[0][0]
    assert record["eventSource"] == "aws:dynamodb" and record["eventSourceARN"] == arn
    assert record["dynamodb"]["NewImage"]["blob"] == {"B": "AAE="} and record["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], (int, float))


def test_four_writers_of_a_table_are_seen_in_the_order_of_each_item(aws, lam, virga, account):
    arn = table_with_stream(aws("dynamodb"))
    watcher(lam)
    lam.create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="TRIM_HORIZON", BatchSize=25)

    def write(key):
        own = make_client("dynamodb", virga.endpoint, account)
        for i in range(30):
            own.put_item(TableName="things", Item={"id": {"S": key}, "n": {"N": str(i)}})

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(write, "abcd"))
    virga.wait()
    seen = {}
    for record in sum(said(aws, "RAW"), []):
        image = record["dynamodb"]["NewImage"]
        seen.setdefault(image["id"]["S"], []).append(int(image["n"]["N"]))
    assert seen == {key: list(range(30)) for key in "abcd"}


# ---- restart ---------------------------------------------------------------------------------------------------------

def test_after_a_kill_a_shard_goes_on_at_its_checkpoint(tmp_path):
    account = "100000000001"
    server = Virga("--data", str(tmp_path))
    aws = lambda service: make_client(service, server.endpoint, account)
    arn = kinesis_stream(aws("kinesis"))
    watcher(aws("lambda"))
    aws("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName="watch", StartingPosition="LATEST")
    put(aws("kinesis"), "one")
    server.wait()
    server.kill()
    server = Virga("--data", str(tmp_path))
    put(aws("kinesis"), "two")
    server.wait()
    assert saw(aws) == [["one"], ["two"]]
    assert server.stop() == 0
