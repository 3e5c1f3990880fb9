"""What a user of DynamoDB relies on at the edges: limits, truth tables, paging, capacity, streams and expiry, through boto3."""
import datetime

import pytest
from botocore.exceptions import ClientError

from test_dynamodb import create, pages, refused


def message(call, **parameters):
    return refused(call, **parameters)["Error"]["Message"]


def s(text):
    return {"S": text}


def n(number):
    return {"N": str(number)}


@pytest.fixture
def db(aws):
    client = aws("dynamodb")
    create(client)
    return client


def put(db, table="table", **attributes):
    db.put_item(TableName=table, Item={"pk": s("a"), **attributes})


def get(db, key="a"):
    return db.get_item(TableName="table", Key={"pk": s(key)}).get("Item")


def update(db, expression, key="a", **options):
    return db.update_item(TableName="table", Key={"pk": s(key)}, UpdateExpression=expression, **options)


def test_numbers_keep_38_digits_and_no_more(db):
    for written, read in [("1" * 38, "1" * 38), ("+007.500", "7.5"), (".5", "0.5"), ("5.", "5"), ("-0", "0"), ("1e125", "1" + "0" * 125), ("1E-3", "0.001")]:
        put(db, v=n(written))
        assert get(db)["v"] == n(read)
    for written, why in [("1" * 39, "38 significant digits"), ("1e126", "Number overflow"), ("1e-131", "Number underflow"), ("1e", "cannot be converted"),
                         ("NaN", "cannot be converted"), (" 1", "cannot be converted")]:
        assert why in message(db.put_item, TableName="table", Item={"pk": s("a"), "v": n(written)}), written


