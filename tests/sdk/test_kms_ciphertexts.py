"""Encryption with KMS: ciphertexts, their contexts, data keys, dry runs."""
import pytest

from kms_support import bring_to, fails, key, kms, refused_in  # noqa: F401  (fixtures)


def test_a_ciphertext_names_its_key(kms, key):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")
    assert (sealed["KeyId"], sealed["EncryptionAlgorithm"]) == (key["Arn"], "SYMMETRIC_DEFAULT")
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])
    assert (opened["Plaintext"], opened["KeyId"], opened["EncryptionAlgorithm"]) == (b"secret", key["Arn"], "SYMMETRIC_DEFAULT")
    assert opened["KeyMaterialId"] == key["CurrentKeyMaterialId"]
    assert kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"] != sealed["CiphertextBlob"]
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    with fails("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation."):
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], KeyId=other)
    kms.create_alias(AliasName="alias/right", TargetKeyId=key["KeyId"])
    assert kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], KeyId="alias/right")["Plaintext"] == b"secret"


def test_the_context_is_part_of_it(kms, key):
    context = {"b": "2", "a": "1"}
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "1", "b": "2"})["Plaintext"] == b"secret"
    for wrong in ({}, {"a": "1"}, {"a": "1", "b": "3"}, {"a": "1", "B": "2"}, {"a": "1", "b": "2", "c": ""}):
        with fails("InvalidCiphertextException", ""):
            kms.decrypt(CiphertextBlob=sealed, EncryptionContext=wrong)


def test_what_is_no_ciphertext(kms, key):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    for wrong in (b"x", sealed[:-1], sealed[:30], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with fails("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=wrong)
        with fails("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=wrong, KeyId=key["KeyId"])


def test_lengths(kms, key):
    assert kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x" * 4096)["CiphertextBlob"]
    with fails("ValidationException"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x" * 4097)
    with fails("ValidationException"):
        kms.decrypt(CiphertextBlob=b"x" * 6145)


def test_a_key_of_another_region_is_not_found(aws, kms, key):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    message = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."
    with fails("AccessDeniedException", message):
        aws("kms", region="us-west-2").decrypt(CiphertextBlob=sealed)


def test_rsa_keys_encrypt(kms):
    made = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    name = {"KeyId": made["KeyId"]}
    for algorithm, longest in (("RSAES_OAEP_SHA_1", 214), ("RSAES_OAEP_SHA_256", 190)):
        sealed = kms.encrypt(Plaintext=b"x" * longest, EncryptionAlgorithm=algorithm, **name)
        assert len(sealed["CiphertextBlob"]) == 256 and sealed["EncryptionAlgorithm"] == algorithm
        opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionAlgorithm=algorithm, **name)
        assert opened["Plaintext"] == b"x" * longest and "KeyMaterialId" not in opened
        with fails("ValidationException", f"Algorithm {algorithm} and key spec RSA_2048 cannot encrypt data larger than {longest} bytes."):
            kms.encrypt(Plaintext=b"x" * (longest + 1), EncryptionAlgorithm=algorithm, **name)
    with fails("InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionAlgorithm="RSAES_OAEP_SHA_1", **name)
    with fails("InvalidKeyUsageException", "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."):
        kms.encrypt(Plaintext=b"x", **name)
    with fails("ValidationException"):
        kms.encrypt(Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_256", EncryptionContext={"a": "b"}, **name)
    # From one kind of key to the other.
    symmetric = kms.create_key()["KeyMetadata"]
    moved = kms.re_encrypt(
        CiphertextBlob=sealed["CiphertextBlob"], SourceKeyId=made["KeyId"], SourceEncryptionAlgorithm="RSAES_OAEP_SHA_256", DestinationKeyId=symmetric["KeyId"]
    )
    assert (moved["SourceKeyId"], moved["KeyId"]) == (made["Arn"], symmetric["Arn"])
    assert (moved["SourceEncryptionAlgorithm"], moved["DestinationEncryptionAlgorithm"]) == ("RSAES_OAEP_SHA_256", "SYMMETRIC_DEFAULT")
    assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"] == b"x" * 190


def test_reencryption_changes_key_and_context(kms, key):
    other = kms.create_key()["KeyMetadata"]
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext={"a": "1"})["CiphertextBlob"]
    request = {"CiphertextBlob": sealed, "DestinationKeyId": other["KeyId"], "DestinationEncryptionContext": {"b": "2"}}
    moved = kms.re_encrypt(SourceEncryptionContext={"a": "1"}, **request)
    assert (moved["SourceKeyId"], moved["KeyId"]) == (key["Arn"], other["Arn"])
    assert (moved["SourceKeyMaterialId"], moved["DestinationKeyMaterialId"]) == (key["CurrentKeyMaterialId"], other["CurrentKeyMaterialId"])
    opened = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"b": "2"})
    assert (opened["Plaintext"], opened["KeyId"]) == (b"secret", other["Arn"])
    with fails("InvalidCiphertextException"):
        kms.re_encrypt(**request)
    with fails("IncorrectKeyException"):
        kms.re_encrypt(SourceEncryptionContext={"a": "1"}, SourceKeyId=other["KeyId"], **request)
    kms.disable_key(KeyId=other["KeyId"])
    with fails("DisabledException", f"{other['Arn']} is disabled."):
        kms.re_encrypt(SourceEncryptionContext={"a": "1"}, **request)


def test_data_keys(kms, key):
    context = {"EncryptionContext": {"a": "1"}}
    for length, asked in ((32, {"KeySpec": "AES_256"}), (16, {"KeySpec": "AES_128"}), (1024, {"NumberOfBytes": 1024})):
        made = kms.generate_data_key(KeyId=key["KeyId"], **asked, **context)
        assert len(made["Plaintext"]) == length and (made["KeyId"], made["KeyMaterialId"]) == (key["Arn"], key["CurrentKeyMaterialId"])
        assert kms.decrypt(CiphertextBlob=made["CiphertextBlob"], **context)["Plaintext"] == made["Plaintext"]
    blind = kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], NumberOfBytes=7)
    assert "Plaintext" not in blind and len(kms.decrypt(CiphertextBlob=blind["CiphertextBlob"])["Plaintext"]) == 7
    for wrong in ({}, {"KeySpec": "AES_256", "NumberOfBytes": 32}):
        with fails("ValidationException", "Please specify either number of bytes or key spec."):
            kms.generate_data_key(KeyId=key["KeyId"], **wrong)
    with fails("ValidationException"):
        kms.generate_data_key(KeyId=key["KeyId"], NumberOfBytes=1025)


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "RSA_2048"])
def test_data_key_pairs(kms, key, spec):
    made = kms.generate_data_key_pair(KeyId=key["KeyId"], KeyPairSpec=spec, EncryptionContext={"a": "1"})
    assert (made["KeyId"], made["KeyPairSpec"]) == (key["Arn"], spec)
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"], EncryptionContext={"a": "1"})
    assert opened["Plaintext"] == made["PrivateKeyPlaintext"] != made["PublicKey"]
    blind = kms.generate_data_key_pair_without_plaintext(KeyId=key["KeyId"], KeyPairSpec=spec)
    assert "PrivateKeyPlaintext" not in blind and blind["PublicKey"] != made["PublicKey"]


