"""HTTP/2 on the same port, with prior knowledge and over TLS: good clients are served, bad ones lose their connection and nothing else."""
import json
import re
import pathlib
import socket
import ssl
import subprocess
import threading

import hyperframe.frame
import pytest

from conftest import make_client
from http2_client import PREFACE, Http2Client
from virga_process import Virga

SETTINGS = hyperframe.frame.SettingsFrame(0)
HEAD = b"\x82\x86\x84\x01\x01x"  # GET, http, /, authority x: not put in the table of fields
LIST = ("dynamodb", "DynamoDB_20120810.ListTables")


DATA, HEADERS, RST_STREAM, PING, GOAWAY = 0, 1, 3, 6, 7


def frames_of(received):
    """(type, stream) of each frame."""
    frames = []
    while len(received) >= 9:
        frames.append((received[3], int.from_bytes(received[5:9], "big")))
        received = received[9 + int.from_bytes(received[:3], "big"):]
    return frames


def alive(virga):
    assert virga.get("/_virga/health")["status"] == "ok"


def resident_mb(virga):
    status = pathlib.Path(f"/proc/{virga.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


@pytest.fixture
def client(virga):
    with Http2Client(virga.port) as connection:
        yield connection


def test_calls_on_one_connection_at_once(client, account, aws):
    aws("dynamodb").create_table(TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                                 AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    puts = [client.call(account, "dynamodb", "DynamoDB_20120810.PutItem", {"TableName": "items", "Item": {"k": {"S": str(i)}}}) for i in range(100)]
    assert [client.wait(s)[0] for s in puts] == [200] * 100
    status, headers, body = client.wait(client.call(account, "dynamodb", "DynamoDB_20120810.Scan", {"TableName": "items"}))
    assert status == 200 and json.loads(body)["Count"] == 100
    assert headers["content-length"] == str(len(body)) and "connection" not in headers and "x-amzn-requestid" in headers
    status, _, body = client.wait(client.call(account, "dynamodb", "DynamoDB_20120810.PutItem", {"TableName": "nothing", "Item": {"k": {"S": "1"}}}))
    assert status == 400 and b"ResourceNotFoundException" in body


def test_head_and_empty_answers_have_no_body(client, account, aws):
    aws("s3").create_bucket(Bucket=f"b-{account}")
    aws("s3").put_object(Bucket=f"b-{account}", Key="k", Body=b"hello")
    authority = ("authorization", f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
    head = client.send([(":method", "HEAD"), (":scheme", "http"), (":authority", "localhost"), (":path", f"/b-{account}/k"), authority])
    status, headers, body = client.wait(head)
    assert (status, headers["content-length"], body) == (200, "5", b"")
    gone = client.send([(":method", "DELETE"), (":scheme", "http"), (":authority", "localhost"), (":path", f"/b-{account}/k"), authority])
    assert client.wait(gone)[0] == 204


def test_large_bodies_go_both_ways_at_the_readers_pace(client, account, aws, virga):
    """5 MB up and down: far more than any window, so that both sides have to wait for each other."""
    aws("s3").create_bucket(Bucket=f"b-{account}")
    authority = ("authorization", f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
    head = [(":scheme", "http"), (":authority", "localhost"), (":path", f"/b-{account}/large"), authority]
    data = bytes(range(256)) * 20_000
    up = client.send([(":method", "PUT"), *head, ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), ("content-length", str(len(data)))], data)
    assert client.wait(up)[0] == 200
    down = client.send([(":method", "GET"), *head])
    # Nothing is taken: the server stops at the window, and holds no more of the object in memory than it must.
    while len(client.streams[down]["body"]) < 65535:
        client.receive(take=False)
    quick = client.get("/_virga/health")
    client.h2.increment_flow_control_window(10_000_000)  # of the connection; the stream's stays shut
    client.flush()
    assert client.wait(quick)[0] == 200
    assert len(client.streams[down]["body"]) == 65535
    client.h2.increment_flow_control_window(40_000_000)
    client.h2.increment_flow_control_window(40_000_000, down)
    client.flush()
    assert client.wait(down)[2] == data


def test_a_body_without_a_length_and_with_trailers(client, account):
    service, target = LIST
    headers = [(":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", "/"), ("content-type", "application/x-amz-json-1.0"),
               ("x-amz-target", target), ("te", "trailers")]
    stream = client.send(headers, b'{"Lim', end=False)
    client.write(stream, b'it": 1}')
    client.h2.send_headers(stream, [("x-checksum", "1")], end_stream=True)
    client.flush()
    assert client.wait(stream)[::2] == (200, b'{"TableNames":[]}')


def test_expect_100_continue(client):
    headers = [(":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", "/"), ("content-type", "application/x-amz-json-1.0"),
               ("x-amz-target", LIST[1]), ("expect", "100-continue"), ("content-length", "2")]
    stream = client.send(headers, end=False)
    while not client.streams[stream]["informational"]:
        client.receive()
    client.write(stream, b"{}", end=True)
    assert client.wait(stream)[0] == 200
    assert client.streams[stream]["informational"] == ["100"]


def test_the_preface_may_come_in_pieces(virga):
    with socket.create_connection(("127.0.0.1", virga.port), timeout=10) as connection:
        for piece in (PREFACE[:1], PREFACE[1:2], PREFACE[2:20], PREFACE[20:]):
            connection.sendall(piece)
            alive(virga)
        connection.sendall(hyperframe.frame.SettingsFrame(0).serialize())
        assert connection.recv(9)[3] == 4  # SETTINGS come first


def test_128_streams_at_once_and_no_more(client, virga, account):
    _, _, body = client.wait(client.call(account, "sqs", "AmazonSQS.CreateQueue", {"QueueName": "q"}))
    poll = {"QueueUrl": json.loads(body)["QueueUrl"], "WaitTimeSeconds": 20}
    polls = [client.call(account, "sqs", "AmazonSQS.ReceiveMessage", poll) for _ in range(128)]
    client.h2.reset_stream(polls[0], 8)
    client.flush()
    assert client.wait(client.call(account, *LIST, {}))[0] == 200  # in its place
    polls.append(client.call(account, "sqs", "AmazonSQS.ReceiveMessage", poll))
    # The library would not send one more. It is refused (RFC 9113, 5.1.2), and the others are not troubled.
    one_more = hyperframe.frame.HeadersFrame(polls[-1] + 2, HEAD, flags=["END_HEADERS", "END_STREAM"])
    ping = hyperframe.frame.PingFrame(0, b"12345678")
    client.socket.sendall(one_more.serialize() + ping.serialize())
    received = b""
    while (PING, 0) not in frames_of(received):
        received += client.socket.recv(65536)
    assert sorted(frames_of(received)) == [(RST_STREAM, polls[-1] + 2), (PING, 0)]
    assert received[received.index(b"\x00\x00\x04\x03"):][9:13] == b"\x00\x00\x00\x07"  # REFUSED_STREAM
    alive(virga)


def test_long_headers_are_refused(client, virga):
    status, _, _ = client.wait(client.get("/_virga/health", ("x-long", "a" * 20_000)))
    assert status == 431
    assert client.wait(client.get("/_virga/health"))[0] == 200


@pytest.mark.parametrize("over", ["http/1.1", "http/2"])
def test_who_leaves_a_long_poll_takes_no_message(virga, aws, account, over):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    body = {"QueueUrl": url, "WaitTimeSeconds": 20}
    if over == "http/2":
        with Http2Client(virga.port) as other:
            poll = other.call(account, "sqs", "AmazonSQS.ReceiveMessage", body)
            other.wait(other.get("/_virga/health"))  # the poll is at work
            other.h2.reset_stream(poll, 8)
            other.flush()
            other.wait(other.get("/_virga/health"))
            sqs.send_message(QueueUrl=url, MessageBody="x")
    else:
        data = json.dumps(body).encode()
        with socket.create_connection(("127.0.0.1", virga.port)) as connection:
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
                b"Authorization: AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (account.encode(), len(data), data))
            alive(virga)
        alive(virga)
        sqs.send_message(QueueUrl=url, MessageBody="x")
    assert [m["Body"] for m in sqs.receive_message(QueueUrl=url)["Messages"]] == ["x"]


def test_a_stop_says_goaway_and_ends_what_waits():
    server = Virga()
    with Http2Client(server.port) as client:
        sqs = make_client("sqs", server.endpoint, "000000000001")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        poll = client.call("000000000001", "sqs", "AmazonSQS.ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 20})
        client.wait(client.get("/_virga/health"))
        stopped = threading.Thread(target=server.stop)
        stopped.start()
        # GOAWAY with the last stream that is served, then its answer.
        received = b""
        while piece := client.socket.recv(65536):
            received += piece
        assert frames_of(received) == [(GOAWAY, 0), (HEADERS, poll), (DATA, poll)]
        stopped.join()
        assert server.process.returncode == 0


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    server = Virga("--tls-certificate", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem"))
    server.certificate = str(folder / "cert.pem")
    yield server
    assert server.stop() == 0


def test_tls_clients_choose_by_alpn(tls_server):
    def context():
        return ssl.create_default_context(cafile=tls_server.certificate)

    with Http2Client(tls_server.port, tls=context()) as client:
        calls = [client.call("000000000001", *LIST, {}) for _ in range(20)]
        assert [client.wait(s)[0] for s in calls] == [200] * 20
    with Http2Client(tls_server.port) as client:  # and plain text on the same port
        assert client.wait(client.get("/_virga/health"))[0] == 200
    one = context()
    one.set_alpn_protocols(["http/1.1"])
    with one.wrap_socket(socket.create_connection(("127.0.0.1", tls_server.port)), server_hostname="localhost") as old:
        assert old.selected_alpn_protocol() == "http/1.1"
        old.sendall(b"GET /_virga/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert old.recv(100).startswith(b"HTTP/1.1 200")


# What follows is bad on purpose.

def raw_frames(virga, *frames, preface=PREFACE):
    """Sends frames as they are; the types of the frames that came back until the server closed."""
    with socket.create_connection(("127.0.0.1", virga.port), timeout=10) as connection:
        try:
            connection.sendall(preface + b"".join(f if isinstance(f, bytes) else f.serialize() for f in frames))
        except ConnectionError:
            pass
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionError:
            pass
    return [kind for kind, _ in frames_of(received)]




@pytest.mark.parametrize(
    "frames",
    [
        [SETTINGS, b"\x00\x00\x01\x00\x00\x00\x00\x00\x00x"],
        [SETTINGS, hyperframe.frame.DataFrame(1, b"x")],
        [SETTINGS, hyperframe.frame.HeadersFrame(1, b"\xff\xff\xff\xff\xff\xff\xff\xff", flags=["END_HEADERS"])],
        [SETTINGS, hyperframe.frame.HeadersFrame(2, b"\x82", flags=["END_HEADERS"])],
        [SETTINGS, hyperframe.frame.ContinuationFrame(1, b"\x82", flags=["END_HEADERS"])],
        [SETTINGS, hyperframe.frame.HeadersFrame(1, b"\x82"), hyperframe.frame.PingFrame(0, b"12345678")],
        [SETTINGS, b"\x00\x00\x05\x08\x00\x00\x00\x00\x00aaaaa"],  # WINDOW_UPDATE of a wrong size
        [SETTINGS, hyperframe.frame.WindowUpdateFrame(0, window_increment=2**31 - 1), hyperframe.frame.WindowUpdateFrame(0, window_increment=2**31 - 1)],
        [SETTINGS, b"\x00\x00\x05\x04\x00\x00\x00\x00\x00aaaaa"],  # SETTINGS of a wrong size
        [SETTINGS, b"\xff\xff\xff\x00\x00\x00\x00\x00\x01"],  # a frame larger than allowed
        [SETTINGS, hyperframe.frame.PushPromiseFrame(1, 2, b"\x82", flags=["END_HEADERS"])],
        [hyperframe.frame.PingFrame(0, b"12345678")],  # no SETTINGS first
    ],
    ids=["data-on-0", "data-on-idle", "bad-hpack", "even-stream", "lone-continuation", "interleaved", "window-size", "window-overflow", "settings-size",
         "frame-size", "push", "no-settings"],
)
def test_malformed_frames_end_the_connection(virga, frames):
    assert raw_frames(virga, *frames)[-1] == GOAWAY
    alive(virga)


def test_a_wrong_preface_ends_the_connection(virga):
    raw_frames(virga, b"\x00" * 100, preface=b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")
    alive(virga)


def test_rapid_reset(virga):
    """CVE-2023-44487: streams opened and reset at once, as fast as they go."""
    frames = []
    for i in range(20_000):
        frames.append(hyperframe.frame.HeadersFrame(2 * i + 1, HEAD, flags=["END_HEADERS", "END_STREAM"]))
        frames.append(hyperframe.frame.RstStreamFrame(2 * i + 1, 8))
    assert GOAWAY in raw_frames(virga, SETTINGS, *frames)
    alive(virga)


@pytest.mark.parametrize("frame", [SETTINGS, hyperframe.frame.PingFrame(0, b"12345678")], ids=["settings", "ping"])
def test_frames_that_must_be_answered_and_answers_nobody_reads(virga, frame):
    with socket.create_connection(("127.0.0.1", virga.port), timeout=2) as connection:
        connection.sendall(PREFACE + SETTINGS.serialize())
        before = resident_mb(virga)
        flood = frame.serialize() * 20_000
        try:
            for _ in range(50):
                connection.sendall(flood)
        except (ConnectionError, socket.timeout):
            pass  # closed, or the server reads no more
        assert resident_mb(virga) < before + 32
    alive(virga)


def test_header_bombs(virga):
    """A field of 4,000 bytes in the table, then a block of references to it: 65 KB that unpack to 260 MB. And endless CONTINUATION."""
    before = resident_mb(virga)
    entry = b"\x40\x01a\x7f" + bytes([(4000 - 127) & 0x7F | 0x80, (4000 - 127) >> 7]) + b"v" * 4000
    bomb = hyperframe.frame.HeadersFrame(3, HEAD + b"\xbe" * 16_000, flags=["END_HEADERS", "END_STREAM"])
    first = hyperframe.frame.HeadersFrame(1, HEAD + entry, flags=["END_HEADERS", "END_STREAM"])
    assert GOAWAY in raw_frames(virga, SETTINGS, first, bomb)
    endless = [hyperframe.frame.ContinuationFrame(1, b"\x00\x01a\x01b" * 3000) for _ in range(2000)]
    assert GOAWAY in raw_frames(virga, SETTINGS, hyperframe.frame.HeadersFrame(1, HEAD), *endless)
    assert resident_mb(virga) < before + 32
    alive(virga)
