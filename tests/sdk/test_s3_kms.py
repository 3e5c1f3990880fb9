"""Objects under keys of KMS: which key it is, what is told of it, and what happens when it may not be used."""
import hashlib
import uuid

import pytest

from kms_support import DAY, key, kms  # noqa: F401  (fixtures)
from s3_support import body, bucket, fails, new_name, s3  # noqa: F401  (fixtures)

KMS = {"ServerSideEncryption": "aws:kms"}


def told(answer):
    return answer["ServerSideEncryption"], answer["SSEKMSKeyId"], answer.get("BucketKeyEnabled", False)


def test_every_name_of_a_key_becomes_its_arn(s3, kms, bucket, account, key):
    kms.create_alias(AliasName="alias/objects", TargetKeyId=key["KeyId"])
    for name in (key["KeyId"], key["Arn"], "alias/objects", f"arn:aws:kms:us-east-1:{account}:alias/objects"):
        for algorithm in ("aws:kms", "aws:kms:dsse"):
            put = s3.put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption=algorithm, SSEKMSKeyId=name)
            assert told(put) == (algorithm, key["Arn"], False)
            assert put["ETag"].strip('"') != hashlib.md5(b"x").hexdigest() and len(put["ETag"]) == 34
            head, got = s3.head_object(Bucket=bucket, Key="k"), s3.get_object(Bucket=bucket, Key="k")
            assert told(head) == told(got) == told(put) and head["ETag"] == got["ETag"] == put["ETag"]
            assert body(got) == b"x"
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"x", SSEKMSKeyId="alias/objects", BucketKeyEnabled=True, **KMS)
    assert told(put) == told(s3.head_object(Bucket=bucket, Key="k")) == ("aws:kms", key["Arn"], True)


def test_without_a_name_it_is_the_services_own_key(s3, kms, bucket):
    assert kms.list_aliases()["Aliases"] == []
    own = s3.put_object(Bucket=bucket, Key="k", Body=b"x", **KMS)["SSEKMSKeyId"]
    assert kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"] == own
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x", SSEKMSKeyId="alias/aws/s3", **KMS)["SSEKMSKeyId"] == own


