"""The example subsystem, end to end: what the demo shows, with assertions, twice, and with kill -9 in the middle."""
import pathlib
import socket
import sys

import pytest

from virga_process import Virga

FIXTURE = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "bike-rental"
sys.path.insert(0, str(FIXTURE))

pytestmark = pytest.mark.skipif(
    not (FIXTURE / "node_modules").exists(), reason="the functions' SDK is not installed: npm ci in fixtures/bike-rental"
)


def quiet(*_):
    pass


@pytest.fixture(scope="module")
def played():
    from demo import Cloud, play

    server = Virga()
    cloud = Cloud(server.endpoint, account="100000000777")
    story = play(cloud, say=quiet)
    yield {"cloud": cloud, **story}
    assert server.stop() == 0


def test_the_view_shows_what_happened(played):
    rental = played["rental"]
    status, listing, _ = rental.request("GET", "/rentals")
    assert status == 200
    seen = {entry["id"]: entry for entry in listing["rentals"]}
    assert set(seen) == {played["first"]["id"], played["second"]["id"]}
    completed = seen[played["first"]["id"]]
    assert (completed["status"], completed["version"], completed["minutes"]) == ("completed", 4, 45)
    assert completed["pickedUpAt"] > completed["reservedAt"]
    expired = seen[played["second"]["id"]]
    assert (expired["status"], expired["version"], expired["lastEvent"]) == ("expired", 2, "reservation-expired")


def test_the_lake_has_every_event_once(played):
    types = sorted(event["detail-type"] for _, event in played["lake"])
    assert types == [
        "bike-picked-up",
        "bike-returned",
        "rental-completed",
        "reservation-created",
        "reservation-created",
        "reservation-expired",
    ]
    for key, event in played["lake"]:
        assert key.startswith(f"{event['time'][:10]}/{event['detail-type']}/rental-lake-1-") and key.endswith(".gz")
        assert event["account"] == "100000000777" and event["region"] == "eu-central-1"
        assert event["source"] == ("bike-rental.control" if event["detail-type"] == "rental-completed" else "bike-rental.bff")


def test_an_expired_reservation_is_gone_from_the_table(played):
    items = played["cloud"].aws("dynamodb").scan(TableName="rentals")["Items"]
    assert [item["id"]["S"] for item in items] == [played["first"]["id"]]


def test_bad_requests(played):
    rental = played["rental"]
    assert rental.request("POST", "/rentals", {"bike": "red-7"})[0] == 400
    assert rental.request("GET", "/rentals/none")[0] == 404
    assert rental.request("POST", f"/rentals/{played['first']['id']}/return")[0] == 409
    assert rental.request("DELETE", "/rentals")[0] == 404


def paths(spans, above=()):
    """Every path from a root of the tree to a leaf."""
    for span in spans:
        path = above + (span,)
        if span["children"]:
            yield from paths(span["children"], path)
        else:
            yield path


def follows(path, steps):
    """Whether the steps (parts of "name resource") are met along the path, in order."""
    rest = iter(path)
    return all(any(step in f"{span['name']} {span.get('resource', '')}" for span in rest) for step in steps)


VIEW_CHAIN = ["apigateway:POST", ":bff", "dynamodb:", ":trigger", "events:PutEvents", "rental-view-updates", ":view", "dynamodb:PutItem"]
RECEIVED = ["apigateway:POST", ":bff", "dynamodb:", ":trigger", "events:PutEvents", "firehose:PutRecord", "firehose:transform"]
TRANSFORM_CHAIN = [*RECEIVED, "lambda:Invoke", ":lake"]
LAKE_CHAIN = [*RECEIVED, "firehose:deliver", "s3:PutObject"]
CONTROL_CHAIN = [
    *["apigateway:POST", ":bff", "dynamodb:UpdateItem", ":trigger", "events:PutEvents", "kinesis:PutRecord", ":control"],
    *["events:PutEvents", "rental-view-updates", ":view", "dynamodb:PutItem"],
]


@pytest.mark.parametrize(
    "steps", [VIEW_CHAIN, TRANSFORM_CHAIN, LAKE_CHAIN, CONTROL_CHAIN], ids=["view", "transformation", "lake", "control"]
)
def test_one_request_is_the_root_of_all_it_caused(played, steps):
    tree = played["tree"]
    assert len(tree) == 1 and tree[0]["kind"] == "http"
    found = [" > ".join(span["name"] for span in path) for path in paths(tree)]
    assert any(follows(path, steps) for path in paths(tree)), "\n".join(found)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def recording(port):
    from demo import Cloud, play

    server = Virga("--seed", "7", "--freeze-clock", "2026-01-01T00:00:00Z", port=port)
    answers = []
    try:
        play(Cloud(server.endpoint, record=lambda *answer: answers.append(answer)), say=quiet)
    finally:
        assert server.stop() == 0
    return answers


def test_a_seed_and_a_frozen_clock_give_the_same_bytes():
    port = free_port()  # the same for both: queue URLs name it
    first, second = recording(port), recording(port)
    assert len(first) > 50
    for one, other in zip(first, second):
        assert one == other
    assert len(first) == len(second)


class Crashing:
    """A virga on a data directory that is killed and started again."""

    def __init__(self, data):
        self.data = str(data)
        self.server = None
        self.rental = None
        self.start()

    def start(self):
        from demo import Cloud, Rental

        self.server = Virga("--data", self.data)
        cloud = Cloud(self.server.endpoint)
        deployed = self.rental.deployed if self.rental else None
        self.rental = Rental(cloud)
        if deployed:
            self.rental.deployed.api = deployed.api

    def crash(self):
        self.server.kill()
        self.start()

    def view(self, identifier):
        self.rental.cloud.wait()
        return self.rental.request("GET", f"/rentals/{identifier}")[1]


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path):
    world = Crashing(tmp_path / "data")
    world.rental.deployed.deploy()

    # Each request is acknowledged, and the process dies before what it causes can have ended.
    status, made, _ = world.rental.request("POST", "/rentals", {"bike": "red-7", "rider": "ada"})
    assert status == 201
    world.crash()
    assert world.view(made["id"])["status"] == "reserved"

    assert world.rental.request("POST", f"/rentals/{made['id']}/pick-up")[0] == 200
    world.crash()
    assert world.view(made["id"])["status"] == "picked-up"

    assert world.rental.request("POST", f"/rentals/{made['id']}/return")[0] == 200
    world.crash()
    world.crash()
    assert world.view(made["id"])["status"] == "completed"

    status, other, _ = world.rental.request("POST", "/rentals", {"bike": "blue-2", "rider": "bob"})
    world.crash()
    world.rental.cloud.wait()
    world.rental.cloud.advance(16 * 60)
    world.crash()
    world.rental.cloud.advance(16 * 60)  # the clock begins anew with a process
    assert world.view(other["id"])["status"] == "expired"

    world.crash()  # with events in the lake's buffers
    world.rental.cloud.advance(40 * 60)
    world.rental.cloud.wait()

    # At least once: events may be in the lake twice (under different ids only if they were said twice), but none is missing.
    said = {(event["detail"]["rental"]["id"], event["detail-type"]) for _, event in world.rental.lake()}
    assert said == {
        *((made["id"], kind) for kind in ("reservation-created", "bike-picked-up", "bike-returned", "rental-completed")),
        *((other["id"], kind) for kind in ("reservation-created", "reservation-expired")),
    }
    assert world.server.stop() == 0


