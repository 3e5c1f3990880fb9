"""Keys of KMS: making, naming, states, deletion as time passes, aliases, tags, policies."""
import datetime
import json
import uuid

import pytest

from kms_support import DAY, fails, key, kms  # noqa: F401  (fixtures)


def test_a_new_key_is_symmetric_and_enabled(kms, account):
    made = kms.create_key(Description="mine", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
    assert made["Arn"] == f"arn:aws:kms:us-east-1:{account}:key/{made['KeyId']}"
    assert uuid.UUID(made["KeyId"]).version == 4
    expected = {
        "AWSAccountId": account, "Enabled": True, "KeyState": "Enabled", "Description": "mine", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": False,
    }
    assert {name: made[name] for name in expected} == expected
    assert len(made["CurrentKeyMaterialId"]) == 64 and "DeletionDate" not in made and "SigningAlgorithms" not in made
    assert kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"] == made
    assert kms.list_resource_tags(KeyId=made["KeyId"])["Tags"] == [{"TagKey": "a", "TagValue": "b"}]


@pytest.mark.parametrize(
    "spec, usage, algorithms",
    [
        ("RSA_2048", "ENCRYPT_DECRYPT", {"EncryptionAlgorithms": ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]}),
        ("ECC_NIST_P384", "SIGN_VERIFY", {"SigningAlgorithms": ["ECDSA_SHA_384"]}),
        ("ECC_SECG_P256K1", "SIGN_VERIFY", {"SigningAlgorithms": ["ECDSA_SHA_256"]}),
        ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY", {"SigningAlgorithms": ["ED25519_SHA_512", "ED25519_PH_SHA_512"]}),
        ("ECC_NIST_P256", "KEY_AGREEMENT", {"KeyAgreementAlgorithms": ["ECDH"]}),
        ("HMAC_384", "GENERATE_VERIFY_MAC", {"MacAlgorithms": ["HMAC_SHA_384"]}),
    ],
)
def test_every_kind_of_key_says_what_it_can_do(kms, spec, usage, algorithms):
    made = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
    assert (made["KeySpec"], made["CustomerMasterKeySpec"], made["KeyUsage"]) == (spec, spec, usage)
    assert {name: value for name, value in made.items() if name.endswith("Algorithms")} == algorithms
    assert "CurrentKeyMaterialId" not in made


def test_specs_and_usages_that_do_not_fit(kms):
    with fails("ValidationException", "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."):
        kms.create_key(KeySpec="RSA_2048")
    with fails("ValidationException", "KeyUsage SIGN_VERIFY is not compatible with KeySpec HMAC_256"):
        kms.create_key(KeySpec="HMAC_256", KeyUsage="SIGN_VERIFY")
    with fails("ValidationException", "KeyUsage KEY_AGREEMENT is not compatible with KeySpec ECC_SECG_P256K1"):
        kms.create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="KEY_AGREEMENT")
    with fails("ValidationException", "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."):
        kms.create_key(KeySpec="HMAC_256", CustomerMasterKeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    with fails("UnsupportedOperationException"):
        kms.create_key(KeySpec="SM2", KeyUsage="SIGN_VERIFY")
    with fails("NotImplemented"):
        kms.create_key(KeySpec="ML_DSA_44", KeyUsage="SIGN_VERIFY")


def test_a_key_is_named_in_four_ways(kms, aws, account, key):
    kms.create_alias(AliasName="alias/four", TargetKeyId=key["Arn"])
    alias_arn = f"arn:aws:kms:us-east-1:{account}:alias/four"
    for name in (key["KeyId"], key["Arn"], "alias/four", alias_arn):
        assert kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == key["Arn"]
    missing = str(uuid.uuid4())
    with fails("NotFoundException", f"Key 'arn:aws:kms:us-east-1:{account}:key/{missing}' does not exist"):
        kms.describe_key(KeyId=missing)
    with fails("NotFoundException", f"Alias arn:aws:kms:us-east-1:{account}:alias/none is not found."):
        kms.describe_key(KeyId="alias/none")
    with fails("NotFoundException", "Invalid keyId 'nothing'"):
        kms.describe_key(KeyId="nothing")
    with fails("NotFoundException", "Invalid arn us-east-1"):
        aws("kms", region="us-west-2").describe_key(KeyId=key["Arn"])
    with fails("InvalidArnException"):
        kms.describe_key(KeyId="arn:aws:s3:::bucket")
    # What manages a key takes no alias.
    with fails("NotFoundException", "Invalid keyId 'alias/four'"):
        kms.disable_key(KeyId="alias/four")
    with fails("InvalidArnException", "Key Aliases are not supported for this operation"):
        kms.disable_key(KeyId=alias_arn)


def test_another_account_may_use_a_key_and_not_change_it(kms, aws, virga, key):
    from conftest import make_client

    other = make_client("kms", virga.endpoint, "999900001111")
    assert other.describe_key(KeyId=key["Arn"])["KeyMetadata"]["AWSAccountId"] == key["AWSAccountId"]
    sealed = other.encrypt(KeyId=key["Arn"], Plaintext=b"x")["CiphertextBlob"]
    assert other.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x" == kms.decrypt(CiphertextBlob=sealed)["Plaintext"]
    with fails("AccessDeniedException"):
        other.disable_key(KeyId=key["Arn"])


def test_keys_are_listed_in_pages(kms):
    made = sorted(kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(5))
    first = kms.list_keys(Limit=2)
    assert first["Truncated"] and [k["KeyId"] for k in first["Keys"]] == made[:2]
    pages = kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2})
    assert [k["KeyId"] for page in pages for k in page["Keys"]] == made
    whole = kms.list_keys()
    assert not whole["Truncated"] and "NextMarker" not in whole
    assert whole["Keys"][0]["KeyArn"].endswith(":key/" + made[0])
    with fails("InvalidMarkerException"):
        kms.list_keys(Marker="made up")


