"""Connections, API destinations and API Gateway as targets: what arrives at a real HTTP server, and when
(scenarios 29, 31, 32, 44, 45)."""
import base64
import http.server
import json
import threading
import urllib.parse

import pytest

from event_support import ROLE, attributes_of, entry, error_of, world  # noqa: F401


class Outside:
    """A server of the outside world. It keeps what it was asked; `answers` says what it answers next: (status, headers, body)."""

    def __init__(self):
        self.requests, self.answers, self.default = [], [], (200, {}, b"{}")
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.command, self.path, dict(self.headers), body.decode()))
                status, headers, answer = outer.answers.pop(0) if outer.answers else outer.default
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = serve

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def outside():
    server = Outside()
    yield server
    server.stop()


@pytest.fixture
def token_server():
    server = Outside()
    server.default = (200, {}, b'{"access_token":"t-1","expires_in":3600,"token_type":"bearer"}')
    yield server
    server.stop()


BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "secret"}}


def connect(world, name="c", kind="BASIC", **auth):
    answer = world.events.create_connection(Name=name, AuthorizationType=kind, AuthParameters=auth or BASIC)
    world.virga.wait()
    return answer["ConnectionArn"]


def oauth(token_server, **more):
    return {
        "OAuthParameters": {
            "ClientParameters": {"ClientID": "id", "ClientSecret": "s&cret"},
            "AuthorizationEndpoint": token_server.url + "/token",
            "HttpMethod": "POST",
            "OAuthHttpParameters": {"BodyParameters": [{"Key": "grant_type", "Value": "client_credentials", "IsValueSecret": False}]},
        },
        **more,
    }


def destination(world, outside, connection, path="/in", method="POST", name="d", **more):
    answer = world.events.create_api_destination(
        Name=name, ConnectionArn=connection, InvocationEndpoint=outside.url + path, HttpMethod=method, **more
    )
    assert answer["ApiDestinationState"] == "ACTIVE"
    return answer["ApiDestinationArn"]


# ---- connections ----


def test_a_connection_comes_and_goes_and_its_secrets_stay_inside(world):
    events = world.events
    created = events.create_connection(
        Name="c",
        Description="d",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "hidden"},
            "InvocationHttpParameters": {
                "HeaderParameters": [{"Key": "a", "Value": "shown", "IsValueSecret": False}, {"Key": "b", "Value": "hidden", "IsValueSecret": True}]
            },
        },
    )
    arn = created["ConnectionArn"]
    assert arn.startswith(f"arn:aws:events:us-east-1:{world.account}:connection/c/")
    assert created["ConnectionState"] == "AUTHORIZED"
    described = events.describe_connection(Name="c")
    assert described["SecretArn"].startswith(f"arn:aws:secretsmanager:us-east-1:{world.account}:secret:events!connection/c/")
    assert described["AuthParameters"] == {
        "ApiKeyAuthParameters": {"ApiKeyName": "X-Key"},
        "InvocationHttpParameters": {"HeaderParameters": [{"Key": "a", "Value": "shown", "IsValueSecret": False}, {"Key": "b", "IsValueSecret": True}]},
    }
    assert "hidden" not in str(described)
    assert described["CreationTime"] and described["LastAuthorizedTime"] and described["Description"] == "d"
    assert error_of(events.create_connection, Name="c", AuthorizationType="BASIC", AuthParameters=BASIC) == (
        "ResourceAlreadyExistsException", "Connection c already exists.",
    )  # fmt: skip
    assert events.update_connection(Name="c", AuthorizationType="BASIC", AuthParameters=BASIC)["ConnectionArn"] == arn
    described = events.describe_connection(Name="c")
    assert described["AuthorizationType"] == "BASIC" and described["AuthParameters"]["BasicAuthParameters"] == {"Username": "u"}
    assert "ApiKeyAuthParameters" not in described["AuthParameters"] and described["Description"] == "d"
    connect(world, "other")
    assert [c["Name"] for c in events.list_connections()["Connections"]] == ["c", "other"]
    assert [c["Name"] for c in events.list_connections(NamePrefix="o")["Connections"]] == ["other"]
    page = events.list_connections(Limit=1)
    assert [c["Name"] for c in events.list_connections(NextToken=page["NextToken"])["Connections"]] == ["other"]
    assert events.deauthorize_connection(Name="c")["ConnectionState"] == "DEAUTHORIZING"
    assert events.describe_connection(Name="c")["ConnectionState"] == "DEAUTHORIZED"
    assert [c["Name"] for c in events.list_connections(ConnectionState="AUTHORIZED")["Connections"]] == ["other"]
    assert events.delete_connection(Name="c")["ConnectionState"] == "DELETING"
    missing = ("ResourceNotFoundException", "Failed to describe the connection(s). Connection 'c' does not exist.")
    for call in (events.describe_connection, events.delete_connection, events.deauthorize_connection, events.update_connection):
        assert error_of(call, Name="c") == missing