def test_equal_numbers_are_duplicates_of_a_batch(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    twice = [{"PutRequest": {"Item": {"pk": s("a"), "sk": n(x)}}} for x in ("1e3", "1000.0")]
    assert message(client.batch_write_item, RequestItems={"table": twice}) == "Provided list of item keys contains duplicates"


def test_an_item_has_at_most_400_kb(db):
    def sized(size):
        return {"pk": s("a"), "v": s("x" * (size - 4))}  # names: 3 bytes, key: 1

    big, too_big = sized(409600), sized(409601)
    db.put_item(TableName="table", Item=big)
    db.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": big}}]})
    db.transact_write_items(TransactItems=[{"Put": {"TableName": "table", "Item": big}}])
    over = "Item size has exceeded the maximum allowed size"
    assert over in message(db.put_item, TableName="table", Item=too_big)
    assert over in message(db.batch_write_item, RequestItems={"table": [{"PutRequest": {"Item": too_big}}]})
    assert over in message(db.transact_write_items, TransactItems=[{"Put": {"TableName": "table", "Item": too_big}}])
    assert over in message(db.execute_statement, Statement="INSERT INTO \"table\" VALUE {'pk': 'b', 'v': ?}", Parameters=[too_big["v"]])
    longer = {"UpdateExpression": "SET w = :w", "ExpressionAttributeValues": {":w": s("")}}
    assert "Item size to update" in message(db.update_item, TableName="table", Key={"pk": s("a")}, **longer)
    cancelled = refused(db.transact_write_items, TransactItems=[{"Update": {"TableName": "table", "Key": {"pk": s("a")}, **longer}}])
    assert cancelled["CancellationReasons"][0]["Code"] == "ValidationError"


def test_values_nest_31_levels(db):
    def nested(levels):
        value = s("leaf")
        for _ in range(levels):
            value = {"M": {"m": value}}
        return value

    put(db, v=nested(31))
    assert "Nesting Levels" in message(db.put_item, TableName="table", Item={"pk": s("a"), "v": nested(32)})
    assert "Nesting Levels" in message(update, db=db, expression="SET v = :v", ExpressionAttributeValues={":v": nested(32)})


def test_keys_have_their_lengths_also_when_read(aws):
    client = aws("dynamodb")
    create(client, sort="S")
    for hash_bytes, range_bytes, why in [(2048, 1024, None), (2049, 1, "limit of2048 bytes"), (1, 1025, "limit of 1024 bytes")]:
        key = {"pk": s("h" * hash_bytes), "sk": s("r" * range_bytes)}
        if why is None:
            client.put_item(TableName="table", Item=key)
            assert client.get_item(TableName="table", Key=key)["Item"] == key
        else:
            assert why in message(client.put_item, TableName="table", Item=key)
            assert why in message(client.get_item, TableName="table", Key=key)


def test_sets_are_equal_whatever_their_order(db):
    put(db, m={"M": {"x": {"NS": ["1", "2"]}}})
    put(db, v=n(1), m={"M": {"x": {"NS": ["2.0", "1"]}}})
    update(db, "SET v = :v", ConditionExpression="m = :m", ExpressionAttributeValues={":v": n(2), ":m": {"M": {"x": {"NS": ["2", "1.0"]}}}})


def holds(db, condition, **values):
    options = {"ExpressionAttributeValues": {":" + k: v for k, v in values.items()}} if values else {}
    return db.scan(TableName="table", FilterExpression=condition, **options)["Count"] == 1


def test_truth_tables(db):
    put(db, t=n(1), f=n(0), name_=s("ab"), l={"L": [n(1)]}, m={"M": {"x": s("y")}}, ss={"SS": ["a"]})
    one = {"x": n(1)}
    for condition, expected in [
        ("t = :x OR f = :x AND f = :x", True), ("NOT f = :x AND t = :x", True), ("NOT (f = :x OR t = :x)", False), ("(t = :x) AND NOT f IN (:x)", True),
        ("nope = :x", False), ("nope <> :x", True), ("nope < :x", False), ("NOT nope = :x", True), ("nope <> nope2 AND t = :x", True), ("nope IN (:x)", False),
        ("name_ = :x", False), ("name_ <> :x", True), ("name_ < :x", False), ("contains(l, :x)", True), ("contains(m, :x)", False), ("size(l) = :x", True),
        ("size(t) <> :x", False), ("attribute_exists(m.x) AND t = :x", True), ("attribute_exists(l[1]) AND t = :x", False),
    ]:
        assert holds(db, condition, **one) is expected, condition
    assert "operand type: N" in message(db.scan, TableName="table", FilterExpression="begins_with(name_, :x)", ExpressionAttributeValues={":x": n(1)})


def test_reserved_words_are_refused_in_every_kind(db):
    values = {"ExpressionAttributeValues": {":v": s("v")}}
    key = {"TableName": "table", "Key": {"pk": s("a")}}
    for call, parameters in [
        (db.get_item, {**key, "ProjectionExpression": "a.Status"}),
        (db.update_item, {**key, "UpdateExpression": "SET status = :v", **values}),
        (db.delete_item, {**key, "ConditionExpression": "status = :v", **values}),
        (db.scan, {"TableName": "table", "FilterExpression": "status = :v", **values}),
        (db.query, {"TableName": "table", "KeyConditionExpression": "status = :v", **values}),
    ]:
        assert "Attribute name is a reserved keyword; reserved keyword: " in message(call, **parameters)


def test_placeholders_are_checked_though_nothing_reads_them(db):
    put(db, v=n(1))
    unused = {"TableName": "table", "FilterExpression": "attribute_exists(pk) OR v = :a", "ExpressionAttributeValues": {":a": n(1), ":b": n(2)}}
    assert "unused in expressions: keys: {:b}" in message(db.scan, **unused)
    undefined = {"TableName": "table", "FilterExpression": "attribute_exists(pk) OR #x = :a", "ExpressionAttributeValues": {":a": n(1)}}
    assert "attribute name: #x" in message(db.scan, **undefined)


def test_expressions_have_4096_bytes_and_300_operators(db):
    values = {"ExpressionAttributeValues": {":v": n(1)}}
    fitting = "v = :v".ljust(4096)
    db.scan(TableName="table", FilterExpression=fitting, **values)
    assert "Expression size has exceeded" in message(db.scan, TableName="table", FilterExpression=fitting + " ", **values)
    many = " OR ".join(["v=:v"] * 151)
    assert "operator count: 301" in message(db.scan, TableName="table", FilterExpression=many, **values)


def test_updates_of_lists_and_overlaps(db):
    put(db, l={"L": [n(0), n(1), n(2)]}, a={"M": {"b": n(1)}})
    values = {":a": s("a"), ":b": s("b")}
    update(db, "SET l[9] = :a, l[7] = :b", ExpressionAttributeValues=values)
    assert get(db)["l"]["L"] == [n(0), n(1), n(2), s("b"), s("a")]
    update(db, "REMOVE l[0] SET l[2] = :a", ExpressionAttributeValues={":a": s("x")})
    assert get(db)["l"]["L"] == [n(1), s("x"), s("b"), s("a")]
    assert "overlap with each other" in message(update, db=db, expression="SET a = :a REMOVE a.b", ExpressionAttributeValues={":a": n(1)})
    assert "conflict with each other" in message(update, db=db, expression="SET a.b = :a, a[1] = :a", ExpressionAttributeValues={":a": n(1)})
    assert "can only be used once" in message(update, db=db, expression="SET x = :a SET y = :a", ExpressionAttributeValues={":a": n(1)})
    touched = update(db, "SET a.b = :n", ExpressionAttributeValues={":n": n(5)}, ReturnValues="UPDATED_NEW")["Attributes"]
    assert touched == {"a": {"M": {"b": n(5)}}}
    assert update(db, "REMOVE l[1]", ReturnValues="UPDATED_NEW")["Attributes"] == {"l": {"L": [s("b")]}}


def test_a_removal_makes_no_item_and_any_other_update_does(db):
    assert "Attributes" not in update(db, "REMOVE x.y", key="none", ReturnValues="ALL_NEW")
    assert get(db, "none") is None
    db.update_item(TableName="table", Key={"pk": s("bare")})
    assert get(db, "bare") == {"pk": s("bare")}
    update(db, "SET v = if_not_exists(v, :z) + :o", key="new", ExpressionAttributeValues={":z": n(0), ":o": n(1)})
    assert get(db, "new")["v"] == n(1)


def test_legacy_updates_append_to_lists(db):
    put(db, l={"L": [n(1)]})
    more = {"l": {"Action": "ADD", "Value": {"L": [n(2)]}}}
    db.update_item(TableName="table", Key={"pk": s("a")}, AttributeUpdates=more)
    assert get(db)["l"]["L"] == [n(1), n(2)]
    assert "operand type: LIST" in message(update, db=db, expression="ADD l :l", ExpressionAttributeValues={":l": {"L": [n(3)]}})
    put(db, v=n(1))
    expected = {"v": {"ComparisonOperator": "GT", "AttributeValueList": [n(0)]}, "w": {"Exists": False}}
    db.delete_item(TableName="table", Key={"pk": s("a")}, Expected=expected)
    mixed = message(db.delete_item, TableName="table", Key={"pk": s("a")}, Expected=expected, ConditionExpression="attribute_exists(pk)")
    assert "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}" in mixed


def test_every_limit_pages_the_same_items_both_ways(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    for first in (0, 25):
        client.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {"pk": s("a"), "sk": n(i)}}} for i in range(first, first + 25)]})
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    for limit in (1, 3, 7, 49, 50, 51):
        for forward in (True, False):
            found = [int(i["sk"]["N"]) for i in pages(client.query, **query, Limit=limit, ScanIndexForward=forward)]
            assert found == (list(range(50)) if forward else list(range(49, -1, -1)))
    assert "LastEvaluatedKey" not in client.query(**query, Limit=51)
    filtered = client.query(**query, Limit=10, FilterExpression="attribute_exists(nope)")
    assert (filtered["Items"], filtered["Count"], filtered["ScannedCount"], "LastEvaluatedKey" in filtered) == ([], 0, 10, True)


