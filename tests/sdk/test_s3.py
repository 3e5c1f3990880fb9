"""S3 through boto3 and raw HTTP."""
import hashlib
import http.client
import io
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

import boto3.s3.transfer
import pytest

from s3_support import MB, body, bucket, fails, s3  # noqa: F401  (fixtures)


# Buckets


def test_bucket_life(s3, bucket):
    assert bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    s3.head_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)  # in us-east-1 once more is no error
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    with fails("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)
    with fails("404", 404):
        s3.head_bucket(Bucket=bucket)
    with fails("NoSuchBucket", 404) as failure:
        s3.list_objects_v2(Bucket=bucket)
    assert failure.error["Error"]["BucketName"] == bucket


def test_regions_and_location_constraints(aws):
    east, west = aws("s3"), aws("s3", region="eu-west-1")
    name = "b-" + uuid.uuid4().hex
    with fails("IllegalLocationConstraintException"):
        west.create_bucket(Bucket=name)
    with fails("InvalidLocationConstraint"):
        east.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-east-1"})
    west.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with fails("BucketAlreadyOwnedByYou", 409):
        west.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert east.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-west-1"
    # A request reaches the bucket whatever its region.
    east.put_object(Bucket=name, Key="k", Body=b"x")
    assert body(west.get_object(Bucket=name, Key="k")) == b"x"
    assert east.head_bucket(Bucket=name)["BucketRegion"] == "eu-west-1"


def test_the_name_of_somebody_else(virga, bucket):
    from conftest import make_client

    other = make_client("s3", virga.endpoint, "999999999999")
    with fails("BucketAlreadyExists", 409):
        other.create_bucket(Bucket=bucket)


def test_configurations_come_back(s3, bucket):
    cors = [{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"], "MaxAgeSeconds": 3000}]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": cors})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == cors
    s3.delete_bucket_cors(Bucket=bucket)
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == policy
    with fails("MalformedPolicy", 400):
        s3.put_bucket_policy(Bucket=bucket, Policy="rubbish")
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "a", "Value": "1"}]
    s3.delete_public_access_block(Bucket=bucket)
    with fails("NoSuchPublicAccessBlockConfiguration", 404):
        s3.get_public_access_block(Bucket=bucket)


