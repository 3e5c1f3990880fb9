"""What the tests of Kinesis at its edges share."""
import pytest

from conftest import make_client
from virga_process import Virga

MAX_HASH = 2**128 - 1


@pytest.fixture(scope="module")
def frozen():
    """An emulator whose clock stands still: every instant is one that the test has chosen."""
    server = Virga("--freeze-clock", "2024-01-01T00:00:02Z")
    yield server
    assert server.stop() == 0


@pytest.fixture
def at(frozen, account):
    """at("kinesis"): a client of the emulator that stands still."""
    return lambda service, **options: make_client(service, frozen.endpoint, account, **options)


@pytest.fixture
def arn(account):
    return f"arn:aws:kinesis:us-east-1:{account}:stream/s"


def shards(kinesis, **more):
    return kinesis.list_shards(StreamName="s", **more)["Shards"]


def open_shards(kinesis):
    """In hash order."""
    opened = [s for s in shards(kinesis) if "EndingSequenceNumber" not in s["SequenceNumberRange"]]
    return sorted(opened, key=lambda s: int(s["HashKeyRange"]["StartingHashKey"]))


def scale(kinesis, count):
    return kinesis.update_shard_count(StreamName="s", TargetShardCount=count, ScalingType="UNIFORM_SCALING")


def records(count, data=b"x", key="a"):
    return [{"PartitionKey": key, "Data": data} for _ in range(count)]
