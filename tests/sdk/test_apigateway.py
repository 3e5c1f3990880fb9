"""REST APIs: the control operations through boto3."""
import botocore.exceptions
import pytest


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
