"""Requests that no SDK would send: the wrong type at every member of every operation (made from the API model), bodies of 16 MB, JSON
200,000 levels deep. Each gets its error, nothing changes, and the server goes on."""
import http.client
import json

import pytest
from virga_process import ROOT

MODELS = {"DynamoDB_20120810": "model.json", "DynamoDBStreams_20120810": "model_streams.json"}
WRONG = {
    "string": [1, 1.5, True, [], {}],
    "blob": [1, True, [], {}, "a"],
    "boolean": ["x", 1, [], {}],
    "integer": ["x", True, [], {}],
    "long": ["x", True, [], {}],
    "double": ["x", True, [], {}],
    "timestamp": ["x", True, [], {}],
    "list": ["x", 1, True, {}],
    "map": ["x", 1, True, []],
    "structure": ["x", 1, True, []],
}
# These are not there, and say so whatever the body.
NOT_THERE = {"CancelBulkOperation", "DescribeBulkOperation", "ListBulkOperations", "SearchVectors", "StartBulkPutItems"}
JAVA_NAMES = {"string": "String", "boolean": "Boolean", "integer": "Integer", "long": "Long", "double": "Double"}
DEEP = 200_000


def refusal(kind, shape, value):
    """What the service says of a value where one of another kind is wanted; None where it is not the same for all."""
    if kind in ("list", "map", "structure"):
        if isinstance(value, dict):
            return "Start of structure or map found where not expected"
        if isinstance(value, list) and kind == "structure":
            return f"Unrecognized collection type class com.amazonaws.dynamodb.v20120810.{shape}"
        return "Unexpected field type"
    if isinstance(value, dict):
        return "Start of structure or map found where not expected"
    if kind == "timestamp" or isinstance(value, list):
        return None
    if kind == "blob":
        return None if isinstance(value, str) else "only base-64-encoded strings are convertible to bytes"
    given = "TRUE" if value is True else "STRING" if isinstance(value, str) else "DECIMAL" if isinstance(value, float) else "NUMBER"
    return f"{given}_VALUE cannot be converted to {JAVA_NAMES[kind]}"


class Raw:
    """Signed for an account, one connection."""

    def __init__(self, server, account):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.account = account

    def call(self, operation, body, target="DynamoDB_20120810"):
        scope = f"{self.account}/20260101/us-east-1/dynamodb/aws4_request"
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"{target}.{operation}",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        }
        self.connection.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body).encode(), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.getheader("Connection") == "close":
            self.connection.close()
        document = json.loads(text) if text.startswith(b"{") else {}
        return answer.status, document.get("__type", "").split("#")[-1], document


def paths(shapes, name, inside=()):
    """(steps, shape's name) of every member below a shape: `wrapped` puts a value there."""
    shape = shapes[name]
    yield inside, name
    if inside.count(name) > 1 or len(inside) > 24:  # shapes that contain themselves: two levels
        return
    if shape["type"] == "structure":
        for member, reference in shape.get("members", {}).items():
            yield from paths(shapes, reference["shape"], (*inside, name, member))
    elif shape["type"] == "list":
        yield from paths(shapes, shape["member"]["shape"], (*inside, name, 0))
    elif shape["type"] == "map":
        yield from paths(shapes, shape["value"]["shape"], (*inside, name, "aaa"))


def wrapped(steps, value):
    for step in reversed(steps[1::2]):
        value = [value] if step == 0 else {step: value}
    return value


