"""Kinesis Data Streams through boto3: settings, tags, limits, rates, filters, and what happens to old shards."""
import sqlite3

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
    client = aws("kinesis")
    client.create_stream(StreamName="s", ShardCount=1)
    return client


@pytest.fixture
def arn(account):
    return f"arn:aws:kinesis:us-east-1:{account}:stream/s"


def records(count, data=b"x"):
    return [{"PartitionKey": "a", "Data": data} for _ in range(count)]


def read_all(kinesis, shard="0"):
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)["Records"]


def throttling(virga, account, enabled):
    return virga.post("/_aws/kinesis/throttling", {"account": account, "enabled": enabled})


def test_every_call_takes_an_arn_a_name_or_both(kinesis, arn):
    for which in ({"StreamName": "s"}, {"StreamARN": arn}, {"StreamName": "s", "StreamARN": arn}):
        number = kinesis.put_record(PartitionKey="a", Data=b"x", **which)["SequenceNumber"]
        assert kinesis.put_records(Records=records(1), **which)["FailedRecordCount"] == 0
        iterator = kinesis.get_shard_iterator(ShardId="0", ShardIteratorType="AT_SEQUENCE_NUMBER", StartingSequenceNumber=number, **which)["ShardIterator"]
        assert len(kinesis.get_records(ShardIterator=iterator)["Records"]) == 2
        assert kinesis.describe_stream(**which)["StreamDescription"]["StreamARN"] == arn
        kinesis.add_tags_to_stream(Tags={"a": "1"}, **which)
        assert kinesis.list_tags_for_stream(**which)["Tags"] == [{"Key": "a", "Value": "1"}]
        kinesis.remove_tags_from_stream(TagKeys=["a"], **which)
        assert kinesis.enable_enhanced_monitoring(ShardLevelMetrics=["IncomingBytes"], **which)["DesiredShardLevelMetrics"] == ["IncomingBytes"]
        assert kinesis.disable_enhanced_monitoring(ShardLevelMetrics=["ALL"], **which)["DesiredShardLevelMetrics"] == []
        kinesis.increase_stream_retention_period(RetentionPeriodHours=30, **which)
        kinesis.decrease_stream_retention_period(RetentionPeriodHours=24, **which)
        assert kinesis.update_stream_warm_throughput(WarmThroughputMiBps=5, **which)["WarmThroughput"] == {"TargetMiBps": 5, "CurrentMiBps": 5}
    assert error_of(kinesis.describe_stream)[0] == "InvalidArgumentException"


def test_tags_of_streams_and_consumers_are_apart(kinesis, arn, account):
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c", Tags={"of": "consumer"})["Consumer"]["ConsumerARN"]
    kinesis.tag_resource(ResourceARN=arn, Tags={"of": "stream"})
    kinesis.tag_resource(ResourceARN=consumer, Tags={"more": "yes"})
    assert kinesis.list_tags_for_resource(ResourceARN=consumer)["Tags"] == [{"Key": "more", "Value": "yes"}, {"Key": "of", "Value": "consumer"}]
    kinesis.untag_resource(ResourceARN=consumer, TagKeys=["of"])
    assert kinesis.list_tags_for_resource(ResourceARN=consumer)["Tags"] == [{"Key": "more", "Value": "yes"}]
    assert kinesis.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "of", "Value": "stream"}] == kinesis.list_tags_for_stream(StreamName="s")["Tags"]
    assert error_of(kinesis.list_tags_for_resource, ResourceARN=arn + "/consumer/nobody:1")[0] == "ResourceNotFoundException"
    wrong = "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @."
    for tags in ({"a;b": "1"}, {"a": "1,2"}, {"a\tb": ""}):
        assert error_of(kinesis.add_tags_to_stream, StreamName="s", Tags=tags) == ("InvalidArgumentException", wrong)
    kinesis.add_tags_to_stream(StreamName="s", Tags={f"k{i:02}": "v" for i in range(49)})
    assert error_of(kinesis.add_tags_to_stream, StreamName="s", Tags={"one": "more"})[1] == (
        f"Failed to add tags to stream s under account {account} because a given stream cannot have more than 50 tags associated with it.")
    page = kinesis.list_tags_for_stream(StreamName="s", Limit=10)
    assert len(page["Tags"]) == 10 and page["HasMoreTags"]
    page = kinesis.list_tags_for_stream(StreamName="s", ExclusiveStartTagKey="k45", Limit=10)
    assert [t["Key"] for t in page["Tags"]] == ["k46", "k47", "k48", "of"] and not page["HasMoreTags"]


