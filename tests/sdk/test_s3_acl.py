"""ACLs, ownership controls, bucket policies and public access blocks: what may be written, and what it means in strict mode."""
import json
import urllib.error
import urllib.request

import pytest
from s3_support import bucket, fails, new_name, open_acls, s3  # noqa: F401  (fixtures)

from conftest import make_client
from virga_process import Virga

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


def grants(acl):
    return sorted((g["Grantee"].get("URI", "owner"), g["Permission"]) for g in acl["Grants"])


def test_where_ownership_is_enforced_acls_say_nothing(s3, bucket):
    acl = s3.get_bucket_acl(Bucket=bucket)
    assert grants(acl) == [("owner", "FULL_CONTROL")] and len(acl["Owner"]["ID"]) == 64
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    s3.put_object(Bucket=bucket, Key="k", ACL="bucket-owner-full-control")
    with fails("AccessControlListNotSupported", 400, "The bucket does not allow ACLs"):
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    with fails("AccessControlListNotSupported", 400):
        s3.put_object(Bucket=bucket, Key="k", ACL="public-read")
    with fails("AccessControlListNotSupported", 400):
        s3.put_object_acl(Bucket=bucket, Key="k", ACL="public-read")


def test_ownership_controls(s3, bucket):
    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    with fails("MalformedXML"):
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "Nobody"}]})
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    with fails("OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"):
        s3.get_bucket_ownership_controls(Bucket=bucket)
    open_acls(s3, bucket)
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    with fails("InvalidBucketAclWithObjectOwnership", 400):
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})


@pytest.mark.parametrize(
    "canned, expected",
    [
        ("private", []),
        ("public-read", [(ALL_USERS, "READ")]),
        ("public-read-write", [(ALL_USERS, "READ"), (ALL_USERS, "WRITE")]),
        ("authenticated-read", [("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "READ")]),
        ("log-delivery-write", [("http://acs.amazonaws.com/groups/s3/LogDelivery", p) for p in ("READ_ACP", "WRITE")]),
    ],
)
def test_canned_bucket_acls(s3, bucket, canned, expected):
    open_acls(s3, bucket)
    s3.put_bucket_acl(Bucket=bucket, ACL=canned)
    assert grants(s3.get_bucket_acl(Bucket=bucket)) == sorted(expected + [("owner", "FULL_CONTROL")])


def test_grants_by_header_and_document(s3, bucket):
    open_acls(s3, bucket)
    me = s3.get_bucket_acl(Bucket=bucket)["Owner"]["ID"]
    s3.put_object(Bucket=bucket, Key="k", GrantRead=f'uri="{ALL_USERS}"', GrantFullControl=f"id={me}")
    acl = s3.get_object_acl(Bucket=bucket, Key="k")
    assert grants(acl) == sorted([("owner", "FULL_CONTROL"), (ALL_USERS, "READ")])
    document = {"Owner": acl["Owner"], "Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": me}, "Permission": "READ_ACP"}]}
    s3.put_object_acl(Bucket=bucket, Key="k", AccessControlPolicy=document)
    assert grants(s3.get_object_acl(Bucket=bucket, Key="k")) == [("owner", "READ_ACP")]

    with fails("InvalidArgument", 400, "Invalid id"):
        s3.put_bucket_acl(Bucket=bucket, GrantRead="id=nobody")
    with fails("InvalidArgument", 400, "Invalid group uri"):
        s3.put_bucket_acl(Bucket=bucket, GrantRead="uri=http://example.com/all")
    with fails("UnresolvableGrantByEmailAddress", 400):
        s3.put_bucket_acl(Bucket=bucket, GrantRead="emailAddress=nobody@example.com")
    with fails("InvalidRequest", 400, "Specifying both Canned ACLs and Header Grants is not allowed"):
        s3.put_bucket_acl(Bucket=bucket, ACL="private", GrantRead=f"id={me}")
    with fails("UnexpectedContent", 400):
        s3.put_bucket_acl(Bucket=bucket, ACL="private", AccessControlPolicy=document)
    with fails("MissingSecurityHeader", 400):
        s3.put_bucket_acl(Bucket=bucket)
    with fails("MalformedACLError", 400):
        s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Grants": document["Grants"]})
    with fails("InvalidArgument", 400):
        s3.put_bucket_acl(Bucket=bucket, ACL="no-such-acl")


def test_a_copy_takes_no_acl_along(s3, bucket):
    open_acls(s3, bucket)
    s3.put_object(Bucket=bucket, Key="a", ACL="public-read")
    s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a")
    assert grants(s3.get_object_acl(Bucket=bucket, Key="b")) == [("owner", "FULL_CONTROL")]


