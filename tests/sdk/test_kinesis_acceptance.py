"""Kinesis Data Streams as its users rely on it, at the edges: exact numbers, exact instants, limits to the last allowed value."""
import datetime
import gzip
import json
import struct

import pytest

from conftest import make_client
from test_kinesis import error_of, iterator, put, read
from virga_process import Virga

C = 1704067200  # 2024-01-01T00:00:00Z
MAX_HASH = 2**128 - 1


@pytest.fixture(scope="module")
def frozen():
    """An emulator whose clock stands still: every instant is one that the test has chosen."""
    server = Virga("--freeze-clock", "2024-01-01T00:00:02Z")
    yield server
    assert server.stop() == 0


@pytest.fixture
def at(frozen, account):
    """at("kinesis"): a client of the emulator that stands still."""
    return lambda service, **options: make_client(service, frozen.endpoint, account, **options)


@pytest.fixture
def kinesis(aws):
    return aws("kinesis")


@pytest.fixture
def arn(account):
    return f"arn:aws:kinesis:us-east-1:{account}:stream/s"


def shards(kinesis, **more):
    return kinesis.list_shards(StreamName="s", **more)["Shards"]


def open_shards(kinesis):
    """In hash order."""
    opened = [s for s in shards(kinesis) if "EndingSequenceNumber" not in s["SequenceNumberRange"]]
    return sorted(opened, key=lambda s: int(s["HashKeyRange"]["StartingHashKey"]))


def scale(kinesis, count):
    return kinesis.update_shard_count(StreamName="s", TargetShardCount=count, ScalingType="UNIFORM_SCALING")


def records(count, data=b"x", key="a"):
    return [{"PartitionKey": key, "Data": data} for _ in range(count)]


# Streams and shards.


def test_sequence_numbers_are_the_services_to_the_last_digit(account):
    """Numbers worked out from the real service: of a shard that was made, written and closed at known instants."""
    server = Virga("--freeze-clock", "2024-01-01T00:00:02Z")  # first shards say that they are two seconds older than their stream
    try:
        kinesis = make_client("kinesis", server.endpoint, account)
        kinesis.create_stream(StreamName="s", ShardCount=17)
        first = shards(kinesis)
        assert first[0]["SequenceNumberRange"] == {"StartingSequenceNumber": "49647888802562419836923936470999665672519599508823212034"}
        server.advance(8)
        key = first[1]["HashKeyRange"]["StartingHashKey"]
        assert put(kinesis, "x", ExplicitHashKey=key)["SequenceNumber"] == "49647888802584720582122467094142410316611863186698666002"
        numbers = [int(put(kinesis, "x", ExplicitHashKey=key)["SequenceNumber"]) for _ in range(100)]
        assert numbers == sorted(set(numbers))
        server.advance(50)
        kinesis.split_shard(StreamName="s", ShardToSplit="1", NewStartingHashKey=str(int(key) + 10))
        now = shards(kinesis)
        assert now[1]["SequenceNumberRange"]["EndingSequenceNumber"] == "49647888802595870954721732405710760324108961545076080658"
        assert now[17]["SequenceNumberRange"]["StartingSequenceNumber"] == "49647888824350247895888355280280062424897052892054159634"
    finally:
        server.kill()


