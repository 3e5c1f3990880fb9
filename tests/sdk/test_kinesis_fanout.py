"""Enhanced fan-out: consumers and SubscribeToShard through boto3 (event stream over HTTP/1.1), and what the frames are over HTTP/2."""
import json
import socket
import threading

import botocore.eventstream
import pytest
from botocore.exceptions import ClientError, EventStreamError

from http2_client import Http2Client


def error_of(call, *positional, **arguments):
    with pytest.raises(ClientError) as caught:
        call(*positional, **arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture
def kinesis(aws):
    client = aws("kinesis")
    client.create_stream(StreamName="s", ShardCount=1)
    return client


@pytest.fixture
def consumer(kinesis, account):
    return kinesis.register_stream_consumer(StreamARN=f"arn:aws:kinesis:us-east-1:{account}:stream/s", ConsumerName="c")["Consumer"]["ConsumerARN"]


def subscribe(kinesis, consumer, kind="TRIM_HORIZON", shard="shardId-000000000000", **more):
    return kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId=shard, StartingPosition={"Type": kind, **more})["EventStream"]


def put(kinesis, *data):
    kinesis.put_records(StreamName="s", Records=[{"PartitionKey": "a", "Data": d.encode()} for d in data])


def take(events, count):
    """Records from the stream until there are so many, and the last event."""
    records = []
    for event in events:
        event = event["SubscribeToShardEvent"]
        records += [r["Data"].decode() for r in event["Records"]]
        if len(records) >= count:
            return records, event


def test_a_backlog_then_what_comes(kinesis, consumer):
    put(kinesis, "a", "b")
    stream = subscribe(kinesis, consumer)
    events = iter(stream)
    records, event = take(events, 2)
    assert records == ["a", "b"] and event["MillisBehindLatest"] == 0 and event["ContinuationSequenceNumber"]
    threading.Thread(target=put, args=(kinesis, "c")).start()
    assert take(events, 1)[0] == ["c"]
    stream.close()


@pytest.mark.slow
def test_a_silent_subscription_is_kept_open(kinesis, consumer):
    """Empty events in real time, the clock of sockets: clients give up after some seconds of silence."""
    put(kinesis, "a")
    stream = subscribe(kinesis, consumer)
    events = iter(stream)
    assert take(events, 1)[0] == ["a"]
    silent = [next(events)["SubscribeToShardEvent"] for _ in range(5)]  # more than twenty seconds
    assert all(e["Records"] == [] and e["ContinuationSequenceNumber"] for e in silent)
    put(kinesis, "b")
    assert take(events, 1)[0] == ["b"]
    stream.close()


@pytest.mark.parametrize("kind", ["LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"])
def test_every_starting_position(kinesis, consumer, virga, kind):
    put(kinesis, "before")
    virga.advance(2)
    number = kinesis.put_record(StreamName="s", PartitionKey="a", Data=b"here")["SequenceNumber"]
    at = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(StreamName="s", ShardId="0", ShardIteratorType="TRIM_HORIZON")["ShardIterator"])["Records"][1]
    more = {"AT_TIMESTAMP": {"Timestamp": at["ApproximateArrivalTimestamp"]}, "LATEST": {}}.get(kind, {"SequenceNumber": number})
    stream = subscribe(kinesis, consumer, kind, **more)
    events = iter(stream)
    first = next(events)["SubscribeToShardEvent"]  # comes at once, records or not
    assert [r["Data"] for r in first["Records"]] == ([b"here"] if kind in ("AT_TIMESTAMP", "AT_SEQUENCE_NUMBER") else [])
    put(kinesis, "after")
    assert take(events, 1)[0] == ["after"]
    stream.close()


def test_an_empty_event_says_where_to_go_on(kinesis, consumer, virga):
    """The continuation moves on without records, so that a consumer of a silent shard does not fall behind the retention."""
    numbers = []
    for _ in range(2):
        stream = subscribe(kinesis, consumer, "LATEST")
        numbers.append(next(iter(stream))["SubscribeToShardEvent"]["ContinuationSequenceNumber"])
        stream.close()
        virga.advance(10)
    assert int(numbers[1]) > int(numbers[0])
    put(kinesis, "x")
    stream = subscribe(kinesis, consumer, "AFTER_SEQUENCE_NUMBER", SequenceNumber=numbers[0])
    assert take(iter(stream), 1)[0] == ["x"]
    stream.close()


def test_it_ends_after_five_minutes_and_goes_on_by_the_continuation(kinesis, consumer, virga):
    put(kinesis, "a")
    events = iter(subscribe(kinesis, consumer))
    records, event = take(events, 1)
    virga.advance(299)
    put(kinesis, "b")
    more, event = take(events, 1)
    virga.advance(2)
    assert list(events) == []
    put(kinesis, "c")
    stream = subscribe(kinesis, consumer, "AFTER_SEQUENCE_NUMBER", SequenceNumber=event["ContinuationSequenceNumber"])
    assert records + more + take(iter(stream), 1)[0] == ["a", "b", "c"]
    stream.close()


def test_a_later_subscription_takes_over_after_five_seconds(kinesis, consumer, virga, account):
    first = iter(subscribe(kinesis, consumer, "LATEST"))
    next(first)
    text = f"Another active subscription exists for this consumer: {account}:s:shardId-000000000000:c"
    assert error_of(subscribe, kinesis, consumer) == ("ResourceInUseException", text)
    virga.advance(5)
    put(kinesis, "x")
    second = subscribe(kinesis, consumer)
    assert take(iter(second), 1)[0] == ["x"]
    with pytest.raises(EventStreamError) as caught:
        for _ in first:
            pass
    assert caught.value.response["Error"] == {"Code": "ResourceInUseException", "Message": text}
    second.close()


