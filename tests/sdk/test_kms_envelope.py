"""What stands on KMS and what KMS stands on: envelopes over two regions, restarts, seeds."""
import pytest

from conftest import make_client
from kms_support import DAY, fails
from virga_process import Virga

REGIONS = ["us-east-1", "us-west-2"]


def test_an_envelope_opens_in_each_region(aws):
    """As aws-kms-ee does it: a data key of one region, closed once more in every other under the same alias; opened wherever there is an answer."""
    clients = {region: aws("kms", region=region) for region in REGIONS}
    made = {region: client.create_key()["KeyMetadata"] for region, client in clients.items()}
    for region, client in clients.items():
        client.create_alias(AliasName="alias/envelope", TargetKeyId=made[region]["KeyId"])
    context = {"EncryptionContext": {"table": "things"}}
    first = clients["us-east-1"].generate_data_key(KeyId="alias/envelope", KeySpec="AES_256", **context)
    closed = {"us-east-1": first["CiphertextBlob"]}
    closed["us-west-2"] = clients["us-west-2"].encrypt(KeyId="alias/envelope", Plaintext=first["Plaintext"], **context)["CiphertextBlob"]
    for region, client in clients.items():
        opened = client.decrypt(CiphertextBlob=closed[region], **context)
        assert (opened["Plaintext"], opened["KeyId"]) == (first["Plaintext"], made[region]["Arn"])
        with fails("InvalidCiphertextException"):
            client.decrypt(CiphertextBlob=closed[region])
    clients["us-east-1"].disable_key(KeyId=made["us-east-1"]["KeyId"])
    with fails("DisabledException"):
        clients["us-east-1"].decrypt(CiphertextBlob=closed["us-east-1"], **context)
    assert clients["us-west-2"].decrypt(CiphertextBlob=closed["us-west-2"], **context)["Plaintext"] == first["Plaintext"]


def test_keys_outlive_the_process(tmp_path):
    server = Virga("--data", str(tmp_path))

    def client(region="us-east-1"):
        return make_client("kms", server.endpoint, "123456789012", region)

    kms = client()
    name = {"KeyId": kms.create_key(MultiRegion=True, Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]}
    kms.create_alias(AliasName="alias/kept", TargetKeyId=name["KeyId"])
    old = kms.encrypt(Plaintext=b"old", **name)["CiphertextBlob"]
    kms.rotate_key_on_demand(**name)
    kms.replicate_key(ReplicaRegion="us-west-2", **name)
    kms.enable_key_rotation(RotationPeriodInDays=90, **name)
    new = kms.encrypt(Plaintext=b"new", **name)["CiphertextBlob"]
    pair = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    message = {"KeyId": pair, "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**message)["Signature"]
    going = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=going, PendingWindowInDays=7)
    before = kms.describe_key(**name), kms.list_key_rotations(**name)["Rotations"], kms.get_public_key(KeyId=pair)["PublicKey"]
    server.kill()

    server = Virga("--data", str(tmp_path))
    try:
        kms = client()
        after = kms.describe_key(KeyId="alias/kept"), kms.list_key_rotations(**name)["Rotations"], kms.get_public_key(KeyId=pair)["PublicKey"]
        assert (after[0]["KeyMetadata"], *after[1:]) == (before[0]["KeyMetadata"], *before[1:])
        assert kms.list_resource_tags(**name)["Tags"] == [{"TagKey": "a", "TagValue": "b"}]
        for there in (kms, client("us-west-2")):
            assert [there.decrypt(CiphertextBlob=c)["Plaintext"] for c in (old, new)] == [b"old", b"new"]
        assert kms.verify(Signature=signature, **message)["SignatureValid"]
        server.advance(seconds=91 * DAY)
        assert len(kms.list_key_rotations(**name)["Rotations"]) == len(before[1]) + 1
        with fails("NotFoundException"):
            kms.describe_key(KeyId=going)
    finally:
        assert server.stop() == 0


@pytest.mark.slow
def test_with_a_seed_keys_repeat():
    def run(seed):
        server = Virga("--seed", seed, "--freeze-clock", "2026-01-01T00:00:00Z")
        try:
            kms = make_client("kms", server.endpoint, "123456789012")
            said = []
            for spec, usage, algorithm in (("RSA_2048", "SIGN_VERIFY", "RSASSA_PSS_SHA_256"), ("ECC_NIST_P256", "SIGN_VERIFY", "ECDSA_SHA_256")):
                made = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
                said += [made, kms.get_public_key(KeyId=made)["PublicKey"], kms.sign(KeyId=made, Message=b"m", SigningAlgorithm=algorithm)["Signature"]]
            said += [kms.generate_data_key(KeyId="alias/aws/s3", KeySpec="AES_256")[name] for name in ("KeyId", "Plaintext", "CiphertextBlob")]
            return said + [kms.generate_random(NumberOfBytes=32)["Plaintext"]]
        finally:
            server.stop()

    assert run("7") == run("7") != run("8")
