"""REST APIs: the control operations through boto3, and invocations through plain HTTP."""
import io
import json
import zipfile

import botocore.exceptions
import pytest

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


def error(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def gateway(aws):
    return aws("apigateway")


@pytest.fixture
def api(gateway):
    return gateway.create_rest_api(name="pets")


def add(gateway, api, path):
    """Makes the resource of a path; its id."""
    parent = api["rootResourceId"]
    for part in path.strip("/").split("/"):
        children = gateway.get_resources(restApiId=api["id"], limit=500)["items"]
        found = [c for c in children if c.get("parentId") == parent and c["pathPart"] == part]
        parent = found[0]["id"] if found else gateway.create_resource(restApiId=api["id"], parentId=parent, pathPart=part)["id"]
    return parent


def mock(gateway, api, resource, verb, status="200", body="", template='{"statusCode": 200}', **response):
    where = {"restApiId": api["id"], "resourceId": resource, "httpMethod": verb}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": template})
    gateway.put_method_response(**where, statusCode=status)
    gateway.put_integration_response(**where, statusCode=status, responseTemplates={"application/json": body}, **response)
    return where


def call(virga, api, path, method="GET", stage="dev", headers=None, body=None):
    return virga.request(method, f"/_aws/execute-api/{api['id']}/{stage}{path}", body, headers)


# --- control -----------------------------------------------------------------------------------------------------------


def test_a_new_api(gateway):
    made = gateway.create_rest_api(name="pets", tags={"a": "b"}, binaryMediaTypes=["image/*"])
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert len(made["id"]) == 10
    assert made["apiKeySource"] == "HEADER"
    assert made["endpointConfiguration"] == {"types": ["EDGE"], "ipAddressType": "ipv4"}
    assert made["disableExecuteApiEndpoint"] is False
    assert "description" not in made and "version" not in made
    root = gateway.get_resources(restApiId=made["id"])["items"]
    assert root == [{"id": made["rootResourceId"], "path": "/"}]
    assert [m["name"] for m in gateway.get_models(restApiId=made["id"])["items"]] == ["Empty", "Error"]
    assert [a["id"] for a in gateway.get_rest_apis()["items"]] == [made["id"]]
    gateway.delete_rest_api(restApiId=made["id"])
    assert gateway.get_rest_apis()["items"] == []


def test_an_id_of_ones_own(gateway, account):
    made = gateway.create_rest_api(name="pets", tags={"_custom_id_": f"pets{account}"})
    assert made["id"] == f"pets{account}"
    assert error(gateway.create_rest_api, name="pets", tags={"_custom_id_": f"pets{account}"})[0] == "ConflictException"


def test_errors_of_apis(gateway, account):
    assert error(gateway.get_rest_api, restApiId="nothing") == (
        "NotFoundException",
        f"Invalid API identifier specified {account}:nothing",
        404,
    )
    assert error(gateway.create_rest_api, name="a", description="")[1] == "Description cannot be an empty string"
    bad = {"types": ["EDGE", "REGIONAL"]}
    assert error(gateway.create_rest_api, name="a", endpointConfiguration=bad)[1] == "Cannot create an api with multiple Endpoint Types."


def test_patches_are_all_or_none(gateway, api):
    def patch(*operations):
        return gateway.update_rest_api(restApiId=api["id"], patchOperations=list(operations))

    patch({"op": "add", "path": "/binaryMediaTypes/image~1png"}, {"op": "replace", "path": "/name", "value": "cats"})
    seen = gateway.get_rest_api(restApiId=api["id"])
    assert (seen["binaryMediaTypes"], seen["name"]) == (["image/png"], "cats")
    code, message, _ = error(
        gateway.update_rest_api,
        restApiId=api["id"],
        patchOperations=[{"op": "replace", "path": "/name", "value": "dogs"}, {"op": "replace", "path": "/nothing", "value": ""}],
    )
    assert (code, message) == ("BadRequestException", "Invalid patch path /nothing")
    assert gateway.get_rest_api(restApiId=api["id"])["name"] == "cats"


def test_resources(gateway, api):
    pets = gateway.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart="pets")
    one = gateway.create_resource(restApiId=api["id"], parentId=pets["id"], pathPart="{id}")
    assert one["path"] == "/pets/{id}"
    rest = gateway.create_resource(restApiId=api["id"], parentId=one["id"], pathPart="{rest+}")

    def refused(parent, part):
        return error(gateway.create_resource, restApiId=api["id"], parentId=parent, pathPart=part)

    assert refused(api["rootResourceId"], "pets")[:2] == (
        "ConflictException",
        "Another resource with the same parent already has this name: pets",
    )
    assert refused(pets["id"], "{name}")[1] == "A sibling ({id}) of this resource already has a variable path part -- only one is allowed"
    assert refused(rest["id"], "x")[1] == "Cannot create a child of a resource with a greedy path variable: {rest+}"
    assert refused(api["rootResourceId"], "a b")[1].startswith("Resource's path part only allow")
    assert refused("nothing", "x")[1] == "Invalid Resource identifier specified"

    patch = [{"op": "replace", "path": "/pathPart", "value": "animals"}]
    gateway.update_resource(restApiId=api["id"], resourceId=pets["id"], patchOperations=patch)
    assert gateway.get_resource(restApiId=api["id"], resourceId=rest["id"])["path"] == "/animals/{id}/{rest+}"
    gateway.delete_resource(restApiId=api["id"], resourceId=pets["id"])
    assert len(gateway.get_resources(restApiId=api["id"])["items"]) == 1


