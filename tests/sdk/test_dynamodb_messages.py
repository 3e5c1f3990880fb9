"""What DynamoDB says of wrong requests, word for word: one row a fault. Every row answers ValidationException and changes nothing."""
import pytest

from test_dynamodb import refused
from test_dynamodb_acceptance import n, s

KEY = {"pk": s("a"), "sk": n(1)}
ITEM = {**KEY, "v": n(1), "t": s("text"), "l": {"L": [n(0)]}, "m": {"M": {"x": n(1)}}}
INVALID = "One or more parameter values were invalid: "
HASH, RANGE = (lambda name: {"AttributeName": name, "KeyType": "HASH"}), (lambda name: {"AttributeName": name, "KeyType": "RANGE"})


def defined(**types):
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def index(name, *keys, **options):
    return {"IndexName": name, "KeySchema": list(keys), "Projection": {"ProjectionType": "ALL"}, **options}


TABLE = dict(
    TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[HASH("pk"), RANGE("sk")], AttributeDefinitions=defined(pk="S", sk="N", x="S"),
    GlobalSecondaryIndexes=[index("glo", HASH("x"), Projection={"ProjectionType": "KEYS_ONLY"})],
)


@pytest.fixture
def db(aws):
    client = aws("dynamodb", parameter_validation=False)
    client.create_table(**TABLE)
    client.put_item(TableName="table", Item=ITEM)
    before = client.describe_table(TableName="table")["Table"]
    yield client
    assert client.scan(TableName="table")["Items"] == [ITEM]
    assert client.describe_table(TableName="table")["Table"] == before and client.list_tables()["TableNames"] == ["table"]


def check(client, rows):
    for row in rows:
        operation, parameters, text = row
        error = refused(getattr(client, operation), **parameters)["Error"]
        assert (error["Code"], error["Message"]) == ("ValidationException", text), row


def values(**given):
    return {"ExpressionAttributeValues": {":" + name: value for name, value in given.items()}}


def put(**attributes):
    return {"TableName": "table", "Item": {**KEY, **attributes}}


