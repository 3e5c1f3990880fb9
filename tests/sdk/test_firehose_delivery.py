"""Amazon Data Firehose: putting, buffering and delivery to S3."""
import gzip
import io
import json
import re
import zipfile

from conftest import make_client
from firehose_support import body, bucket, create, destination, error_of, firehose, keys, put, s3  # noqa: F401
from virga_process import Virga


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
