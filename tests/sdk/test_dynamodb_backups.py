"""DynamoDB backups, point-in-time recovery and exports to S3, through boto3."""
import base64
import datetime
import gzip
import hashlib
import json

import pytest
from botocore.exceptions import ClientError


def create(client, name="music", **options):
    options.setdefault("BillingMode", "PAY_PER_REQUEST")
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}],
        **options,
    )
    return client.describe_table(TableName=name)["Table"]


def put(client, key, value, table="music"):
    client.put_item(TableName=table, Item={"pk": {"S": key}, "g": {"S": "x"}, "n": {"N": str(value)}})


def items(client, table="music"):
    return {i["pk"]["S"]: int(i["n"]["N"]) for i in client.scan(TableName=table)["Items"]}


def code(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]["Code"]


def now(virga):
    return datetime.datetime.fromisoformat(virga.now().replace("Z", "+00:00"))


def recover(client, table="music", **options):
    return client.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, **options}
    )["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]


def test_a_backup_keeps_what_was(aws):
    db = aws("dynamodb")
    table = create(db, Tags=[{"Key": "a", "Value": "b"}])
    put(db, "a", 1)
    put(db, "b", 2)
    made = db.create_backup(TableName="music", BackupName="first")["BackupDetails"]
    assert made["BackupStatus"] == "CREATING" and made["BackupType"] == "USER"
    assert made["BackupArn"].startswith(table["TableArn"] + "/backup/")
    put(db, "a", 10)
    db.delete_item(TableName="music", Key={"pk": {"S": "b"}})

    described = db.describe_backup(BackupArn=made["BackupArn"])["BackupDescription"]
    assert described["BackupDetails"]["BackupStatus"] == "AVAILABLE"
    source = described["SourceTableDetails"]
    assert (source["TableName"], source["ItemCount"], source["BillingMode"], source["TableId"]) == ("music", 2, "PAY_PER_REQUEST", table["TableId"])
    assert described["SourceTableFeatureDetails"]["GlobalSecondaryIndexes"][0]["IndexName"] == "by-g"

    restored = db.restore_table_from_backup(TargetTableName="again", BackupArn=made["BackupArn"])["TableDescription"]
    assert restored["TableStatus"] == "CREATING"
    assert restored["RestoreSummary"]["SourceBackupArn"] == made["BackupArn"] and restored["RestoreSummary"]["RestoreInProgress"]
    described = db.describe_table(TableName="again")["Table"]
    assert described["TableStatus"] == "ACTIVE" and not described["RestoreSummary"]["RestoreInProgress"] and described["ItemCount"] == 2
    assert items(db, "again") == {"a": 1, "b": 2}
    assert items(db) == {"a": 10}
    found = db.query(TableName="again", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"S": "x"}})
    assert found["Count"] == 2
    assert db.list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"] == []
    assert code(db.restore_table_from_backup, TargetTableName="again", BackupArn=made["BackupArn"]) == "TableAlreadyExistsException"


def test_a_restore_may_leave_indexes_out_and_change_billing(aws):
    db = aws("dynamodb")
    create(db)
    put(db, "a", 1)
    arn = db.create_backup(TableName="music", BackupName="first")["BackupDetails"]["BackupArn"]
    db.restore_table_from_backup(
        TargetTableName="plain",
        BackupArn=arn,
        GlobalSecondaryIndexOverride=[],
        BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
    )
    described = db.describe_table(TableName="plain")["Table"]
    assert "GlobalSecondaryIndexes" not in described and described["AttributeDefinitions"] == [{"AttributeName": "pk", "AttributeType": "S"}]
    assert described["ProvisionedThroughput"]["ReadCapacityUnits"] == 3
    other = [{"IndexName": "new", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}]
    assert code(db.restore_table_from_backup, TargetTableName="x-y-z", BackupArn=arn, GlobalSecondaryIndexOverride=other) == "ValidationException"


