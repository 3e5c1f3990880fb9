"""From PutEvents to a ReceiveMessage that waits: how long until the client that waits for the queue has the event."""
import concurrent.futures
import http.client
import json
import statistics
import time

from conftest import make_client
from virga_process import Virga

ACCOUNT = "111122223333"


def rule_to_queue(server, bus="orders", queue="orders"):
    """A bus with one rule, which sends everything from "s" to a queue; the queue's URL."""
    sqs, events = make_client("sqs", server.endpoint, ACCOUNT), make_client("events", server.endpoint, ACCOUNT)
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]
    events.create_event_bus(Name=bus)
    events.put_rule(Name="all", EventBusName=bus, EventPattern=json.dumps({"source": ["s"]}))
    target = {"Id": "q", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue}"}
    assert events.put_targets(Rule="all", EventBusName=bus, Targets=[target])["FailedEntryCount"] == 0
    return url


class Wire:
    """A keep-alive connection that sends a ready-made request: what an SDK does before and after is no part of the time."""

    def __init__(self, server, service, target, body):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.body = json.dumps(body)
        self.headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target,
                        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"}

    def __call__(self):
        self.connection.request("POST", "/", self.body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return json.loads(text)


def latencies(put, receive, delete, rounds):
    """Milliseconds from before `put` until `receive`, which waits in a thread of its own, has the message."""
    times = []
    with concurrent.futures.ThreadPoolExecutor(1) as waiting:
        for _ in range(rounds):
            answer = waiting.submit(lambda: (receive(), time.perf_counter()))
            time.sleep(0.01)  # until the receiver waits
            began = time.perf_counter()
            put()
            message, ended = answer.result()
            times.append((ended - began) * 1000)
            delete(message["Messages"][0]["ReceiptHandle"])
    return sorted(times)


def bench(rounds=200):
    server = Virga()
    try:
        url = rule_to_queue(server)
        receiver, events = make_client("sqs", server.endpoint, ACCOUNT), make_client("events", server.endpoint, ACCOUNT)
        entry = {"Source": "s", "DetailType": "t", "Detail": '{"n":1}', "EventBusName": "orders"}

        def delete(handle):
            receiver.delete_message(QueueUrl=url, ReceiptHandle=handle)

        ways = {
            "plain connections": (Wire(server, "events", "AWSEvents.PutEvents", {"Entries": [entry]}),
                                  Wire(server, "sqs", "AmazonSQS.ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 20})),
            "both boto3": (lambda: events.put_events(Entries=[entry]), lambda: receiver.receive_message(QueueUrl=url, WaitTimeSeconds=20)),
        }
        for way, (put, receive) in ways.items():
            times = latencies(put, receive, delete, rounds)
            print(f"bus: PutEvents to a waiting ReceiveMessage, {way}: median {statistics.median(times):.2f} ms of {rounds} (p95 {times[rounds * 95 // 100]:.2f} ms)")
    finally:
        server.stop()
