"""Kinesis Data Streams at its limits: sizes, numbers, pages, lives of tokens and rates, to the last allowed value."""
import datetime

from kinesis_support import arn, at, frozen, records, scale  # noqa: F401  (fixtures)
from test_kinesis import error_of, iterator, kinesis, put  # noqa: F401


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


def test_on_demand_streams_and_pages_of_streams(kinesis, arn):
    details = {"StreamMode": "ON_DEMAND"}
    for n in range(50):
        kinesis.create_stream(StreamName=f"s{n:03}", StreamModeDetails=details)
    assert error_of(kinesis.create_stream, StreamName="t", StreamModeDetails=details)[0] == "LimitExceededException"
    limits = kinesis.describe_limits()
    assert (limits["OnDemandStreamCount"], limits["OnDemandStreamCountLimit"]) == (50, 50)
    for n in range(50, 101):
        kinesis.create_stream(StreamName=f"s{n:03}", ShardCount=1)
    assert error_of(kinesis.update_stream_mode, StreamARN=arn + "100", StreamModeDetails=details)[0] == "LimitExceededException"
    kinesis.update_stream_mode(StreamARN=arn + "000", StreamModeDetails=details)  # is one of the fifty
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


def test_tags_of_a_request_and_of_a_stream(kinesis, arn):
    fifty = {f"k{n}": "v" for n in range(50)}
    kinesis.create_stream(StreamName="s", ShardCount=1, Tags=fifty)
    kinesis.add_tags_to_stream(StreamName="s", Tags={"k0": "again"})  # one of them
    assert error_of(kinesis.add_tags_to_stream, StreamName="s", Tags={"k50": "v"})[0] == "InvalidArgumentException"
    assert error_of(kinesis.create_stream, StreamName="t", ShardCount=1, Tags={**fifty, "k50": "v"})[0] == "InvalidArgumentException"
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="c", Tags={**fifty, "k50": "v"})[0] == "InvalidArgumentException"
    assert kinesis.list_streams()["StreamNames"] == ["s"]
    longest = {"k" * 128: "v" * 256}
    kinesis.remove_tags_from_stream(StreamName="s", TagKeys=list(fifty)[:10])
    kinesis.add_tags_to_stream(StreamName="s", Tags=longest)
    assert {"Key": "k" * 128, "Value": "v" * 256} in kinesis.list_tags_for_stream(StreamName="s", ExclusiveStartTagKey="k9")["Tags"]
    for tags in ({"k" * 129: ""}, {"k": "v" * 257}):
        assert error_of(kinesis.add_tags_to_stream, StreamName="s", Tags=tags)[0] == "ValidationException"
    assert error_of(kinesis.list_tags_for_stream, StreamName="s", Limit=51)[0] == "ValidationException"
