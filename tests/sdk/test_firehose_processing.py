"""Amazon Data Firehose between arrival and delivery: functions, partitions, de-aggregation, Kinesis sources."""
import base64
import gzip
import hashlib
import io
import json
import zipfile

import pytest

from conftest import make_client
from firehose_support import ROLE, bodies, body, bucket, create, describe, error_of, firehose, keys, put, s3  # noqa: F401
from virga_process import Virga

# A function that does with a record what the record says.
TRANSFORMER = """
import base64, json
calls = 0
def handler(event, context):
    global calls
    calls += 1
    print("EVENT " + json.dumps(event))
    out = []
    for r in event["records"]:
        text = base64.b64decode(r["data"]).decode()
        if "throw" in text: raise ValueError("thrown")
        if "once" in text and calls == 1: raise ValueError("once")
        if "missing" in text: continue
        result = "Dropped" if "drop" in text else "ProcessingFailed" if "fail" in text else "Odd" if "odd" in text else "Ok"
        answer = {"recordId": r["recordId"], "result": result, "data": base64.b64encode(text.upper().encode()).decode()}
        if "part:" in text: answer["metadata"] = {"partitionKeys": {"customer": text.split("part:")[1].strip()}}
        out.append(answer)
        if "twice" in text: out.append(answer)
    return {"records": out}
"""


@pytest.fixture
def transformer(aws):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("app.py", TRANSFORMER)
    function = aws("lambda").create_function(FunctionName="transform", Runtime="python3.12", Role=ROLE, Handler="app.handler", Timeout=30,
                                             Code={"ZipFile": out.getvalue()})
    return function["FunctionArn"]


def processing(*processors):
    return {"Enabled": True, "Processors": [
        {"Type": kind, "Parameters": [{"ParameterName": k, "ParameterValue": v} for k, v in parameters.items()]} for kind, parameters in processors]}


def function(arn, **more):
    return ("Lambda", {"LambdaArn": arn, "BufferSizeInMBs": "1", "BufferIntervalInSeconds": "0", **more})


def rows(s3, bucket, prefix):
    return [json.loads(line) for data in bodies(s3, bucket, prefix).values() for line in data.splitlines()]


def events(aws):
    found = aws("logs").filter_log_events(logGroupName="/aws/lambda/transform", filterPattern='"EVENT "')["events"]
    return [json.loads(e["message"][6:]) for e in found]


def test_a_function_decides_what_becomes_of_each_record(firehose, s3, bucket, virga, aws, account, transformer):
    create(firehose, bucket, Prefix="out/", ErrorOutputPrefix="bad/!{firehose:error-output-type}/", ProcessingConfiguration=processing(function(transformer)),
           S3BackupMode="Enabled", S3BackupConfiguration={"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{bucket}", "Prefix": "back/"})
    sent = [b"good\n", b"drop\n", b"fail\n", b"missing\n", b"twice\n", b"odd\n", b"fine\n"]
    put(firehose, *sent)
    virga.wait()
    virga.advance(seconds=300)
    assert body(s3, bucket, "out/") == b"GOOD\nFINE\n"
    assert body(s3, bucket, "back/") == b"".join(sent)
    failed = rows(s3, bucket, "bad/processing-failed/")
    by_data = {base64.b64decode(r["rawData"]): r for r in failed}
    assert {data: r["errorCode"] for data, r in by_data.items()} == {
        b"fail\n": "Lambda.FunctionError", b"missing\n": "Lambda.MissingRecordId", b"twice\n": "Lambda.DuplicatedRecordId",
        b"odd\n": "Lambda.JsonProcessingException"}
    row = by_data[b"fail\n"]
    assert set(row) == {"attemptsMade", "arrivalTimestamp", "errorCode", "errorMessage", "attemptEndingTimestamp", "rawData", "lambdaArn"}
    assert (row["attemptsMade"], row["lambdaArn"]) == (1, transformer)
    (event,) = events(aws)
    assert event["deliveryStreamArn"] == f"arn:aws:firehose:us-east-1:{account}:deliverystream/d" and event["region"] == "us-east-1"
    assert "invocationId" in event and "sourceKinesisStreamArn" not in event
    assert set(event["records"][0]) == {"recordId", "approximateArrivalTimestamp", "data"}
    assert len({r["recordId"] for r in event["records"]}) == 7


