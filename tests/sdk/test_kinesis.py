"""Kinesis Data Streams through boto3."""
import datetime

import pytest
from botocore.exceptions import ClientError

from conftest import make_client
from virga_process import Virga


def error_of(call, *positional, **arguments):
    with pytest.raises(ClientError) as caught:
        call(*positional, **arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture
def kinesis(aws):
    return aws("kinesis")


def iterator(kinesis, shard="0", kind="TRIM_HORIZON", stream="s", **more):
    return kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType=kind, **more)["ShardIterator"]


def read(kinesis, *arguments, **more):
    return [r["Data"].decode() for r in kinesis.get_records(ShardIterator=iterator(kinesis, *arguments, **more))["Records"]]


def put(kinesis, data, key="a", **more):
    return kinesis.put_record(StreamName="s", PartitionKey=key, Data=data.encode(), **more)


def test_a_stream_as_it_is_described(kinesis, account):
    kinesis.create_stream(StreamName="s", ShardCount=3, Tags={"team": "blue"})
    kinesis.get_waiter("stream_exists").wait(StreamName="s")
    d = kinesis.describe_stream(StreamName="s")["StreamDescription"]
    assert d["StreamARN"] == f"arn:aws:kinesis:us-east-1:{account}:stream/s"
    assert (d["StreamStatus"], d["RetentionPeriodHours"], d["EncryptionType"], d["HasMoreShards"]) == ("ACTIVE", 24, "NONE", False)
    assert [s["HashKeyRange"]["StartingHashKey"] for s in d["Shards"]] == [
        "0", "113427455640312821154458202477256070485", "226854911280625642308916404954512140970"]
    assert d["EnhancedMonitoring"] == [{"ShardLevelMetrics": []}]
    summary = kinesis.describe_stream_summary(StreamARN=d["StreamARN"])["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 3 and summary["MaxRecordSizeInKiB"] == 1024 and "StreamId" not in summary
    assert kinesis.list_streams()["StreamSummaries"][0]["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    assert kinesis.list_tags_for_stream(StreamName="s")["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert error_of(kinesis.create_stream, StreamName="s", ShardCount=1) == ("ResourceInUseException", f"Stream s under account {account} already exists.")
    kinesis.delete_stream(StreamName="s")
    assert error_of(kinesis.describe_stream, StreamName="s") == ("ResourceNotFoundException", f"Stream s under account {account} not found.")


def test_keys_fall_on_shards_and_numbers_grow(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=3)
    answers = kinesis.put_records(StreamName="s", Records=[{"PartitionKey": k, "Data": k.encode()} for k in "abefy"])
    assert answers["FailedRecordCount"] == 0
    assert [int(r["ShardId"][-1]) for r in answers["Records"]] == [0, 1, 2, 1, 0]
    numbers = [int(put(kinesis, "x")["SequenceNumber"]) for _ in range(20)]
    assert numbers == sorted(set(numbers))
    assert error_of(put, kinesis, "x", ExplicitHashKey=str(2**128)) == (
        "InvalidArgumentException", f"Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {2**128}")


def test_every_kind_of_iterator(kinesis, virga):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    latest = iterator(kinesis, kind="LATEST")
    numbers = []
    for data in "abc":
        numbers.append(put(kinesis, data)["SequenceNumber"])
        if data == "a":
            virga.advance(10)
    assert read(kinesis) == list("abc")
    assert read(kinesis, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[1]) == list("bc")
    assert read(kinesis, kind="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[1]) == ["c"]
    first = kinesis.describe_stream(StreamName="s")["StreamDescription"]["Shards"][0]["SequenceNumberRange"]["StartingSequenceNumber"]
    assert read(kinesis, kind="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=first) == list("abc")
    arrivals = [r["ApproximateArrivalTimestamp"] for r in kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]]
    assert read(kinesis, kind="AT_TIMESTAMP", Timestamp=arrivals[0] + datetime.timedelta(seconds=5)) == list("bc")
    # LATEST is a place, fixed when the iterator was made; using it twice gives the same records.
    for _ in range(2):
        assert [r["Data"] for r in kinesis.get_records(ShardIterator=latest)["Records"]] == [b"a", b"b", b"c"]
    page = kinesis.get_records(ShardIterator=iterator(kinesis), Limit=2)
    assert len(page["Records"]) == 2
    assert [r["Data"] for r in kinesis.get_records(ShardIterator=page["NextShardIterator"])["Records"]] == [b"c"]


def test_iterators_that_are_refused(kinesis, virga, account):
    kinesis.create_stream(StreamName="s", ShardCount=2)
    name = f"s under account {account}"
    assert error_of(iterator, kinesis, "shardId-99999999999") == (
        "ResourceNotFoundException", f"Could not find shard shardId-99999999999 in stream {name}.")
    assert error_of(iterator, kinesis, "5") == ("ResourceNotFoundException", f"Shard shardId-000000000005 in stream {name} does not exist")
    shards = kinesis.list_shards(StreamName="s")["Shards"]
    other = shards[1]["SequenceNumberRange"]["StartingSequenceNumber"]
    assert error_of(iterator, kinesis, "0", "AT_SEQUENCE_NUMBER", StartingSequenceNumber=other) == (
        "InvalidArgumentException",
        "Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with shardId-000000000000")
    assert error_of(kinesis.get_records, ShardIterator="AAAA") == ("InvalidArgumentException", "Invalid ShardIterator.")
    old = iterator(kinesis)
    virga.advance(301)
    code, message = error_of(kinesis.get_records, ShardIterator=old)
    assert code == "ExpiredIteratorException" and message.endswith("which is further in the future than the tolerated delay of 300000 milliseconds.")
    mine = iterator(kinesis)
    kinesis.delete_stream(StreamName="s")
    kinesis.create_stream(StreamName="s", ShardCount=2)
    assert error_of(kinesis.get_records, ShardIterator=mine)[0] == "ResourceNotFoundException"


def test_split_and_merge(kinesis, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    put(kinesis, "x")
    assert error_of(kinesis.split_shard, StreamName="s", ShardToSplit="0", NewStartingHashKey="1")[0] == "InvalidArgumentException"
    kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**127))
    assert error_of(kinesis.split_shard, StreamName="s", ShardToSplit="0", NewStartingHashKey="2")[1] == (
        f"Shard shardId-000000000000 in stream s under account {account} has already been merged or split, and thus is not eligible for merging or splitting.")
    page = kinesis.get_records(ShardIterator=iterator(kinesis))
    assert len(page["Records"]) == 1 and "NextShardIterator" not in page
    assert [(c["ShardId"][-1], c["ParentShards"]) for c in page["ChildShards"]] == [("1", ["shardId-000000000000"]), ("2", ["shardId-000000000000"])]
    assert error_of(kinesis.merge_shards, StreamName="s", ShardToMerge="2", AdjacentShardToMerge="1")[1].endswith("are not an adjacent pair of shards eligible for merging")
    kinesis.merge_shards(StreamName="s", ShardToMerge="1", AdjacentShardToMerge="2")
    child = kinesis.list_shards(StreamName="s", ShardFilter={"Type": "AT_LATEST"})["Shards"]
    assert [(s["ShardId"][-1], s["ParentShardId"][-1], s["AdjacentParentShardId"][-1]) for s in child] == [("3", "1", "2")]
    assert len(kinesis.list_shards(StreamName="s")["Shards"]) == 4
    page = kinesis.list_shards(StreamName="s", MaxResults=1)
    shards = page["Shards"]
    while "NextToken" in page:  # goes without the stream's name
        page = kinesis.list_shards(NextToken=page["NextToken"], MaxResults=1)
        shards += page["Shards"]
    assert [s["ShardId"][-1] for s in shards] == list("0123")


def test_scaling(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=2)
    assert kinesis.update_shard_count(StreamName="s", TargetShardCount=4, ScalingType="UNIFORM_SCALING")["CurrentShardCount"] == 2
    assert len(kinesis.list_shards(StreamName="s")["Shards"]) == 6
    with pytest.raises(ClientError):
        kinesis.update_shard_count(StreamName="s", TargetShardCount=9, ScalingType="UNIFORM_SCALING")
    arn = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
    kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert error_of(kinesis.split_shard, StreamName="s", ShardToSplit="2", NewStartingHashKey="5")[1].endswith("is in On-Demand mode.")


def test_retention(kinesis, virga):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    put(kinesis, "short")
    assert error_of(kinesis.increase_stream_retention_period, StreamName="s", RetentionPeriodHours=8761)[1] == (
        "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.")
    kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=24)
    virga.advance(25 * 3600)
    assert read(kinesis) == []
    kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=48)
    put(kinesis, "long")
    virga.advance(25 * 3600)
    assert read(kinesis) == ["long"]
    kinesis.decrease_stream_retention_period(StreamName="s", RetentionPeriodHours=24)
    assert read(kinesis) == []


