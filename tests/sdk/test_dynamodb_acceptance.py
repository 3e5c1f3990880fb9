"""What a user of DynamoDB relies on at the edges: limits, truth tables, paging, capacity, streams and expiry, through boto3."""
import datetime
import re

import pytest

from test_dynamodb import create, pages, refused
from virga_process import ROOT


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


SPELLINGS = {  # as written: as read
    "+5": "5", "5.": "5", ".5": "0.5", "-.5": "-0.5", "+007.500": "7.5", "-0": "0", "0.0e126": "0", "-0e0": "0", "1.e5": "100000", "1E-3": "0.001", "1e125": "1" + "0" * 125,
    "-1e125": "-1" + "0" * 125, "1e-130": "0." + "0" * 129 + "1", "1" * 38: "1" * 38, "0." + "1" * 38: "0." + "1" * 38, "1" * 38 + "e-5": "1" * 33 + "." + "1" * 5,
    "1" * 38 + "0" * 10: "1" * 38 + "0" * 10, "9" * 38 + "e88": "9" * 38 + "0" * 88,
}


def test_every_spelling_of_a_number_is_one_attribute_key_and_member(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    for written, read in SPELLINGS.items():
        key = {"pk": s("a"), "sk": n(written)}
        client.put_item(TableName="table", Item={**key, "v": n(written), "set": {"NS": [written]}, "deep": {"L": [{"M": {"x": n(written)}}]}})
        item = client.get_item(TableName="table", Key={"pk": s("a"), "sk": n(read)})["Item"]
        assert item == {"pk": s("a"), "sk": n(read), "v": n(read), "set": {"NS": [read]}, "deep": {"L": [{"M": {"x": n(read)}}]}}, written
        if read != written:
            assert "contains duplicates" in message(client.put_item, TableName="table", Item={**key, "set": {"NS": [written, read]}}), written


def test_numbers_keep_38_digits_and_no_more(db):
    for written, why in [("1" * 39, "38 significant digits"), ("1e126", "Number overflow"), ("-1e126", "Number overflow"), ("1e-131", "Number underflow"),
                         *((text, "cannot be converted to a numeric value") for text in ("", "1e", "NaN", "Infinity", " 1", "1 ", "0x1", "1_0", ".", "--1", "1e1.5"))]:
        assert why in message(db.put_item, TableName="table", Item={"pk": s("a"), "v": n(written)}), written


def test_equal_numbers_are_duplicates_of_a_batch(aws):
    client = aws("dynamodb")
    create(client, sort="N")
    twice = [{"PutRequest": {"Item": {"pk": s("a"), "sk": n(x)}}} for x in ("1e3", "1000.0")]
    assert message(client.batch_write_item, RequestItems={"table": twice}) == "Provided list of item keys contains duplicates"
    client.put_item(TableName="table", Item={"pk": s("a"), "sk": n("1e3")})
    assert client.get_item(TableName="table", Key={"pk": s("a"), "sk": n("1000")})["Item"]["sk"] == n(1000)
    # BatchGetItem compares the text: two spellings are no duplicates, and read the item once.
    both = [{"pk": s("a"), "sk": n(x)} for x in ("1e3", "1000.0")]
    assert client.batch_get_item(RequestItems={"table": {"Keys": both}})["Responses"]["table"] == [{"pk": s("a"), "sk": n(1000)}]
    assert message(client.batch_get_item, RequestItems={"table": {"Keys": both[:1] * 2}}) == "Provided list of item keys contains duplicates"


def test_an_item_has_at_most_400_kb(db):
    def sized(size):
        return {"pk": s("a"), "v": s("x" * (size - 4))}  # names: 3 bytes, key: 1

    big, too_big = sized(409600), sized(409601)
    db.put_item(TableName="table", Item=big)
    db.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": big}}]})
    db.transact_write_items(TransactItems=[{"Put": {"TableName": "table", "Item": big}}])
    db.delete_item(TableName="table", Key={"pk": s("a")})
    db.execute_statement(Statement="INSERT INTO \"table\" VALUE {'pk': 'a', 'v': ?}", Parameters=[big["v"]])
    assert get(db) == big
    over = "Item size has exceeded the maximum allowed size"
    assert over in message(db.put_item, TableName="table", Item=too_big)
    assert over in message(db.batch_write_item, RequestItems={"table": [{"PutRequest": {"Item": too_big}}]})
    assert over in message(db.transact_write_items, TransactItems=[{"Put": {"TableName": "table", "Item": too_big}}])
    assert over in message(db.execute_statement, Statement="INSERT INTO \"table\" VALUE {'pk': 'b', 'v': ?}", Parameters=[too_big["v"]])
    update(db, "SET v = :v", ExpressionAttributeValues={":v": big["v"]})
    longer = {"UpdateExpression": "SET w = :w", "ExpressionAttributeValues": {":w": s("")}}
    assert "Item size to update" in message(db.update_item, TableName="table", Key={"pk": s("a")}, **longer)
    cancelled = refused(db.transact_write_items, TransactItems=[{"Update": {"TableName": "table", "Key": {"pk": s("a")}, **longer}}])
    assert cancelled["CancellationReasons"][0]["Code"] == "ValidationError"
    assert "Item size to update" in message(db.execute_statement, Statement="UPDATE \"table\" SET w = '' WHERE pk = 'a'")
    assert get(db) == big


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
            condition = dict(KeyConditionExpression="pk = :p AND sk = :s", ExpressionAttributeValues={":p": key["pk"], ":s": key["sk"]})
            for call, parameters in [(client.put_item, {"Item": key}), (client.get_item, {"Key": key}), (client.delete_item, {"Key": key}), (client.update_item, {"Key": key}),
                                     (client.query, condition)]:
                assert why in message(call, TableName="table", **parameters)


def test_index_keys_have_the_same_lengths(aws):
    client = aws("dynamodb")
    create(client, indexes=True)
    client.put_item(TableName="table", Item={"pk": s("a"), "g": s("g" * 2048)})
    for call, parameters in [(client.put_item, {"Item": {"pk": s("b"), "g": s("g" * 2049)}}),
                             (client.update_item, {"Key": {"pk": s("b")}, "UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": s("g" * 2049)}}),
                             (client.query, {"IndexName": "by-g", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("g" * 2049)}})]:
        assert "limit of2048 bytes" in message(call, TableName="table", **parameters)
    assert client.scan(TableName="table", IndexName="by-g")["Count"] == 1