def test_the_name_of_a_stream(aws):
    kinesis = aws("kinesis", parameter_validation=False)
    assert error_of(kinesis.create_stream, StreamName="", ShardCount=1) == (
        "ValidationException", "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        "[a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1")
    assert error_of(kinesis.create_stream, StreamName="n" * 129, ShardCount=1)[1].endswith("Member must have length less than or equal to 128")
    kinesis.create_stream(StreamName="n" * 128, ShardCount=1)


def test_what_an_arn_alone_may_do(kinesis, arn):
    """The rest of the operations on a stream: see test_every_call_takes_an_arn_a_name_or_both."""
    kinesis.create_stream(StreamName="s", ShardCount=2)
    for which in ({"StreamARN": arn}, {"StreamARN": arn, "StreamName": "s"}):
        assert kinesis.describe_stream_summary(**which)["StreamDescriptionSummary"]["StreamName"] == "s"
        kinesis.start_stream_encryption(EncryptionType="KMS", KeyId="alias/aws/kinesis", **which)
        kinesis.stop_stream_encryption(EncryptionType="KMS", KeyId="alias/aws/kinesis", **which)
        left, right = (s["ShardId"] for s in open_shards(kinesis))
        kinesis.merge_shards(ShardToMerge=left, AdjacentShardToMerge=right, **which)
        (merged,) = open_shards(kinesis)
        kinesis.split_shard(ShardToSplit=merged["ShardId"], NewStartingHashKey="2", **which)
        answer = kinesis.update_shard_count(TargetShardCount=2, ScalingType="UNIFORM_SCALING", **which)
        del answer["ResponseMetadata"]
        assert answer == {"StreamName": "s", "CurrentShardCount": 2, "TargetShardCount": 2, "StreamARN": arn}
        assert len(kinesis.list_shards(**which)["Shards"]) == len(shards(kinesis))
    for call in (kinesis.describe_stream, kinesis.delete_stream):
        assert error_of(call, StreamARN=arn, StreamName="t")[0] == "InvalidArgumentException"
    kinesis.delete_stream(StreamARN=arn)
    assert kinesis.list_streams()["StreamNames"] == []


def test_shard_ids_are_read_leniently_before_the_stream_is_looked_for(kinesis, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    put(kinesis, "x")
    for name in ("0", "abc-0", "shardId-0", "shardId-000000000000"):
        assert read(kinesis, name) == ["x"]
    for name, id in (("shardId-99999999999", "shardId-99999999999"), ("abc-", "abc-"), (str(2**31), str(2**31))):
        assert error_of(iterator, kinesis, name, stream="nothing") == (
            "ResourceNotFoundException", f"Could not find shard {id} in stream nothing under account {account}.")
    assert error_of(iterator, kinesis, str(2**31 - 1))[1] == f"Shard shardId-002147483647 in stream s under account {account} does not exist"


def test_where_a_shard_may_be_split(kinesis, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    split = lambda shard, key: kinesis.split_shard(StreamName="s", ShardToSplit=shard, NewStartingHashKey=str(key))  # noqa: E731
    text = (f"NewStartingHashKey {{}} used in SplitShard() on shard shardId-{{:012}} in stream s under account {account} is not both greater than one plus the shard's "
            "StartingHashKey {} and less than the shard's EndingHashKey {}.")
    for key in (0, 1, MAX_HASH):
        assert error_of(split, "0", key) == ("InvalidArgumentException", text.format(key, 0, 0, MAX_HASH))
    split("0", 2)
    parent, low, high = shards(kinesis)
    for child in (low, high):
        assert int(parent["SequenceNumberRange"]["EndingSequenceNumber"]) < int(child["SequenceNumberRange"]["StartingSequenceNumber"])
        assert child["ParentShardId"] == parent["ShardId"] and "AdjacentParentShardId" not in child
    assert low["HashKeyRange"] == {"StartingHashKey": "0", "EndingHashKey": "1"} and high["HashKeyRange"]["StartingHashKey"] == "2"
    assert error_of(split, "2", 3)[1] == text.format(3, 2, 2, MAX_HASH)
    split("2", MAX_HASH - 1)


def test_scaling_up_and_down(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=2)
    for target, total in ((4, 6), (2, 8)):
        scale(kinesis, target)
        assert len(shards(kinesis)) == total
    lineage = {s["ShardId"][-1]: (s.get("ParentShardId", "-")[-1], s.get("AdjacentParentShardId", "-")[-1]) for s in shards(kinesis)}
    assert lineage == {"0": ("-", "-"), "1": ("-", "-"), "2": ("0", "-"), "3": ("0", "-"), "4": ("1", "-"), "5": ("1", "-"), "6": ("2", "3"), "7": ("4", "5")}
    text = "UpdateShardCount cannot scale {} your current open shard count. Current open shard count: {}, Target shard count: {}"
    assert error_of(scale, kinesis, 5) == ("LimitExceededException", text.format("up over double", 2, 5))
    scale(kinesis, 4)
    assert error_of(scale, kinesis, 1)[1] == text.format("down below half", 4, 1)
    scale(kinesis, 4)  # nothing to do
    assert len(shards(kinesis)) == 12


def test_an_on_demand_stream(kinesis, arn, account):
    kinesis.create_stream(StreamName="s", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert len(open_shards(kinesis)) == 4
    refused = ("ValidationException", f"Request is invalid. Stream s under account {account} is in On-Demand mode.")
    split = dict(StreamName="s", ShardToSplit="0", NewStartingHashKey="2")
    assert error_of(kinesis.split_shard, **split) == refused
    assert error_of(kinesis.merge_shards, StreamName="s", ShardToMerge="0", AdjacentShardToMerge="1") == refused
    assert error_of(scale, kinesis, 8) == refused
    kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "PROVISIONED"})
    kinesis.split_shard(**split)
    assert len(open_shards(kinesis)) == 5
    assert error_of(kinesis.create_stream, StreamName="t", ShardCount=1, StreamModeDetails={"StreamMode": "ON_DEMAND"})[0] == "ValidationException"


def test_what_only_streams_on_demand_have(kinesis, arn):
    summary = lambda: kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]  # noqa: E731
    modes = {mode: dict(StreamARN=arn, StreamModeDetails={"StreamMode": mode}) for mode in ("ON_DEMAND", "PROVISIONED")}
    by_key = {"RecordDistributionStrategy": "USER_PARTITION_KEY"}
    on_demand = dict(StreamName="s", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert error_of(kinesis.create_stream, StreamName="s", ShardCount=1, **by_key)[0] == "InvalidArgumentException"
    assert error_of(kinesis.create_stream, **on_demand, RecordDistributionStrategy="AUTO")[0] == "NotImplemented"
    kinesis.create_stream(**on_demand, **by_key, WarmThroughputMiBps=5)
    assert summary()["RecordDistributionStrategy"] == "USER_PARTITION_KEY" and summary()["WarmThroughput"] == {"TargetMiBps": 5, "CurrentMiBps": 5}
    assert error_of(kinesis.update_stream_mode, **modes["PROVISIONED"], WarmThroughputMiBps=7)[0] == "InvalidArgumentException"
    kinesis.update_stream_mode(**modes["PROVISIONED"])
    assert not {"RecordDistributionStrategy", "WarmThroughput"} & set(summary())
    kinesis.update_stream_mode(**modes["ON_DEMAND"], WarmThroughputMiBps=7)
    assert summary()["WarmThroughput"] == {"TargetMiBps": 7, "CurrentMiBps": 7}


def test_retention_periods_at_their_edges(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    increase = lambda hours: kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=hours)  # noqa: E731
    decrease = lambda hours: kinesis.decrease_stream_retention_period(StreamName="s", RetentionPeriodHours=hours)  # noqa: E731
    for change in (increase, decrease):
        assert error_of(change, 23) == (
            "InvalidArgumentException", "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.")
        change(24)  # as it is
    assert error_of(decrease, 25)[1] == (
        "Requested retention period (25 hours) for stream s can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.")
    increase(8760)
    assert error_of(increase, 8761)[1] == "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long."
    assert error_of(increase, 8759)[1] == (
        "Requested retention period (8759 hours) for stream s can not be shorter than existing retention period (8760 hours). Use DecreaseRetentionPeriod API.")


def test_what_is_past_the_retention(at, frozen):
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=2)
    old = put(kinesis, "old")["SequenceNumber"]
    kinesis.split_shard(StreamName="s", ShardToSplit="1", NewStartingHashKey=str(MAX_HASH - 5))
    after = dict(kind="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=old)
    before = dict(kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=old)
    frozen.advance(24 * 3600 - 1)
    assert read(kinesis) == ["old"] and len(shards(kinesis)) == 4
    frozen.advance(1)
    put(kinesis, "new")
    assert read(kinesis) == read(kinesis, **after) == read(kinesis, **before) == ["new"]
    assert [s["ShardId"][-1] for s in shards(kinesis)] == list("023")
    assert shards(kinesis)[1]["ParentShardId"] == "shardId-000000000001"
    kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=48)
    frozen.advance(25 * 3600)
    assert read(kinesis) == ["new"]


# Reading.


def test_an_iterator_reads_again_what_it_read_and_what_came_since(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    latest = iterator(kinesis, kind="LATEST")
    seen = []
    for data in "ab":
        put(kinesis, data)
        seen.append([r["Data"].decode() for r in kinesis.get_records(ShardIterator=latest)["Records"]])
    assert seen == [["a"], ["a", "b"]]


def test_an_iterator_lives_five_minutes_to_the_millisecond(at, frozen):
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    made = frozen.now()
    first = iterator(kinesis)
    frozen.advance(299)
    successor = kinesis.get_records(ShardIterator=first)["NextShardIterator"]
    frozen.advance(1)
    kinesis.get_records(ShardIterator=first)
    frozen.advance(0.001)
    form = "%a %b %d %H:%M:%S UTC %Y"
    created = datetime.datetime.fromisoformat(made.replace("Z", "+00:00"))
    assert error_of(kinesis.get_records, ShardIterator=first) == (
        "ExpiredIteratorException", f"Iterator expired. The iterator was created at time {created.strftime(form)} while right now it is "
        f"{(created + datetime.timedelta(seconds=300)).strftime(form)} which is further in the future than the tolerated delay of 300000 milliseconds.")
    frozen.advance(199.999)
    assert "NextShardIterator" in kinesis.get_records(ShardIterator=successor)


def cbor(value):
    """As the SDK for Java writes it: maps of indefinite length, instants as tagged milliseconds."""
    if isinstance(value, dict):
        return b"\xbf" + b"".join(cbor(k) + cbor(v) for k, v in value.items()) + b"\xff"
    if isinstance(value, datetime.datetime):
        return b"\xc1\x1b" + struct.pack(">Q", round(value.timestamp() * 1000))
    text = value.encode()
    return bytes([0x78, len(text)]) + text


def call_in_cbor(server, account, operation, **members):
    """Status and raw answer."""
    status, headers, answer = server.request("POST", "/", cbor(members), {
        "Content-Type": "application/x-amz-cbor-1.1", "X-Amz-Target": f"Kinesis_20131202.{operation}",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={account}/20240101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0"})
    assert headers["Content-Type"] == "application/x-amz-cbor-1.1"
    return status, answer


def test_reading_from_an_instant(at, frozen, account):
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for data in "abc":
        put(kinesis, data)
        frozen.advance(0.005)
    times = [r["ApproximateArrivalTimestamp"] for r in kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]]
    step = datetime.timedelta(milliseconds=1)
    for instant, expected in ((times[0] - step, "abc"), (times[0], "abc"), (times[0] + step, "bc"), (times[2], "c"), (times[2] + step, "")):
        assert read(kinesis, kind="AT_TIMESTAMP", Timestamp=instant) == list(expected)
        status, answer = call_in_cbor(frozen, account, "GetShardIterator", StreamName="s", ShardId="0", ShardIteratorType="AT_TIMESTAMP", Timestamp=instant)
        token = answer[answer.index(b"AAAA"):].rstrip(b"\xff").decode()
        assert status == 200
        assert [r["Data"].decode() for r in kinesis.get_records(ShardIterator=token)["Records"]] == list(expected)
    now = times[2] + 5 * step
    assert read(kinesis, kind="AT_TIMESTAMP", Timestamp=now) == []
    as_ms = lambda instant: round(instant.timestamp() * 1000)  # noqa: E731
    text = (f"The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: {as_ms(now + step)}, "
            f"currentTimestampInMillis: {as_ms(now)}")
    assert error_of(iterator, kinesis, kind="AT_TIMESTAMP", Timestamp=now + step) == ("InvalidArgumentException", text)
    status, answer = call_in_cbor(frozen, account, "GetShardIterator", StreamName="s", ShardId="0", ShardIteratorType="AT_TIMESTAMP", Timestamp=now + step)
    assert status == 400 and b"InvalidArgumentException" in answer and text.encode() in answer
    assert error_of(iterator, kinesis, kind="AT_TIMESTAMP") == (
        "InvalidArgumentException", "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.")


def test_numbers_and_types_that_do_not_go_together(kinesis, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    number = put(kinesis, "x")["SequenceNumber"]
    both = ("Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no "
            "StartingSequenceNumber. Request specified {} and {} StartingSequenceNumber.")
    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):
        assert error_of(iterator, kinesis, kind=kind) == ("InvalidArgumentException", both.format(kind, "no"))
    for kind in ("TRIM_HORIZON", "LATEST"):
        assert error_of(iterator, kinesis, kind=kind, StartingSequenceNumber=number) == ("InvalidArgumentException", both.format(kind, "also a"))
    used = f"used in GetShardIterator on shard shardId-000000000000 in stream s under account {account} is invalid"
    assert error_of(iterator, kinesis, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=str(2**185 + 3))[1] == f"StartingSequenceNumber {2**185 + 3} {used}."
    foreign = str(int(number) + (1 << 148))  # a shard made one second later
    assert error_of(iterator, kinesis, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=foreign)[1] == (
        f"StartingSequenceNumber {foreign} {used} because it did not come from this stream.")


def test_an_answer_holds_ten_megabytes(at, frozen):
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for n in range(12):
        put(kinesis, chr(97 + n) * 1_000_000)
        frozen.advance(1)
    page = kinesis.get_records(ShardIterator=iterator(kinesis))
    first = page["Records"]
    assert len(first) == 10 and page["MillisBehindLatest"] > 0
    page = kinesis.get_records(ShardIterator=page["NextShardIterator"])
    assert b"".join(r["Data"][:1] for r in first + page["Records"]) == b"abcdefghijkl"
    assert page["MillisBehindLatest"] == 0
    # 10 MiB to the byte, keys counted; a byte more does not fit.
    kinesis.delete_stream(StreamName="s")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for _ in range(10):
        put(kinesis, "x" * (1024 * 1024 - 1))
    assert len(kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]) == 10
    kinesis.delete_stream(StreamName="s")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    put(kinesis, "x")
    for _ in range(10):
        put(kinesis, "x" * (1024 * 1024 - 1))
    assert len(kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]) == 10


def test_an_answer_holds_ten_thousand_records(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for _ in range(21):
        assert kinesis.put_records(StreamName="s", Records=records(500))["FailedRecordCount"] == 0
    at_start = iterator(kinesis)
    for more in ({}, {"Limit": 10000}):
        assert len(kinesis.get_records(ShardIterator=at_start, **more)["Records"]) == 10000
    assert error_of(kinesis.get_records, ShardIterator=at_start, Limit=10001)[0] == "ValidationException"


def test_a_merged_shard_ends_with_the_child_of_both(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=2)
    kinesis.merge_shards(StreamName="s", ShardToMerge="0", AdjacentShardToMerge="1")
    child = {"ShardId": "shardId-000000000002", "ParentShards": ["shardId-000000000000", "shardId-000000000001"],
             "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": str(MAX_HASH)}}
    for shard in "01":
        for kind in ("TRIM_HORIZON", "LATEST"):
            page = kinesis.get_records(ShardIterator=iterator(kinesis, shard, kind))
            assert page["ChildShards"] == [child] and "NextShardIterator" not in page and page["MillisBehindLatest"] == 0


# Writing.


def test_sizes_of_a_record(aws, arn):
    """Data and key together, to the byte."""
    kinesis = aws("kinesis", parameter_validation=False)
    kinesis.create_stream(StreamName="s", ShardCount=1)
    text = ("1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]' at '{1}' failed to satisfy constraint: Member must have length "
            "less than or equal to {2}")
    for kib in (1024, 10240):
        limit = kib * 1024
        put(kinesis, "x" * (limit - 3), key="key")
        assert error_of(put, kinesis, "x" * (limit - 2), key="key") == ("ValidationException", text.format(limit - 2, "data", limit))
        assert error_of(put, kinesis, "x" * (limit - 3), key="k\u00e9y")[0] == "ValidationException"  # in UTF-8
        kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=10240)
    big = records(1) + records(1, b"x" * (10240 * 1024))
    assert error_of(kinesis.put_records, StreamName="s", Records=big)[1] == text.format(10240 * 1024, "records.2.member.data", 10240 * 1024)
    large = put(kinesis, "x" * 9_000_000)["SequenceNumber"]
    (record,) = kinesis.get_records(ShardIterator=iterator(kinesis, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=large))["Records"]
    assert record["Data"] == b"x" * 9_000_000
    put(kinesis, "", key="k" * 256)
    assert error_of(put, kinesis, "", key="k" * 257)[0] == "ValidationException"
    for kib in (1023, 10241):
        assert error_of(kinesis.update_max_record_size, StreamARN=arn, MaxRecordSizeInKiB=kib)[0] == "ValidationException"


def test_a_stream_is_looked_for_before_the_keys_of_its_records(kinesis, account):
    key = {"PartitionKey": "a", "Data": b"x", "ExplicitHashKey": str(2**128)}
    missing = ("ResourceNotFoundException", f"Stream s under account {account} not found.")
    assert error_of(kinesis.put_record, StreamName="s", **key) == error_of(kinesis.put_records, StreamName="s", Records=[key]) == missing
    kinesis.create_stream(StreamName="s", ShardCount=1)
    refused = ("InvalidArgumentException", f"Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {2**128}")
    assert error_of(kinesis.put_record, StreamName="s", **key) == error_of(kinesis.put_records, StreamName="s", Records=records(2) + [key]) == refused
    assert read(kinesis) == []
    number = "ExclusiveMinimumSequenceNumber {} used in PutRecord on stream s under account {} is invalid."
    late = put(kinesis, "x")["SequenceNumber"]
    put(kinesis, "y", SequenceNumberForOrdering=late)
    for wrong in (str(2**185 + 3), str(int(late) + (3600 << 36))):  # no number of this service, and one of the next hour
        assert error_of(put, kinesis, "z", SequenceNumberForOrdering=wrong) == ("InvalidArgumentException", number.format(wrong, account))
    assert read(kinesis) == ["x", "y"]


def test_sizes_of_a_request(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    whole = records(10, b"x" * (1024 * 1024 - 1))
    assert kinesis.put_records(StreamName="s", Records=whole)["FailedRecordCount"] == 0
    assert error_of(kinesis.put_records, StreamName="s", Records=whole + records(1, b"")) == ("InvalidArgumentException", "Records size exceeds 10 MB limit")
    assert kinesis.put_records(StreamName="s", Records=records(500))["FailedRecordCount"] == 0
    for refused in (records(501), records(1) + records(1, key="k" * 257)):
        assert error_of(kinesis.put_records, StreamName="s", Records=refused)[0] == "ValidationException"
    at_start, seen = iterator(kinesis), 0
    while True:
        page = kinesis.get_records(ShardIterator=at_start)
        at_start, seen = page["NextShardIterator"], seen + len(page["Records"])
        if not page["Records"]:
            break
    assert seen == 510


def test_half_of_the_entries_fail_by_chance(kinesis, virga, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    virga.post("/_virga/faults", {"account": account, "service": "kinesis", "operation": "PutRecordsEntry", "probability": 0.5,
                                  "code": "InternalFailure", "message": "Internal Service Failure"})
    answer = kinesis.put_records(StreamName="s", Records=[{"PartitionKey": "a", "Data": str(n).encode()} for n in range(500)])
    failed = [r for r in answer["Records"] if "ErrorCode" in r]
    assert 0 < answer["FailedRecordCount"] == len(failed) < 500
    assert all(r == {"ErrorCode": "InternalFailure", "ErrorMessage": "Internal Service Failure"} for r in failed)
    assert read(kinesis) == [str(n) for n, r in enumerate(answer["Records"]) if "ErrorCode" not in r]


def test_encryption_is_told_until_it_stops(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    key = dict(StreamName="s", EncryptionType="KMS", KeyId="alias/aws/kinesis")
    for encrypted in (False, True, False):
        (entry,) = kinesis.put_records(StreamName="s", Records=records(1))["Records"]
        many = kinesis.put_records(StreamName="s", Records=records(1))
        answers = [put(kinesis, "x"), many, *kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]]
        assert {a.get("EncryptionType") for a in answers} == {"KMS" if encrypted else None}
        d = kinesis.describe_stream(StreamName="s")["StreamDescription"]
        assert (d["EncryptionType"], d.get("KeyId")) == (("KMS", "alias/aws/kinesis") if encrypted else ("NONE", None))
        (kinesis.stop_stream_encryption if encrypted else kinesis.start_stream_encryption)(**key)


# Limits of streams, shards, consumers and pages.


def test_shards_of_an_account(aws, account):
    kinesis = aws("kinesis", region="eu-central-1")
    kinesis.create_stream(StreamName="s", ShardCount=999)
    kinesis.create_stream(StreamName="t", ShardCount=1)
    limits = kinesis.describe_limits()
    assert (limits["ShardLimit"], limits["OpenShardCount"]) == (1000, 1000)
    text = (f"This request would exceed the shard limit for the account {account} in eu-central-1. Current shard count for the account: 1000. Limit: 1000. Number of additional "
            "shards that would have resulted from this request: {}. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) "
            "for current limits and how to request higher limits.")
    assert error_of(kinesis.create_stream, StreamName="u", ShardCount=2) == ("LimitExceededException", text.format(2))
    assert error_of(kinesis.split_shard, StreamName="t", ShardToSplit="0", NewStartingHashKey="2") == ("LimitExceededException", text.format(1))
    for count, more in ((1000, 1), (1001, None)):  # of one stream or of all
        code, message = error_of(scale, kinesis, count)
        assert code == "LimitExceededException" and (message == text.format(more) if more else message.startswith("Target shard count or number of open shards cannot"))
    # Pages: a hundred shards of a description, whatever was asked for, and a thousand of a list.
    first = kinesis.describe_stream(StreamName="s", Limit=10000)["StreamDescription"]
    assert len(first["Shards"]) == 100 and first["HasMoreShards"]
    rest = kinesis.describe_stream(StreamName="s", ExclusiveStartShardId="shardId-000000000989")["StreamDescription"]
    assert len(rest["Shards"]) == 9 and not rest["HasMoreShards"]
    assert sum(len(page["StreamDescription"]["Shards"]) for page in kinesis.get_paginator("describe_stream").paginate(StreamName="s")) == 999
    scale(kinesis, 998)
    page = kinesis.list_shards(StreamName="s")  # 999 and the one that came of two
    assert len(page["Shards"]) == 1000 and "NextToken" not in page
    scale(kinesis, 997)
    page = kinesis.list_shards(StreamName="s")
    assert len(page["Shards"]) == 1000 and len(kinesis.list_shards(NextToken=page["NextToken"])["Shards"]) == 1
    assert len(kinesis.list_shards(StreamName="s", MaxResults=10000)["Shards"]) == 1001
    assert error_of(kinesis.list_shards, StreamName="s", MaxResults=10001)[0] == "ValidationException"


def test_shards_of_one_stream(aws):
    kinesis = aws("kinesis", region="us-west-2")
    kinesis.create_stream(StreamName="s", ShardCount=5001)
    assert error_of(scale, kinesis, 10001) == (
        "LimitExceededException", "Target shard count or number of open shards cannot be greater than 10000. Current open shard count: 5001, Target shard count: 10001")
    scale(kinesis, 10000)
    assert kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["OpenShardCount"] == 10000


def test_on_demand_streams_and_pages_of_streams(kinesis):
    details = {"StreamMode": "ON_DEMAND"}
    for n in range(50):
        kinesis.create_stream(StreamName=f"s{n:03}", StreamModeDetails=details)
    assert error_of(kinesis.create_stream, StreamName="t", StreamModeDetails=details)[0] == "LimitExceededException"
    limits = kinesis.describe_limits()
    assert (limits["OnDemandStreamCount"], limits["OnDemandStreamCountLimit"]) == (50, 50)
    for n in range(50, 101):
        kinesis.create_stream(StreamName=f"s{n:03}", ShardCount=1)
    page = kinesis.list_streams()
    assert len(page["StreamNames"]) == len(page["StreamSummaries"]) == 100 and page["HasMoreStreams"]
    for more in ({"NextToken": page["NextToken"]}, {"ExclusiveStartStreamName": "s099"}):
        rest = kinesis.list_streams(**more)
        assert rest["StreamNames"] == ["s100"] and not rest["HasMoreStreams"] and "NextToken" not in rest


def test_tokens_of_pages_are_of_their_list_and_live_five_minutes(at, frozen, arn):
    kinesis = at("kinesis")
    for stream in "st":
        kinesis.create_stream(StreamName=stream, ShardCount=2)
    other = arn[:-1] + "t"
    for consumer in "ab":
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=consumer)
    tokens = {
        kinesis.list_streams: (kinesis.list_streams(Limit=1)["NextToken"], {}),
        kinesis.list_stream_consumers: (kinesis.list_stream_consumers(StreamARN=arn, MaxResults=1)["NextToken"], {"StreamARN": arn}),
        kinesis.list_shards: (kinesis.list_shards(StreamName="s", MaxResults=1)["NextToken"], {}),
    }
    assert error_of(kinesis.list_stream_consumers, StreamARN=other, NextToken=tokens[kinesis.list_stream_consumers][0])[0] == "InvalidArgumentException"
    frozen.advance(300)
    for call, (token, more) in tokens.items():
        call(NextToken=token, **more)
        assert error_of(call, NextToken="AAAA", **more)[0] == "InvalidArgumentException"
    frozen.advance(0.001)
    for call, (token, more) in tokens.items():
        assert error_of(call, NextToken=token, **more)[0] == "ExpiredNextTokenException"
    created = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamCreationTimestamp"]
    # A token says by itself where it goes on, and to which shards.
    token = kinesis.list_shards(StreamName="s", MaxResults=1)["NextToken"]
    for member, value in (("StreamName", "s"), ("StreamARN", arn), ("StreamCreationTimestamp", created), ("ExclusiveStartShardId", "0"), ("ShardFilter", {"Type": "AT_LATEST"})):
        refused = ("InvalidArgumentException", f"NextToken and {member} cannot be provided together.")
        assert error_of(kinesis.list_shards, NextToken=token, **{member: value}) == refused
    token = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=1)["NextToken"]
    assert error_of(kinesis.list_stream_consumers, StreamARN=arn, NextToken=token, StreamCreationTimestamp=created)[0] == "InvalidArgumentException"
    for call in (kinesis.list_shards, kinesis.list_stream_consumers):
        call(StreamARN=arn, StreamCreationTimestamp=created)
        assert error_of(call, StreamARN=arn, StreamCreationTimestamp=created - datetime.timedelta(seconds=1))[0] == "ResourceNotFoundException"


def test_a_consumer_may_be_named_in_every_way_at_once(kinesis, arn):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
    whole = {"ConsumerARN": consumer, "StreamARN": arn, "ConsumerName": "c"}
    assert kinesis.describe_stream_consumer(**whole)["ConsumerDescription"]["ConsumerName"] == "c"
    for other in ({"ConsumerName": "d"}, {"StreamARN": arn + "t"}):
        assert error_of(kinesis.describe_stream_consumer, **{**whole, **other})[0] == "InvalidArgumentException"
        assert error_of(kinesis.deregister_stream_consumer, **{**whole, **other})[0] == "InvalidArgumentException"
    kinesis.deregister_stream_consumer(**whole)


def test_consumers_of_a_stream(kinesis, arn, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for n in range(20):
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=f"c{n}")
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="c0")[0] == "ResourceInUseException"
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="more")[0] == "LimitExceededException"
    assert kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["ConsumerCount"] == 20
    assert error_of(kinesis.delete_stream, StreamName="s") == (
        "ResourceInUseException", f"DeleteStream can't delete {account}:s because there are consumers associated with this data stream. To delete s anyway, set the "
        "EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.")
    kinesis.delete_stream(StreamName="s", EnforceConsumerDeletion=True)
    kinesis.create_stream(StreamName="s", ShardCount=1)
    assert kinesis.list_stream_consumers(StreamARN=arn)["Consumers"] == []


