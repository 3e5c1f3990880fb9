"""Archived objects: out of reach, restored, gone again, by the virtual clock."""
import json

import pytest
from s3_support import body, bucket, fails, s3  # noqa: F401  (fixtures)


@pytest.mark.parametrize("storage", ["REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"])
def test_other_classes_are_read_at_once(s3, bucket, storage):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", StorageClass=storage)
    got = s3.get_object(Bucket=bucket, Key="k")
    assert (got["StorageClass"], body(got)) == (storage, b"x")
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["StorageClass"] == storage


def test_the_cycle_of_a_restored_object(aws, virga, s3, bucket):
    sqs = aws("sqs")
    queue = sqs.create_queue(QueueName="restored", Attributes={"MessageRetentionPeriod": "1209600"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectRestore:*"]}]}
    )
    s3.put_object(Bucket=bucket, Key="k", Body=b"cold", StorageClass="GLACIER")
    with fails("InvalidObjectState", 403) as failure:
        s3.get_object(Bucket=bucket, Key="k")
    assert failure.error["Error"]["StorageClass"] == "GLACIER"
    with fails("InvalidObjectState", 403):
        s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k")
    request = {"Bucket": bucket, "Key": "k", "RestoreRequest": {"Days": 2, "GlacierJobParameters": {"Tier": "Standard"}}}
    assert s3.restore_object(**request)["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert s3.head_object(Bucket=bucket, Key="k")["Restore"] == 'ongoing-request="true"'
    with fails("RestoreAlreadyInProgress", 409):
        s3.restore_object(**request)
    with fails("InvalidObjectState", 403):
        s3.get_object(Bucket=bucket, Key="k")
    virga.advance(seconds=5 * 3600 + 1)
    got = s3.get_object(Bucket=bucket, Key="k")
    assert body(got) == b"cold"
    assert got["Restore"].startswith('ongoing-request="false", expiry-date="') and got["Restore"].endswith(' 00:00:00 GMT"')
    status = s3.list_objects_v2(Bucket=bucket, OptionalObjectAttributes=["RestoreStatus"])["Contents"][0]["RestoreStatus"]
    assert status["IsRestoreInProgress"] is False and status["RestoreExpiryDate"].hour == 0
    assert s3.restore_object(**request)["ResponseMetadata"]["HTTPStatusCode"] == 200
    virga.advance(seconds=4 * 86400)
    assert "Restore" not in s3.head_object(Bucket=bucket, Key="k")
    with fails("InvalidObjectState", 403):
        s3.get_object(Bucket=bucket, Key="k")
    events = [json.loads(m["Body"]) for _ in range(3) for m in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])]
    names = [(e["Records"][0]["eventName"], e["Records"][0]["eventVersion"]) for e in events if "Records" in e]
    assert names == [("ObjectRestore:Post", "2.1"), ("ObjectRestore:Completed", "2.1"), ("ObjectRestore:Delete", "2.3")]
    s3.put_object(Bucket=bucket, Key="warm", Body=b"")
    with fails("InvalidObjectState", 403):
        s3.restore_object(Bucket=bucket, Key="warm", RestoreRequest={"Days": 1})