def test_what_connections_refuse(world):
    create = world.events.create_connection
    missing = "Parameter %s is not valid. Reason: Missing required field(s)"
    for kind, block in (("BASIC", "BasicAuthParameters"), ("API_KEY", "ApiKeyAuthParameters"), ("OAUTH_CLIENT_CREDENTIALS", "OAuthParameters")):
        assert error_of(create, Name="c", AuthorizationType=kind, AuthParameters={}) == ("ValidationException", missing % block)
    code, text = error_of(create, Name="c", AuthorizationType="DIGEST", AuthParameters={})
    assert code == "ValidationException" and "Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]" in text
    assert "Connections" in world.events.list_connections() and not world.events.list_connections()["Connections"]


def test_oauth_is_authorized_once_at_the_start_or_says_why_not(world, token_server):
    events = world.events
    token_server.answers = [(500, {}, b"")]
    auth = oauth(token_server)
    assert events.create_connection(Name="bad", AuthorizationType="OAUTH_CLIENT_CREDENTIALS", AuthParameters=auth)["ConnectionState"] == "AUTHORIZING"
    world.virga.wait()
    described = events.describe_connection(Name="bad")
    assert described["ConnectionState"] == "DEAUTHORIZED" and "answered 500" in described["StateReason"]
    connect(world, "good", "OAUTH_CLIENT_CREDENTIALS", **auth)
    described = events.describe_connection(Name="good")
    assert described["ConnectionState"] == "AUTHORIZED" and described["LastAuthorizedTime"]
    assert described["AuthParameters"]["OAuthParameters"] == {
        "ClientParameters": {"ClientID": "id"},
        "AuthorizationEndpoint": token_server.url + "/token",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {"BodyParameters": [{"Key": "grant_type", "Value": "client_credentials", "IsValueSecret": False}]},
    }
    method, path, headers, body = token_server.requests[-1]
    assert (method, path, headers["Content-Type"]) == ("POST", "/token", "application/x-www-form-urlencoded")
    assert dict(urllib.parse.parse_qsl(body)) == {"client_id": "id", "client_secret": "s&cret", "grant_type": "client_credentials"}


# ---- API destinations ----


def test_an_api_destination_comes_and_goes(world, outside):
    events = world.events
    connection = connect(world)
    arn = destination(world, outside, connection, Description="x")
    assert arn.startswith(f"arn:aws:events:us-east-1:{world.account}:api-destination/d/")
    described = events.describe_api_destination(Name="d")
    assert described["InvocationRateLimitPerSecond"] == 300 and described["HttpMethod"] == "POST"
    assert described["ConnectionArn"] == connection and described["Description"] == "x"
    arguments = dict(Name="d", ConnectionArn=connection, InvocationEndpoint=outside.url, HttpMethod="POST")
    assert error_of(events.create_api_destination, **arguments) == ("ResourceAlreadyExistsException", "An api-destination 'd' already exists.")
    assert error_of(events.create_api_destination, **{**arguments, "Name": "e", "InvocationEndpoint": "ftp://x"}) == (
        "ValidationException", "Parameter InvocationEndpoint is not valid. Reason: Endpoint 'ftp://x' is not valid",
    )  # fmt: skip
    assert error_of(events.create_api_destination, **{**arguments, "Name": "e", "ConnectionArn": connection + "0"})[0] == "ResourceNotFoundException"
    assert events.update_api_destination(Name="d", HttpMethod="PUT")["ApiDestinationArn"] == arn
    assert events.describe_api_destination(Name="d")["HttpMethod"] == "PUT"
    assert [d["Name"] for d in events.list_api_destinations(ConnectionArn=connection)["ApiDestinations"]] == ["d"]
    assert events.list_api_destinations(NamePrefix="x")["ApiDestinations"] == []
    events.delete_connection(Name="c")
    assert events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
    events.delete_api_destination(Name="d")
    missing = "Failed to describe the api-destination(s). An api-destination 'd' does not exist."
    for call in (events.describe_api_destination, events.delete_api_destination, events.update_api_destination):
        assert error_of(call, Name="d") == ("ResourceNotFoundException", missing)