def everything(db, streams, arn):
    """All that an account's DynamoDB shows, without what differs from call to call."""
    asked = [
        (db.scan, {"TableName": "aaa"}), (db.list_tables, {}), (db.describe_table, {"TableName": "aaa"}), (db.describe_time_to_live, {"TableName": "aaa"}),
        (db.list_tags_of_resource, {"ResourceArn": arn}), (db.describe_contributor_insights, {"TableName": "aaa"}), (db.list_backups, {}), (db.list_exports, {}),
        (db.list_imports, {}), (db.list_global_tables, {}), (db.get_resource_policy, {"ResourceArn": arn}), (db.describe_kinesis_streaming_destination, {"TableName": "aaa"}),
        (streams.list_streams, {}),
    ]
    seen = [{k: v for k, v in call(**parameters).items() if k != "ResponseMetadata"} for call, parameters in asked]
    recovery = db.describe_continuous_backups(TableName="aaa")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    seen.append(recovery["PointInTimeRecoveryStatus"])
    stream = streams.list_streams()["Streams"][0]["StreamArn"]
    for shard in streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]:
        at = streams.get_shard_iterator(StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        seen.append(streams.get_records(ShardIterator=at)["Records"])
    return seen


@pytest.fixture
def table(aws, account, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    arn = db.create_table(
        TableName="aaa",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        Tags=[{"Key": "aaa", "Value": "aaa"}],
        ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )["TableDescription"]["TableArn"]
    db.put_item(TableName="aaa", Item={"pk": {"S": "aaa"}, "n": {"N": "1"}})
    db.create_backup(TableName="aaa", BackupName="aaa")
    before = everything(db, streams, arn)
    yield db
    assert everything(db, streams, arn) == before


@pytest.mark.parametrize("target", MODELS)
def test_every_wrong_type_at_every_member(virga, account, table, target):
    model = json.loads((ROOT / "apis" / "dynamodb" / MODELS[target]).read_text())
    shapes, raw, tried = model["shapes"], Raw(virga, account), {}
    for operation, description in model["operations"].items():
        if operation in NOT_THERE:
            assert raw.call(operation, {}, target)[0] == 501
            continue
        for steps, shape in paths(shapes, description["input"]["shape"]):
            kind = shapes[shape]["type"]
            for value in WRONG[kind]:
                status, code, document = raw.call(operation, wrapped(steps, value), target)
                case = (operation, wrapped(steps, value), status, document)
                assert (status, code) == (400, "SerializationException"), case
                text = refusal(kind, shape, value) if steps else "Unexpected value type in payload"
                assert text is None or document.get("Message") == text, case
                tried[operation] = tried.get(operation, 0) + 1
    assert set(tried) == set(model["operations"]) - NOT_THERE
    assert sum(tried.values()) > (5000 if target.startswith("DynamoDB_") else 50)


BIG = 16 * 1024 * 1024


def padded(start, end, size=BIG):
    return start + b"x" * (size - len(start) - len(end)) + end


@pytest.mark.parametrize(
    "operation, body, status, code",
    [
        ("PutItem", padded(b'{"TableName":"aaa","Item":{"pk":{"S":"', b'"}}}'), 400, "ValidationException"),
        ("PutItem", padded(b'{"TableName":"aaa","Item":{"pk":{"S":"aaa"},"', b'":{"S":""}}}'), 400, "ValidationException"),
        ("PutItem", b'{"TableName":"aaa","Item":{"pk":{"S":"aaa"},"l":{"L":[' + b'{"N":"1"},' * 1_500_000 + b'{"N":"1"}]}}}', 400, "ValidationException"),
        ("GetItem", padded(b'{"TableName":"aaa","Key":{"pk":{"S":"aaa"}},"Unknown":"', b'"}'), 200, ""),
        ("GetItem", padded(b'{"TableName":"', b'","Key":{"pk":{"S":"aaa"}}}'), 400, "ValidationException"),
        ("Query", padded(b'{"TableName":"aaa","KeyConditionExpression":"', b'"}'), 400, "ValidationException"),
        ("ExecuteStatement", padded(b'{"Statement":"', b'"}'), 400, "ValidationException"),
        ("PutItem", padded(b'{"TableName":"aaa","Item":{"pk":{"S":"aaa"},"n":{"N":"1', b'"}}}').replace(b"x", b"1"), 400, "ValidationException"),
        ("PutItem", padded(b'{"TableName":"aaa","Item":{"pk":{"S":"', b'"}}}', BIG + 1), 413, None),
    ],
    ids=["key", "name", "list", "unknown", "table", "expression", "statement", "number", "too-large"],
)
def test_bodies_of_16_megabytes(virga, account, table, operation, body, status, code):
    got, got_code, document = Raw(virga, account).call(operation, body)
    assert got == status, (got, str(document)[:300])
    assert code is None or got_code == code


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b'{"TableName":' * DEEP,
        b'{"TableName":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"TableName":"aaa","Item":{"pk":{"S":"aaa"},"l":' + b'{"L":[' * DEEP + b'{"N":"1"}' + b"]}" * DEEP + b"}}",
        b'{"TableName":"aaa","Item":{"pk":{"S":"aaa"},"m":' + b'{"M":{"a":' * DEEP + b'{"N":"1"}' + b"}}" * DEEP + b"}}",
        b'{"TableName":"aaa","Item":{"pk":{"S":"bbb"}},"Unknown":' + b"[" * DEEP + b"]" * DEEP + b"}",
    ],
    ids=["open", "objects", "arrays", "lists", "maps", "unknown"],
)
def test_json_of_200_000_levels(virga, account, table, body):
    status, code, document = Raw(virga, account).call("PutItem", body)
    assert status == 400 and code in ("SerializationException", "ValidationException"), (status, str(document)[:300])


def test_expressions_of_deep_parentheses(virga, account, table):
    raw = Raw(virga, account)
    for text in ("(" * 4000, "(" * 1900 + "pk = :a" + ")" * 1900, "NOT " * 1000 + "pk = :a", "size(" * 800):
        body = {"TableName": "aaa", "FilterExpression": text, "ExpressionAttributeValues": {":a": {"S": "a"}}}
        status, code, document = raw.call("Scan", body)
        assert (status, code) == (400, "ValidationException"), (text[:20], document)
    for text in ("SELECT * FROM aaa WHERE " + "(" * 8000, "SELECT * FROM aaa WHERE pk = " + "[" * 8000, "SELECT * FROM aaa WHERE " + "NOT " * 2000 + "pk='a'"):
        status, code, document = raw.call("ExecuteStatement", {"Statement": text})
        assert status in (200, 400), (text[:40], document)