def test_a_page_has_about_a_megabyte(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    for i in range(6):
        client.put_item(TableName="table", Item={"pk": s("a"), "sk": n(i), "v": s("x" * 300_000)})
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    first = client.query(**query, Select="COUNT")
    assert (first["Count"], first["LastEvaluatedKey"]["sk"]) == (4, n(3))
    assert client.query(**query, ExclusiveStartKey=first["LastEvaluatedKey"])["Count"] == 2


def test_start_keys_that_do_not_fit(aws):
    client = aws("dynamodb")
    create(client, sort="N", indexes=True)
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a AND sk > :n", "ExpressionAttributeValues": {":a": s("a"), ":n": n(5)}}
    for start, why in [
        ({"pk": s("a")}, "The provided starting key is invalid"),
        ({"pk": s("a"), "sk": n(7), "x": n(1)}, "The provided starting key is invalid"),
        ({"pk": s("a"), "sk": n(5)}, "The provided starting key does not match the range key predicate"),
        ({"pk": s("b"), "sk": n(7)}, "The query can return at most one row and cannot be restarted"),
    ]:
        assert message(client.query, **query, ExclusiveStartKey=start) == why
    whole = {**query, "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    assert "outside query boundaries" in message(client.query, **whole, ExclusiveStartKey={"pk": s("b"), "sk": n(7)})
    foreign = {"TableName": "table", "TotalSegments": 1000000, "Segment": 1, "ExclusiveStartKey": {"pk": s("a"), "sk": n(1)}}
    assert "correct Segment" in message(client.scan, **foreign)


def test_indexes_of_several_attributes(aws):
    client = aws("dynamodb")
    parts = {"h1": "S", "h2": "N", "r1": "S", "r2": "N"}
    client.create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": t} for a, t in {"pk": "S", **parts}.items()],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{"IndexName": "wide", "Projection": {"ProjectionType": "ALL"},
                                 "KeySchema": [{"AttributeName": a, "KeyType": "HASH" if a[0] == "h" else "RANGE"} for a in parts]}],
    )
    for i, (r1, r2) in enumerate([("a", 10), ("a", 9), ("a\0", 1), ("b", -1)]):
        client.put_item(TableName="table", Item={"pk": s(str(i)), "h1": s("x"), "h2": n(1), "r1": s(r1), "r2": n(r2)})
    client.put_item(TableName="table", Item={"pk": s("sparse"), "h1": s("x"), "h2": n(1), "r1": s("a")})
    values = {":x": s("x"), ":one": n(1), ":a": s("a"), ":r": n(9)}

    def query(condition, **options):
        used = {k: v for k, v in values.items() if k in condition}
        return dict(TableName="table", IndexName="wide", KeyConditionExpression=condition, ExpressionAttributeValues=used, **options)

    hashes = "h1 = :x AND h2 = :one"
    assert [i["pk"]["S"] for i in pages(client.query, **query(hashes, Limit=1))] == ["1", "0", "2", "3"]
    assert [i["pk"]["S"] for i in pages(client.query, **query(hashes + " AND r1 = :a AND r2 > :r"))] == ["0"]
    assert set(client.query(**query(hashes, Limit=1))["LastEvaluatedKey"]) == {"pk", *parts}
    assert "RANGE key attributes r1 must have equality conditions" in message(client.query, **query(hashes + " AND r2 > :r"))
    assert "missed key schema element: h2" in message(client.query, **query("h1 = :x"))


