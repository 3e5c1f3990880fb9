"""Amazon Data Firehose at its limits: the last value that is allowed, and the first that is not."""
import contextlib
import pathlib
import sqlite3

import pytest

from conftest import make_client
from firehose_support import ROLE, body, bucket, create, describe, destination, error_of, firehose, put, s3  # noqa: F401
from test_firehose_processing import PARTITIONED, processing
from virga_process import Virga

LAMBDA = "arn:aws:lambda:us-east-1:000000000000:function:f"


def test_streams_of_an_account(tmp_path, account):
    """Five thousand; all but one are put into the store while nobody looks."""
    server = Virga("--data", str(tmp_path))
    create(make_client("firehose", server.endpoint, account), "b", name="n0000")
    assert server.stop() == 0
    with contextlib.closing(sqlite3.connect(tmp_path / account / "us-east-1" / "state.db")) as db, db:
        db.executemany("insert into delivery_stream(name, type, created, kind, destination) select ?, type, created, kind, destination from delivery_stream where name = 'n0000'",
                       [(f"n{n:04}",) for n in range(1, 4999)])
    server = Virga("--data", str(tmp_path))
    try:
        client = make_client("firehose", server.endpoint, account)
        create(client, "b", name="last")
        code, message = error_of(create, client, "b", name="more")
        assert code == "LimitExceededException"
        assert message.startswith("You have already consumed your firehose quota of 5000 hoses. Firehose names: [last, n0000, n0001, ") and message.endswith(", n4998]")
        assert error_of(create, client, "b", name="last")[0] == "ResourceInUseException"
        client.delete_delivery_stream(DeliveryStreamName="n0000")
        create(client, "b", name="more")
    finally:
        server.kill()


def hints(size, seconds):
    return {"BufferingHints": {"SizeInMBs": size, "IntervalInSeconds": seconds}}


def one_at_a_time(firehose, bucket, cases):
    """Each case: its parameters, and "" or how its refusal begins."""
    for more, text in cases:
        if text:
            code, message = error_of(create, firehose, bucket, **more)
            assert code in ("InvalidArgumentException", "ValidationException") and text in message, (more, message)
        else:
            create(firehose, bucket, **more)
            firehose.delete_delivery_stream(DeliveryStreamName="d")


def test_buffers(aws, bucket):  # noqa: F811
    firehose = aws("firehose", parameter_validation=False)  # noqa: F811
    partitioned = {**PARTITIONED, "Prefix": "!{partitionKeyFromLambda:k}/"}
    less_than = "Member must have value {} than or equal to {}"
    one_at_a_time(firehose, bucket, [
        (hints(1, 0), ""), (hints(128, 900), ""), (hints(0, 60), less_than.format("greater", 1)), (hints(129, 60), less_than.format("less", 128)),
        (hints(5, 901), less_than.format("less", 900)),
        ({"BufferingHints": {"SizeInMBs": 5}}, "Both SizeInMBs and IntervalInSeconds"), ({"BufferingHints": {"IntervalInSeconds": 5}}, "Both SizeInMBs and IntervalInSeconds"),
        ({**partitioned, **hints(64, 60)}, ""), ({**partitioned, **hints(63, 60)}, "BufferingHints.SizeInMBs must be at least 64"),
        ({**partitioned, **hints(64, 59)}, "BufferingHints.IntervalInSeconds must be at least 60"),
    ])
    create(firehose, bucket, name="n" * 64)
    assert error_of(create, firehose, bucket, name="n" * 65)[0] == "ValidationException"


def test_the_functions_buffer(firehose, bucket):  # noqa: F811
    def function(size, seconds, **more):
        return {"ProcessingConfiguration": processing(("Lambda", {"LambdaArn": LAMBDA, "BufferSizeInMBs": size, "BufferIntervalInSeconds": seconds, **more}))}

    size, interval, retries = "BufferSizeInMBs for lambda processor", "BufferIntervalInSeconds for lambda processor", "Number of retries for lambda"
    one_at_a_time(firehose, bucket, [
        (function("0.2", "0"), ""), (function("3", "900"), ""), (function("3.0", "60.0"), ""), (function("0.19", "60"), size), (function("3.01", "60"), size),
        (function("1", "901"), interval), (function("1", "-1"), interval), (function("1", "x"), interval),
        (function("1", "60", NumberOfRetries="300"), ""), (function("1", "60", NumberOfRetries="0"), ""), (function("1", "60", NumberOfRetries="301"), retries),
    ])


