"""--s3-access strict: what the policies of users, groups and roles allow, by themselves and together with a bucket's."""
import json

import boto3
import botocore.config
import botocore.exceptions
import pytest

from conftest import ACCOUNTS, make_client
from s3_support import body, fails, new_name
from virga_process import Virga


@pytest.fixture(scope="module")
def server():
    server = Virga("--s3-access", "strict")
    yield server
    assert server.stop() == 0


@pytest.fixture
def root(server, account):
    return make_client("s3", server.endpoint, account)


@pytest.fixture
def iam(server, account):
    return make_client("iam", server.endpoint, account)


@pytest.fixture
def bucket(root):
    name = new_name()
    root.create_bucket(Bucket=name)
    root.put_object(Bucket=name, Key="ann/k", Body=b"x", Tagging="colour=red")
    return name


def client(server, key, service="s3"):
    config = botocore.config.Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
                        aws_session_token=key.get("SessionToken"), config=config)


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"} | s for s in statements]})


@pytest.fixture
def ann(server, iam):
    iam.create_user(UserName="ann")
    return client(server, iam.create_access_key(UserName="ann")["AccessKey"])


def put_policy(iam, *statements, name="p"):
    iam.put_user_policy(UserName="ann", PolicyName=name, PolicyDocument=document(*statements))


def test_a_user_without_policies_may_nothing(ann, bucket):
    for call in (lambda: ann.get_object(Bucket=bucket, Key="ann/k"), lambda: ann.put_object(Bucket=bucket, Key="b"), lambda: ann.list_objects_v2(Bucket=bucket),
                 ann.list_buckets, lambda: ann.create_bucket(Bucket=new_name()), lambda: ann.get_bucket_policy(Bucket=bucket)):
        with fails("AccessDenied", 403):
            call()
    assert [e["Code"] for e in ann.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "ann/k"}]})["Errors"]] == ["AccessDenied"]