def test_backups_are_listed_and_deleted(aws, virga):
    db = aws("dynamodb")
    create(db)
    create(db, "other")
    arns = []
    for name in ("one", "two", "three"):
        arns.append(db.create_backup(TableName="music", BackupName=name)["BackupDetails"]["BackupArn"])
        virga.advance(seconds=10)
    db.create_backup(TableName="other", BackupName="four")
    assert len(db.list_backups()["BackupSummaries"]) == 4
    page = db.list_backups(TableName="music", Limit=2)
    assert [b["BackupName"] for b in page["BackupSummaries"]] == ["one", "two"] and page["LastEvaluatedBackupArn"] == arns[1]
    page = db.list_backups(TableName="music", Limit=2, ExclusiveStartBackupArn=arns[1])
    assert [b["BackupName"] for b in page["BackupSummaries"]] == ["three"] and "LastEvaluatedBackupArn" not in page
    assert db.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []
    deleted = db.delete_backup(BackupArn=arns[0])["BackupDescription"]
    assert deleted["BackupDetails"]["BackupStatus"] == "DELETED"
    assert code(db.describe_backup, BackupArn=arns[0]) == "BackupNotFoundException"
    assert code(db.delete_backup, BackupArn=arns[0]) == "BackupNotFoundException"
    assert code(db.create_backup, TableName="missing", BackupName="one") == "TableNotFoundException"
    # A backup outlives its table.
    db.delete_table(TableName="music")
    assert db.describe_backup(BackupArn=arns[1])["BackupDescription"]["SourceTableDetails"]["TableName"] == "music"


def test_recovery_is_described(aws, virga):
    db = aws("dynamodb")
    create(db)
    described = db.describe_continuous_backups(TableName="music")["ContinuousBackupsDescription"]
    assert described == {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}
    on = recover(db, RecoveryPeriodInDays=2)
    assert on["PointInTimeRecoveryStatus"] == "ENABLED" and on["RecoveryPeriodInDays"] == 2
    virga.advance(seconds=3 * 86400)
    later = db.describe_continuous_backups(TableName="music")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert later["EarliestRestorableDateTime"] >= on["EarliestRestorableDateTime"] + datetime.timedelta(seconds=86399)
    assert code(db.describe_continuous_backups, TableName="missing") == "TableNotFoundException"
    assert code(db.update_continuous_backups, TableName="music", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 36}) == "ValidationException"


def test_a_table_goes_back_to_any_instant(aws, virga):
    db = aws("dynamodb")
    create(db)
    assert code(db.restore_table_to_point_in_time, SourceTableName="music", TargetTableName="back", UseLatestRestorableTime=True) == "PointInTimeRecoveryUnavailableException"
    put(db, "old", 0)
    recover(db)
    states = []
    for step in range(5):
        put(db, "a", step)
        put(db, f"only-{step}", step)
        if step:
            db.delete_item(TableName="music", Key={"pk": {"S": f"only-{step - 1}"}})
        virga.advance(seconds=10)
        states.append((now(virga), items(db)))
        virga.advance(seconds=10)
    for number, (instant, state) in enumerate(states):
        reply = db.restore_table_to_point_in_time(SourceTableName="music", TargetTableName=f"back-{number}", RestoreDateTime=instant)
        assert reply["TableDescription"]["RestoreSummary"]["SourceTableArn"].endswith("table/music")
        assert items(db, f"back-{number}") == state
        found = db.query(TableName=f"back-{number}", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"S": "x"}})
        assert found["Count"] == len(state)
    db.restore_table_to_point_in_time(SourceTableName="music", TargetTableName="latest", UseLatestRestorableTime=True)
    assert items(db, "latest") == items(db)
    restore = dict(SourceTableName="music", TargetTableName="never")
    assert code(db.restore_table_to_point_in_time, **restore, RestoreDateTime=now(virga) + datetime.timedelta(days=1)) == "InvalidRestoreTimeException"
    assert code(db.restore_table_to_point_in_time, **restore, RestoreDateTime=now(virga) - datetime.timedelta(days=1)) == "InvalidRestoreTimeException"
    assert code(db.restore_table_to_point_in_time, **restore) == "ValidationException"