def test_account_settings(kinesis, arn, virga):
    assert kinesis.describe_account_settings()["MinimumThroughputBillingCommitment"] == {"Status": "DISABLED"}
    on = kinesis.update_account_settings(MinimumThroughputBillingCommitment={"Status": "ENABLED"})["MinimumThroughputBillingCommitment"]
    assert on["Status"] == "ENABLED" and (on["EarliestAllowedEndAt"] - on["StartedAt"]).total_seconds() == 24 * 3600
    off = kinesis.update_account_settings(MinimumThroughputBillingCommitment={"Status": "DISABLED"})["MinimumThroughputBillingCommitment"]
    assert off["Status"] == "ENABLED_UNTIL_EARLIEST_ALLOWED_END" and off["EndedAt"] == on["EarliestAllowedEndAt"]
    for i in range(21):  # more consumers with the commitment
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=f"c{i}")
    virga.advance(24 * 3600)
    assert kinesis.describe_account_settings()["MinimumThroughputBillingCommitment"]["Status"] == "DISABLED"
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="late")[0] == "LimitExceededException"
    names = []
    page = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=8)
    while True:
        names += [c["ConsumerName"] for c in page["Consumers"]]
        if "NextToken" not in page:
            break
        page = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=8, NextToken=page["NextToken"])
    assert sorted(names) == sorted(f"c{i}" for i in range(21))


