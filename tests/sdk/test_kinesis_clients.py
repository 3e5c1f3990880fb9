"""Kinesis Data Streams as its clients meet it: names, refusals, consumers, encryption, the wire, and the services around it."""
import gzip
import json

from kinesis_support import arn, open_shards, records, shards  # noqa: F401  (fixtures)
from test_kinesis import error_of, iterator, kinesis, put, read  # noqa: F401
from virga_process import Virga


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


def test_a_consumer_may_be_named_in_every_way_at_once(kinesis, arn):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
    whole = {"ConsumerARN": consumer, "StreamARN": arn, "ConsumerName": "c"}
    assert kinesis.describe_stream_consumer(**whole)["ConsumerDescription"]["ConsumerName"] == "c"
    for other in ({"ConsumerName": "d"}, {"StreamARN": arn + "t"}):
        assert error_of(kinesis.describe_stream_consumer, **{**whole, **other})[0] == "InvalidArgumentException"
        assert error_of(kinesis.deregister_stream_consumer, **{**whole, **other})[0] == "InvalidArgumentException"
    kinesis.deregister_stream_consumer(**whole)


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
