"""DynamoDB global tables through boto3: version 2019 with real replicas in other regions, version 2017 as it is recorded."""
import datetime

import pytest

from test_dynamodb import refused

A, B, C = "us-east-1", "eu-west-1", "ap-southeast-2"
DEFINITION = dict(
    TableName="table",
    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    BillingMode="PAY_PER_REQUEST",
)
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def put(client, key, value, **more):
    client.put_item(TableName="table", Item={"pk": {"S": key}, "v": {"S": value}, **more})


def items(client):
    return {i["pk"]["S"]: i["v"]["S"] for i in client.scan(TableName="table")["Items"]}


def code(call, **parameters):
    return refused(call, **parameters)["Error"]["Code"]


def add_replica(virga, client, region, **options):
    reply = client.update_table(TableName="table", ReplicaUpdates=[{"Create": {"RegionName": region, **options}}])["TableDescription"]
    virga.wait()
    return reply


def records(aws, region):
    streams = aws("dynamodbstreams", region=region)
    found = []
    for stream in streams.list_streams(TableName="table")["Streams"]:
        for shard in streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]:
            at = streams.get_shard_iterator(StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
            found += streams.get_records(ShardIterator=at["ShardIterator"])["Records"]
    return found


@pytest.fixture
def regions(aws, virga):
    a, b = aws("dynamodb", region=A), aws("dynamodb", region=B)
    a.create_table(**DEFINITION, StreamSpecification=STREAM)
    return a, b


def test_a_replica_is_a_table_of_its_own(aws, virga, regions):
    a, b = regions
    put(a, "before", "1")
    reply = add_replica(virga, a, B, TableClassOverride="STANDARD_INFREQUENT_ACCESS")
    assert reply["TableStatus"] == "UPDATING" and reply["Replicas"][0]["ReplicaStatus"] == "CREATING"
    here, there = a.describe_table(TableName="table")["Table"], b.describe_table(TableName="table")["Table"]
    assert here["GlobalTableVersion"] == there["GlobalTableVersion"] == "2019.11.21"
    assert [r["RegionName"] for r in here["Replicas"]] == [B] and [r["RegionName"] for r in there["Replicas"]] == [A]
    assert here["Replicas"][0]["ReplicaStatus"] == "ACTIVE"
    assert there["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS" and "TableClassSummary" not in here
    assert there["TableId"] != here["TableId"] and f":{B}:" in there["LatestStreamArn"]
    assert b.list_tables()["TableNames"] == ["table"]
    assert items(b) == {"before": "1"}
    put(a, "x", "from a")
    put(b, "y", "from b")
    virga.wait()
    assert items(a) == items(b) == {"before": "1", "x": "from a", "y": "from b"}
    a.delete_item(TableName="table", Key={"pk": {"S": "y"}})
    virga.wait()
    assert items(a) == items(b) == {"before": "1", "x": "from a"}
    seen = [(r["eventName"], r["dynamodb"]["Keys"]["pk"]["S"], r["awsRegion"]) for r in records(aws, B)]
    assert seen == [("INSERT", "before", B), ("INSERT", "x", B), ("INSERT", "y", B), ("REMOVE", "y", B)]
    assert not any("aws:rep" in name for r in records(aws, B) for name in r["dynamodb"].get("NewImage", {}))
    assert code(a.describe_global_table, GlobalTableName="table") == "GlobalTableNotFoundException"


def test_a_replica_keeps_what_it_was_given_of_its_own(virga, aws, regions):
    a, b = regions
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}
    a.update_table(TableName="table", BillingMode="PROVISIONED", ProvisionedThroughput=units)
    add_replica(virga, a, B, ProvisionedThroughputOverride={"ReadCapacityUnits": 50})
    read = lambda client: client.describe_table(TableName="table")["Table"]["ProvisionedThroughput"]["ReadCapacityUnits"]
    assert (read(a), read(b)) == (5, 50)

    def update(**settings):
        a.update_table(TableName="table", **settings)
        virga.wait()

    update(ReplicaUpdates=[{"Update": {"RegionName": B, "TableClassOverride": "STANDARD_INFREQUENT_ACCESS"}}])
    replica = a.describe_table(TableName="table")["Table"]["Replicas"][0]
    assert replica["ReplicaTableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"} and replica["ProvisionedThroughputOverride"] == {"ReadCapacityUnits": 50}
    table_class = lambda client: client.describe_table(TableName="table")["Table"].get("TableClassSummary", {}).get("TableClass")
    assert (table_class(a), table_class(b)) == (None, "STANDARD_INFREQUENT_ACCESS")
    b.update_table(TableName="table", TableClass="STANDARD")
    update(ProvisionedThroughput={"ReadCapacityUnits": 7, "WriteCapacityUnits": 8})
    assert (read(a), read(b), table_class(b)) == (7, 50, "STANDARD")
    assert b.describe_table(TableName="table")["Table"]["ProvisionedThroughput"]["WriteCapacityUnits"] == 8


def test_two_replicas_are_made_at_once_for_strong_consistency(virga, aws, regions):
    a, b = regions
    pair = [{"Create": {"RegionName": B}}, {"Create": {"RegionName": C}}]
    assert code(a.update_table, TableName="table", ReplicaUpdates=pair) == "ValidationException"
    made = a.update_table(TableName="table", ReplicaUpdates=pair, MultiRegionConsistency="STRONG")["TableDescription"]
    assert [(r["RegionName"], r["ReplicaStatus"]) for r in made["Replicas"]] == [(B, "CREATING"), (C, "CREATING")]
    virga.wait()
    put(b, "k", "1")
    virga.wait()
    for client in (a, b, aws("dynamodb", region=C)):
        assert items(client) == {"k": "1"}
        assert client.describe_table(TableName="table")["Table"]["MultiRegionConsistency"] == "STRONG"
        action = {"TableName": "table", "Key": {"pk": {"S": "k"}}}
        ttl = {"TableName": "table", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}
        for call, parameters in [(client.transact_get_items, {"TransactItems": [{"Get": action}]}), (client.transact_write_items, {"TransactItems": [{"Delete": action}]}),
                                 (client.execute_transaction, {"TransactStatements": [{"Statement": "DELETE FROM \"table\" WHERE pk = 'k'"}]}), (client.update_time_to_live, ttl)]:
            assert "not supported for global tables with multi-Region strong consistency" in refused(call, **parameters)["Error"]["Message"]
    for change in ({"ReplicaUpdates": [{"Create": {"RegionName": "eu-central-1"}}]}, {"ReplicaUpdates": [{"Delete": {"RegionName": C}}], "MultiRegionConsistency": "EVENTUAL"}):
        assert code(a.update_table, TableName="table", **change) == "ValidationException"


@pytest.mark.parametrize("before", ["one replica", "an item", "TTL", "a local index"])
def test_strong_consistency_begins_with_an_empty_plain_table_in_three_regions(aws, before):
    client = aws("dynamodb")
    key = lambda name, kind: {"AttributeName": name, "KeyType": kind}
    local = {"LocalSecondaryIndexes": [{"IndexName": "local", "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")], "Projection": {"ProjectionType": "ALL"}}]}
    client.create_table(TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[key("pk", "HASH"), key("sk", "RANGE")],
                        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk")], **(local if before == "a local index" else {}))
    if before == "an item":
        put(client, "a", "1", sk={"S": "b"})
    if before == "TTL":
        client.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    pair = [{"Create": {"RegionName": region}} for region in (B, C)]
    strong = lambda updates: code(client.update_table, TableName="table", ReplicaUpdates=updates, MultiRegionConsistency="STRONG")
    assert strong(pair[:1] if before == "one replica" else pair) == "ValidationException"
    assert "Replicas" not in client.describe_table(TableName="table")["Table"]


def test_the_later_write_wins_after_a_cut(virga, regions, account):
    a, b = regions
    add_replica(virga, a, B)
    put(a, "k", "0")
    put(a, "gone", "0")
    virga.wait()
    cut = virga.post("/_virga/faults", {"account": account, "service": "dynamodb", "operation": "Replicate"})
    put(a, "k", "a, earlier")
    b.delete_item(TableName="table", Key={"pk": {"S": "gone"}})
    virga.advance(seconds=5)
    put(b, "k", "b, later")
    put(a, "gone", "a, later")
    assert items(a)["k"] == "a, earlier" and items(b)["k"] == "b, later"
    virga.request("DELETE", f"/_virga/faults/{cut['id']}")
    virga.advance(seconds=120)
    assert items(a) == items(b) == {"k": "b, later", "gone": "a, later"}


def test_three_regions_and_one_leaves(aws, virga, regions):
    a, b = regions
    c = aws("dynamodb", region=C)
    add_replica(virga, a, B)
    put(a, "k", "1")
    virga.wait()
    add_replica(virga, b, C)
    for client, others in ((a, {B, C}), (b, {A, C}), (c, {A, B})):
        assert {r["RegionName"] for r in client.describe_table(TableName="table")["Table"]["Replicas"]} == others
    put(c, "k", "2")
    virga.wait()
    assert items(a) == items(b) == items(c) == {"k": "2"}
    b.delete_table(TableName="table")
    virga.wait()
    assert [r["RegionName"] for r in a.describe_table(TableName="table")["Table"]["Replicas"]] == [C]
    a.update_table(TableName="table", ReplicaUpdates=[{"Delete": {"RegionName": C}}])
    virga.wait()
    assert c.list_tables()["TableNames"] == []
    assert "Replicas" not in a.describe_table(TableName="table")["Table"] and items(a) == {"k": "2"}


def test_an_index_added_in_one_region_is_in_the_other(virga, regions):
    a, b = regions
    add_replica(virga, a, B)
    put(a, "k", "1")
    virga.wait()
    index = {"IndexName": "by-v", "KeySchema": [{"AttributeName": "v", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    a.update_table(TableName="table", AttributeDefinitions=[{"AttributeName": "v", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=[{"Create": index}])
    virga.wait()
    found = b.query(TableName="table", IndexName="by-v", KeyConditionExpression="v = :v", ExpressionAttributeValues={":v": {"S": "1"}})
    assert found["Count"] == 1
    a.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    virga.wait()
    assert b.describe_time_to_live(TableName="table")["TimeToLiveDescription"]["AttributeName"] == "ttl"


def test_only_the_region_that_expired_an_item_says_so(aws, virga, regions):
    a, b = regions
    add_replica(virga, a, B)
    a.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    virga.wait()
    put(b, "k", "1", ttl={"N": str(int(datetime.datetime.fromisoformat(virga.now().replace("Z", "+00:00")).timestamp()) + 60)})
    virga.wait()
    virga.advance(seconds=120)
    assert items(a) == items(b) == {}
    removal = lambda region: [r for r in records(aws, region) if r["eventName"] == "REMOVE"]
    assert [r.get("userIdentity") for r in removal(B)] == [{"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}]
    assert [r.get("userIdentity") for r in removal(A)] == [None]


def test_what_a_replica_update_refuses(regions):
    a, _ = regions
    update = lambda **u: code(a.update_table, TableName="table", ReplicaUpdates=[u])
    assert update(Create={"RegionName": A}) == "ValidationException"
    assert update(Delete={"RegionName": B}) == "ValidationException"
    assert code(a.update_table, TableName="table", ReplicaUpdates=[{"Create": {"RegionName": B}}, {"Create": {"RegionName": C}}]) == "ValidationException"
    a.update_table(TableName="table", ReplicaUpdates=[{"Create": {"RegionName": B}}])
    error = refused(a.update_table, TableName="table", StreamSpecification={"StreamEnabled": False})["Error"]
    assert error["Message"] == "One or more parameter values were invalid: Disabling Stream is not allowed for a Global Table replica."


def test_version_2017_is_recorded(aws, regions):
    a, b = regions
    group = [{"RegionName": A}, {"RegionName": B}]
    assert code(a.create_global_table, GlobalTableName="table", ReplicationGroup=group) == "TableNotFoundException"
    b.create_table(**DEFINITION, StreamSpecification=STREAM)
    assert code(a.create_global_table, GlobalTableName="table", ReplicationGroup=[]) == "ValidationException"
    made = a.create_global_table(GlobalTableName="table", ReplicationGroup=group)["GlobalTableDescription"]
    assert made["GlobalTableStatus"] == "CREATING" and made["GlobalTableArn"].endswith(":global-table/table")
    assert code(a.create_global_table, GlobalTableName="table", ReplicationGroup=group) == "GlobalTableAlreadyExistsException"
    for client in regions:
        described = client.describe_global_table(GlobalTableName="table")["GlobalTableDescription"]
        assert described["GlobalTableStatus"] == "ACTIVE" and [r["RegionName"] for r in described["ReplicationGroup"]] == [A, B]
    assert a.list_global_tables()["GlobalTables"] == [{"GlobalTableName": "table", "ReplicationGroup": group}]
    assert a.list_global_tables(RegionName=C)["GlobalTables"] == []
    settings = a.update_global_table_settings(
        GlobalTableName="table",
        GlobalTableProvisionedWriteCapacityUnits=7,
        ReplicaSettingsUpdate=[{"RegionName": B, "ReplicaProvisionedReadCapacityUnits": 9}],
    )["ReplicaSettings"]
    assert [s["ReplicaStatus"] for s in settings] == ["UPDATING", "UPDATING"]
    settings = b.describe_global_table_settings(GlobalTableName="table")["ReplicaSettings"]
    assert [(s["RegionName"], s["ReplicaProvisionedReadCapacityUnits"], s["ReplicaProvisionedWriteCapacityUnits"]) for s in settings] == [(A, 0, 7), (B, 9, 7)]
    update = lambda **u: code(a.update_global_table, GlobalTableName="table", ReplicaUpdates=[u])
    assert update(Create={"RegionName": B}) == "ReplicaAlreadyExistsException"
    assert update(Delete={"RegionName": C}) == "ReplicaNotFoundException"
    a.update_global_table(GlobalTableName="table", ReplicaUpdates=[{"Delete": {"RegionName": B}}])
    assert code(b.describe_global_table, GlobalTableName="table") == "GlobalTableNotFoundException"


def test_auto_scaling_is_recorded(aws, virga):
    a = aws("dynamodb", region=A)
    a.create_table(**{**DEFINITION, "BillingMode": "PROVISIONED"}, ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, StreamSpecification=STREAM)
    add_replica(virga, a, B)
    policy = {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70.0}}
    scaling = {"MinimumUnits": 1, "MaximumUnits": 10, "ScalingPolicyUpdate": policy}
    a.update_table_replica_auto_scaling(
        TableName="table",
        ProvisionedWriteCapacityAutoScalingUpdate=scaling,
        ReplicaUpdates=[{"RegionName": B, "ReplicaProvisionedReadCapacityAutoScalingUpdate": scaling}],
    )
    described = a.describe_table_replica_auto_scaling(TableName="table")["TableAutoScalingDescription"]
    assert described["TableStatus"] == "ACTIVE" and [r["RegionName"] for r in described["Replicas"]] == [A, B]
    write = described["Replicas"][0]["ReplicaProvisionedWriteCapacityAutoScalingSettings"]
    assert (write["MinimumUnits"], write["MaximumUnits"], write["AutoScalingDisabled"]) == (1, 10, False)
    assert write["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 70.0
    assert described["Replicas"][1]["ReplicaProvisionedReadCapacityAutoScalingSettings"]["MaximumUnits"] == 10
    assert code(a.describe_table_replica_auto_scaling, TableName="missing") == "ResourceNotFoundException"