def test_an_event_is_sent_with_the_connection_s_parameters_over_the_target_s(world, outside):
    auth = {
        **BASIC,
        "InvocationHttpParameters": {
            "HeaderParameters": [{"Key": "X-Both", "Value": "connection"}],
            "QueryStringParameters": [{"Key": "q", "Value": "c d"}],
            "BodyParameters": [{"Key": "added", "Value": "yes"}, {"Key": "n", "Value": "over"}],
        },
    }
    arn = destination(world, outside, connect(world, **auth), path="/users/*/orders/*", method="PUT")
    target = {
        "Arn": arn,
        "RoleArn": ROLE,
        "InputPath": "$.detail",
        "HttpParameters": {
            "PathParameterValues": ["$.detail.user", "fixed"],
            "HeaderParameters": {"X-Both": "target", "X-Own": "$.detail-type"},
            "QueryStringParameters": {"q": "target", "p": "$.detail.user"},
        },
    }
    world.rule("r", {"source": ["shop"]}, target)
    world.put(entry('{"user":"a/b","n":1,"price":1.10}', TraceHeader="Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"))
    ((method, path, headers, body),) = outside.requests
    assert method == "PUT" and body == '{"user":"a/b","price":1.10,"added":"yes","n":"over"}'
    url = urllib.parse.urlsplit(path)
    assert url.path == "/users/a%2Fb/orders/fixed"
    assert dict(urllib.parse.parse_qsl(url.query)) == {"q": "c d", "p": "a/b"}
    assert headers["X-Both"] == "connection" and headers["X-Own"] == "Order"
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"u:secret").decode()
    assert headers["User-Agent"] == "Amazon/EventBridge/ApiDestinations"
    assert headers["Range"] == "bytes=0-1048575" and headers["Connection"] == "close"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["X-Amzn-Trace-Id"].startswith("Root=1-5759e988-bd862e3fe1be46a994272793")


def test_an_api_key_goes_in_its_header(world, outside):
    connection = connect(world, "k", "API_KEY", ApiKeyAuthParameters={"ApiKeyName": "X-Key", "ApiKeyValue": "v"})
    world.rule("r", {"source": ["shop"]}, {"Arn": destination(world, outside, connection), "RoleArn": ROLE})
    event_id = world.put(entry())["Entries"][0]["EventId"]
    ((_, _, headers, body),) = outside.requests
    assert headers["X-Key"] == "v" and "Authorization" not in headers
    assert json.loads(body)["id"] == event_id


def test_an_oauth_token_is_kept_and_fetched_again_when_it_ends_or_is_refused(world, outside, token_server):
    connection = connect(world, "o", "OAUTH_CLIENT_CREDENTIALS", **oauth(token_server))
    world.rule("r", {"source": ["shop"]}, {"Arn": destination(world, outside, connection), "RoleArn": ROLE})
    world.put(entry(), entry())
    assert len(token_server.requests) == 1
    assert [r[2]["Authorization"] for r in outside.requests] == ["Bearer t-1"] * 2
    # Refused: one new token, and the event arrives without a retry.
    outside.answers = [(401, {}, b"")]
    token_server.default = (200, {}, b'{"access_token":"t-2","expires_in":3600}')
    world.put(entry())
    assert [r[2]["Authorization"] for r in outside.requests[2:]] == ["Bearer t-1", "Bearer t-2"]
    world.virga.advance(seconds=3600)
    world.put(entry())
    assert len(token_server.requests) == 3 and len(outside.requests) == 5


def test_the_invocation_rate_queues_and_loses_nothing(world, outside):
    world.virga.post("/_virga/clock", {"action": "freeze"})
    try:
        arn = destination(world, outside, connect(world), InvocationRateLimitPerSecond=1)
        world.rule("r", {"source": ["shop"]}, {"Arn": arn, "RoleArn": ROLE})
        world.put(*[entry('{"n":%d}' % n) for n in range(5)])
        assert len(outside.requests) == 1
        for expected in (2, 3, 4, 5):
            world.virga.advance(seconds=1)
            assert len(outside.requests) == expected
        assert sorted(json.loads(r[3])["detail"]["n"] for r in outside.requests) == [0, 1, 2, 3, 4]
    finally:
        world.virga.post("/_virga/clock", {"action": "resume"})


