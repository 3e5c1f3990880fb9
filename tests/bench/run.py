"""Benchmarks. Each prints figures of one run and their ratio to a floor measured in the same run: the null server, which is
virga's HTTP server with a handler that does nothing.

    ./run build && .venv/bin/python tests/bench/run.py \\
        [start] [requests] [chain] [bus] [rules] [matcher] [kinesis] [retention] [tables] [objects]

Needs wrk (Debian package wrk) and the target virga_null_server.
"""
import contextlib
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from bus import rule_to_queue  # noqa: E402
from conftest import make_client  # noqa: E402
from virga_process import Virga, binary  # noqa: E402

SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ACCOUNT = "111122223333"


def resident_kb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1))


def start_once():
    """Milliseconds from exec to the first 200, by a client that connects as soon as the port is printed."""
    began = time.perf_counter()
    process = subprocess.Popen([binary(), "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        endpoint = re.search(rb" on (http://\S+),", process.stdout.readline()).group(1).decode()
        with urllib.request.urlopen(endpoint + "/_virga/health") as answer:
            assert answer.status == 200
        return (time.perf_counter() - began) * 1000
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def bench_start():
    times = [start_once() for _ in range(21)]
    print(f"start: exec to first 200: median {statistics.median(times):.1f} ms of 21 (best {min(times):.1f}, worst {max(times):.1f})")
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-o", stripped.name, binary()], check=True)
        print(f"start: binary, stripped: {os.path.getsize(stripped.name) / 1e6:.1f} MB")
    server = Virga()
    server.get("/_virga/health")
    print(f"start: idle memory (RSS): {resident_kb(server.process.pid) / 1024:.1f} MB")
    server.stop()


WRK_SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-amz-json-1.0"
wrk.headers["X-Amz-Target"] = "%(target)s"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=%(account)s/20260101/us-east-1/%(service)s/aws4_request, SignedHeaders=host, Signature=0"
local n = 0
request = function()
  n = n + 1
  return wrk.format(nil, "/", nil, string.format([[%(body)s]], n %% 1000))
end
local bad = 0
response = function(status) if status ~= 200 then bad = bad + 1 end end
"""


def wrk(port, connections, target, body, service="dynamodb"):
    """Requests per second; fails on any answer that is not 200."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRK_SCRIPT % {"target": target, "account": ACCOUNT, "service": service, "body": body})
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", script.name, f"http://127.0.0.1:{port}/"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output, output
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


GET = ("DynamoDB_20120810.GetItem", '{"TableName":"items","Key":{"pk":{"S":"item-%d"}}}')
PUT = ("DynamoDB_20120810.PutItem", '{"TableName":"items","Item":{"pk":{"S":"item-%d"},"name":{"S":"a bike"},"price":{"N":"12.5"},"tags":{"SS":["a","b"]}}}')
SEND = ("AmazonSQS.SendMessage", '{"QueueUrl":"http://localhost/111122223333/q","MessageBody":"message %d"}')
EVENTS = ("AWSEvents.PutEvents", '{"Entries":[' + ",".join('{"Source":"s","DetailType":"t","Detail":"{\\"n\\":%d}"}' % i for i in range(10)) + "]}")

EVENTS_TO_QUEUE = (EVENTS[0], EVENTS[1].replace('{"Source"', '{"EventBusName":"orders","Source"'))


def prepared(cleanup, *arguments):
    """A server with a table of 1,000 items and a queue, stopped by `cleanup` (an ExitStack)."""
    server = Virga(*arguments)
    cleanup.callback(server.stop)
    dynamodb = make_client("dynamodb", server.endpoint, ACCOUNT)
    dynamodb.create_table(
        TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}]
    )
    for i in range(1000):
        dynamodb.put_item(TableName="items", Item={"pk": {"S": f"item-{i}"}, "name": {"S": "a bike"}, "price": {"N": "12.5"}})
    make_client("sqs", server.endpoint, ACCOUNT).create_queue(QueueName="q")
    rule_to_queue(server)
    return server


def bench_requests():
    with contextlib.ExitStack() as cleanup:
        null = subprocess.Popen([str(pathlib.Path(binary()).parent / "virga_null_server")], stdout=subprocess.PIPE, text=True)
        cleanup.callback(null.wait)
        cleanup.callback(null.terminate)
        null_port = int(null.stdout.readline())
        memory = prepared(cleanup)
        disk = prepared(cleanup, "--data", cleanup.enter_context(tempfile.TemporaryDirectory()))
        rows = [
            ("GetItem", memory, GET, "dynamodb"),
            ("PutItem, in memory", memory, PUT, "dynamodb"),
            ("PutItem, --data, process", disk, PUT, "dynamodb"),
            ("SendMessage, in memory", memory, SEND, "sqs"),
            ("PutEvents of 10, no rule", memory, EVENTS, "events"),
            ("PutEvents of 10, one rule to a queue", memory, EVENTS_TO_QUEUE, "events"),
        ]
        for connections in (1, 16):
            for name, server, (target, body), service in rows:
                floor = wrk(null_port, connections, target, body, service)
                rate = wrk(server.port, connections, target, body, service)
                print(f"requests: {name}, {connections} connection(s): {rate:,.0f}/s, floor {floor:,.0f}/s, ratio {rate / floor:.2f}", flush=True)
        print(f"requests: memory after the run (RSS): {resident_kb(memory.process.pid) / 1024:.1f} MB")


def main():
    wanted = sys.argv[1:] or ["start", "requests", "chain", "bus", "rules", "matcher", "kinesis", "retention", "tables", "objects"]
    if "start" in wanted:
        bench_start()
    if "requests" in wanted:
        bench_requests()
    if "chain" in wanted:
        import chain

        chain.bench()
    if "bus" in wanted:
        import bus

        bus.bench()
    if "rules" in wanted:
        import rules

        rules.bench()
    if "matcher" in wanted:
        sys.path.insert(0, str(ROOT / "tests" / "bench" / "matcher"))
        import bench

        bench.bench(pathlib.Path(binary()).parent / "virga_matcher_bench")
    if "kinesis" in wanted:
        import kinesis

        kinesis.bench()
    if "retention" in wanted:
        import retention

        retention.bench()
    if "tables" in wanted:
        import tables

        tables.bench()
    if "objects" in wanted:
        import objects

        objects.bench()


if __name__ == "__main__":
    main()
