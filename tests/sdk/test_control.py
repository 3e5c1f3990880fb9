"""The control API, checked against docs/control-api.json: every path and method there is called, every answer fits its schema."""
import datetime
import json
import pathlib
import urllib.parse

import jsonschema
import pytest

from conftest import make_client
from virga_process import Virga

DOCUMENT = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs" / "control-api.json").read_text())


@pytest.fixture(scope="module")
def own():
    server = Virga("--seed", "1")
    yield server
    assert server.stop() == 0


def call(server, method, template, body=None, query=None, **parameters):
    """Calls an operation of the document and checks status and body against it."""
    operation = DOCUMENT["paths"][template][method]
    path = template
    for name, value in parameters.items():
        path = path.replace("{%s}" % name, str(value))
    if query:
        path += "?" + urllib.parse.urlencode(query)
    status, headers, answer = server.request(method.upper(), path, body)
    assert str(status) in operation["responses"], (method, path, status, answer)
    assert headers["Content-Type"] == "application/json"
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    document = json.loads(answer)
    jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(document)
    return status, document


def test_every_documented_operation_answers_as_documented(own):
    fault = call(own, "post", "/_virga/faults", {"service": "sts", "code": "AccessDenied", "status": 403, "count": 2})[1]
    call(own, "delete", "/_virga/faults/{id}", id=fault["id"])
    unknown_trace, trigger = "/_virga/trace/{root}", "/_aws/events/rules/{arn}/trigger"
    rule = make_client("events", own.endpoint, "111122223333").put_rule(Name="r", ScheduleExpression="rate(1 day)", State="DISABLED")["RuleArn"]
    called = [("post", "/_virga/faults"), ("delete", "/_virga/faults/{id}")]
    examples = {
        ("post", "/_virga/clock"): dict(body={"action": "advance", "by": "1s"}),
        ("post", "/_virga/idle"): dict(body={"timeout": 1}),
        ("post", "/_virga/reset"): dict(body={"account": "999999999999"}),
        ("post", "/_virga/bus/explain"): dict(body={"event": {"n": 1}, "pattern": {"n": [1]}}),
        ("post", "/_virga/bus/health-checks"): dict(body={"arn": "arn:aws:route53:::healthcheck/h", "healthy": True}),
        ("post", "/_virga/table/settings"): dict(body={"account": "999999999999", "item_collection_limit": 10 * 2**30}),
        ("post", "/_virga/bus/settings"): dict(body={"account": "999999999999", "allow_aws_sources": False}),
        ("get", unknown_trace): dict(root="1-00000000-000000000000000000000000"),
        ("get", trigger): dict(arn=rule),
        ("post", trigger): dict(arn=rule),
    }
    for path, methods in DOCUMENT["paths"].items():
        for method in methods:
            if (method, path) in called:
                continue
            status, _ = call(own, method, path, **examples.get((method, path), {}))
            assert status == 404 if path == unknown_trace else status < 300


def test_clock_freezes_advances_and_resumes(own):
    call(own, "post", "/_virga/clock", {"action": "freeze"})
    before = call(own, "get", "/_virga/clock")[1]
    assert before["frozen"] is True
    after = call(own, "post", "/_virga/clock", {"action": "advance", "by": "1h30m"})[1]
    # Frozen, the clock moves by exactly what it was told.
    assert minutes(after["now"]) - minutes(before["now"]) == 90
    assert call(own, "get", "/_virga/clock")[1]["now"] == after["now"]
    assert call(own, "post", "/_virga/clock", {"action": "resume"})[1]["frozen"] is False


def minutes(instant):
    return datetime.datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp() / 60


@pytest.mark.parametrize(
    "path, body",
    [
        ("/_virga/clock", {"action": "leap"}),
        ("/_virga/clock", {"action": "advance"}),
        ("/_virga/clock", {"action": "advance", "by": 1, "to": "2040-01-01T00:00:00Z"}),
        ("/_virga/clock", {"action": "advance", "by": "tomorrow"}),
        ("/_virga/clock", {"action": "advance", "to": "1999-01-01T00:00:00Z"}),
        ("/_virga/clock", {"action": "freeze", "at": "1999-01-01T00:00:00Z"}),
        ("/_virga/clock", b"{"),
        ("/_virga/reset", {"account": "12"}),
        ("/_virga/faults", {"probability": 2}),
        ("/_virga/faults", {"status": 200}),
        ("/_virga/faults", {"colour": "red"}),
        ("/_virga/faults", []),
    ],
)
def test_a_wrong_request_is_refused_in_words(own, path, body):
    status, _, answer = own.request("POST", path, body)
    assert status == 400
    assert json.loads(answer)["error"]


def test_an_unknown_path_is_404(own):
    assert own.request("GET", "/_virga/nothing")[0] == 404


def test_a_fault_strikes_as_often_as_it_says_and_is_counted(virga, aws, account):
    virga.post("/_virga/faults", {"account": account, "service": "sts", "operation": "GetCallerIdentity", "skip": 1, "count": 1, "code": "AccessDenied", "status": 403, "message": "not now"})
    sts = aws("sts")
    sts.get_caller_identity()
    with pytest.raises(sts.exceptions.ClientError) as error:
        sts.get_caller_identity()
    assert error.value.response["Error"] == {"Type": "Sender", "Code": "AccessDenied", "Message": "not now"}
    sts.get_caller_identity()
    fault = [f for f in virga.get("/_virga/faults")["faults"] if f["account"] == account][0]
    assert fault["struck"] == 1 and fault["remaining"] == 0


def test_reset_of_an_account_leaves_the_others(virga, aws, account):
    mine = aws("sqs")
    mine.create_queue(QueueName="mine")
    other = make_client("sqs", virga.endpoint, "299999999999")
    other.create_queue(QueueName="other")
    virga.post("/_virga/reset", {"account": account})
    assert "QueueUrls" not in mine.list_queues()
    assert len(other.list_queues()["QueueUrls"]) == 1