def test_rates_of_a_shard_while_throttling_is_on(virga, account):
    """A thousand records a second, on a frozen clock: the rest fails one by one, and is not there afterwards."""
    server = Virga("--freeze-clock", "2026-01-01T00:00:00Z")
    try:
        kinesis = make_client("kinesis", server.endpoint, account)
        kinesis.create_stream(StreamName="s", ShardCount=1)
        for _ in range(3):
            assert kinesis.put_records(StreamName="s", Records=records(400))["FailedRecordCount"] == 0  # off
        kinesis.delete_stream(StreamName="s")
        kinesis.create_stream(StreamName="s", ShardCount=1)
        assert throttling(server, account, True)["enabled"]
        answers = [kinesis.put_records(StreamName="s", Records=records(400)) for _ in range(3)]
        assert [a["FailedRecordCount"] for a in answers] == [0, 0, 200]
        failed = [r for r in answers[2]["Records"] if "ErrorCode" in r]
        text = f"Rate exceeded for shard shardId-000000000000 in stream s under account {account}."
        assert len(failed) == 200 and {(r["ErrorCode"], r["ErrorMessage"]) for r in failed} == {("ProvisionedThroughputExceededException", text)}
        assert error_of(kinesis.put_record, StreamName="s", PartitionKey="a", Data=b"x") == ("ProvisionedThroughputExceededException", text)
        server.advance(1)
        assert kinesis.put_records(StreamName="s", Records=records(200))["FailedRecordCount"] == 0
        iterator = kinesis.get_shard_iterator(StreamName="s", ShardId="0", ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        assert len(kinesis.get_records(ShardIterator=iterator)["Records"]) == 1200
        for _ in range(4):
            kinesis.get_records(ShardIterator=iterator)
        assert error_of(kinesis.get_records, ShardIterator=iterator) == ("ProvisionedThroughputExceededException", text)
        # Bytes: a megabyte a second; and what is larger than that goes when the bucket is full.
        server.advance(10)
        answer = kinesis.put_records(StreamName="s", Records=records(3, b"x" * 500_000))
        assert [("ErrorCode" in r) for r in answer["Records"]] == [False, False, True]
        # Calls of an account.
        for _ in range(5):
            kinesis.list_tags_for_stream(StreamName="s")
        assert error_of(kinesis.list_tags_for_stream, StreamName="s")[0] == "LimitExceededException"
        throttling(server, account, False)
        for _ in range(10):
            kinesis.list_tags_for_stream(StreamName="s")
    finally:
        server.kill()


def test_scaling_by_the_day_while_throttling_is_on(kinesis, virga, account):
    throttling(virga, account, True)
    try:
        for i in range(10):
            kinesis.update_shard_count(StreamName="s", TargetShardCount=2 - i % 2, ScalingType="UNIFORM_SCALING")
            virga.advance(1)
        assert error_of(kinesis.update_shard_count, StreamName="s", TargetShardCount=2, ScalingType="UNIFORM_SCALING")[0] == "LimitExceededException"
        virga.advance(24 * 3600)
        kinesis.update_shard_count(StreamName="s", TargetShardCount=2, ScalingType="UNIFORM_SCALING")
    finally:
        throttling(virga, account, False)


def test_a_dry_run_changes_nothing(kinesis):
    assert error_of(kinesis.put_record, StreamName="s", PartitionKey="a", Data=b"x", DryRun=True)[0] == "DryRunOperationException"
    assert error_of(kinesis.put_records, StreamName="s", Records=records(2), DryRun=True)[0] == "DryRunOperationException"
    assert error_of(kinesis.put_records, StreamName="nothing", Records=records(2), DryRun=True)[0] == "ResourceNotFoundException"
    assert read_all(kinesis) == []


def test_uniform_scaling_keeps_lineage(kinesis):
    for target, total in ((2, 3), (4, 7), (2, 9)):
        answer = kinesis.update_shard_count(StreamName="s", TargetShardCount=target, ScalingType="UNIFORM_SCALING")
        assert answer["TargetShardCount"] == target
        shards = kinesis.list_shards(StreamName="s")["Shards"]
        assert len(shards) == total
        opened = sorted((s for s in shards if "EndingSequenceNumber" not in s["SequenceNumberRange"]), key=lambda s: int(s["HashKeyRange"]["StartingHashKey"]))
        assert len(opened) == target and all("ParentShardId" in s for s in opened)
        ends = [(int(s["HashKeyRange"]["StartingHashKey"]), int(s["HashKeyRange"]["EndingHashKey"])) for s in opened]
        assert ends[0][0] == 0 and ends[-1][1] == 2**128 - 1 and all(a[1] + 1 == b[0] for a, b in zip(ends, ends[1:]))
    texts = [error_of(kinesis.update_shard_count, StreamName="s", TargetShardCount=n, ScalingType="UNIFORM_SCALING")[1] for n in (5,)]
    assert texts == ["UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2, Target shard count: 5"]


def test_filters_tile_the_hash_space_at_any_time(kinesis, virga):
    virga.advance(5)
    before = kinesis.put_record(StreamName="s", PartitionKey="a", Data=b"x") and read_all(kinesis)[0]["ApproximateArrivalTimestamp"]
    virga.advance(5)
    kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**127))
    kinesis.put_record(StreamName="s", PartitionKey="a", ExplicitHashKey="0", Data=b"y")
    at = read_all(kinesis, "1")[0]["ApproximateArrivalTimestamp"]
    virga.advance(5)

    def shards(**filter_):
        return [s["ShardId"][-1] for s in kinesis.list_shards(StreamName="s", ShardFilter=filter_)["Shards"]]

    assert shards(Type="AT_TIMESTAMP", Timestamp=before) == ["0"]
    assert shards(Type="AT_TIMESTAMP", Timestamp=at) == shards(Type="AT_LATEST") == ["1", "2"]
    assert shards(Type="AT_TRIM_HORIZON") == ["0"]
    assert shards(Type="FROM_TRIM_HORIZON") == shards(Type="FROM_TIMESTAMP", Timestamp=before) == ["0", "1", "2"]
    assert shards(Type="AFTER_SHARD_ID", ShardId="shardId-000000000001") == ["2"]
    page = kinesis.list_shards(StreamName="s", MaxResults=1)
    assert error_of(kinesis.list_shards, StreamName="s", NextToken=page["NextToken"]) == (
        "InvalidArgumentException", "NextToken and StreamName cannot be provided together.")
    assert error_of(kinesis.list_shards) == ("InvalidArgumentException", "Either NextToken or StreamName should be provided.")
    virga.advance(301)
    assert error_of(kinesis.list_shards, NextToken=page["NextToken"])[0] == "ExpiredNextTokenException"
    # A day later the parent is gone; its children still name it.
    virga.advance(25 * 3600)
    rest = kinesis.list_shards(StreamName="s")["Shards"]
    assert [(s["ShardId"][-1], s["ParentShardId"][-1]) for s in rest] == [("1", "0"), ("2", "0")]
    assert [s["ShardId"][-1] for s in kinesis.describe_stream(StreamName="s")["StreamDescription"]["Shards"]] == ["1", "2"]


