"""Amazon Data Firehose: the streams themselves, what a request may say, and delivery to S3."""
import gzip
import io
import json
import re
import zipfile

import botocore.exceptions
import pytest

from conftest import make_client
from virga_process import Virga

ROLE = "arn:aws:iam::000000000000:role/delivery"
SECONDS = {"SizeInMBs": 5, "IntervalInSeconds": 60}


def error_of(call, *positional, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(*positional, **arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def firehose(aws):
    return aws("firehose")


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3, account):
    name = f"lake-{account}"
    s3.create_bucket(Bucket=name)
    return name


def destination(bucket, **more):
    return {"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{bucket}", "BufferingHints": SECONDS, **more}


def create(firehose, bucket, name="d", **more):
    return firehose.create_delivery_stream(DeliveryStreamName=name, ExtendedS3DestinationConfiguration=destination(bucket, **more))


def describe(firehose, name="d"):
    return firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]


def put(firehose, *data, name="d"):
    return firehose.put_record_batch(DeliveryStreamName=name, Records=[{"Data": d} for d in data])


def keys(s3, bucket, prefix=""):
    return [o["Key"] for o in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


def bodies(s3, bucket, prefix=""):
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys(s3, bucket, prefix)}


def body(s3, bucket, prefix=""):
    found = bodies(s3, bucket, prefix)
    assert len(found) == 1, found
    return next(iter(found.values()))


# The streams.


def test_a_stream_as_it_is_described(firehose, account):
    arn = firehose.create_delivery_stream(
        DeliveryStreamName="d",
        ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b", "Prefix": "p/"},
        Tags=[{"Key": "team", "Value": "bikes"}],
    )["DeliveryStreamARN"]
    assert arn == f"arn:aws:firehose:us-east-1:{account}:deliverystream/d"
    d = describe(firehose)
    assert (d["DeliveryStreamName"], d["DeliveryStreamARN"], d["DeliveryStreamStatus"]) == ("d", arn, "ACTIVE")
    assert (d["DeliveryStreamType"], d["VersionId"], d["HasMoreDestinations"]) == ("DirectPut", "1", False)
    assert "CreateTimestamp" in d and "LastUpdateTimestamp" not in d and "Source" not in d
    (only,) = d["Destinations"]
    assert only["DestinationId"] == "destinationId-000000000001"
    basic = {
        "RoleARN": ROLE,
        "BucketARN": "arn:aws:s3:::b",
        "Prefix": "p/",
        "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
        "CompressionFormat": "UNCOMPRESSED",
        "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
        "CloudWatchLoggingOptions": {"Enabled": False},
    }
    assert only["S3DestinationDescription"] == basic
    more = {"ProcessingConfiguration": {"Enabled": False, "Processors": []}, "S3BackupMode": "Disabled"}
    assert only["ExtendedS3DestinationDescription"] == {**basic, **more}
    assert firehose.list_tags_for_delivery_stream(DeliveryStreamName="d")["Tags"] == [{"Key": "team", "Value": "bikes"}]