# Objects


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 5 * MB + 3])
def test_round_trip(s3, bucket, size):
    data = bytes(i * 7 % 251 for i in range(1000)) * (size // 1000 + 1)
    data = data[:size]
    put = s3.put_object(Bucket=bucket, Key="k", Body=data)
    assert put["ETag"] == '"' + hashlib.md5(data).hexdigest() + '"'
    got = s3.get_object(Bucket=bucket, Key="k")
    assert body(got) == data
    assert got["ContentLength"] == size
    assert got["ContentType"] == "binary/octet-stream"
    assert got["ServerSideEncryption"] == "AES256"
    assert got["ChecksumCRC32"]
    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == size


def test_headers_and_metadata(s3, bucket):
    s3.put_object(
        Bucket=bucket, Key="k", Body=b"x", ContentType="text/plain", CacheControl="no-cache", ContentDisposition='attachment; filename="a,b"',
        ContentEncoding="gzip", ContentLanguage="de", Metadata={"Upper": "Value", "two": "2"}, Tagging="a=1&b=2", StorageClass="STANDARD_IA",
    )
    head = s3.head_object(Bucket=bucket, Key="k")
    assert head["ContentType"] == "text/plain"
    assert head["CacheControl"] == "no-cache"
    assert head["ContentDisposition"] == 'attachment; filename="a,b"'
    assert head["ContentEncoding"] == "gzip"
    assert head["ContentLanguage"] == "de"
    assert head["Metadata"] == {"upper": "Value", "two": "2"}
    assert head["StorageClass"] == "STANDARD_IA"
    assert s3.get_object(Bucket=bucket, Key="k")["TagCount"] == 2
    assert s3.get_object(Bucket=bucket, Key="k", ResponseContentType="a/b")["ContentType"] == "a/b"
    with fails("MetadataTooLarge", 400):
        s3.put_object(Bucket=bucket, Key="m", Body=b"", Metadata={"k": "v" * 2048})
    s3.put_object(Bucket=bucket, Key="m", Body=b"", Metadata={"k": "v" * 2047})


KEYS = ["a b", "a+b", "a%20b", "a/../b", "a//b", "/a", "a/", "<&\">'", "é", "\U0010ffff", "~*()!$", "q?x=1#f", "k" * 1024, "tab\tkey", "a\\b"]


def test_awkward_keys(s3, bucket):
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in KEYS:
        assert body(s3.get_object(Bucket=bucket, Key=key)) == key.encode(), key
    expected = sorted(KEYS, key=lambda k: k.encode())
    for size in (1, 4, 1000):
        for operation in ("list_objects", "list_objects_v2"):
            pages = s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": size})
            assert [o["Key"] for page in pages for o in page.get("Contents", [])] == expected
    with fails("KeyTooLongError", 400):
        s3.put_object(Bucket=bucket, Key="k" * 1025, Body=b"")
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in KEYS]})
    assert len(deleted["Deleted"]) == len(KEYS)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_acls_where_the_owner_has_everything(s3, bucket):
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    with fails("AccessControlListNotSupported", 400):
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    with fails("AccessControlListNotSupported", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", ACL="public-read")
    acl = s3.get_bucket_acl(Bucket=bucket)
    policy = {"Owner": acl["Owner"], "Grants": acl["Grants"]}
    s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy=policy)
    policy["Grants"][0]["Grantee"]["ID"] = "0" * 64
    with fails("AccessControlListNotSupported", 400):
        s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy=policy)
    s3.put_object(Bucket=bucket, Key="k", Body=b"", ACL="bucket-owner-full-control")


def test_content_md5(s3, bucket):
    with fails("BadDigest", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    with fails("InvalidDigest", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentMD5="rubbish")


AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


def raw(virga, method, path, data=b"", headers=None, host=None):
    connection = http.client.HTTPConnection(virga.endpoint.removeprefix("http://"))
    all_headers = {"Authorization": AUTHORIZATION, **(headers or {})}
    if host:
        all_headers["Host"] = host
    connection.request(method, path, body=data, headers=all_headers)
    response = connection.getresponse()
    return response.status, response.read(), dict(response.getheaders())


def test_aws_chunked_bodies(virga, s3, bucket):
    streaming = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content-Encoding": "gzip,aws-chunked", "x-amz-decoded-content-length": "11",
        "x-amz-trailer": "x-amz-checksum-crc64nvme",
    }
    good = b"b\r\nhello world\r\n0\r\nx-amz-checksum-crc64nvme:jSnVw/bqjr4=\r\n\r\n"
    status, _, headers = raw(virga, "PUT", f"/{bucket}/k", good, streaming)
    assert status == 200 and headers["x-amz-checksum-crc64nvme"] == "jSnVw/bqjr4="
    got = s3.get_object(Bucket=bucket, Key="k")
    assert body(got) == b"hello world" and got["ContentEncoding"] == "gzip"
    for bad, code in [
        (good.replace(b"jSnV", b"jSnX"), b"BadDigest"),
        (good.replace(b"hello world", b"hello"), b"IncompleteBody"),
        (b"5\r\nhello\r\n0\r\nx-amz-checksum-crc64nvme:jSnVw/bqjr4=\r\n\r\n", b"IncompleteBody"),
        (b"b\r\nhello world\r\n0\r\n\r\n", b"MalformedTrailerError"),
        (b"rubbish", b"IncompleteBody"),
    ]:
        status, text, _ = raw(virga, "PUT", f"/{bucket}/k", bad, streaming)
        assert status == 400 and b"<Code>" + code + b"</Code>" in text, (bad, text)
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"hello world"
    signed = {"x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x-amz-decoded-content-length": "3"}
    signature = b";chunk-signature=" + b"a" * 64
    status, _, _ = raw(virga, "PUT", f"/{bucket}/s", b"3" + signature + b"\r\nabc\r\n0" + signature + b"\r\n\r\n", signed)
    assert status == 200 and body(s3.get_object(Bucket=bucket, Key="s")) == b"abc"


