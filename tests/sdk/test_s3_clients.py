"""S3 through what people use besides boto3: the AWS CLI, the SDK for JavaScript; large bodies, full disks."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading

import boto3
import boto3.s3.transfer
import botocore.config
import pytest

from large_body import Zeros
from s3_support import MB, body, bucket, s3  # noqa: F401  (fixtures)
from virga_process import ROOT, Virga

CLI = pathlib.Path(sys.executable).parent / "aws"
SDK = ROOT / "fixtures" / "bike-rental" / "node_modules" / "@aws-sdk" / "client-s3"


def environment(virga, account):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**inherited, "AWS_ENDPOINT_URL": virga.endpoint, "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


def hashes(folder):
    return {str(p.relative_to(folder)): hashlib.md5(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.slow
@pytest.mark.skipif(not CLI.exists() and not shutil.which("aws"), reason="no AWS CLI")
def test_sync_of_two_thousand_files_both_ways(virga, account, bucket, tmp_path):
    here, there, chance = tmp_path / "here", tmp_path / "there", random.Random(7)
    parts = ["a b", "plus+and&", "per%20cent", "100%", "ünï ß", "quote'\"s", "#hash?mark", "(p)", "[x]{y}", "~", "\U0001f6b2", "=eq;semi,"]
    for n in range(2000):
        path = here / chance.choice(parts) / chance.choice(parts) / f"{chance.choice(parts)} {n}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(chance.choice([0, 10, 3000])))
    (here / "middling").write_bytes(chance.randbytes(100_000))
    (here / "large").write_bytes(chance.randbytes(9 * MB))  # in parts
    for path in here.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # a file as young as its object would be copied again
    command = [str(CLI) if CLI.exists() else "aws", "s3", "sync", "--only-show-errors"]
    for source, target in ((here, f"s3://{bucket}/tree"), (f"s3://{bucket}/tree", there)):
        done = subprocess.run([*command, str(source), str(target)], env=environment(virga, account), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    assert len(hashes(here)) == 2002 and hashes(there) == hashes(here)
    again = subprocess.run([*command[:-1], "--dryrun", str(here), f"s3://{bucket}/tree"], env=environment(virga, account), capture_output=True, text=True, timeout=300)
    assert again.stdout == ""  # nothing is left to do


@pytest.mark.skipif(not CLI.exists() and not shutil.which("aws"), reason="no AWS CLI")
def test_bodies_of_unknown_length(virga, account, s3, bucket):
    """Clients gather them, or send them in parts."""
    command = [str(CLI) if CLI.exists() else "aws", "s3", "cp", "--only-show-errors", "-", f"s3://{bucket}/cli"]
    content = random.Random(5).randbytes(9 * MB)
    done = subprocess.run(command, input=content, env=environment(virga, account), capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    read, write = os.pipe()
    with os.fdopen(read, "rb") as source:
        writer = threading.Thread(target=lambda: os.fdopen(write, "wb").write(content) and None)
        writer.start()
        s3.upload_fileobj(source, bucket, "boto3")
        writer.join()
    for key in ("cli", "boto3"):
        got = s3.get_object(Bucket=bucket, Key=key)
        assert body(got) == content and "ContentEncoding" not in got


SCRIPT = """
import { S3Client, PutObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
const s3 = new S3Client({ forcePathStyle: true });
const [bucket] = process.argv.slice(2);
const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(65536, n));
const whole = Buffer.concat(pieces), sum = b => createHash('md5').update(b).digest('hex');
await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'stream', Body: Readable.from(pieces), ContentLength: whole.length }));
const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'stream' }));
const chunks = [];
for await (const chunk of got.Body) chunks.push(chunk);
await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'text', Body: 'grüße', ContentEncoding: 'gzip' }));
const text = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'text' }));
await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'meta', Body: '', Metadata: { word: 'grüße' } }));
console.log(JSON.stringify({ equal: sum(Buffer.concat(chunks)) === sum(whole), etag: got.ETag, md5: sum(whole), text: await text.Body.transformToString(),
  word: (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'meta' }))).Metadata.word,
  encoding: text.ContentEncoding, checksum: got.ChecksumCRC32 }));