def test_the_older_s3_destination_is_shown_both_ways(firehose):
    firehose.create_delivery_stream(DeliveryStreamName="d", S3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b"})
    (only,) = describe(firehose)["Destinations"]
    assert only["S3DestinationDescription"]["BucketARN"] == only["ExtendedS3DestinationDescription"]["BucketARN"] == "arn:aws:s3:::b"


def test_streams_that_are_refused_or_not_there(firehose, account):
    create(firehose, "b")
    assert error_of(create, firehose, "b") == ("ResourceInUseException", f"Firehose d under accountId {account} already exists")
    unknown = ("ResourceNotFoundException", f"Firehose nope under account {account} not found.")
    assert error_of(describe, firehose, "nope") == unknown
    assert error_of(firehose.delete_delivery_stream, DeliveryStreamName="nope") == unknown
    assert error_of(put, firehose, b"x", name="nope") == unknown
    assert error_of(firehose.put_record, DeliveryStreamName="nope", Record={"Data": b"x"}) == unknown
    assert error_of(firehose.list_tags_for_delivery_stream, DeliveryStreamName="nope") == unknown
    one = ("InvalidArgumentException", "Exactly one destination configuration is supported for a Firehose")
    assert error_of(firehose.create_delivery_stream, DeliveryStreamName="e") == one
    both = {"S3DestinationConfiguration": {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b"}, "ExtendedS3DestinationConfiguration": destination("b")}
    assert error_of(firehose.create_delivery_stream, DeliveryStreamName="e", **both) == one


def test_streams_are_listed_by_name_in_pages(firehose, aws, account):
    for name in ("c", "a", "b"):
        create(firehose, "b", name=name)
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    firehose.create_delivery_stream(
        DeliveryStreamName="k",
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={"KinesisStreamARN": f"arn:aws:kinesis:us-east-1:{account}:stream/s", "RoleARN": ROLE},
        ExtendedS3DestinationConfiguration=destination("b"),
    )
    page = firehose.list_delivery_streams(Limit=2)
    assert (page["DeliveryStreamNames"], page["HasMoreDeliveryStreams"]) == (["a", "b"], True)
    page = firehose.list_delivery_streams(ExclusiveStartDeliveryStreamName="b")
    assert (page["DeliveryStreamNames"], page["HasMoreDeliveryStreams"]) == (["c", "k"], False)
    assert firehose.list_delivery_streams(DeliveryStreamType="KinesisStreamAsSource")["DeliveryStreamNames"] == ["k"]
    firehose.delete_delivery_stream(DeliveryStreamName="a")
    assert "a" not in firehose.list_delivery_streams()["DeliveryStreamNames"]
    for i in range(11):
        create(firehose, "b", name=f"x{i:02}")
    assert len(firehose.list_delivery_streams()["DeliveryStreamNames"]) == 10


def test_tags(firehose):
    create(firehose, "b")
    firehose.tag_delivery_stream(DeliveryStreamName="d", Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}, {"Key": "c"}])
    firehose.tag_delivery_stream(DeliveryStreamName="d", Tags=[{"Key": "b", "Value": "3"}])
    page = firehose.list_tags_for_delivery_stream(DeliveryStreamName="d", Limit=2)
    assert (page["Tags"], page["HasMoreTags"]) == ([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "3"}], True)
    page = firehose.list_tags_for_delivery_stream(DeliveryStreamName="d", ExclusiveStartTagKey="b")
    assert ([t["Key"] for t in page["Tags"]], page["HasMoreTags"]) == (["c"], False)
    firehose.untag_delivery_stream(DeliveryStreamName="d", TagKeys=["a", "c", "never there"])
    assert [t["Key"] for t in firehose.list_tags_for_delivery_stream(DeliveryStreamName="d")["Tags"]] == ["b"]
    many = [{"Key": f"k{i}", "Value": ""} for i in range(50)]
    assert error_of(firehose.tag_delivery_stream, DeliveryStreamName="d", Tags=many)[0] == "LimitExceededException"


def test_encryption(firehose, aws, account):
    create(firehose, "b")
    assert describe(firehose)["DeliveryStreamEncryptionConfiguration"] == {"Status": "DISABLED"}
    assert firehose.put_record(DeliveryStreamName="d", Record={"Data": b"x"})["Encrypted"] is False
    firehose.start_delivery_stream_encryption(DeliveryStreamName="d")
    assert describe(firehose)["DeliveryStreamEncryptionConfiguration"] == {"Status": "ENABLED", "KeyType": "AWS_OWNED_CMK"}
    assert put(firehose, b"x")["Encrypted"] is True
    customer = {"KeyType": "CUSTOMER_MANAGED_CMK"}
    start = firehose.start_delivery_stream_encryption
    assert error_of(start, DeliveryStreamName="d", DeliveryStreamEncryptionConfigurationInput=customer) == (
        "InvalidArgumentException", "KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK")
    customer["KeyARN"] = f"arn:aws:kms:us-east-1:{account}:key/1234"
    start(DeliveryStreamName="d", DeliveryStreamEncryptionConfigurationInput=customer)
    assert describe(firehose)["DeliveryStreamEncryptionConfiguration"] == {"Status": "ENABLED", **customer}
    firehose.stop_delivery_stream_encryption(DeliveryStreamName="d")
    assert describe(firehose)["DeliveryStreamEncryptionConfiguration"]["Status"] == "DISABLED"


