"""Digests and lengths of bodies: what is right is kept and told, what is wrong stores nothing."""
import base64
import hashlib
import random
import socket
import zlib

import pytest

from s3_support import body, bucket, code_in, s3, wire  # noqa: F401  (fixtures)

MB = 1024 * 1024
DATA = b"abc"


def crc(data, polynomial, bits):
    """A reflected CRC whose register begins and ends inverted, bit by bit."""
    every = (1 << bits) - 1
    register = every
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (polynomial if register & 1 else 0)
    return (register ^ every).to_bytes(bits // 8, "big")


# Of b"abc"; those of xxHash as its specification has them.
DIGESTS = {
    "CRC32": zlib.crc32(DATA).to_bytes(4, "big"),
    "CRC32C": crc(DATA, 0x82F63B78, 32),
    "CRC64NVME": crc(DATA, 0x9A6C9329AC4BC9B5, 64),
    "SHA1": hashlib.sha1(DATA).digest(),
    "SHA256": hashlib.sha256(DATA).digest(),
    "SHA512": hashlib.sha512(DATA).digest(),
    "MD5": hashlib.md5(DATA).digest(),
    "XXHASH64": bytes.fromhex("44bc2cf5ad770999"),
    "XXHASH3": bytes.fromhex("78af5f94892f3950"),
    "XXHASH128": bytes.fromhex("06b05ab6733a618578af5f94892f3950"),
}


def text_of(digest):
    return base64.b64encode(digest).decode()


def in_trailer(name, value, data=DATA):
    headers = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-decoded-content-length": str(len(data)), "x-amz-trailer": name}
    return b"%x\r\n%s\r\n0\r\n%s:%s\r\n\r\n" % (len(data), data, name.encode(), value.encode()), headers


@pytest.mark.parametrize("algorithm", DIGESTS)
def test_every_algorithm_in_a_header_and_in_a_trailer(s3, wire, bucket, algorithm):
    name, right = f"x-amz-checksum-{algorithm.lower()}", text_of(DIGESTS[algorithm])
    wrong = text_of(bytes(len(DIGESTS[algorithm])))
    for key, (data, headers) in {"header": (DATA, {name: right}), "trailer": in_trailer(name, right)}.items():
        status, answer, text = wire.ask("PUT", f"/{bucket}/{key}", data, headers)
        assert (status, answer[name]) == (200, right), text
        status, answer, text = wire.ask("GET", f"/{bucket}/{key}", headers={"x-amz-checksum-mode": "ENABLED"})
        assert (text, answer[name], answer["x-amz-checksum-type"]) == ("abc", right, "FULL_OBJECT")
        assert wire.ask("GET", f"/{bucket}/{key}")[1][name] is None
        assert wire.ask("GET", f"/{bucket}/{key}", headers={"x-amz-checksum-mode": "ENABLED", "Range": "bytes=0-1"})[1][name] is None
        data, headers = (DATA, {name: wrong}) if key == "header" else in_trailer(name, wrong)
        status, _, text = wire.ask("PUT", f"/{bucket}/{key}", data, headers)
        assert (status, code_in(text)) == (400, "BadDigest") and f"<Message>The {algorithm} you specified did not match the calculated checksum.</Message>" in text
        status, _, text = wire.ask("PUT", f"/{bucket}/{key}", *((DATA, {name: "rubbish"}) if key == "header" else in_trailer(name, "rubbish")))
        assert (status, code_in(text)) == (400, "InvalidRequest") and f"Value for {name} " in text
        assert wire.ask("GET", f"/{bucket}/{key}")[2] == "abc"
    assert s3.get_object_attributes(Bucket=bucket, Key="header", ObjectAttributes=["Checksum"])["Checksum"] == {f"Checksum{algorithm}": right, "ChecksumType": "FULL_OBJECT"}
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["ChecksumAlgorithm"] == [algorithm]


def test_an_object_without_a_checksum_gets_one(s3, wire, bucket):
    wire.ask("PUT", f"/{bucket}/k", b"hello world")
    assert wire.ask("HEAD", f"/{bucket}/k", headers={"x-amz-checksum-mode": "ENABLED"})[1]["x-amz-checksum-crc64nvme"] == "jSnVw/bqjr4="
    wire.ask("PUT", f"/{bucket}/k", b"")
    assert wire.ask("HEAD", f"/{bucket}/k", headers={"x-amz-checksum-mode": "ENABLED"})[1]["x-amz-checksum-crc64nvme"] == "AAAAAAAAAAA="


BIG = random.Random(3).randbytes(300_000)  # more than fits into the database


@pytest.mark.parametrize("data", [b"hello world", BIG], ids=["small", "big"])
def test_broken_frames_store_nothing(s3, wire, bucket, data):
    s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    name, right = "x-amz-checksum-sha256", text_of(hashlib.sha256(data).digest())
    good, headers = in_trailer(name, right, data)
    size = b"%x\r\n" % len(data)
    for bad, changes, code in [
        (good.replace(data, data[:-1]), {}, "IncompleteBody"),
        (good.replace(data, data + b"x"), {}, "IncompleteBody"),
        (good[: len(size) + len(data) // 2], {}, "IncompleteBody"),
        (good[: -len(right) - 8], {}, "IncompleteBody"),
        (b"\0\r\n" + good[len(size):], {}, "IncompleteBody"),
        (b"fffffffffffffffff\r\n" + good[len(size):], {}, "IncompleteBody"),
        (good, {"x-amz-decoded-content-length": str(len(data) - 1)}, "IncompleteBody"),
        (good, {"x-amz-decoded-content-length": str(len(data) + 1)}, "IncompleteBody"),
        (size + data + b"\r\n0\r\n\r\n", {}, "MalformedTrailerError"),
        (good.replace(name.encode(), b"x-amz-checksum-sha1"), {}, "MalformedTrailerError"),
        (good, {"x-amz-trailer": "x-amz-meta-a"}, "InvalidRequest"),
        (b"1\r\n" + data[:1] + b"\r\n%x\r\n" % (len(data) - 1) + data[1:] + b"\r\n0\r\n" + f"{name}:{right}\r\n\r\n".encode(), {}, "InvalidChunkSizeError"),
    ]:
        status, _, text = wire.ask("PUT", f"/{bucket}/k", bad, headers | changes)
        assert (status, code_in(text)) == (400, code), (bad[:30], changes)
        assert wire.ask("GET", f"/{bucket}/k")[2] == "old"
    status, _, text = wire.ask("PUT", f"/{bucket}/k", good, {k: v for k, v in headers.items() if k != "x-amz-decoded-content-length"})
    assert (status, code_in(text)) == (411, "MissingContentLength")
    assert wire.ask("PUT", f"/{bucket}/k", good, headers)[0] == 200
    assert body(s3.get_object(Bucket=bucket, Key="k")) == data


def test_chunks_inside_the_chunks_of_http(s3, wire, bucket):
    coded, headers = in_trailer("x-amz-checksum-sha256", text_of(hashlib.sha256(DATA).digest()))
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (coded[:7], coded[7:], b""))
    status, _, text = wire.ask("PUT", f"/{bucket}/k", framed, headers | {"Transfer-Encoding": "chunked", "Content-Encoding": "aws-chunked"})
    assert status == 200, text
    got = s3.get_object(Bucket=bucket, Key="k")
    assert body(got) == DATA and "ContentEncoding" not in got


def test_a_body_of_unknown_length_is_not_taken(s3, wire, bucket):
    status, _, text = wire.ask("PUT", f"/{bucket}/k", b"3\r\nabc\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"})
    assert (status, code_in(text)) == (501, "NotImplemented")
    assert "<Message>A header you provided implies functionality that is not implemented</Message><Header>Transfer-Encoding</Header>" in text
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    assert wire.ask("PUT", f"/{bucket}/k?partNumber=1&uploadId={upload}", b"3\r\nabc\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"})[0] == 501
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def speak(virga, account, path, length, sent, hang_up=True):
    """Announces `length` bytes and sends others: what comes back, and what the server says to a second request on the connection."""
    authorization = f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    with socket.create_connection(("127.0.0.1", virga.port), timeout=20) as s:
        s.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nContent-Length: {length}\r\n\r\n".encode() + sent)
        if hang_up:
            s.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := s.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize("data", [b"x" * 10, BIG], ids=["small", "big"])
