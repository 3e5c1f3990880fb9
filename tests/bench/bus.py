"""From PutEvents to a ReceiveMessage that waits: how long until the client that waits for the queue has the event."""
import concurrent.futures
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


def bench(rounds=200):
    server = Virga()
    try:
        url = rule_to_queue(server)
        receiver, events = make_client("sqs", server.endpoint, ACCOUNT), make_client("events", server.endpoint, ACCOUNT)
        entry = {"Source": "s", "DetailType": "t", "Detail": '{"n":1}', "EventBusName": "orders"}

        def receive():
            got = receiver.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
            return time.perf_counter(), got[0]["ReceiptHandle"]

        times = []
        with concurrent.futures.ThreadPoolExecutor(1) as waiting:
            for _ in range(rounds):
                answer = waiting.submit(receive)
                time.sleep(0.01)  # until the receiver waits
                began = time.perf_counter()
                events.put_events(Entries=[entry])
                ended, handle = answer.result()
                times.append((ended - began) * 1000)
                receiver.delete_message(QueueUrl=url, ReceiptHandle=handle)
        times.sort()
        print(f"bus: PutEvents to a waiting ReceiveMessage, both boto3: median {statistics.median(times):.2f} ms of {rounds} (p95 {times[rounds * 95 // 100]:.2f} ms)")
    finally:
        server.stop()