def test_sets_are_equal_whatever_their_order(db):
    put(db, m={"M": {"x": {"NS": ["1", "2"]}}})
    put(db, v=n(1), m={"M": {"x": {"NS": ["2.0", "1"]}}})
    update(db, "SET v = :v", ConditionExpression="m = :m", ExpressionAttributeValues={":v": n(2), ":m": {"M": {"x": {"NS": ["2", "1.0"]}}}})


def holds(db, condition, **values):
    options = {"ExpressionAttributeValues": {":" + k: v for k, v in values.items()}} if values else {}
    return db.scan(TableName="table", FilterExpression=condition, **options)["Count"] == 1


def test_precedence_for_every_truth_value(db):
    """Python binds NOT, AND and OR as the service does, so it knows the answer."""
    forms = ["{a} OR {b} AND {c}", "{a} AND {b} OR {c}", "NOT {a} AND {b}", "NOT {a} OR {b} AND NOT {c}", "NOT ({a} OR {b}) AND {c}", "({a} OR {b}) AND {c}",
             "{a} or not {b} and {c}", "NOT NOT {a} AND {b} OR {c}"]
    # Of different kinds: a comparison, IN, BETWEEN and a function bind tighter than all three.
    tests = {"a": "a = :one", "b": "b IN (:one, :two)", "c": "c BETWEEN :one AND :two"}
    for bits in range(8):
        truth = {name: bool(bits >> place & 1) for place, name in enumerate("abc")}
        put(db, **{name: n(int(true)) for name, true in truth.items()})
        for form in forms:
            expected = eval(form.format(**truth).replace("NOT", "not").replace("AND", "and").replace("OR", "or"))
            used = {":one": n(1), ":two": n(2)} if "{b}" in form else {":one": n(1)}
            found = db.scan(TableName="table", FilterExpression=form.format(**tests), ExpressionAttributeValues=used)["Count"]
            assert (found == 1) is expected, (form, truth)


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
    # A missing attribute, and one of another type than the constant: only <> holds; two missing ones differ, too.
    text = {"x": s("a"), "y": s("b")}
    for operand in ("nope", "t"):
        for condition, expected in [("{} = :x", False), ("{} <> :x", True), ("{} < :x", False), ("{} <= :x", False), ("{} > :x", False), ("{} >= :x", False),
                                    ("{} IN (:x)", False), ("begins_with({}, :x)", False), ("contains({}, :x)", False)]:
            assert holds(db, condition.format(operand), x=text["x"]) is expected, (condition, operand)
        assert holds(db, f"{operand} BETWEEN :x AND :y", **text) is False
    assert holds(db, "nope = nope2") is False and holds(db, "nope <> nope2") is True
    assert holds(db, "size(nope) < :x", x=n(9)) is False and holds(db, "size(t) < :x", x=n(9)) is False
    assert holds(db, "contains(l, :x)", x={"L": [n(1)]}) is False and holds(db, "contains(ss, :x)", x={"SS": ["a"]}) is False
    assert "operand type: N" in message(db.scan, TableName="table", FilterExpression="begins_with(name_, :x)", ExpressionAttributeValues={":x": n(1)})
    # Types of constants are looked at before the table is.
    condition = {"KeyConditionExpression": "pk = :p AND begins_with(sk, :x)", "ExpressionAttributeValues": {":p": s("a"), ":x": n(1)}}
    refusal = refused(db.query, TableName="missing", **condition)["Error"]
    assert refusal["Code"] == "ValidationException" and "begins_with, operand type: N" in refusal["Message"]


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


