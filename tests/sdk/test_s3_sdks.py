"""What the SDKs upload as they are by default, and their transfer managers, with a file of VIRGA_TRANSFER_MB (24 unless it is set)."""
import hashlib
import io
import os
import random

import boto3.s3.transfer
import botocore.session
import pytest
import s3transfer.crt
from awscrt.auth import AwsCredentialsProvider

import programs
from s3_support import MB, body, bucket, s3  # noqa: F401  (fixtures)

LARGE = int(os.environ.get("VIRGA_TRANSFER_MB", "24")) * MB


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("transfers") / "file"
    path.write_bytes(random.Random(34).randbytes(LARGE))
    return path


def check(s3, bucket, file, names, suffix):
    """`names`: of objects with the first 100,000 bytes of the file. "large" is the whole file, in parts; file.suffix what came back of it."""
    content = file.read_bytes()
    small = content[:100_000]
    for name in names:
        got = s3.get_object(Bucket=bucket, Key=f"{suffix} {name}")
        assert body(got) == small, name
        assert got["ETag"] == f'"{hashlib.md5(small).hexdigest()}"', name
        assert got.get("ContentEncoding") == ("gzip" if name == "gzip" else None), name
    got = s3.get_object(Bucket=bucket, Key=f"{suffix} large")
    assert body(got) == content and "-" in got["ETag"] and "ContentEncoding" not in got
    back = file.with_name(f"file.{suffix}")
    assert back.read_bytes() == content
    back.unlink()


@pytest.mark.slow
def test_java(virga, account, s3, bucket, file):
    programs.output(programs.java("S3Clients", virga.endpoint, account, bucket, file))
    check(s3, bucket, file, ["known", "unknown", "gzip", "asynchronous"], "java")
    assert body(s3.get_object(Bucket=bucket, Key="java stream")) == file.read_bytes()


def test_go(virga, account, s3, bucket, file):
    programs.output(programs.go("s3_clients", virga.endpoint, account, bucket, file))
    check(s3, bucket, file, ["known", "unknown", "gzip"], "go")


def test_javascript(virga, account, s3, bucket, file):
    programs.output(programs.node("s3_clients.mjs", virga.endpoint, account, bucket, file))
    check(s3, bucket, file, ["known", "stream", "unknown", "gzip"], "js")


def test_boto3(s3, bucket, file):
    content = file.read_bytes()
    s3.put_object(Bucket=bucket, Key="python known", Body=content[:100_000])
    s3.put_object(Bucket=bucket, Key="python gzip", Body=content[:100_000], ContentEncoding="gzip")
    s3.upload_fileobj(io.BytesIO(content[:100_000]), bucket, "python unknown")
    config = boto3.s3.transfer.TransferConfig(multipart_threshold=5 * MB, multipart_chunksize=5 * MB, max_concurrency=8)
    s3.upload_file(str(file), bucket, "python large", Config=config)
    s3.download_file(bucket, "python large", f"{file}.python", Config=config)
    check(s3, bucket, file, ["known", "unknown", "gzip"], "python")


def test_the_common_runtime(virga, account, s3, bucket, file):
    """What the AWS CLI 2 and several SDKs transfer with: checksums in trailers, ranges in parallel."""
    session = botocore.session.Session()
    session.set_credentials(account, "test")
    serializer = s3transfer.crt.BotocoreCRTRequestSerializer(session, {"region_name": "us-east-1", "endpoint_url": virga.endpoint})
    credentials = AwsCredentialsProvider.new_static(account, "test")
    client = s3transfer.crt.create_s3_crt_client("us-east-1", crt_credentials_provider=credentials, use_ssl=False, part_size=5 * MB)
    small = file.read_bytes()[:100_000]
    with s3transfer.crt.CRTTransferManager(client, serializer) as manager:
        manager.upload(io.BytesIO(small), bucket, "crt known").result()
        manager.upload(io.BytesIO(small), bucket, "crt gzip", extra_args={"ContentEncoding": "gzip"}).result()
        manager.upload(str(file), bucket, "crt large").result()
        manager.download(bucket, "crt large", f"{file}.crt").result()
    check(s3, bucket, file, ["known", "gzip"], "crt")
    assert s3.head_object(Bucket=bucket, Key="crt known", ChecksumMode="ENABLED")["ChecksumCRC32"]