def test_record_sizes_and_encryption(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    assert error_of(put, kinesis, "x" * 1048577)[0] == "ValidationException"
    arn = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=10240)
    put(kinesis, "x" * 9_000_000)
    kinesis.start_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/aws/kinesis")
    assert put(kinesis, "y")["EncryptionType"] == "KMS"
    page = kinesis.get_records(ShardIterator=iterator(kinesis))
    assert sum(len(r["Data"]) for r in page["Records"]) == 9_000_001


def test_a_fault_fails_single_entries(kinesis, virga, account):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    virga.post("/_virga/faults", {"account": account, "service": "kinesis", "operation": "PutRecordsEntry", "skip": 1, "count": 2,
                                  "code": "InternalFailure", "message": "Internal Service Failure"})
    answer = kinesis.put_records(StreamName="s", Records=[{"PartitionKey": "a", "Data": d.encode()} for d in "abcd"])
    assert answer["FailedRecordCount"] == 2
    assert [r.get("ErrorCode") for r in answer["Records"]] == [None, "InternalFailure", "InternalFailure", None]
    assert read(kinesis) == ["a", "d"]


def test_consumers(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
    made = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]
    assert made["ConsumerARN"].startswith(arn + "/consumer/c:")
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="c")[0] == "ResourceInUseException"
    assert kinesis.describe_stream_consumer(ConsumerARN=made["ConsumerARN"])["ConsumerDescription"]["StreamARN"] == arn
    assert [c["ConsumerName"] for c in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]] == ["c"]
    assert error_of(kinesis.delete_stream, StreamName="s")[0] == "ResourceInUseException"
    for resource in (arn, made["ConsumerARN"]):
        policy = '{"Version": "2012-10-17", "Statement": []}'
        kinesis.put_resource_policy(ResourceARN=resource, Policy=policy)
        assert kinesis.get_resource_policy(ResourceARN=resource)["Policy"] == policy
        kinesis.delete_resource_policy(ResourceARN=resource)
        assert error_of(kinesis.delete_resource_policy, ResourceARN=resource)[0] == "ResourceNotFoundException"
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="c")
    kinesis.delete_stream(StreamName="s")


def test_model_constraints_have_the_services_texts(kinesis, virga, account):
    def raw(operation, body):
        authorization = f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0"
        status, _, answer = virga.request("POST", "/", body.encode(), {
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"Kinesis_20131202.{operation}", "Authorization": authorization})
        return status, answer.decode()

    status, answer = raw("DescribeStream", '{"StreamName": "a;b"}')
    assert status == 400
    assert "Value 'a;b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+" in answer


def test_records_survive_a_kill_and_no_number_comes_twice(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        numbers = []
        for round_ in range(3):
            kinesis = make_client("kinesis", server.endpoint, "000000000008")
            if round_ == 0:
                kinesis.create_stream(StreamName="s", ShardCount=1)
            answer = kinesis.put_records(StreamName="s", Records=[{"PartitionKey": "a", "Data": str(i).encode()} for i in range(50)])
            numbers += [int(r["SequenceNumber"]) for r in answer["Records"]]
            server.kill()
            server = Virga("--data", str(tmp_path))
        kinesis = make_client("kinesis", server.endpoint, "000000000008")
        records = kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]
        assert [int(r["SequenceNumber"]) for r in records] == numbers == sorted(set(numbers))
        assert len(numbers) == 150
    finally:
        server.kill()