def test_a_deleted_table_with_recovery_leaves_a_system_backup(aws, virga):
    db = aws("dynamodb")
    create(db)
    recover(db)
    put(db, "a", 1)
    db.delete_table(TableName="music")
    (backup,) = db.list_backups(BackupType="ALL")["BackupSummaries"]
    assert (backup["BackupType"], backup["BackupName"]) == ("SYSTEM", "music$DeletedTableBackup")
    db.restore_table_from_backup(TargetTableName="music", BackupArn=backup["BackupArn"])
    assert items(db) == {"a": 1}
    virga.advance(seconds=36 * 86400)
    assert db.list_backups(BackupType="ALL")["BackupSummaries"] == []


@pytest.fixture
def bucket(aws, account):
    """A bucket: their names are shared by all accounts."""
    aws("s3").create_bucket(Bucket=f"bucket-{account}")
    return f"bucket-{account}"


def exported(s3, bucket, manifest_key):
    """The lines of an export, its manifests checked on the way."""
    read = lambda key: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    summary_bytes = read(manifest_key)
    assert base64.b64encode(hashlib.md5(summary_bytes).digest()) == read(manifest_key.replace(".json", ".checksum"))
    summary = json.loads(summary_bytes)
    lines = []
    for entry in map(json.loads, read(summary["manifestFilesS3Key"]).splitlines()):
        data = read(entry["dataFileS3Key"])
        assert base64.b64encode(hashlib.md5(data).digest()).decode() == entry["md5Checksum"]
        text = gzip.decompress(data).splitlines()
        assert len(text) == entry["itemCount"]
        lines += map(json.loads, text)
    assert len(lines) == summary["itemCount"]
    return summary, lines


def test_an_export_is_the_table_as_it_was(aws, virga, bucket):
    db, s3 = aws("dynamodb"), aws("s3")
    arn = create(db)["TableArn"]
    assert code(db.export_table_to_point_in_time, TableArn=arn, S3Bucket=bucket) == "PointInTimeRecoveryUnavailableException"
    recover(db)
    for n in range(30):
        put(db, f"k{n}", n)
    virga.advance(seconds=10)
    instant = now(virga)
    virga.advance(seconds=10)
    put(db, "k0", 100)
    request = dict(TableArn=arn, S3Bucket=bucket, S3Prefix="here", ExportTime=instant, ClientToken="token")
    made = db.export_table_to_point_in_time(**request)["ExportDescription"]
    assert made["ExportStatus"] == "IN_PROGRESS" and made["ExportFormat"] == "DYNAMODB_JSON" and made["S3Bucket"] == bucket
    assert db.export_table_to_point_in_time(**request)["ExportDescription"]["ExportArn"] == made["ExportArn"]
    assert code(db.export_table_to_point_in_time, **{**request, "S3Prefix": "there"}) == "ExportConflictException"
    virga.wait()
    done = db.describe_export(ExportArn=made["ExportArn"])["ExportDescription"]
    assert (done["ExportStatus"], done["ItemCount"], done["ExportType"]) == ("COMPLETED", 30, "FULL_EXPORT")
    assert done["ExportManifest"].startswith("here/AWSDynamoDB/")
    summary, lines = exported(s3, bucket, done["ExportManifest"])
    assert summary["exportType"] == "FULL_EXPORT" and summary["s3Prefix"] == "here"
    assert {line["Item"]["pk"]["S"]: int(line["Item"]["n"]["N"]) for line in lines} == {f"k{n}": n for n in range(30)}
    listed = db.list_exports(TableArn=arn)["ExportSummaries"]
    assert listed == [{"ExportArn": made["ExportArn"], "ExportStatus": "COMPLETED", "ExportType": "FULL_EXPORT"}]
    assert code(db.describe_export, ExportArn=arn + "/export/01234567890123-a1b2c3d4") == "ExportNotFoundException"


