"""kill -9 in the middle of a storm of writes, then the process starts again on the same data.

What was acknowledged must be there; a transaction is there as a whole or not at all; change stream and index say the same as the
table.
"""
import functools

from conftest import make_client
from storm import ACCOUNT, LOST, ROUNDS, WRITERS, seeded, storm_until_killed
from virga_process import Virga


def start(data):
    server = Virga("--data", str(data))
    return server, make_client("dynamodb", server.endpoint, ACCOUNT, max_pool_connections=WRITERS)


def create(client):
    client.create_table(
        TableName="storm",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "g")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["n"]}}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


class Writer:
    """Writes items of its own, numbered upwards, and remembers what was acknowledged and what was on its way."""

    def __init__(self, name):
        self.name = name
        self.acknowledged = {}  # key -> n, None = deleted
        self.uncertain = {}  # key -> n or None: the call that had no answer
        self.n = 0

    def item(self, key):
        return {"pk": {"S": key}, "g": {"S": f"{self.name}-{self.n % 5}"}, "n": {"N": str(self.n)}, "fill": {"S": "x" * 200}}

    def storm(self, client, chance, stop):
        while not stop.is_set():
            self.n += 1
            keys = [f"{self.name}-{chance.randrange(30)}"]
            kind = chance.choice(["put", "delete", "transact", "batch"])
            if kind in ("transact", "batch"):
                keys = [f"{self.name}-{k}" for k in chance.sample(range(30), 4)]
            self.uncertain = {k: None if kind == "delete" else self.n for k in keys}
            try:
                self.write(client, kind, keys)
            except LOST:
                return
            self.acknowledged.update(self.uncertain)
            self.uncertain = {}
            stop.acknowledged.release()

    def write(self, client, kind, keys):
        if kind == "put":
            client.put_item(TableName="storm", Item=self.item(keys[0]))
        elif kind == "delete":
            client.delete_item(TableName="storm", Key={"pk": {"S": keys[0]}})
        elif kind == "batch":
            client.batch_write_item(RequestItems={"storm": [{"PutRequest": {"Item": self.item(k)}} for k in keys]})
        else:
            client.transact_write_items(TransactItems=[{"Put": {"TableName": "storm", "Item": self.item(k)}} for k in keys])

    def check(self, found):
        """Compares with what is there now, and takes it over where it was uncertain."""
        happened = {found.get(key) == n for key, n in self.uncertain.items()}
        stayed = {found.get(key) == self.acknowledged.get(key) for key in self.uncertain}
        if self.uncertain:
            assert happened == {True} or stayed == {True}, f"torn: {self.uncertain}, there is {found}"
        if happened == {True}:
            self.acknowledged.update(self.uncertain)
        self.uncertain = {}
        assert found == {k: n for k, n in self.acknowledged.items() if n is not None}


def table_now(client):
    pages = client.get_paginator("scan").paginate(TableName="storm", ConsistentRead=True)
    return {i["pk"]["S"]: i for page in pages for i in page["Items"]}


def check_index(client, table):
    pages = client.get_paginator("scan").paginate(TableName="storm", IndexName="by-g")
    entries = {i["pk"]["S"]: i for page in pages for i in page["Items"]}
    assert entries == {k: {name: i[name] for name in ("pk", "g", "n")} for k, i in table.items()}


def check_stream(endpoint, table, seen):
    """Plays all changes on an empty table: what comes out must be the table."""
    streams = make_client("dynamodbstreams", endpoint, ACCOUNT)
    arn = streams.list_streams(TableName="storm")["Streams"][0]["StreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = dict(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=seen["last"]) if seen["last"] else dict(ShardIteratorType="TRIM_HORIZON")
    at = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], **start)["ShardIterator"]
    while True:
        page = streams.get_records(ShardIterator=at)
        if not page["Records"]:
            break
        for record in page["Records"]:
            change = record["dynamodb"]
            key = change["Keys"]["pk"]["S"]
            assert change.get("OldImage") == seen["items"].get(key), "a change is missing or told twice"
            seen["items"][key] = change.get("NewImage")
            seen["last"] = change["SequenceNumber"]
        at = page["NextShardIterator"]
    assert {k: i for k, i in seen["items"].items() if i} == table


def test_nothing_acknowledged_is_lost(tmp_path):
    chance = seeded()
    server, client = start(tmp_path)
    create(client)
    writers = [Writer(f"w{n}") for n in range(WRITERS)]
    seen = {"last": None, "items": {}}
    for _ in range(ROUNDS):
        storm_until_killed(server, chance, [functools.partial(w.storm, client) for w in writers])
        server, client = start(tmp_path)
        table = table_now(client)
        for w in writers:
            w.check({k: int(i["n"]["N"]) for k, i in table.items() if k.startswith(w.name + "-")})
        check_index(client, table)
        check_stream(server.endpoint, table, seen)
    assert server.stop() == 0
    assert sum(w.n for w in writers) > ROUNDS
