"""Copies: what they are called, and that they share the bytes of their source as long as either is there."""
import hashlib
import random
import threading

import pytest

from conftest import make_client
from s3_support import MB, body, bucket, fails, s3, wire  # noqa: F401  (fixtures)
from test_s3_encryption import customer
from test_s3_multipart import Upload
from virga_process import Virga

PARTS = [random.Random(35).randbytes(5 * MB), b"the end" * 20_000]


def in_parts(s3, bucket, key="parts"):
    upload = Upload(s3, bucket, key=key, Metadata={"m": "1"})
    for number, data in enumerate(PARTS, 1):
        upload.part(number, data)
    return upload.complete()


def test_copy(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b", Body=b"data", Metadata={"m": "1"}, ContentType="text/a", Tagging="t=1")
    result = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b"})
    assert result["CopyObjectResult"]["ETag"] == '"' + hashlib.md5(b"data").hexdigest() + '"'
    head = s3.head_object(Bucket=bucket, Key="copy")
    assert head["Metadata"] == {"m": "1"} and head["ContentType"] == "text/a"
    assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == [{"Key": "t", "Value": "1"}]
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/a b", MetadataDirective="REPLACE", Metadata={"n": "2"}, TaggingDirective="REPLACE")
    head = s3.head_object(Bucket=bucket, Key="copy")
    assert head["Metadata"] == {"n": "2"} and head["ContentType"] == "binary/octet-stream"
    s3.delete_object(Bucket=bucket, Key="a b")  # the body is shared: it stays
    assert body(s3.get_object(Bucket=bucket, Key="copy")) == b"data"
    with fails("InvalidRequest", 400):
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy")
    with fails("NoSuchKey", 404):
        s3.copy_object(Bucket=bucket, Key="x", CopySource=f"{bucket}/none")


def test_a_plus_in_the_name_of_a_source_is_a_space(wire, s3, bucket):
    for key in ("a b", "a+b"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for source, expected in (("a+b", "a b"), ("a%20b", "a b"), ("a%2Bb", "a+b")):
        assert wire.ask("PUT", f"/{bucket}/copy", b"", {"x-amz-copy-source": f"/{bucket}/{source}"})[0] == 200
        assert body(s3.get_object(Bucket=bucket, Key="copy")) == expected.encode()


def test_a_copy_of_parts_outlives_its_source(s3, bucket):
    in_parts(s3, bucket)
    whole = b"".join(PARTS)
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/parts", ChecksumAlgorithm="SHA256")["CopyObjectResult"]
    assert copied["ETag"] == f'"{hashlib.md5(whole).hexdigest()}"' and copied["ChecksumType"] == "FULL_OBJECT" and copied["ChecksumSHA256"]
    again = s3.copy_object(Bucket=bucket, Key="again", CopySource=f"{bucket}/copy")["CopyObjectResult"]
    assert (again["ETag"], again["ChecksumSHA256"]) == (copied["ETag"], copied["ChecksumSHA256"])
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy", MetadataDirective="REPLACE", Metadata={"n": "2"})
    for key in ("parts", "copy"):
        s3.delete_object(Bucket=bucket, Key=key)
    got = s3.get_object(Bucket=bucket, Key="again", PartNumber=1)
    assert body(got) == whole and "PartsCount" not in got and got["Metadata"] == {"m": "1"}
    edge = f"bytes={5 * MB - 3}-{5 * MB + 3}"
    assert body(s3.get_object(Bucket=bucket, Key="again", Range=edge)) == whole[5 * MB - 3 : 5 * MB + 4]
    assert "ObjectParts" not in s3.get_object_attributes(Bucket=bucket, Key="again", ObjectAttributes=["ObjectParts", "ETag"])
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


@pytest.mark.parametrize("size", [10, 200_000])
def test_the_name_of_a_copy_that_its_source_does_not_tell(s3, bucket, size):
    data, key = b"x" * size, "k" * 32
    s3.put_object(Bucket=bucket, Key="secret", Body=data, **customer(key))
    for source, more in (("secret", customer(key, "CopySource")), ("plain", {"ChecksumAlgorithm": "SHA1"})):
        copied = s3.copy_object(Bucket=bucket, Key="plain", CopySource=f"{bucket}/{source}", MetadataDirective="REPLACE", **more)["CopyObjectResult"]
        assert copied["ETag"] == f'"{hashlib.md5(data).hexdigest()}"'
        assert body(s3.get_object(Bucket=bucket, Key="plain", ChecksumMode="ENABLED")) == data


def test_a_source_that_is_replaced_while_it_is_read(virga, account, s3, bucket):
    """The copy is of what was there when it began, whole."""
    contents, done = [bytes([65 + n]) * (4 * MB + n) for n in range(2)], threading.Event()
    kms = {"ServerSideEncryption": "aws:kms"}  # its ETag does not tell the MD5
    s3.put_object(Bucket=bucket, Key="k", Body=contents[0], **kms)

    def overwrite():
        other = make_client("s3", virga.endpoint, account)
        while not done.is_set():
            for content in reversed(contents):
                other.put_object(Bucket=bucket, Key="k", Body=content, **kms)

    writer = threading.Thread(target=overwrite)
    writer.start()
    try:
        for n in range(10):
            etag = s3.copy_object(Bucket=bucket, Key=f"copy {n}", CopySource=f"{bucket}/k")["CopyObjectResult"]["ETag"]
            got = body(s3.get_object(Bucket=bucket, Key=f"copy {n}"))
            assert got in contents and etag == f'"{hashlib.md5(got).hexdigest()}"'
    finally:
        done.set()
        writer.join()


def test_bytes_are_kept_once_and_as_long_as_they_are_needed(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        s3 = make_client("s3", server.endpoint, "111111111111")
        files = lambda: len(list(tmp_path.rglob("objects/*")))
        s3.create_bucket(Bucket="here")
        in_parts(s3, "here")
        s3.put_object(Bucket="here", Key="whole", Body=PARTS[0])
        assert files() == 3
        for n in range(3):
            for key in ("parts", "whole"):
                s3.copy_object(Bucket="here", Key=f"{key} {n}", CopySource=f"here/{key}", ServerSideEncryption="aws:kms")
        assert files() == 3
        for key in ("parts", "parts 0", "parts 1", "whole", "whole 0", "whole 1"):
            s3.delete_object(Bucket="here", Key=key)
        assert files() == 3
        assert body(s3.get_object(Bucket="here", Key="parts 2")) == b"".join(PARTS) and body(s3.get_object(Bucket="here", Key="whole 2")) == PARTS[0]
        for key in ("parts 2", "whole 2"):
            s3.delete_object(Bucket="here", Key=key)
        assert files() == 0
    finally:
        assert server.stop() == 0


def test_a_file_of_another_region_gets_a_second_name(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        s3, west = (make_client("s3", server.endpoint, "111111111111", region) for region in ("us-east-1", "us-west-2"))
        s3.create_bucket(Bucket="here")
        west.create_bucket(Bucket="there", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        for client, name in ((s3, "here"), (west, "there")):
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        names = lambda: {(path.stat().st_ino, path.stat().st_nlink) for path in tmp_path.rglob("objects/*")}
        etag = s3.put_object(Bucket="here", Key="k", Body=PARTS[0], Metadata={"m": "1"})["ETag"]
        copied = west.copy_object(Bucket="there", Key="copy", CopySource="here/k", MetadataDirective="REPLACE")["CopyObjectResult"]
        assert copied["ETag"] == etag and copied["ChecksumCRC32"]
        assert [links for _, links in names()] == [2]
        rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::there"}}
        s3.put_bucket_replication(Bucket="here", ReplicationConfiguration={"Role": "arn:aws:iam::111111111111:role/r", "Rules": [rule]})
        in_parts(s3, "here")
        server.wait()
        assert sorted(links for _, links in names()) == [2, 2, 2]
        # A checksum that the source does not tell has the bytes read; they are written then.
        west.copy_object(Bucket="there", Key="other", CopySource="here/k", ChecksumAlgorithm="SHA1")
        assert sorted(links for _, links in names()) == [1, 2, 2, 2]
        for version in s3.list_object_versions(Bucket="here")["Versions"]:
            s3.delete_object(Bucket="here", Key=version["Key"], VersionId=version["VersionId"])
        assert {links for _, links in names()} == {1}
        for key, data in (("copy", PARTS[0]), ("other", PARTS[0]), ("parts", b"".join(PARTS))):
            assert body(west.get_object(Bucket="there", Key=key, ChecksumMode="ENABLED")) == data
    finally:
        assert server.stop() == 0
