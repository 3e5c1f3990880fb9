"""The HTTP front under good and bad input: every wrong request gets a clean answer and the process lives."""
import json
import socket

import pytest

TARGET = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}


def raw(virga, data, half_close=False, timeout=10):
    """Sends bytes, reads until the server closes or is silent."""
    with socket.create_connection(("127.0.0.1", virga.port), timeout=timeout) as connection:
        connection.sendall(data)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except socket.timeout:
            pass
        return received


def alive(virga):
    assert virga.get("/_virga/health")["status"] == "ok"


def test_pipelined_requests_are_answered_in_order(virga):
    request = b"GET /_virga/health HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /_virga/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(virga, request * 3 + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.rindex(b"HTTP/1.1 404") > answer.rindex(b"HTTP/1.1 200")


def test_a_chunked_body_is_read(virga):
    body = b'{"Limit": 1}'
    chunks = b"5\r\n" + body[:5] + b"\r\n" + b"%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n\r\n"
    head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n" + "".join(f"{k}: {v}\r\n" for k, v in TARGET.items()) + "\r\n"
    assert b'{"TableNames":[]}' in raw(virga, head.encode() + chunks)


def test_expect_100_continue(virga):
    body = b"{}"
    head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" + "".join(f"{k}: {v}\r\n" for k, v in TARGET.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", virga.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(body)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "data, status",
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: twelve\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20000 + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
    ],
)
def test_malformed_http_is_refused_and_the_connection_closed(virga, data, status):
    assert raw(virga, data).startswith(b"HTTP/1.1 %d " % status)
    alive(virga)


def test_half_a_body_changes_nothing(virga, aws, account):
    head = (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\nX-Amz-Target: AmazonSQS.CreateQueue\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Authorization: AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n"
    )
    raw(virga, head.encode() + b'{"QueueName": "half"}', half_close=True)
    assert "QueueUrls" not in aws("sqs").list_queues()
    alive(virga)


def post(virga, body, **headers):
    status, got, answer = virga.request("POST", "/", body, {**TARGET, **headers})
    return status, got, answer


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"x"', b"\xff\xfe", b'{"Limit": "x"}', b"{" * 200_000, b'{"a":' * 200_000],
    ids=["open", "array", "string", "no-utf8", "wrong-type", "braces", "deep"],
)
def test_bad_json_is_a_serialization_error(virga, body):
    status, _, answer = post(virga, body)
    assert status == 400
    assert json.loads(answer)["__type"].endswith("SerializationException")
    alive(virga)


def test_an_unknown_operation_is_named_as_such(virga):
    status, _, answer = post(virga, b"{}", **{"X-Amz-Target": "DynamoDB_20120810.MakeCoffee"})
    assert status == 400
    assert json.loads(answer)["__type"].endswith("UnknownOperationException")


def test_a_body_is_read_before_its_target(virga):
    status, _, answer = post(virga, b"{", **{"X-Amz-Target": "DynamoDB_20120810.MakeCoffee"})
    assert status == 400
    assert json.loads(answer)["__type"].endswith("SerializationException")


def test_an_operation_that_is_not_there_answers_501_and_names_itself(virga):
    missing = [s for s in virga.get("/_virga/operations")["services"] if s["service"] == "iam"][0]["missing"]
    status, _, answer = virga.request(
        "POST", "/", f"Action={missing[0]}&Version=2010-05-08".encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert status == 501
    assert f"iam:{missing[0]}".encode() in answer


def test_a_wrong_form_of_signature_does_not_matter_while_verification_is_off(virga):
    status, _, _ = post(virga, b"{}", Authorization="AWS4-HMAC-SHA256 nonsense")
    assert status == 200


def test_browsers_may_call(virga):
    status, headers, _ = virga.request(
        "OPTIONS", "/", None, {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-amz-target"}
    )
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Headers"] == "x-amz-target"
    assert headers["Access-Control-Max-Age"] == "172800"
    assert post(virga, b"{}", Origin="http://localhost:3000")[1]["Access-Control-Allow-Origin"] == "*"


def test_slow_clients_do_not_block_others(virga):
    with socket.create_connection(("127.0.0.1", virga.port)) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        for _ in range(20):
            alive(virga)
