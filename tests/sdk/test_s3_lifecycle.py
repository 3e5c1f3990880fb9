"""Lifecycle rules: their validation, the expiration header, and what midnights of the virtual clock do."""
import datetime
import json

import pytest
from s3_support import bucket, fails, new_name, s3  # noqa: F401  (fixtures)

DAY = 24 * 3600


def rule(**more):
    return {"ID": "rule", "Status": "Enabled", "Filter": {"Prefix": ""}} | more


def put(s3, bucket, *rules, **more):
    return s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": list(rules)}, **more)


def enable_versions(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def keys(s3, bucket):
    return [o["Key"] for o in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def versions(s3, bucket):
    listed = s3.list_object_versions(Bucket=bucket)
    return len(listed.get("Versions", [])), len(listed.get("DeleteMarkers", []))


def next_days(virga, days):
    virga.advance(seconds=days * DAY)
    virga.wait()


def test_configuration_comes_back(s3, bucket):
    with fails("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    legacy = {"ID": "old", "Status": "Enabled", "Prefix": "", "Expiration": {"Days": 99}}
    full = rule(
        ID="full",
        Filter={"And": {"Prefix": "logs/", "Tags": [{"Key": "a", "Value": "1"}], "ObjectSizeGreaterThan": 10}},
        Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 60, "StorageClass": "GLACIER"}],
        Expiration={"Days": 365},
        NoncurrentVersionExpiration={"NoncurrentDays": 3, "NewerNoncurrentVersions": 2},
    )
    dated = rule(ID="dated", Expiration={"Date": datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)})
    assert put(s3, bucket, legacy, full, dated)["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    got = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert got["Rules"] == [legacy, full, dated]
    assert got["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    nameless = rule(Expiration={"Days": 1})
    del nameless["ID"]
    put(s3, bucket, nameless)
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["ID"]
    assert s3.delete_bucket_lifecycle(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.parametrize(
    "wrong, code",
    [
        (dict(), "InvalidRequest"),
        (dict(Expiration={"Days": 0}), "InvalidArgument"),
        (dict(Expiration={"Days": 1, "ExpiredObjectDeleteMarker": True}), "MalformedXML"),
        (dict(Expiration={"Date": datetime.datetime(2030, 1, 1, 12)}), "InvalidArgument"),
        (dict(Status="enabled", Expiration={"Days": 1}), "MalformedXML"),
        (dict(Prefix="", Expiration={"Days": 1}), "MalformedXML"),
        (dict(Filter={"Prefix": "a", "Tag": {"Key": "k", "Value": "v"}}, Expiration={"Days": 1}), "MalformedXML"),
        (dict(Filter={"Tag": {"Key": "k", "Value": "v"}}, Expiration={"ExpiredObjectDeleteMarker": True}), "InvalidRequest"),
        (dict(Filter={"Tag": {"Key": "k", "Value": "v"}}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1}), "InvalidRequest"),
        (dict(ID="x" * 256, Expiration={"Days": 1}), "InvalidArgument"),
        (dict(Transitions=[{"Days": 29, "StorageClass": "STANDARD_IA"}]), "InvalidArgument"),
        (dict(Transitions=[{"Days": 30, "StorageClass": "LUKEWARM"}]), "MalformedXML"),
        (dict(Transitions=[{"Days": 40, "StorageClass": "GLACIER"}], Expiration={"Days": 40}), "InvalidArgument"),
        (dict(Transitions=[{"Days": 90, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}]), "InvalidArgument"),
        (dict(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 101}), "InvalidArgument"),
    ],
)
def test_rules_that_are_wrong(s3, bucket, wrong, code):
    with fails(code, 400):
        put(s3, bucket, rule(**wrong))


def test_ids_are_unique(s3, bucket):
    with fails("InvalidArgument", 400, "Rule ID must be unique. Found same ID for one or more than one rule"):
        put(s3, bucket, rule(Expiration={"Days": 1}), rule(Filter={"Prefix": "x"}, Expiration={"Days": 2}))


def test_expiration_header_and_what_a_midnight_does(s3, virga, bucket):
    put(s3, bucket, rule(ID="my rule", Filter={"Prefix": "logs/"}, Expiration={"Days": 1}))
    answer = s3.put_object(Bucket=bucket, Key="logs/a", Body=b"x")
    head = s3.head_object(Bucket=bucket, Key="logs/a")
    due = head["LastModified"] + datetime.timedelta(days=1)
    if due.time() != datetime.time(0):
        due = datetime.datetime.combine(due.date() + datetime.timedelta(days=1), datetime.time(0), datetime.timezone.utc)
    expected = f'expiry-date="{due:%a, %d %b %Y} 00:00:00 GMT", rule-id="my%20rule"'
    assert answer["Expiration"] == head["Expiration"] == s3.get_object(Bucket=bucket, Key="logs/a")["Expiration"] == expected
    assert "Expiration" not in s3.put_object(Bucket=bucket, Key="other", Body=b"x")
    next_days(virga, 2)
    assert keys(s3, bucket) == ["other"]


def test_versions_age_and_lone_markers_go(s3, virga, bucket):
    enable_versions(s3, bucket)
    put(s3, bucket, rule(Expiration={"Days": 1}, NoncurrentVersionExpiration={"NoncurrentDays": 5}))
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    next_days(virga, 2)
    assert versions(s3, bucket) == (1, 1)
    next_days(virga, 60)
    assert versions(s3, bucket) == (0, 0)


def test_newer_noncurrent_versions_are_kept(s3, virga, bucket):
    enable_versions(s3, bucket)
    for i in range(5):
        s3.put_object(Bucket=bucket, Key="k", Body=b"%d" % i)
    put(s3, bucket, rule(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}))
    next_days(virga, 3)
    assert versions(s3, bucket) == (3, 0)


