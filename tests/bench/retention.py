"""Kinesis under --data: five million records in 24 virtual hours, and twelve hours more, through a split and a merge.

    ./run build && .venv/bin/python tests/bench/run.py retention

The file holds what the retention of 24 hours keeps: from then on its free pages are used again, and memory does not follow the data.
"""
import contextlib
import http.client
import json
import pathlib
import sqlite3
import tempfile
import time

from conftest import make_client
from virga_process import Virga

ACCOUNT = "111122223333"
RECORDS, HOURS, MORE = 5_000_000, 24, 12
SIZE = 100  # bytes of data in a record
BATCH = 500
STEP_MINUTES = 10


def resident_mb(pid):
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(status["VmRSS"].split()[0]) / 1024, int(status["VmHWM"].split()[0]) / 1024


class Writer:
    """PutRecords without a client's own work in the way."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        records = [{"PartitionKey": f"key-{i}", "Data": "QUJD" * (SIZE // 3)} for i in range(BATCH)]
        self.body = json.dumps({"StreamName": "s", "Records": records})
        self.headers = {"X-Amz-Target": "Kinesis_20131202.PutRecords", "Content-Type": "application/x-amz-json-1.1",
                        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0"}

    def put(self):
        self.connection.request("POST", "/", self.body, self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200 and b'"FailedRecordCount":0' in body, body[:300]


def file_of(folder):
    """MB of the file and of its log, its share of free pages, and the records in it."""
    path = pathlib.Path(folder) / ACCOUNT / "us-east-1" / "state.db"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        pages, free, size = (db.execute(f"pragma {what}").fetchone()[0] for what in ("page_count", "freelist_count", "page_size"))
        records = db.execute("select sum(count) from stream_record").fetchone()[0]
    log = pathlib.Path(str(path) + "-wal").stat().st_size
    return pages * size / 1e6, log / 1e6, free / pages, records


def bench():
    with contextlib.ExitStack() as cleanup:
        folder = cleanup.enter_context(tempfile.TemporaryDirectory())
        server = Virga("--data", folder)
        cleanup.callback(server.stop)
        client = make_client("kinesis", server.endpoint, ACCOUNT)
        client.create_stream(StreamName="s", ShardCount=2)
        writer = Writer(server.port)
        steps = (HOURS + MORE) * 60 // STEP_MINUTES
        sizes, memory, writing, done = {}, 0.0, 0.0, 0
        for step in range(1, steps + 1):
            began = time.perf_counter()
            while done < RECORDS * step * STEP_MINUTES // (HOURS * 60) // BATCH:
                writer.put()
                done += 1
            writing += time.perf_counter() - began
            server.advance(STEP_MINUTES * 60)
            memory = max(memory, resident_mb(server.process.pid)[0])
            hour, rest = divmod(step * STEP_MINUTES, 60)
            if rest == 0 and hour == 6:
                client.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**126))
            if rest == 0 and hour == 8:
                client.merge_shards(StreamName="s", ShardToMerge="2", AdjacentShardToMerge="3")
            if rest == 0 and hour % 6 == 0:
                sizes[hour] = file_of(folder)
                file, log, free, records = sizes[hour]
                print(f"retention: after {hour} h: {records:,} records, file {file:,.0f} MB ({free:.0%} free), log {log:,.0f} MB, memory {memory:.0f} MB", flush=True)
        peak = resident_mb(server.process.pid)[1]
        print(f"retention: {done * BATCH:,} records put at {done * BATCH / writing:,.0f}/s; the file grew by {sizes[HOURS + MORE][0] / sizes[HOURS][0] - 1:.1%} after the "
              f"retention was reached; peak memory (RSS) {peak:.0f} MB")
