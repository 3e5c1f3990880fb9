"""S3: small objects beside other servers, large ones beside what the machine gives, listings, memory, slow clients.

    ./run build && .venv/bin/python tests/bench/run.py objects

Needs wrk; go (versitygw, MinIO) and npm (s3rver) for the servers beside it. BENCH_KEYS: keys of the large listing (1,000,000; in the folder
BENCH_FOLDER, 700 bytes a key);
BENCH_LARGE_MB: size of the object whose memory is watched (1,024); BENCH_OBJECTS: the parts to run, of small large listing memory slow.
"""
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials

import object_peers
from object_bodies import bench_large, bench_memory, bench_slow, memory, serving

SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
KEYS = int(os.environ.get("BENCH_KEYS", "1000000"))
BODY = bytes(range(256)) * 4
NAMES = 1000

WRK_SCRIPT = """
local requests = {}
init = function()
  for line in io.lines("%s") do requests[#requests + 1] = (line:gsub("\\\\n", "\\r\\n")) .. body end
end
local n = 0
request = function() n = n %% #requests + 1; return requests[n] end
response = function(status, headers, content) if status ~= 200 then io.stderr:write(status, " ", content, "\\n"); os.exit(1) end end
"""


def client(port, access="111122223333", secret="test"):
    config = botocore.config.Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, read_timeout=120)
    return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id=access, aws_secret_access_key=secret, config=config)


def signed(port, method, path, body, access, secret):
    """One request's head, as an SDK would send and sign it."""
    request = botocore.awsrequest.AWSRequest(method, f"http://127.0.0.1:{port}{path}", data=body, headers={"Host": f"127.0.0.1:{port}", "User-Agent": "bench"})
    botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(access, secret), "s3", "us-east-1").add_auth(request)
    if body is not None:
        request.headers["Content-Length"] = str(len(body))
    return f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in request.headers.items()) + "\r\n"


def wrk(port, heads, body=b"", connections=16, seconds=SECONDS):
    """Requests per second of these requests in turn; fails on any answer that is not 200."""
    with tempfile.TemporaryDirectory() as folder:
        lines, script = pathlib.Path(folder, "heads"), pathlib.Path(folder, "script.lua")
        lines.write_text("".join(head.replace("\r\n", "\\n") + "\n" for head in heads))
        text = "".join(f"\\{b:03d}" for b in body)
        script.write_text(f'local body = "{text}"\n' + WRK_SCRIPT % lines)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}/"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30)
    assert done.returncode == 0 and "Non-2xx" not in done.stdout, done.stdout + done.stderr
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def small_rates(port, access, secret):
    """(PUT, GET) of 1 KB a second."""
    client(port, access, secret).create_bucket(Bucket="small")
    paths = [f"/small/object-{n}" for n in range(NAMES)]
    put = wrk(port, [signed(port, "PUT", path, BODY, access, secret) for path in paths], BODY)
    s3 = client(port, access, secret)
    for n in range(NAMES):  # a slow server has not come around
        s3.put_object(Bucket="small", Key=f"object-{n}", Body=BODY)
    return put, wrk(port, [signed(port, "GET", path, None, access, secret) for path in paths])


def bench_small():
    rates = object_peers.measured(lambda port, secret: small_rates(port, object_peers.ACCESS, secret))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        for name, arguments in (("virga, --data", ("--data", one)), ("virga, --data --verify-signatures", ("--data", other, "--verify-signatures")), ("virga, in memory", ())):
            with serving(*arguments) as server:
                rates[name] = small_rates(server.port, "111122223333", "test")
    for i, what in enumerate(("PUT", "GET")):
        best = max((r[i] for name, r in rates.items() if not name.startswith("virga")), default=0)
        print(f"objects: {what} of 1 KB, 16 connections: " + "; ".join(
            f"{name} {r[i]:,.0f}/s" + (f" (ratio {r[i] / best:.1f})" if best and name.startswith("virga") else "") for name, r in rates.items()), flush=True)


def fill(server, bucket, count):
    """Empty objects p000/k00000000 and on, a thousand prefixes, by wrk."""
    client(server.port).create_bucket(Bucket=bucket)
    head = signed(server.port, "PUT", f"/{bucket}/KEY", b"", "111122223333", "test").replace("\r\n", "\\r\\n")
    script = f"""
local head, n = "{head}", 0
request = function()
  local text = head:gsub("KEY", string.format("p%03d/k%08d", n % 1000, n))
  n = n + 1
  return text
end
response = function(status) if n >= {count} + 16 then os.exit(0) end end
"""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        subprocess.run(["wrk", "-t1", "-c16", "-d3600s", "-s", file.name, f"http://127.0.0.1:{server.port}/"], check=True, capture_output=True)


def milliseconds(call, rounds=41):
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def listed(server, bucket, query, count=1000):
    """One page of so many keys, or common prefixes."""
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"}
    with urllib.request.urlopen(urllib.request.Request(f"{server.endpoint}/{bucket}?list-type=2{query}", headers=headers)) as answer:
        text = answer.read()
    assert text.count(b"<Prefix>p" if "delimiter" in query else b"<Key>") == count, text[:500]


def folder_bytes(folder):
    return sum(path.stat().st_blocks * 512 for path in pathlib.Path(folder).rglob("*") if path.is_file())


def bench_listing():
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        with serving("--data", folder) as server:
            fill(server, "thousand", 1000)
            began = time.perf_counter()
            fill(server, "million", KEYS)
            took = time.perf_counter() - began
            print(f"objects: {KEYS:,} empty objects put in {took:.0f} s, {KEYS / took:,.0f}/s; memory then {memory(server, 'VmRSS'):.0f} MB", flush=True)
            for what, query in (("no delimiter", ""), ("delimiter /", "&delimiter=%2F"), ("delimiter /k", "&delimiter=%2Fk")):
                print_listing(server, what, query)
        print(f"objects: {folder_bytes(folder) / KEYS:.0f} bytes a key on disk", flush=True)
        began = time.perf_counter()
        with serving("--data", folder) as server:
            started = (time.perf_counter() - began) * 1000
            first = milliseconds(lambda: listed(server, "million", "&delimiter=%2F"), 1)
            print(f"objects: started with {KEYS:,} keys in {started:.0f} ms, first page with the delimiter / after {first:.1f} ms more; memory then {memory(server, 'VmRSS'):.0f} MB", flush=True)


def print_listing(server, what, query):
    few, many = milliseconds(lambda: listed(server, "thousand", query)), milliseconds(lambda: listed(server, "million", query))
    middle = milliseconds(lambda: listed(server, "million", query + "&start-after=p499~", 500 if query else 1000))
    print(f"objects: 1,000 listed of {KEYS:,}, {what}: {many:.2f} ms, of 1,000: {few:.2f} ms, ratio {many / few:.2f}; from the middle {middle:.2f} ms", flush=True)


PARTS = {"small": bench_small, "large": bench_large, "listing": bench_listing, "memory": bench_memory, "slow": bench_slow}


def bench():
    for part in os.environ.get("BENCH_OBJECTS", " ".join(PARTS)).split():
        PARTS[part]()
