"""Query and Scan at their edges: pages, start keys, indexes of every kind and the capacity they use."""
from test_dynamodb import create, pages
from test_dynamodb_acceptance import message, n, s


def test_every_limit_pages_the_same_items_both_ways(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    for first in (0, 25):
        client.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {"pk": s("a"), "sk": n(i)}}} for i in range(first, first + 25)]})
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    for limit in range(1, 52):
        for forward in (True, False):
            found = [int(i["sk"]["N"]) for i in pages(client.query, **query, Limit=limit, ScanIndexForward=forward)]
            assert found == (list(range(50)) if forward else list(range(49, -1, -1)))
    assert "LastEvaluatedKey" not in client.query(**query, Limit=51)
    filtered = client.query(**query, Limit=10, FilterExpression="attribute_exists(nope)")
    assert (filtered["Items"], filtered["Count"], filtered["ScannedCount"], "LastEvaluatedKey" in filtered) == ([], 0, 10, True)


def test_pages_of_one_end_where_only_one_item_can_be(aws):
    """A key that ended a page always begins the next, also where no other item can come: a loop over pages ends by itself."""
    client = aws("dynamodb")
    create(client)
    create(client, "sorted", sort="N")
    client.put_item(TableName="table", Item={"pk": s("a")})
    client.put_item(TableName="sorted", Item={"pk": s("a"), "sk": n(1)})
    for table, condition, item in [("table", "pk = :p", {"pk": s("a")}), ("sorted", "pk = :p AND sk = :s", {"pk": s("a"), "sk": n(1)})]:
        query = {"TableName": table, "KeyConditionExpression": condition, "ExpressionAttributeValues": {":p": s("a"), **({":s": n(1)} if ":s" in condition else {})}}
        for forward in (True, False):
            assert pages(client.query, **query, Limit=1, ScanIndexForward=forward) == [item]
    foreign = {"TableName": "table", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("a")}, "ExclusiveStartKey": {"pk": s("b")}}
    assert message(client.query, **foreign) == "The provided starting key is outside query boundaries based on provided conditions"


def test_a_filter_that_drops_all_leaves_empty_pages(aws):
    client = aws("dynamodb")
    create(client, sort="N", indexes=True)
    for first in (0, 25):
        client.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {"pk": s("a"), "sk": n(i), "g": s("g")}}} for i in range(first, first + 25)]})
    of_table = {"KeyConditionExpression": "pk = :k", "ExpressionAttributeValues": {":k": s("a")}}
    of_index = {"KeyConditionExpression": "g = :k", "ExpressionAttributeValues": {":k": s("g")}, "IndexName": "by-g"}
    for call, parameters in [(client.query, of_table), (client.query, of_index), (client.scan, {}), (client.scan, {"IndexName": "by-g"})]:
        counts, start = [], {}
        while not counts or start:
            page = call(TableName="table", FilterExpression="attribute_exists(nope)", Limit=20, **parameters, **start)
            counts.append((page["Items"], page["Count"], page["ScannedCount"]))
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]} if "LastEvaluatedKey" in page else {}
        assert counts == [([], 0, 20), ([], 0, 20), ([], 0, 10)]