def test_bodies_shorter_and_longer_than_announced(virga, account, s3, bucket, data):
    s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    # Cut off: nothing is stored. There may be nobody left to hear of it.
    speak(virga, account, f"/{bucket}/k", len(data) + 10, data)
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"old"
    # What comes behind the announced length is no part of the body, nor a request.
    answer = speak(virga, account, f"/{bucket}/k", len(data), data + b"GARBAGE\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200") and b"HTTP/1.1 400" in answer[12:]
    assert body(s3.get_object(Bucket=bucket, Key="k")) == data


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: xchunked\r\n", "Content-Length: -3\r\n", "Content-Length: +3\r\n",
        "Content-Length: 3x\r\n", "Content-Length: 0x3\r\n", "Content-Length : 3\r\n", "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_smuggled_requests(virga, account, s3, bucket, framing):
    """A body whose end two readers may see at two places is refused, and nothing after it is read."""
    s3.put_object(Bucket=bucket, Key="victim", Body=b"x")
    authorization = f"Authorization: AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n"
    hidden = f"DELETE /{bucket}/victim HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n"
    with socket.create_connection(("127.0.0.1", virga.port), timeout=20) as s:
        s.sendall(f"PUT /{bucket}/k HTTP/1.1\r\nHost: localhost\r\n{authorization}{framing}\r\n0\r\n\r\n{hidden}".encode())
        s.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := s.recv(65536):
            answer += piece
    assert b"HTTP/1.1 200" not in answer and b"HTTP/1.1 204" not in answer, answer
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["victim"]