def broken(world, outside, **policy):
    dead = world.queue("dead")
    arn = destination(world, outside, connect(world))
    rule = world.rule("r", {"source": ["shop"]}, {"Arn": arn, "RoleArn": ROLE, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": dead.arn}})
    return dead, arn, rule


def test_503_is_tried_again_and_404_is_not(world, outside):
    dead, arn, rule = broken(world, outside, MaximumRetryAttempts=3)
    outside.default = (503, {}, b"busy")
    world.put(entry())
    world.virga.advance(seconds=3600)
    assert len(outside.requests) == 4
    (message,) = dead.messages()
    attributes = attributes_of(message)
    assert "answered 503" in attributes.pop("ERROR_MESSAGE")
    assert attributes == {
        "RULE_ARN": rule, "TARGET_ARN": arn, "ERROR_CODE": "ERROR_FROM_TARGET", "RETRY_ATTEMPTS": "3", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
    }  # fmt: skip
    outside.default = (404, {}, b"")
    world.put(entry())
    (message,) = dead.messages()
    assert attributes_of(message)["ERROR_CODE"] == "NO_RESOURCE" and attributes_of(message)["RETRY_ATTEMPTS"] == "0"
    assert len(outside.requests) == 5


def test_retry_after_is_waited_for(world, outside):
    world.virga.post("/_virga/clock", {"action": "freeze"})
    try:
        dead, _, _ = broken(world, outside)
        outside.answers = [(429, {"Retry-After": "120"}, b"")]
        world.put(entry())
        world.virga.advance(seconds=119)
        assert len(outside.requests) == 1
        world.virga.advance(seconds=1)
        assert len(outside.requests) == 2
        outside.answers = [(503, {"Retry-After": "-1"}, b"")]
        world.put(entry())
        (message,) = dead.messages()
        assert "EXHAUSTED_RETRY_CONDITION" not in attributes_of(message)
    finally:
        world.virga.post("/_virga/clock", {"action": "resume"})


def test_nobody_there_and_nobody_authorized(world, outside):
    dead, _, _ = broken(world, outside, MaximumRetryAttempts=0)
    outside.stop()
    world.put(entry())
    (message,) = dead.messages()
    assert attributes_of(message)["ERROR_CODE"] == "CONNECTION_FAILURE"
    world.events.deauthorize_connection(Name="c")
    world.put(entry())
    (message,) = dead.messages()
    assert attributes_of(message)["ERROR_CODE"] == "NO_PERMISSIONS"
    world.events.delete_api_destination(Name="d")
    world.put(entry())
    (message,) = dead.messages()
    assert attributes_of(message)["ERROR_CODE"] == "NO_RESOURCE"


# ---- API Gateway ----


def test_api_gateway_gets_the_event_with_path_query_and_headers(world, aws):
    gateway, sqs = aws("apigateway"), world.sqs
    api = gateway.create_rest_api(name="in")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    users = gateway.create_resource(restApiId=api, parentId=root, pathPart="{user}")["id"]
    gateway.put_method(restApiId=api, resourceId=users, httpMethod="POST", authorizationType="NONE")
    dynamodb = aws("dynamodb")
    key = {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
    dynamodb.create_table(TableName="requests", BillingMode="PAY_PER_REQUEST", **key)
    # The gateway passes on what it got, to a table.
    item = """{"TableName": "requests", "Item": {"pk": {"S": "$input.params('user') $input.params('q') $input.params('X-Own') $input.json('$.n')"}}}"""
    gateway.put_integration(
        restApiId=api,
        resourceId=users,
        httpMethod="POST",
        type="AWS",
        integrationHttpMethod="POST",
        uri="arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
        credentials=ROLE,
        requestTemplates={"application/json": item},
    )
    gateway.put_method_response(restApiId=api, resourceId=users, httpMethod="POST", statusCode="200")
    gateway.put_integration_response(restApiId=api, resourceId=users, httpMethod="POST", statusCode="200", selectionPattern="")
    gateway.create_deployment(restApiId=api, stageName="prod")
    dead = world.queue("dead")
    target = {
        "Arn": f"arn:aws:execute-api:us-east-1:{world.account}:{api}/prod/POST/*",
        "InputPath": "$.detail",
        "HttpParameters": {
            "PathParameterValues": ["$.detail.user"],
            "QueryStringParameters": {"q": "asked"},
            "HeaderParameters": {"X-Own": "own", "Authorization": "dropped"},
        },
        "DeadLetterConfig": {"Arn": dead.arn},
    }
    world.rule("r", {"source": ["shop"]}, target)
    world.put(entry('{"user":"ann","n":1.10}'))
    assert [i["pk"]["S"] for i in dynamodb.scan(TableName="requests")["Items"]] == ["ann asked own 1.10"]
    # A path that the gateway does not have is a failed delivery.
    world.rule("r", {"source": ["shop"]}, {**target, "Arn": target["Arn"].replace("POST/*", "GET/none/x")})
    world.put(entry())
    assert len(dead.messages()) == 1
