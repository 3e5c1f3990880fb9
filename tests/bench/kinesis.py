"""Kinesis: PutRecords of 500 records of 200 bytes and GetRecords of 1,000, beside kinesalite and kinesis-local, and HTTP/2 beside HTTP/1.1.

    ./run build && .venv/bin/python tests/bench/run.py kinesis

Needs h2load (Debian package nghttp2-client), which speaks both versions, and node with npm for the others.
"""
import contextlib
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from conftest import make_client
from virga_process import Virga

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ACCOUNT = "111122223333"


def h2load(port, operation, body, over, connections=1, streams=1):
    """Requests per second; fails on any answer that is not 200."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as data:
        json.dump(body, data)
        data.flush()
        command = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{SECONDS}", "-d", data.name, "-H", f"X-Amz-Target: Kinesis_20131202.{operation}",
                   "-H", "Content-Type: application/x-amz-json-1.1", "-H", "X-Amz-Date: 20260101T000000Z",
                   "-H", f"Authorization: AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0"]
        command += ["--h1"] if over == "HTTP/1.1" else []
        output = subprocess.run([*command, f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True).stdout
    counts = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", output)
    assert int(counts.group(1)) > 0 and counts.group(3) == counts.group(4) == "0", output
    return float(re.search(r"finished in [\d.]+\w+, ([\d.]+) req/s", output).group(1))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def kinesalite(port):
    return ["node_modules/kinesalite/cli.js", "--port", str(port), "--createStreamMs", "0", "--shardLimit", "100"], {}


def kinesis_local(port):
    return ["main.js"], {"KINESIS_MOCK_PLAIN_PORT": str(port), "KINESIS_MOCK_TLS_PORT": str(free_port()), "CREATE_STREAM_DURATION": "0ms", "LOG_LEVEL": "ERROR"}


# How each is started in its folder beside this file, and where below it: kinesis-local reads a file from where it starts.
PEERS = {"kinesalite": (kinesalite, "."), "kinesis-local": (kinesis_local, "node_modules/kinesis-local")}


@contextlib.contextmanager
def running(name):
    """A peer, pinned in its folder; its port."""
    start, below = PEERS[name]
    folder = HERE / name.replace("-", "_")
    if not (folder / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    command, environment = start(port)
    process = subprocess.Popen(["node", *command], cwd=folder / below, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


PUT = {"StreamName": "put", "Records": [{"PartitionKey": f"key-{i}", "Data": "QUJD" * 66 + "QQ=="} for i in range(500)]}  # 199 bytes


def prepare(port):
    """A stream to put into, and one with 1,000 records; the body that reads them."""
    client = make_client("kinesis", f"http://127.0.0.1:{port}", ACCOUNT)
    for name in ("put", "get"):
        client.create_stream(StreamName=name, ShardCount=1)
        client.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    for _ in range(2):
        client.put_records(StreamName="get", Records=[{"PartitionKey": "a", "Data": b"x" * 200} for _ in range(500)])
    return {"ShardIterator": client.get_shard_iterator(StreamName="get", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")["ShardIterator"], "Limit": 1000}


def wake_ups(server, rounds=200):
    """Milliseconds from sending a PutRecord to its record at a SubscribeToShard reader."""
    client = make_client("kinesis", server.endpoint, ACCOUNT)
    client.create_stream(StreamName="fan", ShardCount=1)
    arn = client.describe_stream_summary(StreamName="fan")["StreamDescriptionSummary"]["StreamARN"]
    consumer = client.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
    events = iter(client.subscribe_to_shard(ConsumerARN=consumer, ShardId="shardId-000000000000", StartingPosition={"Type": "LATEST"})["EventStream"])
    next(events)
    began, times, taken = [0.0], [], threading.Semaphore(0)

    def read():
        while len(times) < rounds:
            if next(events)["SubscribeToShardEvent"]["Records"]:
                times.append((time.perf_counter() - began[0]) * 1000)
                taken.release()

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(rounds):
        began[0] = time.perf_counter()
        client.put_record(StreamName="fan", PartitionKey="a", Data=b"x")
        taken.acquire()
    reader.join()
    return times


def bench():
    with contextlib.ExitStack() as cleanup:
        server = Virga()
        cleanup.callback(server.stop)
        peers = {}
        for name in PEERS:
            try:
                port = cleanup.enter_context(running(name))
                peers[name] = port, prepare(port)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"kinesis: without {name}, which does not install here: {error}", flush=True)
        read = prepare(server.port)
        for what, records, body in (("PutRecords", 500, PUT), ("GetRecords", 1000, read)):
            theirs = {name: h2load(port, what, PUT if what == "PutRecords" else read_other, "HTTP/1.1") * records for name, (port, read_other) in peers.items()}
            one = h2load(server.port, what, body, "HTTP/1.1") * records
            two = h2load(server.port, what, body, "HTTP/2") * records
            beside = "".join(f"; {name} {floor:,.0f}, ratio {one / floor:.1f}" for name, floor in theirs.items())
            print(f"kinesis: {what} of {records}: {one:,.0f} records/s over HTTP/1.1, {two:,.0f} over HTTP/2 (ratio {two / one:.2f}){beside}", flush=True)
        times = wake_ups(server)
        print(f"kinesis: put to a waiting SubscribeToShard reader: median {statistics.median(times):.2f} ms of {len(times)}")
