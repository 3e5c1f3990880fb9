"""What the tests of Firehose share: a stream, its bucket, and what has arrived there."""
import botocore.exceptions
import pytest

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
