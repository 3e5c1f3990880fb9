"""Kinesis Data Streams as its users rely on it, at the edges: shards and what is read from them, to the exact number and instant."""
import datetime
import struct

from conftest import make_client
from kinesis_support import MAX_HASH, arn, at, frozen, open_shards, scale, shards  # noqa: F401  (fixtures)
from test_kinesis import error_of, iterator, kinesis, put, read  # noqa: F401
from virga_process import Virga


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
    for member in (by_key, {"WarmThroughputMiBps": 5}):
        assert error_of(kinesis.create_stream, StreamName="s", ShardCount=1, **member)[0] == "InvalidArgumentException"
    assert error_of(kinesis.create_stream, **on_demand, RecordDistributionStrategy="AUTO")[0] == "NotImplemented"
    kinesis.create_stream(**on_demand, **by_key, WarmThroughputMiBps=5)
    assert summary()["RecordDistributionStrategy"] == "USER_PARTITION_KEY" and summary()["WarmThroughput"] == {"TargetMiBps": 5, "CurrentMiBps": 5}
    assert error_of(kinesis.update_stream_mode, **modes["PROVISIONED"], WarmThroughputMiBps=7)[0] == "InvalidArgumentException"
    kinesis.update_stream_mode(**modes["PROVISIONED"])
    assert not {"RecordDistributionStrategy", "WarmThroughput"} & set(summary())
    kinesis.update_stream_mode(**modes["ON_DEMAND"], WarmThroughputMiBps=7)
    assert summary()["WarmThroughput"] == {"TargetMiBps": 7, "CurrentMiBps": 7}


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


def test_a_merged_shard_ends_with_the_child_of_both(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=2)
    kinesis.merge_shards(StreamName="s", ShardToMerge="0", AdjacentShardToMerge="1")
    child = {"ShardId": "shardId-000000000002", "ParentShards": ["shardId-000000000000", "shardId-000000000001"],
             "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": str(MAX_HASH)}}
    for shard in "01":
        for kind in ("TRIM_HORIZON", "LATEST"):
            page = kinesis.get_records(ShardIterator=iterator(kinesis, shard, kind))
            assert page["ChildShards"] == [child] and "NextShardIterator" not in page and page["MillisBehindLatest"] == 0
