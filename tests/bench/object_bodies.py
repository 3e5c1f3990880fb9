"""Large bodies: bandwidth beside what the machine gives, memory, and what slow clients cost the others."""
import concurrent.futures
import contextlib
import hashlib
import http.client
import os
import pathlib
import re
import socket
import statistics
import tempfile
import threading
import time

import boto3.s3.transfer

from large_body import Zeros
from virga_process import Virga

MB = 1 << 20
LARGE = int(os.environ.get("BENCH_LARGE_MB", "1024")) * MB
ROUNDS = 21
BODY_MB = 64
AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


@contextlib.contextmanager
def serving(*arguments):
    """A virga for a while; it ends with the block, however that ends."""
    server = Virga(*arguments)
    try:
        yield server
    except BaseException:
        server.kill()
        raise
    assert server.stop() == 0


def drain(port, size, path="/large/object"):
    """One GET of `size` bytes, read and thrown away."""
    buffer, total = bytearray(MB), 0
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {AUTHORIZATION}\r\nConnection: close\r\n\r\n".encode())
        while n := s.recv_into(buffer):
            total += n
    assert total > size


class SendfileLoop:
    """A server that answers every connection with a file, by sendfile, each in a thread of its own."""

    def __init__(self, path):
        self.path, self.listener = path, socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.process = os.fork()
        if self.process == 0:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=self.answer, args=(self.listener.accept()[0],)).start()
            os._exit(0)

    def answer(self, s):
        with contextlib.suppress(OSError), s, open(self.path, "rb") as file:
            s.recv(65536)
            size = os.fstat(file.fileno()).st_size
            s.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
            at = 0
            while at < size:
                at += os.sendfile(s.fileno(), file.fileno(), at, size - at)

    def stop(self):
        os.kill(self.process, 15)
        os.waitpid(self.process, 0)
        self.listener.close()


def send(port, path, body):
    """One PUT of `body`."""
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {AUTHORIZATION}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        s.sendall(body)
        answer = s.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200"), answer


def read_hash_write(source, target):
    """What a PUT cannot do without: the bytes read, their MD5, the bytes written."""
    digest, buffer = hashlib.md5(), bytearray(MB)
    with open(source, "rb", buffering=0) as a, open(target, "wb", buffering=0) as b:
        while n := a.readinto(buffer):
            digest.update(memoryview(buffer)[:n])
            b.write(memoryview(buffer)[:n])


def at_once(connections, call):
    """Seconds until call(0), call(1), ... have all returned, each in a thread of its own."""
    with concurrent.futures.ThreadPoolExecutor(connections) as pool:
        began = time.perf_counter()
        for done in [pool.submit(call, n) for n in range(connections)]:
            done.result()
        return time.perf_counter() - began


def compare(connections, ours, floor):
    """MB/s of both, and their ratio: medians of rounds in turn, so that both see the same machine; and the ratio of the best."""
    mine, theirs = [], []
    for _ in range(ROUNDS if connections == 1 else ROUNDS // 2):
        mine.append(at_once(connections, ours))
        theirs.append(at_once(connections, floor))
    rate = lambda times: connections * BODY_MB / statistics.median(times)  # noqa: E731
    return rate(mine), rate(theirs), rate(mine) / rate(theirs), min(theirs) / min(mine)


def bench_large():
    body = os.urandom(BODY_MB * MB)
    with tempfile.TemporaryDirectory() as folder, serving("--data", folder + "/data") as server:
        source = pathlib.Path(folder, "source")
        source.write_bytes(body)
        loop = SendfileLoop(source)
        try:
            make_bucket(server, "large")
            send(server.port, "/large/object", body)
            for connections in (1, 16):
                ours = compare(connections, lambda n: drain(server.port, len(body)), lambda n: drain(loop.port, len(body)))
                print("objects: GET of {} MB, {} at once: {:,.0f} MB/s, sendfile loop {:,.0f} MB/s, ratio {:.2f} (best {:.2f})".format(BODY_MB, connections, *ours), flush=True)
            for connections in (1, 16):
                ours = compare(connections, lambda n: send(server.port, f"/large/{n}", body), lambda n: read_hash_write(source, f"{folder}/target{n}"))
                print("objects: PUT of {} MB, {} at once: {:,.0f} MB/s, read, MD5 and write {:,.0f} MB/s, ratio {:.2f} (best {:.2f})".format(BODY_MB, connections, *ours), flush=True)
        finally:
            loop.stop()


def make_bucket(server, name):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("PUT", "/" + name, headers={"Authorization": AUTHORIZATION})
    assert connection.getresponse().status == 200
    connection.close()


def memory(server, field):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(field + r":\s+(\d+) kB", status).group(1)) / 1024