def test_all_573_reserved_words_are_refused_in_any_case_and_place(db):
    source = (ROOT / "emulator" / "table" / "reserved_words.cpp").read_text()
    words = re.findall(r"\b[A-Z][A-Z0-9_]*\b", " ".join(re.findall(r'"([^"]*)"', source)))
    assert len(words) == len(set(words)) == 573 and {"ABORT", "NAME", "STATUS", "TTL", "ZONE"} <= set(words)
    operators = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}  # keywords of expressions: no names at all
    for i, word in enumerate(words):
        spelled = (word, word.lower(), word.capitalize())[i % 3]
        path = (spelled, f"a.{spelled}", f"a[0].{spelled}.b")[i // 3 % 3]
        why = "Syntax error" if word in operators else f"Attribute name is a reserved keyword; reserved keyword: {spelled}"
        assert why in message(db.get_item, TableName="table", Key={"pk": s("a")}, ProjectionExpression=path), path
    db.get_item(TableName="table", Key={"pk": s("a")}, ProjectionExpression="#s.#t", ExpressionAttributeNames={"#s": "status", "#t": "ttl"})


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
    most = " OR ".join(["v=:v"] * 150)
    db.scan(TableName="table", FilterExpression="NOT " + most, **values)
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


def test_what_updates_return_of_the_touched_paths(db):
    item = {"a": {"M": {"b": n(1), "c": n(2)}}, "l": {"L": [n(0), n(1), n(2)]}, "v": n(1)}

    def returned(which, expression, **values):
        put(db, **item)
        given = {"ExpressionAttributeValues": {":" + k: v for k, v in values.items()}} if values else {}
        return update(db, expression, ReturnValues=which, **given).get("Attributes")

    assert returned("UPDATED_NEW", "SET a.b = :n", n=n(5)) == {"a": {"M": {"b": n(5)}}}
    assert returned("UPDATED_OLD", "SET a.b = :n", n=n(5)) == {"a": {"M": {"b": n(1)}}}
    assert returned("UPDATED_NEW", "SET v = :n", n=n(1)) == {"v": n(1)}  # the same value was written all the same
    assert returned("UPDATED_OLD", "SET fresh = :n", n=n(1)) is None
    assert returned("UPDATED_NEW", "REMOVE v") is None and returned("UPDATED_OLD", "REMOVE v") == {"v": n(1)}
    assert returned("UPDATED_NEW", "SET l[100] = :n", n=n(9)) is None and get(db)["l"]["L"][-1] == n(9)  # appended, but not at 100
    assert returned("UPDATED_NEW", "REMOVE l[1]") == {"l": {"L": [n(2)]}}  # what moved into its place
    assert returned("UPDATED_NEW", "SET v = :n REMOVE a.b", n=n(7)) == {"v": n(7)}
    assert returned("ALL_OLD", "SET v = :n", n=n(7)) == {"pk": s("a"), **item}
    assert returned("ALL_NEW", "SET v = :n", n=n(7)) == {"pk": s("a"), **item, "v": n(7)}
    assert returned("NONE", "SET v = :n", n=n(7)) is None
    legacy = db.update_item(TableName="table", Key={"pk": s("a")}, AttributeUpdates={"v": {"Action": "ADD", "Value": n(1)}, "w": {"Action": "DELETE"}}, ReturnValues="UPDATED_NEW")
    assert legacy["Attributes"] == {"v": n(8)}


def test_doubled_parentheses_are_refused(db):
    for condition, fine in [("attribute_not_exists(x)", True), ("(attribute_not_exists(x))", True), ("((attribute_not_exists(x)))", False),
                            ("((attribute_not_exists(x)) AND attribute_not_exists(y))", True), ("attribute_exists(pk) OR ((attribute_not_exists(x)))", False)]:
        item = {"TableName": "table", "Item": {"pk": s("a")}, "ConditionExpression": condition}
        for call, parameters in [(db.put_item, item), (db.transact_write_items, {"TransactItems": [{"Put": item}]})]:
            if fine:
                call(**parameters)
            else:
                assert message(call, **parameters) == "Invalid ConditionExpression: The expression has redundant parentheses;", condition


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


def test_a_batch_of_25_in_a_partition_leaves_25_records(aws):
    db = aws("dynamodb")
    create(db, sort="N", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    key = lambda i: {"pk": s("a"), "sk": n(i)}
    requests = lambda value: {"table": [{"PutRequest": {"Item": {**key(i), "v": s(value)}}} for i in range(25)]}
    db.batch_write_item(RequestItems=requests("first"))
    replaced = requests("second")["table"]
    replaced[10:] = [{"DeleteRequest": {"Key": key(i)}} for i in range(10, 20)] + requests("first")["table"][20:]  # the last five change nothing
    db.batch_write_item(RequestItems={"table": replaced})
    image = lambda i, value: {**key(i), "v": s(value)}
    expected = [("INSERT", key(i), None, image(i, "first")) for i in range(25)]
    expected += [("MODIFY", key(i), image(i, "first"), image(i, "second")) for i in range(10)] + [("REMOVE", key(i), image(i, "first"), None) for i in range(10, 20)]
    found = [(r["eventName"], r["dynamodb"]["Keys"], r["dynamodb"].get("OldImage"), r["dynamodb"].get("NewImage")) for r in records(aws, db)]
    assert found == expected
    assert len({r["eventID"] for r in records(aws, db)}) == len(expected)


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