def test_a_function_that_fails_is_asked_again(firehose, s3, bucket, virga, aws, transformer):
    create(firehose, bucket, Prefix="out/", ErrorOutputPrefix="bad/", ProcessingConfiguration=processing(function(transformer)))
    put(firehose, b"throw", b"innocent")
    virga.wait()
    virga.advance(seconds=60)
    failed = rows(s3, bucket, "bad/processing-failed/")
    assert [(r["errorCode"], r["attemptsMade"]) for r in failed] == [("Lambda.FunctionError", 4)] * 2
    assert len(events(aws)) == 4
    assert keys(s3, bucket, "out/") == []


def test_one_retry_may_be_enough(firehose, s3, bucket, virga, transformer):
    create(firehose, bucket, ProcessingConfiguration=processing(function(transformer, NumberOfRetries="1")))
    put(firehose, b"once")
    virga.wait()
    virga.advance(seconds=60)
    assert body(s3, bucket) == b"ONCE"


def test_a_function_that_is_not_there(firehose, s3, bucket, virga, account):
    arn = f"arn:aws:lambda:us-east-1:{account}:function:nowhere"
    create(firehose, bucket, ProcessingConfiguration=processing(function(arn, NumberOfRetries="0")))
    put(firehose, b"x")
    virga.wait()
    virga.advance(seconds=60)
    (row,) = rows(s3, bucket, "processing-failed/")
    assert (row["errorCode"], row["attemptsMade"]) == ("Lambda.ResourceNotFound", 1)


def test_the_functions_buffer_comes_before_the_destinations(firehose, s3, bucket, virga, aws, transformer):
    """60 seconds for the function (the default), then 60 from its answer on."""
    create(firehose, bucket, ProcessingConfiguration=processing(("Lambda", {"LambdaArn": transformer})))
    put(firehose, b"x")
    virga.advance(seconds=59)
    assert keys(s3, bucket) == []
    virga.advance(seconds=30)
    assert len(events(aws)) == 1 and keys(s3, bucket) == []
    virga.advance(seconds=31)
    assert body(s3, bucket) == b"X"


PARTITIONED = {
    "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 60},
    "DynamicPartitioningConfiguration": {"Enabled": True},
    "ErrorOutputPrefix": "bad/!{firehose:error-output-type}/",
}
QUERY = ("MetadataExtraction", {"MetadataExtractionQuery": "{customer:.customer_id,year:(.ts|strftime(\"%Y\"))}", "JsonParsingEngine": "JQ-1.6"})


def test_partitions_by_a_query(firehose, s3, bucket, virga):
    create(firehose, bucket, **PARTITIONED, Prefix="c=!{partitionKeyFromQuery:customer}/y=!{partitionKeyFromQuery:year}/",
           ProcessingConfiguration=processing(QUERY, ("AppendDelimiterToRecord", {"Delimiter": "\\n"})))
    records = [json.dumps({"customer_id": c, "ts": 1700000000, "n": n}) for n, c in enumerate(["a", "b", "a"])]
    put(firehose, *(r.encode() for r in records), b"no json", b'{"ts":1700000000}', b'{"customer_id":"x","ts":"never"}')
    virga.wait()
    virga.advance(seconds=60)
    assert body(s3, bucket, "c=a/y=2023/").decode() == records[0] + "\n" + records[2] + "\n"
    assert body(s3, bucket, "c=b/y=2023/").decode() == records[1] + "\n"
    failed = rows(s3, bucket, "bad/metadata-extraction-failed/")
    assert {r["errorCode"] for r in failed} == {"DynamicPartitioning.MetadataExtractionFailed"}
    assert [r["errorMessage"] for r in failed][:2] == ["Non JSON record provided", "partitionKeys values must not be null or empty"]
    assert len(failed) == 3