# What a destination may be.

REFUSED = [
    ({"Prefix": "!{timestamp:yyyy}/"},
     "Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions"),
    ({"Prefix": "!{partitionKeyFromQuery:a}/", "ErrorOutputPrefix": "e/"},
     "Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled."),
    ({"ErrorOutputPrefix": "e/!{timestamp:yyyy}"},
     "Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}"),
    ({"Prefix": "!{nope:yyyy}/", "ErrorOutputPrefix": "e/"}, "Namespace to the left of colon (nope) is an invalid keyword!"),
    ({"S3BackupMode": "Enabled"}, "S3 backup destination configuration is required when enabling S3 backup."),
    ({"CloudWatchLoggingOptions": {"Enabled": True}}, "CloudWatch Log Group Name is required if CloudWatch Logging is enabled"),
    ({"ProcessingConfiguration": {"Enabled": True, "Processors": []}},
     "A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled."),
    ({"ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "Lambda"}]}}, "LambdaArn is required when Lambda processor is used."),
    ({"DynamicPartitioningConfiguration": {"Enabled": True}, "Prefix": "!{partitionKeyFromLambda:a}/", "ErrorOutputPrefix": "e/"},
     "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled."),
    ({"DynamicPartitioningConfiguration": {"Enabled": True}, "Prefix": "a/", "ErrorOutputPrefix": "e/"},
     "S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled"),
]


@pytest.mark.parametrize("more, message", REFUSED, ids=lambda v: v[:40] if isinstance(v, str) else "")
def test_destinations_that_are_refused(firehose, more, message):
    assert error_of(create, firehose, "b", **more) == ("InvalidArgumentException", message)


def test_model_constraints_have_the_services_texts(firehose):
    assert error_of(create, firehose, "b", CompressionFormat="SNAPPY") == (
        "ValidationException",
        "1 validation error detected: Value at 'extendedS3DestinationConfiguration.compressionFormat' failed to satisfy constraint: "
        "Member must satisfy enum value set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED]")
    assert error_of(create, firehose, "b", FileExtension="json")[1].endswith(
        r"failed to satisfy constraint: Member must satisfy regular expression pattern: ^(|\.[0-9a-z!\-_.*'()]+)$")
    create(firehose, "b", FileExtension=".json")
    long = error_of(put, firehose, b"x" * 1024001)
    assert long[0] == "ValidationException"
    assert long[1].endswith("at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000")
    assert error_of(put, firehose, *[b"x"] * 501)[0] == "ValidationException"


def test_an_update_changes_what_it_names(firehose):
    create(firehose, "b", Prefix="p/", CompressionFormat="GZIP")
    update = dict(DeliveryStreamName="d", DestinationId="destinationId-000000000001")
    stale = error_of(firehose.update_destination, **update, CurrentDeliveryStreamVersionId="7", ExtendedS3DestinationUpdate={})
    assert stale == ("ConcurrentModificationException",
                     "Cannot update firehose: d since the current version id: 1 and specified version id: 7 do not match")
    other = {**update, "DestinationId": "destinationId-000000000002"}
    assert error_of(firehose.update_destination, **other, CurrentDeliveryStreamVersionId="1", ExtendedS3DestinationUpdate={}) == (
        "InvalidArgumentException", "Destination Id destinationId-000000000002 not found")
    firehose.update_destination(**update, CurrentDeliveryStreamVersionId="1",
                                ExtendedS3DestinationUpdate={"Prefix": "q/", "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 90}})
    d = describe(firehose)
    assert d["VersionId"] == "2" and "LastUpdateTimestamp" in d
    extended = d["Destinations"][0]["ExtendedS3DestinationDescription"]
    assert (extended["Prefix"], extended["CompressionFormat"]) == ("q/", "GZIP")
    assert extended["BufferingHints"] == {"SizeInMBs": 1, "IntervalInSeconds": 90}
    http = {"EndpointConfiguration": {"Url": "https://example.com/"}}
    assert error_of(firehose.update_destination, **update, CurrentDeliveryStreamVersionId="2", HttpEndpointDestinationUpdate=http) == (
        "InvalidArgumentException", "Changing the destination type to or from HttpEndpoint is not supported at this time.")


def test_other_destinations_are_kept_and_shown_without_their_secrets(firehose):
    s3 = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b"}
    firehose.create_delivery_stream(
        DeliveryStreamName="redshift",
        RedshiftDestinationConfiguration={
            "RoleARN": ROLE, "ClusterJDBCURL": "jdbc:redshift://c.x.us-east-1.redshift.amazonaws.com:5439/d", "Username": "u", "Password": "Secret1234",
            "CopyCommand": {"DataTableName": "t"}, "S3Configuration": s3})
    shown = describe(firehose, "redshift")["Destinations"][0]["RedshiftDestinationDescription"]
    assert "Password" not in shown and shown["S3DestinationDescription"]["CompressionFormat"] == "UNCOMPRESSED"
    firehose.create_delivery_stream(
        DeliveryStreamName="splunk",
        SplunkDestinationConfiguration={"HECEndpoint": "https://h:8088", "HECEndpointType": "Raw", "HECToken": "t", "S3Configuration": s3})
    shown = describe(firehose, "splunk")["Destinations"][0]["SplunkDestinationDescription"]
    assert (shown["HECAcknowledgmentTimeoutInSeconds"], shown["S3BackupMode"]) == (180, "FailedEventsOnly")


# Putting and buffering.


def test_what_a_put_answers(firehose, virga, account):
    create(firehose, "b")
    answer = put(firehose, b"a", b"b")
    assert (answer["FailedPutCount"], len({r["RecordId"] for r in answer["RequestResponses"]})) == (0, 2)
    too_long = ("InvalidArgumentException", "Records size exceeds 4 MB limit")
    assert error_of(put, firehose, *[b"x" * 1000000] * 4, b"x" * 194305) == too_long
    put(firehose, *[b"x" * 1000000] * 4, b"x" * 194304)
    virga.post("/_virga/faults", {"account": account, "service": "firehose", "operation": "PutRecordBatchEntry", "skip": 1, "count": 1,
                                  "code": "ServiceUnavailableException", "status": 503, "message": "Slow down."})
    answer = put(firehose, b"a", b"b", b"c")
    assert answer["FailedPutCount"] == 1
    assert answer["RequestResponses"][1] == {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}


def test_records_wait_for_the_interval_and_go_together(firehose, s3, bucket, virga):
    create(firehose, bucket)
    put(firehose, b"one\n", b"two\n")
    firehose.put_record(DeliveryStreamName="d", Record={"Data": b"three\n"})
    virga.wait()
    virga.advance(seconds=50)
    assert keys(s3, bucket) == []
    virga.advance(seconds=10)
    (key,) = keys(s3, bucket)
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\d\d/d-1-\d{4}(-\d\d){5}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key)
    found = s3.get_object(Bucket=bucket, Key=key)
    assert (found["Body"].read(), found["ContentType"]) == (b"one\ntwo\nthree\n", "application/octet-stream")
    virga.advance(seconds=600)
    assert len(keys(s3, bucket)) == 1  # nothing came, nothing is written


def test_a_full_buffer_does_not_wait(firehose, s3, bucket, virga):
    create(firehose, bucket, BufferingHints={"SizeInMBs": 1, "IntervalInSeconds": 900})
    put(firehose, b"x" * 600000)
    virga.wait()
    assert keys(s3, bucket) == []
    put(firehose, b"y" * 600000, b"z")
    virga.wait()
    assert body(s3, bucket) == b"x" * 600000 + b"y" * 600000


def test_no_interval_means_at_once(firehose, s3, bucket, virga):
    create(firehose, bucket, BufferingHints={"SizeInMBs": 1, "IntervalInSeconds": 0})
    put(firehose, b"now")
    virga.wait()
    assert body(s3, bucket) == b"now"


def test_a_deleted_stream_forgets_what_waits(firehose, s3, bucket, virga):
    create(firehose, bucket)
    put(firehose, b"lost")
    firehose.delete_delivery_stream(DeliveryStreamName="d")
    create(firehose, bucket)
    virga.advance(seconds=120)
    assert keys(s3, bucket) == []


def unsnap(block):
    """A raw block of Snappy's format: its length, then literals and copies of what came before."""
    at, length, shift = 0, 0, 0
    while True:
        length |= (block[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if block[at - 1] < 128:
            break
    out = bytearray()
    while at < len(block):
        tag, at = block[at], at + 1
        if tag & 3 == 0:
            size, more = (tag >> 2) + 1, max(0, (tag >> 2) - 59)
            if more:
                size, at = int.from_bytes(block[at:at + more], "little") + 1, at + more
            out += block[at:at + size]
            at += size
            continue
        if tag & 3 == 1:
            size, offset, at = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | block[at], at + 1
        else:
            width = 2 if tag & 3 == 2 else 4
            size, offset, at = (tag >> 2) + 1, int.from_bytes(block[at:at + width], "little"), at + width
        for _ in range(size):
            out.append(out[-offset])
    assert len(out) == length
    return bytes(out)


def test_compressions(firehose, s3, bucket, virga):
    text = b"hello " * 100 + b"world"
    formats = {"GZIP": (".gz", "gzip"), "ZIP": (".zip", "zip"), "Snappy": (".snappy", "snappy-java"), "HADOOP_SNAPPY": (".snappy", "hadoop-snappy")}
    for name in formats:
        create(firehose, bucket, name=name, Prefix=name + "/", CompressionFormat=name)
        put(firehose, *[b"hello "] * 100, b"world", name=name)
    virga.advance(seconds=60)
    for name, (suffix, encoding) in formats.items():
        (key,) = keys(s3, bucket, name + "/")
        found = s3.get_object(Bucket=bucket, Key=key)
        data = found["Body"].read()
        assert key.endswith(suffix) and found["ContentEncoding"] == encoding
        if name == "GZIP":
            assert gzip.decompress(data) == text
        if name == "ZIP":
            with zipfile.ZipFile(io.BytesIO(data)) as z:
                assert z.testzip() is None and [z.read(n) for n in z.namelist()] == [text]
        if name == "Snappy":
            assert data[:16] == b"\x82SNAPPY\0\0\0\0\1\0\0\0\1" and int.from_bytes(data[16:20], "big") == len(data) - 20
            assert unsnap(data[20:]) == text
        if name == "HADOOP_SNAPPY":
            assert int.from_bytes(data[:4], "big") == len(text) and int.from_bytes(data[4:8], "big") == len(data) - 8
            assert unsnap(data[8:]) == text


def test_prefixes_and_extension(firehose, s3, bucket, virga):
    create(firehose, bucket, name="literal", Prefix="legacy")
    create(firehose, bucket, name="expressions", Prefix="e/!{timestamp:'y='yyyy}/!{firehose:random-string}/", ErrorOutputPrefix="x/", FileExtension=".jsonl",
           CompressionFormat="GZIP")
    for name in ("literal", "expressions"):
        put(firehose, b"x", name=name)
    virga.advance(seconds=60)
    (key,) = keys(s3, bucket, "legacy")
    assert re.match(r"legacy\d{4}/\d\d/\d\d/\d\d/literal-1-", key)
    (key,) = keys(s3, bucket, "e/")
    assert re.match(r"e/y=\d{4}/[0-9a-z]{11}/expressions-1-\S+\.jsonl$", key)


def test_the_oldest_record_names_the_object(tmp_path):
    """Put at 10:59:50, delivered at 11:00:50: it is an object of hour 10, or of the zone's hour."""
    virga = Virga("--freeze-clock", "2026-07-13T10:59:50Z")
    try:
        s3, firehose = (make_client(s, virga.endpoint, "100000000000") for s in ("s3", "firehose"))
        s3.create_bucket(Bucket="lake")
        create(firehose, "lake", name="utc")
        create(firehose, "lake", name="tokyo", CustomTimeZone="Asia/Tokyo")
        for name in ("utc", "tokyo"):
            put(firehose, b"x", name=name)
        virga.advance(seconds=59)
        assert keys(s3, "lake") == []
        virga.advance(seconds=1)
        utc, tokyo = sorted(keys(s3, "lake"), key=len)
        assert utc.startswith("2026/07/13/10/utc-1-2026-07-13-10-59-50-")
        assert tokyo.startswith("2026/07/13/19/tokyo-1-2026-07-13-19-59-50-")
        assert error_of(create, firehose, "lake", name="z", CustomTimeZone="Mars/Crater")[0] == "InvalidArgumentException"
    finally:
        assert virga.stop() == 0


def test_an_update_shows_in_the_next_object(firehose, s3, bucket, virga):
    create(firehose, bucket)
    firehose.update_destination(DeliveryStreamName="d", DestinationId="destinationId-000000000001", CurrentDeliveryStreamVersionId="1",
                                ExtendedS3DestinationUpdate={"Prefix": "new/"})
    put(firehose, b"x")
    virga.advance(seconds=60)
    (key,) = keys(s3, bucket, "new/")
    assert "/d-2-" in key


def test_a_missing_bucket_is_tried_again_and_told(firehose, s3, aws, virga, account):
    logs = aws("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    name = f"late-{account}"
    create(firehose, name, CloudWatchLoggingOptions={"Enabled": True, "LogGroupName": "g", "LogStreamName": "s"})
    put(firehose, b"patient")
    virga.advance(seconds=70)
    told = json.loads(logs.get_log_events(logGroupName="g", logStreamName="s", startFromHead=True)["events"][0]["message"])
    assert (told["errorCode"], told["deliveryStreamVersionId"], told["destination"]) == ("S3.NoSuchBucket", 1, f"arn:aws:s3:::{name}")
    s3.create_bucket(Bucket=name)
    virga.advance(seconds=600)
    assert body(s3, name) == b"patient"


def test_after_a_day_the_records_are_given_up(firehose, s3, virga, account):
    name = f"never-{account}"
    create(firehose, name)
    put(firehose, b"gone")
    virga.advance(seconds=25 * 3600)
    s3.create_bucket(Bucket=name)
    virga.advance(seconds=3600)
    assert keys(s3, name) == []


def test_the_backup_keeps_the_originals(firehose, s3, bucket, virga):
    create(firehose, bucket, Prefix="out/", S3BackupMode="Enabled",
           S3BackupConfiguration=destination(bucket, Prefix="back/", CompressionFormat="GZIP"),
           ProcessingConfiguration={"Enabled": True, "Processors": [{"Type": "AppendDelimiterToRecord", "Parameters": [
               {"ParameterName": "Delimiter", "ParameterValue": "\\n"}]}]})
    put(firehose, b"a", b"b")
    virga.advance(seconds=60)
    assert body(s3, bucket, "out/") == b"a\nb\n"
    assert gzip.decompress(body(s3, bucket, "back/")) == b"ab"


def test_acknowledged_records_survive_a_kill(tmp_path):
    arguments = ("--data", str(tmp_path), "--freeze-clock", "2026-01-01T00:00:00Z")
    virga = Virga(*arguments)
    s3, firehose = (make_client(s, virga.endpoint, "100000000000") for s in ("s3", "firehose"))
    s3.create_bucket(Bucket="lake")
    create(firehose, "lake")
    create(firehose, "lake", name="full", Prefix="full/", BufferingHints={"SizeInMBs": 1, "IntervalInSeconds": 900})
    for i in range(20):
        firehose.put_record(DeliveryStreamName="d", Record={"Data": f"{i}\n".encode()})
    put(firehose, b"x" * 1000000, b"y" * 1000000, name="full")
    virga.kill()
    virga = Virga(*arguments)
    try:
        s3 = make_client("s3", virga.endpoint, "100000000000")
        virga.wait()
        assert len(body(s3, "lake", "full/")) == 2000000
        virga.advance(seconds=60)
        assert body(s3, "lake", "2026/") == b"".join(f"{i}\n".encode() for i in range(20))
    finally:
        assert virga.stop() == 0