def test_an_item_moves_in_and_out_of_a_sparse_index_and_capacity_tells(aws):
    client = aws("dynamodb")
    create(client, indexes=True)

    def indexed():
        return client.query(TableName="table", IndexName="by-g", KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": s("x")})["Count"]

    def units(call, **parameters):
        used = call(TableName="table", ReturnConsumedCapacity="INDEXES", **parameters)["ConsumedCapacity"]
        return used["Table"]["CapacityUnits"], used.get("GlobalSecondaryIndexes", {}).get("by-g", {}).get("CapacityUnits", 0)

    key = {"pk": s("a")}
    assert units(client.put_item, Item=key) == (1, 0) and indexed() == 0
    assert units(client.update_item, Key=key, UpdateExpression="SET g = :g", ExpressionAttributeValues={":g": s("x")}) == (1, 1) and indexed() == 1
    assert units(client.update_item, Key=key, UpdateExpression="SET g = :g", ExpressionAttributeValues={":g": s("y")}) == (1, 2) and indexed() == 0
    assert units(client.put_item, Item={**key, "g": s("x"), "v": s("v" * 1500)}) == (2, 3) and indexed() == 1
    assert units(client.update_item, Key=key, UpdateExpression="REMOVE g") == (2, 2) and indexed() == 0
    assert "Type mismatch for Index Key g" in message(client.put_item, TableName="table", Item={**key, "g": n(1)})


def test_limits_of_transactions(db):
    one = {"TableName": "table", "Key": {"pk": s("a")}}
    twice = [{"Delete": one}, {"ConditionCheck": {**one, "ConditionExpression": "attribute_not_exists(pk)"}}]
    assert message(db.transact_write_items, TransactItems=twice) == "Transaction request cannot include multiple operations on one item"
    deletes = [{"Delete": {"TableName": "table", "Key": {"pk": s(str(i))}}} for i in range(101)]
    db.transact_write_items(TransactItems=deletes[:100])
    assert "less than or equal to 100" in message(db.transact_write_items, TransactItems=deletes)
    doubled = [{"Put": {"TableName": "table", "Item": {"pk": s("b")}, "ConditionExpression": "((attribute_not_exists(pk)))"}}]
    assert "redundant parentheses" in message(db.transact_write_items, TransactItems=doubled)
    puts = [{"Put": {"TableName": "table", "Item": {"pk": s(str(i)), "v": s("x" * 390_000)}}} for i in range(12)]
    with pytest.raises(ClientError):
        db.transact_write_items(TransactItems=puts)
    assert db.scan(TableName="table")["Count"] == 0


def records(aws, db):
    streams = aws("dynamodbstreams")
    arn = db.describe_table(TableName="table")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return streams.get_records(ShardIterator=iterator)["Records"]


def test_what_changes_nothing_leaves_no_record(aws, db):
    db.update_table(TableName="table", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    item = {"v": n(1), "ss": {"SS": ["a", "b"]}, "m": {"M": {"x": n(1), "y": n(2)}}}
    put(db, **item)
    put(db, v=n("1.0"), ss={"SS": ["b", "a"]}, m={"M": {"y": n(2), "x": n(1)}})
    update(db, "SET v = :v", ExpressionAttributeValues={":v": n(1)})
    update(db, "REMOVE nope")
    db.delete_item(TableName="table", Key={"pk": s("none")})
    db.transact_write_items(TransactItems=[{"ConditionCheck": {"TableName": "table", "Key": {"pk": s("a")}, "ConditionExpression": "attribute_exists(pk)"}}])
    assert [r["eventName"] for r in records(aws, db)] == ["INSERT"]
    db.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {"pk": s(str(i))}}} for i in range(25)]})
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in records(aws, db)][1:] == [str(i) for i in range(25)]


def test_expiry_takes_what_is_due_and_nothing_else(aws, db, virga):
    db.update_table(TableName="table", StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"})
    db.update_time_to_live(TableName="table", TimeToLiveSpecification={"Enabled": True, "AttributeName": "due"})
    now = db.describe_table(TableName="table")["Table"]["CreationDateTime"].astimezone(datetime.timezone.utc).timestamp()
    six_years = 6 * 365 * 86400
    for key, due in {"due": n(now + 60), "text": s(str(int(now + 60))), "ancient": n(int(now - six_years)), "later": n(int(now + 60)), "never": None}.items():
        db.put_item(TableName="table", Item={"pk": s(key), **({"due": due} if due else {})})
    update(db, "SET due = :d", key="later", ExpressionAttributeValues={":d": n(int(now + 86400))})
    virga.advance(seconds=3600)
    assert sorted(i["pk"]["S"] for i in db.scan(TableName="table")["Items"]) == ["ancient", "later", "never", "text"]
    removed = [r for r in records(aws, db) if r["eventName"] == "REMOVE"]
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in removed] == ["due"]
    assert removed[0]["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
