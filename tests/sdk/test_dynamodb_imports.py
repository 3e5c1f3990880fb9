"""DynamoDB imports from S3, through boto3."""
import gzip
import json

import pytest

from test_dynamodb_backups import bucket, code  # noqa: F401


TABLE = {
    "TableName": "imported",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def import_from(db, virga, bucket, format, compression=None, prefix="in/", **options):
    if compression:
        options["InputCompressionType"] = compression
    made = db.import_table(S3BucketSource={"S3Bucket": bucket, "S3KeyPrefix": prefix}, InputFormat=format, TableCreationParameters=TABLE, **options)
    made = made["ImportTableDescription"]
    assert made["ImportStatus"] == "IN_PROGRESS"
    virga.wait()
    return db.describe_import(ImportArn=made["ImportArn"])["ImportTableDescription"]


@pytest.mark.parametrize("compression", [None, "NONE", "GZIP", "ZSTD"])
def test_json_is_imported(aws, virga, bucket, compression):
    db, s3 = aws("dynamodb"), aws("s3")
    lines = [json.dumps({"Item": {"pk": {"S": "a"}, "sk": {"N": str(n)}, "list": {"L": [{"BOOL": True}]}}}) for n in range(1200)]
    lines += ["not json", json.dumps({"Item": {"pk": {"S": "a"}}}), json.dumps({"Item": {"pk": {"N": "1"}, "sk": {"N": "1"}}})]
    text = "\n".join(lines).encode()
    packed = gzip.compress(text) if compression == "GZIP" else text
    if compression == "ZSTD":
        packed = zstd_frame(text)
    s3.put_object(Bucket=bucket, Key="in/data", Body=packed)
    s3.put_object(Bucket=bucket, Key="other", Body=b"not read")
    done = import_from(db, virga, bucket, "DYNAMODB_JSON", compression)
    assert done["ImportStatus"] == "FAILED"
    assert (done["ProcessedItemCount"], done["ImportedItemCount"], done["ErrorCount"]) == (1203, 1200, 3)
    assert db.describe_table(TableName="imported")["Table"]["ItemCount"] == 1200
    item = db.get_item(TableName="imported", Key={"pk": {"S": "a"}, "sk": {"N": "7"}})["Item"]
    assert item["list"] == {"L": [{"BOOL": True}]}
    listed = db.list_imports(TableArn=done["TableArn"])["ImportSummaryList"]
    assert [i["ImportStatus"] for i in listed] == ["FAILED"] and listed[0]["InputFormat"] == "DYNAMODB_JSON"


def zstd_frame(data):
    """A Zstandard frame of raw blocks: enough to test a reader without a compressor at hand."""
    out = bytearray(b"\x28\xb5\x2f\xfd\xa0") + len(data).to_bytes(4, "little")  # single segment, 4-byte content size
    blocks = [data[i : i + 100_000] for i in range(0, len(data), 100_000)]
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        out += (len(block) << 3 | last).to_bytes(3, "little") + block
    return bytes(out)


def test_csv_is_imported(aws, virga, bucket, account):
    db, s3 = aws("dynamodb"), aws("s3")
    s3.put_object(Bucket=bucket, Key="in/a.csv", Body=b'pk,sk,text\r\na,1,"one, ""two"""\r\na,2,\r\n')
    done = import_from(db, virga, bucket, "CSV")
    assert (done["ImportStatus"], done["ImportedItemCount"], done["ErrorCount"]) == ("COMPLETED", 2, 0) and "FailureCode" not in done
    assert done["S3BucketSource"] == {"S3BucketOwner": account, "S3Bucket": bucket, "S3KeyPrefix": "in/"}
    assert aws("logs").describe_log_groups()["logGroups"] == []
    assert db.scan(TableName="imported")["Items"] == [
        {"pk": {"S": "a"}, "sk": {"N": "1"}, "text": {"S": 'one, "two"'}},
        {"pk": {"S": "a"}, "sk": {"N": "2"}},
    ]


def test_csv_with_another_delimiter_and_names_of_its_own(aws, virga, bucket):
    db, s3 = aws("dynamodb"), aws("s3")
    s3.put_object(Bucket=bucket, Key="in/a.csv", Body=b"a;1;x\n")
    done = import_from(db, virga, bucket, "CSV", InputFormatOptions={"Csv": {"Delimiter": ";", "HeaderList": ["pk", "sk", "t"]}})
    assert done["ImportedItemCount"] == 1
    assert db.scan(TableName="imported")["Items"] == [{"pk": {"S": "a"}, "sk": {"N": "1"}, "t": {"S": "x"}}]


def test_an_import_that_fails_leaves_no_table(aws, virga):
    db = aws("dynamodb")
    done = import_from(db, virga, "no-bucket-here", "DYNAMODB_JSON")
    assert (done["ImportStatus"], done["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert code(db.describe_table, TableName="imported") == "ResourceNotFoundException"
    assert code(db.describe_import, ImportArn=done["ImportArn"] + "0") == "ImportNotFoundException"
    assert done["FailureMessage"] == "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket)"


@pytest.mark.parametrize("format, body, faults", [
    ("CSV", b"pk,sk,t\na,1,x\n,2,y\na,no,z\na,3,x,more\n", [
        (1, "One or more parameter values were invalid: Missing the key pk in the item"),
        (2, "The parameter cannot be converted to a numeric value: no"),
        (3, "The record has more fields than the header"),
    ]),
    ("DYNAMODB_JSON", b'{"Item": {"pk": {"S": "a"}, "sk": {"N": "1"}}}\nno json\n{"pk": {"S": "a"}}\n{"Item": {"pk": {"S": "a"}, "sk": {"S": "1"}}}\n', [
        (1, "Unexpected token"),
        (2, "Expected 'Item' top level container"),
        (3, "One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S"),
    ]),
])
def test_what_is_no_item_fails_the_import_and_is_logged(aws, virga, bucket, format, body, faults):
    """Everything else is imported: "the import job skips over that item and continues on with the next item"."""
    db, logs = aws("dynamodb"), aws("logs")
    aws("s3").put_object(Bucket=bucket, Key="in/a", Body=body)
    done = import_from(db, virga, bucket, format)
    assert (done["ImportStatus"], done["FailureCode"]) == ("FAILED", "ItemValidationError")
    assert done["FailureMessage"] == "Some of the items failed validation checks and were not imported. Please check CloudWatch error logs for more details."
    assert (done["ProcessedItemCount"], done["ImportedItemCount"], done["ErrorCount"]) == (4, 1, 3)
    assert db.describe_table(TableName="imported")["Table"]["TableStatus"] == "ACTIVE" and db.scan(TableName="imported")["Count"] == 1
    arn = done["ImportArn"]
    events = logs.get_log_events(logGroupName="/aws-dynamodb/imports", logStreamName=arn.split("/")[-1] + "/error", startFromHead=True)["events"]
    assert [json.loads(e["message"]) for e in events] == [
        {"itemS3Pointer": {"bucket": bucket, "key": "in/a", "itemIndex": index}, "importArn": arn, "errorMessages": [text]} for index, text in faults
    ]


def test_an_import_asks_for_the_buckets_owner(aws, virga, bucket):
    db = aws("dynamodb")
    source = {"S3Bucket": bucket, "S3BucketOwner": "999999999999"}
    made = db.import_table(S3BucketSource=source, InputFormat="CSV", TableCreationParameters=TABLE)["ImportTableDescription"]
    virga.wait()
    done = db.describe_import(ImportArn=made["ImportArn"])["ImportTableDescription"]
    assert (done["ImportStatus"], done["FailureCode"]) == ("FAILED", "S3AccessDenied")
