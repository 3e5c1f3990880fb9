"""CloudWatch Logs."""
import botocore.exceptions
import pytest


def error_of(call):
    with pytest.raises(botocore.exceptions.ClientError) as e:
        call()
    return e.value.response["Error"]["Code"], e.value.response["Error"]["Message"]


@pytest.fixture
def logs(aws):
    return aws("logs")


def now_ms(virga):
    from datetime import datetime
    now = virga.now()
    return int(datetime.fromisoformat(now.replace("Z", "+00:00")).timestamp() * 1000) if isinstance(now, str) else int(now)


@pytest.fixture
def stream(logs):
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    return {"logGroupName": "g", "logStreamName": "s"}


def put(logs, stream, *events):
    return logs.put_log_events(**stream, logEvents=[{"timestamp": t, "message": m} for t, m in events])


def test_groups_and_streams(logs, account):
    logs.create_log_group(logGroupName="/a/one", tags={"x": "1"})
    logs.create_log_group(logGroupName="/b/two")
    assert error_of(lambda: logs.create_log_group(logGroupName="/a/one")) == ("ResourceAlreadyExistsException", "The specified log group already exists")
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/a")["logGroups"]
    assert group["arn"] == f"arn:aws:logs:us-east-1:{account}:log-group:/a/one:*"
    assert group["logGroupArn"] == f"arn:aws:logs:us-east-1:{account}:log-group:/a/one"
    logs.put_retention_policy(logGroupName="/a/one", retentionInDays=7)
    assert logs.describe_log_groups(logGroupNamePrefix="/a")["logGroups"][0]["retentionInDays"] == 7
    logs.tag_resource(resourceArn=group["logGroupArn"], tags={"y": "2"})
    logs.untag_resource(resourceArn=group["logGroupArn"], tagKeys=["x"])
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"y": "2"}
    logs.create_log_stream(logGroupName="/a/one", logStreamName="s1")
    assert [s["logStreamName"] for s in logs.describe_log_streams(logGroupName="/a/one")["logStreams"]] == ["s1"]
    logs.delete_log_group(logGroupName="/a/one")
    assert error_of(lambda: logs.describe_log_streams(logGroupName="/a/one")) == ("ResourceNotFoundException", "The specified log group does not exist.")
    assert [g["logGroupName"] for p in logs.get_paginator("describe_log_groups").paginate(limit=1) for g in p["logGroups"]] == ["/b/two"]


def test_get_log_events_pages_both_ways_and_ends_on_an_equal_token(logs, stream, virga):
    now = now_ms(virga)
    put(logs, stream, *[(now + i, f"m{i}") for i in range(10)])
    page = logs.get_log_events(**stream, limit=3)
    assert [e["message"] for e in page["events"]] == ["m7", "m8", "m9"]  # the newest
    page = logs.get_log_events(**stream, limit=3, nextToken=page["nextBackwardToken"])
    assert [e["message"] for e in page["events"]] == ["m4", "m5", "m6"]
    seen, token = [], None
    while True:
        page = logs.get_log_events(**stream, limit=4, startFromHead=True, **({"nextToken": token} if token else {}))
        seen += [e["message"] for e in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert seen == [f"m{i}" for i in range(10)]
    window = logs.get_log_events(**stream, startTime=now + 2, endTime=now + 4, startFromHead=True)
    assert [e["message"] for e in window["events"]] == ["m2", "m3"]  # the end is not in


def test_filter_patterns(logs, stream, virga):
    now = now_ms(virga)
    logs.create_log_stream(logGroupName="g", logStreamName="t")
    put(logs, stream, (now, '{"level":"ERROR","n":4}'), (now + 2, '{"level":"ERROR","n":2}'), (now + 3, "a line"), (now + 4, "b with c"))
    put(logs, {**stream, "logStreamName": "t"}, (now + 1, "127.0.0.1 id 503"))
    found = lambda pattern, **more: [e["message"] for e in logs.filter_log_events(logGroupName="g", filterPattern=pattern, **more)["events"]]
    assert found('{ $.level = "ERROR" && $.n > 3 }') == ['{"level":"ERROR","n":4}']
    assert found("?a ?b -c")[-1] == "a line"
    assert found("[ip, id, status=5*]") == ["127.0.0.1 id 503"]
    assert [m[:5] for m in found("")] == ['{"lev', "127.0", '{"lev', "a lin", "b wit"]  # streams merged by time
    assert found("", logStreamNames=["t"]) == ["127.0.0.1 id 503"]
    assert error_of(lambda: found("{ $.a }"))[0] == "InvalidParameterException"
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName="g", PaginationConfig={"PageSize": 2})
    assert sum(len(p["events"]) for p in pages) == 5


def test_events_out_of_time_are_rejected_by_index(logs, stream, virga):
    now, hour = now_ms(virga), 3_600_000
    assert "rejectedLogEventsInfo" not in put(logs, stream, (now, "good"))
    assert put(logs, stream, (now - 15 * 24 * hour, "old"))["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    assert put(logs, stream, (now, "good"), (now + 3 * hour, "new"))["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert len(logs.get_log_events(**stream)["events"]) == 2
    assert error_of(lambda: put(logs, stream, (now, "a"), (now - 1, "b"))) == (
        "InvalidParameterException", "Log events in a single PutLogEvents request must be in chronological order.")
    assert error_of(lambda: put(logs, {**stream, "logStreamName": "none"}, (now, "a"))) == (
        "ResourceNotFoundException", "The specified log stream does not exist.")


def test_retention_goes_by_the_clock(logs, stream, virga):
    put(logs, stream, (now_ms(virga), "short-lived"))
    logs.put_retention_policy(logGroupName="g", retentionInDays=1)
    assert len(logs.get_log_events(**stream)["events"]) == 1
    virga.advance(seconds=25 * 3600)
    assert logs.get_log_events(**stream)["events"] == []
    assert logs.filter_log_events(logGroupName="g")["events"] == []
