"""Quotas at their edge: what is just allowed, and one more. Those of DynamoDB, S3 and the clients' own sizes are tested with their services."""
import contextlib
import datetime
import json
import sqlite3

import botocore.exceptions
import pytest

from conftest import make_client
from virga_process import Virga

ROLE = "arn:aws:iam::123456789012:role/r"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def virtual_now(virga):
    return datetime.datetime.fromisoformat(virga.get("/_virga/clock")["now"].replace("Z", "+00:00")).timestamp()


# ---- EventBridge ----

FULL = ("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def test_300_rules_on_a_bus(aws):
    events = aws("events")
    for n in range(300):
        events.put_rule(Name=f"r{n}", EventPattern='{"source":["a"]}')
    assert error_of(events.put_rule, Name="more", EventPattern='{"source":["a"]}') == FULL
    events.put_rule(Name="r7", EventPattern='{"source":["b"]}')  # no new one
    events.create_event_bus(Name="other")
    events.put_rule(Name="more", EventBusName="other", EventPattern='{"source":["a"]}')


def test_5_targets_of_a_rule(aws):
    events = aws("events")
    events.put_rule(Name="r", EventPattern='{"source":["a"]}')
    targets = [{"Id": str(n), "Arn": f"arn:aws:sqs:us-east-1:123456789012:q{n}"} for n in range(6)]
    assert events.put_targets(Rule="r", Targets=targets[:5])["FailedEntryCount"] == 0
    assert error_of(events.put_targets, Rule="r", Targets=targets[5:]) == FULL
    assert len(events.list_targets_by_rule(Rule="r")["Targets"]) == 5


def test_100_buses(aws):
    events = aws("events")
    for n in range(99):  # beside the default one
        events.create_event_bus(Name=f"b{n}")
    assert error_of(events.create_event_bus, Name="more") == FULL


def test_100_input_paths(aws):
    events = aws("events")
    events.put_rule(Name="r", EventPattern='{"source":["a"]}')

    def put(paths):
        transformer = {"InputPathsMap": {f"p{n}": "$.detail" for n in range(paths)}, "InputTemplate": '"<p0>"'}
        return events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q", "InputTransformer": transformer}])

    assert put(100)["FailedEntryCount"] == 0
    code, text = error_of(put, paths=101)
    assert code == "ValidationException" and text.startswith("1 validation error detected: Value '{")
    assert text.endswith("' at 'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint: Member must have length less than or equal to 100")


def test_30_rules_with_wildcards_on_a_bus(aws):
    events = aws("events")
    wild = '{"source":[{"anything-but":{"wildcard":"a*b"}}]}'
    for n in range(30):
        events.put_rule(Name=f"r{n}", EventPattern='{"source":[{"wildcard":"a*b"}]}' if n % 2 else wild)
    assert error_of(events.put_rule, Name="more", EventPattern=wild) == FULL
    events.put_rule(Name="r7", EventPattern=wild)  # one of the thirty
    events.put_rule(Name="r7", EventPattern='{"source":["a"]}')
    events.put_rule(Name="more", EventPattern=wild)


# ---- IAM ----


def document(size):
    """A policy of so many characters without white space."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::"}]}
    policy["Statement"][0]["Resource"] += "x" * (size - len(json.dumps(policy, separators=(",", ":"))))
    return json.dumps(policy)


def test_sizes_of_policies(aws):
    iam = aws("iam")
    iam.create_policy(PolicyName="fits", PolicyDocument=document(6144))
    assert error_of(iam.create_policy, PolicyName="more", PolicyDocument=document(6145)) == ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_user(UserName="u")
    iam.create_group(GroupName="g")
    for kind, name, most in (("role", "r", 10240), ("user", "u", 2048), ("group", "g", 5120)):
        put = getattr(iam, f"put_{kind}_policy")
        owner = {f"{kind.capitalize()}Name": name}
        half = most // 2
        put(**owner, PolicyName="a", PolicyDocument=document(half))
        put(**owner, PolicyName="b", PolicyDocument=document(most - half))
        code, message = error_of(put, **owner, PolicyName="b", PolicyDocument=document(most - half + 1))
        assert (code, message) == ("LimitExceeded", f"Maximum policy size of {most} bytes exceeded for {kind} {name}")


def test_10_attached_policies(aws):
    iam = aws("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    arns = [iam.create_policy(PolicyName=f"p{n}", PolicyDocument=document(200))["Policy"]["Arn"] for n in range(11)]
    for arn in arns[:10]:
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert error_of(iam.attach_role_policy, RoleName="r", PolicyArn=arns[10]) == ("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10")
    iam.attach_role_policy(RoleName="r", PolicyArn=arns[0])  # it is attached


# ---- queues, streams, logs ----


def test_10_source_queues_in_a_redrive_allow_policy(aws, account):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]

    def allow(count):
        policy = {"redrivePermission": "byQueue", "sourceQueueArns": [f"arn:aws:sqs:us-east-1:{account}:q{n}" for n in range(count)]}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": json.dumps(policy)})

    allow(10)
    assert error_of(allow, count=11)[0] == "InvalidParameterValue"


def test_10_mib_of_records(aws):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="s", WaiterConfig={"Delay": 0})
    mib = b"x" * (1024 * 1024 - 1)
    records = [{"Data": mib, "PartitionKey": "k"} for _ in range(10)]  # keys count
    assert len(kinesis.put_records(StreamName="s", Records=records)["Records"]) == 10
    records.append({"Data": b"", "PartitionKey": "k"})
    assert error_of(kinesis.put_records, StreamName="s", Records=records) == ("InvalidArgumentException", "Records size exceeds 10 MB limit")


def test_4_mib_in_a_firehose_batch(aws):
    firehose, s3 = aws("firehose"), aws("s3")
    s3.create_bucket(Bucket="limits-of-firehose")
    firehose.create_delivery_stream(DeliveryStreamName="d", ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::limits-of-firehose"})
    records = [{"Data": b"x" * 1_000_000} for _ in range(4)] + [{"Data": b"x" * (4 * 1024 * 1024 - 4_000_000)}]
    assert firehose.put_record_batch(DeliveryStreamName="d", Records=records)["FailedPutCount"] == 0
    records[-1]["Data"] += b"x"
    assert error_of(firehose.put_record_batch, DeliveryStreamName="d", Records=records) == ("InvalidArgumentException", "Records size exceeds 4 MB limit")


def test_a_batch_of_log_events(aws, virga):
    logs = aws("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    now = int(virtual_now(virga) * 1000)
    day = 24 * 3600 * 1000

    def put(*events):
        return logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=[{"timestamp": t, "message": m} for t, m in events])

    put((now - day, "a"), (now, "b"))
    assert "cannot span more than 24 hours" in error_of(lambda: put((now - day - 1, "a"), (now, "b")))[1]
    half = "x" * (1048576 // 2 - 26)  # each event counts 26 bytes more
    put((now, half), (now, half))
    assert error_of(lambda: put((now, half), (now, half + "x")))[0] == "InvalidParameterException"


# ---- API Gateway ----


def test_10_mb_timeouts_and_names_of_a_gateway(aws, virga):
    gateway = aws("apigateway")
    api = gateway.create_rest_api(name="a")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    ids = dict(restApiId=api, resourceId=root, httpMethod="POST")
    gateway.put_method(**ids, authorizationType="NONE")
    for timeout in (49, 29001):
        assert error_of(gateway.put_integration, **ids, type="MOCK", timeoutInMillis=timeout) == ("BadRequestException", "Timeout should be between 50 ms and 29000 ms")
    for timeout in (50, 29000):
        gateway.put_integration(**ids, type="MOCK", timeoutInMillis=timeout, requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_method_response(**ids, statusCode="200")
    gateway.put_integration_response(**ids, statusCode="200")
    assert error_of(gateway.create_deployment, restApiId=api, stageName="s" * 129) == ("BadRequestException", "Stage name only allows a-zA-Z0-9_")
    stage = "s" * 128
    gateway.create_deployment(restApiId=api, stageName=stage)

    def post(size):
        return virga.request("POST", f"/_aws/execute-api/{api}/{stage}/", b"x" * size, {"Content-Type": "application/json"})[0]

    assert post(10 << 20) == 200
    assert post((10 << 20) + 1) == 413


# ---- Scheduler ----


def test_500_schedule_groups_and_five_minutes_ago(aws, account, virga):
    scheduler = aws("scheduler")
    for n in range(499):  # beside the default one
        scheduler.create_schedule_group(Name=f"g{n}")
    assert error_of(scheduler.create_schedule_group, Name="more")[0] == "ServiceQuotaExceededException"
    now = virtual_now(virga)
    target = {"Arn": f"arn:aws:sqs:us-east-1:{account}:q", "RoleArn": ROLE}
    schedule = dict(ScheduleExpression="rate(1 hour)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target)
    scheduler.create_schedule(Name="s", StartDate=now - 200, **schedule)
    assert error_of(scheduler.create_schedule, Name="t", StartDate=now - 400, **schedule)[1] == "The StartDate you specify cannot be earlier than 5 minutes ago."


# ---- quotas of thousands ----


def seed(folder, account):
    """One less than each quota, written into the store of a server that has stopped: a user may read and write that file."""
    with contextlib.closing(sqlite3.connect(folder / account / "us-east-1" / "state.db")) as db, db:

        def rows(insert, count):
            db.execute(f"WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < {count}) {insert} FROM row")

        for kind in ("connection", "api-destination"):
            rows(f"INSERT INTO event_resource(kind, name, document) SELECT '{kind}', 'seed' || n, '{{}}'", 2999)
        replay = "(name, archive, bus, description, filters, first, last, state, started, ended, last_time)"
        rows(f"INSERT INTO event_replay{replay} SELECT 'seed' || n, 'a', 'default', '', '[]', 0, 1, 'RUNNING', 1, 0, 0", 9)
        rows("INSERT INTO pipe(name, document, desired, state, reason, created, modified, tags) SELECT 'seed' || n, '{}', 'STOPPED', 'STOPPED', '', 1, 1, '{}'", 999)
        rows("INSERT INTO schedule(grp, name, state, document, created, modified, anchor, ending) SELECT 'default', 'seed' || n, 'DISABLED', '{}', 1, 1, 1, 0", 999_999)


def test_quotas_of_thousands(tmp_path):
    account = "100000000009"
    server = Virga("--data", str(tmp_path))
    try:
        make_client("pipes", server.endpoint, account).list_pipes()
        make_client("scheduler", server.endpoint, account).list_schedules()
        make_client("sqs", server.endpoint, account).create_queue(QueueName="q")
        events = make_client("events", server.endpoint, account)
        events.list_connections()
        archive = events.create_archive(ArchiveName="a", EventSourceArn=f"arn:aws:events:us-east-1:{account}:event-bus/default")["ArchiveArn"]
        assert server.stop() == 0
        seed(tmp_path, account)
        server = Virga("--data", str(tmp_path))
        events, pipes, scheduler = (make_client(s, server.endpoint, account) for s in ("events", "pipes", "scheduler"))
        basic = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
        queue = f"arn:aws:sqs:us-east-1:{account}:q"

        def connection(name):
            return events.create_connection(Name=name, AuthorizationType="BASIC", AuthParameters=basic)["ConnectionArn"]

        arn = connection("last")

        def destination(name):
            events.create_api_destination(Name=name, ConnectionArn=arn, InvocationEndpoint="https://example.com/", HttpMethod="POST")

        def replay(name):
            events.start_replay(ReplayName=name, EventSourceArn=archive, EventStartTime=0, EventEndTime=1, Destination={"Arn": archive.replace("archive/a", "event-bus/default")})

        def pipe(name):
            pipes.create_pipe(Name=name, Source=queue, Target=queue, RoleArn=ROLE, DesiredState="STOPPED")

        def schedule(name):
            target = {"Arn": queue, "RoleArn": ROLE}
            scheduler.create_schedule(Name=name, ScheduleExpression="rate(1 hour)", State="DISABLED", FlexibleTimeWindow={"Mode": "OFF"}, Target=target)

        for create in (destination, pipe, schedule):
            create("last")
        assert [error_of(create, name="more") for create in (connection, destination)] == [FULL, FULL]
        assert [error_of(create, name="more")[0] for create in (pipe, schedule)] == ["ServiceQuotaExceededException"] * 2
        replay("tenth")  # there is nothing to replay: it is over at once
        server.wait()
        assert events.describe_replay(ReplayName="tenth")["State"] == "COMPLETED"
        server.stop()
        with contextlib.closing(sqlite3.connect(tmp_path / account / "us-east-1" / "state.db")) as db, db:
            db.execute("UPDATE event_replay SET state = 'RUNNING', ended = 0")
        server = Virga("--data", str(tmp_path))
        events = make_client("events", server.endpoint, account)
        assert error_of(replay, name="eleventh") == FULL
    finally:
        server.kill()