def test_what_a_bucket_does_by_default(s3, bucket, kms, key):
    kms.create_alias(AliasName="alias/default", TargetKeyId=key["KeyId"])
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/default"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert told(s3.put_object(Bucket=bucket, Key="k", Body=b"x")) == ("aws:kms", key["Arn"], True)
    assert s3.put_object(Bucket=bucket, Key="plain", Body=b"x", ServerSideEncryption="AES256")["ServerSideEncryption"] == "AES256"
    assert told(s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/plain")) == ("aws:kms", key["Arn"], True)
    # The name of a key is looked up when an object is written, not before.
    rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] = "alias/none"
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    with fails("KMS.NotFoundException", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    del rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x")["SSEKMSKeyId"] == kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]


def test_keys_that_are_not_there(s3, aws, bucket, account, kms):
    missing = f"arn:aws:kms:us-east-1:{account}:key/{uuid.uuid4()}"
    mac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
    elsewhere = aws("kms", region="us-west-2").create_key()["KeyMetadata"]["Arn"]
    for name, code, message in (
        (missing, "NotFoundException", f"Key '{missing}' does not exist"),
        ("alias/none", "NotFoundException", f"Alias arn:aws:kms:us-east-1:{account}:alias/none is not found."),
        ("aws/s3", "NotFoundException", "Invalid keyId 'aws/s3'"),
        (elsewhere, "NotFoundException", "Invalid arn us-west-2"),
        (mac, "InvalidKeyUsageException", f"{mac} key usage is GENERATE_VERIFY_MAC which is not valid for GenerateDataKey."),
    ):
        for write in (lambda **sse: s3.put_object(Body=b"x", **sse), s3.create_multipart_upload):
            with fails(f"KMS.{code}", 400, message):
                write(Bucket=bucket, Key="k", SSEKMSKeyId=name, **KMS)
    with fails("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key="k")


@pytest.mark.parametrize("state, code", [("Disabled", "KMS.DisabledException"), ("PendingDeletion", "KMS.KMSInvalidStateException")])
def test_a_key_that_is_off_closes_and_opens_nothing(s3, kms, bucket, key, state, code):
    sse = {"SSEKMSKeyId": key["Arn"], **KMS}
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", **sse)
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    upload = {"Bucket": bucket, "Key": "m", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="m", **sse)["UploadId"]}
    part = {"PartNumber": 1, "ETag": s3.upload_part(PartNumber=1, Body=b"x", **upload)["ETag"]}
    if state == "Disabled":
        kms.disable_key(KeyId=key["KeyId"])
    else:
        kms.schedule_key_deletion(KeyId=key["KeyId"])
    message = f"{key['Arn']} is {'disabled' if state == 'Disabled' else 'pending deletion'}."
    source = f"{bucket}/k"
    for use in (
        lambda: s3.put_object(Bucket=bucket, Key="new", Body=b"x", **sse),
        lambda: s3.get_object(Bucket=bucket, Key="k"),
        lambda: s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-0"),
        lambda: s3.copy_object(Bucket=bucket, Key="copy", CopySource=source),
        lambda: s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/plain", **sse),
        lambda: s3.create_multipart_upload(Bucket=bucket, Key="m", **sse),
        lambda: s3.upload_part(PartNumber=2, Body=b"x", **upload),
        lambda: s3.upload_part_copy(PartNumber=2, CopySource=source, **upload),
        lambda: s3.complete_multipart_upload(MultipartUpload={"Parts": [part]}, **upload),
        lambda: s3.update_object_encryption(Bucket=bucket, Key="plain", ObjectEncryption={"SSEKMS": {"KMSKeyArn": key["Arn"]}}),
    ):
        with fails(code, 400, message):
            use()
    assert told(s3.head_object(Bucket=bucket, Key="k"))[1] == key["Arn"]  # what is told of an object needs no key
    assert body(s3.get_object(Bucket=bucket, Key="plain")) == b"x"
    if state == "PendingDeletion":
        kms.cancel_key_deletion(KeyId=key["KeyId"])
    kms.enable_key(KeyId=key["KeyId"])
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"x"


def test_a_deleted_key_takes_its_objects_with_it(virga, s3, kms, bucket, key):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", SSEKMSKeyId=key["KeyId"], **KMS)
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    virga.advance(seconds=7 * DAY + 60)
    with fails("KMS.NotFoundException", 400, f"Key '{key['Arn']}' does not exist"):
        s3.get_object(Bucket=bucket, Key="k")
    s3.delete_object(Bucket=bucket, Key="k")


def test_uploads_in_parts(s3, bucket, key):
    made = s3.create_multipart_upload(Bucket=bucket, Key="m", SSEKMSKeyId=key["KeyId"], BucketKeyEnabled=True, **KMS)
    part = s3.upload_part(Bucket=bucket, Key="m", UploadId=made["UploadId"], PartNumber=1, Body=b"x")
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    done = s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=made["UploadId"], MultipartUpload={"Parts": parts})
    assert told(made) == told(part) == told(done) == told(s3.get_object(Bucket=bucket, Key="m")) == ("aws:kms", key["Arn"], True)
    assert done["ETag"].endswith('-1"')


def test_encryption_is_never_copied(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", SSEKMSKeyId=key["Arn"], **KMS)
    copy = s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k")
    assert copy["ServerSideEncryption"] == "AES256" and "SSEKMSKeyId" not in copy
    assert copy["CopyObjectResult"]["ETag"].strip('"') == hashlib.md5(b"x").hexdigest()


def test_a_replica_is_under_the_key_of_its_rule(virga, s3, aws, bucket, account, key):
    west = aws("s3", region="us-west-2")
    there = new_name()
    west.create_bucket(Bucket=there, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    other = aws("kms", region="us-west-2").create_key()["KeyMetadata"]["Arn"]
    for client, name in ((s3, bucket), (west, there)):
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "r", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": {"Bucket": f"arn:aws:s3:::{there}", "EncryptionConfiguration": {"ReplicaKmsKeyID": other}},
    }
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": f"arn:aws:iam::{account}:role/r", "Rules": [rule]})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", SSEKMSKeyId=key["Arn"], **KMS)
    virga.wait()
    got = west.get_object(Bucket=there, Key="k")
    assert told(got) == ("aws:kms", other, False) and body(got) == b"x"
