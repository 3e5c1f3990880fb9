"""Tables as lists and descriptions show them, and what belongs to a table beside its items."""
import json

import pytest

from test_dynamodb import create, refused
from test_dynamodb_acceptance import message, s


def test_tables_are_listed_by_name_in_pages(aws):
    db = aws("dynamodb", parameter_validation=False)
    names = sorted(["Zeta", "a.b", "a-b", "a_b", "beta", "Alpha", "alpha"])
    for name in reversed(names):
        create(db, name)
    found, page = [], {}
    while not found or "LastEvaluatedTableName" in page:
        start = {"ExclusiveStartTableName": page["LastEvaluatedTableName"]} if found else {}
        page = db.list_tables(Limit=3, **start)
        found.append(page["TableNames"])
        assert page.get("LastEvaluatedTableName", found[-1][-1]) == found[-1][-1]
    assert found == [names[:3], names[3:6], names[6:]]
    assert db.list_tables(ExclusiveStartTableName="aaa")["TableNames"] == [t for t in names if t > "aaa"]  # none of this name is needed
    for limit, bound in [(0, "greater than or equal to 1"), (101, "less than or equal to 100")]:
        assert message(db.list_tables, Limit=limit) == f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value {bound}"


def test_what_a_client_asks_of_the_service(aws, virga):
    db = aws("dynamodb")
    assert db.describe_endpoints()["Endpoints"] == [{"Address": virga.endpoint.removeprefix("http://"), "CachePeriodInMinutes": 1440}]
    limits = {k: v for k, v in db.describe_limits().items() if k != "ResponseMetadata"}
    assert limits == {"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000, "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000}


def test_a_description_has_what_the_table_has(aws):
    db = aws("dynamodb")
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    index = lambda name, key: {"IndexName": name, "KeySchema": key, "Projection": {"ProjectionType": "ALL"}}
    table = dict(TableName="table", KeySchema=keys, AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk")],
                 LocalSecondaryIndexes=[index("local", keys)], GlobalSecondaryIndexes=[index("global", keys[:1])])
    db.create_table(**table, BillingMode="PAY_PER_REQUEST")
    t = db.describe_table(TableName="table")["Table"]
    assert set(t) == {"TableName", "TableArn", "TableId", "TableStatus", "CreationDateTime", "KeySchema", "AttributeDefinitions", "ItemCount", "TableSizeBytes", "ProvisionedThroughput",
                      "DeletionProtectionEnabled", "WarmThroughput", "BillingModeSummary", "LocalSecondaryIndexes", "GlobalSecondaryIndexes"}
    assert t["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST" and t["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == t["CreationDateTime"]
    assert t["WarmThroughput"] == {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}
    assert t["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    (of_global,), (local,) = t["GlobalSecondaryIndexes"], t["LocalSecondaryIndexes"]
    assert of_global["IndexStatus"] == "ACTIVE" and of_global["IndexArn"] == t["TableArn"] + "/index/global" and "ProvisionedThroughput" in of_global
    assert local["IndexArn"] == t["TableArn"] + "/index/local" and not {"IndexStatus", "ProvisionedThroughput"} & set(local)
    gone = db.delete_table(TableName="table")["TableDescription"]
    assert gone["TableStatus"] == "DELETING" and not {"KeySchema", "AttributeDefinitions", "LocalSecondaryIndexes", "GlobalSecondaryIndexes"} & set(gone)
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}
    table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] = units
    db.create_table(**table, ProvisionedThroughput=units)
    t = db.describe_table(TableName="table")["Table"]
    assert "BillingModeSummary" not in t and t["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units}  # it was never anything else


def test_a_policy_that_locks_its_author_out_is_confirmed_first(aws, account):
    db = aws("dynamodb")
    create(db)
    arn = db.describe_table(TableName="table")["Table"]["TableArn"]

    def put(confirmed=False, **statement):
        document = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": arn, **statement}}
        return db.put_resource_policy(ResourceArn=arn, Policy=json.dumps(document), ConfirmRemoveSelfResourceAccess=confirmed)

    root = f"arn:aws:iam::{account}:root"
    for statement in ({}, {"Principal": {"AWS": account}}, {"Principal": {"AWS": ["arn:aws:iam::999999999999:root", root]}, "Action": ["dynamodb:getitem", "dynamodb:PUT*"], "Resource": "*"}):
        assert "will not allow you to update the resource policy in the future" in message(put, **statement), statement
    assert refused(db.get_resource_policy, ResourceArn=arn)["Error"]["Code"] == "PolicyNotFoundException"
    for statement in ({"Effect": "Allow"}, {"Action": "dynamodb:GetItem"}, {"Principal": {"AWS": "999999999999"}}, {"Resource": arn + "/index/*"},
                      {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}):
        assert put(**statement)["RevisionId"]
    assert put(confirmed=True)["RevisionId"] == db.get_resource_policy(ResourceArn=arn)["RevisionId"]


def test_pages_of_insights_have_one_summary_at_least(aws):
    db = aws("dynamodb", parameter_validation=False)
    for results, bound in [(0, "greater than or equal to 1"), (-1, "greater than or equal to 1"), (101, "less than or equal to 100")]:
        assert message(db.list_contributor_insights, MaxResults=results) == (
            f"1 validation error detected: Value '{results}' at 'maxResults' failed to satisfy constraint: Member must have value {bound}")


@pytest.mark.parametrize("from_backup", [True, False], ids=["backup", "instant"])
def test_a_restored_table_has_its_items_and_indexes_and_nothing_else(aws, from_backup):
    db = aws("dynamodb")
    create(db, indexes=True, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}, Tags=[{"Key": "k", "Value": "v"}], DeletionProtectionEnabled=True)
    arn = db.describe_table(TableName="table")["Table"]["TableArn"]
    db.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    db.update_continuous_backups(TableName="table", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    db.put_resource_policy(ResourceArn=arn, Policy='{"Version": "2012-10-17", "Statement": []}')
    db.put_item(TableName="table", Item={"pk": s("a"), "g": s("b")})
    if from_backup:
        backup = db.create_backup(TableName="table", BackupName="backup")["BackupDetails"]["BackupArn"]
        db.restore_table_from_backup(TargetTableName="new", BackupArn=backup)
    else:
        db.restore_table_to_point_in_time(SourceTableArn=arn, TargetTableName="new", UseLatestRestorableTime=True)
    new = db.describe_table(TableName="new")["Table"]
    assert new["GlobalSecondaryIndexes"][0]["IndexName"] == "by-g" and db.scan(TableName="new", IndexName="by-g")["Items"] == [{"pk": s("a"), "g": s("b")}]
    assert not {"StreamSpecification", "LatestStreamArn"} & set(new) and new["RestoreSummary"]["SourceTableArn"] == arn
    assert db.describe_time_to_live(TableName="new")["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}
    recovery = db.describe_continuous_backups(TableName="new")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery == {"PointInTimeRecoveryStatus": "DISABLED"} and db.list_tags_of_resource(ResourceArn=new["TableArn"])["Tags"] == []
    assert refused(db.get_resource_policy, ResourceArn=new["TableArn"])["Error"]["Code"] == "PolicyNotFoundException"
