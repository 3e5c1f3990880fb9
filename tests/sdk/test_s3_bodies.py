"""Bodies and what is said of them: lengths, digests, signatures of their chunks."""
import base64
import datetime
import hashlib
import hmac
import random
import urllib.request

import boto3
import botocore.config
import pytest

from s3_support import Wire, body, bucket, fails, s3  # noqa: F401  (fixtures)
from virga_process import Virga


def raw(virga, method, path, data=None, headers=None):
    """As nobody: (status, headers, text)."""
    return Wire(virga).ask(method, path, data, headers)


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