def test_methods_and_integrations(gateway, api):
    where = mock(gateway, api, api["rootResourceId"], "GET", body="{}")
    method = gateway.get_method(**where)
    assert method["authorizationType"] == "NONE" and method["apiKeyRequired"] is False
    integration = method["methodIntegration"]
    assert integration["type"] == "MOCK" and integration["timeoutInMillis"] == 29000
    assert integration["passthroughBehavior"] == "WHEN_NO_MATCH" and integration["cacheNamespace"] == api["rootResourceId"]
    assert integration["integrationResponses"]["200"]["responseTemplates"] == {"application/json": "{}"}
    assert method["methodResponses"] == {"200": {"statusCode": "200"}}

    assert error(gateway.put_method, **{**where, "httpMethod": "FETCH"}, authorizationType="NONE")[1].startswith("Invalid HttpMethod")
    assert error(gateway.get_method, **{**where, "httpMethod": "PUT"})[1] == "Invalid Method identifier specified"
    proxy = {**where, "type": "AWS_PROXY"}
    assert error(gateway.put_integration, **proxy)[1] == "Enumeration value for HttpMethod must be non-empty"
    assert error(gateway.put_integration, **proxy, integrationHttpMethod="POST", uri="x")[1] == "Invalid ARN specified in the request"
    gateway.delete_integration(**where)
    assert error(gateway.get_integration, **where)[1] == "Invalid Integration identifier specified"


def test_deployments_and_stages(gateway, api):
    assert error(gateway.create_deployment, restApiId=api["id"])[1] == "The REST API doesn't contain any methods"
    mock(gateway, api, api["rootResourceId"], "GET")
    first = gateway.create_deployment(restApiId=api["id"], stageName="dev", variables={"a": "1"})["id"]
    stage = gateway.get_stage(restApiId=api["id"], stageName="dev")
    assert stage["deploymentId"] == first and stage["variables"] == {"a": "1"} and stage["cacheClusterStatus"] == "NOT_AVAILABLE"
    second = gateway.create_deployment(restApiId=api["id"], stageName="dev")["id"]
    assert gateway.get_stage(restApiId=api["id"], stageName="dev")["deploymentId"] == second
    assert error(gateway.delete_deployment, restApiId=api["id"], deploymentId=second)[1].startswith("Active stages pointing")
    gateway.delete_deployment(restApiId=api["id"], deploymentId=first)
    assert error(gateway.create_stage, restApiId=api["id"], stageName="x", deploymentId=first)[1] == "Deployment id does not exist"
    assert error(gateway.create_stage, restApiId=api["id"], stageName="dev", deploymentId=second)[0] == "ConflictException"


