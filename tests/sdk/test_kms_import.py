"""Material that a customer brings, wrapped by the openssl command."""
import datetime
import os
import subprocess

import pytest

from kms_support import DAY, fails, key, kms  # noqa: F401  (fixtures)

FOR_EVER = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}


@pytest.fixture
def external(kms):
    return kms.create_key(Origin="EXTERNAL")["KeyMetadata"]


@pytest.fixture
def wrap(kms, tmp_path):
    """wrap(key id, material): what ImportKeyMaterial takes."""

    def openssl(*arguments, given=None):
        return subprocess.run(["openssl", *arguments], cwd=tmp_path, input=given, capture_output=True, check=True).stdout

    def wrap(key_id, material, algorithm="RSAES_OAEP_SHA_256"):
        parameters = kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")
        (tmp_path / "key").write_bytes(parameters["PublicKey"])
        digest = "sha1" if algorithm.endswith("SHA_1") else "sha256"
        options = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", f"rsa_oaep_md:{digest}", "-pkeyopt", f"rsa_mgf1_md:{digest}"]
        command = ["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key", *options]
        if algorithm.startswith("RSA_AES"):
            aes = os.urandom(32)
            sealed = openssl("enc", "-id-aes256-wrap-pad", "-K", aes.hex(), "-iv", "A65959A6", given=material)
            return {"KeyId": key_id, "ImportToken": parameters["ImportToken"], "EncryptedKeyMaterial": openssl(*command, given=aes) + sealed}
        return {"KeyId": key_id, "ImportToken": parameters["ImportToken"], "EncryptedKeyMaterial": openssl(*command, given=material)}

    return wrap


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_a_key_waits_for_its_material(kms, external, wrap, algorithm):
    assert (external["KeyState"], external["Enabled"], external["Origin"]) == ("PendingImport", False, "EXTERNAL")
    assert "CurrentKeyMaterialId" not in external
    with fails("KMSInvalidStateException", f"{external['Arn']} is pending import."):
        kms.encrypt(KeyId=external["KeyId"], Plaintext=b"x")
    done = kms.import_key_material(**wrap(external["KeyId"], b"m" * 32, algorithm), **FOR_EVER)
    seen = kms.describe_key(KeyId=external["KeyId"])["KeyMetadata"]
    assert done["KeyId"] == external["Arn"] and done["KeyMaterialId"] == seen["CurrentKeyMaterialId"]
    assert (seen["KeyState"], seen["ExpirationModel"]) == ("Enabled", "KEY_MATERIAL_DOES_NOT_EXPIRE") and "ValidTo" not in seen
    sealed = kms.encrypt(KeyId=external["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    # Material that goes, and comes again.
    assert kms.delete_imported_key_material(KeyId=external["KeyId"])["KeyMaterialId"] == done["KeyMaterialId"]
    with fails("KMSInvalidStateException", f"{external['Arn']} is pending import."):
        kms.decrypt(CiphertextBlob=sealed)
    with fails("IncorrectKeyMaterialException"):
        kms.import_key_material(**wrap(external["KeyId"], b"n" * 32), **FOR_EVER)
    kms.import_key_material(**wrap(external["KeyId"], b"m" * 32), **FOR_EVER)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def test_material_ends_with_its_date(virga, kms, external, wrap):
    until = external["CreationDate"] + datetime.timedelta(days=3)
    kms.import_key_material(ValidTo=until, **wrap(external["KeyId"], b"m" * 32))
    seen = kms.describe_key(KeyId=external["KeyId"])["KeyMetadata"]
    assert seen["ExpirationModel"] == "KEY_MATERIAL_EXPIRES" and abs(seen["ValidTo"] - until) < datetime.timedelta(seconds=1)
    virga.advance(seconds=3 * DAY + 60)
    assert kms.describe_key(KeyId=external["KeyId"])["KeyMetadata"]["KeyState"] == "PendingImport"


def test_new_material_waits_for_its_rotation(kms, external, wrap):
    name = {"KeyId": external["KeyId"]}
    first = kms.import_key_material(**wrap(external["KeyId"], b"1" * 32), **FOR_EVER)["KeyMaterialId"]
    sealed = kms.encrypt(Plaintext=b"x", **name)["CiphertextBlob"]
    with fails("KMSInvalidStateException"):
        kms.rotate_key_on_demand(**name)
    second = kms.import_key_material(ImportType="NEW_KEY_MATERIAL", KeyMaterialDescription="two", **wrap(external["KeyId"], b"2" * 32), **FOR_EVER)["KeyMaterialId"]
    assert kms.describe_key(**name)["KeyMetadata"]["CurrentKeyMaterialId"] == first
    listed = kms.list_key_rotations(IncludeKeyMaterial="ALL_KEY_MATERIAL", **name)["Rotations"]
    assert [(m["KeyMaterialId"], m["KeyMaterialState"], m["ImportState"]) for m in listed] == [(first, "CURRENT", "IMPORTED"), (second, "PENDING_ROTATION", "IMPORTED")]
    kms.rotate_key_on_demand(**name)
    assert kms.describe_key(**name)["KeyMetadata"]["CurrentKeyMaterialId"] == second
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
    kms.delete_imported_key_material(KeyMaterialId=first, **name)
    assert kms.describe_key(**name)["KeyMetadata"]["KeyState"] == "PendingImport"


def test_a_private_key_is_brought_under_an_aes_key(kms, wrap, tmp_path):
    made = kms.create_key(Origin="EXTERNAL", KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    for command in (["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "own"], ["pkcs8", "-topk8", "-nocrypt", "-in", "own", "-outform", "DER", "-out", "der"]):
        subprocess.run(["openssl", *command], cwd=tmp_path, check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", "own", "-pubout", "-outform", "DER"], cwd=tmp_path, check=True, capture_output=True).stdout
    kms.import_key_material(**wrap(made["KeyId"], (tmp_path / "der").read_bytes(), "RSA_AES_KEY_WRAP_SHA_256"), **FOR_EVER)
    assert kms.get_public_key(KeyId=made["KeyId"])["PublicKey"] == public
    assert kms.sign(KeyId=made["KeyId"], Message=b"x", SigningAlgorithm="ECDSA_SHA_256")["Signature"]


def test_what_is_refused(virga, kms, key, external, wrap):
    with fails("UnsupportedOperationException", f"{key['Arn']} origin is AWS_KMS which is not valid for this operation."):
        kms.get_parameters_for_import(KeyId=key["KeyId"], WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048")
    with fails("UnsupportedOperationException"):
        kms.delete_imported_key_material(KeyId=key["KeyId"])
    with fails("UnsupportedOperationException"):
        kms.get_parameters_for_import(KeyId=external["KeyId"], WrappingAlgorithm="RSAES_PKCS1_V1_5", WrappingKeySpec="RSA_2048")
    right = wrap(external["KeyId"], b"m" * 32)
    with fails("ValidationException", "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"):
        kms.import_key_material(**right)
    with fails("InvalidImportTokenException"):
        kms.import_key_material(**{**right, "ImportToken": b"none"}, **FOR_EVER)
    with fails("InvalidCiphertextException"):
        kms.import_key_material(**{**right, "EncryptedKeyMaterial": b"x" * 256}, **FOR_EVER)
    with fails("InvalidCiphertextException"):
        kms.import_key_material(**wrap(external["KeyId"], b"m" * 31), **FOR_EVER)
    virga.advance(seconds=DAY + 60)
    with fails("ExpiredImportTokenException"):
        kms.import_key_material(**right, **FOR_EVER)
