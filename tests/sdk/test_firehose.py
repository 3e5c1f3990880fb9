"""Amazon Data Firehose: the streams themselves, and what a request may say."""
import pytest

from firehose_support import ROLE, create, describe, destination, error_of, firehose, put  # noqa: F401


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