def test_who_leaves_makes_room_at_once(kinesis, consumer, virga):
    for _ in range(3):
        stream = subscribe(kinesis, consumer, "LATEST")
        next(iter(stream))
        stream.close()
        virga.get("/_virga/health")


def test_the_end_of_a_shard_names_its_children(kinesis, consumer):
    put(kinesis, "a")
    events = iter(subscribe(kinesis, consumer))
    assert take(events, 1)[0] == ["a"]
    put(kinesis, "b")
    kinesis.split_shard(StreamName="s", ShardToSplit="0", NewStartingHashKey=str(2**127))
    rest = [e["SubscribeToShardEvent"] for e in events]
    assert [r["Data"] for e in rest for r in e["Records"]] == [b"b"]
    assert "ContinuationSequenceNumber" not in rest[-1] and rest[-1]["Records"] == []
    assert all("ContinuationSequenceNumber" in e and "ChildShards" not in e for e in rest[:-1])
    assert [(c["ShardId"][-1], c["ParentShards"]) for c in rest[-1]["ChildShards"]] == [("1", ["shardId-000000000000"]), ("2", ["shardId-000000000000"])]
    kinesis.merge_shards(StreamName="s", ShardToMerge="1", AdjacentShardToMerge="2")
    last = list(subscribe(kinesis, consumer, shard="2"))[-1]["SubscribeToShardEvent"]
    assert [c["ParentShards"] for c in last["ChildShards"]] == [["shardId-000000000001", "shardId-000000000002"]]


def test_a_stream_or_consumer_that_goes_ends_it(kinesis, consumer):
    events = iter(subscribe(kinesis, consumer, "LATEST"))
    next(events)
    kinesis.deregister_stream_consumer(ConsumerARN=consumer)
    with pytest.raises(EventStreamError) as caught:
        next(events)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_requests_that_are_refused(kinesis, consumer, account):
    assert error_of(subscribe, kinesis, consumer[:-3] + "999")[0] == "ResourceNotFoundException"
    assert error_of(subscribe, kinesis, consumer, shard="shardId-000000000007") == (
        "ResourceNotFoundException", f"Shard shardId-000000000007 in stream s under account {account} does not exist")
    assert error_of(subscribe, kinesis, consumer, "AT_SEQUENCE_NUMBER")[0] == "InvalidArgumentException"
    assert error_of(subscribe, kinesis, consumer, "AT_TIMESTAMP")[0] == "InvalidArgumentException"


def messages(body):
    buffer = botocore.eventstream.EventStreamBuffer()
    buffer.add_data(body)
    return list(buffer)


@pytest.mark.parametrize("encoding", ["json", "cbor"])
def test_over_http2_the_first_frame_is_the_initial_response(kinesis, consumer, virga, account, encoding):
    put(kinesis, "a")
    request = {"ConsumerARN": consumer, "ShardId": "shardId-000000000000", "StartingPosition": {"Type": "TRIM_HORIZON"}}
    with Http2Client(virga.port) as client:
        if encoding == "json":
            stream = client.call(account, "kinesis", "Kinesis_20131202.SubscribeToShard", request, "1.1")
        else:
            def text(s):
                return bytes([0x78, len(s)]) + s.encode()

            body = b"\xbf" + text("ConsumerARN") + text(consumer) + text("ShardId") + text(request["ShardId"]) + text("StartingPosition") + b"\xbf" + text("Type") + text("TRIM_HORIZON") + b"\xff\xff"
            stream = client.send([
                (":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", "/"), ("content-type", "application/x-amz-cbor-1.1"),
                ("x-amz-target", "Kinesis_20131202.SubscribeToShard"), ("content-length", str(len(body))),
                ("authorization", f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0")], body)
        state = client.streams[stream]
        while len(messages(state["body"])) < 2:
            client.receive()
        assert state["headers"]["content-type"] == "application/vnd.amazon.eventstream"
        first, second = messages(state["body"])
        assert first.headers == {":message-type": "event", ":event-type": "initial-response", ":content-type": "application/json"}
        assert second.headers[":event-type"] == "SubscribeToShardEvent"
        assert [r["Data"] for r in json.loads(second.payload)["Records"]] == ["YQ=="]
        # Five minutes later it ends on a frame's border.
        virga.advance(301)
        client.wait(stream)
        assert state["ended"] and state["reset"] is None


def test_a_closed_socket_frees_the_shard(kinesis, consumer, virga, account):
    body = json.dumps({"ConsumerARN": consumer, "ShardId": "0", "StartingPosition": {"Type": "LATEST"}}).encode()
    head = (f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.SubscribeToShard\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n").encode()
    for _ in range(3):
        # The server learns of the end when it comes to read the socket, which on a busy machine may be after it took the next connection.
        for _ in range(1000):
            with socket.create_connection(("127.0.0.1", virga.port), timeout=10) as connection:
                connection.sendall(head + body)
                answer = connection.recv(1000)
            if b"ResourceInUseException" not in answer:
                break
        assert answer.startswith(b"HTTP/1.1 200")
        virga.get("/_virga/health")
