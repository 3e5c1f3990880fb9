"""Versions, aliases, permissions, tags and settings of Lambda functions."""
import json

import pytest

from test_lambda import ECHO, error_of, invoke, node


def test_versions_are_numbered_once_and_aliases_point_at_them(aws, account):
    client = aws("lambda")
    node(client, "f", "exports.handler = async (e, c) => [process.env.AWS_LAMBDA_FUNCTION_VERSION, c.invokedFunctionArn]")
    assert client.publish_version(FunctionName="f")["Version"] == "1"
    assert client.publish_version(FunctionName="f")["Version"] == "1"
    client.update_function_configuration(FunctionName="f", Description="new")
    client.update_function_configuration(FunctionName="f", Timeout=4)
    assert client.publish_version(FunctionName="f")["Version"] == "2"
    client.delete_function(FunctionName="f", Qualifier="2")
    assert client.publish_version(FunctionName="f")["Version"] == "3"
    assert [v["Version"] for v in client.list_versions_by_function(FunctionName="f")["Versions"]] == ["$LATEST", "1", "3"]
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    answer, value = invoke(client, "f", Qualifier="live")
    assert answer["ExecutedVersion"] == "1"
    assert value == ["1", f"arn:aws:lambda:us-east-1:{account}:function:f:live"]
    client.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {"3": 0.5}})
    seen = {invoke(client, "f:live")[0]["ExecutedVersion"] for _ in range(40)}
    assert seen == {"1", "3"}
    assert error_of(lambda: client.create_alias(FunctionName="f", Name="live", FunctionVersion="1"))[0] == "ResourceConflictException"
    assert error_of(lambda: client.delete_function(FunctionName="f", Qualifier="1"))[0] == "ResourceConflictException"
    assert error_of(lambda: client.get_alias(FunctionName="f", Name="none")) == (
        "ResourceNotFoundException", f"Cannot find alias arn: arn:aws:lambda:us-east-1:{account}:function:f:none")


def test_stale_revisions_are_refused(aws):
    client = aws("lambda")
    old = node(client, "f", ECHO)["RevisionId"]
    client.update_function_configuration(FunctionName="f", RevisionId=old, Timeout=5)
    code, message = error_of(lambda: client.update_function_configuration(FunctionName="f", RevisionId=old, Timeout=6))
    assert code == "PreconditionFailedException"
    assert message == "The Revision Id provided does not match the latest Revision Id. Call the GetFunction API to retrieve the latest Revision Id"


def test_permissions_make_a_policy(aws, account):
    client = aws("lambda")
    node(client, "f", ECHO)
    assert error_of(lambda: client.get_policy(FunctionName="f")) == ("ResourceNotFoundException", "The resource you requested does not exist.")
    statement = dict(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn="arn:aws:events:us-east-1:000000000001:rule/r")
    client.add_permission(**statement)
    assert error_of(lambda: client.add_permission(**statement))[0] == "ResourceConflictException"
    policy = json.loads(client.get_policy(FunctionName="f")["Policy"])
    assert policy["Statement"] == [{"Sid": "s", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:InvokeFunction",
                                    "Resource": f"arn:aws:lambda:us-east-1:{account}:function:f",
                                    "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:000000000001:rule/r"}}}]
    client.remove_permission(FunctionName="f", StatementId="s")
    assert error_of(lambda: client.remove_permission(FunctionName="f", StatementId="s"))[0] == "ResourceNotFoundException"


def test_reserved_concurrency_throttles(aws):
    client = aws("lambda")
    node(client, "f", ECHO)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(client.exceptions.TooManyRequestsException) as e:
        client.invoke(FunctionName="f")
    assert e.value.response["Error"]["Message"] == "Rate Exceeded."
    assert e.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    client.delete_function_concurrency(FunctionName="f")
    assert invoke(client, "f", 1)[1] == 1


def test_validation_texts(aws, account):
    client = aws("lambda")
    node(client, "f", ECHO)
    assert error_of(lambda: node(client, "f", ECHO)) == ("ResourceConflictException", "Function already exist: f")
    assert error_of(lambda: client.invoke(FunctionName="none")) == (
        "ResourceNotFoundException", f"Function not found: arn:aws:lambda:us-east-1:{account}:function:none:$LATEST")
    code, message = error_of(lambda: node(client, "g", ECHO, Environment={"Variables": {"AWS_REGION": "x"}}))
    assert code == "InvalidParameterValueException" and message.endswith("Reserved keys used in this request: AWS_REGION")
    assert "exceeded the 4KB limit" in error_of(lambda: node(client, "g", ECHO, Environment={"Variables": {"XX": "x" * 4100}}))[1]
    assert error_of(lambda: client.get_function(FunctionName=f"arn:aws:lambda:eu-west-1:{account}:function:f")) == (
        "ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")


def test_tags(aws, account):
    client = aws("lambda")
    arn = node(client, "f", ECHO, Tags={"a": "1"})["FunctionArn"]
    client.tag_resource(Resource=arn, Tags={"b": "2"})
    client.untag_resource(Resource=arn, TagKeys=["a"])
    assert client.list_tags(Resource=arn)["Tags"] == {"b": "2"}
    assert client.get_function(FunctionName="f")["Tags"] == {"b": "2"}