def test_subscriptions_by_the_second_while_throttling_is_on(at, frozen, account, arn):
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    consumers = [kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"]["ConsumerARN"] for name in "ab"]
    frozen.post("/_aws/kinesis/throttling", {"account": account, "enabled": True})
    subscribe = lambda consumer: kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId="0", StartingPosition={"Type": "LATEST"})["EventStream"]  # noqa: E731
    streams = [subscribe(consumer) for consumer in consumers]
    assert error_of(subscribe, consumers[0]) == ("LimitExceededException", f"Rate exceeded for consumer {consumers[0]}.")
    frozen.advance(1)
    assert error_of(subscribe, consumers[0])[0] == "ResourceInUseException"
    frozen.advance(4)
    streams.append(subscribe(consumers[0]))
    for stream in streams:
        stream.close()


def test_rates_of_calls_while_throttling_is_on(at, frozen, account, arn):
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
    frozen.post("/_aws/kinesis/throttling", {"account": account, "enabled": True})
    stream = {"StreamName": "s"}
    for call, arguments, rate in (
        (kinesis.list_streams, {}, 5), (kinesis.describe_stream, stream, 10), (kinesis.describe_stream_summary, stream, 20), (kinesis.describe_limits, {}, 1),
        (kinesis.describe_stream_consumer, {"ConsumerARN": consumer}, 20), (kinesis.list_shards, stream, 1000),
    ):
        for _ in range(rate):
            call(**arguments)
        whose = f"stream s under account {account}" if arguments else f"account {account}"
        assert error_of(call, **arguments) == ("LimitExceededException", f"Rate exceeded for {whose}.")
    for _ in range(5):
        iterator(kinesis)
    assert error_of(iterator, kinesis) == ("ProvisionedThroughputExceededException", f"Rate exceeded for shard shardId-000000000000 in stream s under account {account}.")
    # By the day.
    key = dict(stream, EncryptionType="KMS", KeyId="alias/mine")
    mode = dict(StreamARN=arn, StreamModeDetails={"StreamMode": "PROVISIONED"})
    for call, arguments, most in ((kinesis.update_stream_mode, mode, 2), (kinesis.start_stream_encryption, key, 25)):
        for _ in range(most):
            call(**arguments)
            frozen.advance(1)
        assert error_of(call, **arguments) == ("LimitExceededException", f"Rate exceeded for stream s under account {account}.")
    frozen.advance(24 * 3600)
    kinesis.update_stream_mode(**mode)
    kinesis.start_stream_encryption(**key)


