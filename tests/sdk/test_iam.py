"""IAM through boto3: recorded, with the service's checks and errors."""
import json

import pytest
from botocore.exceptions import ClientError

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


@pytest.fixture
def iam(aws):
    return aws("iam")


def test_a_role(iam, account):
    role = iam.create_role(RoleName="r", Path="/service/", AssumeRolePolicyDocument=TRUST, Description="d", Tags=[{"Key": "k", "Value": "v"}])["Role"]
    assert role["Arn"] == f"arn:aws:iam::{account}:role/service/r" and role["RoleId"].startswith("AROA") and len(role["RoleId"]) == 21
    got = iam.get_role(RoleName="r")["Role"]
    assert got["AssumeRolePolicyDocument"] == json.loads(TRUST) and got["MaxSessionDuration"] == 3600 and got["Tags"] == [{"Key": "k", "Value": "v"}]
    assert error_of(iam.create_role, RoleName="R", AssumeRolePolicyDocument=TRUST) == (409, "EntityAlreadyExists", "Role with name R already exists.")
    assert error_of(iam.get_role, RoleName="none") == (404, "NoSuchEntity", "The role with name none cannot be found.")
    assert error_of(iam.create_role, RoleName="x", AssumeRolePolicyDocument="{")[1] == "MalformedPolicyDocument"
    iam.update_role(RoleName="r", MaxSessionDuration=7200)
    assert iam.get_role(RoleName="r")["Role"]["MaxSessionDuration"] == 7200


def test_what_hangs_on_a_role_must_go_first(iam, account):
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    arn = iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    attached = iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    assert sorted(p["PolicyName"] for p in attached) == ["AWSLambdaBasicExecutionRole", "p"]
    assert error_of(iam.delete_role, RoleName="r") == (409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert iam.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"][0]["RoleName"] == "r"
    for policy in attached:
        iam.detach_role_policy(RoleName="r", PolicyArn=policy["PolicyArn"])
    iam.put_role_policy(RoleName="r", PolicyName="in", PolicyDocument=json.dumps(ALLOW))
    assert iam.get_role_policy(RoleName="r", PolicyName="in")["PolicyDocument"] == ALLOW
    assert iam.list_role_policies(RoleName="r")["PolicyNames"] == ["in"]
    assert error_of(iam.delete_role, RoleName="r") == (409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
    iam.delete_role_policy(RoleName="r", PolicyName="in")
    iam.create_instance_profile(InstanceProfileName="ip")
    iam.add_role_to_instance_profile(InstanceProfileName="ip", RoleName="r")
    assert iam.get_instance_profile(InstanceProfileName="ip")["InstanceProfile"]["Roles"][0]["RoleName"] == "r"
    assert error_of(iam.delete_role, RoleName="r")[2] == "Cannot delete entity, must remove roles from instance profile first."
    iam.remove_role_from_instance_profile(InstanceProfileName="ip", RoleName="r")
    iam.delete_role(RoleName="r")
    assert iam.list_roles()["Roles"] == []
    assert error_of(iam.attach_role_policy, RoleName="r", PolicyArn=arn)[1] == "NoSuchEntity"


def test_policy_versions(iam):
    arn = iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]
    assert error_of(iam.create_policy, PolicyName="p", PolicyDocument=json.dumps(ALLOW))[1] == "EntityAlreadyExists"
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(ALLOW), SetAsDefault=True)
    assert error_of(iam.create_policy_version, PolicyArn=arn, PolicyDocument=json.dumps(ALLOW))[1] == "LimitExceeded"
    assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v5", "v4", "v3", "v2", "v1"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId="v5")["PolicyVersion"]["Document"] == ALLOW
    assert error_of(iam.delete_policy_version, PolicyArn=arn, VersionId="v5")[2] == "Cannot delete the default version of a policy."
    for version in ("v1", "v2", "v3", "v4"):
        iam.delete_policy_version(PolicyArn=arn, VersionId=version)
    iam.delete_policy(PolicyArn=arn)
    assert error_of(iam.get_policy, PolicyArn=arn) == (404, "NoSuchEntity", f"Policy {arn} was not found.")


def test_users_groups_and_keys(iam):
    iam.create_user(UserName="u")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="u")
    assert [g["GroupName"] for g in iam.list_groups_for_user(UserName="u")["Groups"]] == ["g"]
    assert [u["UserName"] for u in iam.get_group(GroupName="g")["Users"]] == ["u"]
    key = iam.create_access_key(UserName="u")["AccessKey"]
    assert key["AccessKeyId"].startswith("AKIA") and len(key["SecretAccessKey"]) == 40
    iam.create_access_key(UserName="u")
    assert error_of(iam.create_access_key, UserName="u") == (409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
    iam.update_user(UserName="u", NewUserName="renamed")
    assert len(iam.list_access_keys(UserName="renamed")["AccessKeyMetadata"]) == 2
    assert error_of(iam.delete_user, UserName="renamed")[2] == "Cannot delete entity, must remove users from group first."


def test_regions_see_the_same_roles_and_lists_page(aws):
    iam, elsewhere = aws("iam"), aws("iam", region="eu-west-1")
    for i in range(5):
        iam.create_role(RoleName=f"r{i}", AssumeRolePolicyDocument=TRUST)
    pages = list(elsewhere.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) == 3
    assert [r["RoleName"] for p in pages for r in p["Roles"]] == [f"r{i}" for i in range(5)]


def test_the_model_is_checked(iam):
    status, code, message = error_of(iam.create_role, RoleName="with space", AssumeRolePolicyDocument=TRUST)
    assert (status, code) == (400, "ValidationError")
    assert "at 'roleName' failed to satisfy constraint" in message