"""


@pytest.mark.skipif(not SDK.exists(), reason="no SDK for JavaScript")
def test_streams_of_javascript(virga, account, bucket, tmp_path):
    (tmp_path / "node_modules").symlink_to(SDK.parent.parent)
    script = tmp_path / "streams.mjs"
    script.write_text(SCRIPT)
    done = subprocess.run(["node", str(script), bucket], env=environment(virga, account), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["equal"] and told["etag"] == f'"{told["md5"]}"' and told["text"] == "grüße" and told["encoding"] == "gzip" and told["checksum"]
    assert told["word"] == "=?UTF-8?Q?gr=C3=BC=C3=9Fe?="


def memory(process):
    """Resident memory in bytes: (now, at most)."""
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    fields = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(fields["VmRSS"]) * 1024, int(fields["VmHWM"]) * 1024


@pytest.mark.slow  # a sanitizer keeps freed memory for a while
def test_large_bodies_do_not_fill_memory(tmp_path):
    """VIRGA_LARGE_MB says how large (64 unless it is set)."""
    size = int(os.environ.get("VIRGA_LARGE_MB", "64")) * MB
    server = Virga("--data", str(tmp_path))
    try:
        config = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}, read_timeout=600, request_checksum_calculation="when_required")
        s3 = boto3.client("s3", endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id="1", aws_secret_access_key="x", config=config)
        s3.create_bucket(Bucket="large")
        before, _ = memory(server.process)
        s3.put_object(Bucket="large", Key="single", Body=Zeros(size))
        s3.upload_fileobj(Zeros(size), "large", "parts", Config=boto3.s3.transfer.TransferConfig(multipart_chunksize=8 * MB, max_concurrency=8))
        for key in ("single", "parts"):
            got = s3.get_object(Bucket="large", Key=key)
            assert sum(len(piece) for piece in got["Body"].iter_chunks(MB)) == size
        s3.copy_object(Bucket="large", Key="copy", CopySource="large/parts")
        assert memory(server.process)[1] - before < 32 * MB
    finally:
        assert server.stop() == 0


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True).returncode != 0:
        pytest.skip("cannot mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def full(small_disk):
    """A client of a virga that has bucket "full" on the small disk."""
    server = Virga("--data", str(small_disk))
    try:
        config = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
        s3 = boto3.client("s3", endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id="1", aws_secret_access_key="x", config=config)
        s3.create_bucket(Bucket="full")
        yield s3
    finally:
        assert server.stop() == 0


def test_a_full_disk_is_an_error_and_nothing_more(full):
    full.put_object(Bucket="full", Key="k", Body=b"o" * MB)
    upload = {"Bucket": "full", "Key": "k", "UploadId": full.create_multipart_upload(Bucket="full", Key="k")["UploadId"]}
    part = full.upload_part(PartNumber=1, Body=b"1", **upload)
    for write in (
        lambda: full.put_object(Bucket="full", Key="k", Body=b"n" * 20 * MB),
        lambda: full.upload_part(PartNumber=1, Body=b"2" * 20 * MB, **upload),
        lambda: full.put_object(Bucket="full", Key="k", Body=b"n" * 20 * MB),
    ):
        with pytest.raises(full.exceptions.ClientError) as error:
            write()
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert error.value.response["Error"]["Code"] == "InternalError"
    assert body(full.get_object(Bucket="full", Key="k")) == b"o" * MB
    full.put_object(Bucket="full", Key="other", Body=b"p" * MB)  # there is room for this again
    assert body(full.get_object(Bucket="full", Key="other")) == b"p" * MB
    full.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}, **upload)
    assert body(full.get_object(Bucket="full", Key="k")) == b"1"


def test_small_objects_on_a_full_disk(full, small_disk):
    """They live in the database, which meets the end of the disk in another way than files do."""
    ballast, small, names = small_disk / "ballast", b"s" * 60_000, []
    ballast.write_bytes(bytes(8 * MB))
    with pytest.raises(full.exceptions.ClientError) as error:
        for n in range(300):
            full.put_object(Bucket="full", Key=f"{n:03d}", Body=small)
            names.append(f"{n:03d}")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500 and error.value.response["Error"]["Code"] == "InternalError"
    assert [o["Key"] for o in full.list_objects_v2(Bucket="full")["Contents"]] == names
    assert all(body(full.get_object(Bucket="full", Key=name)) == small for name in names)
    with pytest.raises(full.exceptions.ClientError):
        full.put_object(Bucket="full", Key="000", Body=b"n" * 60_000)
    assert body(full.get_object(Bucket="full", Key="000")) == small
    ballast.unlink()
    full.put_object(Bucket="full", Key="000", Body=b"there is room again")
    full.delete_object(Bucket="full", Key="001")
    assert [o["Key"] for o in full.list_objects_v2(Bucket="full")["Contents"]] == [name for name in names if name != "001"]


@pytest.mark.skipif(not shutil.which("rclone"), reason="no rclone")
def test_rclone_copies_there_and_back(virga, account, bucket, tmp_path):
    here, there, chance = tmp_path / "here", tmp_path / "there", random.Random(11)
    for name in ["a b.txt", "plus+and&.txt", "per%20cent", "ünïcode/ß.bin", "quote'\"s", "#hash?mark", "emoji \U0001f6b2", "=eq;semi,", "deep/er/and/deeper"]:
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(chance.choice([0, 1, 1000, 100_000])))
    (here / "large").write_bytes(chance.randbytes(12 * MB))
    remote = f":s3,provider=Other,env_auth=true,region=us-east-1,force_path_style=true,endpoint='{virga.endpoint}':{bucket}/tree"
    options = ["--config", os.devnull, "--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M", "--retries", "1"]

    def rclone(*arguments):
        done = subprocess.run(["rclone", *arguments, *options], env=environment(virga, account), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done

    rclone("copy", str(here), remote)
    rclone("copy", remote, str(there))
    assert hashes(there) == hashes(here)
    assert "0 differences found" in rclone("check", str(here), remote).stderr
    (here / "a b.txt").unlink()
    rclone("sync", str(here), remote)
    assert sorted(json.loads(rclone("lsjson", "-R", "--files-only", remote).stdout), key=lambda f: f["Path"])[0]["Path"] != "a b.txt"


@pytest.mark.parametrize("algorithm", [None, "SHA256"])
def test_transfer_manager_with_eight_threads(s3, bucket, tmp_path, algorithm):
    content = random.Random(17).randbytes(21 * MB + 13)
    config = boto3.s3.transfer.TransferConfig(multipart_threshold=5 * MB, multipart_chunksize=5 * MB, max_concurrency=8)
    (tmp_path / "file").write_bytes(content)
    s3.upload_file(str(tmp_path / "file"), bucket, "large", Config=config, ExtraArgs={"ChecksumAlgorithm": algorithm} if algorithm else {})
    s3.download_file(bucket, "large", str(tmp_path / "back"), Config=config)
    assert (tmp_path / "back").read_bytes() == content
    assert s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-5"')