def test_presigned_urls(virga, s3, bucket):
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "a b", "ContentType": "text/x"})
    urllib.request.urlopen(urllib.request.Request(url, data=b"data", method="PUT", headers={"Content-Type": "text/x"}))
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b", "ResponseContentDisposition": "attachment"})
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"data"
        assert response.headers["Content-Type"] == "text/x"
        assert response.headers["Content-Disposition"] == "attachment"
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    if "X-Amz-Date" not in query:
        query["Expires"] = "1000000000"
    else:
        query["X-Amz-Date"] = "20200101T000000Z"
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(parts._replace(query=urllib.parse.urlencode(query)).geturl())
    assert error.value.code == 403
    assert b"Request has expired" in error.value.read()


# Versions


def test_versions(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"null")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    one = s3.put_object(Bucket=bucket, Key="k", Body=b"one")["VersionId"]
    two = s3.put_object(Bucket=bucket, Key="k", Body=b"two")["VersionId"]
    assert body(s3.get_object(Bucket=bucket, Key="k", VersionId=one)) == b"one"
    assert body(s3.get_object(Bucket=bucket, Key="k", VersionId="null")) == b"null"
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"] is True
    with fails("NoSuchKey", 404) as failure:
        s3.get_object(Bucket=bucket, Key="k")
    assert failure.error["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    with fails("MethodNotAllowed", 405) as failure:
        s3.get_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert failure.error["ResponseMetadata"]["HTTPHeaders"]["allow"] == "DELETE"
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0

    def listed(**options):
        pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket, **options))
        return [v["VersionId"] for page in pages for v in page.get("Versions", [])], [v["VersionId"] for page in pages for v in page.get("DeleteMarkers", [])]

    assert listed() == ([two, one, "null"], [marker["VersionId"]])
    assert listed(PaginationConfig={"PageSize": 1}) == listed()
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"two"
    s3.delete_object(Bucket=bucket, Key="k", VersionId=two)
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"one"
    with fails("NoSuchVersion", 404):
        s3.get_object(Bucket=bucket, Key="k", VersionId=two)
    with fails("InvalidArgument", 400):
        s3.get_object(Bucket=bucket, Key="k", VersionId="bad")
    with fails("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=bucket)


def test_suspended_versioning(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    kept = s3.put_object(Bucket=bucket, Key="k", Body=b"kept")["VersionId"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert "VersionId" not in s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert [v["VersionId"] for v in versions] == ["null", kept]
    assert s3.delete_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    assert [v["VersionId"] for v in s3.list_object_versions(Bucket=bucket)["Versions"]] == [kept]


# Multipart uploads


@pytest.mark.parametrize("algorithm", [None, "CRC32", "CRC64NVME", "SHA256"])
def test_multipart(s3, bucket, algorithm):
    if algorithm == "CRC64NVME":
        pytest.importorskip("awscrt")
    options = {"ChecksumAlgorithm": algorithm} if algorithm else {}
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", Metadata={"m": "1"}, **options)["UploadId"]
    blocks = {3: b"a" * 5 * MB, 5: b"b" * 5 * MB, 9: b"c" * 10}
    parts = []
    for number in (9, 3, 5, 7):
        result = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=blocks.get(number, b"dropped"), **options)
        if number in blocks:
            parts.append({"PartNumber": number, "ETag": result["ETag"], **{k: v for k, v in result.items() if k.startswith("Checksum") and algorithm}})
    parts.sort(key=lambda p: p["PartNumber"])
    listed = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload, MaxParts=2)
    assert [p["PartNumber"] for p in listed["Parts"]] == [3, 5] and listed["IsTruncated"]
    assert s3.list_multipart_uploads(Bucket=bucket)["Uploads"][0]["UploadId"] == upload
    with fails("InvalidPartOrder", 400):
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts[::-1]})
    with fails("InvalidPart", 400):
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": "x"}]})
    done = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    digests = b"".join(hashlib.md5(blocks[n]).digest() for n in (3, 5, 9))
    assert done["ETag"] == '"' + hashlib.md5(digests).hexdigest() + '-3"'
    again = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    assert again["ETag"] == done["ETag"]
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert body(got) == b"".join(blocks.values()) and got["Metadata"] == {"m": "1"}
    if algorithm:
        assert got["Checksum" + algorithm] == done["Checksum" + algorithm]
    part = s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    assert body(part) == blocks[5] and part["PartsCount"] == 3
    assert body(s3.get_object(Bucket=bucket, Key="k", Range=f"bytes={5 * MB - 2}-{5 * MB + 1}")) == b"aabb"
    with fails("NoSuchUpload", 404):
        s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    s3.delete_object(Bucket=bucket, Key="k")