def test_values(db):
    empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    several = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
    check(db, [
        ("put_item", put(a={}), empty),
        ("put_item", put(**{"": s("x")}), "Empty attribute name"),
        ("put_item", put(m={"M": {"": s("x")}}), "Empty attribute name"),
        ("transact_write_items", {"TransactItems": [{"Put": put(**{"": s("x")})}]}, "Empty attribute name"),
        ("put_item", put(a={"S": "x", "N": "1"}), several),
        ("put_item", put(a=n("abc")), "The parameter cannot be converted to a numeric value: abc"),
        ("put_item", put(a=n("1e126")), "Number overflow. Attempting to store a number with magnitude larger than supported range"),
        ("put_item", put(a=n("1e-131")), "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
        ("put_item", put(a=n("1" * 39)), "Attempting to store more than 38 significant digits in a Number"),
        ("put_item", put(a={"SS": []}), INVALID + "An string set  may not be empty"),
        ("put_item", put(a={"NS": []}), INVALID + "An number set  may not be empty"),
        ("put_item", put(a={"BS": []}), INVALID + "Binary sets should not be empty"),
        ("put_item", put(a={"NULL": False}), INVALID + "Null attribute value types must have the value of true"),
        ("put_item", put(a={"SS": ["b", "a", "b"]}), INVALID + "Input collection [b, a, b] contains duplicates."),
        ("put_item", put(a={"NS": ["1", "1.0"]}), "Input collection contains duplicates"),
        ("put_item", put(a={"BS": [b"\0", b"\0"]}), INVALID + "Input collection [AA==, AA==]of type BS contains duplicates."),
        ("update_item", {"TableName": "table", "Key": KEY, "UpdateExpression": "SET a = :a", **values(a={})}, empty),
        ("scan", query(FilterExpression="v = :a", **values(a={})), f"ExpressionAttributeValues contains invalid value: {empty} for key :a"),
        ("get_item", {"TableName": "table", "Key": {"pk": s("a"), "sk": {}}}, empty),
        ("batch_write_item", {"RequestItems": {"table": [{}]}}, empty),
    ])


def update(expression, names=None, **given):
    used = {"ExpressionAttributeNames": names} if names is not None else {}
    return {"TableName": "table", "Key": KEY, "UpdateExpression": expression, **used, **(values(**given) if given else {})}


def condition(text, **given):
    return {"TableName": "table", "Item": ITEM, "ConditionExpression": text, **(values(**given) if given else {})}


def test_syntax(db):
    c, u = "Invalid ConditionExpression: ", "Invalid UpdateExpression: "
    check(db, [
        ("put_item", condition("a = = :v", v=n(1)), c + 'Syntax error; token: "=", near: "= = :v"'),
        ("put_item", condition("a ="), c + 'Syntax error; token: "<EOF>", near: "="'),
        ("put_item", condition(""), c + "The expression can not be empty;"),
        ("put_item", condition("((v = :v))", v=n(1)), c + "The expression has redundant parentheses;"),
        ("put_item", condition("v = :v".ljust(4097), v=n(1)), c + "Expression size has exceeded the maximum allowed size;"),
        ("put_item", condition(" OR ".join(["v=:v"] * 151), v=n(1)), c + "The expression contains too many operators; operator count: 301"),
        ("put_item", condition("status = :v", v=n(1)), c + "Attribute name is a reserved keyword; reserved keyword: status"),
        ("put_item", condition("#x = :v", v=n(1)), c + "An expression attribute name used in the document path is not defined; attribute name: #x"),
        ("put_item", condition("v = :v"), c + "An expression attribute value used in expression is not defined; attribute value: :v"),
        ("put_item", condition("f(v)"), c + "Invalid function name; function: f"),
        ("put_item", condition("size(v)"), c + "The function is not allowed to be used this way in an expression; function: size"),
        ("put_item", condition("attribute_exists(v) = :v", v=n(1)), c + "The function is not allowed to be used this way in an expression; function: attribute_exists"),
        ("put_item", condition("size(v, t) = :v", v=n(1)), c + "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"),
        ("put_item", condition("begins_with(t, :v)", v=n(1)), c + "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
        ("put_item", condition("attribute_exists(:v)", v=n(1)), c + "Operator or function requires a document path; operator or function: attribute_exists"),
        ("put_item", condition("contains(t, t)"),
         c + "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [t]"),
        ("put_item", condition("attribute_type(t, :v)", v=s("DOG")), c + "Invalid attribute type name found; type: DOG, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"),
        ("put_item", condition("t BETWEEN :b AND :a", b=s("b"), a=s("a")),
         c + "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: "
             "AttributeValue: {S:a}"),
        ("put_item", condition("t BETWEEN :b AND :a", b=n(1), a=s("a")),
         c + "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}"),
        ("put_item", condition("v IN (" + ", ".join([":v"] * 101) + ")", v=n(1)), c + "The IN operator is provided with too many operands; number of operands: 101"),
        ("put_item", condition(".".join("abcdefghijk" * 3) + " = :v", v=n(1)), c + "The document path has too many nesting levels; nesting levels: 33"),
        ("put_item", condition("l[99999999999999] = :v", v=n(1)), c + "List index is not within the allowable range; index: [99999999999999]"),
        ("update_item", update("ADD t :v", v=s("a")), u + "Incorrect operand type for operator or function; operator: ADD, operand type: STRING"),
        ("update_item", update("DELETE t :v", v=n(1)), u + "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"),
        ("update_item", update("SET m = :v REMOVE m.x", v=n(1)),
         u + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, x]"),
        ("update_item", update("SET m.x = :v, m[1] = :v", v=n(1)),
         u + "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [1]]"),
        ("update_item", update("SET v = :v SET w = :v", v=n(1)), u + 'The "SET" section can only be used once in an update expression;'),
        ("update_item", update("SET v = :v + :v + :v", v=n(1)), u + 'Syntax error; token: "+", near: ":v + :v"'),
    ])
    # The last that are allowed.
    db.put_item(**condition("v IN (" + ", ".join([":v"] * 100) + ")", v=n(1)))
    db.put_item(**condition("attribute_not_exists(" + ".".join("abcdefgh" * 4) + ")"))


def test_placeholders(db):
    names, long = {"#a": "v"}, "a" * 255
    keys = "ExpressionAttributeNames contains invalid key: "
    check(db, [
        ("update_item", update("SET v = :v", names, v=n(1)), "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"),
        ("update_item", update("REMOVE w", v=n(1)), "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
        ("update_item", update("REMOVE w", {}), "ExpressionAttributeNames must not be empty"),
        ("update_item", {**update("REMOVE w"), "ExpressionAttributeValues": {}}, "ExpressionAttributeValues must not be empty"),
        ("update_item", update("REMOVE w", {"a": "v"}), keys + 'Syntax error; key: "a"'),
        ("update_item", update("REMOVE #a", {"#a": ""}), "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a"),
        ("update_item", update("REMOVE w", {"#" + long: "v"}), keys + "The expression attribute map contains a key that is too long; size of key: 256"),
        ("update_item", {"TableName": "table", "Key": KEY, "ExpressionAttributeNames": names}, "ExpressionAttributeNames can only be specified when using expressions"),
        ("put_item", {**put(), **values(v=n(1))}, "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"),
        ("put_item", {**put(), "Expected": {"v": {"Exists": False}}, "ConditionExpression": "attribute_exists(v)"},
         "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"),
        ("update_item", update("SET v = :v", v=s("x" * 2_097_200)), "ExpressionAttributeValues exceeds max size"),
        ("update_item", update("SET #b = :v", {"#b": "v" * 60_000}, v=s("x" * 2_040_000)), "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size"),
    ])
    db.get_item(TableName="table", Key=KEY, ProjectionExpression="#" + long[1:], ExpressionAttributeNames={"#" + long[1:]: "v" * 65_535})
    db.scan(TableName="table", FilterExpression="t = :v", **values(v=s("x" * 2_097_000)))


def test_run_time(db):
    check(db, [
        ("update_item", update("SET nope.x = :v", v=n(1)), "The document path provided in the update expression is invalid for update"),
        ("update_item", update("SET v.x = :v", v=n(1)), "The document path provided in the update expression is invalid for update"),
        ("update_item", update("SET v = nope"), "The provided expression refers to an attribute that does not exist in the item"),
        ("update_item", update("SET v = t + :v", v=n(1)), "An operand in the update expression has an incorrect data type"),
        ("update_item", update("ADD t :v", v=n(1)), "An operand in the update expression has an incorrect data type"),
        ("update_item", {"TableName": "table", "Key": KEY, "AttributeUpdates": {"t": {"Action": "ADD", "Value": n(1)}}}, "Type mismatch for attribute to update"),
    ])


def test_keys(db):
    mismatch = "The provided key element does not match the schema"
    empty = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
    check(db, [
        ("put_item", {"TableName": "table", "Item": {"sk": n(1)}}, INVALID + "Missing the key pk in the item"),
        ("put_item", {"TableName": "table", "Item": {"pk": n(1), "sk": n(1)}}, INVALID + "Type mismatch for key pk expected: S actual: N"),
        ("get_item", {"TableName": "table", "Key": {"pk": s("a")}}, mismatch),
        ("get_item", {"TableName": "table", "Key": {**KEY, "x": s("a")}}, mismatch),
        ("delete_item", {"TableName": "table", "Key": {"pk": s("a"), "sk": s("1")}}, mismatch),
        ("batch_write_item", {"RequestItems": {"table": [{"PutRequest": {"Item": {"pk": s("a")}}}]}}, mismatch),
        ("put_item", put(pk=s("")), empty),
        ("transact_write_items", {"TransactItems": [{"Put": put(pk=s(""))}]}, empty),
        ("put_item", put(x=s("")), "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key "
                                   "attribute cannot contain an empty string value. IndexName: glo, IndexKey: x"),
        ("update_item", update("SET x = :v", v=s("")), "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value "
                                                       "that is not supported. The AttributeValue for a key attribute cannot contain an empty string value."),
        ("put_item", put(x=n(1)), INVALID + "Type mismatch for Index Key x Expected: S Actual: N IndexName: glo"),
        ("update_item", update("SET x = :v", v=n(1)), "The update expression attempted to update the secondary index key to unsupported type"),
        ("update_item", update("SET x.y = :v", v=n(1)), "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: x"),
        ("get_item", {"TableName": "table", "Key": KEY, "ProjectionExpression": "pk[0]"},
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"),
        ("update_item", update("SET sk = :v", v=n(1)), INVALID + "Cannot update attribute sk. This attribute is part of the key"),
        ("put_item", put(pk=s("x" * 2049)), INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    ])


def query(text=None, **options):
    expression = {"KeyConditionExpression": text} if text else {}
    return {"TableName": "table", **expression, **options}


def test_key_conditions(db):
    p, pq = values(p=s("a")), values(p=s("a"), q=n(1))
    legacy = lambda *names: {name: {"ComparisonOperator": "EQ", "AttributeValueList": [s("a")]} for name in names}
    check(db, [
        ("query", query(), "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
        ("query", query("sk = :q", **values(q=n(1))), "Query condition missed key schema element: pk"),
        ("query", query("pk > :p", **p), "Query key condition not supported"),
        ("query", query(KeyConditions={}), "Conditions can be of length 1 or 2 only"),
        ("query", query(KeyConditions=legacy("pk", "sk", "x")), "Conditions can be of length 1 or 2 only"),
        ("query", query("pk = :p AND sk = :q AND x = :p", **pq), "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)"),
        ("query", query("pk = :p AND pk = :p", **p), "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"),
        ("query", query("pk = :p OR sk = :q", **pq), "Invalid operator used in KeyConditionExpression: OR"),
        ("query", query("pk.x = :p", **p), "KeyConditionExpressions cannot have conditions on nested attributes"),
        ("query", query("pk = :p", **values(p=n(1))), INVALID + "Condition parameter type does not match schema type"),
        ("query", query("pk = :p", FilterExpression="sk = :q", **pq), "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"),
        ("query", query("pk = :p", IndexName="none", **p), "The table does not have the specified index: none"),
        ("query", query("x = :p", IndexName="glo", ConsistentRead=True, **p), "Consistent reads are not supported on global secondary indexes"),
        ("query", query("x = :p", IndexName="glo", Select="ALL_ATTRIBUTES", **p),
         INVALID + "Select type ALL_ATTRIBUTES is not supported for global secondary index glo because its projection type is not ALL"),
        ("query", query("pk = :p", Select="SPECIFIC_ATTRIBUTES", **p),
         "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
        ("scan", query(Select="SPECIFIC_ATTRIBUTES"), "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
        ("scan", query(Select="ALL_ATTRIBUTES", ProjectionExpression="v"), "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"),
        ("scan", query(Select="ALL_PROJECTED_ATTRIBUTES"), "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
        ("query", query("pk = :p", Limit=0, **p), "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ("scan", query(Limit=0), "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ("scan", query(Segment=1), "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"),
        ("scan", query(TotalSegments=1), "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"),
        ("scan", query(Segment=5, TotalSegments=5),
         "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5"),
    ])
    for edge in ({"Segment": 999_999, "TotalSegments": 1_000_000}, {"Segment": 0, "TotalSegments": 1}):
        db.scan(TableName="table", **edge)


def test_legacy_parameters(db):
    expect = lambda **test: {**put(), "Expected": {"a": test}}
    of = " for Attribute: a"
    check(db, [
        ("put_item", expect(), INVALID + "Value must be provided when Exists is null" + of),
        ("put_item", expect(Exists=True), INVALID + "Value must be provided when Exists is true" + of),
        ("put_item", expect(Exists=False, Value=n(1)), INVALID + "Value cannot be used when Exists is false" + of),
        ("put_item", expect(ComparisonOperator="EQ"), INVALID + "Value or AttributeValueList must be used with ComparisonOperator: EQ" + of),
        ("put_item", expect(ComparisonOperator="EQ", AttributeValueList=[n(1), n(2)]), INVALID + "Invalid number of argument(s) for the EQ ComparisonOperator"),
        ("put_item", expect(ComparisonOperator="LT", AttributeValueList=[{"SS": ["a"]}]), INVALID + "ComparisonOperator LT is not valid for SS AttributeValue type"),
        ("put_item", expect(ComparisonOperator="IN", AttributeValueList=[n(1), s("a")]), INVALID + "AttributeValues inside AttributeValueList must be of same type"),
        ("put_item", expect(ComparisonOperator="BETWEEN", AttributeValueList=[n(2), n(1)]),
         "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"),
        ("put_item", {**put(), "ConditionalOperator": "OR"}, "ConditionalOperator cannot be used without Filter or Expected"),
        ("put_item", {**put(), "Expected": {}, "ConditionalOperator": "OR"}, "ConditionalOperator cannot be used without Filter or Expected"),
        ("put_item", {**expect(Exists=False), "ConditionalOperator": "OR"}, "ConditionalOperator can only be used when Filter or Expected has two or more elements"),
        ("query", query(KeyConditions={"pk": {"ComparisonOperator": "NE", "AttributeValueList": [s("a")]}}), "Attempted conditional constraint is not an indexable operation"),
        ("get_item", {"TableName": "table", "Key": KEY, "AttributesToGet": ["a", "b", "a"]}, INVALID + "Duplicate value in attribute name: a"),
        ("update_item", {"TableName": "table", "Key": KEY, "AttributeUpdates": {"a": {"Action": "PUT"}}},
         INVALID + "Only DELETE action is allowed when no attribute value is specified"),
        ("update_item", {"TableName": "table", "Key": KEY, "AttributeUpdates": {"a": {"Action": "ADD", "Value": s("x")}}}, INVALID + "ADD action is not supported for the type S"),
        ("put_item", {**put(), "ReturnValues": "ALL_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
    ])


def test_constraints(db):
    one = "1 validation error detected: "
    returns = "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    keys = [{"pk": s(str(i)), "sk": n(i)} for i in range(101)]
    index = {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    check(db, [
        ("create_table", {k: v for k, v in TABLE.items() if k != "TableName"}, "The parameter 'TableName' is required but was not present in the request"),
        ("create_table", {**TABLE, "TableName": "ab"}, one + "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"),
        ("create_table", {**TABLE, "TableName": "a" * 256},
         one + f"Value '{'a' * 256}' at 'tableName' failed to satisfy constraint: Member must have length less than or equal to 255"),
        ("create_table", {**TABLE, "TableName": "a;b"}, one + "Value 'a;b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
        ("scan", {}, one + "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
        ("scan", query(ReturnConsumedCapacity="SOME"), one + f"Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: {returns}"),
        ("scan", query(Limit=0, ReturnConsumedCapacity="SOME"),
         f"2 validation errors detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1; "
         f"Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: {returns}"),
        ("create_table", {**TABLE, "LocalSecondaryIndexes": [{**index, "IndexName": "aa"}], "GlobalSecondaryIndexes": [{**index, "IndexName": "zz"}]},
         "2 validation errors detected: Value 'zz' at 'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must have length greater than or equal to 3; "
         "Value 'aa' at 'localSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must have length greater than or equal to 3"),
        ("transact_write_items", {"TransactItems": [{"Put": {"TableName": "table", "Item": {}}}], "ClientRequestToken": "t" * 37, "ReturnConsumedCapacity": "SOME"},
         f"2 validation errors detected: Value '{'t' * 37}' at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36; "
         f"Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: {returns}"),
        ("batch_get_item", {"RequestItems": {}}, "The requestItems parameter is required for BatchGetItem"),
        ("batch_write_item", {"RequestItems": {}}, "The requestItems parameter is required for BatchWriteItem"),
        ("batch_get_item", {"RequestItems": {"table": {"Keys": keys}}},
         one + "Value at 'RequestItems.table.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100"),
        ("batch_get_item", {"RequestItems": {"table": {"Keys": keys[:60]}, "other": {"Keys": keys[60:]}}}, "Too many items requested for the BatchGetItem call"),
    ])
    assert db.batch_get_item(RequestItems={"table": {"Keys": keys[:100]}})["UnprocessedKeys"] == {}
    puts = [{"PutRequest": {"Item": {"pk": s("many"), "sk": n(i)}}} for i in range(26)]
    for requests in (puts, {"table": puts[:13], "other": puts[13:]}):
        requests = requests if isinstance(requests, dict) else {"table": requests}
        assert refused(db.batch_write_item, RequestItems=requests)["Error"]["Code"] == "ValidationException"


def test_tables(db):
    new = {**{k: v for k, v in TABLE.items() if k != "GlobalSecondaryIndexes"}, "TableName": "new", "AttributeDefinitions": defined(pk="S", sk="N")}
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    local = index("loc", HASH("pk"), RANGE("x"))
    with_x = defined(pk="S", sk="N", x="S")
    many = defined(pk="S", sk="N", x="S", **{f"a{i}": "S" for i in range(21)})
    globals_ = [index(f"g{i:02}", HASH(f"a{i}")) for i in range(21)]
    check(db, [
        ("create_table", {**new, "BillingMode": "PROVISIONED"}, INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"),
        ("create_table", {**new, "ProvisionedThroughput": units},
         INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
        ("create_table", {**new, "BillingMode": "PROVISIONED", "ProvisionedThroughput": {**units, "WriteCapacityUnits": 10**12 + 1}},
         f"Given value {10**12 + 1} for WriteCapacityUnits is out of bounds"),
        ("create_table", {**new, "AttributeDefinitions": defined(pk="S")}, "Invalid KeySchema: Some index key attribute have no definition"),
        ("create_table", {**new, "AttributeDefinitions": defined(pk="S", b="S")},
         INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [pk, sk], AttributeDefinitions: [pk, b]"),
        ("create_table", {**new, "KeySchema": [HASH("pk"), RANGE("pk")]}, "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
        ("create_table", {**new, "KeySchema": [RANGE("pk"), HASH("sk")]}, "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
        ("create_table", {**new, "AttributeDefinitions": with_x},
         INVALID + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"),
        ("create_table", {**new, "KeySchema": [HASH("pk")], "AttributeDefinitions": defined(pk="S", x="S"), "LocalSecondaryIndexes": [local]},
         INVALID + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"),
        ("create_table", {**new, "LocalSecondaryIndexes": [index("loc", HASH("pk"))]}, INVALID + "Index KeySchema does not have a range key for index: loc"),
        ("create_table", {**new, "AttributeDefinitions": with_x, "LocalSecondaryIndexes": [index("loc", HASH("x"), RANGE("sk"))]},
         INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for index: loc. index hash key: x, table hash key: pk"),
        ("create_table", {**new, "AttributeDefinitions": defined(pk="S", sk="N", x="S", y="S"), "LocalSecondaryIndexes": [local]},
         INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: [pk, sk, x, y], keys used: [pk, sk, x]"),
        ("create_table", {**new, "AttributeDefinitions": with_x, "LocalSecondaryIndexes": [{**local, "Projection": {}}]}, INVALID + "Unknown ProjectionType: null"),
        ("create_table", {**new, "AttributeDefinitions": with_x, "LocalSecondaryIndexes": [{**local, "Projection": {"ProjectionType": "ALL", "NonKeyAttributes": ["z"]}}]},
         INVALID + "ProjectionType is ALL, but NonKeyAttributes is specified"),
        ("create_table", {**new, "AttributeDefinitions": with_x, "LocalSecondaryIndexes": [local, local]}, INVALID + "Duplicate index name: loc"),
        ("create_table", {**new, "AttributeDefinitions": with_x, "LocalSecondaryIndexes": [{**local, "IndexName": f"i-{i}"} for i in range(6)]},
         INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
        ("create_table", {**new, "AttributeDefinitions": many, "GlobalSecondaryIndexes": globals_}, INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
        ("create_table", {**new, "GlobalSecondaryIndexes": []}, INVALID + "List of GlobalSecondaryIndexes is empty"),
        ("create_table", {**new, "StreamSpecification": {"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}},
         INVALID + "Table is being created with a stream disabled, UpdateViewType should not be specified"),
        ("update_table", {"TableName": "table"}, "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or "
                                                 "ReplicaUpdates is required"),
    ])
    for count, allowed in [(100, True), (101, False)]:  # projected attributes of all indexes together
        projected = [{"ProjectionType": "INCLUDE", "NonKeyAttributes": [f"n{i}-{j}" for j in range(20)]} for i in range(5)] + [{"ProjectionType": "INCLUDE", "NonKeyAttributes": ["one"]}]
        indexes = [index(f"g{i:02}", HASH("x"), Projection=projected[i]) for i in range((count + 19) // 20)]
        parameters = {**new, "AttributeDefinitions": with_x, "GlobalSecondaryIndexes": indexes}
        if allowed:
            db.create_table(**parameters)
            db.delete_table(TableName="new")
        else:
            assert "exceeds the limit of 100: 101" in refused(db.create_table, **parameters)["Error"]["Message"]
    db.create_table(**{**new, "AttributeDefinitions": many, "LocalSecondaryIndexes": [{**local, "IndexName": f"i-{i}"} for i in range(5)], "GlobalSecondaryIndexes": globals_[:20],
                       **{"AttributeDefinitions": [d for d in many if d["AttributeName"] != "a20"]}})
    db.delete_table(TableName="new")