def test_filters(s3, virga, bucket):
    put(s3, bucket, rule(Filter={"And": {"Prefix": "a", "Tags": [{"Key": "k", "Value": "v"}], "ObjectSizeLessThan": 10}}, Expiration={"Days": 1}))
    s3.put_object(Bucket=bucket, Key="a1", Body=b"x", Tagging="k=v")
    s3.put_object(Bucket=bucket, Key="a2", Body=b"x" * 10, Tagging="k=v")
    s3.put_object(Bucket=bucket, Key="a3", Body=b"x")
    s3.put_object(Bucket=bucket, Key="b", Body=b"x", Tagging="k=v")
    next_days(virga, 2)
    assert keys(s3, bucket) == ["a2", "a3", "b"]


def test_uploads_are_aborted(s3, virga, bucket):
    put(s3, bucket, rule(ID="abort", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1}))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")
    assert upload["AbortRuleId"] == "abort" and upload["AbortDate"]
    next_days(virga, 2)
    with fails("NoSuchUpload", 404):
        s3.list_parts(Bucket=bucket, Key="k", UploadId=upload["UploadId"])


def test_transitions(s3, virga, bucket):
    put(s3, bucket, rule(Filter={"ObjectSizeGreaterThan": 1}, Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 60, "StorageClass": "GLACIER"}]))
    s3.put_object(Bucket=bucket, Key="k", Body=b"xyz")
    next_days(virga, 31)
    assert s3.head_object(Bucket=bucket, Key="k")["StorageClass"] == "STANDARD_IA"
    next_days(virga, 31)
    with fails("InvalidObjectState", 403):
        s3.get_object(Bucket=bucket, Key="k")


def test_small_objects_stay_unless_asked(s3, virga, bucket):
    put(s3, bucket, rule(Transitions=[{"Days": 0, "StorageClass": "GLACIER_IR"}]))
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    next_days(virga, 2)
    assert "StorageClass" not in s3.head_object(Bucket=bucket, Key="k")


def test_locked_versions_survive(s3, virga):
    name = new_name()
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    put(s3, name, rule(NoncurrentVersionExpiration={"NoncurrentDays": 1}))
    s3.put_object(Bucket=name, Key="k", Body=b"x", ObjectLockLegalHoldStatus="ON")
    s3.put_object(Bucket=name, Key="k", Body=b"y")
    next_days(virga, 3)
    assert versions(s3, name) == (2, 0)


def test_events_are_the_lifecycles_own(aws, s3, virga, bucket, account):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{account}:q"
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectRemoved:*", "s3:LifecycleExpiration:*", "s3:LifecycleTransition"]}]}
    )
    put(s3, bucket, rule(Expiration={"Days": 1}))
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    next_days(virga, 2)
    messages = [json.loads(m["Body"]) for m in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    records = [r for m in messages for r in m.get("Records", [])]
    assert [(r["eventName"], r["eventVersion"]) for r in records] == [("LifecycleExpiration:Delete", "2.3")]
