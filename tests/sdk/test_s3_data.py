"""The data half of S3: bodies and their digests, listings, archived objects, keys and metadata at their limits."""
import base64
import datetime
import hashlib
import hmac
import json
import random
import urllib.request

import boto3
import botocore.config
import pytest

from s3_support import Wire, body, bucket, code_in, fails, s3, wire  # noqa: F401  (fixtures)
from virga_process import Virga

MB = 1024 * 1024


def raw(virga, method, path, data=None, headers=None):
    """As nobody: (status, headers, text)."""
    return Wire(virga).ask(method, path, data, headers)


# Bodies


def test_a_body_needs_a_length(virga, bucket):
    status, _, text = raw(virga, "PUT", f"/{bucket}/k")
    assert status == 411 and "<Code>MissingContentLength</Code>" in text
    status, _, text = raw(virga, "PUT", f"/{bucket}/k", b"", {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content-Length": "0"})
    assert status == 411
    status, _, text = raw(virga, "PUT", f"/{bucket}/k", None, {"Content-Length": str(5 * 1024**3 + 1), "Expect": "100-continue"})
    assert status == 400 and "<Code>EntityTooLarge</Code>" in text and "<MaxSizeAllowed>5368709120</MaxSizeAllowed>" in text


@pytest.mark.parametrize(
    "headers, code",
    [
        ({"Content-MD5": "no"}, "InvalidDigest"),
        ({"Content-MD5": base64.b64encode(bytes(16)).decode()}, "BadDigest"),
        ({"x-amz-content-sha256": "0" * 64}, "XAmzContentSHA256Mismatch"),
        ({"x-amz-content-sha256": "nonsense"}, "InvalidArgument"),
        ({"x-amz-checksum-crc32": "AAAAAA=="}, "BadDigest"),
        ({"x-amz-checksum-crc32": "AAAA"}, "InvalidRequest"),
        ({"x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-sha1": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, "InvalidRequest"),
        ({"x-amz-sdk-checksum-algorithm": "CRC32"}, "InvalidRequest"),
        ({"x-amz-trailer": "x-amz-checksum-nothing"}, "InvalidRequest"),
    ],
)
def test_wrong_digests_store_nothing(s3, virga, bucket, headers, code):
    s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    status, _, text = raw(virga, "PUT", f"/{bucket}/k", b"new!", {"Content-Length": "4", **headers})
    assert (status, f"<Code>{code}</Code>" in text) == (400, True), text
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"old"


def test_digests_of_documents_are_checked(s3, virga, bucket):
    document = b"<Delete><Object><Key>k</Key></Object></Delete>"
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    length = {"Content-Length": str(len(document))}
    for headers, code in (
        ({}, "InvalidRequest"),
        ({"Content-MD5": "no"}, "InvalidDigest"),
        ({"Content-MD5": base64.b64encode(bytes(16)).decode()}, "BadDigest"),
        ({"x-amz-checksum-sha256": base64.b64encode(bytes(32)).decode()}, "BadDigest"),
    ):
        status, _, text = raw(virga, "POST", f"/{bucket}?delete", document, {**length, **headers})
        assert (status, f"<Code>{code}</Code>" in text) == (400, True), text
    s3.head_object(Bucket=bucket, Key="k")
    right = {"Content-MD5": base64.b64encode(hashlib.md5(document).digest()).decode()}
    assert raw(virga, "POST", f"/{bucket}?delete", document, {**length, **right})[0] == 200
    with fails("404"):
        s3.head_object(Bucket=bucket, Key="k")


def test_a_checksum_that_a_presigned_url_only_carries_counts_for_nothing(s3, virga, bucket):
    # JavaScript clients compute the checksum of no body when they presign, and put it into the query, not signed.
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"})
    url += "&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32"
    request = urllib.request.Request(url, data=b"hello", method="PUT", headers={"Content-Type": ""})
    assert urllib.request.urlopen(request).status == 200
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"hello"


@pytest.fixture(scope="module")
def strict():
    server = Virga("--verify-signatures")
    yield server
    assert server.stop() == 0


class Signed:
    """An aws-chunked upload, signed by hand."""

    def __init__(self, server, path, data, trailer=None, chunk=64 * 1024):
        self.server, self.path, self.data, self.chunk, self.trailer = server, path, data, chunk, trailer
        self.time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        self.scope = f"{self.time[:8]}/us-east-1/s3/aws4_request"
        self.key = b"AWS4test"
        for part in (self.time[:8], "us-east-1", "s3", "aws4_request"):
            self.key = hmac.new(self.key, part.encode(), "sha256").digest()

    def sign(self, text):
        return hmac.new(self.key, text.encode(), "sha256").hexdigest()

    def send(self, spoil=None):
        form = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if self.trailer else "")
        host = self.server.endpoint.removeprefix("http://")
        headers = {"host": host, "x-amz-content-sha256": form, "x-amz-date": self.time, "x-amz-decoded-content-length": str(len(self.data))}
        if self.trailer:
            headers["x-amz-trailer"] = self.trailer[0]
        names = ";".join(sorted(headers))
        canonical = f"PUT\n{self.path}\n\n" + "".join(f"{n}:{headers[n]}\n" for n in sorted(headers)) + f"\n{names}\n{form}"
        previous = self.sign(f"AWS4-HMAC-SHA256\n{self.time}\n{self.scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}")
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential=111122223333/{self.scope}, SignedHeaders={names}, Signature={previous}"
        empty, out = hashlib.sha256(b"").hexdigest(), b""
        pieces = [self.data[i : i + self.chunk] for i in range(0, len(self.data), self.chunk)] + [b""]
        for number, piece in enumerate(pieces):
            previous = self.sign(f"AWS4-HMAC-SHA256-PAYLOAD\n{self.time}\n{self.scope}\n{previous}\n{empty}\n{hashlib.sha256(piece).hexdigest()}")
            shown = "0" * 64 if spoil == number else previous
            out += f"{len(piece):x};chunk-signature={shown}\r\n".encode() + piece + (b"\r\n" if piece else b"")
        if self.trailer:
            line = ":".join(self.trailer)
            previous = self.sign(f"AWS4-HMAC-SHA256-TRAILER\n{self.time}\n{self.scope}\n{previous}\n{hashlib.sha256((line + chr(10)).encode()).hexdigest()}")
            out += f"{line}\r\nx-amz-trailer-signature:{'0' * 64 if spoil == 'trailer' else previous}\r\n".encode()
        out += b"\r\n"
        headers["content-length"] = str(len(out))
        del headers["host"]
        return raw(self.server, "PUT", self.path, out, headers)


def test_signatures_of_chunks(strict):
    config = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
    s3 = boto3.client("s3", endpoint_url=strict.endpoint, region_name="us-east-1", aws_access_key_id="111122223333", aws_secret_access_key="test", config=config)
    s3.create_bucket(Bucket="chunks")
    data = random.Random(1).randbytes(200_000)
    status, _, text = Signed(strict, "/chunks/k", data).send()
    assert status == 200, text
    assert body(s3.get_object(Bucket="chunks", Key="k")) == data
    for spoil in (0, 2, 4):
        status, _, text = Signed(strict, "/chunks/other", data).send(spoil)
        assert status == 403 and "<Code>SignatureDoesNotMatch</Code>" in text
    checksum = ("x-amz-checksum-sha256", base64.b64encode(hashlib.sha256(data).digest()).decode())
    status, _, text = Signed(strict, "/chunks/t", data, checksum).send()
    assert status == 200, text
    status, _, text = Signed(strict, "/chunks/other", data, checksum).send("trailer")
    assert status == 403 and "<Code>SignatureDoesNotMatch</Code>" in text
    assert [o["Key"] for o in s3.list_objects_v2(Bucket="chunks")["Contents"]] == ["k", "t"]


# Metadata and keys


def test_metadata_beyond_ascii(s3, virga, bucket):
    headers = {"Content-Length": "0", "x-amz-meta-word": "=?UTF-8?Q?caf=C3=A9?=", "x-amz-meta-utf": "ü".encode(), "x-amz-meta-plain": "a b"}
    assert raw(virga, "PUT", f"/{bucket}/k", b"", headers)[0] == 200
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
        status, _, text = raw(virga, "PUT", f"/{bucket}/{path}", b"", {"Content-Length": "0"})
        assert status == 400, (path, text)
    for key in ("a/../b", "a/./b", "a//b", "/a", "a/", "..a"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
        assert body(s3.get_object(Bucket=bucket, Key=key)) == key.encode()
    assert len(s3.list_objects_v2(Bucket=bucket)["Contents"]) == 6


def test_overrides_are_not_for_everybody(s3, virga, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    status, _, text = raw(virga, "GET", f"/{bucket}/k?response-content-type=text/plain")
    assert status == 400 and "Request specific response headers cannot be used for anonymous GET requests." in text


# Listings


def walk(call, names, **page):
    """Every page of a listing: the names in it, in order; no page longer than asked for."""
    found, arguments = [], dict(page)
    while True:
        answer = call(**arguments)
        one = names(answer)
        assert len(one) <= page.get("MaxKeys", page.get("MaxUploads", 1000))
        found += one
        if not answer["IsTruncated"]:
            return found
        arguments = {**page, **following(answer)}


def following(answer):
    if "NextContinuationToken" in answer:
        return {"ContinuationToken": answer["NextContinuationToken"]}
    if "NextKeyMarker" in answer:
        more = {k[4:]: answer[k] for k in ("NextKeyMarker", "NextVersionIdMarker", "NextUploadIdMarker") if answer.get(k)}
        return more
    return {"Marker": answer.get("NextMarker") or answer["Contents"][-1]["Key"]}


def names_of(answer):
    keys = [o["Key"] for o in answer.get("Contents", []) + answer.get("Versions", []) + answer.get("Uploads", [])]
    return sorted(keys + [p["Prefix"] for p in answer.get("CommonPrefixes", [])], key=str.encode)


def expected_names(keys, prefix, delimiter):
    out = set()
    for key in keys:
        if not key.startswith(prefix):
            continue
        at = key.find(delimiter, len(prefix)) if delimiter else -1
        out.add(key if at < 0 else key[: at + len(delimiter)])
    return sorted(out, key=str.encode)


@pytest.mark.parametrize("prefix, delimiter", [("", ""), ("", "/"), ("d1/", "/"), ("d", "/"), ("", "1"), ("", "/f"), ("nothing", "/")])
def test_every_listing_agrees(s3, bucket, prefix, delimiter):
    keys = [f"d{i % 3}/e{i % 5}/f{i}" for i in range(40)] + ["a/", "a0", "a", "é", "\ufffd", "\U00010000", "d1", "d1/", "d10"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key)
    for key in keys:
        s3.create_multipart_upload(Bucket=bucket, Key=key)
    wanted = expected_names(keys, prefix, delimiter)
    for size in (1, 7, 1000):
        for call, limit in ((s3.list_objects, "MaxKeys"), (s3.list_objects_v2, "MaxKeys"), (s3.list_object_versions, "MaxKeys"), (s3.list_multipart_uploads, "MaxUploads")):
            assert walk(call, names_of, Bucket=bucket, Prefix=prefix, Delimiter=delimiter, **{limit: size}) == wanted


def test_what_listings_say(s3, bucket):
    for key in ("foo+1/bar", "quux ab/x", "\x01", "z"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    page = s3.list_objects_v2(Bucket=bucket, MaxKeys=2, StartAfter="\x01", FetchOwner=True, Delimiter="/")
    assert page["KeyCount"] == 2 and page["IsTruncated"] and page["MaxKeys"] == 2
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["foo+1/", "quux ab/"]
    rest = s3.list_objects_v2(Bucket=bucket, ContinuationToken=page["NextContinuationToken"], StartAfter="zzz", FetchOwner=True, Delimiter="/")
    assert [o["Key"] for o in rest["Contents"]] == ["z"]  # the token beats StartAfter
    assert len(rest["Contents"][0]["Owner"]["ID"]) == 64
    empty = s3.list_objects_v2(Bucket=bucket, MaxKeys=0)
    assert (empty["KeyCount"], empty["IsTruncated"]) == (0, False)
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=5000)["MaxKeys"] == 1000
    with fails("InvalidArgument", 400) as failure:
        s3.list_objects_v2(Bucket=bucket, ContinuationToken="?")
    assert failure.error["Error"]["ArgumentName"] == "continuation-token"
    with fails("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, MaxKeys=-1)
    with fails("InvalidArgument", 400):
        s3.list_object_versions(Bucket=bucket, VersionIdMarker="x")


def test_the_encoding_of_names(virga, s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b+c/é")
    _, _, text = raw(virga, "GET", f"/{bucket}?list-type=2&encoding-type=url&prefix=a%20b")
    assert "<Key>a%20b%2Bc/%C3%A9</Key>" in text and "<Prefix>a%20b</Prefix>" in text and "<EncodingType>url</EncodingType>" in text
    status, _, text = raw(virga, "GET", f"/{bucket}?encoding-type=base64")
    assert status == 400 and "Invalid Encoding Method specified in Request" in text


def test_versions_page_by_page(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for n in range(3):
        for key in ("a", "b/1", "b/2", "c"):
            s3.put_object(Bucket=bucket, Key=key, Body=str(n).encode())
    s3.delete_object(Bucket=bucket, Key="a")
    s3.delete_object(Bucket=bucket, Key="never-written")

    def entries(answer):
        rows = [(v["Key"], v["VersionId"], v["IsLatest"]) for v in answer.get("Versions", [])]
        return rows + [(m["Key"], m["VersionId"], m["IsLatest"]) for m in answer.get("DeleteMarkers", [])]

    whole = s3.list_object_versions(Bucket=bucket)
    assert len(whole["Versions"]) == 12 and len(whole["DeleteMarkers"]) == 2
    assert sum(row[2] for row in entries(whole)) == 5
    for size in (1, 2, 5):
        assert sorted(walk(s3.list_object_versions, entries, Bucket=bucket, MaxKeys=size)) == sorted(entries(whole))


# Many at once


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


# Multipart uploads


def test_parts_out_of_order_replaced_and_left_out(s3, bucket):
    upload = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
    etags = {}
    for number, content in ((9, b"z" * 10), (1, b"wrong"), (5, b"b" * 5 * MB), (7, b"never"), (1, b"a" * 5 * MB)):
        etags[number] = s3.upload_part(PartNumber=number, Body=content, **upload)["ETag"]
    page = s3.list_parts(MaxParts=2, **upload)
    assert [p["PartNumber"] for p in page["Parts"]] == [1, 5] and page["IsTruncated"] and page["NextPartNumberMarker"] == 5
    page = s3.list_parts(MaxParts=2, PartNumberMarker=5, **upload)
    assert [p["PartNumber"] for p in page["Parts"]] == [7, 9] and not page["IsTruncated"]

    def complete(*numbers, **other):
        parts = [{"PartNumber": n, "ETag": other.get(f"etag{n}", etags[n])} for n in numbers]
        return s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)

    with fails("InvalidPartOrder", 400):
        complete(5, 1)
    with fails("InvalidPart", 400):
        complete(1, 5, etag5='"00000000000000000000000000000000"')
    with fails("EntityTooSmall", 400) as failure:
        complete(1, 7, 9)
    assert (failure.error["Error"]["PartNumber"], failure.error["Error"]["MinSizeAllowed"]) == ("7", "5242880")
    with fails("MalformedXML", 400):
        s3.complete_multipart_upload(MultipartUpload={"Parts": []}, **upload)
    done = complete(1, 5, 9)
    sums = b"".join(bytes.fromhex(etags[n].strip('"')) for n in (1, 5, 9))
    assert done["ETag"] == f'"{hashlib.md5(sums).hexdigest()}-3"'
    assert complete(1, 5, 9)["ETag"] == done["ETag"]  # asked again, answered again
    with fails("NoSuchUpload", 404):
        s3.upload_part(PartNumber=2, Body=b"", **upload)
    got = s3.get_object(Bucket=bucket, Key="k", PartNumber=3)
    assert (body(got), got["PartsCount"], got["ContentRange"]) == (b"z" * 10, 3, f"bytes {10 * MB}-{10 * MB + 9}/{10 * MB + 10}")
    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == 10 * MB + 10


def test_crcs_of_parts_combine(s3, bucket):
    # Known sums of 5 MiB of A, B and C, and of all three.
    sums, whole = ["JRTCyQ==", "QoZTGg==", "YAgjqw=="], "WgDhBQ=="
    upload = {"Bucket": bucket, "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT", **upload)["UploadId"]
    parts = []
    for number, letter in enumerate(b"ABC", 1):
        answer = s3.upload_part(PartNumber=number, Body=bytes([letter]) * 5 * MB, ChecksumCRC32=sums[number - 1], **upload)
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]})
    with fails("BadDigest", 400):
        s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, ChecksumCRC32="AAAAAA==", **upload)
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, ChecksumCRC32=whole, **upload)
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (whole, "FULL_OBJECT")
    with fails("InvalidRequest", 400):
        s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="CRC64NVME", ChecksumType="COMPOSITE")


# Archived objects


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


def test_select_is_closed(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"a,b\n")
    with fails("MethodNotAllowed", 405):
        s3.select_object_content(Bucket=bucket, Key="k", Expression="select * from s3object", ExpressionType="SQL",
                                 InputSerialization={"CSV": {}}, OutputSerialization={"CSV": {}})