def test_inline_attached_and_group_policies_add_up(iam, ann, bucket):
    put_policy(iam, {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/ann/*"})
    assert body(ann.get_object(Bucket=bucket, Key="ann/k")) == b"x"
    with fails("AccessDenied", 403):
        ann.put_object(Bucket=bucket, Key="ann/l")
    arn = iam.create_policy(PolicyName="write", PolicyDocument=document({"Action": "s3:Put*"}))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    ann.put_object(Bucket=bucket, Key="ann/l")
    version = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document({"Action": "s3:DeleteObject"}), SetAsDefault=True)["PolicyVersion"]["VersionId"]
    with fails("AccessDenied", 403):
        ann.put_object(Bucket=bucket, Key="ann/l")
    assert version == "v2" and ann.delete_object(Bucket=bucket, Key="ann/l")
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    iam.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert [o["Key"] for o in ann.list_objects_v2(Bucket=bucket)["Contents"]] == ["ann/k"]
    assert bucket in [b["Name"] for b in ann.list_buckets()["Buckets"]]
    put_policy(iam, {"Action": "s3:CreateBucket", "Resource": "arn:aws:s3:::b-*"}, name="create")
    ann.create_bucket(Bucket=new_name())
    with fails("AccessDenied", 403):
        ann.create_bucket(Bucket="other-" + new_name()[:30])


def test_a_deny_wins_and_a_boundary_limits(iam, ann, bucket):
    put_policy(iam, {"Action": "s3:*"}, {"Effect": "Deny", "Action": "s3:GetObject", "Condition": {"StringEquals": {"s3:ExistingObjectTag/colour": "red"}}})
    ann.put_object(Bucket=bucket, Key="plain", Body=b"y")
    assert body(ann.get_object(Bucket=bucket, Key="plain")) == b"y"
    with fails("AccessDenied", 403):
        ann.get_object(Bucket=bucket, Key="ann/k")
    boundary = iam.create_policy(PolicyName="most", PolicyDocument=document({"Action": "s3:Get*"}))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=boundary)
    ann.get_object(Bucket=bucket, Key="plain")
    with fails("AccessDenied", 403):
        ann.put_object(Bucket=bucket, Key="plain")


def test_variables_stand_for_the_caller(root, iam, ann, bucket):
    put_policy(iam, {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/${{aws:username}}/*"},
               {"Action": "s3:ListBucket", "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}}})
    ann.put_object(Bucket=bucket, Key="ann/mine")
    with fails("AccessDenied", 403):
        ann.put_object(Bucket=bucket, Key="bob/his")
    assert len(ann.list_objects_v2(Bucket=bucket, Prefix="ann/")["Contents"]) == 2
    with fails("AccessDenied", 403):
        ann.list_objects_v2(Bucket=bucket, Prefix="bob/")


def grant(root, bucket, principal, effect="Allow"):
    root.put_bucket_policy(Bucket=bucket, Policy=document({"Effect": effect, "Principal": {"AWS": principal}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}))


def test_a_buckets_policy_names_users_or_leaves_it_to_the_account(root, iam, ann, account, bucket):
    grant(root, bucket, f"arn:aws:iam::{account}:user/ann")
    ann.get_object(Bucket=bucket, Key="ann/k")  # by name: enough
    grant(root, bucket, account)
    with fails("AccessDenied", 403):  # to the account: IAM decides
        ann.get_object(Bucket=bucket, Key="ann/k")
    put_policy(iam, {"Action": "s3:*"})
    ann.get_object(Bucket=bucket, Key="ann/k")
    grant(root, bucket, f"arn:aws:iam::{account}:user/ann", "Deny")
    with fails("AccessDenied", 403):
        ann.get_object(Bucket=bucket, Key="ann/k")
    with fails("AccessDenied", 403):
        iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document({"Action": "s3:GetObject"}))
        ann.delete_bucket_policy(Bucket=bucket)
    root.delete_bucket_policy(Bucket=bucket)  # the root always can


def test_across_accounts_both_sides_have_to_allow(server, root, iam, ann, account):
    other = str(next(ACCOUNTS))
    owner = make_client("s3", server.endpoint, other)
    theirs = new_name()
    owner.create_bucket(Bucket=theirs)
    owner.put_object(Bucket=theirs, Key="k", Body=b"theirs")
    put_policy(iam, {"Action": "s3:*"})
    with fails("AccessDenied", 403):
        ann.get_object(Bucket=theirs, Key="k")
    grant(owner, theirs, f"arn:aws:iam::{account}:user/ann")
    assert body(ann.get_object(Bucket=theirs, Key="k")) == b"theirs"
    iam.delete_user_policy(UserName="ann", PolicyName="p")
    with fails("AccessDenied", 403):
        ann.get_object(Bucket=theirs, Key="k")
    grant(owner, theirs, account)
    assert body(root.get_object(Bucket=theirs, Key="k")) == b"theirs"


def test_sessions_have_the_policies_of_their_role(server, root, iam, account, bucket):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}]})
    role = iam.create_role(RoleName="reader", Path="/team/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    session = client(server, make_client("sts", server.endpoint, account).assume_role(RoleArn=role, RoleSessionName="session")["Credentials"])
    with fails("AccessDenied", 403):
        session.get_object(Bucket=bucket, Key="ann/k")
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document({"Action": "s3:GetObject", "Condition": {"ArnEquals": {"aws:PrincipalArn": role}}}))
    session.get_object(Bucket=bucket, Key="ann/k")
    with fails("AccessDenied", 403):
        session.put_object(Bucket=bucket, Key="b")
    iam.delete_role_policy(RoleName="reader", PolicyName="p")
    grant(root, bucket, role)
    session.get_object(Bucket=bucket, Key="ann/k")
    # A role that IAM does not have may do what its account may.
    unknown = make_client("sts", server.endpoint, account).assume_role(RoleArn=f"arn:aws:iam::{account}:role/not-made", RoleSessionName="session")["Credentials"]
    client(server, unknown).put_object(Bucket=bucket, Key="b")


def assumed(server, account, role, **options):
    answer = make_client("sts", server.endpoint, account).assume_role(RoleArn=role, RoleSessionName="session", **options)
    return client(server, answer["Credentials"]), answer


@pytest.fixture
def role(iam, account):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}]})
    arn = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=document({"Action": ["s3:GetObject", "s3:PutObject"]}))
    return arn


def may(call, **arguments):
    """Whether a call is allowed."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied", error.response
        return False
    return True


def test_a_session_does_what_its_role_and_its_own_policies_allow(server, iam, account, role, bucket):
    read = iam.create_policy(PolicyName="read", PolicyDocument=document({"Action": ["s3:GetObject", "s3:ListBucket"]}))["Policy"]["Arn"]
    put = document({"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/ann/*"})
    deny = document({"Action": "*"}, {"Effect": "Deny", "Action": "s3:GetObject"})
    for options, rights in (
        ({}, (True, True, True, False)),
        ({"Policy": put}, (False, True, False, False)),
        ({"PolicyArns": [{"arn": read}]}, (True, False, False, False)),  # to list is the role's no
        ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"}]}, (True, True, True, False)),
        ({"Policy": put, "PolicyArns": [{"arn": read}]}, (True, True, False, False)),  # what any of them allows
        ({"Policy": deny}, (False, True, True, False)),
        ({"Policy": document({"Action": "s3:DeleteObject"})}, (False, False, False, False)),
    ):
        session, answer = assumed(server, account, role, **options)
        found = (may(session.get_object, Bucket=bucket, Key="ann/k"), may(session.put_object, Bucket=bucket, Key="ann/k"),
                 may(session.put_object, Bucket=bucket, Key="b"), may(session.list_objects_v2, Bucket=bucket))
        assert found == rights, options
        assert ("PackedPolicySize" in answer) == bool(options)


def test_what_a_buckets_policy_adds_to_a_limited_session(server, root, iam, account, role, bucket):
    session, _ = assumed(server, account, role, Policy=document({"Action": "s3:PutObject"}))
    name = f"arn:aws:sts::{account}:assumed-role/worker/session"
    for principal, allowed in ((role, False), (name, True), (account, False), ("*", True)):
        root.delete_public_access_block(Bucket=bucket)
        grant(root, bucket, principal)
        assert may(session.get_object, Bucket=bucket, Key="ann/k") == allowed, principal
    # So does the boundary of the role: what is said of the role stays within it, what is said of the session need not.
    iam.put_role_permissions_boundary(RoleName="worker", PermissionsBoundary=iam.create_policy(PolicyName="b", PolicyDocument=document({"Action": "s3:Put*"}))["Policy"]["Arn"])
    session, _ = assumed(server, account, role)
    for principal, allowed in ((role, False), (name, True)):
        grant(root, bucket, principal)
        assert may(session.get_object, Bucket=bucket, Key="ann/k") == allowed, principal


def test_roles_that_iam_does_not_have_are_limited_too(server, account, bucket):
    session, _ = assumed(server, account, f"arn:aws:iam::{account}:role/not-made", Policy=document({"Action": "s3:GetObject"}))
    assert may(session.get_object, Bucket=bucket, Key="ann/k") and not may(session.put_object, Bucket=bucket, Key="b")


def test_a_federated_user_may_what_the_user_and_the_policies_allow(server, iam, root, account, bucket):
    iam.create_user(UserName="broker")
    iam.put_user_policy(UserName="broker", PolicyName="p", PolicyDocument=document({"Action": ["s3:GetObject", "s3:ListBucket"]}))
    key = iam.create_access_key(UserName="broker")["AccessKey"]
    for sts, policy, rights in (
        (client(server, key, "sts"), None, (False, False)),
        (client(server, key, "sts"), {"Action": "s3:*"}, (True, False)),
        (make_client("sts", server.endpoint, account), {"Action": "s3:*"}, (True, True)),
        (make_client("sts", server.endpoint, account), None, (False, False)),
    ):
        token = sts.get_federation_token(Name="guest", **({"Policy": document(policy)} if policy else {}))
        guest = client(server, token["Credentials"])
        assert (may(guest.get_object, Bucket=bucket, Key="ann/k"), may(guest.put_object, Bucket=bucket, Key="b")) == rights, policy
    grant(root, bucket, f"arn:aws:sts::{account}:federated-user/guest")
    assert may(guest.get_object, Bucket=bucket, Key="ann/k")
