"""Kinesis with --realistic: streams and consumers are CREATING, UPDATING and DELETING for a time, which is the clock's."""
import pytest
from botocore.exceptions import EventStreamError

from conftest import make_client
from kinesis_support import arn  # noqa: F401  (a fixture)
from test_kinesis import error_of, iterator, put, read
from virga_process import Virga


@pytest.fixture
def kinesis(slow, account):
    """With a stream "s" that is being created."""
    client = make_client("kinesis", slow.endpoint, account)
    client.create_stream(StreamName="s", ShardCount=2)
    return client


def status(kinesis, stream="s"):
    of_description = kinesis.describe_stream(StreamName=stream)["StreamDescription"]["StreamStatus"]
    of_summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamStatus"]
    (of_list,) = [s["StreamStatus"] for s in kinesis.list_streams()["StreamSummaries"] if s["StreamName"] == stream]
    assert of_description == of_summary == of_list
    return of_list


def settings(kinesis, arn):
    """Every call that a stream must be ACTIVE for."""
    name = {"StreamName": "s"}
    return [
        (kinesis.split_shard, dict(name, ShardToSplit="0", NewStartingHashKey="5")),
        (kinesis.merge_shards, dict(name, ShardToMerge="0", AdjacentShardToMerge="1")),
        (kinesis.update_shard_count, dict(name, TargetShardCount=4, ScalingType="UNIFORM_SCALING")),
        (kinesis.update_stream_mode, dict(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})),
        (kinesis.increase_stream_retention_period, dict(name, RetentionPeriodHours=48)),
        (kinesis.decrease_stream_retention_period, dict(name, RetentionPeriodHours=24)),
        (kinesis.start_stream_encryption, dict(name, EncryptionType="KMS", KeyId="alias/mine")),
        (kinesis.stop_stream_encryption, dict(name, EncryptionType="KMS", KeyId="alias/mine")),
        (kinesis.enable_enhanced_monitoring, dict(name, ShardLevelMetrics=["ALL"])),
        (kinesis.disable_enhanced_monitoring, dict(name, ShardLevelMetrics=["ALL"])),
        (kinesis.update_max_record_size, dict(StreamARN=arn, MaxRecordSizeInKiB=2048)),
        (kinesis.update_stream_warm_throughput, dict(StreamARN=arn, WarmThroughputMiBps=5)),
        (kinesis.register_stream_consumer, dict(StreamARN=arn, ConsumerName="c")),
    ]


def test_a_stream_is_created_and_deleted_in_time(kinesis, slow, arn, account):
    missing = ("ResourceNotFoundException", f"Stream s under account {account} not found.")
    no_shard = ("ResourceNotFoundException", f"Shard shardId-000000000000 in stream s under account {account} does not exist")
    assert status(kinesis) == "CREATING"
    assert kinesis.describe_stream(StreamName="s")["StreamDescription"]["Shards"] == []
    assert kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["OpenShardCount"] == 0
    assert error_of(put, kinesis, "x") == missing
    assert error_of(kinesis.put_records, StreamName="s", Records=[{"PartitionKey": "a", "Data": b"x"}]) == missing
    assert error_of(iterator, kinesis) == no_shard
    not_active = "Stream s under account " + account + " not ACTIVE, instead in state {}"
    for call, arguments in [*settings(kinesis, arn), (kinesis.list_shards, {"StreamName": "s"})]:
        assert error_of(call, **arguments) == ("ResourceInUseException", not_active.format("CREATING"))
    assert error_of(kinesis.create_stream, StreamName="s", ShardCount=1)[0] == "ResourceInUseException"
    slow.advance(30)
    assert status(kinesis) == "ACTIVE"
    put(kinesis, "x")
    at_start = iterator(kinesis)

    kinesis.delete_stream(StreamName="s")
    assert status(kinesis) == "DELETING"
    kinesis.delete_stream(StreamName="s")
    assert error_of(put, kinesis, "x") == missing
    assert error_of(kinesis.get_records, ShardIterator=at_start) == no_shard
    assert error_of(kinesis.split_shard, StreamName="s", ShardToSplit="0", NewStartingHashKey="5")[1] == not_active.format("DELETING")
    assert error_of(kinesis.create_stream, StreamName="s", ShardCount=1)[0] == "ResourceInUseException"
    slow.advance(30)
    assert error_of(kinesis.describe_stream, StreamName="s") == missing
    kinesis.create_stream(StreamName="s", ShardCount=1)


def test_a_stream_that_is_deleted_before_it_was_there(kinesis, slow):
    kinesis.delete_stream(StreamName="s")
    assert status(kinesis) == "DELETING"
    slow.advance(30)
    assert kinesis.list_streams()["StreamNames"] == []


