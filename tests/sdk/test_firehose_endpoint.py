"""Amazon Data Firehose delivers to an HTTP endpoint: the protocol, what counts as an answer, retries on the clock, and the backup."""
import base64
import gzip
import http.server
import json
import threading

import pytest

from firehose_support import ROLE, body, bucket, describe, error_of, firehose, keys, put, s3  # noqa: F401
from test_firehose_processing import rows


class Endpoint:
    """A server that answers as it is told: `answers` holds functions of the request's id, the last one for ever."""

    def __init__(self):
        self.requests, self.answers = [], [self.accept]
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                data = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    data = gzip.decompress(data)
                owner.requests.append((dict(self.headers), json.loads(data)))
                answer = owner.answers.pop(0) if len(owner.answers) > 1 else owner.answers[0]
                if answer is None:  # says nothing
                    self.close_connection = True
                    return
                status, text = answer(self.headers["X-Amz-Firehose-Request-Id"])
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def accept(identifier):
        return 200, json.dumps({"requestId": identifier, "timestamp": 1700000000000}).encode()

    @staticmethod
    def refuse(identifier):
        return 500, json.dumps({"requestId": identifier, "timestamp": 1, "errorMessage": "not today"}).encode()

    @staticmethod
    def too_large(identifier):
        return 413, b"{}"

    @staticmethod
    def another(identifier):
        return 200, json.dumps({"requestId": "another", "timestamp": 1700000000000}).encode()

    @classmethod
    def of_length(cls, length):
        return lambda identifier: (200, cls.accept(identifier)[1].ljust(length))

    def data(self):
        return [[base64.b64decode(r["data"]) for r in document["records"]] for _, document in self.requests]


@pytest.fixture
def endpoint():
    served = Endpoint()
    yield served
    served.server.shutdown()
    served.server.server_close()


