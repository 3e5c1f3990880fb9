"""Grants: made, listed, given up."""
import pytest

from kms_support import fails, key, kms  # noqa: F401  (fixtures)

ROLE, OTHER = "arn:aws:iam::111122223333:role/worker", "arn:aws:iam::111122223333:role/other"


@pytest.fixture
def grant(kms, key):
    def make(**options):
        return kms.create_grant(**{"KeyId": key["KeyId"], "GranteePrincipal": ROLE, "Operations": ["Encrypt", "Decrypt"], **options})

    return make


def test_grants_are_kept_and_listed(kms, account, key, grant):
    made = grant(Name="mine", RetiringPrincipal=OTHER, Constraints={"EncryptionContextSubset": {"a": "b"}})
    assert len(made["GrantId"]) == 64 and made["GrantToken"]
    (listed,) = kms.list_grants(KeyId=key["KeyId"])["Grants"]
    assert listed.pop("CreationDate")
    assert listed == {
        "KeyId": key["Arn"], "GrantId": made["GrantId"], "Name": "mine", "GranteePrincipal": ROLE, "RetiringPrincipal": OTHER,
        "IssuingAccount": f"arn:aws:iam::{account}:root", "Operations": ["Encrypt", "Decrypt"], "Constraints": {"EncryptionContextSubset": {"a": "b"}},
    }
    assert kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", GrantTokens=[made["GrantToken"]])["CiphertextBlob"]


def test_a_name_makes_requests_repeatable(grant):
    first = grant(Name="mine")
    assert grant(Name="mine")["GrantId"] == first["GrantId"]
    assert grant(Name="mine", Operations=["Encrypt"])["GrantId"] != first["GrantId"]
    assert grant()["GrantId"] != grant()["GrantId"]


def test_lists_are_filtered_and_paged(kms, key, grant):
    ids = sorted(grant()["GrantId"] for _ in range(3))
    others = grant(GranteePrincipal=OTHER, RetiringPrincipal=ROLE)["GrantId"]
    assert [g["GrantId"] for g in kms.list_grants(KeyId=key["KeyId"], GranteePrincipal=OTHER)["Grants"]] == [others]
    assert [g["GrantId"] for g in kms.list_grants(KeyId=key["KeyId"], GrantId=ids[0])["Grants"]] == [ids[0]]
    assert [g["GrantId"] for g in kms.list_retirable_grants(RetiringPrincipal=ROLE)["Grants"]] == [others]
    page = kms.list_grants(KeyId=key["KeyId"], GranteePrincipal=ROLE, Limit=2)
    assert page["Truncated"] and [g["GrantId"] for g in page["Grants"]] == ids[:2]
    assert [g["GrantId"] for g in kms.list_grants(KeyId=key["KeyId"], GranteePrincipal=ROLE, Marker=page["NextMarker"])["Grants"]] == ids[2:]


def test_grants_end(kms, key, grant):
    first, second, third = grant(), grant(), grant()
    with fails("DryRunOperationException"):
        kms.revoke_grant(KeyId=key["KeyId"], GrantId=first["GrantId"], DryRun=True)
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=first["GrantId"])
    kms.retire_grant(GrantToken=second["GrantToken"])
    kms.retire_grant(KeyId=key["Arn"], GrantId=third["GrantId"])
    assert kms.list_grants(KeyId=key["KeyId"])["Grants"] == []
    with fails("NotFoundException"):
        kms.revoke_grant(KeyId=key["KeyId"], GrantId=first["GrantId"])
    with fails("InvalidGrantIdException"):
        kms.revoke_grant(KeyId=key["KeyId"], GrantId="none")
    with fails("InvalidGrantTokenException"):
        kms.retire_grant(GrantToken=second["GrantToken"])
    with fails("ValidationException"):
        kms.retire_grant(KeyId=key["Arn"])


def test_what_grants_need(kms, key, grant):
    with fails("DryRunOperationException"):
        grant(DryRun=True)
    with fails("ValidationException"):
        grant(Operations=["Fly"])
    with fails("NotFoundException"):
        grant(KeyId="alias/none")
    kms.disable_key(KeyId=key["KeyId"])
    with fails("DisabledException"):
        grant()
    assert kms.list_grants(KeyId=key["KeyId"])["Grants"] == []
