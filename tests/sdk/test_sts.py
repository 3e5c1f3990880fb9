"""Who calls: STS through boto3."""
import base64
import json

import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import make_client


def with_credentials(virga, service, credentials):
    return boto3.client(
        service, endpoint_url=virga.endpoint, region_name="us-east-1", aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"], aws_session_token=credentials.get("SessionToken"))


def test_the_account_is_in_the_key(virga, aws, account):
    assert aws("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:root"
    assert make_client("sts", virga.endpoint, "test").get_caller_identity()["Account"] == "000000000000"
    assert make_client("sts", virga.endpoint, "AKIARZPUZDIKGB2VALC4").get_caller_identity()["Account"] == "123456789012"
    assert aws("sts").get_access_key_info(AccessKeyId="AKIARZPUZDIKGB2VALC4")["Account"] == "123456789012"


def test_an_assumed_role_acts_in_its_own_account(virga, aws):
    sts = aws("sts")
    answer = sts.assume_role(RoleArn="arn:aws:iam::210000000001:role/path/deploy", RoleSessionName="ci")
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::210000000001:assumed-role/deploy/ci"
    assert answer["AssumedRoleUser"]["AssumedRoleId"].startswith("AROA") and answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":ci")
    first = with_credentials(virga, "sts", answer["Credentials"])
    identity = first.get_caller_identity()
    assert identity["Account"] == "210000000001" and identity["Arn"] == answer["AssumedRoleUser"]["Arn"]
    # a chain of roles, over a third account
    second = with_credentials(virga, "sts", first.assume_role(RoleArn="arn:aws:iam::310000000001:role/r2", RoleSessionName="s2", DurationSeconds=1800)["Credentials"])
    assert second.get_caller_identity()["Arn"] == "arn:aws:sts::310000000001:assumed-role/r2/s2"
    with pytest.raises(ClientError) as caught:
        first.assume_role(RoleArn="arn:aws:iam::310000000001:role/r2", RoleSessionName="s2", DurationSeconds=7200)
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_a_session_token_keeps_its_caller(virga, aws, account):
    credentials = aws("sts").get_session_token()["Credentials"]
    assert with_credentials(virga, "sts", credentials).get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:root"


def test_an_access_key_of_a_user_is_that_user(virga, aws, account):
    iam = aws("iam")
    user = iam.create_user(UserName="ann", Path="/team/")["User"]
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    identity = with_credentials(virga, "sts", key).get_caller_identity()
    assert identity == {**identity, "Arn": f"arn:aws:iam::{account}:user/team/ann", "UserId": user["UserId"], "Account": account}


def test_a_wrong_role_arn(aws):
    with pytest.raises(ClientError) as caught:
        aws("sts").assume_role(RoleArn="arn:aws:iam::12:role/short-account", RoleSessionName="ci")
    assert caught.value.response["Error"] == {"Type": "Sender", "Code": "ValidationError", "Message": "arn:aws:iam::12:role/short-account is invalid"}


def test_a_web_identity(virga, aws):
    def part(document):
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    token = ".".join([part({"alg": "RS256"}), part({"sub": "repo:me/it", "aud": "sts.amazonaws.com", "iss": "https://issuer.example"}), "c2ln"])
    answer = aws("sts").assume_role_with_web_identity(RoleArn="arn:aws:iam::210000000002:role/ci", RoleSessionName="build", WebIdentityToken=token)
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"], answer["Provider"]) == ("repo:me/it", "sts.amazonaws.com", "https://issuer.example")
    assert with_credentials(virga, "sts", answer["Credentials"]).get_caller_identity()["Arn"] == "arn:aws:sts::210000000002:assumed-role/ci/build"
    with pytest.raises(ClientError) as caught:
        aws("sts").assume_role_with_web_identity(RoleArn="arn:aws:iam::210000000002:role/ci", RoleSessionName="build", WebIdentityToken="no.token")
    assert caught.value.response["Error"]["Code"] == "InvalidIdentityToken"


@pytest.mark.parametrize("options, code, message", [
    ({"Policy": "no json"}, "MalformedPolicyDocument", "The policy is not in the valid JSON format."),
    ({"Policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*"}]}'}, "MalformedPolicyDocument", "Policy statement must contain resources."),
    ({"Policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}'}, "MalformedPolicyDocument",
     "Policy document should not specify a principal."),
    ({"PolicyArns": [{"arn": "arn:aws:iam::210000000001:policy/none"}]}, "ValidationError", "Policy arn:aws:iam::210000000001:policy/none does not exist or is not attachable."),
    ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}] * 11}, "ValidationError", None),
    ({"Policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"%s"}]}' % ("arn:aws:s3:::" + "b" * 2000)}, "PackedPolicyTooLarge",
     "Packed policy consumes 103% of allotted space, please use smaller policy."),
])
def test_policies_that_no_session_takes(aws, options, code, message):
    for call in (lambda: aws("sts").assume_role(RoleArn="arn:aws:iam::210000000001:role/r", RoleSessionName="ci", **options),
                 lambda: aws("sts").get_federation_token(Name="guest", **options)):
        with pytest.raises(ClientError) as caught:
            call()
        error = caught.value.response["Error"]
        assert error["Code"] in (code, "ValidationError") and (message is None or error["Code"] != code or error["Message"] == message), error