def bench_memory():
    from objects import client

    with tempfile.TemporaryDirectory() as folder, serving("--data", folder) as server:
        s3 = client(server.port)
        s3.create_bucket(Bucket="large")
        print(f"objects: resident memory with {LARGE // MB} MB: idle {memory(server, 'VmRSS'):.0f} MB", flush=True)

        def watch(what, call):
            pathlib.Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # the highest so far is the present again
            began = time.perf_counter()
            call()
            rate = LARGE / MB / (time.perf_counter() - began)
            print(f"objects: resident memory with {LARGE // MB} MB: {what}: highest {memory(server, 'VmHWM'):.0f} MB ({rate:,.0f} MB/s)", flush=True)

        def read(key):
            got = s3.get_object(Bucket="large", Key=key)
            assert sum(len(piece) for piece in got["Body"].iter_chunks(MB)) == LARGE

        transfer = boto3.s3.transfer.TransferConfig(multipart_chunksize=max(8 * MB, LARGE // 9000), max_concurrency=8)
        watch("single up", lambda: s3.put_object(Bucket="large", Key="single", Body=Zeros(LARGE)))
        watch("8 threads up in parts", lambda: s3.upload_fileobj(Zeros(LARGE), "large", "parts", Config=transfer))
        watch("single down", lambda: read("single"))
        watch("parts down", lambda: read("parts"))
        watch("copy", lambda: s3.copy_object(Bucket="large", Key="copy", CopySource="large/parts"))


def small_get(port, rounds=400):
    """Milliseconds of GETs of 1 KB on one connection."""
    connection, times = http.client.HTTPConnection("127.0.0.1", port), []
    for _ in range(rounds):
        began = time.perf_counter()
        connection.request("GET", "/slow/small", headers={"Authorization": AUTHORIZATION})
        answer = connection.getresponse()
        assert answer.status == 200 and len(answer.read()) == 1024
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    return statistics.median(times)


def bench_slow(uploads=200):
    with tempfile.TemporaryDirectory() as folder, serving("--data", folder) as server:
        make_bucket(server, "slow")
        send(server.port, "/slow/small", bytes(1024))
        small_get(server.port)
        alone = small_get(server.port)
        sockets, done = [], threading.Event()
        for n in range(uploads):
            s = socket.create_connection(("127.0.0.1", server.port))
            s.sendall(f"PUT /slow/{n} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {AUTHORIZATION}\r\nContent-Length: {BODY_MB * MB}\r\n\r\n".encode())
            sockets.append(s)

        def trickle():
            """A kilobyte from each client ten times a second."""
            while not done.wait(0.1):
                for s in sockets:
                    s.sendall(bytes(1024))

        threading.Thread(target=trickle).start()
        time.sleep(1)
        among = small_get(server.port)
        rss = memory(server, "VmRSS")
        done.set()
        for s in sockets:
            s.close()
        print(f"objects: small GET: median {alone:.2f} ms, among {uploads} slow uploads {among:.2f} ms, ratio {among / alone:.2f}; memory then {rss:.0f} MB", flush=True)
