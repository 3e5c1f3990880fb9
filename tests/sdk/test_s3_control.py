"""S3 Control: tags of a bucket under its ARN, the account's public access block."""
import json

import pytest
from s3_support import fails, new_name


@pytest.fixture
def control(aws, account):
    """The account is the first label of the host, which nothing here resolves."""
    client = aws("s3control")

    def stay_here(request, **_):
        request.url = request.url.replace(f"//{account}.", "//", 1)
        request.headers["Host"] = f"{account}.s3-control.us-east-1.amazonaws.com"

    client.meta.events.register("before-send.s3-control", stay_here)
    return client


def test_tags_are_the_buckets(aws, control, account):
    s3, name = aws("s3"), new_name()
    s3.create_bucket(Bucket=name)
    arn = f"arn:aws:s3:::{name}"
    assert control.list_tags_for_resource(AccountId=account, ResourceArn=arn)["Tags"] == []
    control.tag_resource(AccountId=account, ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    control.untag_resource(AccountId=account, ResourceArn=arn, TagKeys=["a"])
    assert control.list_tags_for_resource(AccountId=account, ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    with fails("NoSuchBucket", 404):
        control.list_tags_for_resource(AccountId=account, ResourceArn="arn:aws:s3:::" + new_name())


def test_account_public_access_block(aws, control, account):
    with fails("NoSuchPublicAccessBlockConfiguration", 404):
        control.get_public_access_block(AccountId=account)
    with fails("InvalidRequest", 400, "Must specify at least one configuration."):
        control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration={})
    control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration={"BlockPublicPolicy": True})
    assert control.get_public_access_block(AccountId=account)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": False, "IgnorePublicAcls": False, "BlockPublicPolicy": True, "RestrictPublicBuckets": False
    }
    s3, name = aws("s3"), new_name()
    s3.create_bucket(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    with fails("AccessDenied", 403):
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    control.delete_public_access_block(AccountId=account)
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