def test_public_access_block(s3, bucket):
    everything = dict.fromkeys(["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True)
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == everything
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    with fails("AccessDenied", 403) as failure:
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    assert "BlockPublicAcls" in failure.error["Error"]["Message"]
    with fails("AccessDenied", 403):
        s3.put_object(Bucket=bucket, Key="k", ACL="public-read")
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}}
    with fails("AccessDenied", 403) as failure:
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    assert "BlockPublicPolicy" in failure.error["Error"]["Message"]
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == everything | dict.fromkeys(
        ["IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], False
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    s3.delete_public_access_block(Bucket=bucket)
    with fails("NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found"):
        s3.get_public_access_block(Bucket=bucket)


def test_policy_status(s3, bucket):
    s3.delete_public_access_block(Bucket=bucket)
    with fails("NoSuchBucketPolicy", 404, "The bucket policy does not exist"):
        s3.get_bucket_policy_status(Bucket=bucket)

    def is_public(**statement):
        base = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [base | statement]}))
        return s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"]

    assert is_public()
    assert is_public(Principal={"AWS": "*"})
    assert not is_public(Effect="Deny")
    assert not is_public(Principal={"AWS": "arn:aws:iam::111122223333:root"})
    assert not is_public(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    assert is_public(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})
    assert not is_public(Condition={"StringEquals": {"aws:SourceVpc": "vpc-91237329"}})
    assert is_public(Condition={"StringLike": {"aws:SourceVpc": "vpc-*"}})
    assert s3.delete_bucket_policy(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.parametrize(
    "change, message",
    [
        ({"Effect": "Maybe"}, "Invalid effect: Maybe"),
        ({"Principal": {"AWS": "somebody"}}, "Invalid principal in policy"),
        ({"Action": "ec2:RunInstances"}, "Policy has invalid action"),
        ({"Resource": "arn:aws:s3:::other/*"}, "Policy has invalid resource"),
        ({"Resource": "rubbish"}, "Policy has invalid resource"),
        ({"Action": "s3:ListBucket"}, "Action does not apply to any resource(s) in statement"),
        ({"Effect": None}, "Missing required field Effect"),
        ({"Principal": None}, "Missing required field Principal"),
        ({"Action": None}, "Missing required field Action"),
        ({"Resource": None}, "Missing required field Resource"),
    ],
)
def test_malformed_policies(s3, bucket, change, message):
    statement = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"} | change
    policy = {"Version": "2012-10-17", "Statement": [{k: v for k, v in statement.items() if v is not None}]}
    with fails("MalformedPolicy", 400, message):
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def test_policy_documents(s3, bucket):
    for text, message in [
        ("rubbish", "Policies must be valid JSON and the first byte must be '{'"),
        ('{"Version": "2012-10-17"}', "Missing required field Statement"),
        ('{"Version": "2020-01-01", "Statement": []}', "The policy must contain a valid version string"),
    ]:
        with fails("MalformedPolicy", 400, message):
            s3.put_bucket_policy(Bucket=bucket, Policy=text)


# Strict mode: policies and ACLs are evaluated


@pytest.fixture(scope="module")
def strict():
    server = Virga("--s3-access", "strict")
    yield server
    assert server.stop() == 0


OWNER, OTHER = "222222222222", "333333333333"


@pytest.fixture
def owner(strict):
    return make_client("s3", strict.endpoint, OWNER)


@pytest.fixture
def other(strict):
    return make_client("s3", strict.endpoint, OTHER)


@pytest.fixture
def guarded(owner):
    name = new_name()
    owner.create_bucket(Bucket=name)
    owner.put_object(Bucket=name, Key="k", Body=b"secret")
    return name


def anonymous(strict, path):
    try:
        with urllib.request.urlopen(f"{strict.endpoint}/{path}") as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def allow(owner, bucket, principal="*", action="s3:GetObject", resource="/*", **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": f"arn:aws:s3:::{bucket}{resource}"} | more
    owner.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def test_strict_anonymous_reads_by_policy_until_public_access_is_blocked(strict, owner, guarded):
    assert anonymous(strict, f"{guarded}/k") == 403
    owner.delete_public_access_block(Bucket=guarded)
    allow(owner, guarded)
    assert anonymous(strict, f"{guarded}/k") == 200
    assert anonymous(strict, f"{guarded}/missing") == 403  # who may not list does not learn what is missing
    owner.put_public_access_block(Bucket=guarded, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert anonymous(strict, f"{guarded}/k") == 403


def test_strict_other_accounts(owner, other, guarded):
    with fails("AccessDenied", 403):
        other.get_object(Bucket=guarded, Key="k")
    with fails("AccessDenied", 403):
        other.put_object(Bucket=guarded, Key="mine")
    allow(owner, guarded, principal={"AWS": OTHER})
    assert other.get_object(Bucket=guarded, Key="k")["Body"].read() == b"secret"
    with fails("AccessDenied", 403):
        other.delete_object(Bucket=guarded, Key="k")
    failed = other.delete_objects(Bucket=guarded, Delete={"Objects": [{"Key": "k"}]})["Errors"]
    assert [(e["Key"], e["Code"]) for e in failed] == [("k", "AccessDenied")]
    with fails("404", 404):  # who may list learns
        allow(owner, guarded, principal={"AWS": OTHER}, action="s3:*", Resource=[f"arn:aws:s3:::{guarded}", f"arn:aws:s3:::{guarded}/*"])
        other.head_object(Bucket=guarded, Key="missing")


def test_strict_explicit_deny_and_conditions(owner, guarded):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{guarded}/*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/secret": "yes"}}}
    owner.put_bucket_policy(Bucket=guarded, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    owner.get_object(Bucket=guarded, Key="k")
    owner.put_object_tagging(Bucket=guarded, Key="k", Tagging={"TagSet": [{"Key": "secret", "Value": "yes"}]})
    with fails("AccessDenied", 403):
        owner.get_object(Bucket=guarded, Key="k")


@pytest.mark.parametrize("condition, call, allowed", [
    ({"StringEquals": {"s3:delimiter": "/"}}, lambda s3, b: s3.list_objects_v2(Bucket=b, Delimiter="/"), True),
    ({"StringEquals": {"s3:delimiter": "/"}}, lambda s3, b: s3.list_objects_v2(Bucket=b), False),
    ({"StringLike": {"s3:prefix": "home/*"}}, lambda s3, b: s3.list_objects_v2(Bucket=b, Prefix="home/a"), True),
    ({"StringLike": {"s3:prefix": "home/*"}}, lambda s3, b: s3.list_objects_v2(Bucket=b, Prefix="hom"), False),
    ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, lambda s3, b: s3.list_objects_v2(Bucket=b, MaxKeys=10), True),
    ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, lambda s3, b: s3.list_objects_v2(Bucket=b, MaxKeys=11), False),
    ({"Null": {"s3:if-none-match": "false"}}, lambda s3, b: s3.put_object(Bucket=b, Key="new", IfNoneMatch="*"), True),
    ({"Null": {"s3:if-none-match": "false"}}, lambda s3, b: s3.put_object(Bucket=b, Key="new"), False),
    ({"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}, lambda s3, b: s3.put_object(Bucket=b, Key="new", ServerSideEncryption="AES256"), True),
    ({"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}, lambda s3, b: s3.put_object(Bucket=b, Key="new"), False),
])
def test_strict_condition_keys(owner, other, guarded, condition, call, allowed):
    statements = [{"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": action, "Resource": f"arn:aws:s3:::{guarded}{resource}", "Condition": condition}
                  for action, resource in (("s3:ListBucket", ""), ("s3:PutObject", "/*"))]
    owner.put_bucket_policy(Bucket=guarded, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    if allowed:
        call(other, guarded)
    else:
        with fails("AccessDenied", 403):
            call(other, guarded)


def test_strict_acls(strict, owner, other, guarded):
    open_acls(owner, guarded)
    owner.put_object_acl(Bucket=guarded, Key="k", ACL="public-read")
    assert anonymous(strict, f"{guarded}/k") == 200
    owner.put_bucket_acl(Bucket=guarded, ACL="public-read-write")
    other.put_object(Bucket=guarded, Key="theirs", Body=b"x")
    with fails("AccessDenied", 403):  # it belongs to who wrote it
        owner.get_object(Bucket=guarded, Key="theirs")
    owner.put_public_access_block(Bucket=guarded, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    assert anonymous(strict, f"{guarded}/k") == 403


def test_strict_requester_pays(owner, other, guarded):
    allow(owner, guarded, principal={"AWS": OTHER})
    owner.put_bucket_request_payment(Bucket=guarded, RequestPaymentConfiguration={"Payer": "Requester"})
    with fails("AccessDenied", 403):
        other.get_object(Bucket=guarded, Key="k")
    assert other.get_object(Bucket=guarded, Key="k", RequestPayer="requester")["RequestCharged"] == "requester"


def test_off_mode_lets_the_insecure_transport_deny_pass(s3, bucket):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