def test_a_page_has_about_a_megabyte(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    for i in range(6):
        client.put_item(TableName="table", Item={"pk": s("a"), "sk": n(i), "v": s("x" * 300_000)})
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    first = client.query(**query, Select="COUNT")
    assert (first["Count"], first["LastEvaluatedKey"]["sk"]) == (4, n(3))
    rest = client.query(**query, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert (rest["Count"], rest.get("LastEvaluatedKey")) == (2, None)
    scanned = client.scan(TableName="table", FilterExpression="attribute_not_exists(v)")
    assert (scanned["Count"], scanned["ScannedCount"], scanned["LastEvaluatedKey"]["sk"]) == (0, 4, n(3))


def test_start_keys_that_do_not_fit(aws):
    client = aws("dynamodb")
    create(client, sort="N", indexes=True)
    query = {"TableName": "table", "KeyConditionExpression": "pk = :a AND sk > :n", "ExpressionAttributeValues": {":a": s("a"), ":n": n(5)}}
    for start, why in [
        ({"pk": s("a")}, "The provided starting key is invalid"),
        ({"pk": s("a"), "sk": n(7), "x": n(1)}, "The provided starting key is invalid"),
        ({"pk": s("a"), "x": n(7)}, "The provided starting key is invalid"),
        ({"pk": s("a"), "sk": s("7")}, "The provided key element does not match the schema"),
        ({"pk": s("a"), "sk": n(5)}, "The provided starting key does not match the range key predicate"),
        ({"pk": s("b"), "sk": n(7)}, "The query can return at most one row and cannot be restarted"),
    ]:
        assert message(client.query, **query, ExclusiveStartKey=start) == why
    whole = {**query, "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}
    assert "outside query boundaries" in message(client.query, **whole, ExclusiveStartKey={"pk": s("b"), "sk": n(7)})
    no_number = {"pk": s("a"), "sk": s("7")}
    assert message(client.scan, TableName="table", ExclusiveStartKey=no_number) == "The provided starting key is invalid: The provided key element does not match the schema"
    foreign = {"TableName": "table", "TotalSegments": 1000000, "Segment": 1, "ExclusiveStartKey": {"pk": s("a"), "sk": n(1)}}
    assert "correct Segment" in message(client.scan, **foreign)


def test_a_global_index_has_what_it_projects_and_a_local_one_fetches(aws):
    client = aws("dynamodb")
    keys = lambda hash_, range_: [{"AttributeName": hash_, "KeyType": "HASH"}, {"AttributeName": range_, "KeyType": "RANGE"}]
    only_keys = {"Projection": {"ProjectionType": "KEYS_ONLY"}}
    client.create_table(
        TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=keys("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk", "x")],
        LocalSecondaryIndexes=[{"IndexName": "local", "KeySchema": keys("pk", "x"), **only_keys}],
        GlobalSecondaryIndexes=[{"IndexName": "global", "KeySchema": keys("x", "pk"), **only_keys}],
    )
    item = {"pk": s("a"), "sk": s("b"), "x": s("c"), "v": s("more")}
    client.put_item(TableName="table", Item=item)
    of = {"local": ("pk = :k", ":k", s("a")), "global": ("x = :k", ":k", s("c"))}

    def query(index, **options):
        condition, name, value = of[index]
        return dict(TableName="table", IndexName=index, KeyConditionExpression=condition, ExpressionAttributeValues={name: value}, **options)

    projected = {k: v for k, v in item.items() if k != "v"}
    assert client.query(**query("global"))["Items"] == client.query(**query("local"))["Items"] == [projected]
    assert "Select type ALL_ATTRIBUTES is not supported for global secondary index global" in message(client.query, **query("global", Select="ALL_ATTRIBUTES"))
    assert "Global secondary index global does not project [v]" in message(client.query, **query("global", ProjectionExpression="v"))
    filtered = query("global", FilterExpression="v = :k")
    assert message(client.query, **filtered) == "One or more parameter values were invalid: Secondary index global does not project one or more filter attributes: [v]"
    assert message(client.query, **query("global", ConsistentRead=True)) == "Consistent reads are not supported on global secondary indexes"
    assert client.query(**query("local", Select="ALL_ATTRIBUTES", ConsistentRead=True))["Items"] == [item]
    assert client.query(**query("local", ProjectionExpression="v"))["Items"] == [{"v": s("more")}]


def test_nine_attributes_tell_where_a_page_of_a_wide_index_ended(aws):
    client = aws("dynamodb")
    parts = [f"h{i}" for i in range(4)] + [f"r{i}" for i in range(4)]
    wide = {"IndexName": "wide", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": a, "KeyType": "HASH" if a[0] == "h" else "RANGE"} for a in parts]}
    table = dict(TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}])
    definitions = [{"AttributeName": a, "AttributeType": "S"} for a in ["pk", *parts]]
    fifth = {**wide, "KeySchema": [*wide["KeySchema"], {"AttributeName": "r4", "KeyType": "RANGE"}]}
    assert "" != message(client.create_table, **table, AttributeDefinitions=[*definitions, {"AttributeName": "r4", "AttributeType": "S"}], GlobalSecondaryIndexes=[fifth])
    client.create_table(**table, AttributeDefinitions=definitions, GlobalSecondaryIndexes=[wide])
    for i in range(6):
        client.put_item(TableName="table", Item={"pk": s(str(i)), **{a: s("x") for a in parts[:-1]}, "r3": s(str(9 - i))})
    query = dict(TableName="table", IndexName="wide", KeyConditionExpression=" AND ".join(f"{a} = :x" for a in parts[3::-1]), ExpressionAttributeValues={":x": s("x")})
    assert set(client.query(**query, Limit=1)["LastEvaluatedKey"]) == {"pk", *parts}
    assert [i["pk"]["S"] for i in pages(client.query, **query, Limit=1)] == list("543210")
    assert [i["pk"]["S"] for i in pages(client.query, **query, Limit=1, ScanIndexForward=False)] == list("012345")


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
    legacy = {a: {"ComparisonOperator": "EQ", "AttributeValueList": [v]} for a, v in {"h1": s("x"), "h2": n(1), "r1": s("a")}.items()}
    legacy["r2"] = {"ComparisonOperator": "GE", "AttributeValueList": [n(10)]}
    assert [i["pk"]["S"] for i in client.query(TableName="table", IndexName="wide", KeyConditions=legacy)["Items"]] == ["0"]


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
    assert units(client.put_item, Item={**key, "g": s("x")}) == (2, 1) and indexed() == 1
    assert units(client.put_item, Item={**key, "v": s("v")}) == (1, 1) and indexed() == 0  # replaced by an item that has no key there
    assert units(client.put_item, Item={**key, "g": s("x")}) == (1, 1) and indexed() == 1
    assert units(client.delete_item, Key=key) == (1, 1) and indexed() == 0
    assert "Type mismatch for Index Key g" in message(client.put_item, TableName="table", Item={**key, "g": n(1)})


def test_key_conditions_are_read_from_either_side(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    for i in range(5):
        client.put_item(TableName="table", Item={"pk": s("a"), "sk": n(i)})
    for condition, expected in [("sk < :n", "01"), (":n > sk", "01"), ("sk <= :n", "012"), (":n >= sk", "012"), (":n < sk", "34"), (":n <= sk", "234"), (":n = sk", "2"),
                                ("sk BETWEEN :n AND :n", "2"), ("(sk > :n)", "34")]:
        for whole in (f"pk = :p AND {condition}", f"{condition} and :p = pk"):
            found = client.query(TableName="table", KeyConditionExpression=whole, ExpressionAttributeValues={":p": s("a"), ":n": n(2)})["Items"]
            assert "".join(i["sk"]["N"] for i in found) == expected, whole


def test_a_projection_of_list_elements_is_dense_and_in_order(aws):
    client = aws("dynamodb")
    create(client)
    key = {"pk": s("a")}
    client.put_item(TableName="table", Item={**key, "l": {"L": [n(0), n(1), {"M": {"x": n(2), "y": n(3)}}, n(4)]}, "m": {"M": {"b": {"M": {"c": n(5), "d": n(6)}}, "a.b": n(7)}}})
    names = {"ExpressionAttributeNames": {"#d": "a.b"}}
    for projection, more, expected in [
        ("l[3], l[0]", {}, {"l": {"L": [n(0), n(4)]}}), ("l[2].y, l[9]", {}, {"l": {"L": [{"M": {"y": n(3)}}]}}), ("m.b.c", {}, {"m": {"M": {"b": {"M": {"c": n(5)}}}}}),
        ("m.#d", names, {"m": {"M": {"a.b": n(7)}}}), ("m.nope, l.x, nope", {}, {}),
    ]:
        assert client.get_item(TableName="table", Key=key, ProjectionExpression=projection, **more)["Item"] == expected


def test_a_batch_answers_16_megabytes_and_leaves_the_rest(aws):
    client = aws("dynamodb")
    create(client)
    keys = [{"pk": s(f"{i:02}")} for i in range(44)]
    for key in keys:
        client.put_item(TableName="table", Item={**key, "v": s("x" * 409_500), "w": s("")})
    asked = {"Keys": keys, "ConsistentRead": True, "ProjectionExpression": "pk, #w", "ExpressionAttributeNames": {"#w": "w"}}
    first = client.batch_get_item(RequestItems={"table": asked})
    read, left = first["Responses"]["table"], first["UnprocessedKeys"]["table"]
    assert len(read) == 41 and left == {**asked, "Keys": keys[41:]}  # what is projected away counts, too
    rest = client.batch_get_item(RequestItems=first["UnprocessedKeys"])
    assert rest["UnprocessedKeys"] == {} and read + rest["Responses"]["table"] == [{**key, "w": s("")} for key in keys]