def test_random_bytes(kms):
    first, second = (kms.generate_random(NumberOfBytes=1024)["Plaintext"] for _ in range(2))
    assert len(first) == 1024 and first != second
    with fails("ValidationException"):
        kms.generate_random()
    with fails("ValidationException"):
        kms.generate_random(NumberOfBytes=1025)


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_keys_that_are_off_do_nothing(kms, key, state):
    name = {"KeyId": key["KeyId"]}
    sealed = kms.encrypt(Plaintext=b"x", **name)["CiphertextBlob"]
    bring_to(state, kms, key["KeyId"])
    for use in (
        lambda: kms.encrypt(Plaintext=b"x", **name),
        lambda: kms.decrypt(CiphertextBlob=sealed),
        lambda: kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId="alias/aws/s3"),
        lambda: kms.generate_data_key(KeySpec="AES_256", **name),
        lambda: kms.generate_data_key_without_plaintext(KeySpec="AES_256", **name),
        lambda: kms.generate_data_key_pair(KeyPairSpec="ECC_NIST_P256", **name),
        lambda: kms.generate_data_key_pair_without_plaintext(KeyPairSpec="ECC_NIST_P256", **name),
    ):
        with refused_in(state, key["Arn"]):
            use()


def test_other_keys_encrypt_nothing(kms):
    made = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    for operation, use in (
        ("Encrypt", lambda: kms.encrypt(KeyId=made["KeyId"], Plaintext=b"x")),
        ("GenerateDataKey", lambda: kms.generate_data_key(KeyId=made["KeyId"], KeySpec="AES_256")),
        ("Decrypt", lambda: kms.decrypt(KeyId=made["KeyId"], CiphertextBlob=b"x" * 99)),
    ):
        with fails("InvalidKeyUsageException", f"{made['Arn']} key usage is SIGN_VERIFY which is not valid for {operation}."):
            use()


def test_dry_runs_check_and_do_nothing(kms, key):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    name = {"KeyId": key["KeyId"], "DryRun": True}
    for use in (
        lambda: kms.encrypt(Plaintext=b"x", **name),
        lambda: kms.decrypt(CiphertextBlob=sealed, DryRun=True),
        lambda: kms.decrypt(DryRunModifiers=["IGNORE_CIPHERTEXT"], **name),
        lambda: kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=key["KeyId"], DryRun=True),
        lambda: kms.generate_data_key(KeySpec="AES_256", **name),
        lambda: kms.generate_data_key_pair(KeyPairSpec="RSA_4096", **name),
    ):
        with fails("DryRunOperationException", "The request would have succeeded, but the DryRun option is set."):
            use()
    with fails("InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"}, DryRun=True)
    kms.disable_key(KeyId=key["KeyId"])
    with fails("DisabledException"):
        kms.encrypt(Plaintext=b"x", **name)


def test_the_last_use_is_known(kms, key):
    unused = kms.get_key_last_usage(KeyId=key["KeyId"])
    assert unused["KeyLastUsage"] == {} and unused["TrackingStartDate"] == unused["KeyCreationDate"] == key["CreationDate"]
    done = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    usage = kms.get_key_last_usage(KeyId=key["KeyId"])["KeyLastUsage"]
    assert (usage["Operation"], usage["KmsRequestId"]) == ("GenerateDataKey", done["ResponseMetadata"]["RequestId"])


def test_grant_tokens_must_be_some(kms, key):
    with fails("InvalidGrantTokenException"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", GrantTokens=["no token!"])
