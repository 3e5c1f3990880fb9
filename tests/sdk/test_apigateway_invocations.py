"""Invocations of REST APIs through plain HTTP: addresses, MOCK integrations, gateway responses, validation."""
import json

from test_apigateway import add, api, call, error, gateway, mock  # noqa: F401 (api and gateway are fixtures)


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
