"""Keys and metadata at their limits; many objects deleted at once."""
import base64
import hashlib

from s3_support import Wire, body, bucket, code_in, fails, s3, wire  # noqa: F401  (fixtures)


def test_metadata_beyond_ascii(s3, virga, bucket):
    headers = {"Content-Length": "0", "x-amz-meta-word": "=?UTF-8?Q?caf=C3=A9?=", "x-amz-meta-utf": "ü".encode(), "x-amz-meta-plain": "a b"}
    assert Wire(virga).ask("PUT", f"/{bucket}/k", b"", headers)[0] == 200
    s3.put_object(Bucket=bucket, Key="coded", Metadata={"word": "=?UTF-8?B?w7w=?="})
    assert s3.head_object(Bucket=bucket, Key="coded")["Metadata"] == {"word": "=?UTF-8?Q?=C3=BC?="}
    metadata = s3.head_object(Bucket=bucket, Key="k")["Metadata"]
    assert metadata == {"word": "=?UTF-8?Q?caf=C3=A9?=", "utf": "=?UTF-8?Q?=C3=BC?=", "plain": "a b"}


def test_limits_of_metadata_and_keys(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Metadata={"m": "x" * 2047})
    with fails("MetadataTooLarge", 400) as failure:
        s3.put_object(Bucket=bucket, Key="k", Metadata={"m": "x" * 2048})
    assert failure.error["Error"]["Size"] == "2049" and failure.error["Error"]["MaxSizeAllowed"] == "2048"
    s3.put_object(Bucket=bucket, Key="é" * 512)
    with fails("KeyTooLongError", 400):
        s3.put_object(Bucket=bucket, Key="é" * 512 + "a")
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["k", "é" * 512]


def test_keys_that_would_leave_a_directory(virga, s3, bucket):
    for path in ("../x", "a/../../x", "%2e%2e/x", "..%2f..%2fetc/passwd"):
        status, _, text = Wire(virga).ask("PUT", f"/{bucket}/{path}", b"", {"Content-Length": "0"})
        assert status == 400, (path, text)
    for key in ("a/../b", "a/./b", "a//b", "/a", "a/", "..a"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
        assert body(s3.get_object(Bucket=bucket, Key=key)) == key.encode()
    assert len(s3.list_objects_v2(Bucket=bucket)["Contents"]) == 6


def test_overrides_are_not_for_everybody(s3, virga, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    status, _, text = Wire(virga).ask("GET", f"/{bucket}/k?response-content-type=text/plain")
    assert status == 400 and "Request specific response headers cannot be used for anonymous GET requests." in text


def test_deleting_many(s3, wire, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="a")["VersionId"]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a", "VersionId": first}, {"Key": "missing"}, {"Key": "x" * 1025}]})
    by_key = {d["Key"]: d for d in answer["Deleted"]}
    assert by_key["a"]["VersionId"] == first and "DeleteMarker" not in by_key["a"]
    assert by_key["missing"]["DeleteMarker"] and by_key["missing"]["DeleteMarkerVersionId"]
    assert [(e["Code"], len(e["Key"])) for e in answer["Errors"]] == [("KeyTooLongError", 1025)]
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Quiet": True, "Objects": [{"Key": "b"}, {"Key": "c", "ETag": '"0"'}]})
    assert "Deleted" not in quiet and [e["Key"] for e in quiet["Errors"]] == ["c"]
    with fails("MalformedXML", 400):
        s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": str(n)} for n in range(1001)]})
    document = b"<Delete><Object><Key>a</Key></Object><Object><Key></Key></Object></Delete>"
    status, _, text = wire.ask("POST", f"/{bucket}?delete", document, {"Content-MD5": base64.b64encode(hashlib.md5(document).digest()).decode()})
    assert (status, code_in(text)) == (400, "MalformedXML")
    assert len(s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": str(n)} for n in range(1000)]})["Deleted"]) == 1000