def test_new_shards_come_at_the_end_of_an_update(kinesis, slow, arn, account):
    slow.advance(30)

    def shards():
        return [(s["ShardId"][-1], "EndingSequenceNumber" in s["SequenceNumberRange"]) for s in kinesis.list_shards(StreamName="s")["Shards"]]

    kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey="5")
    assert status(kinesis) == "UPDATING" and shards() == [("0", False), ("1", False)]
    assert put(kinesis, "meanwhile", ExplicitHashKey="0")["ShardId"] == "shardId-000000000000"
    for call, arguments in settings(kinesis, arn):
        assert error_of(call, **arguments) == ("ResourceInUseException", f"Stream s under account {account} not ACTIVE, instead in state UPDATING")
    slow.advance(40)
    assert status(kinesis) == "ACTIVE" and shards() == [("0", True), ("1", False), ("2", False), ("3", False)]
    assert read(kinesis) == ["meanwhile"] and put(kinesis, "x", ExplicitHashKey="0")["ShardId"] == "shardId-000000000002"
    kinesis.merge_shards(StreamName="s", ShardToMerge="2", AdjacentShardToMerge="3")
    slow.advance(40)
    assert shards()[-1] == ("4", False) and len(shards()) == 5
    assert kinesis.update_shard_count(StreamName="s", TargetShardCount=4, ScalingType="UNIFORM_SCALING")["CurrentShardCount"] == 2
    assert len(shards()) == 5
    slow.advance(40)
    assert len(shards()) == 9 and status(kinesis) == "ACTIVE"
    # Deleted in the middle of it: the shards no longer matter.
    kinesis.split_shard(StreamName="s", ShardToSplit="5", NewStartingHashKey="5")
    kinesis.delete_stream(StreamName="s")
    slow.advance(60)
    assert kinesis.list_streams()["StreamNames"] == []


def test_settings_take_their_time(kinesis, slow, arn):
    slow.advance(30)
    for call, arguments in settings(kinesis, arn)[3:12]:
        call(**arguments)
        assert status(kinesis) == "UPDATING"
        put(kinesis, "x")
        slow.advance(15)
        assert status(kinesis) == "ACTIVE"


def test_consumers_are_created_and_deleted_in_time(kinesis, slow, arn, account):
    slow.advance(30)
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]
    assert consumer["ConsumerStatus"] == "CREATING"
    subscription = dict(ConsumerARN=consumer["ConsumerARN"], ShardId="0", StartingPosition={"Type": "LATEST"})
    inactive = f"Consumer c with creation timestamp {consumer['ConsumerARN'].rsplit(':')[-1]} under stream: s , account {account} is not in ACTIVE status."
    assert error_of(kinesis.subscribe_to_shard, **subscription) == ("ResourceInUseException", inactive)
    policy = dict(ResourceARN=consumer["ConsumerARN"], Policy="{}")
    assert error_of(kinesis.put_resource_policy, **policy) == ("ResourceInUseException", inactive)
    for n in range(4):
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=f"c{n}")
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="sixth")[0] == "LimitExceededException"
    slow.advance(15)
    assert {c["ConsumerStatus"] for c in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]} == {"ACTIVE"}
    kinesis.put_resource_policy(**policy)
    events = iter(kinesis.subscribe_to_shard(**subscription)["EventStream"])
    next(events)
    kinesis.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
    with pytest.raises(EventStreamError) as caught:
        next(events)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert kinesis.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]["ConsumerStatus"] == "DELETING"
    assert error_of(kinesis.subscribe_to_shard, **subscription) == ("ResourceInUseException", inactive)
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="c")[0] == "ResourceInUseException"
    slow.advance(15)
    assert error_of(kinesis.describe_stream_consumer, ConsumerARN=consumer["ConsumerARN"])[0] == "ResourceNotFoundException"
    assert kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["ConsumerCount"] == 4
    kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")


def test_five_streams_are_created_at_a_time(kinesis, slow):
    for n in range(4):
        kinesis.create_stream(StreamName=f"s{n}", ShardCount=1)
    assert error_of(kinesis.create_stream, StreamName="sixth", ShardCount=1)[0] == "LimitExceededException"
    slow.advance(30)
    kinesis.create_stream(StreamName="sixth", ShardCount=1)


def test_what_was_begun_is_finished_after_a_kill(tmp_path, account):
    arguments = ("--data", str(tmp_path), "--realistic", "--freeze-clock")
    server = Virga(*arguments, "2026-01-01T00:00:00Z")
    try:
        kinesis = make_client("kinesis", server.endpoint, account)
        for stream in ("s", "going"):
            kinesis.create_stream(StreamName=stream, ShardCount=1)
        server.advance(30)
        kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey="5")
        kinesis.delete_stream(StreamName="going")
        server.kill()
        server = Virga(*arguments, "2026-01-01T00:00:31Z")
        kinesis = make_client("kinesis", server.endpoint, account)
        assert status(kinesis) == "UPDATING" and status(kinesis, "going") == "DELETING"
        server.advance(90)
        assert status(kinesis) == "ACTIVE" and len(kinesis.list_shards(StreamName="s")["Shards"]) == 3
        assert kinesis.list_streams()["StreamNames"] == ["s"]
    finally:
        server.kill()
