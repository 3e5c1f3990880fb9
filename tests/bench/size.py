"""A large table on disk: a million items of 300 bytes with a global index, loaded through BatchWriteItem.

    ./run build && .venv/bin/python tests/bench/size.py [items]

Prints the rate of the load (clients share the machine), the disk it takes against the raw size of the items, memory, the time of a
cold start on that data, and the rate of a Query on the full table against the same on a small one.
"""
import contextlib
import http.client
import json
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests" / "bench"))

from conftest import make_client  # noqa: E402
from run import ACCOUNT, SECONDS, resident_kb, wrk  # noqa: E402
from virga_process import Virga, binary  # noqa: E402

CLIENTS = 4
RAW = 300  # bytes of an item as the service counts them
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}
# pk 2+12, sk 2+6, g 1+5 and the filling, names included, come to RAW bytes.
ITEM = '{"PutRequest":{"Item":{"pk":{"S":"user-%07d"},"sk":{"S":"%06d"},"g":{"S":"g%04d"},"text":{"S":"' + "x" * (RAW - 14 - 8 - 6 - 4) + '"}}}}'


def load(port, start, end, table="items"):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for first in range(start, end, 25):
        requests = ",".join(ITEM % (n // 50, n, n % 5000) for n in range(first, min(first + 25, end)))
        connection.request("POST", "/", '{"RequestItems":{"%s":[' % table + requests + "]}}", HEADERS)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200 and body == b'{"UnprocessedItems":{}}', body


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def disk_mb(folder):
    return sum(f.stat().st_size for f in pathlib.Path(folder).rglob("*") if f.is_file()) / 1e6


def create(server, name="items"):
    make_client("dynamodb", server.endpoint, ACCOUNT).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "g")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[{"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}],
    )


def cold_start(data):
    """Milliseconds from exec to the first answer of a GetItem on the data."""
    began = time.perf_counter()
    process = subprocess.Popen([binary(), "serve", "--port", "0", "--data", data], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    endpoint = process.stdout.readline().decode().split(" on ")[1].split(",")[0]
    body = json.dumps({"TableName": "items", "Key": {"pk": {"S": "user-0000007"}, "sk": {"S": "000350"}}}).encode()
    request = urllib.request.Request(endpoint, body, {**HEADERS, "X-Amz-Target": "DynamoDB_20120810.GetItem"})
    answer = urllib.request.urlopen(request).read()
    took = (time.perf_counter() - began) * 1000
    process.terminate()
    process.wait()
    process.stdout.close()
    assert b"user-0000007" in answer, answer
    return took


QUERY = (
    "DynamoDB_20120810.Query",
    '{"TableName":"%s","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"user-0000%%03d"}}}',
)


def query_rate(server, table):
    """Queries per second, and per second of the server's processor time: that is comparable on a busy machine too."""
    target, body = QUERY
    wrk(server.port, 16, target, body % table)  # warm
    before = cpu_seconds(server.process.pid)
    rate = wrk(server.port, 16, target, body % table)
    return rate, rate * SECONDS / (cpu_seconds(server.process.pid) - before)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as data, contextlib.ExitStack() as cleanup:
        server = Virga("--data", data)
        create(server)
        share = count // CLIENTS // 25 * 25
        began = time.perf_counter()
        with multiprocessing.Pool(CLIENTS) as pool:
            pool.starmap(load, [(server.port, c * share, (c + 1) * share if c + 1 < CLIENTS else count) for c in range(CLIENTS)])
        took = time.perf_counter() - began
        busy = cpu_seconds(server.process.pid)
        print(f"size: {count:,} items of {RAW} bytes in {took:.1f} s: {count / took:,.0f} items/s by {CLIENTS} clients on the same machine")
        print(f"size: {count / busy:,.0f} items for a second of the server's processor time")
        print(f"size: memory after the load (RSS): {resident_kb(server.process.pid) / 1024:.1f} MB")
        assert server.stop() == 0
        size = disk_mb(data)
        print(f"size: {size:.0f} MB on disk, {size / (count * RAW / 1e6):.2f} times the raw size")
        times = [cold_start(data) for _ in range(11)]
        print(f"size: cold start to the first item: median {statistics.median(times):.1f} ms of 11 (best {min(times):.1f})")
        server = Virga("--data", data)
        cleanup.callback(server.stop)
        create(server, "small")
        load(server.port, 0, 1000 * 50, "small")  # what the queries ask for, and no more
        (full, full_cpu), (small, small_cpu) = query_rate(server, "items"), query_rate(server, "small")
        print(f"size: Query of 50: {full:,.0f}/s on the full table, {small:,.0f}/s on a small one, ratio {small / full:.2f}")
        print(f"size: the same for a second of the server's processor time: {full_cpu:,.0f} and {small_cpu:,.0f}, ratio {small_cpu / full_cpu:.2f}")
        print(f"size: memory after the queries (RSS): {resident_kb(server.process.pid) / 1024:.1f} MB")


if __name__ == "__main__":
    main()