def test_small_parts_and_abort(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    etags = [s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=n, Body=b"small")["ETag"] for n in (1, 2)]
    parts = [{"PartNumber": n + 1, "ETag": e} for n, e in enumerate(etags)]
    with fails("EntityTooSmall", 400):
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    with fails("NoSuchUpload", 404):
        s3.list_parts(Bucket=bucket, Key="k", UploadId=upload)
    s3.delete_bucket(Bucket=bucket)


def test_transfer_manager(s3, bucket):
    data = bytes(range(256)) * 4096 * 20  # 20 MB
    config = boto3.s3.transfer.TransferConfig(multipart_threshold=5 * MB, multipart_chunksize=5 * MB, max_concurrency=8)
    s3.upload_fileobj(io.BytesIO(data), bucket, "k", Config=config)
    out = io.BytesIO()
    s3.download_fileobj(bucket, "k", out, Config=config)
    assert out.getvalue() == data
    assert s3.head_object(Bucket=bucket, Key="k")["ETag"].endswith('-4"')


# What was acknowledged survives kill -9; what was not leaves nothing behind.
def test_kill_and_restart(tmp_path):
    from conftest import make_client
    from virga_process import Virga

    server = Virga("--data", str(tmp_path))
    s3 = make_client("s3", server.endpoint, "111111111111")
    s3.create_bucket(Bucket="kept")
    small, large = b"s" * 1000, b"l" * 300000
    s3.put_object(Bucket="kept", Key="small", Body=small, Metadata={"m": "1"})
    s3.put_object(Bucket="kept", Key="large", Body=b"old" * 100000)
    s3.put_object(Bucket="kept", Key="large", Body=large)
    upload = s3.create_multipart_upload(Bucket="kept", Key="parts")["UploadId"]
    etag = s3.upload_part(Bucket="kept", Key="parts", UploadId=upload, PartNumber=1, Body=large)["ETag"]
    # A body that never ends: half of it is in a temporary file when the process dies.
    connection = http.client.HTTPConnection(server.endpoint.removeprefix("http://"))
    connection.putrequest("PUT", "/kept/half")
    connection.putheader("Authorization", AUTHORIZATION)
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(b"h" * 400000)
    s3.head_object(Bucket="kept", Key="large")
    server.kill()

    server = Virga("--data", str(tmp_path))
    s3 = make_client("s3", server.endpoint, "111111111111")
    assert body(s3.get_object(Bucket="kept", Key="small")) == small
    assert body(s3.get_object(Bucket="kept", Key="large")) == large
    assert [o["Key"] for o in s3.list_objects_v2(Bucket="kept")["Contents"]] == ["large", "small"]
    s3.complete_multipart_upload(Bucket="kept", Key="parts", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]})
    assert body(s3.get_object(Bucket="kept", Key="parts")) == large
    # One file for each large body: what nothing refers to is swept in the background.
    for _ in range(200):
        if len(list(tmp_path.rglob("objects/*"))) == 2:
            break
        threading.Event().wait(0.05)
    assert len(list(tmp_path.rglob("objects/*"))) == 2
    assert server.stop() == 0
