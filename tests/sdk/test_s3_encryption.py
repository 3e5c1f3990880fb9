"""Server-side encryption as a client of S3 sees it: headers, customer keys, what every operation echoes."""
import base64
import hashlib
import uuid

import pytest

from s3_support import body, bucket, fails, s3  # noqa: F401  (fixtures)

MB = 1024 * 1024


def customer(key, prefix=""):
    return {
        prefix + "SSECustomerAlgorithm": "AES256",
        prefix + "SSECustomerKey": key,
    }


@pytest.fixture
def key():
    return uuid.uuid4().hex


def test_everything_is_encrypted_by_default(s3, bucket):
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"
    assert s3.head_object(Bucket=bucket, Key="k")["ServerSideEncryption"] == "AES256"
    assert s3.get_object(Bucket=bucket, Key="k")["ServerSideEncryption"] == "AES256"


def test_a_customers_key_is_needed_for_every_read(s3, bucket, key):
    sum_of_key = base64.b64encode(hashlib.md5(key.encode()).digest()).decode()
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"secret", **customer(key))
    assert put["SSECustomerAlgorithm"] == "AES256" and put["SSECustomerKeyMD5"] == sum_of_key
    assert "ServerSideEncryption" not in put
    assert put["ETag"].strip('"') != hashlib.md5(b"secret").hexdigest()  # an ETag that tells nothing of the bytes
    got = s3.get_object(Bucket=bucket, Key="k", **customer(key))
    assert body(got) == b"secret" and got["SSECustomerKeyMD5"] == sum_of_key
    assert body(s3.get_object(Bucket=bucket, Key="k", Range="bytes=1-2", **customer(key))) == b"ec"
    assert s3.head_object(Bucket=bucket, Key="k", **customer(key))["ETag"] == put["ETag"]
    with fails("InvalidRequest", 400) as failure:
        s3.get_object(Bucket=bucket, Key="k")
    assert failure.error["Error"]["Message"] == (
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object."
    )
    with fails("400", 400):
        s3.head_object(Bucket=bucket, Key="k")
    with fails("AccessDenied", 403):
        s3.get_object(Bucket=bucket, Key="k", **customer(uuid.uuid4().hex))
    with fails("InvalidRequest", 400):
        s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ETag"])
    # boto3 does not prepare the key for this operation.
    prepared = {**customer(base64.b64encode(key.encode()).decode()), "SSECustomerKeyMD5": sum_of_key}
    assert s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectSize"], **prepared)["ObjectSize"] == 6
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    with fails("InvalidRequest", 400) as failure:
        s3.get_object(Bucket=bucket, Key="plain", **customer(key))
    assert failure.error["Error"]["Message"] == "The encryption parameters are not applicable to this object."


@pytest.mark.parametrize(
    "headers, message",
    [
        ({"SSECustomerKey": "k" * 32}, "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm."),
        ({"SSECustomerAlgorithm": "AES256"}, "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key."),
        ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "short"}, "The secret key was invalid for the specified algorithm."),
        (
            {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": base64.b64encode(b"k" * 32).decode(), "SSECustomerKeyMD5": base64.b64encode(bytes(16)).decode()},
            "The calculated MD5 hash of the key did not match the hash that was provided.",
        ),
        (
            {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32, "ServerSideEncryption": "AES256"},
            "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
        ),
        ({"ServerSideEncryption": "rot13"}, "The encryption method specified is not supported"),
        (
            {"ServerSideEncryption": "AES256", "SSEKMSKeyId": "k"},
            "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
        ),
    ],
)
def test_refused_headers(s3, bucket, headers, message):
    with fails("InvalidArgument", 400) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", **headers)
    assert failure.error["Error"]["Message"] == message
    assert failure.error["Error"]["ArgumentName"] == "x-amz-server-side-encryption"


def test_multipart_with_a_customers_key(s3, bucket, key):
    made = s3.create_multipart_upload(Bucket=bucket, Key="k", **customer(key))
    assert made["SSECustomerAlgorithm"] == "AES256"
    upload = {"Bucket": bucket, "Key": "k", "UploadId": made["UploadId"]}
    with fails("InvalidRequest", 400) as failure:
        s3.upload_part(PartNumber=1, Body=b"x", **upload)
    assert failure.error["Error"]["Message"].startswith("The multipart upload initiate requested encryption.")
    with fails("InvalidRequest", 400) as failure:
        s3.upload_part(PartNumber=1, Body=b"x", **upload, **customer(uuid.uuid4().hex))
    assert failure.error["Error"]["Message"] == "The provided encryption parameters did not match the ones used originally."
    first = s3.upload_part(PartNumber=1, Body=b"a" * 5 * MB, **upload, **customer(key))
    second = s3.upload_part(PartNumber=2, Body=b"b", **upload, **customer(key))
    parts = [{"PartNumber": n, "ETag": p["ETag"], "ChecksumCRC32": p["ChecksumCRC32"]} for n, p in ((1, first), (2, second))]
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload, **customer(key))
    assert done["ETag"].endswith('-2"')
    assert body(s3.get_object(Bucket=bucket, Key="k", Range="bytes=-2", **customer(key))) == b"ab"
    with fails("InvalidRequest", 400):
        s3.get_object(Bucket=bucket, Key="k")
    # A part for an upload that asked for no key must bring none.
    made = s3.create_multipart_upload(Bucket=bucket, Key="other")
    with fails("InvalidRequest", 400) as failure:
        s3.upload_part(Bucket=bucket, Key="other", UploadId=made["UploadId"], PartNumber=1, Body=b"x", **customer(key))
    assert failure.error["Error"]["Message"].startswith("The multipart upload initiate did not request encryption.")


def test_copies_change_the_encryption(s3, bucket, key):
    other = uuid.uuid4().hex
    s3.put_object(Bucket=bucket, Key="k", Body=b"secret", Metadata={"a": "b"}, **customer(key))
    with fails("InvalidRequest", 400):
        s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k")
    with fails("AccessDenied", 403):
        s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k", **customer(other, "CopySource"))
    plain = s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k", **customer(key, "CopySource"))
    assert plain["ServerSideEncryption"] == "AES256"
    got = s3.get_object(Bucket=bucket, Key="c")
    assert body(got) == b"secret" and got["Metadata"] == {"a": "b"}
    assert got["ETag"].strip('"') == hashlib.md5(b"secret").hexdigest()
    s3.copy_object(Bucket=bucket, Key="d", CopySource=f"{bucket}/c", **customer(other))
    assert body(s3.get_object(Bucket=bucket, Key="d", **customer(other))) == b"secret"
    # A new key for the same object is a change that a copy to itself may make.
    s3.copy_object(Bucket=bucket, Key="k", CopySource=f"{bucket}/k", **customer(key, "CopySource"), **customer(other))
    assert body(s3.get_object(Bucket=bucket, Key="k", **customer(other))) == b"secret"
    made = s3.create_multipart_upload(Bucket=bucket, Key="m", **customer(key))
    part = s3.upload_part_copy(
        Bucket=bucket, Key="m", UploadId=made["UploadId"], PartNumber=1, CopySource=f"{bucket}/k", **customer(key), **customer(other, "CopySource")
    )
    assert part["SSECustomerAlgorithm"] == "AES256"
