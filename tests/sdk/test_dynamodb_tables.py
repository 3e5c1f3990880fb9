"""DynamoDB's control plane through boto3: tables and how they change, policies, insights, states that take time."""
import json

import pytest
from botocore.exceptions import ClientError
from conftest import make_client
from virga_process import Virga


def create(client, name="table", **options):
    options.setdefault("BillingMode", "PAY_PER_REQUEST")
    return client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        **options,
    )["TableDescription"]


def describe(client, name="table"):
    return client.describe_table(TableName=name)["Table"]


def error(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def code(call, **parameters):
    return error(call, **parameters)[0]


def index(name, attribute="g", **options):
    return {"IndexName": name, "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}, **options}


def add_index(client, name="by-g", **options):
    return client.update_table(
        TableName="table", AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=[{"Create": index(name, **options)}]
    )["TableDescription"]


def units(read, write):
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}


def test_an_index_comes_and_goes(aws):
    db = aws("dynamodb")
    create(db)
    for n in range(30):
        db.put_item(TableName="table", Item={"pk": {"S": str(n)}, "g": {"S": "x"} if n % 2 else {"N": "1"}})
    reply = add_index(db)
    assert reply["TableStatus"] == "UPDATING"
    assert reply["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING" and reply["GlobalSecondaryIndexes"][0]["Backfilling"]
    described = describe(db)
    assert described["TableStatus"] == "ACTIVE"
    (made,) = described["GlobalSecondaryIndexes"]
    assert made["IndexStatus"] == "ACTIVE" and "Backfilling" not in made and made["ItemCount"] == 15
    assert error(add_index, client=db) == ("ValidationException", "Attempting to create an index which already exists")
    delete = dict(TableName="table", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-g"}}])
    assert db.update_table(**delete)["TableDescription"]["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING"
    described = describe(db)
    assert "GlobalSecondaryIndexes" not in described and len(described["AttributeDefinitions"]) == 1
    assert code(db.update_table, **delete) == "ResourceNotFoundException"
    two = [{"Create": index("one")}, {"Create": index("two")}]
    assert error(db.update_table, TableName="table", AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=two) == (
        "LimitExceededException", "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    )


def test_definitions_of_a_new_index_are_merged(aws):
    db = aws("dynamodb")
    create(db)
    add_index(db)
    define = lambda **types: [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]
    by_h = [{"Create": {**index("by-h"), "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}, {"AttributeName": "g", "KeyType": "RANGE"}]}}]
    kind, text = error(db.update_table, TableName="table", AttributeDefinitions=define(h="N", g="N"), GlobalSecondaryIndexUpdates=by_h)
    assert kind == "ValidationException" and "Attributes cannot be redefined" in text
    # What the index does not use keeps its type, or is dropped.
    db.update_table(TableName="table", AttributeDefinitions=define(h="N", g="S", pk="N", unused="S"), GlobalSecondaryIndexUpdates=by_h)
    assert sorted((d["AttributeName"], d["AttributeType"]) for d in describe(db)["AttributeDefinitions"]) == [("g", "S"), ("h", "N"), ("pk", "S")]


def test_a_large_table_is_indexed_in_the_background(aws, virga):
    db = aws("dynamodb")
    create(db)
    # Of 10,000 every hundredth has a key that no index takes: of another type, empty, too long. The others go in without it.
    bad = [{"N": "1"}, {"S": ""}, {"S": "x" * 2049}, {"NULL": True}]
    for start in range(0, 10_000, 25):
        db.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {"pk": {"S": str(n)}, "g": {"S": "x"} if n % 100 != 99 else bad[n // 100 % 4]}}}
                                                    for n in range(start, start + 25)]})
    assert add_index(db)["GlobalSecondaryIndexes"][0]["Backfilling"]
    for n in range(50):  # meanwhile
        db.put_item(TableName="table", Item={"pk": {"S": str(n)}, "g": {"S": "y"}})
        db.delete_item(TableName="table", Key={"pk": {"S": str(n + 50)}})
    virga.wait()
    (made,) = describe(db)["GlobalSecondaryIndexes"]
    assert made["IndexStatus"] == "ACTIVE" and made["ItemCount"] == 9851
    count = lambda g: sum(p["Count"] for p in db.get_paginator("query").paginate(
        TableName="table", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"S": g}}))
    assert (count("x"), count("y")) == (9801, 50)


def test_throughput_changes_by_its_rules(aws, virga):
    db = aws("dynamodb")
    create(db, BillingMode="PROVISIONED", ProvisionedThroughput=units(5, 5))
    update = lambda **u: db.update_table(TableName="table", **u)["TableDescription"]
    assert "The provisioned throughput for the table will not change." in error(update, ProvisionedThroughput=units(5, 5))[1]
    update(ProvisionedThroughput=units(10, 5))
    assert "LastIncreaseDateTime" in describe(db)["ProvisionedThroughput"]
    for read in (9, 8, 7, 6):
        update(ProvisionedThroughput=units(read, 5))
    assert describe(db)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4
    assert code(update, ProvisionedThroughput=units(5, 5)) == "LimitExceededException"
    virga.advance(seconds=2 * 86400)
    assert describe(db)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0
    update(ProvisionedThroughput=units(5, 5))
    assert describe(db)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1
    update(BillingMode="PAY_PER_REQUEST")
    described = describe(db)
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST" and described["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    add_index(db)
    assert code(update, BillingMode="PROVISIONED") == "ValidationException"
    assert "must be specified for index: by-g" in error(update, BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1))[1]
    update(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1),
           GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "by-g", "ProvisionedThroughput": units(2, 3)}}])
    assert describe(db)["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 3


def test_settings_are_kept_and_described(aws, account):
    db = aws("dynamodb")
    create(
        db,
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "1234abcd"},
        TableClass="STANDARD_INFREQUENT_ACCESS",
        OnDemandThroughput={"MaxReadRequestUnits": 100},
        WarmThroughput={"ReadUnitsPerSecond": 13000, "WriteUnitsPerSecond": 5000},
        DeletionProtectionEnabled=True,
    )
    described = describe(db)
    assert described["SSEDescription"] == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": f"arn:aws:kms:us-east-1:{account}:key/1234abcd"}
    assert described["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert described["OnDemandThroughput"] == {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": -1}
    assert described["WarmThroughput"] == {"ReadUnitsPerSecond": 13000, "WriteUnitsPerSecond": 5000, "Status": "ACTIVE"}
    update = lambda **u: db.update_table(TableName="table", **u)
    assert "decreasing WarmThroughput is not supported" in error(update, WarmThroughput={"ReadUnitsPerSecond": 12000})[1]
    update(TableClass="STANDARD", SSESpecification={"Enabled": False}, WarmThroughput={"ReadUnitsPerSecond": 14000})
    described = describe(db)
    assert described["TableClassSummary"]["TableClass"] == "STANDARD" and "LastUpdateDateTime" in described["TableClassSummary"]
    assert "SSEDescription" not in described and described["WarmThroughput"]["ReadUnitsPerSecond"] == 14000
    assert code(db.delete_table, TableName="table") == "ValidationException"
    update(DeletionProtectionEnabled=False)
    assert db.delete_table(TableName="table")["TableDescription"]["TableStatus"] == "DELETING"
    assert code(db.describe_table, TableName="table") == "ResourceNotFoundException"


