"""What REST APIs call: functions by proxy, and services."""
import io
import json
import zipfile

import pytest

from test_apigateway import add, api, call, gateway  # noqa: F401 (api and gateway are fixtures)

ECHO = b"""
import json
def handler(event, context):
    answer = event.get("queryStringParameters") or {}
    if "raw" in answer:
        return json.loads(answer["raw"])
    if "fail" in answer:
        raise ValueError("no")
    return {"statusCode": 200, "headers": {"X-From": "function"}, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}, "body": json.dumps(event)}
"""


@pytest.fixture
def proxied(aws, gateway, api, account):
    """An API whose /{proxy+} goes to a function that answers with its event."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("echo.py", ECHO)
    role = f"arn:aws:iam::{account}:role/r"
    function = aws("lambda").create_function(
        FunctionName="echo", Runtime="python3.13", Handler="echo.handler", Role=role, Code={"ZipFile": buffer.getvalue()}
    )["FunctionArn"]
    aws("lambda").get_waiter("function_active_v2").wait(FunctionName="echo", WaiterConfig={"Delay": 1})
    where = {"restApiId": api["id"], "resourceId": add(gateway, api, "/{proxy+}"), "httpMethod": "ANY"}
    gateway.put_method(**where, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    gateway.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api["id"], stageName="dev", variables={"v": "1"})
    return api


def test_the_proxy_event(virga, proxied, account):
    headers = {"X-A": "1", "Content-Type": "text/plain", "User-Agent": "tests"}
    status, answer, body = call(virga, proxied, "/pets/7/?a=1&a=2&b=%C3%A9", method="PUT", headers=headers, body=b"hi")
    assert status == 200 and answer["X-From"] == "function"
    assert answer.get_all("Set-Cookie") == ["a=1", "b=2"]
    event = json.loads(body)
    assert set(event) == {
        *("resource", "path", "httpMethod", "headers", "multiValueHeaders", "queryStringParameters"),
        *("multiValueQueryStringParameters", "pathParameters", "stageVariables", "requestContext", "body", "isBase64Encoded"),
    }
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/{proxy+}", "/pets/7/", "PUT")
    assert event["headers"]["X-A"] == "1" and event["multiValueHeaders"]["X-A"] == ["1"]
    assert event["headers"]["X-Forwarded-For"] == "127.0.0.1" and event["headers"]["X-Forwarded-Proto"] == "http"
    assert event["headers"]["X-Amzn-Trace-Id"].startswith(answer["X-Amzn-Trace-Id"])
    assert event["queryStringParameters"] == {"a": "2", "b": "é"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["é"]}
    assert event["pathParameters"] == {"proxy": "pets/7"}
    assert event["stageVariables"] == {"v": "1"}
    assert (event["body"], event["isBase64Encoded"]) == ("hi", False)
    context = event["requestContext"]
    assert (context["stage"], context["path"], context["accountId"]) == ("dev", "/dev/pets/7/", account)
    assert context["identity"]["userAgent"] == "tests" and context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["requestId"] == answer["x-amzn-RequestId"] and context["extendedRequestId"] == answer["x-amz-apigw-id"]


@pytest.mark.parametrize(
    "raw",
    ['{"statusCode":200,"extra":1}', '{"body":{}}', '{"headers":{"a":["b"]}}', '"text"', '{"statusCode":"x"}', "null"],
)
def test_a_malformed_answer_is_502(virga, proxied, raw):
    status, headers, body = call(virga, proxied, "/x?raw=" + "".join(f"%{b:02X}" for b in raw.encode()))
    assert (status, json.loads(body)) == (502, {"message": "Internal server error"})
    assert headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_a_function_that_throws_is_502(virga, proxied):
    assert call(virga, proxied, "/x?fail=1")[0] == 502


def test_the_trace_has_its_root_at_the_request(virga, proxied):
    root = "1-00000000-0123456789abcdef01234567"
    _, headers, _ = call(virga, proxied, "/x", headers={"X-Amzn-Trace-Id": f"Root={root}"})
    assert headers["X-Amzn-Trace-Id"] == f"Root={root}"
    _, headers, _ = call(virga, proxied, "/x")
    virga.wait()
    tree = virga.get("/_virga/trace/" + headers["X-Amzn-Trace-Id"].removeprefix("Root="))["tree"]
    assert [(s["kind"], s["name"]) for s in tree] == [("http", "apigateway:GET /{proxy+}")]
    assert tree[0]["children"]


def test_a_service_integration(virga, aws, gateway, api):
    dynamodb = aws("dynamodb")
    dynamodb.create_table(
        TableName="pets",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    where = {"restApiId": api["id"], "resourceId": add(gateway, api, "/pets/{id}"), "httpMethod": "PUT"}
    gateway.put_method(**where, authorizationType="NONE")
    template = """#set($in = $input.path('$'))
{"TableName": "pets", "Item": {"id": {"S": "$input.params('id')"}, "name": {"S": "$util.escapeJavaScript($in.name)"}}}"""
    gateway.put_integration(
        **where,
        type="AWS",
        integrationHttpMethod="POST",
        uri="arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
        requestTemplates={"application/json": template},
        credentials=f"arn:aws:iam::{dynamodb.meta.region_name}:role/r",
    )
    gateway.put_integration_response(**where, statusCode="200", responseTemplates={"application/json": '{"ok":true}'})
    gateway.put_integration_response(**where, statusCode="400", selectionPattern="4\\d{2}")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    status, _, body = call(virga, api, "/pets/7", method="PUT", body={"name": 'Re"x'}, headers={"Content-Type": "application/json"})
    assert (status, body) == (200, b'{"ok":true}')
    assert dynamodb.get_item(TableName="pets", Key={"id": {"S": "7"}})["Item"]["name"] == {"S": 'Re"x'}
    dynamodb.delete_table(TableName="pets")
    assert call(virga, api, "/pets/7", method="PUT", body={"name": "x"}, headers={"Content-Type": "application/json"})[0] == 400