def test_partitions_by_a_function(firehose, s3, bucket, virga, transformer):
    create(firehose, bucket, **PARTITIONED, Prefix="!{partitionKeyFromLambda:customer}/", ProcessingConfiguration=processing(function(transformer)))
    put(firehose, b"part:anna", b"part:bert", b"part:anna", b"none")
    virga.wait()
    virga.advance(seconds=60)
    assert body(s3, bucket, "anna/") == b"PART:ANNAPART:ANNA"
    assert body(s3, bucket, "bert/") == b"PART:BERT"
    assert len(rows(s3, bucket, "bad/metadata-extraction-failed/")) == 1


def test_no_more_partitions_than_may_be_active(firehose, s3, bucket, virga):
    create(firehose, bucket, **PARTITIONED, Prefix="!{partitionKeyFromQuery:k}/",
           ProcessingConfiguration=processing(("MetadataExtraction", {"MetadataExtractionQuery": "{k:.k}", "JsonParsingEngine": "JQ-1.6"})))
    put(firehose, *(b'{"k":%d}' % i for i in range(500)))
    put(firehose, b'{"k":500}', b'{"k":0}')
    virga.wait()
    virga.advance(seconds=60)
    (row,) = rows(s3, bucket, "bad/")
    assert row["errorCode"] == "DynamicPartitioning.ActivePartitionLimitExceeded"
    assert body(s3, bucket, "0/") == b'{"k":0}{"k":0}'


@pytest.mark.parametrize("parameters, message", [
    ({"MetadataExtractionQuery": "{k:.k}"}, "MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6"),
    ({"MetadataExtractionQuery": "{k:.k,other:.o}", "JsonParsingEngine": "JQ-1.6"},
     "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression"),
    ({"MetadataExtractionQuery": "{k:", "JsonParsingEngine": "JQ-1.6"}, "MetaDataExtraction JQ Query is not a valid JQ expression"),
])
def test_queries_that_are_refused(firehose, parameters, message):
    configuration = processing(("MetadataExtraction", parameters))
    assert error_of(create, firehose, "b", **PARTITIONED, Prefix="!{partitionKeyFromQuery:k}/", ProcessingConfiguration=configuration) == (
        "InvalidArgumentException", message)


def test_partitioning_is_for_ever(firehose):
    create(firehose, "b", **PARTITIONED, Prefix="!{partitionKeyFromLambda:k}/")
    code, _ = error_of(firehose.update_destination, DeliveryStreamName="d", DestinationId="destinationId-000000000001", CurrentDeliveryStreamVersionId="1",
                       ExtendedS3DestinationUpdate={"DynamicPartitioningConfiguration": {"Enabled": False}, "Prefix": "p/"})
    assert code == "InvalidArgumentException"


def test_records_in_records(firehose, s3, bucket, virga):
    newline = ("AppendDelimiterToRecord", {"Delimiter": "\\n"})
    create(firehose, bucket, name="json", Prefix="json/", ProcessingConfiguration=processing(("RecordDeAggregation", {"SubRecordType": "JSON"}), newline))
    delimiter = base64.b64encode(b"##").decode()
    create(firehose, bucket, name="text", Prefix="text/",
           ProcessingConfiguration=processing(("RecordDeAggregation", {"SubRecordType": "DELIMITED", "Delimiter": delimiter}), newline))
    put(firehose, b'{"a":1}{"b":2} {"c":"}"}', b"[1]", name="json")
    put(firehose, b"one##two##", name="text")
    virga.wait()
    virga.advance(seconds=60)
    assert body(s3, bucket, "json/") == b'{"a":1}\n{"b":2}\n{"c":"}"}\n[1]\n'
    assert body(s3, bucket, "text/") == b"one\ntwo\n"
    only = processing(("RecordDeAggregation", {"SubRecordType": "DELIMITED"}))
    assert error_of(create, firehose, "b", name="x", ProcessingConfiguration=only)[1] == "Delimiter should be present for DELIMITED"