def test_method_settings(gateway, api):
    mock(gateway, api, api["rootResourceId"], "GET")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")

    def patch(op, path, value=None):
        operation = {"op": op, "path": path, **({"value": value} if value is not None else {})}
        return gateway.update_stage(restApiId=api["id"], stageName="dev", patchOperations=[operation])

    settings = patch("replace", "/*/*/throttling/rateLimit", "7.5")["methodSettings"]["*/*"]
    assert settings["throttlingRateLimit"] == 7.5 and settings["throttlingBurstLimit"] == 5000
    assert "pets/GET" in patch("replace", "/~1pets/GET/logging/loglevel", "INFO")["methodSettings"]
    assert "*/*" not in patch("remove", "/*/*")["methodSettings"]
    remove = {"restApiId": api["id"], "stageName": "dev", "patchOperations": [{"op": "remove", "path": "/*/*"}]}
    assert error(gateway.update_stage, **remove)[1] == (
        "Cannot remove method setting */* because there is no method setting for this method "
    )


def test_tags(gateway, api, aws):
    arn = f"arn:aws:apigateway:{gateway.meta.region_name}::/restapis/{api['id']}"
    gateway.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    gateway.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"b": "2"}


def test_an_operation_that_is_not_there_says_so(gateway, api):
    assert error(gateway.get_api_keys)[2] == 501
    where = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE")
    assert error(gateway.put_integration, **where, type="HTTP_PROXY", integrationHttpMethod="GET", uri="http://example.com")[2] == 501


# --- invocations: MOCK ---------------------------------------------------------------------------------------------------


def test_a_deployment_is_a_snapshot_but_stage_variables_are_live(virga, gateway, api):
    where = mock(gateway, api, add(gateway, api, "/hello"), "GET", body="first $stageVariables.who")
    gateway.create_deployment(restApiId=api["id"], stageName="dev", variables={"who": "a"})
    assert call(virga, api, "/hello")[2] == b"first a"
    gateway.put_integration_response(**where, statusCode="200", responseTemplates={"application/json": "second"})
    patch = [{"op": "replace", "path": "/variables/who", "value": "b"}]
    gateway.update_stage(restApiId=api["id"], stageName="dev", patchOperations=patch)
    assert call(virga, api, "/hello")[2] == b"first b"
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    assert call(virga, api, "/hello")[2] == b"second"


def test_urls(virga, gateway, api):
    mock(gateway, api, api["rootResourceId"], "GET", body="root")
    mock(gateway, api, add(gateway, api, "/a/b"), "GET", body="$context.path")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    for host in ("execute-api.localhost:1", "execute-api.us-east-1.amazonaws.com", "execute-api.localhost.localstack.cloud"):
        assert virga.request("GET", "/dev/a/b", headers={"Host": f"{api['id']}.{host}"})[2] == b"/dev/a/b"
        assert virga.request("GET", "/dev", headers={"Host": f"{api['id']}.{host}"})[2] == b"root"
    assert virga.request("GET", f"/restapis/{api['id']}/dev/_user_request_/a/b")[2] == b"/dev/a/b"
    assert call(virga, api, "/a/b/")[2] == b"/dev/a/b/"


def test_what_is_not_there(virga, gateway, api):
    mock(gateway, api, add(gateway, api, "/hello"), "GET")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    status, headers, body = call(virga, api, "/nothing")
    assert (status, json.loads(body)) == (403, {"message": "Missing Authentication Token"})
    assert headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert headers["x-amzn-RequestId"] and headers["x-amz-apigw-id"] and headers["Content-Type"] == "application/json"
    assert call(virga, api, "/hello", method="POST")[0] == 403
    assert (call(virga, api, "/hello", stage="prod")[0], call(virga, api, "/hello", stage="prod")[2]) == (403, b'{"message":"Forbidden"}')
    assert virga.request("GET", "/_aws/execute-api/nothing/dev/hello")[0] == 404