def test_off_and_on(kms, key):
    kms.disable_key(KeyId=key["KeyId"])
    off = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (off["KeyState"], off["Enabled"]) == ("Disabled", False)
    with fails("DisabledException", f"{key['Arn']} is disabled."):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    kms.enable_key(KeyId=key["Arn"])
    assert kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["KeyId"] == key["Arn"]
    kms.update_key_description(KeyId=key["KeyId"], Description="new")
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["Description"] == "new"


def test_deletion_waits_and_can_be_called_off(kms, key):
    for days in (6, 31):
        with fails("ValidationException", "PendingWindowInDays must be between 7 and 30"):
            kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)
    with fails("KMSInvalidStateException", f"{key['Arn']} is not pending deletion."):
        kms.cancel_key_deletion(KeyId=key["KeyId"])
    going = kms.schedule_key_deletion(KeyId=key["KeyId"])
    assert (going["KeyId"], going["KeyState"], going["PendingWindowInDays"]) == (key["Arn"], "PendingDeletion", 30)
    seen = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (seen["KeyState"], seen["Enabled"], seen["DeletionDate"]) == ("PendingDeletion", False, going["DeletionDate"])
    pending = f"{key['Arn']} is pending deletion."
    for change in (
        lambda: kms.schedule_key_deletion(KeyId=key["KeyId"]),
        lambda: kms.enable_key(KeyId=key["KeyId"]),
        lambda: kms.disable_key(KeyId=key["KeyId"]),
        lambda: kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x"),
        lambda: kms.create_alias(AliasName="alias/late", TargetKeyId=key["KeyId"]),
        lambda: kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "a", "TagValue": "b"}]),
        lambda: kms.update_key_description(KeyId=key["KeyId"], Description="late"),
    ):
        with fails("KMSInvalidStateException", pending):
            change()
    assert kms.cancel_key_deletion(KeyId=key["KeyId"])["KeyId"] == key["Arn"]
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Disabled"