def test_log_events_are_unpacked(firehose, s3, bucket, virga):
    unzip = ("Decompression", {"CompressionFormat": "GZIP"})
    create(firehose, bucket, name="whole", Prefix="whole/", ErrorOutputPrefix="bad/", ProcessingConfiguration=processing(unzip))
    create(firehose, bucket, name="lines", Prefix="lines/",
           ProcessingConfiguration=processing(unzip, ("CloudWatchLogProcessing", {"DataMessageExtraction": "true"})))
    document = json.dumps({"messageType": "DATA_MESSAGE", "owner": "1", "logEvents": [{"id": "0", "timestamp": 1, "message": m} for m in ("hello", "world")]})
    control = json.dumps({"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "checking"}]})
    for name in ("whole", "lines"):
        put(firehose, gzip.compress(document.encode()), name=name)
    put(firehose, gzip.compress(control.encode()), name="lines")
    put(firehose, b"not compressed", name="whole")
    virga.wait()
    virga.advance(seconds=60)
    assert body(s3, bucket, "whole/") == document.encode()
    assert body(s3, bucket, "lines/") == b"hello\nworld\n"
    assert len(rows(s3, bucket, "bad/processing-failed/")) == 1
    alone = processing(("CloudWatchLogProcessing", {"DataMessageExtraction": "true"}))
    assert error_of(create, firehose, "b", name="x", ProcessingConfiguration=alone)[1] == (
        "CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor")


# Kinesis sources.


def kinesis_source(firehose, bucket, account, name="k", **more):
    firehose.create_delivery_stream(
        DeliveryStreamName=name,
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={"KinesisStreamARN": f"arn:aws:kinesis:us-east-1:{account}:stream/s", "RoleARN": ROLE},
        ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{bucket}", "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 60},
                                            **more},
    )


def aggregate(*records):
    """As the Kinesis Producer Library packs them."""
    def field(number, data):
        return bytes([number << 3 | 2, len(data)]) + data

    message = b"".join(field(1, key) for key, _ in records)
    message += b"".join(field(3, bytes([8, i]) + field(3, data)) for i, (_, data) in enumerate(records))
    return b"\xf3\x89\x9a\xc2" + message + hashlib.md5(message).digest()


def test_a_kinesis_stream_is_followed_from_now_on(firehose, s3, bucket, virga, aws, account):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for data in (b"before", b"also before"):
        kinesis.put_record(StreamName="s", PartitionKey="a", Data=data)
    kinesis_source(firehose, bucket, account)
    source = describe(firehose, "k")["Source"]["KinesisStreamSourceDescription"]
    assert source["KinesisStreamARN"].endswith(":stream/s") and "DeliveryStartTimestamp" in source
    refused = ("InvalidArgumentException", "This operation is not permitted on KinesisStreamAsSource delivery stream type.")
    assert error_of(put, firehose, b"x", name="k") == refused
    assert error_of(firehose.put_record, DeliveryStreamName="k", Record={"Data": b"x"}) == refused
    assert error_of(firehose.start_delivery_stream_encryption, DeliveryStreamName="k")[0] == "InvalidArgumentException"

    for key in "abc":
        kinesis.put_record(StreamName="s", PartitionKey=key, Data=f"1{key} ".encode())
    kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**127))
    for key in "abcdef":
        kinesis.put_record(StreamName="s", PartitionKey=key, Data=f"2{key} ".encode())
    kinesis.put_record(StreamName="s", PartitionKey="a", Data=aggregate((b"x", b"3x "), (b"y", b"3y ")))
    virga.wait()
    virga.advance(seconds=60)
    got = b"".join(bodies(s3, bucket).values()).decode().split()
    assert sorted(got) == sorted(["1a", "1b", "1c"] + [f"2{key}" for key in "abcdef"] + ["3x", "3y"])
    assert got[:3] == ["1a", "1b", "1c"]

    firehose.delete_delivery_stream(DeliveryStreamName="k")
    kinesis.put_record(StreamName="s", PartitionKey="a", Data=b"after")
    virga.wait()
    virga.advance(seconds=120)
    assert b"after" not in b"".join(bodies(s3, bucket).values())