def test_what_is_past_the_retention_leaves_the_file_and_its_pages_are_used_again(tmp_path, account):
    server = Virga("--data", str(tmp_path))
    try:
        kinesis = make_client("kinesis", server.endpoint, account)
        kinesis.create_stream(StreamName="s", ShardCount=1)
        sizes = []
        for day in range(4):
            for _ in range(3):
                assert kinesis.put_records(StreamName="s", Records=records(500, b"x" * 1000))["FailedRecordCount"] == 0
            server.advance(25 * 3600)
            if day == 0:  # a closed shard's records go with a put to its children
                kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**127))
            file = tmp_path / account / "us-east-1" / "state.db"
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
                sizes.append((db.execute("select sum(count) from stream_record").fetchone()[0], db.execute("pragma page_count").fetchone()[0]))
        assert [count for count, _ in sizes][1:] == [1500] * 3
        assert sizes[-1][1] <= sizes[1][1]
    finally:
        server.kill()


def test_settings_survive_a_kill(tmp_path, account):
    server = Virga("--data", str(tmp_path))
    try:
        kinesis = make_client("kinesis", server.endpoint, account)
        kinesis.create_stream(StreamName="s", StreamModeDetails={"StreamMode": "ON_DEMAND"}, Tags={"a": "b"}, MaxRecordSizeInKiB=2048)
        arn = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
        kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=100)
        kinesis.start_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/mine")
        consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c", Tags={"c": "d"})["Consumer"]
        kinesis.put_resource_policy(ResourceARN=arn, Policy='{"Version":"2012-10-17"}')
        kinesis.update_account_settings(MinimumThroughputBillingCommitment={"Status": "ENABLED"})
        kinesis.enable_enhanced_monitoring(StreamName="s", ShardLevelMetrics=["ALL"])
        before = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"], kinesis.describe_account_settings()["MinimumThroughputBillingCommitment"]
        throttling(server, account, True)
        server.kill()
        server = Virga("--data", str(tmp_path))
        kinesis = make_client("kinesis", server.endpoint, account)
        assert (kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"], kinesis.describe_account_settings()["MinimumThroughputBillingCommitment"]) == before
        assert before[0]["OpenShardCount"] == 4 and before[0]["KeyId"] == "alias/mine" and before[0]["MaxRecordSizeInKiB"] == 2048
        assert kinesis.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]["ConsumerName"] == "c"
        assert kinesis.get_resource_policy(ResourceARN=arn)["Policy"] == '{"Version":"2012-10-17"}'
        assert kinesis.list_tags_for_resource(ResourceARN=consumer["ConsumerARN"])["Tags"] == [{"Key": "c", "Value": "d"}]
        server.freeze()  # one call a second
        kinesis.describe_limits()
        assert error_of(kinesis.describe_limits) == ("LimitExceededException", f"Rate exceeded for account {account}.")
    finally:
        server.kill()