def test_tags_of_a_request_and_of_a_stream(kinesis):
    fifty = {f"k{n}": "v" for n in range(50)}
    kinesis.create_stream(StreamName="s", ShardCount=1, Tags=fifty)
    kinesis.add_tags_to_stream(StreamName="s", Tags={"k0": "again"})  # one of them
    assert error_of(kinesis.add_tags_to_stream, StreamName="s", Tags={"k50": "v"})[0] == "InvalidArgumentException"
    assert error_of(kinesis.create_stream, StreamName="t", ShardCount=1, Tags={**fifty, "k50": "v"})[0] == "InvalidArgumentException"
    assert kinesis.list_streams()["StreamNames"] == ["s"]
    longest = {"k" * 128: "v" * 256}
    kinesis.remove_tags_from_stream(StreamName="s", TagKeys=list(fifty)[:10])
    kinesis.add_tags_to_stream(StreamName="s", Tags=longest)
    assert {"Key": "k" * 128, "Value": "v" * 256} in kinesis.list_tags_for_stream(StreamName="s", ExclusiveStartTagKey="k9")["Tags"]
    for tags in ({"k" * 129: ""}, {"k": "v" * 257}):
        assert error_of(kinesis.add_tags_to_stream, StreamName="s", Tags=tags)[0] == "ValidationException"
    assert error_of(kinesis.list_tags_for_stream, StreamName="s", Limit=51)[0] == "ValidationException"


