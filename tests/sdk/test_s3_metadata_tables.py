"""S3 Metadata configurations, and the encryption of objects that are there already."""
import pytest

from s3_support import body, bucket, fails, new_name, s3  # noqa: F401  (fixtures)

JOURNAL = {"RecordExpiration": {"Expiration": "ENABLED", "Days": 7}}


def test_a_configuration_with_tables_of_its_own(s3, account, bucket):
    for call in (s3.get_bucket_metadata_configuration, s3.delete_bucket_metadata_configuration, s3.get_bucket_metadata_table_configuration):
        with fails("MetadataConfigurationNotFound", 404):
            call(Bucket=bucket)
    with fails("MetadataConfigurationNotFound", 404):
        s3.update_bucket_metadata_journal_table_configuration(Bucket=bucket, JournalTableConfiguration=JOURNAL)
    configuration = {"JournalTableConfiguration": JOURNAL, "InventoryTableConfiguration": {"ConfigurationState": "ENABLED"}}
    s3.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration=configuration)
    with fails("InvalidBucketState", 409):
        s3.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration=configuration)

    def told():
        return s3.get_bucket_metadata_configuration(Bucket=bucket)["GetBucketMetadataConfigurationResult"]["MetadataConfigurationResult"]

    tables = f"arn:aws:s3tables:us-east-1:{account}:bucket/aws-s3"
    assert told()["DestinationResult"] == {"TableBucketType": "aws", "TableBucketArn": tables, "TableNamespace": f"b_{bucket}"}
    journal, inventory = told()["JournalTableConfigurationResult"], told()["InventoryTableConfigurationResult"]
    assert (journal["TableName"], journal["TableStatus"], journal["RecordExpiration"]) == ("journal", "ACTIVE", JOURNAL["RecordExpiration"])
    assert journal["TableArn"].startswith(tables + "/table/")
    assert (inventory["ConfigurationState"], inventory["TableName"]) == ("ENABLED", "inventory")
    s3.update_bucket_metadata_inventory_table_configuration(Bucket=bucket, InventoryTableConfiguration={"ConfigurationState": "DISABLED"})
    s3.update_bucket_metadata_journal_table_configuration(Bucket=bucket, JournalTableConfiguration={"RecordExpiration": {"Expiration": "DISABLED"}})
    assert told()["InventoryTableConfigurationResult"] == {"ConfigurationState": "DISABLED"}
    assert told()["JournalTableConfigurationResult"] == journal | {"RecordExpiration": {"Expiration": "DISABLED"}}
    for call in (s3.get_bucket_metadata_table_configuration, s3.delete_bucket_metadata_table_configuration):  # the first version's
        with fails("MethodNotAllowed", 405):
            call(Bucket=bucket)
    assert s3.delete_bucket_metadata_configuration(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_a_table_of_the_customers(s3, account, bucket):
    destination = {"TableBucketArn": f"arn:aws:s3tables:us-east-1:{account}:bucket/mine", "TableName": "objects"}
    s3.create_bucket_metadata_table_configuration(Bucket=bucket, MetadataTableConfiguration={"S3TablesDestination": destination})
    result = s3.get_bucket_metadata_table_configuration(Bucket=bucket)["GetBucketMetadataTableConfigurationResult"]
    told = result["MetadataTableConfigurationResult"]["S3TablesDestinationResult"]
    assert told == destination | {"TableNamespace": "aws_s3_metadata", "TableArn": told["TableArn"]} and result["Status"] == "ACTIVE"
    second = s3.get_bucket_metadata_configuration(Bucket=bucket)["GetBucketMetadataConfigurationResult"]["MetadataConfigurationResult"]
    assert second["DestinationResult"]["TableBucketType"] == "customer" and second["JournalTableConfigurationResult"]["TableName"] == "objects"
    assert s3.delete_bucket_metadata_table_configuration(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.parametrize(
    "journal, code",
    [
        ({"RecordExpiration": {"Expiration": "ENABLED", "Days": 6}}, "InvalidArgument"),
        ({"RecordExpiration": {"Expiration": "ENABLED"}}, "MalformedXML"),
        ({"RecordExpiration": {"Expiration": "DISABLED", "Days": 7}}, "MalformedXML"),
        ({"RecordExpiration": {"Expiration": "PERHAPS"}}, "MalformedXML"),
        (JOURNAL | {"EncryptionConfiguration": {"SseAlgorithm": "aws:kms"}}, "InvalidRequest"),
    ],
)
def test_configurations_that_are_wrong(s3, bucket, journal, code):
    with fails(code, 400):
        s3.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration={"JournalTableConfiguration": journal})
    with fails("MetadataConfigurationNotFound", 404):
        s3.get_bucket_metadata_configuration(Bucket=bucket)


# UpdateObjectEncryption


@pytest.fixture
def key(aws):
    return aws("kms").create_key()["KeyMetadata"]["Arn"]


def update(s3, bucket, arn, **more):
    encryption = {"SSEKMS": {"KMSKeyArn": arn} | ({"BucketKeyEnabled": True} if more.pop("bucket_key", False) else {})}
    return s3.update_object_encryption(Bucket=bucket, Key="k", ObjectEncryption=encryption, **more)


def test_the_encryption_of_an_object_changes_and_nothing_else(s3, aws, bucket, key):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Metadata={"m": "1"}, StorageClass="STANDARD_IA")
    before = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    update(s3, bucket, key, bucket_key=True)
    after = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (after["ServerSideEncryption"], after["SSEKMSKeyId"], after["BucketKeyEnabled"]) == ("aws:kms", key, True)
    for member in ("ETag", "LastModified", "Metadata", "StorageClass", "ChecksumCRC32", "ContentLength"):
        assert after[member] == before[member]
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"x"
    other = aws("kms").create_key()["KeyMetadata"]["Arn"]
    update(s3, bucket, other)
    again = s3.head_object(Bucket=bucket, Key="k")
    assert again["SSEKMSKeyId"] == other and "BucketKeyEnabled" not in again
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k")
    assert s3.head_object(Bucket=bucket, Key="copy")["ServerSideEncryption"] == "AES256"


def test_encryption_that_cannot_be_changed(s3, bucket, key):
    with fails("NoSuchKey", 404):
        update(s3, bucket, key)
    customer = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    for encryption in (customer, {"ServerSideEncryption": "aws:kms:dsse"}):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", **encryption)
        with fails("InvalidRequest", 400) as failure:
            update(s3, bucket, key)
        assert "doesn't support source objects with the encryption type DSSE-KMS or SSE-C" in failure.error["Error"]["Message"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for wrong in ("alias/the-key-of-this-test", key.replace(":key/", ":alias/"), "1234abcd-12ab-34cd-56ef-1234567890ab"):
        with fails("InvalidRequest", 400):
            update(s3, bucket, wrong)
    with fails("AccessDenied", 403):
        update(s3, bucket, key.replace(key.split(":")[4], "000000000001"))
    with fails("KMS.NotFoundException", 400):
        update(s3, bucket, key[:-12] + "000000000000")
    locked = new_name()
    s3.create_bucket(Bucket=locked, ObjectLockEnabledForBucket=True)
    s3.put_object(Bucket=locked, Key="k", Body=b"x", ObjectLockLegalHoldStatus="ON")
    with fails("AccessDenied", 403):
        update(s3, locked, key)


def test_a_bucket_may_refuse_keys_of_customers(s3, bucket):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    with fails("AccessDenied", 403):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
