"""Object lock: default retention, GOVERNANCE and COMPLIANCE, legal holds, by the virtual clock."""
import datetime

import pytest
from s3_support import fails, new_name

LOCKED = "Access Denied because object protected by object lock."
DAY = 24 * 3600


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3):
    name = new_name()
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


@pytest.fixture
def now(s3, virga, bucket):
    return s3.put_object(Bucket=bucket, Key="clock", Body=b"") and s3.head_object(Bucket=bucket, Key="clock")["LastModified"]


def put(s3, bucket, **more):
    return s3.put_object(Bucket=bucket, Key="k", Body=b"x", **more)["VersionId"]


def delete(s3, bucket, version, **more):
    return s3.delete_object(Bucket=bucket, Key="k", VersionId=version, **more)


def test_configuration(s3, bucket):
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"}
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["Rule"] == rule
    with fails("InvalidBucketState", 409, "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    for retention, code in [
        ({"Mode": "GOVERNANCE", "Days": 1, "Years": 1}, "MalformedXML"),
        ({"Mode": "GOVERNANCE"}, "MalformedXML"),
        ({"Mode": "governance", "Days": 1}, "MalformedXML"),
        ({"Mode": "GOVERNANCE", "Days": 0}, "InvalidArgument"),
        ({"Mode": "GOVERNANCE", "Days": 36501}, "InvalidArgument"),
        ({"Mode": "GOVERNANCE", "Years": 101}, "InvalidArgument"),
    ]:
        with fails(code, 400):
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}})


def test_a_bucket_without_locks(s3):
    name = new_name()
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k")
    with fails("ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket"):
        s3.get_object_lock_configuration(Bucket=name)
    with fails("InvalidRequest", 400, "Bucket is missing Object Lock Configuration"):
        s3.get_object_retention(Bucket=name, Key="k")
    with fails("InvalidRequest", 400, "Bucket is missing Object Lock Configuration"):
        s3.put_object_legal_hold(Bucket=name, Key="k", LegalHold={"Status": "ON"})
    with fails("InvalidRequest", 400, "Bucket is missing ObjectLockConfiguration"):
        s3.put_object(Bucket=name, Key="k", ObjectLockLegalHoldStatus="ON")
    configuration = {"ObjectLockEnabled": "Enabled"}
    with fails("InvalidBucketState", 409, "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"):
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)
    s3.put_object_legal_hold(Bucket=name, Key="k", VersionId="null", LegalHold={"Status": "ON"})


def test_default_retention_ends_by_the_clock(s3, virga, bucket):
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 2}}
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
    version = put(s3, bucket)
    head = s3.head_object(Bucket=bucket, Key="k")
    assert head["ObjectLockMode"] == "COMPLIANCE"
    assert abs(head["ObjectLockRetainUntilDate"] - head["LastModified"] - datetime.timedelta(days=2)) < datetime.timedelta(seconds=2)
    with fails("AccessDenied", 403, LOCKED):
        delete(s3, bucket, version, BypassGovernanceRetention=True)
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"]
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    virga.advance(seconds=2 * DAY + 1)
    delete(s3, bucket, version)


def test_governance_and_bypass(s3, bucket, now):
    later, sooner = now + datetime.timedelta(days=10), now + datetime.timedelta(days=5)
    version = put(s3, bucket, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=later)
    retention = s3.get_object_retention(Bucket=bucket, Key="k")["Retention"]
    assert retention == {"Mode": "GOVERNANCE", "RetainUntilDate": later}
    with fails("AccessDenied", 403, LOCKED):
        s3.put_object_retention(Bucket=bucket, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": sooner})
    s3.put_object_retention(Bucket=bucket, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": later + datetime.timedelta(days=1)})
    s3.put_object_retention(Bucket=bucket, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": sooner}, BypassGovernanceRetention=True)
    with fails("AccessDenied", 403, LOCKED):
        delete(s3, bucket, version)
    errors = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "VersionId": version}]})["Errors"]
    assert [(e["Code"], e["Message"]) for e in errors] == [("AccessDenied", LOCKED)]
    delete(s3, bucket, version, BypassGovernanceRetention=True)


def test_compliance_is_only_ever_extended(s3, bucket, now):
    until = now + datetime.timedelta(days=10)
    put(s3, bucket, ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until)
    for mode, days in [("COMPLIANCE", 5), ("GOVERNANCE", 20)]:
        with fails("AccessDenied", 403, LOCKED):
            s3.put_object_retention(
                Bucket=bucket, Key="k", BypassGovernanceRetention=True,
                Retention={"Mode": mode, "RetainUntilDate": now + datetime.timedelta(days=days)},
            )
    s3.put_object_retention(Bucket=bucket, Key="k", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until + datetime.timedelta(days=1)})


def test_legal_hold_is_independent(s3, bucket):
    version = put(s3, bucket)
    with fails("NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration"):
        s3.get_object_legal_hold(Bucket=bucket, Key="k")
    with fails("NoSuchObjectLockConfiguration", 404):
        s3.get_object_retention(Bucket=bucket, Key="k")
    s3.put_object_legal_hold(Bucket=bucket, Key="k", LegalHold={"Status": "ON"})
    assert s3.get_object_legal_hold(Bucket=bucket, Key="k")["LegalHold"] == {"Status": "ON"}
    assert s3.head_object(Bucket=bucket, Key="k")["ObjectLockLegalHoldStatus"] == "ON"
    with fails("AccessDenied", 403, LOCKED):
        delete(s3, bucket, version, BypassGovernanceRetention=True)
    with fails("MalformedXML", 400):
        s3.put_object_legal_hold(Bucket=bucket, Key="k", LegalHold={"Status": "MAYBE"})
    s3.put_object_legal_hold(Bucket=bucket, Key="k", LegalHold={"Status": "OFF"})
    delete(s3, bucket, version)


def test_headers_that_are_wrong(s3, bucket, now):
    both = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied"
    with fails("InvalidArgument", 400, both):
        put(s3, bucket, ObjectLockMode="GOVERNANCE")
    with fails("InvalidArgument", 400, both):
        put(s3, bucket, ObjectLockRetainUntilDate=now + datetime.timedelta(days=1))
    with fails("InvalidArgument", 400, "Unknown wormMode directive."):
        put(s3, bucket, ObjectLockMode="FOREVER", ObjectLockRetainUntilDate=now + datetime.timedelta(days=1))
    with fails("InvalidArgument", 400, "The retain until date must be in the future!"):
        put(s3, bucket, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=now - datetime.timedelta(days=1))
    put(s3, bucket)
    with fails("InvalidArgument", 400, "The retain until date must be in the future!"):
        s3.put_object_retention(Bucket=bucket, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": now - datetime.timedelta(days=1)})
    with fails("MalformedXML", 400):
        s3.put_object_retention(Bucket=bucket, Key="k", Retention={"Mode": "GOVERNANCE"})


def test_multipart_uploads_and_copies(s3, bucket, now):
    until = now + datetime.timedelta(days=1)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until, ObjectLockLegalHoldStatus="ON")
    part = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload["UploadId"], PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(
        Bucket=bucket, Key="k", UploadId=upload["UploadId"], MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )
    head = s3.head_object(Bucket=bucket, Key="k")
    assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"], head["ObjectLockLegalHoldStatus"]) == ("GOVERNANCE", until, "ON")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k")
    assert "ObjectLockMode" not in s3.head_object(Bucket=bucket, Key="copy")
