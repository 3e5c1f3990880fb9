"""kill -9 while objects are written, overwritten, completed, copied and deleted: what was acknowledged is there, whole; nothing is half
visible; after the sweep no file is left that nothing refers to. VIRGA_CRASH_ROUNDS rounds (3 unless it is set)."""
import hashlib
import os
import pathlib
import random
import sqlite3
import sys
import threading

import boto3
import botocore.config
import botocore.exceptions
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from virga_process import Virga  # noqa: E402

ROUNDS = int(os.environ.get("VIRGA_CRASH_ROUNDS", "3"))
MB = 1024 * 1024
SIZES = [0, 10, 64 * 1024, 64 * 1024 + 1, 300_000]
FAILURES = (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError)


def client(server):
    config = botocore.config.Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, read_timeout=20, connect_timeout=5)
    return boto3.client("s3", endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id="000000000001", aws_secret_access_key="x", config=config)


def hashed(content):
    return hashlib.md5(content).hexdigest()


class Worker(threading.Thread):
    """Writes to keys of its own. `may` is what each key may hold, by its MD5: after an acknowledgement one content, while a change is on its way also the next."""

    def __init__(self, server, bucket, number, seed, acknowledgements):
        super().__init__()
        self.acknowledgements = acknowledgements
        self.s3, self.bucket, self.random = client(server), bucket, random.Random(seed)
        self.keys = [f"{number}/{i}" for i in range(4)]
        self.may = {key: {None} for key in self.keys}
        self.acknowledged = 0

    def change(self, key, content, call):
        self.may[key].add(content)
        call()
        self.may[key] = {content}
        self.acknowledged += 1
        self.acknowledgements.release()

    def upload_in_parts(self, key, content):
        names = {"Bucket": self.bucket, "Key": key}
        names["UploadId"] = self.s3.create_multipart_upload(**names)["UploadId"]
        parts = [
            {"PartNumber": n + 1, "ETag": self.s3.upload_part(PartNumber=n + 1, Body=content[at : at + 5 * MB], **names)["ETag"]}
            for n, at in enumerate(range(0, len(content), 5 * MB))
        ]
        self.change(key, hashed(content), lambda: self.s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **names))

    def copy(self, source, key):
        """The bytes of what is there, also of parts, are shared."""
        (content,) = self.may[source]
        if content and source != key:
            self.change(key, content, lambda: self.s3.copy_object(Bucket=self.bucket, Key=key, CopySource={"Bucket": self.bucket, "Key": source}))

    def run(self):
        try:
            while True:
                key, choice = self.random.choice(self.keys), self.random.random()
                if choice < 0.2:
                    self.change(key, None, lambda: self.s3.delete_object(Bucket=self.bucket, Key=key))
                elif choice < 0.25:
                    self.upload_in_parts(key, self.random.randbytes(5 * MB + 1000))
                elif choice < 0.4:
                    self.copy(self.random.choice(self.keys), key)
                else:
                    content = self.random.randbytes(self.random.choice(SIZES)) + b"!"
                    self.change(key, hashed(content), lambda: self.s3.put_object(Bucket=self.bucket, Key=key, Body=content))
        except FAILURES:
            return  # the server is gone


def check_contents(server, bucket, workers):
    s3 = client(server)
    listed = {o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for o in page.get("Contents", [])}
    for worker in workers:
        for key, may in worker.may.items():
            if key not in listed:
                assert None in may, f"{key} was acknowledged and is gone"
                worker.may[key] = {None}
                continue
            content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            assert hashed(content) in may, f"{key} holds what nobody wrote last"
            worker.may[key] = {hashed(content)}


MISCOUNTED = """select id from object_blob b where refs != (select count(*) from object_version where blob = b.id) + (select count(*) from object_part where blob = b.id)"""
FORGOTTEN = "select id from object_upload where bucket = 0 and id not in (select upload from object_version where upload is not null)"


def files_and_rows(data):
    files, rows = set(), set()
    for state in pathlib.Path(data).rglob("state.db"):
        with sqlite3.connect(f"file:{state}?mode=ro", uri=True) as db:
            rows |= {name for (name,) in db.execute("select file from object_blob where file is not null")}
            assert db.execute(MISCOUNTED).fetchall() == [] and db.execute(FORGOTTEN).fetchall() == []
        files |= {f.name for f in (state.parent / "files" / "objects").glob("*")}
    return files, rows


@pytest.mark.parametrize("durability", ["process", "power"])
def test_nothing_acknowledged_is_lost(tmp_path, durability):
    data, bucket, acknowledged = tmp_path / "data", "crash-bucket", 0
    seed = int(os.environ.get("VIRGA_CRASH_SEED", "1"))
    for round_number in range(ROUNDS):
        server = Virga("--data", str(data), "--durability", durability)
        try:
            s3 = client(server)
            if round_number == 0:
                s3.create_bucket(Bucket=bucket)
                may = {}
            acknowledgements, chance = threading.Semaphore(0), random.Random(seed * 1000 + round_number)
            workers = [Worker(server, bucket, n, chance.random(), acknowledgements) for n in range(6)]
            for worker in workers:
                worker.may.update({key: may[key] for key in worker.keys if key in may})
            for worker in workers:
                worker.start()
            for _ in range(chance.randint(10, 300)):
                assert acknowledgements.acquire(timeout=60)
        finally:
            server.kill()
        for worker in workers:
            worker.join()
        acknowledged += sum(worker.acknowledged for worker in workers)
        server = Virga("--data", str(data), "--durability", durability)
        try:
            check_contents(server, bucket, workers)
            may = {key: value for worker in workers for key, value in worker.may.items()}
            server.wait()
        finally:
            assert server.stop() == 0
        files, rows = files_and_rows(data)
        assert rows <= files, "a row refers to a file that is not there"
        assert files <= rows, f"left behind: {sorted(files - rows)[:5]}"
    assert acknowledged > 0