def test_requests_that_are_refused_whole(kinesis, account):
    assert error_of(kinesis.put_records, StreamName="s", Records=records(501))[0] == "ValidationException"
    long_key = [{"PartitionKey": "a", "Data": b"x"}, {"PartitionKey": "k" * 257, "Data": b"x"}]
    code, message = error_of(kinesis.put_records, StreamName="s", Records=long_key)
    assert code == "ValidationException" and "at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256" in message
    out = [{"PartitionKey": "a", "Data": b"x"}, {"PartitionKey": "a", "Data": b"x", "ExplicitHashKey": str(2**128)}]
    assert error_of(kinesis.put_records, StreamName="s", Records=out)[0] == "InvalidArgumentException"
    assert error_of(kinesis.put_record, StreamName="s", Data=b"x") == (
        "ValidationException", "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null")
    assert error_of(kinesis.put_record, StreamName="s", PartitionKey="a", Data=b"x", SequenceNumberForOrdering=str(2**185 + 3)) == (
        "InvalidArgumentException", f"ExclusiveMinimumSequenceNumber {2**185 + 3} used in PutRecord on stream s under account {account} is invalid.")
    assert read_all(kinesis) == []
    assert error_of(kinesis.create_stream, StreamName="t", ShardCount=100_000)[0] == "LimitExceededException"
    assert error_of(kinesis.merge_shards, StreamName="s", ShardToMerge="0", AdjacentShardToMerge="9") == (
        "ResourceNotFoundException", f"Could not find shard shardId-000000000009 in stream s under account {account}.")


def test_texts_as_the_service_prints_them(kinesis, account):
    """Orders and patterns that no API model tells (recorded by kinesalite's tests)."""
    entry = {"PartitionKey": "k" * 257, "ExplicitHashKey": "x", "Data": b""}
    code, message = error_of(kinesis.put_records, StreamName="s", Records=[entry])
    assert message == (f"2 validation errors detected: Value '{'k' * 257}' at 'records.1.member.partitionKey' failed to satisfy constraint: Member must have length less than or "
                       "equal to 256; Value 'x' at 'records.1.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})")
    assert error_of(kinesis.get_shard_iterator, StreamName="s", ShardId="0", ShardIteratorType="x")[1].endswith(
        "Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]")
    # The stream is looked for before its tags' texts.
    assert error_of(kinesis.remove_tags_from_stream, StreamName="nothing", TagKeys=[";"])[0] == "ResourceNotFoundException"
    assert error_of(kinesis.remove_tags_from_stream, StreamName="s", TagKeys=[";"])[0] == "InvalidArgumentException"
    # Who reads on in a stream that is gone learns that its shard is.
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId="0", ShardIteratorType="LATEST")["ShardIterator"]
    kinesis.delete_stream(StreamName="s")
    gone = ("ResourceNotFoundException", f"Shard shardId-000000000000 in stream s under account {account} does not exist")
    assert error_of(kinesis.get_records, ShardIterator=iterator) == gone
    kinesis.create_stream(StreamName="s", ShardCount=1)
    assert error_of(kinesis.get_records, ShardIterator=iterator) == gone


def test_members_that_belong_together(kinesis):
    needs = "{} must be provided with a ShardFilter of type {}."
    for member, kind in (("ShardId", "AFTER_SHARD_ID"), ("Timestamp", "AT_TIMESTAMP"), ("Timestamp", "FROM_TIMESTAMP")):
        assert error_of(kinesis.list_shards, StreamName="s", ShardFilter={"Type": kind}) == ("InvalidArgumentException", needs.format(member, kind))
    for call in (kinesis.start_stream_encryption, kinesis.stop_stream_encryption):
        assert error_of(call, StreamName="s", EncryptionType="NONE", KeyId="alias/mine")[0] == "InvalidArgumentException"
    assert kinesis.describe_stream(StreamName="s")["StreamDescription"]["EncryptionType"] == "NONE"
