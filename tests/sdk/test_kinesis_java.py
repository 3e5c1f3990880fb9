"""Kinesis clients that only Java has: the SDK's asynchronous client (CBOR, HTTP/2), and the Kinesis Client Library 3 with its tables on DynamoDB."""
import queue
import subprocess
import threading

import pytest

import programs

LAST = 340282366920938463463374607431768211455


def test_the_sdk_with_its_defaults(virga, account):
    assert programs.output(programs.java("KinesisClients", virga.endpoint, account)) == "done\n"


class Application:
    """A running KCL application, and what it has told."""

    def __init__(self, *arguments, log):
        command = programs.java("KclApplication", *arguments)
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.lines = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.records = {}  # shard -> [(sequence number, data)], as they came
        self.ended = []

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(line.split())
        self.lines.put(["gone"])

    def until(self, condition):
        while not condition():
            kind, *words = self.lines.get(timeout=120)
            assert kind in ("begin", "record", "end"), (kind, words)
            if kind == "record":
                self.records.setdefault(words[0], []).append((int(words[1]), words[2]))
            elif kind == "end":
                self.ended.append(words[0])

    def until_records(self, count):
        self.until(lambda: sum(map(len, self.records.values())) >= count)

    def stop(self):
        self.process.stdin.close()
        while self.lines.get(timeout=60)[0] != "gone":
            pass
        assert self.process.wait(timeout=30) == 0


def put(kinesis, stream, expected, count):
    """Writes records with numbered data; adds to what is expected of each shard."""
    first = sum(map(len, expected.values()))
    data = [str(first + i) for i in range(count)]
    answers = kinesis.put_records(StreamName=stream, Records=[{"PartitionKey": f"key-{d}", "Data": d.encode()} for d in data])["Records"]
    for answer, d in zip(answers, data):
        expected.setdefault(answer["ShardId"], []).append((int(answer["SequenceNumber"]), d))


@pytest.mark.slow
@pytest.mark.parametrize("retrieval", ["fan-out", "polling"])
def test_a_kcl_application_reads_through_splits_and_merges(aws, virga, account, tmp_path, retrieval):
    """Every record once, in the order of its shard; a shard's children begin when it has ended; all closed shards are completed."""
    kinesis, stream, expected = aws("kinesis"), "orders", {}
    kinesis.create_stream(StreamName=stream, ShardCount=2)
    put(kinesis, stream, expected, 300)
    with open(tmp_path / "log", "w") as log:
        application = Application(virga.endpoint, account, stream, "the-application", retrieval, log=log)
        try:
            application.until_records(300)
            kinesis.split_shard(StreamName=stream, ShardToSplit="0", NewStartingHashKey=str(LAST // 4))
            put(kinesis, stream, expected, 300)
            application.until_records(600)
            kinesis.merge_shards(StreamName=stream, ShardToMerge="3", AdjacentShardToMerge="1")
            put(kinesis, stream, expected, 300)
            kinesis.update_shard_count(StreamName=stream, TargetShardCount=4, ScalingType="UNIFORM_SCALING")
            put(kinesis, stream, expected, 100)
            shards = kinesis.list_shards(StreamName=stream)["Shards"]
            closed = {s["ShardId"] for s in shards if "EndingSequenceNumber" in s["SequenceNumberRange"]}
            application.until(lambda: sum(map(len, application.records.values())) >= 1000 and closed <= set(application.ended))
            application.stop()
        finally:
            application.process.kill()
            application.process.wait()
    assert application.records == expected
    assert len(closed) == 5 and sorted(application.ended) == sorted(closed)
    leases = {i["leaseKey"]["S"]: i["checkpoint"]["S"] for i in aws("dynamodb").scan(TableName="the-application")["Items"] if "checkpoint" in i}
    # What is completed is removed from the table in time, not before its children are read.
    assert {shard for shard in closed if leases.get(shard, "SHARD_END") != "SHARD_END"} == set()