def test_an_incremental_export_has_what_changed(aws, virga, bucket):
    db, s3 = aws("dynamodb"), aws("s3")
    arn = create(db)["TableArn"]
    recover(db)
    for key in "abc":
        put(db, key, 1)
    virga.advance(seconds=60)
    start = now(virga)
    virga.advance(seconds=60)
    put(db, "a", 2)
    put(db, "a", 3)
    db.delete_item(TableName="music", Key={"pk": {"S": "b"}})
    put(db, "d", 4)
    put(db, "e", 5)
    db.delete_item(TableName="music", Key={"pk": {"S": "e"}})
    virga.advance(seconds=1800)
    end = now(virga)
    virga.advance(seconds=60)
    put(db, "c", 9)
    made = db.export_table_to_point_in_time(
        TableArn=arn, S3Bucket=bucket, ExportType="INCREMENTAL_EXPORT", IncrementalExportSpecification={"ExportFromTime": start, "ExportToTime": end}
    )["ExportDescription"]
    virga.wait()
    done = db.describe_export(ExportArn=made["ExportArn"])["ExportDescription"]
    assert done["ExportStatus"] == "COMPLETED" and done["IncrementalExportSpecification"]["ExportViewType"] == "NEW_AND_OLD_IMAGES"
    _, lines = exported(s3, bucket, done["ExportManifest"])
    number = lambda line, image: line[image]["n"]["N"] if image in line else None
    assert {line["Keys"]["pk"]["S"]: (number(line, "OldImage"), number(line, "NewImage")) for line in lines} == {
        "a": ("1", "3"), "b": ("1", None), "d": (None, "4"),
    }
    assert all("WriteTimestampMicros" in line["Metadata"] for line in lines)
    short = {"ExportFromTime": start, "ExportToTime": start + datetime.timedelta(seconds=60)}
    assert code(db.export_table_to_point_in_time, TableArn=arn, S3Bucket=bucket, ExportType="INCREMENTAL_EXPORT", IncrementalExportSpecification=short) == "InvalidExportTimeException"


def test_an_export_without_its_bucket_fails(aws, virga):
    db = aws("dynamodb")
    arn = create(db)["TableArn"]
    recover(db)
    made = db.export_table_to_point_in_time(TableArn=arn, S3Bucket="not-there")["ExportDescription"]
    virga.wait()
    done = db.describe_export(ExportArn=made["ExportArn"])["ExportDescription"]
    assert (done["ExportStatus"], done["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert done["FailureMessage"] == "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket)"


def test_an_export_is_put_as_its_request_says(aws, virga, bucket, account):
    """The bucket's owner is checked; the files are encrypted with the asked key."""
    db, s3 = aws("dynamodb"), aws("s3")
    key = aws("kms").create_key()["KeyMetadata"]
    arn = create(db)["TableArn"]
    recover(db)
    made = [db.export_table_to_point_in_time(TableArn=arn, S3Bucket=bucket, **options)["ExportDescription"]["ExportArn"] for options in (
        {"S3BucketOwner": "999999999999"},
        {"S3BucketOwner": account, "S3SseAlgorithm": "KMS", "S3SseKmsKeyId": key["KeyId"]},
    )]
    virga.wait()
    foreign, own = (db.describe_export(ExportArn=export)["ExportDescription"] for export in made)
    assert (foreign["ExportStatus"], foreign["FailureCode"]) == ("FAILED", "S3AccessDenied")
    assert own["ExportStatus"] == "COMPLETED"
    objects = s3.list_objects_v2(Bucket=bucket)["Contents"]
    heads = [s3.head_object(Bucket=bucket, Key=o["Key"]) for o in objects]
    assert len(heads) == 6 and {(h["ServerSideEncryption"], h["SSEKMSKeyId"]) for h in heads} == {("aws:kms", key["Arn"])}