# The wire.


def test_requests_that_no_sdk_sends(virga, account):
    def post(body, target="Kinesis_20131202.CreateStream"):
        authorization = f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0"
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target, "Authorization": authorization}
        status, headers, answer = virga.request("POST", "/", body, headers)
        assert headers["Content-Type"] == "application/x-amz-json-1.1" and headers["x-amzn-RequestId"]
        return status, json.loads(answer)

    assert post(b"") == (400, {"__type": "SerializationException"})
    assert post(b"{") == (400, {"__type": "SerializationException"})
    assert post(b'{"StreamName": "s", "ShardCount": "1"}') == (
        400, {"__type": "SerializationException", "Message": "class java.lang.String can not be converted to an Integer"})
    assert post(b'{"StreamName": 1}') == (400, {
        "__type": "SerializationException",
        "Message": "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String"})
    assert post(b'{"StreamName": {}}') == (400, {"__type": "SerializationException", "Message": "Start of structure or map found where not expected."})
    status, answer = post(b"{}", "Kinesis_20131202.Nonsense")
    assert (status, answer["__type"]) == (400, "UnknownOperationException")
    strict = Virga("--verify-signatures")
    try:
        status, _, answer = strict.request("POST", "/", b"{}", {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Kinesis_20131202.ListStreams"})
        assert (status, json.loads(answer)) == (400, {"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"})
    finally:
        strict.kill()


def test_filters_before_at_and_after_a_reshard(at, frozen):
    """Whatever the instant, the shards that were open tile all hash keys: a parent and its child are never both there."""
    kinesis = at("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    now = lambda: datetime.datetime.fromisoformat(frozen.now().replace("Z", "+00:00"))  # noqa: E731
    frozen.advance(5)
    kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**127))
    split = now()
    frozen.advance(5)
    kinesis.merge_shards(StreamName="s", ShardToMerge="1", AdjacentShardToMerge="2")
    merged = now()
    frozen.advance(5)
    step = datetime.timedelta(milliseconds=1)
    for instant, ids in ((split - 9 * step, "0"), (split - step, "0"), (split, "12"), (split + step, "12"), (merged - step, "12"), (merged, "3"), (now(), "3")):
        found = shards(kinesis, ShardFilter={"Type": "AT_TIMESTAMP", "Timestamp": instant})
        assert [s["ShardId"][-1] for s in found] == list(ids)
        ranges = [(int(s["HashKeyRange"]["StartingHashKey"]), int(s["HashKeyRange"]["EndingHashKey"])) for s in found]
        assert ranges[0][0] == 0 and ranges[-1][1] == MAX_HASH and all(a[1] + 1 == b[0] for a, b in zip(ranges, ranges[1:]))
    # Closed at or after the instant, and all open ones.
    for instant, ids in ((split, "0123"), (split + step, "123"), (merged + step, "3")):
        assert [s["ShardId"][-1] for s in shards(kinesis, ShardFilter={"Type": "FROM_TIMESTAMP", "Timestamp": instant})] == list(ids)
    token = kinesis.list_shards(StreamName="s", MaxResults=3)["NextToken"]
    frozen.advance(300)
    assert len(kinesis.list_shards(NextToken=token)["Shards"]) == 1
    frozen.advance(0.001)
    assert error_of(kinesis.list_shards, NextToken=token)[0] == "ExpiredNextTokenException"


# With other services.


def test_an_event_is_keyed_by_its_detail_and_lies_in_the_lake(aws, virga, account):
    """An event hub: the same event becomes a record whose key and body are of its detail, and a line of an object in S3."""
    kinesis, bus, firehose, s3 = (aws(service) for service in ("kinesis", "events", "firehose", "s3"))
    kinesis.create_stream(StreamName="s", ShardCount=1)
    s3.create_bucket(Bucket=f"hub-{account}")
    role = f"arn:aws:iam::{account}:role/hub"
    firehose.create_delivery_stream(DeliveryStreamName="lake", ExtendedS3DestinationConfiguration={
        "RoleARN": role, "BucketARN": f"arn:aws:s3:::hub-{account}", "Prefix": "us-east-1/", "CompressionFormat": "GZIP",
        "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 50}})
    bus.put_rule(Name="hub", EventPattern='{"source": ["shop"]}')
    targets = [{"Id": "stream", "Arn": f"arn:aws:kinesis:us-east-1:{account}:stream/s", "RoleArn": role, "InputPath": "$.detail",
                "KinesisParameters": {"PartitionKeyPath": "$.detail.partitionKey"}},
               {"Id": "lake", "Arn": f"arn:aws:firehose:us-east-1:{account}:deliverystream/lake", "RoleArn": role,
                "InputTransformer": {"InputTemplate": "<aws.events.event>\n"}}]
    assert bus.put_targets(Rule="hub", Targets=targets)["FailedEntryCount"] == 0
    detail = {"partitionKey": "the-key", "id": 7}
    bus.put_events(Entries=[{"Source": "shop", "DetailType": "ordered", "Detail": json.dumps(detail)}])
    virga.wait()
    (record,) = kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]
    assert record["PartitionKey"] == "the-key" and json.loads(record["Data"]) == detail
    virga.advance(seconds=60)
    (found,) = s3.list_objects_v2(Bucket=f"hub-{account}")["Contents"]
    assert found["Key"].startswith("us-east-1/20") and found["Key"].endswith(".gz")
    (line,) = gzip.decompress(s3.get_object(Bucket=f"hub-{account}", Key=found["Key"])["Body"].read()).splitlines()
    assert json.loads(line)["detail"] == detail


def test_what_an_infrastructure_tool_reads_back(aws, account, arn):
    """The calls of Terraform's provider for a stream, a consumer and a delivery stream: what was set is what is read, so that a second plan is empty."""
    kinesis, firehose, s3 = (aws(service) for service in ("kinesis", "firehose", "s3"))
    s3.create_bucket(Bucket=f"tf-{account}")
    assert {"ShardLimit", "OpenShardCount", "OnDemandStreamCount", "OnDemandStreamCountLimit"} <= set(kinesis.describe_limits())
    kinesis.create_stream(StreamName="s", ShardCount=2, StreamModeDetails={"StreamMode": "PROVISIONED"}, Tags={"team": "blue"})
    kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=24)
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
    kinesis.enable_enhanced_monitoring(StreamARN=arn, ShardLevelMetrics=["IncomingBytes", "OutgoingBytes"])
    kinesis.start_stream_encryption(StreamARN=arn, EncryptionType="KMS", KeyId="alias/aws/kinesis")
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
    summary = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
    assert (summary["StreamStatus"], summary["OpenShardCount"], summary["RetentionPeriodHours"], summary["MaxRecordSizeInKiB"]) == ("ACTIVE", 2, 24, 2048)
    assert summary["StreamModeDetails"] == {"StreamMode": "PROVISIONED"} and (summary["EncryptionType"], summary["KeyId"]) == ("KMS", "alias/aws/kinesis")
    assert summary["EnhancedMonitoring"] == [{"ShardLevelMetrics": ["IncomingBytes", "OutgoingBytes"]}]
    assert kinesis.list_tags_for_stream(StreamName="s")["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert kinesis.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"] == "ACTIVE"
    role = f"arn:aws:iam::{account}:role/r"
    configuration = {"RoleARN": role, "BucketARN": f"arn:aws:s3:::tf-{account}", "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
                     "CompressionFormat": "UNCOMPRESSED", "CloudWatchLoggingOptions": {"Enabled": False}, "S3BackupMode": "Disabled",
                     "ProcessingConfiguration": {"Enabled": False, "Processors": []}}
    firehose.create_delivery_stream(DeliveryStreamName="d", DeliveryStreamType="KinesisStreamAsSource",
                                    KinesisStreamSourceConfiguration={"KinesisStreamARN": arn, "RoleARN": role},
                                    ExtendedS3DestinationConfiguration=configuration, Tags=[{"Key": "team", "Value": "blue"}])
    shown = firehose.describe_delivery_stream(DeliveryStreamName="d")["DeliveryStreamDescription"]
    extended = shown["Destinations"][0]["ExtendedS3DestinationDescription"]
    assert {name: extended[name] for name in configuration} == configuration
    assert shown["Source"]["KinesisStreamSourceDescription"]["RoleARN"] == role and shown["VersionId"] == "1"
    firehose.delete_delivery_stream(DeliveryStreamName="d")
    assert error_of(firehose.describe_delivery_stream, DeliveryStreamName="d")[0] == "ResourceNotFoundException"
    kinesis.deregister_stream_consumer(ConsumerARN=consumer)
    assert error_of(kinesis.describe_stream_consumer, ConsumerARN=consumer)[0] == "ResourceNotFoundException"
    kinesis.delete_stream(StreamName="s", EnforceConsumerDeletion=True)
    kinesis.get_waiter("stream_not_exists").wait(StreamName="s")
