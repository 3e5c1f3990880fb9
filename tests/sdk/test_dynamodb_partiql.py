"""PartiQL through boto3: statements, batches and transactions, what they read, write and refuse."""
import pytest
from botocore.exceptions import ClientError

ITEM = {"pk": {"S": "a"}, "sk": {"S": "1"}, "n": {"N": "1"}, "m": {"M": {"x": {"N": "7"}}}, "l": {"L": [{"S": "q"}]}, "ss": {"SS": ["a", "b"]}}


@pytest.fixture
def db(aws):
    client = aws("dynamodb")
    names = {"pk": "S", "sk": "S", "g": "S", "r": "S"}
    client.create_table(
        TableName="Tab",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t in names.items()],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}},
            {"IndexName": "multi", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "HASH"}],
             "Projection": {"ProjectionType": "ALL"}},
        ],
        LocalSecondaryIndexes=[
            {"IndexName": "by-r", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
             "Projection": {"ProjectionType": "KEYS_ONLY"}},
        ],
    )
    return client


def run(db, statement, *parameters, **options):
    if parameters:
        options["Parameters"] = list(parameters)
    return db.execute_statement(Statement=statement, **options)


def select(db, statement, *parameters, **options):
    items = []
    while True:
        page = run(db, statement, *parameters, **options)
        items += page["Items"]
        if "NextToken" not in page:
            return items
        options["NextToken"] = page["NextToken"]


def refused(call, *args, **options):
    with pytest.raises(ClientError) as error:
        call(*args, **options)
    return error.value.response


def message(call, *args, **options):
    return refused(call, *args, **options)["Error"]["Message"]


def fill(db, partitions="ab", sorts="123"):
    for p in partitions:
        for s in sorts:
            db.put_item(TableName="Tab", Item={**ITEM, "pk": {"S": p}, "sk": {"S": s}, "n": {"N": s}, "g": {"S": "g"}, "r": {"S": "r" + s}})


def sorts(items):
    return [i["sk"]["S"] for i in items]


def test_insert_never_overwrites(db):
    assert run(db, """INSERT INTO "Tab" VALUE {'pk': 'a', 'sk': '1', 'v': [1, -2.50, <<'x', 'y'>>, {'k': ?}, null, true]}""", {"B": b"\x01"})["Items"] == []
    item = db.get_item(TableName="Tab", Key={"pk": {"S": "a"}, "sk": {"S": "1"}})["Item"]
    assert item["v"]["L"] == [{"N": "1"}, {"N": "-2.5"}, {"SS": ["x", "y"]}, {"M": {"k": {"B": b"\x01"}}}, {"NULL": True}, {"BOOL": True}]
    error = refused(run, db, """INSERT INTO "Tab" VALUE {'pk': 'a', 'sk': '1'}""")["Error"]
    assert (error["Code"], error["Message"]) == ("DuplicateItemException", "Duplicate primary key exists in table")
    assert "Key sk" in message(run, db, """INSERT INTO "Tab" VALUE {'pk': 'a'}""")
    assert "Key pk" in message(run, db, """INSERT INTO "Tab" VALUE {'pk': 1, 'sk': 'a'}""")