def test_deletion_comes_with_its_date(virga, kms, key):
    kms.create_alias(AliasName="alias/gone", TargetKeyId=key["KeyId"])
    sealed = kms.encrypt(KeyId="alias/gone", Plaintext=b"x")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    virga.advance(seconds=7 * DAY - 60)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    virga.advance(seconds=120)
    with fails("NotFoundException", f"Key '{key['Arn']}' does not exist"):
        kms.describe_key(KeyId=key["KeyId"])
    with fails("NotFoundException"):
        kms.describe_key(KeyId="alias/gone")
    with fails("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed)
    assert kms.list_aliases()["Aliases"] == [] == kms.list_keys()["Keys"]


def test_aliases(kms, account, key):
    kms.create_alias(AliasName="alias/a", TargetKeyId=key["KeyId"])
    kms.create_alias(AliasName="alias/b", TargetKeyId=key["KeyId"])
    with fails("AlreadyExistsException", f"An alias with the name arn:aws:kms:us-east-1:{account}:alias/a already exists"):
        kms.create_alias(AliasName="alias/a", TargetKeyId=key["KeyId"])
    with fails("ValidationException"):
        kms.create_alias(AliasName="a", TargetKeyId=key["KeyId"])
    with fails("NotAuthorizedException"):
        kms.create_alias(AliasName="alias/aws/mine", TargetKeyId=key["KeyId"])
    listed = kms.list_aliases(KeyId=key["KeyId"], Limit=1)
    assert listed["Truncated"] and listed["Aliases"][0]["AliasArn"] == f"arn:aws:kms:us-east-1:{account}:alias/a"
    assert isinstance(listed["Aliases"][0]["CreationDate"], datetime.datetime)
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.update_alias(AliasName="alias/b", TargetKeyId=other)
    assert [a["TargetKeyId"] for a in kms.list_aliases()["Aliases"]] == [key["KeyId"], other]
    assert [a["AliasName"] for a in kms.list_aliases(KeyId=other)["Aliases"]] == ["alias/b"]
    mac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    with fails("ValidationException"):
        kms.update_alias(AliasName="alias/b", TargetKeyId=mac)
    kms.delete_alias(AliasName="alias/a")
    missing = f"Alias arn:aws:kms:us-east-1:{account}:alias/a is not found."
    with fails("NotFoundException", missing):
        kms.delete_alias(AliasName="alias/a")
    with fails("NotFoundException", missing):
        kms.update_alias(AliasName="alias/a", TargetKeyId=other)


def test_keys_of_aws_appear_when_they_are_asked_for(kms):
    assert kms.list_aliases()["Aliases"] == []
    made = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
    assert made["KeyManager"] == "AWS"
    assert kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"] == made["KeyId"]
    assert [a["AliasName"] for a in kms.list_aliases()["Aliases"]] == ["alias/aws/s3"]
    with fails("AccessDeniedException"):
        kms.schedule_key_deletion(KeyId=made["KeyId"])
    with fails("NotFoundException"):
        kms.describe_key(KeyId="alias/aws/nothing")


def test_tags(kms, key):
    kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "b", "TagValue": "1"}, {"TagKey": "a", "TagValue": ""}])
    kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "b", "TagValue": "2"}])
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "a", "TagValue": ""}, {"TagKey": "b", "TagValue": "2"}]
    page = kms.list_resource_tags(KeyId=key["KeyId"], Limit=1)
    assert page["Truncated"] and len(kms.list_resource_tags(KeyId=key["KeyId"], Marker=page["NextMarker"])["Tags"]) == 1
    with fails("TagException"):
        kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "aws:x", "TagValue": "1"}])
    with fails("TagException"):
        kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "x", "TagValue": "1"}, {"TagKey": "x", "TagValue": "2"}])
    with fails("LimitExceededException"):
        kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": f"t{i}", "TagValue": ""} for i in range(49)])
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["a", "never there"])
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "b", "TagValue": "2"}]


def test_policies(kms, account, key):
    given = json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"])
    assert given["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{account}:root"} and given["Statement"][0]["Action"] == "kms:*"
    assert kms.list_key_policies(KeyId=key["KeyId"])["PolicyNames"] == ["default"]
    text = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:Put*", "Resource": "*"}]})
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=text)
    assert kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"] == text
    with fails("NotFoundException", "No such policy exists"):
        kms.get_key_policy(KeyId=key["KeyId"], PolicyName="other")
    with fails("MalformedPolicyDocumentException"):
        kms.put_key_policy(KeyId=key["KeyId"], Policy="{}")
    locked = text.replace("kms:Put*", "kms:Encrypt")
    with fails("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future."):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=locked)
    kms.put_key_policy(KeyId=key["KeyId"], Policy=locked, BypassPolicyLockoutSafetyCheck=True)
    with fails("MalformedPolicyDocumentException"):
        kms.create_key(Policy=locked)