def test_processors(firehose, bucket):  # noqa: F811
    six = [("Lambda", {"LambdaArn": LAMBDA}), ("Decompression", {"CompressionFormat": "GZIP"}), ("CloudWatchLogProcessing", {"DataMessageExtraction": "true"}),
           ("AppendDelimiterToRecord", {"Delimiter": "\\n"}), ("RecordDeAggregation", {"SubRecordType": "JSON"}),
           ("MetadataExtraction", {"MetadataExtractionQuery": "{k:.k}", "JsonParsingEngine": "JQ-1.6"})]
    one_at_a_time(firehose, bucket, [
        ({"ProcessingConfiguration": processing(*six[:5])}, ""),
        ({**PARTITIONED, "Prefix": "!{partitionKeyFromQuery:k}/", "ProcessingConfiguration": processing(*six)}, "A maximum of 5 and a minimum of 1 processor"),
        ({"ProcessingConfiguration": processing(six[3], six[3])}, "Cannot have more than 1 AppendDelimiterToRecord processor."),
    ])


def test_records_in_a_record(firehose, s3, bucket, virga):  # noqa: F811
    """Five hundred are taken apart; more stay as they are."""
    create(firehose, bucket, ProcessingConfiguration=processing(("RecordDeAggregation", {"SubRecordType": "JSON"}), ("AppendDelimiterToRecord", {"Delimiter": "\\n"})))
    put(firehose, b"{}" * 500, b"[]" + b"{}" * 500)
    virga.wait()
    virga.advance(seconds=60)
    assert body(s3, bucket) == b"{}\n" * 500 + b"[]" + b"{}" * 500 + b"\n"


def test_sizes_of_puts(aws):
    firehose = aws("firehose", parameter_validation=False)  # noqa: F811
    create(firehose, "b")
    put(firehose, b"x" * 1_024_000)
    assert error_of(firehose.put_record, DeliveryStreamName="d", Record={"Data": b"x" * 1_024_001})[0] == "ValidationException"
    assert put(firehose, *[b"x"] * 500)["FailedPutCount"] == 0
    assert error_of(put, firehose, *[b"x"] * 501)[0] == "ValidationException"


def test_tags_of_a_stream(aws):
    firehose = aws("firehose", parameter_validation=False)  # noqa: F811
    tags = [{"Key": f"k{n}", "Value": "v"} for n in range(51)]
    fifty = dict(DeliveryStreamName="d", ExtendedS3DestinationConfiguration=destination("b"))
    assert error_of(firehose.create_delivery_stream, **fifty, Tags=tags)[0] == "ValidationException"
    firehose.create_delivery_stream(**fifty, Tags=tags[:50])
    firehose.tag_delivery_stream(DeliveryStreamName="d", Tags=tags[:1])  # one of them
    assert error_of(firehose.tag_delivery_stream, DeliveryStreamName="d", Tags=tags[50:])[0] == "LimitExceededException"
    assert len(firehose.list_tags_for_delivery_stream(DeliveryStreamName="d")["Tags"]) == 50


CONVERSION = {
    "SchemaConfiguration": {"RoleARN": ROLE, "DatabaseName": "d", "TableName": "t", "Region": "us-east-1"},
    "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
    "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
}


def test_format_conversion_says_that_it_does_nothing(tmp_path, monkeypatch, account):
    monkeypatch.setenv("VIRGA_TEST_LOG", str(tmp_path / "log"))
    server = Virga()
    try:
        s3, firehose = make_client("s3", server.endpoint, account), make_client("firehose", server.endpoint, account)  # noqa: F811
        s3.create_bucket(Bucket="lake")
        told = lambda: [line for line in pathlib.Path(tmp_path / "log").read_text().splitlines() if "data format conversion has no effect" in line]  # noqa: E731
        create(firehose, "lake", name="plain")
        assert told() == []
        create(firehose, "lake", **hints(64, 60), DataFormatConversionConfiguration=CONVERSION)
        (line,) = told()
        assert f"arn:aws:firehose:us-east-1:{account}:deliverystream/d" in line
        assert describe(firehose)["Destinations"][0]["ExtendedS3DestinationDescription"]["DataFormatConversionConfiguration"] == {**CONVERSION, "Enabled": True}
        put(firehose, b'{"a":1}')
        server.advance(60)
        assert body(s3, "lake") == b'{"a":1}'
        update = dict(DeliveryStreamName="plain", DestinationId="destinationId-000000000001", CurrentDeliveryStreamVersionId="1")
        firehose.update_destination(**update, ExtendedS3DestinationUpdate={**hints(64, 60), "DataFormatConversionConfiguration": CONVERSION})
        assert "deliverystream/plain" in told()[1]
        text = "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled."
        assert error_of(create, firehose, "lake", name="x", **hints(63, 60), DataFormatConversionConfiguration=CONVERSION) == ("InvalidArgumentException", text)
        assert error_of(create, firehose, "lake", name="x", **hints(64, 60), CompressionFormat="GZIP", DataFormatConversionConfiguration=CONVERSION)[0] == "InvalidArgumentException"
    finally:
        server.kill()