def test_select_reads_partitions_ranges_and_all(db):
    fill(db)
    assert sorts(select(db, "SELECT * FROM Tab WHERE pk = 'a'")) == ["1", "2", "3"]
    assert sorts(select(db, "SELECT * FROM Tab WHERE pk = 'a' ORDER BY sk DESC")) == ["3", "2", "1"]
    assert sorts(select(db, "SELECT * FROM Tab WHERE pk = 'a' AND sk BETWEEN '2' AND '3'")) == ["2", "3"]
    assert sorts(select(db, "SELECT * FROM Tab WHERE pk = 'a' AND sk IN ['3', '1'] ORDER BY sk DESC")) == ["3", "1"]
    assert len(select(db, "SELECT * FROM Tab")) == 6
    assert len(select(db, "SELECT * FROM Tab WHERE n = ?", {"N": "2"})) == 2
    by_partition = select(db, "SELECT pk, sk FROM Tab WHERE pk IN ['a', 'b'] ORDER BY pk DESC, sk ASC")
    assert [i["pk"]["S"] + i["sk"]["S"] for i in by_partition] == ["b1", "b2", "b3", "a1", "a2", "a3"]
    for condition, found in [
        ("n > 1", "23"), ("n <> 1", "23"), ("NOT n = 1", "23"), ("n IN [1, 3]", "13"), ("n NOT IN [1, 3]", "2"), ("n NOT BETWEEN 1 AND 2", "3"),
        ("begins_with(r, 'r3')", "3"), ("contains(ss, 'a')", "123"), ("size(ss) = 2 AND n = 1", "1"), ("attribute_type(n, 'N')", "123"),
        ("nope IS MISSING", "123"), ("nope IS NOT MISSING", ""), ("n IS NUMERIC", "123"), ("attribute_exists(m.x) = true", "123"),
        ("m.x = 7 AND l[0] = 'q'", "123"), ("(n = 1 OR n = 3)", "13"),
    ]:
        assert sorts(select(db, f"SELECT sk FROM Tab WHERE pk = 'a' AND {condition}")) == list(found), condition


def test_a_select_asks_for_fifty_partitions_or_ranges(db):
    """A list of values for anything else may have a hundred."""
    def values(count, quote="'"):
        return ", ".join(f"{quote}{i}{quote}" for i in range(count))

    many = "Too many decomposed read operations for a given query."
    for accepted in (f"pk IN [{values(50)}]", f"pk = 'a' AND sk IN [{values(50)}]", f"pk IN [{values(25)}] AND sk IN ['1', '2']", f"n IN [{values(100, '')}]"):
        select(db, f"SELECT * FROM Tab WHERE {accepted}")
    for refused in (f"pk IN [{values(51)}]", f"pk = 'a' AND sk IN [{values(51)}]", f"pk IN [{values(26)}] AND sk IN ['1', '2']", f"pk IN [{values(100)}] AND sk IN [{values(100)}]"):
        assert message(run, db, f"SELECT * FROM Tab WHERE {refused}") == many, refused
    assert message(run, db, f"SELECT * FROM Tab WHERE n IN [{values(101, '')}]") == "The IN operator is provided with too many operands; number of operands: 101"


NAME = "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'."


