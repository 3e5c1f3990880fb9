"""kill -9 in the middle of a storm of records and splits, then the process starts again on the same data.

What was acknowledged must be there, once, under the sequence number that was told; numbers of a shard rise in the order of its writes and
none is used twice, also not by records that came after a crash; shards that were split stay split.
"""
import functools

from conftest import make_client
from storm import ACCOUNT, LOST, ROUNDS, WRITERS, seeded, storm_until_killed, whole
from virga_process import Virga

MAX_SHARDS = 24


def start(data):
    server = Virga("--data", str(data))
    return server, make_client("kinesis", server.endpoint, ACCOUNT, max_pool_connections=WRITERS + 1)


class Writer:
    """Writes numbered records under keys of its own, one call after the other, and remembers what was told about each."""

    def __init__(self, name):
        self.name = name
        self.told = {}  # data -> (shard, sequence number)
        self.uncertain = []  # data of the call that had no answer
        self.n = 0

    def entry(self, chance):
        self.n += 1
        return {"PartitionKey": f"{self.name}-{chance.randrange(50)}", "Data": f"{self.name}/{self.n}/{'x' * chance.randrange(300)}".encode()}

    def storm(self, client, chance, stop):
        while not stop.is_set():
            entries = [self.entry(chance) for _ in range(chance.choice([1, 1, 3, 20]))]
            self.uncertain = [e["Data"].decode() for e in entries]
            try:
                if len(entries) == 1:
                    answers = [whole(client.put_record(StreamName="storm", **entries[0]), "SequenceNumber")]
                else:
                    answer = whole(client.put_records(StreamName="storm", Records=entries), "FailedRecordCount")
                    assert answer["FailedRecordCount"] == 0
                    answers = answer["Records"]
            except LOST:
                return
            self.told.update({d: (a["ShardId"], int(a["SequenceNumber"])) for d, a in zip(self.uncertain, answers)})
            self.uncertain = []
            stop.acknowledged.release()


class Splitter:
    """Splits and merges shards meanwhile."""

    def __init__(self):
        self.closed = set()  # shards whose closing was acknowledged

    def storm(self, client, chance, stop):
        while not stop.is_set():
            try:
                shards = whole(client.list_shards(StreamName="storm", ShardFilter={"Type": "AT_LATEST"}), "Shards")["Shards"]  # those that are open
                shards.sort(key=lambda s: int(s["HashKeyRange"]["StartingHashKey"]))
                if len(shards) < MAX_SHARDS and (len(shards) < 3 or chance.random() < 0.5):
                    shard = chance.choice(shards)
                    low, high = (int(shard["HashKeyRange"][k]) for k in ("StartingHashKey", "EndingHashKey"))
                    if high - low < 4:
                        continue
                    client.split_shard(StreamName="storm", ShardToSplit=shard["ShardId"], NewStartingHashKey=str((low + high) // 2))
                    self.closed.add(shard["ShardId"])
                else:
                    at = chance.randrange(len(shards) - 1)
                    pair = [s["ShardId"] for s in shards[at:at + 2]]
                    client.merge_shards(StreamName="storm", ShardToMerge=pair[0], AdjacentShardToMerge=pair[1])
                    self.closed.update(pair)
            except LOST:
                return


def records_of(client, shard, after):
    """(sequence number, data) of each record after a sequence number, in the order they are read."""
    start = dict(ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=str(after)) if after else dict(ShardIteratorType="TRIM_HORIZON")
    at = client.get_shard_iterator(StreamName="storm", ShardId=shard, **start)["ShardIterator"]
    while at:
        page = client.get_records(ShardIterator=at)
        yield from ((int(r["SequenceNumber"]), r["Data"].decode()) for r in page["Records"])
        if not page["Records"]:
            return
        at = page.get("NextShardIterator")


class Reader:
    """All that was ever read, each record once."""

    def __init__(self):
        self.place = {}  # data -> (shard, sequence number)
        self.last = {}  # shard -> sequence number
        self.drained = set()  # closed shards that were read to their end: nothing comes any more

    def read(self, client, splitter):
        page = client.list_shards(StreamName="storm")
        shards = page["Shards"]
        while "NextToken" in page:  # which boto3's paginator would send with the name: the service refuses that
            page = client.list_shards(NextToken=page["NextToken"])
            shards += page["Shards"]
        check_lineage(shards, splitter.closed)
        for shard in shards:
            id, numbers = shard["ShardId"], shard["SequenceNumberRange"]
            if id in self.drained:
                continue
            if "EndingSequenceNumber" in numbers:
                self.drained.add(id)
            low, high = int(numbers["StartingSequenceNumber"]), int(numbers.get("EndingSequenceNumber", 2**186))
            for number, data in records_of(client, id, self.last.get(id)):
                assert max(low, self.last.get(id, 0)) < number < high, "a number out of order, or used twice"
                assert data not in self.place, "a record twice"
                self.last[id] = number
                self.place[data] = (id, number)

    def check(self, writer):
        mine = {d: place for d, place in self.place.items() if d.startswith(writer.name + "/")}
        there = [d in mine for d in writer.uncertain]
        assert all(there) or not any(there), "half of a call"
        if any(there):
            writer.told.update({d: mine[d] for d in writer.uncertain})
        writer.uncertain = []
        assert mine == writer.told
        # One after the other: in every shard the numbers say so too.
        last = {}
        for data in sorted(mine, key=lambda d: int(d.split("/")[1])):
            shard, number = mine[data]
            assert last.get(shard, 0) < number
            last[shard] = number


def check_lineage(shards, closed):
    known = {s["ShardId"]: s for s in shards}
    for shard in closed:
        assert "EndingSequenceNumber" in known[shard]["SequenceNumberRange"]
    edge = 0
    open_ones = [s["HashKeyRange"] for s in shards if "EndingSequenceNumber" not in s["SequenceNumberRange"]]
    for keys in sorted(open_ones, key=lambda k: int(k["StartingHashKey"])):
        assert int(keys["StartingHashKey"]) == edge
        edge = int(keys["EndingHashKey"]) + 1
    assert edge == 2**128
    for shard in shards:
        for parent in (shard.get("ParentShardId"), shard.get("AdjacentParentShardId")):
            if parent:
                ended = int(known[parent]["SequenceNumberRange"]["EndingSequenceNumber"])
                assert ended < int(shard["SequenceNumberRange"]["StartingSequenceNumber"])


def test_nothing_acknowledged_is_lost(tmp_path):
    chance = seeded()
    server, client = start(tmp_path)
    client.create_stream(StreamName="storm", ShardCount=2)
    writers, splitter, reader = [Writer(f"w{n}") for n in range(WRITERS)], Splitter(), Reader()
    for _ in range(ROUNDS):
        storm_until_killed(server, chance, [functools.partial(w.storm, client) for w in [*writers, splitter]])
        server, client = start(tmp_path)
        reader.read(client, splitter)
        for w in writers:
            reader.check(w)
    assert server.stop() == 0
    assert len(reader.place) > ROUNDS and splitter.closed
