"""Signatures, MACs and key agreement of KMS, verified by the openssl command with the public keys that KMS tells."""
import hashlib
import hmac
import subprocess

import pytest

from kms_support import bring_to, fails, key, kms, refused_in  # noqa: F401  (fixtures)

MESSAGE = b"what is signed"
RSA = [f"RSASSA_{kind}_SHA_{bits}" for kind in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]


@pytest.fixture(scope="module")
def kept(virga_server):
    """Keys that the tests of this module share, made when the first asks for them."""
    from conftest import make_client

    kms, made = make_client("kms", virga_server.endpoint, "888800001111"), {}

    def keep(spec, usage="SIGN_VERIFY"):
        if (spec, usage) not in made:
            made[spec, usage] = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
        return kms, made[spec, usage]

    yield keep
    virga_server.post("/_virga/reset", {"account": "888800001111"})


def digest(algorithm):
    return hashlib.new("sha" + algorithm.rsplit("_", 1)[-1], MESSAGE).digest()


def openssl(folder, algorithm, public_key, signature):
    """Whether OpenSSL finds the signature right."""
    for name, content in (("key", public_key), ("signature", signature), ("message", MESSAGE)):
        (folder / name).write_bytes(content)
    if algorithm.startswith("ED25519"):
        command = ["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key", "-sigfile", "signature", "-in", "message"]
    else:
        padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] if "PSS" in algorithm else []
        command = ["dgst", "-sha" + algorithm.rsplit("_", 1)[-1], "-keyform", "DER", "-verify", "key", *padding, "-signature", "signature", "message"]
    return subprocess.run(["openssl", *command], cwd=folder, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "spec, algorithm",
    [("RSA_2048", name) for name in RSA]
    + [("ECC_NIST_P256", "ECDSA_SHA_256"), ("ECC_NIST_P384", "ECDSA_SHA_384"), ("ECC_NIST_P521", "ECDSA_SHA_512"), ("ECC_SECG_P256K1", "ECDSA_SHA_256"), ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512")],
)
def test_openssl_verifies_what_kms_signs(kept, tmp_path, spec, algorithm):
    kms, made = kept(spec)
    public = kms.get_public_key(KeyId=made["Arn"])
    assert (public["KeyId"], public["KeySpec"], public["CustomerMasterKeySpec"], public["KeyUsage"]) == (made["Arn"], spec, spec, "SIGN_VERIFY")
    assert algorithm in public["SigningAlgorithms"] == made["SigningAlgorithms"]
    name = {"KeyId": made["KeyId"], "SigningAlgorithm": algorithm}
    signed = kms.sign(Message=MESSAGE, **name)
    assert (signed["KeyId"], signed["SigningAlgorithm"]) == (made["Arn"], algorithm)
    assert openssl(tmp_path, algorithm, public["PublicKey"], signed["Signature"])
    verified = kms.verify(Message=MESSAGE, Signature=signed["Signature"], **name)
    assert (verified["SignatureValid"], verified["KeyId"], verified["SigningAlgorithm"]) == (True, made["Arn"], algorithm)
    with fails("KMSInvalidSignatureException"):
        kms.verify(Message=MESSAGE + b"!", Signature=signed["Signature"], **name)
    if spec != "ECC_NIST_EDWARDS25519":
        of_digest = kms.sign(Message=digest(algorithm), MessageType="DIGEST", **name)["Signature"]
        assert openssl(tmp_path, algorithm, public["PublicKey"], of_digest)
        assert kms.verify(Message=digest(algorithm), MessageType="DIGEST", Signature=signed["Signature"], **name)["SignatureValid"]
        with fails("ValidationException", f"Digest is invalid length for algorithm {algorithm}."):
            kms.sign(Message=MESSAGE, MessageType="DIGEST", **name)


def test_algorithms_that_a_key_has_not(kept):
    kms, made = kept("RSA_2048")
    with fails("InvalidKeyUsageException", "Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048."):
        kms.sign(KeyId=made["KeyId"], Message=MESSAGE, SigningAlgorithm="ECDSA_SHA_256")
    with fails("ValidationException"):
        kms.sign(KeyId=made["KeyId"], Message=b"x" * 4097, SigningAlgorithm=RSA[0])
    with fails("ValidationException", "Message type EXTERNAL_MU is incompatible with key spec RSA_2048."):
        kms.sign(KeyId=made["KeyId"], Message=MESSAGE, MessageType="EXTERNAL_MU", SigningAlgorithm=RSA[0])
    with fails("KMSInvalidSignatureException", ""):
        kms.verify(KeyId=made["KeyId"], Message=MESSAGE, Signature=b"none", SigningAlgorithm=RSA[0])
    kms, made = kept("ECC_NIST_EDWARDS25519")
    with fails("NotImplemented"):
        kms.sign(KeyId=made["KeyId"], Message=b"x" * 64, MessageType="DIGEST", SigningAlgorithm="ED25519_PH_SHA_512")
    with fails("ValidationException"):
        kms.sign(KeyId=made["KeyId"], Message=b"x" * 64, MessageType="DIGEST", SigningAlgorithm="ED25519_SHA_512")


def test_symmetric_keys_sign_nothing(kms, key):
    with fails("InvalidKeyUsageException", f"{key['Arn']} key usage is ENCRYPT_DECRYPT which is not valid for Sign."):
        kms.sign(KeyId=key["KeyId"], Message=MESSAGE, SigningAlgorithm=RSA[0])
    with fails("UnsupportedOperationException"):
        kms.get_public_key(KeyId=key["KeyId"])


def test_what_a_public_key_encrypts_kms_opens(kept, tmp_path):
    kms, made = kept("RSA_2048", "ENCRYPT_DECRYPT")
    public = kms.get_public_key(KeyId=made["KeyId"])
    assert public["EncryptionAlgorithms"] == ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
    (tmp_path / "key").write_bytes(public["PublicKey"])
    options = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256"]
    command = ["openssl", "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key", *options]
    sealed = subprocess.run(command, cwd=tmp_path, input=MESSAGE, capture_output=True, check=True).stdout
    assert kms.decrypt(KeyId=made["KeyId"], CiphertextBlob=sealed, EncryptionAlgorithm="RSAES_OAEP_SHA_256")["Plaintext"] == MESSAGE


@pytest.mark.parametrize("bits", [224, 256, 384, 512])
def test_macs(kms, bits):
    made = kms.create_key(KeySpec=f"HMAC_{bits}", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    name = {"KeyId": made["KeyId"], "MacAlgorithm": f"HMAC_SHA_{bits}"}
    done = kms.generate_mac(Message=MESSAGE, **name)
    assert (done["KeyId"], done["MacAlgorithm"], len(done["Mac"])) == (made["Arn"], f"HMAC_SHA_{bits}", bits // 8)
    assert kms.generate_mac(Message=MESSAGE, **name)["Mac"] == done["Mac"]
    verified = kms.verify_mac(Message=MESSAGE, Mac=done["Mac"], **name)
    assert verified["MacValid"] and verified["KeyId"] == made["Arn"]
    with fails("KMSInvalidMacException", ""):
        kms.verify_mac(Message=MESSAGE + b"!", Mac=done["Mac"], **name)
    other = "HMAC_SHA_512" if bits != 512 else "HMAC_SHA_256"
    with fails("InvalidKeyUsageException", f"Algorithm {other} is incompatible with key spec HMAC_{bits}."):
        kms.generate_mac(Message=MESSAGE, KeyId=made["KeyId"], MacAlgorithm=other)


def test_a_shared_secret(kms, tmp_path):
    def openssl(*arguments):
        return subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, check=True).stdout

    made = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "own")
    own = openssl("pkey", "-in", "own", "-pubout", "-outform", "DER")
    derived = kms.derive_shared_secret(KeyId=made["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=own)
    assert (derived["KeyId"], derived["KeyAgreementAlgorithm"], derived["KeyOrigin"]) == (made["Arn"], "ECDH", "AWS_KMS")
    (tmp_path / "other").write_bytes(kms.get_public_key(KeyId=made["KeyId"])["PublicKey"])
    assert derived["SharedSecret"] == openssl("pkeyutl", "-derive", "-inkey", "own", "-peerform", "DER", "-peerkey", "other")
    with fails("ValidationException"):
        kms.derive_shared_secret(KeyId=made["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=b"none")


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_keys_that_are_off_do_nothing(kms, state):
    pair, mac, agreeing = (
        kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
        for spec, usage in (("ECC_NIST_P256", "SIGN_VERIFY"), ("HMAC_256", "GENERATE_VERIFY_MAC"), ("ECC_NIST_P256", "KEY_AGREEMENT"))
    )
    signature = {"KeyId": pair["KeyId"], "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_256"}
    made = {"KeyId": mac["KeyId"], "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_256"}
    for one in (pair, mac, agreeing):
        bring_to(state, kms, one["KeyId"])
    for one, use in (
        (pair, lambda: kms.sign(**signature)),
        (pair, lambda: kms.verify(Signature=b"x", **signature)),
        (pair, lambda: kms.get_public_key(KeyId=pair["KeyId"])),
        (mac, lambda: kms.generate_mac(**made)),
        (mac, lambda: kms.verify_mac(Mac=b"x", **made)),
        (agreeing, lambda: kms.derive_shared_secret(KeyId=agreeing["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=b"x")),
    ):
        with refused_in(state, one["Arn"]):
            use()


def test_dry_runs(kms):
    made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    name = {"KeyId": made["KeyId"], "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_256", "DryRun": True}
    with fails("DryRunOperationException"):
        kms.generate_mac(**name)
    with fails("KMSInvalidMacException"):
        kms.verify_mac(Mac=b"x", **name)
