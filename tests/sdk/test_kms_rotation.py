"""Rotation of keys by the clock and on demand, and keys of several regions."""
import pytest

from kms_support import DAY, bring_to, fails, key, kms  # noqa: F401  (fixtures)


def materials(kms, key_id, **options):
    return [m["KeyMaterialId"] for m in kms.list_key_rotations(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL", **options)["Rotations"]]


def test_rotation_by_the_clock(virga, kms, key):
    name = {"KeyId": key["KeyId"]}
    assert kms.get_key_rotation_status(**name)["KeyRotationEnabled"] is False
    old = kms.encrypt(Plaintext=b"old", **name)["CiphertextBlob"]
    kms.enable_key_rotation(RotationPeriodInDays=90, **name)
    status = kms.get_key_rotation_status(**name)
    assert (status["KeyId"], status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (key["KeyId"], True, 90)
    virga.advance(seconds=90 * DAY + 60)
    assert kms.get_key_rotation_status(**name)["NextRotationDate"] > status["NextRotationDate"]
    rotated = kms.list_key_rotations(**name)["Rotations"]
    assert [(r["KeyId"], r["RotationType"], r["RotationDate"]) for r in rotated] == [(key["KeyId"], "AUTOMATIC", status["NextRotationDate"])]
    now = kms.describe_key(**name)["KeyMetadata"]["CurrentKeyMaterialId"]
    assert materials(kms, key["KeyId"]) == [key["CurrentKeyMaterialId"], now] and now != key["CurrentKeyMaterialId"]
    opened = kms.decrypt(CiphertextBlob=old)
    assert (opened["Plaintext"], opened["KeyMaterialId"]) == (b"old", key["CurrentKeyMaterialId"])
    assert kms.generate_data_key(KeySpec="AES_256", **name)["KeyMaterialId"] == now
    kms.disable_key_rotation(**name)
    virga.advance(seconds=200 * DAY)
    assert kms.describe_key(**name)["KeyMetadata"]["CurrentKeyMaterialId"] == now


def test_what_a_disabled_key_missed_is_made_up_for(virga, kms, key):
    kms.enable_key_rotation(KeyId=key["KeyId"])
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["RotationPeriodInDays"] == 365
    kms.disable_key(KeyId=key["KeyId"])
    virga.advance(seconds=400 * DAY)
    assert len(materials(kms, key["KeyId"])) == 1
    kms.enable_key(KeyId=key["KeyId"])
    virga.wait()
    assert len(materials(kms, key["KeyId"])) == 2


def test_rotation_on_demand(kms, key):
    name = {"KeyId": key["KeyId"]}
    old = kms.encrypt(Plaintext=b"old", **name)["CiphertextBlob"]
    assert kms.rotate_key_on_demand(KeyId=key["Arn"])["KeyId"] == key["KeyId"]
    assert kms.decrypt(CiphertextBlob=old)["Plaintext"] == b"old"
    listed = kms.list_key_rotations(IncludeKeyMaterial="ALL_KEY_MATERIAL", **name)["Rotations"]
    assert [m["KeyMaterialState"] for m in listed] == ["NON_CURRENT", "CURRENT"]
    assert listed[1]["RotationType"] == "ON_DEMAND" and "RotationDate" not in listed[0]
    for _ in range(24):
        kms.rotate_key_on_demand(**name)
    with fails("LimitExceededException"):
        kms.rotate_key_on_demand(**name)
    page = kms.list_key_rotations(Limit=10, **name)
    assert page["Truncated"] and len(page["Rotations"]) == 10
    assert sum(len(p["Rotations"]) for p in kms.get_paginator("list_key_rotations").paginate(PaginationConfig={"PageSize": 10}, **name)) == 25


def test_keys_that_cannot_rotate(kms, key):
    mac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    for change in (kms.enable_key_rotation, kms.disable_key_rotation, kms.rotate_key_on_demand, kms.list_key_rotations):
        with fails("UnsupportedOperationException"):
            change(KeyId=mac)
    assert kms.get_key_rotation_status(KeyId=mac)["KeyRotationEnabled"] is False
    with fails("ValidationException"):
        kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=2561)
    kms.enable_key_rotation(KeyId=key["KeyId"])
    bring_to("Disabled", kms, key["KeyId"])
    for change in (kms.enable_key_rotation, kms.disable_key_rotation, kms.rotate_key_on_demand):
        with fails("DisabledException", f"{key['Arn']} is disabled."):
            change(KeyId=key["KeyId"])
    bring_to("PendingDeletion", kms, key["KeyId"])
    with fails("KMSInvalidStateException"):
        kms.enable_key_rotation(KeyId=key["KeyId"])
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False


@pytest.fixture
def primary(kms):
    return kms.create_key(MultiRegion=True, Description="first")["KeyMetadata"]


def test_a_key_in_two_regions(virga, aws, kms, account, primary):
    west = aws("kms", region="us-west-2")
    assert primary["KeyId"].startswith("mrk-") and len(primary["KeyId"]) == 36 and primary["MultiRegion"]
    assert primary["MultiRegionConfiguration"] == {"MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Arn": primary["Arn"], "Region": "us-east-1"}, "ReplicaKeys": []}
    name = {"KeyId": primary["KeyId"]}
    sealed = kms.encrypt(Plaintext=b"x", EncryptionContext={"a": "b"}, **name)["CiphertextBlob"]
    made = kms.replicate_key(ReplicaRegion="us-west-2", Description="second", Tags=[{"TagKey": "t", "TagValue": "v"}], **name)
    replica = made["ReplicaKeyMetadata"]
    west_arn = f"arn:aws:kms:us-west-2:{account}:key/{primary['KeyId']}"
    assert (replica["Arn"], replica["KeyState"], replica["Description"]) == (west_arn, "Enabled", "second")
    assert made["ReplicaTags"] == [{"TagKey": "t", "TagValue": "v"}] and "kms:*" in made["ReplicaPolicy"]
    described = west.describe_key(**name)["KeyMetadata"]
    assert described == replica
    assert replica["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    seen = kms.describe_key(**name)["KeyMetadata"]["MultiRegionConfiguration"]
    assert seen["ReplicaKeys"] == [{"Arn": west_arn, "Region": "us-west-2"}]
    opened = west.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})
    assert (opened["Plaintext"], opened["KeyId"]) == (b"x", west_arn)
    with fails("AlreadyExistsException"):
        kms.replicate_key(ReplicaRegion="us-west-2", **name)
    with fails("UnsupportedOperationException"):
        west.replicate_key(ReplicaRegion="eu-west-1", **name)
    with fails("UnsupportedOperationException"):
        kms.replicate_key(ReplicaRegion="eu-west-1", KeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    # Rotation is the primary's; its replicas have the new material too.
    with fails("UnsupportedOperationException"):
        west.rotate_key_on_demand(**name)
    kms.rotate_key_on_demand(**name)
    assert materials(west, primary["KeyId"]) == materials(kms, primary["KeyId"])
    assert kms.decrypt(CiphertextBlob=west.encrypt(Plaintext=b"y", **name)["CiphertextBlob"])["Plaintext"] == b"y"
    kms.enable_key_rotation(RotationPeriodInDays=100, **name)
    assert west.get_key_rotation_status(**name)["RotationPeriodInDays"] == 100
    virga.advance(seconds=101 * DAY)
    assert len(materials(west, primary["KeyId"])) == 3 and materials(west, primary["KeyId"]) == materials(kms, primary["KeyId"])


def test_another_region_becomes_the_primary(virga, aws, kms, primary):
    name = {"KeyId": primary["KeyId"]}
    west, europe = aws("kms", region="us-west-2"), aws("kms", region="eu-west-1")
    for region in ("us-west-2", "eu-west-1"):
        kms.replicate_key(ReplicaRegion=region, **name)
    with fails("NotFoundException"):
        kms.update_primary_region(PrimaryRegion="sa-east-1", **name)
    kms.update_primary_region(PrimaryRegion="us-west-2", **name)
    for client, kind in ((kms, "REPLICA"), (west, "PRIMARY"), (europe, "REPLICA")):
        seen = client.describe_key(**name)["KeyMetadata"]["MultiRegionConfiguration"]
        assert (seen["MultiRegionKeyType"], seen["PrimaryKey"]["Region"]) == (kind, "us-west-2")
        assert sorted(r["Region"] for r in seen["ReplicaKeys"]) == ["eu-west-1", "us-east-1"]
    with fails("UnsupportedOperationException"):
        kms.update_primary_region(PrimaryRegion="eu-west-1", **name)
    west.rotate_key_on_demand(**name)
    assert len(materials(kms, primary["KeyId"])) == 2
    # The primary goes when its replicas have gone.
    waiting = west.schedule_key_deletion(PendingWindowInDays=7, **name)
    assert waiting["KeyState"] == "PendingReplicaDeletion" and "DeletionDate" not in waiting
    assert west.describe_key(**name)["KeyMetadata"]["PendingDeletionWindowInDays"] == 7
    for client in (kms, europe):
        client.schedule_key_deletion(PendingWindowInDays=7, **name)
    virga.advance(seconds=7 * DAY + 60)
    for client in (kms, europe):
        with fails("NotFoundException"):
            client.describe_key(**name)
    left = west.describe_key(**name)["KeyMetadata"]
    assert left["KeyState"] == "PendingDeletion" and left["MultiRegionConfiguration"]["ReplicaKeys"] == []
    virga.advance(seconds=7 * DAY + 60)
    with fails("NotFoundException"):
        west.describe_key(**name)
