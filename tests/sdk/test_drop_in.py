"""What other emulators' users have in their scripts: variables of the environment, paths beside the APIs."""
import datetime
import json
import socket

import pytest

from conftest import make_client
from test_cli import command
from test_dynamodb import create
from virga_process import Virga


@pytest.mark.parametrize("prefix", ["", "LOCALSTACK_"])
def test_errors_by_probability(prefix):
    server = Virga(env={prefix + "DYNAMODB_WRITE_ERROR_PROBABILITY": "1", prefix + "KINESIS_ERROR_PROBABILITY": "1.0", prefix + "DYNAMODB_READ_ERROR_PROBABILITY": "0"})
    try:
        db, kinesis = make_client("dynamodb", server.endpoint, "111122223333"), make_client("kinesis", server.endpoint, "111122223333")
        create(db)
        with pytest.raises(db.exceptions.ProvisionedThroughputExceededException):
            db.put_item(TableName="table", Item={"pk": {"S": "a"}})
        assert db.scan(TableName="table")["Items"] == []
        kinesis.create_stream(StreamName="s", ShardCount=1)
        answer = kinesis.put_records(StreamName="s", Records=[{"Data": b"x", "PartitionKey": "a"}] * 3)
        assert answer["FailedRecordCount"] == 3
        assert {r["ErrorCode"] for r in answer["Records"]} == {"ProvisionedThroughputExceededException"}
        with pytest.raises(kinesis.exceptions.ProvisionedThroughputExceededException):
            kinesis.put_record(StreamName="s", Data=b"x", PartitionKey="a")
    finally:
        assert server.stop() == 0


@pytest.mark.parametrize("value", ["often", "1.5", "-1", "0.5x"])
def test_a_probability_that_is_none_is_refused(value):
    result = command("serve", "--port", "0", env={"DYNAMODB_ERROR_PROBABILITY": value})
    assert result.returncode == 1
    assert result.stderr == f'virga: DYNAMODB_ERROR_PROBABILITY is "{value}"; a number from 0 to 1 is expected.\n'
    assert command("version", env={"DYNAMODB_ERROR_PROBABILITY": value}).returncode == 0  # it is nothing to other commands


@pytest.mark.parametrize("name, value", [("GATEWAY_LISTEN", "127.0.0.1:{},0.0.0.0:1"), ("GATEWAY_LISTEN", "{}"), ("LOCALSTACK_EDGE_PORT", "{}")])
def test_where_to_listen(name, value):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = command("serve", env={name: value.format(port)})
    assert result.returncode == 1 and f"Port {port} on 127.0.0.1 is in use." in result.stderr


def test_persistence(tmp_path):
    environment = {"PERSISTENCE": "1", "LOCALSTACK_VOLUME_DIR": str(tmp_path / "volume")}
    for _ in range(2):
        server = Virga(env=environment)
        try:
            db = make_client("dynamodb", server.endpoint, "111122223333")
            if not db.list_tables()["TableNames"]:
                create(db)
        finally:
            assert server.stop() == 0
    assert (tmp_path / "volume" / "111122223333" / "us-east-1" / "state.db").exists()


@pytest.mark.parametrize("name, value, logged", [("DEBUG", "1", True), ("LS_LOG", "trace", True), ("DEBUG", "0", False), ("LS_LOG", "info", False)])
def test_requests_are_logged(tmp_path, monkeypatch, name, value, logged):
    monkeypatch.setenv("VIRGA_TEST_LOG", str(tmp_path / "log"))
    server = Virga(env={name: value})
    make_client("dynamodb", server.endpoint, "111122223333").list_tables()
    server.request("PUT", "/", b"{}", {"X-Amz-Target": "DynamoDB_20120810.ListTables"})
    assert server.stop() == 0
    log = (tmp_path / "log").read_text()
    assert ("dynamodb.ListTables 200" in log) == logged and ("dynamodb.ListTables 404" in log) == logged


def test_expired_items_are_counted(virga, account, aws):
    db = aws("dynamodb")
    create(db)
    db.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "end"})
    now = datetime.datetime.fromisoformat(virga.now()).timestamp()
    for n in range(3):
        db.put_item(TableName="table", Item={"pk": {"S": str(n)}, "end": {"N": str(int(now) + 1000)}})
    virga.request("DELETE", "/_aws/dynamodb/expired")  # what went before is counted, and forgotten
    virga.advance(seconds=2000)
    status, _, body = virga.request("DELETE", "/_aws/dynamodb/expired")
    assert status == 200 and json.loads(body) == {"ExpiredItems": 3}
    assert json.loads(virga.request("DELETE", "/_aws/dynamodb/expired")[2]) == {"ExpiredItems": 0}


def test_a_scheduled_rule_fires_when_told(virga, account, aws):
    events, sqs = aws("events"), aws("sqs")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = events.put_rule(Name="r", ScheduleExpression="rate(365 days)")["RuleArn"]
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    assert virga.request("GET", f"/_aws/events/rules/{rule}/trigger")[0] == 200
    virga.wait()
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    event = json.loads(messages[0]["Body"])
    assert len(messages) == 1 and event["detail-type"] == "Scheduled Event" and event["resources"] == [rule] and event["detail"] == {}


def test_rules_that_cannot_be_triggered(virga, account, aws):
    events = aws("events")
    events.create_event_bus(Name="orders")
    rule = events.put_rule(Name="r", EventBusName="orders", EventPattern='{"source": ["a"]}')["RuleArn"]
    for path, expected, message in [(rule, 400, "the rule has no schedule"), (rule + "2", 404, f"there is no rule {rule}2"), ("r", 404, "there is no rule r")]:
        status, _, body = virga.request("POST", f"/_aws/events/rules/{path}/trigger")
        assert status == expected and json.loads(body) == {"error": message}