def create(firehose, url, bucket, name="h", **more):
    configuration = {"EndpointConfiguration": {"Url": url, "Name": "mine", "AccessKey": "secret"}, "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60},
                     "RoleARN": ROLE, "RetryOptions": {"DurationInSeconds": 60},
                     "S3Configuration": {"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{bucket}", "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 60}}, **more}
    return firehose.create_delivery_stream(DeliveryStreamName=name, HttpEndpointDestinationConfiguration=configuration)["DeliveryStreamARN"]


def test_an_endpoint_as_it_is_described(firehose):
    create(firehose, "https://example.com/in", "b")
    shown = describe(firehose, "h")["Destinations"][0]["HttpEndpointDestinationDescription"]
    assert shown["EndpointConfiguration"] == {"Url": "https://example.com/in", "Name": "mine"}
    assert shown["RequestConfiguration"] == {"ContentEncoding": "NONE", "CommonAttributes": []}
    assert (shown["S3BackupMode"], shown["RetryOptions"]) == ("FailedDataOnly", {"DurationInSeconds": 60})
    assert shown["S3DestinationDescription"]["CompressionFormat"] == "UNCOMPRESSED"
    twice = {"ContentEncoding": "NONE", "CommonAttributes": [{"AttributeName": "a", "AttributeValue": "1"}] * 2}
    assert error_of(create, firehose, "https://example.com/", "b", name="x", RequestConfiguration=twice) == (
        "InvalidArgumentException", "Http Endpoint Common Attributes have duplicate name a")


def test_a_request_has_the_protocols_headers(firehose, endpoint, virga, bucket):
    attributes = [{"AttributeName": "team", "AttributeValue": "bikes"}]
    arn = create(firehose, endpoint.url, bucket, RequestConfiguration={"ContentEncoding": "GZIP", "CommonAttributes": attributes})
    put(firehose, b"one", b"two", name="h")
    virga.advance(seconds=60)
    ((headers, document),) = endpoint.requests
    assert headers["X-Amz-Firehose-Protocol-Version"] == "1.0"
    assert headers["X-Amz-Firehose-Request-Id"] == document["requestId"]
    assert headers["X-Amz-Firehose-Source-Arn"] == arn
    assert headers["X-Amz-Firehose-Access-Key"] == "secret"
    assert json.loads(headers["X-Amz-Firehose-Common-Attributes"]) == {"commonAttributes": {"team": "bikes"}}
    assert (headers["Content-Type"], headers["Content-Encoding"]) == ("application/json", "gzip")
    assert isinstance(document["timestamp"], int)
    assert endpoint.data() == [[b"one", b"two"]]
    virga.advance(seconds=600)
    assert len(endpoint.requests) == 1


def test_a_refusal_is_tried_again_under_the_same_id(firehose, endpoint, virga, bucket, s3):
    create(firehose, endpoint.url, bucket)
    endpoint.answers = [endpoint.refuse, endpoint.another, endpoint.accept]
    put(firehose, b"x", name="h")
    virga.advance(seconds=70)
    assert len(endpoint.requests) == 3
    assert len({document["requestId"] for _, document in endpoint.requests}) == 1
    virga.advance(seconds=600)
    assert len(endpoint.requests) == 3 and keys(s3, bucket) == []


def test_what_is_refused_for_too_long_goes_to_the_backup(firehose, endpoint, virga, bucket, s3):
    create(firehose, endpoint.url, bucket)
    endpoint.answers = [endpoint.refuse]
    put(firehose, b"x", b"y", name="h")
    virga.advance(seconds=300)
    attempts = len(endpoint.requests)
    assert 5 <= attempts <= 8  # 1, 2, 4, 8, 16 seconds, 15 percent more or less, within a minute
    failed = rows(s3, bucket, "http-endpoint-failed/")
    assert [base64.b64decode(r["rawData"]) for r in failed] == [b"x", b"y"]
    assert {(r["errorCode"], r["attemptsMade"]) for r in failed} == {("HttpEndpoint.DestinationException", attempts)}
    assert "not today" in failed[0]["errorMessage"]
    virga.advance(seconds=600)
    assert len(endpoint.requests) == attempts


def test_too_large_is_final_and_a_closed_port_is_not(firehose, endpoint, virga, bucket, s3):
    create(firehose, endpoint.url, bucket)
    create(firehose, "http://127.0.0.1:1/", bucket, name="closed", RetryOptions={"DurationInSeconds": 0})
    endpoint.answers = [endpoint.too_large]
    put(firehose, b"x", name="h")
    put(firehose, b"y", name="closed")
    virga.advance(seconds=200)
    assert len(endpoint.requests) == 1
    codes = {base64.b64decode(r["rawData"]): (r["errorCode"], r["attemptsMade"]) for r in rows(s3, bucket, "http-endpoint-failed/")}
    assert codes == {b"x": ("HttpEndpoint.DestinationException", 1), b"y": ("HttpEndpoint.ConnectionFailed", 1)}


def test_all_data_may_be_kept(firehose, endpoint, virga, bucket, s3):
    create(firehose, endpoint.url, bucket, S3BackupMode="AllData")
    put(firehose, b"x", b"y", name="h")
    virga.advance(seconds=60)
    assert endpoint.data() == [[b"x", b"y"]]
    assert body(s3, bucket) == b"xy"


def test_answers_that_are_too_long_or_never_come(firehose, endpoint, virga, bucket, s3):
    """A mebibyte is an answer, a byte more is none; nor is a connection that is closed."""
    megabyte = 1024 * 1024
    for name in ("long", "longer", "closed"):
        create(firehose, endpoint.url, bucket, name=name, RetryOptions={"DurationInSeconds": 0})
    for name, answer in (("long", endpoint.of_length(megabyte)), ("longer", endpoint.of_length(megabyte + 1)), ("closed", None)):
        endpoint.answers = [answer]
        put(firehose, name.encode(), name=name)
        virga.advance(seconds=60)
    virga.advance(seconds=60)
    codes = {base64.b64decode(r["rawData"]): r["errorCode"] for r in rows(s3, bucket, "http-endpoint-failed/")}
    assert codes == {b"longer": "HttpEndpoint.ResponseTooLarge", b"closed": "HttpEndpoint.ConnectionReset"}