def test_functions_see_where_a_record_was_in_its_stream(firehose, bucket, virga, aws, account, transformer):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    kinesis_source(firehose, bucket, account, ProcessingConfiguration=processing(function(transformer)))
    number = kinesis.put_record(StreamName="s", PartitionKey="key", Data=b"x")["SequenceNumber"]
    virga.wait()
    (event,) = events(aws)
    assert event["sourceKinesisStreamArn"].endswith(":stream/s")
    metadata = event["records"][0]["kinesisRecordMetadata"]
    assert (metadata["shardId"], metadata["partitionKey"], metadata["sequenceNumber"]) == ("shardId-000000000000", "key", number)


def test_a_source_needs_its_stream(firehose, account):
    error = error_of(kinesis_source, firehose, "b", account)
    assert error[0] == "InvalidArgumentException"
    arguments = dict(DeliveryStreamName="d", ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b"})
    assert error_of(firehose.create_delivery_stream, **arguments, DeliveryStreamType="KinesisStreamAsSource")[1] == (
        "KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.")
    source = {"KinesisStreamARN": f"arn:aws:kinesis:us-east-1:{account}:stream/s", "RoleARN": ROLE}
    assert error_of(firehose.create_delivery_stream, **arguments, KinesisStreamSourceConfiguration=source)[1] == (
        "KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type")
    assert error_of(firehose.create_delivery_stream, **arguments, DeliveryStreamType="MSKAsSource")[1] == "MSKSourceConfiguration is mandatory for MSKAsSource stream type."


def test_a_source_goes_on_after_a_kill(tmp_path):
    account = "100000000000"
    virga = Virga("--data", str(tmp_path))
    s3, firehose, kinesis = (make_client(s, virga.endpoint, account) for s in ("s3", "firehose", "kinesis"))
    s3.create_bucket(Bucket="lake")
    kinesis.create_stream(StreamName="s", ShardCount=2)
    kinesis_source(firehose, "lake", account)
    for i in range(30):
        kinesis.put_record(StreamName="s", PartitionKey=str(i), Data=f"{i} ".encode())
    virga.kill()
    virga = Virga("--data", str(tmp_path))
    try:
        s3, kinesis = make_client("s3", virga.endpoint, account), make_client("kinesis", virga.endpoint, account)
        for i in range(30, 40):
            kinesis.put_record(StreamName="s", PartitionKey=str(i), Data=f"{i} ".encode())
        virga.wait()
        virga.advance(seconds=120)
        got = b"".join(bodies(s3, "lake").values()).decode().split()
        assert sorted(got, key=int) == [str(i) for i in range(40)]
    finally:
        assert virga.stop() == 0


# From the bus.


def test_a_rule_writes_its_events_into_the_lake(firehose, s3, bucket, virga, aws, account):
    create(firehose, bucket, CompressionFormat="GZIP")
    bus = aws("events")
    bus.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
    target = {"Id": "lake", "Arn": f"arn:aws:firehose:us-east-1:{account}:deliverystream/d", "RoleArn": ROLE,
              "InputTransformer": {"InputTemplate": "<aws.events.event>\n"}}
    assert bus.put_targets(Rule="all", Targets=[target])["FailedEntryCount"] == 0
    bus.put_events(Entries=[{"Source": "shop", "DetailType": "ordered", "Detail": json.dumps({"n": n})} for n in range(3)])
    virga.wait()
    virga.advance(seconds=60)
    lines = gzip.decompress(body(s3, bucket)).decode().splitlines()
    assert sorted(json.loads(line)["detail"]["n"] for line in lines) == [0, 1, 2]
