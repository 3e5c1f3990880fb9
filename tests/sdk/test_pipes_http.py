"""API destinations and API Gateway as targets and enrichments of pipes."""
import json

import pytest

from pipe_support import ROLE, World, error_of
from test_api_destinations import connect, destination, outside  # noqa: F401


@pytest.fixture
def world(virga, aws, account):
    world = World(virga, aws, account)
    world.events = aws("events")
    return world


def gateway(world, method="POST", path="{user}", **integration):
    """An API of one resource with one integration; the ARN of its stage."""
    api = world.aws("apigateway")
    rest = api.create_rest_api(name="in")["id"]
    root = api.get_resources(restApiId=rest)["items"][0]["id"]
    ids = dict(restApiId=rest, resourceId=api.create_resource(restApiId=rest, parentId=root, pathPart=path)["id"], httpMethod=method)
    template = integration.pop("answer", "$input.body")
    api.put_method(**ids, authorizationType="NONE")
    api.put_integration(**ids, **integration)
    api.put_method_response(**ids, statusCode="200")
    api.put_integration_response(**ids, statusCode="200", selectionPattern="", responseTemplates={"application/json": template})
    api.create_deployment(restApiId=rest, stageName="prod")
    return f"arn:aws:execute-api:us-east-1:{world.account}:{rest}/prod/{method}/"


def test_an_api_destination_gets_each_record_with_its_parameters(world, outside):
    source = world.queue("in")
    connection = connect(world, kind="API_KEY", ApiKeyAuthParameters={"ApiKeyName": "X-Key", "ApiKeyValue": "secret"})
    target = destination(world, outside, connection, path="/users/*")
    parameters = {
        "InputTemplate": '{"name": <$.body.name>, "pipe": <aws.pipes.pipe-name>}',
        "HttpParameters": {
            "PathParameterValues": ["$.body.id"], "HeaderParameters": {"X-Kind": "$.body.kind", "X-Fixed": "f"}, "QueryStringParameters": {"q": "$.body.name"},
        },
    }  # fmt: skip
    world.pipe(source, target, TargetParameters=parameters)
    assert world.pipes.describe_pipe(Name="p")["SourceParameters"]["SqsQueueParameters"] == {"BatchSize": 1}
    world.send(source, {"id": "1/2", "name": "ann", "kind": "k"}, {"id": "3", "name": "bob", "kind": "k"})
    assert sorted((m, p, h["X-Key"], h["X-Kind"], h["X-Fixed"], json.loads(b)) for m, p, h, b in outside.requests) == [
        ("POST", "/users/1%2F2?q=ann", "secret", "k", "f", {"name": "ann", "pipe": "p"}), ("POST", "/users/3?q=bob", "secret", "k", "f", {"name": "bob", "pipe": "p"}),
    ]  # fmt: skip
    world.virga.advance(seconds=60)
    assert len(outside.requests) == 2 and world.messages(source) == []


def test_a_target_that_fails_is_asked_again_when_the_message_is_back(world, outside):
    source = world.queue("in", VisibilityTimeout="30")
    world.pipe(source, destination(world, outside, connect(world)))
    outside.answers = [(500, {}, b""), (200, {}, b'not JSON')]
    world.send(source, "hello")
    assert len(outside.requests) == 1
    world.virga.advance(seconds=31)
    assert [json.loads(r[3])["body"] for r in outside.requests] == ["hello", "hello"]
    world.virga.advance(seconds=60)
    assert len(outside.requests) == 2