def test_streams_are_listed_by_pages_and_come_back_new(aws, virga):
    db, streams = aws("dynamodb"), aws("dynamodbstreams")
    view = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    create(db, StreamSpecification=view)
    update = lambda spec: db.update_table(TableName="table", StreamSpecification=spec)["TableDescription"]
    assert error(update, spec=view)[1] == "Table already has an enabled stream: TableName: table"
    first = describe(db)["LatestStreamArn"]
    update({"StreamEnabled": False})
    assert "StreamSpecification" not in describe(db) and code(update, spec={"StreamEnabled": False}) == "ValidationException"
    virga.advance(seconds=1)
    assert update(view)["LatestStreamArn"] != first
    virga.advance(seconds=5 * 3600)
    db.put_item(TableName="table", Item={"pk": {"S": "a"}})
    virga.advance(seconds=5 * 3600)
    db.put_item(TableName="table", Item={"pk": {"S": "b"}})
    page = streams.list_streams(TableName="table", Limit=1)
    assert [s["StreamArn"] for s in page["Streams"]] == [first] == [page["LastEvaluatedStreamArn"]]
    page = streams.list_streams(TableName="table", Limit=5, ExclusiveStartStreamArn=first)
    assert len(page["Streams"]) == 1 and "LastEvaluatedStreamArn" not in page
    arn = page["Streams"][0]["StreamArn"]
    shards, start = [], {}
    while True:
        description = streams.describe_stream(StreamArn=arn, Limit=1, **start)["StreamDescription"]
        shards += description["Shards"]
        if "LastEvaluatedShardId" not in description:
            break
        start = {"ExclusiveStartShardId": description["LastEvaluatedShardId"]}
    assert len(shards) == 3 and [s.get("ParentShardId") for s in shards] == [None, shards[0]["ShardId"], shards[1]["ShardId"]]
    children = streams.describe_stream(StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": shards[0]["ShardId"]})["StreamDescription"]["Shards"]
    assert [s["ShardId"] for s in children] == [shards[1]["ShardId"]]


def test_policies_have_revisions(aws):
    db = aws("dynamodb")
    arn = create(db)["TableArn"]
    document = lambda effect: json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": "*", "Action": "dynamodb:GetItem", "Resource": arn}]})
    assert code(db.get_resource_policy, ResourceArn=arn) == "PolicyNotFoundException"
    assert db.delete_resource_policy(ResourceArn=arn).get("RevisionId") is None
    first = db.put_resource_policy(ResourceArn=arn, Policy=document("Allow"), ExpectedRevisionId="NO_POLICY")["RevisionId"]
    assert db.put_resource_policy(ResourceArn=arn, Policy=document("Allow"))["RevisionId"] == first
    assert code(db.put_resource_policy, ResourceArn=arn, Policy=document("Deny"), ExpectedRevisionId="NO_POLICY") == "PolicyNotFoundException"
    assert code(db.put_resource_policy, ResourceArn=arn, Policy=document("Deny"), ExpectedRevisionId="1") == "PolicyNotFoundException"
    second = db.put_resource_policy(ResourceArn=arn, Policy=document("Deny"), ExpectedRevisionId=first)["RevisionId"]
    assert second != first
    got = db.get_resource_policy(ResourceArn=arn)
    assert got["Policy"] == document("Deny") and got["RevisionId"] == second
    assert db.delete_resource_policy(ResourceArn=arn)["RevisionId"] == second
    assert code(db.get_resource_policy, ResourceArn=arn + "-not-there") == "ResourceNotFoundException"
    assert code(db.put_resource_policy, ResourceArn=arn, Policy="no json") == "ValidationException"
    create(db, "another", ResourcePolicy=document("Allow"))
    assert db.get_resource_policy(ResourceArn=arn.replace("/table", "/another").replace(":another", ":table"))["Policy"] == document("Allow")


def test_contributor_insights_are_recorded(aws):
    db = aws("dynamodb")
    create(db)
    add_index(db)
    assert db.describe_contributor_insights(TableName="table")["ContributorInsightsStatus"] == "DISABLED"
    assert db.update_contributor_insights(TableName="table", ContributorInsightsAction="ENABLE")["ContributorInsightsStatus"] == "ENABLING"
    db.update_contributor_insights(TableName="table", IndexName="by-g", ContributorInsightsAction="ENABLE", ContributorInsightsMode="THROTTLED_KEYS")
    described = db.describe_contributor_insights(TableName="table")
    assert described["ContributorInsightsStatus"] == "ENABLED" and len(described["ContributorInsightsRuleList"]) == 2
    assert db.describe_contributor_insights(TableName="table", IndexName="by-g")["ContributorInsightsMode"] == "THROTTLED_KEYS"
    page = db.list_contributor_insights(TableName="table", MaxResults=1)
    assert len(page["ContributorInsightsSummaries"]) == 1
    rest = db.list_contributor_insights(TableName="table", MaxResults=1, NextToken=page["NextToken"])
    assert [s["IndexName"] for s in rest["ContributorInsightsSummaries"]] == ["by-g"] and "NextToken" not in rest
    db.update_contributor_insights(TableName="table", ContributorInsightsAction="DISABLE")
    assert db.describe_contributor_insights(TableName="table")["ContributorInsightsStatus"] == "DISABLED"
    assert code(db.describe_contributor_insights, TableName="table", IndexName="missing") == "ResourceNotFoundException"


def test_realistic_states_settle_by_the_clock(slow, account):
    db = make_client("dynamodb", slow.endpoint, account)
    create(db)
    assert describe(db)["TableStatus"] == "CREATING"
    item = {"pk": {"S": "a"}, "g": {"S": "x"}}
    assert code(db.put_item, TableName="table", Item=item) == "ResourceNotFoundException"
    assert error(db.delete_table, TableName="table") == (
        "ResourceInUseException", "Attempt to change a resource which is still in use: Table is being created: table",
    )
    slow.advance(seconds=10)
    assert describe(db)["TableStatus"] == "ACTIVE"
    db.put_item(TableName="table", Item=item)

    add_index(db)
    (made,) = describe(db)["GlobalSecondaryIndexes"]
    assert made["IndexStatus"] == "CREATING" and made["Backfilling"] and describe(db)["TableStatus"] == "UPDATING"
    query = dict(TableName="table", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": {"S": "x"}})
    assert "backfilling" in error(db.query, **query)[1]
    assert code(add_index, client=db, name="other") == "LimitExceededException"
    assert code(db.update_table, TableName="table", DeletionProtectionEnabled=True) == "ResourceInUseException"
    slow.advance(seconds=120)
    assert db.query(**query)["Count"] == 1

    ttl = lambda on: dict(TableName="table", TimeToLiveSpecification={"Enabled": on, "AttributeName": "ttl"})
    db.update_time_to_live(**ttl(True))
    assert db.describe_time_to_live(TableName="table")["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLING"
    assert "modified multiple times" in error(db.update_time_to_live, **ttl(False))[1]
    slow.advance(seconds=4000)
    db.update_time_to_live(**ttl(False))

    backup = db.create_backup(TableName="table", BackupName="one")["BackupDetails"]
    assert code(db.restore_table_from_backup, TargetTableName="again", BackupArn=backup["BackupArn"]) == "BackupInUseException"
    slow.advance(seconds=10)
    db.restore_table_from_backup(TargetTableName="again", BackupArn=backup["BackupArn"])
    assert describe(db, "again")["RestoreSummary"]["RestoreInProgress"]

    db.delete_table(TableName="table")
    assert describe(db)["TableStatus"] == "DELETING"
    db.delete_table(TableName="table")
    assert code(db.get_item, TableName="table", Key={"pk": {"S": "a"}}) == "ResourceNotFoundException"
    slow.advance(seconds=10)
    assert code(db.describe_table, TableName="table") == "ResourceNotFoundException"


def refused(call, code="ValidationException"):
    with pytest.raises(ClientError) as failed:
        call()
    assert failed.value.response["Error"]["Code"] == code
    return failed.value.response["Error"]["Message"]


def test_what_the_control_plane_refuses_before_it_looks(aws, account):
    db, streams = aws("dynamodb", parameter_validation=False), aws("dynamodbstreams", parameter_validation=False)
    high = {"ReadCapacityUnits": 10**12 + 1, "WriteCapacityUnits": 1}
    assert refused(lambda: db.update_table(TableName="none", ProvisionedThroughput=high)) == f"Given value {10**12 + 1} for ReadCapacityUnits is out of bounds"
    assert refused(lambda: db.update_table(TableName="none", GlobalSecondaryIndexUpdates=[])).startswith("At least one of ProvisionedThroughput")
    assert refused(lambda: db.update_table(TableName="none", GlobalSecondaryIndexUpdates=[{}])).endswith("GlobalSecondaryIndexUpdate.Delete must not be null")
    assert refused(lambda: db.update_table(TableName="none", BillingMode="PROVISIONED")).endswith("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    arn = f"arn:aws:dynamodb:us-east-1:{account}:table/none"
    assert refused(lambda: db.tag_resource(ResourceArn=arn, Tags=[])) == "Atleast one Tag needs to be provided as Input."
    assert refused(lambda: db.untag_resource(ResourceArn=arn, TagKeys=[])) == "Atleast one Tag Key needs to be provided as Input."
    assert refused(lambda: db.untag_resource(ResourceArn=arn, TagKeys=["a"]), "ResourceNotFoundException") == "Requested resource not found"
    twice = [{"AttributeName": "pk", "AttributeType": t} for t in "SN"]
    key = [{"AttributeName": "pk", "KeyType": "HASH"}]
    refused(lambda: db.create_table(TableName="twice", AttributeDefinitions=twice, KeySchema=key, BillingMode="PAY_PER_REQUEST"))
    refused(lambda: db.create_table(TableName="view", AttributeDefinitions=twice[:1], KeySchema=key, BillingMode="PAY_PER_REQUEST", StreamSpecification={"StreamEnabled": True}))
    assert "less than or equal to 1000" in refused(lambda: streams.get_records(ShardIterator="x", Limit=1001))
    assert "less than or equal to 100" in refused(lambda: streams.list_streams(Limit=101))


def test_tags_and_their_limits(aws):
    db = aws("dynamodb", parameter_validation=False)
    tag = lambda key, value="v": {"Key": key, "Value": value}
    arn = create(db, Tags=[tag("first")])["TableArn"]
    tags = lambda: {t["Key"]: t["Value"] for t in db.list_tags_of_resource(ResourceArn=arn)["Tags"]}
    db.tag_resource(ResourceArn=arn, Tags=[tag("k" * 128, "v" * 256), tag("first", "")])
    assert tags() == {"first": "", "k" * 128: "v" * 256}
    for given in ([tag("k" * 129)], [tag("k", "v" * 257)], [tag("")], [tag("aws:mine")], [tag("twice"), tag("twice", "other")], [tag("a!")], [tag("k", "50%")]):
        assert code(db.tag_resource, ResourceArn=arn, Tags=given) == "ValidationException", given
        assert code(create, client=db, name="tagged", Tags=given) == "ValidationException", given
    assert error(db.list_tags_of_resource, ResourceArn=arn, NextToken="made up") == ("ValidationException", "Invalid NextToken")
    db.tag_resource(ResourceArn=arn, Tags=[tag(str(i)) for i in range(47)] + [tag("größe +-=._:/@", "größe +-=._:/@")])
    assert "50" in error(db.tag_resource, ResourceArn=arn, Tags=[tag("one more")])[1]
    db.tag_resource(ResourceArn=arn, Tags=[tag("first", "again")])
    assert len(tags()) == 50 and tags()["first"] == "again"
    db.untag_resource(ResourceArn=arn, TagKeys=["first", "never there"])
    assert len(tags()) == 49
    for other in (arn + "/index/i", "arn:aws:dynamodb:us-east-1:1:thing"):
        assert error(db.list_tags_of_resource, ResourceArn=other) == ("ValidationException", f"Invalid TableArn: Invalid ResourceArn provided as input {other}")
    assert error(db.tag_resource, ResourceArn=arn + "-none", Tags=[tag("a")]) == ("ResourceNotFoundException", f"Requested resource not found: ResourcArn: {arn}-none not found")
    assert db.list_tables()["TableNames"] == ["table"]


def test_counts_are_known_after_a_restart(tmp_path, account):
    server = Virga("--data", str(tmp_path))
    db = make_client("dynamodb", server.endpoint, account)
    db.create_table(TableName="counted", AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}], KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST")
    for stop in (Virga.stop, Virga.kill, Virga.stop):  # a kill after a write leaves no stored counts, which would be wrong now
        count = db.describe_table(TableName="counted")["Table"]["ItemCount"]
        db.put_item(TableName="counted", Item={"pk": {"S": str(count)}})
        stop(server)
        server = Virga("--data", str(tmp_path))
        db = make_client("dynamodb", server.endpoint, account)
        assert db.describe_table(TableName="counted")["Table"]["ItemCount"] == count + 1
    server.stop()