@pytest.mark.parametrize("statement, text", [
    ("SELECT * FROM Ta", NAME),
    ("DELETE FROM \"a b c\" WHERE pk = 'a'", NAME),
    ("SELECT * FROM Tab WHERE NOT 5", "The argument to NOT must be a Type or Expression"),
    ("SELECT * FROM Tab WHERE n = 1 AND 5", "The arguments to AND/OR must be Expressions"),
    ("SELECT * FROM Tab WHERE pk = 'a' ORDER BY m.x", "Argument to ORDER BY must be of type VariableReference. Type: PATH"),
    ("SELECT * FROM Tab WHERE pk.x = 'a'", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"),
])
def test_what_a_statement_cannot_say(db, statement, text):
    assert message(run, db, statement) == text
    assert db.batch_execute_statement(Statements=[{"Statement": statement}])["Responses"][0]["Error"]["Code"] == "ValidationError"


def test_columns_are_called_by_their_last_step(db):
    fill(db, "a", "1")
    assert run(db, "SELECT m.x, l[0], nope FROM Tab WHERE pk = 'a' AND sk = '1'")["Items"] == [{"x": {"N": "7"}, "l[0]": {"S": "q"}}]


@pytest.mark.parametrize("statement", ["SELECT * FROM Tab", "SELECT * FROM Tab WHERE pk IN ['a', 'b']", "SELECT * FROM Tab.\"by-g\" WHERE g = 'g'",
                                       "SELECT * FROM Tab WHERE pk IN ['a', 'b'] ORDER BY pk DESC, sk DESC"])
def test_pages_join_to_the_whole(db, statement):
    fill(db)
    whole = run(db, statement)["Items"]
    for limit in (1, 2, 4):
        assert select(db, statement, Limit=limit) == whole
    token = run(db, statement, Limit=1)["NextToken"]
    assert message(run, db, statement + " ", NextToken=token) == "NextToken does not match request"


def test_indexes(db):
    fill(db)
    assert {frozenset(i) for i in select(db, "SELECT * FROM Tab.\"by-g\" WHERE g = 'g'")} == {frozenset({"pk", "sk", "g"})}
    assert "does not project [n, ss]" in message(run, db, "SELECT n, ss FROM Tab.\"by-g\" WHERE g = 'g'")
    assert message(run, db, "SELECT pk FROM Tab.\"by-g\" WHERE g = 'g' AND n = 1").endswith(
        "Secondary index by-g does not project one or more filter attributes: [n]")
    assert select(db, "SELECT pk FROM Tab.\"by-g\" WHERE n = 1") == []
    assert "Strongly consistent read" in message(run, db, "SELECT * FROM Tab.\"by-g\" WHERE g = 'g'", ConsistentRead=True)
    assert message(run, db, "SELECT * FROM Tab.nope") == "The table does not have the specified index"
    for columns, rest in [("*", "WHERE g = 'g'"), ("*", "WHERE g = 5"), ("*", ""), ("COUNT(*)", ""), ("COUNT(*)", "WHERE g = 'g'")]:
        assert "multi-attribute" in message(run, db, f"SELECT {columns} FROM Tab.multi {rest}")
    assert message(run, db, "SELECT * FROM Tab.multi WHERE") == "Statement wasn't well formed, can't be processed: Unexpected term"
    for source in ("Tab", "Tab.\"by-g\" WHERE g = 'g'"):
        assert message(run, db, f"SELECT COUNT(*) FROM {source}") == "Unexpected path component at 1:8:5"
    fetched = run(db, "SELECT n FROM Tab.\"by-r\" WHERE pk = 'a' ORDER BY r DESC", ReturnConsumedCapacity="INDEXES")
    assert [i["n"]["N"] for i in fetched["Items"]] == ["3", "2", "1"]
    assert fetched["ConsumedCapacity"]["Table"]["CapacityUnits"] == 1.5


def test_update_changes_what_is_there(db):
    fill(db, "a", "1")
    where = "WHERE pk = 'a' AND sk = '1'"
    for change, attribute, value in [
        ("SET n = n + 4", "n", {"N": "5"}),
        ("SET m.y = 'z' SET l[0] = 1", "m", {"M": {"x": {"N": "7"}, "y": {"S": "z"}}}),
        ("SET l = list_append(l, [2])", "l", {"L": [{"N": "1"}, {"N": "2"}]}),
        ("SET ss = set_add(ss, <<'c'>>)", "ss", {"SS": ["a", "b", "c"]}),
        ("SET ss = SET_DELETE(ss, <<'a'>>) REMOVE m", "ss", {"SS": ["b", "c"]}),
        ("SET fresh = set_add(fresh, <<1, 2>>)", "fresh", {"NS": ["1", "2"]}),
    ]:
        assert run(db, f"UPDATE Tab {change} {where} RETURNING ALL NEW *")["Items"][0][attribute] == value
    assert run(db, f"UPDATE Tab SET n = 6 {where} RETURNING MODIFIED OLD *")["Items"] == [{"n": {"N": "5"}}]
    assert run(db, f"UPDATE Tab REMOVE n {where} RETURNING MODIFIED NEW *")["Items"] == []
    assert run(db, f"FROM Tab {where} SET n = ?", {"N": "1"})["Items"] == []
    for statement in (f"UPDATE Tab SET n = 2 {where} AND n = 9", "UPDATE Tab SET n = 2 WHERE pk = 'none' AND sk = '1'"):
        assert refused(run, db, statement)["Error"]["Code"] == "ConditionalCheckFailedException"
    failed = refused(run, db, f"UPDATE Tab SET n = 2 {where} AND n = 9", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert failed["Item"]["n"] == {"N": "1"}
    assert message(run, db, "UPDATE Tab SET n = 2 WHERE pk = 'a'") == "Where clause does not contain a mandatory equality on all key attributes"
    assert "part of the key" in message(run, db, f"UPDATE Tab SET pk = 'b' {where}")
    assert "incorrect data type" in message(run, db, f"UPDATE Tab SET ss = set_add(ss, <<1>>) {where}")


def test_delete(db):
    fill(db, "a", "12")
    assert refused(run, db, "DELETE FROM Tab WHERE pk = 'a' AND sk = '1' AND n = 9")["Error"]["Code"] == "ConditionalCheckFailedException"
    assert run(db, "DELETE FROM Tab WHERE pk = 'a' AND sk = '1' RETURNING ALL OLD *")["Items"][0]["n"] == {"N": "1"}
    assert run(db, "DELETE FROM Tab WHERE pk = 'a' AND sk = '1' AND n = 9")["Items"] == []
    assert sorts(select(db, "SELECT * FROM Tab")) == ["2"]


def test_members_of_a_batch_fail_by_themselves(db):
    fill(db, "a", "1")
    reads = db.batch_execute_statement(
        Statements=[
            {"Statement": "SELECT n FROM Tab WHERE pk = 'a' AND sk = '1'", "ConsistentRead": True},
            {"Statement": "SELECT n FROM Tab WHERE pk = ? AND sk = '2'", "Parameters": [{"S": "a"}]},
            {"Statement": "SELECT * FROM Tab WHERE pk = 'a'"},
            {"Statement": "SELECT * FROM nope WHERE pk = 'a' AND sk = '1'"},
            {"Statement": "SELECT * FROM Tab WHERE"},
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert reads["Responses"][:2] == [{"TableName": "Tab", "Item": {"n": {"N": "1"}}}, {"TableName": "Tab"}]
    assert [r["Error"]["Code"] for r in reads["Responses"][2:]] == ["ValidationError", "ResourceNotFound", "ValidationError"]
    assert reads["ConsumedCapacity"] == [{"TableName": "Tab", "CapacityUnits": 1.5}]
    writes = db.batch_execute_statement(
        Statements=[
            {"Statement": "INSERT INTO Tab VALUE {'pk': 'a', 'sk': '1'}"},
            {"Statement": "UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = 'none'"},
            {"Statement": "INSERT INTO Tab VALUE {'pk': 'a', 'sk': '2'}"},
        ]
    )["Responses"]
    assert [r.get("Error", {}).get("Code") for r in writes] == ["DuplicateItem", "ConditionalCheckFailed", None]
    assert {r["TableName"] for r in writes} == {"Tab"}
    mixed = [{"Statement": "SELECT * FROM Tab WHERE pk = 'a' AND sk = '1'"}, {"Statement": "DELETE FROM Tab WHERE pk = 'a' AND sk = '1'"}]
    assert "Read and write" in message(db.batch_execute_statement, Statements=mixed)


def transact(db, *statements, **options):
    return db.execute_transaction(TransactStatements=[{"Statement": s} for s in statements], **options)


def test_a_transaction_does_all_or_nothing(db):
    fill(db, "a", "12")
    exists = "EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND sk = '1' AND n = 1)"
    assert transact(db, exists, "UPDATE Tab SET n = 5 WHERE pk = 'a' AND sk = '2'", "INSERT INTO Tab VALUE {'pk': 'b', 'sk': '1'}")["Responses"] == []
    assert transact(db, "SELECT n FROM Tab WHERE pk = 'a' AND sk = '2'", "SELECT * FROM Tab WHERE pk = 'a' AND sk = '9'")["Responses"] == [{"Item": {"n": {"N": "5"}}}, {}]
    cancelled = refused(transact, db, exists.replace("n = 1", "n = 2"), "INSERT INTO Tab VALUE {'pk': 'b', 'sk': '1'}", "DELETE FROM Tab WHERE pk = 'a' AND sk = '2'")
    assert [r["Code"] for r in cancelled["CancellationReasons"]] == ["ConditionalCheckFailed", "DuplicateItem", "None"]
    assert len(select(db, "SELECT * FROM Tab")) == 3
    for statement, why in [
        ("SELECT * FROM Tab WHERE pk = 'a'", "Select statements within ExecuteTransaction must specify the primary key in the where clause."),
        ("SELECT * FROM Tab.\"by-g\" WHERE g = 'g'", "Reads on indices are not supported within transactions."),
        ("UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = '1' RETURNING ALL NEW *", "RETURNING clause is not supported in ExecuteTransaction."),
        ("EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND sk = '1')", "EXISTS() must contain a single item read with additional condition"),
    ]:
        assert message(transact, db, statement) == "Validation failed in TransactStatements[0]: " + why


def test_a_check_in_a_transaction_reads_no_index(db):
    write = "UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = '1'"
    assert message(transact, db, "EXISTS(SELECT * FROM Tab.\"by-g\" WHERE g = 'g' AND n = 1)", write) == (
        "Validation failed in TransactStatements[0]: Operations on indices are not supported in transactions")


def test_a_transaction_is_done_once_in_ten_minutes(db, virga):
    fill(db, "a", "1")
    count = "UPDATE Tab SET n = n + 1 WHERE pk = 'a' AND sk = '1'"
    options = {"ClientRequestToken": "once", "ReturnConsumedCapacity": "TOTAL"}
    assert "WriteCapacityUnits" in transact(db, count, **options)["ConsumedCapacity"][0]
    assert "ReadCapacityUnits" in transact(db, count, **options)["ConsumedCapacity"][0]
    assert refused(transact, db, count + " AND n = 2", **options)["Error"]["Code"] == "IdempotentParameterMismatchException"
    virga.advance(seconds=601)
    transact(db, count, **options)
    assert run(db, "SELECT n FROM Tab WHERE pk = 'a' AND sk = '1'")["Items"] == [{"n": {"N": "3"}}]


def test_writes_of_statements_reach_the_stream(db, aws):
    db.update_table(TableName="Tab", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    run(db, "INSERT INTO Tab VALUE {'pk': 'a', 'sk': '1', 'n': 1}")
    run(db, "UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = '1'")  # changes nothing: no record
    transact(db, "UPDATE Tab SET n = 2 WHERE pk = 'a' AND sk = '1'")
    db.batch_execute_statement(Statements=[{"Statement": "DELETE FROM Tab WHERE pk = 'a' AND sk = '1'"}])
    streams = aws("dynamodbstreams")
    arn = db.describe_table(TableName="Tab")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [r["eventName"] for r in streams.get_records(ShardIterator=iterator)["Records"]] == ["INSERT", "MODIFY", "REMOVE"]


def test_parameters_are_read_in_their_order(db):
    deep = {"S": "x"}
    for _ in range(40):
        deep = {"M": {"n": deep}}
    pair = "SELECT * FROM Tab WHERE pk = 'a' AND x = ? AND y = ?"
    assert "Nesting Levels" in message(run, db, pair, deep, {"N": "abc"})
    assert message(run, db, pair, {"N": "abc"}, deep) == "The parameter cannot be converted to a numeric value: abc"
    assert message(run, db, pair, {"N": "1e99999999999"}, {"N": "1"}).endswith(": 1e99999999999")
    assert message(run, db, pair, {"N": "1e-2147483648"}, {"N": "1"}).endswith(": 1e-2147483648")  # its scale does not fit
    assert "underflow" in message(run, db, pair, {"N": "1e2147483647"}, {"N": "1"})
    assert "don't match" in message(run, db, pair, {"N": "1"})
