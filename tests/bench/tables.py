"""Tables: virga beside dynoxide and DynamoDB Local, all in memory, one after the other in one run.

    ./run build && .venv/bin/python tests/bench/run.py tables

Needs wrk, java with maven (DynamoDB Local comes from Maven Central), and dynoxide (`cargo install dynoxide-rs`) on the PATH or named by
DYNOXIDE. Who is not there is left out, and said so. Every answer must be 200, and of each operation one answer is compared before.
Beside each rate stands what the server does in a second of its own processor time: that is comparable on a busy machine too.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from conftest import make_client
from virga_process import Virga, binary

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ACCOUNT = "111122223333"
USERS, ORDERS = 20, 50  # partitions, and items in each

SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-amz-json-1.0"
wrk.headers["X-Amz-Target"] = "DynamoDB_20120810.%s"
wrk.headers["X-Amz-Date"] = "20260101T000000Z"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"
local requests, n = {}, 0
init = function()
  for line in io.lines("%s") do requests[#requests + 1] = wrk.format(nil, "/", nil, line) end
end
request = function()
  n = n %% #requests + 1
  return requests[n]
end
"""


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wrk(server, connections, operation, bodies, seconds=SECONDS):
    """Requests per second, and per second of the server's processor time; fails on any answer that is not 200."""
    port, pid = server
    before = cpu_seconds(pid)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as lines, tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        lines.write("\n".join(json.dumps(b, separators=(",", ":")) for b in bodies) + "\n")
        lines.flush()
        script.write(SCRIPT % (operation, ACCOUNT, lines.name))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, f"http://127.0.0.1:{port}/"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output and "Socket errors" not in output, (operation, output)
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), requests / max(0.01, cpu_seconds(pid) - before)


def key(n):
    return {"pk": {"S": f"user-{n % USERS:03}"}, "sk": {"S": f"order-{n // USERS:05}"}}


def item(n):
    return {**key(n), "name": {"S": "a bike"}, "price": {"N": "12.5"}, "stock": {"N": str(n)}, "tags": {"SS": ["a", "b"]}, "text": {"S": "x" * 120}}


def update(n):
    return {"TableName": "items", "Key": key(n), "UpdateExpression": "SET stock = stock + :one, #n = :name", "ExpressionAttributeNames": {"#n": "name"},
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":name": {"S": "a better bike"}}}  # fmt: skip


def transaction(n):
    """Four actions on items that no other request in flight has."""
    n *= 4
    check = {"TableName": "items", "Key": key(n + 3), "ConditionExpression": "attribute_exists(pk)"}
    return {"TransactItems": [{"Put": {"TableName": "items", "Item": item(n)}}, {"Put": {"TableName": "items", "Item": item(n + 1)}},
                              {"Update": update(n + 2)}, {"ConditionCheck": check}]}  # fmt: skip


def queries(n):
    return {"TableName": "items", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": key(n)["pk"]}}


OPERATIONS = [
    ("GetItem", "GetItem", lambda n: {"TableName": "items", "Key": key(n)}, 1000),
    ("PutItem", "PutItem", lambda n: {"TableName": "items", "Item": item(n)}, 1000),
    ("UpdateItem", "UpdateItem", update, 1000),
    ("Query of 50", "Query", queries, USERS),
    ("BatchWriteItem of 25", "BatchWriteItem", lambda n: {"RequestItems": {"items": [{"PutRequest": {"Item": item(25 * n + i)}} for i in range(25)]}}, 40),
    ("TransactWriteItems of 4", "TransactWriteItems", transaction, 250),
]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running(command, port, **more):
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def null_server():
    process = subprocess.Popen([str(pathlib.Path(binary()).parent / "virga_null_server")], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def dynoxide(cleanup):
    program = os.environ.get("DYNOXIDE") or shutil.which("dynoxide")
    if not program:
        return None
    port = free_port()
    return cleanup.enter_context(running([program, "--host", "127.0.0.1", "--port", port], port))


def dynamodb_local(cleanup):
    if not shutil.which("java") or not shutil.which("mvn"):
        return None
    folder = cleanup.enter_context(tempfile.TemporaryDirectory())
    pom = HERE / "dynamodb_local" / "pom.xml"
    subprocess.run(["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={folder}"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    port = free_port()
    command = ["java", f"-Djava.library.path={folder}", "-cp", f"{folder}/*", "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
               "-inMemory", "-sharedDb", "-disableTelemetry", "-port", port]  # fmt: skip
    return cleanup.enter_context(running(command, port, cwd=folder))


def prepare(port):
    """The table with its items, the same everywhere; answers what a Query must find."""
    client = make_client("dynamodb", f"http://127.0.0.1:{port}", ACCOUNT)
    client.create_table(
        TableName="items",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    client.get_waiter("table_exists").wait(TableName="items", WaiterConfig={"Delay": 1})
    for first in range(0, USERS * ORDERS, 25):
        client.batch_write_item(RequestItems={"items": [{"PutRequest": {"Item": item(n)}} for n in range(first, first + 25)]})
    page = client.query(**queries(7))
    assert page["Count"] == ORDERS and page["Items"][3]["stock"] == {"N": "67"}, page
    assert client.get_item(TableName="items", Key=key(9))["Item"]["price"] == {"N": "12.5"}
    assert client.update_item(**update(11), ReturnValues="UPDATED_NEW")["Attributes"]["stock"] == {"N": "12"}
    client.transact_write_items(**transaction(1))


def bench():
    with contextlib.ExitStack() as cleanup:
        server = Virga()
        cleanup.callback(server.stop)
        floor = cleanup.enter_context(null_server())
        others = {"dynoxide": dynoxide(cleanup), "DynamoDB Local": dynamodb_local(cleanup)}
        for name in [n for n, other in others.items() if other is None]:
            print(f"tables: {name} is not installed, left out")
            del others[name]
        ours = server.port, server.process.pid
        for port, _ in (ours, *others.values()):
            prepare(port)
        for connections in (1, 16):
            for what, operation, body, count in OPERATIONS:
                bodies = [body(n) for n in range(count)]
                rates = {}
                for name, other in {"floor": floor, "virga": ours, **others}.items():
                    wrk(other, connections, operation, bodies, seconds=1)  # warm
                    rates[name] = wrk(other, connections, operation, bodies)
                rate, per_cpu = rates.pop("virga")
                text = "; ".join(f"{n} {r:,.0f}/s (ratio {rate / max(r, 0.1):.2f}), {p:,.0f} (ratio {per_cpu / max(p, 0.1):.2f})" for n, (r, p) in rates.items())
                print(f"tables: {what}, {connections} connection(s): {rate:,.0f}/s, {per_cpu:,.0f} per processor second; {text}", flush=True)


if __name__ == "__main__":
    sys.exit("run it by run.py: it is one of its benchmarks")
