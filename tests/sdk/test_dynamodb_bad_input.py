"""Requests that no SDK would send: the wrong type at every member of every operation (made from the API model), bodies of 16 MB, JSON
200,000 levels deep. Each gets its error, nothing changes, and the server goes on."""
import http.client
import json
import random

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


WORDS = {  # what members of these names may say, so that some requests get far
    "TableName": ["aaa", "bbb", "none"], "IndexName": ["by-n", "by-t", "none"], "AttributeName": ["pk", "n", "t"], "RegionName": ["us-east-1", "eu-west-1", "nowhere"],
    "KeyConditionExpression": ["pk = :a", "n = :a AND pk > :b", "begins_with(pk, :a)"], "ProjectionExpression": ["pk, n", "m.#a[0]", "#a"],
    "ConditionExpression": ["attribute_exists(pk)", "n = :a OR size(m) > :b", "#a IN (:a, :b)"], "FilterExpression": ["n = :a", "contains(m, :b)", "NOT #a BETWEEN :a AND :b"],
    "UpdateExpression": ["SET n = :a", "REMOVE m.#a[0]", "ADD n :a DELETE t :b", "SET m.a = list_append(n, :b)", "SET n = if_not_exists(n, :a) + :b"],
    "Statement": ["SELECT * FROM aaa WHERE pk = ?", "SELECT n FROM aaa.\"by-n\"", "INSERT INTO aaa VALUE {'pk': ?}", "UPDATE aaa SET n = ? WHERE pk = 'a'", "DELETE FROM aaa WHERE pk = 'a'",
                  "EXISTS(SELECT * FROM aaa WHERE pk = 'a' AND n = ?)"],
    "PolicyName": ["policy"], "Policy": ['{"Version": "2012-10-17", "Statement": []}', "{"],
}
ANY_WORD = ["aaa", "a", "", "pk", "n", "#a", ":a", "0", "x" * 300, "\u00e9"]
VALUES = [{"S": "a"}, {"S": ""}, {"N": "1"}, {"N": "-2.5e3"}, {"B": "YQ=="}, {"BOOL": True}, {"NULL": True}, {"SS": ["a", "b"]}, {"NS": ["1", "2"]}, {"L": [{"N": "1"}, {"M": {}}]},
          {"M": {"a": {"L": [{"S": "x"}]}, "n": {"N": "1"}}}, {"M": {}}, {"N": "1e999"}, {"SS": []}, {}]


class Maker:
    """Requests of the right types, made from the model; what they mean is left to chance."""

    def __init__(self, shapes, arns, words, seed):
        self.shapes, self.arns, self.words, self.random = shapes, arns, {**WORDS, **words}, random.Random(seed)

    def make(self, name, member="", depth=0):
        shape, draw = self.shapes[name], self.random
        kind = shape["type"]
        if name == "AttributeValue":
            return draw.choice(VALUES)
        if kind == "structure":
            wanted = shape.get("required", [])
            kept = [m for m in shape.get("members", {}) if draw.random() < (0.93 if m in wanted else 0.5 if depth == 0 else 0.4)]
            return {m: self.make(shape["members"][m]["shape"], m, depth + 1) for m in kept}
        if kind == "list":
            return [self.make(shape["member"]["shape"], member, depth + 1) for _ in range(draw.choice([0, 1, 1, 1, 2]))]
        if kind == "map":
            words = {"ExpressionAttributeNames": ["#a", "#b"], "ExpressionAttributeValues": [":a", ":b"], "RequestItems": ["aaa", "bbb"]}.get(member, ["pk", "pk", "n", "t"])
            return {draw.choice(words): self.make(shape["value"]["shape"], member, depth + 1) for _ in range(draw.choice([0, 1, 1, 2]))}
        if kind == "string":
            if "enum" in shape and draw.random() < 0.95:
                return draw.choice(shape["enum"])
            if member.endswith("Arn") and draw.random() < 0.8:
                return draw.choice(self.arns)
            known = self.words.get(member[-9:] if member.endswith(("TableName", "IndexName")) else member)
            return draw.choice(known if known and draw.random() < 0.9 else ANY_WORD)
        return {"boolean": True, "blob": "YQ==", "double": 0.5, "timestamp": draw.choice([0, 1.5, 4e9])}.get(kind, draw.choice([0, 1, 2, 25, -1]))


@pytest.mark.parametrize("target", MODELS)
def test_requests_of_the_right_types_never_break_the_server(virga, aws, account, target):
    model = json.loads((ROOT / "apis" / "dynamodb" / MODELS[target]).read_text())
    db, streams, raw = aws("dynamodb"), aws("dynamodbstreams"), Raw(virga, account)
    key = lambda name: [{"AttributeName": name, "KeyType": "HASH"}]
    index = lambda name: {"IndexName": f"by-{name}", "KeySchema": key(name), "Projection": {"ProjectionType": "KEYS_ONLY"}}
    definition = dict(AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}], KeySchema=key("pk"),
                      GlobalSecondaryIndexes=[index("n")], BillingMode="PAY_PER_REQUEST", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    arns = [db.create_table(TableName="aaa", **definition)["TableDescription"]["TableArn"], "arn:aws:dynamodb:us-east-1:1:table/none"]
    stream = db.describe_table(TableName="aaa")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    arns += [stream, db.create_backup(TableName="aaa", BackupName="aaa")["BackupDetails"]["BackupArn"]]
    maker = Maker(model["shapes"], arns, {"ShardId": [shard], "ShardIterator": [iterator]}, seed=1)
    answered = {200: 0, 400: 0, 501: 0}
    for operation, description in model["operations"].items():
        for _ in range(0 if operation in NOT_THERE else 60):
            request = maker.make(description["input"]["shape"]) if "input" in description else {}
            status, code, document = raw.call(operation, request, target)
            assert status in answered, (operation, request, status, document)
            answered[status] += 1
            if operation in ("DeleteTable", "UpdateTable"):  # so that the others find one
                raw.call("CreateTable", {"TableName": "aaa", **definition})
    assert min(answered[200], answered[400]) > 20, answered


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