def test_the_most_specific_pair_of_resource_and_verb_wins(virga, gateway, api):
    mock(gateway, api, add(gateway, api, "/users/me"), "PATCH", body="me")
    mock(gateway, api, add(gateway, api, "/users/{id}"), "GET", body="user $input.params('id')")
    mock(gateway, api, add(gateway, api, "/{rest+}"), "ANY", body="rest $input.params('rest')")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    assert call(virga, api, "/users/me")[2] == b"user me"
    assert call(virga, api, "/users/me", method="PATCH")[2] == b"me"
    assert call(virga, api, "/users/a%20b")[2] == b"user a b"
    assert call(virga, api, "/users/me", method="PUT")[2] == b"rest users/me"


def test_cors_by_mock(virga, gateway, api):
    resource = add(gateway, api, "/hello")
    where = {"restApiId": api["id"], "resourceId": resource, "httpMethod": "OPTIONS"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": "{statusCode: 204}"})
    name = "method.response.header.Access-Control-Allow-Origin"
    gateway.put_method_response(**where, statusCode="204", responseParameters={name: True})
    gateway.put_integration_response(**where, statusCode="204", responseParameters={name: "'*'"})
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    headers = {"Origin": "http://a", "Access-Control-Request-Method": "GET"}
    status, headers, body = call(virga, api, "/hello", method="OPTIONS", headers=headers)
    assert (status, body, headers["Access-Control-Allow-Origin"]) == (204, b"", "*")


def test_gateway_responses(virga, gateway, api):
    mock(gateway, api, add(gateway, api, "/hello"), "GET")
    gateway.put_gateway_response(
        restApiId=api["id"],
        responseType="DEFAULT_4XX",
        responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        responseTemplates={"application/json": '{"m": $context.error.messageString, "t": "$context.error.responseType"}'},
    )
    assert len(gateway.get_gateway_responses(restApiId=api["id"])["items"]) == 21
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    status, headers, body = call(virga, api, "/nothing")
    assert status == 403 and headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(body) == {"m": "Missing Authentication Token", "t": "MISSING_AUTHENTICATION_TOKEN"}


def test_validation(virga, gateway, api):
    schema = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 2}}}
    gateway.create_model(restApiId=api["id"], name="Pet", contentType="application/json", schema=json.dumps(schema))
    validator = gateway.create_request_validator(
        restApiId=api["id"], name="all", validateRequestBody=True, validateRequestParameters=True
    )["id"]
    where = {"restApiId": api["id"], "resourceId": add(gateway, api, "/pets"), "httpMethod": "POST"}
    required = {"method.request.querystring.b": True, "method.request.querystring.a": True, "method.request.header.c": False}
    gateway.put_method(
        **where,
        authorizationType="NONE",
        requestValidatorId=validator,
        requestModels={"application/json": "Pet"},
        requestParameters=required,
    )
    gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode":200}'})
    gateway.put_integration_response(**where, statusCode="200")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    json_type = {"Content-Type": "application/json"}
    _, _, body = call(virga, api, "/pets?b=%20", method="POST", headers=json_type, body=b"{}")
    assert json.loads(body)["message"] == "Missing required request parameters: [a, b]"
    status, _, body = call(virga, api, "/pets?a=1&b=1", method="POST", headers=json_type, body=b'{"name":"x"}')
    assert (status, json.loads(body)["message"]) == (400, "Invalid request body")
    assert call(virga, api, "/pets?a=1&b=1", method="POST", headers=json_type, body=b'{"name":"rex"}')[0] == 200
    assert error(gateway.delete_model, restApiId=api["id"], modelName="Pet")[1] == (
        "Cannot delete model 'Pet', is referenced in method request: /pets/POST"
    )


# --- invocations: functions and services ----------------------------------------------------------------------------------


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