def test_retries_of_a_stream_are_counted(world, outside):
    stream, dead = world.stream(), world.queue("dead")
    source = {"StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 2, "DeadLetterConfig": {"Arn": dead}}
    world.pipe(stream, destination(world, outside, connect(world)), SourceParameters={"KinesisStreamParameters": source})
    outside.default = (503, {}, b"")
    world.put("stream", "bad")
    world.virga.advance(seconds=60)
    assert len(outside.requests) == 3
    assert [json.loads(b)["context"]["condition"] for b in world.bodies(dead)] == ["RetryAttemptsExhausted"]
    outside.default = (200, {}, b"")
    world.put("stream", "good")
    assert len(outside.requests) == 4 and world.bodies(dead) == []


def test_the_invocation_rate_delays_and_loses_nothing(world, outside):
    stream = world.stream()
    target = destination(world, outside, connect(world), InvocationRateLimitPerSecond=1)
    parameters = {"KinesisStreamParameters": {"StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 0}}
    world.pipe(stream, target, SourceParameters=parameters, TargetParameters={"InputTemplate": "<$.data>"})
    world.put("stream", 1, 2, 3)
    assert [r[3] for r in outside.requests] == ["1"]
    world.virga.advance(seconds=60)
    assert [r[3] for r in outside.requests] == ["1", "2", "3"]


def test_enrichment_by_an_api_destination(world, outside):
    source, out = world.queue("in"), world.queue("out")
    enrichment = destination(world, outside, connect(world))
    parameters = {"InputTemplate": '{"ask": <$.body.n>}', "HttpParameters": {"HeaderParameters": {"X-N": "$.body.n"}}}
    world.pipe(source, out, Enrichment=enrichment, EnrichmentParameters=parameters)
    outside.answers = [(200, {}, b'{"answer": 42}'), (200, {}, b"[]"), (200, {}, b'[{"n": 1}, {"n": 2}]'), (400, {}, b"")]
    world.send(source, {"n": "7"})
    world.send(source, {"n": "8"})
    assert [(json.loads(r[3]), r[2]["X-N"]) for r in outside.requests] == [({"ask": "7"}, "7"), ({"ask": "8"}, "8")]
    assert [json.loads(b) for b in world.bodies(out)] == [{"answer": 42}]
    world.send(source, {"n": "9"})
    assert [json.loads(b) for b in world.bodies(out)] == [{"n": 1}, {"n": 2}]
    world.send(source, {"n": "10"})  # refused: the message comes back
    assert world.bodies(out) == []
    outside.default = (200, {}, b'"late"')
    world.virga.advance(seconds=31)
    assert len(outside.requests) == 5 and world.bodies(out) == ['"late"']


def test_api_gateway_as_target_and_as_enrichment(world):
    dynamodb = world.aws("dynamodb")
    key = {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
    dynamodb.create_table(TableName="requests", BillingMode="PAY_PER_REQUEST", **key)
    item = """{"TableName": "requests", "Item": {"pk": {"S": "$input.params('user') $input.params('q') $input.path('$.from')"}}}"""
    target = gateway(
        world, type="AWS", integrationHttpMethod="POST", uri="arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", credentials=ROLE,
        requestTemplates={"application/json": item},
    )  # fmt: skip
    mock = gateway(world, path="enrich", type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}, answer='{"from": "gateway", "id": "ann"}')
    source = world.queue("in")
    parameters = {"HttpParameters": {"PathParameterValues": ["$.id"], "QueryStringParameters": {"q": "asked"}}}
    world.pipe(source, target + "*", Enrichment=mock + "enrich", TargetParameters=parameters)
    world.send(source, {"any": 1})
    assert [i["pk"]["S"] for i in dynamodb.scan(TableName="requests")["Items"]] == ['ann asked gateway']


def test_what_is_refused(world, outside):
    queue, out = world.queue("in"), world.queue("out")
    target = destination(world, outside, connect(world))
    two = {"SqsQueueParameters": {"BatchSize": 2}}
    assert error_of(world.pipe, source=queue, target=target, SourceParameters=two)[1].startswith("The configured batch size 2 is greater than the max supported")
    assert error_of(world.pipe, source=queue, target=out, Enrichment=target, SourceParameters=two)[1].startswith("The configured batch size 2")
    assert error_of(world.pipe, source=queue, target=out, TargetParameters={"HttpParameters": {}})[1] == "Invalid target parameter provided for target."
