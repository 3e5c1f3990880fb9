"""Where the service's two front ends differ in what they say of values, and what neither takes: too deep items, tables that are named wrong."""
import pytest

from test_dynamodb import create, refused
from test_dynamodb_acceptance import get, message, n, s

INVALID = "One or more parameter values were invalid: "
NO_NUMBER = "The parameter cannot be converted to a numeric value"
OVER = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDER = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
DIGITS = "Attempting to store more than 38 significant digits in a Number"
DEEP = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"

# What a value is refused with: by PutItem, UpdateItem, DeleteItem, GetItem, BatchGetItem and Query; by all others.
FAULTS = [
    (n("abc"), f"{NO_NUMBER}: abc", f"{NO_NUMBER}: abc"),
    (n(""), f"{NO_NUMBER}: ", NO_NUMBER),
    (n(" 1"), f"{NO_NUMBER}:  1", f"{NO_NUMBER}:  1"),
    (n("1e126"), OVER, OVER),
    (n("1e-131"), UNDER, UNDER),
    (n("1" * 39), DIGITS, DIGITS),
    (n("1e2147483647"), OVER, UNDER),
    (n("1e2147483648"), OVER, f"{NO_NUMBER}: 1e2147483648"),
    (n("1e99999999999"), OVER, f"{NO_NUMBER}: 1e99999999999"),
    (n("-1e-99999999999"), UNDER, f"{NO_NUMBER}: -1e-99999999999"),
    (n("1e9223372036854775807"), OVER, f"{NO_NUMBER}: 1e9223372036854775807"),
    (n("1e9223372036854775808"), f"{NO_NUMBER}: 1e9223372036854775808", f"{NO_NUMBER}: 1e9223372036854775808"),
    (n("1e-9223372036854775809"), f"{NO_NUMBER}: 1e-9223372036854775809", f"{NO_NUMBER}: 1e-9223372036854775809"),
    ({"NS": ["1", "1e9223372036854775808"]}, f"{NO_NUMBER}: 1e9223372036854775808", f"{NO_NUMBER}: 1e9223372036854775808"),
    ({"L": [{"M": {"x": n("1e99999999999")}}]}, OVER, f"{NO_NUMBER}: 1e99999999999"),
    *(({kind: members}, text, text) for kind, members, text in [
        ("SS", ["b", "a", "b"], INVALID + "Input collection [b, a, b] contains duplicates."),
        ("BS", [b"\xff", b"\0", b"\0"], INVALID + "Input collection [/w==, AA==, AA==]of type BS contains duplicates."),
        ("NS", ["2", "1", "2.0"], "Input collection contains duplicates"),
    ]),
]


@pytest.fixture
def db(aws):
    client = aws("dynamodb", parameter_validation=False)
    create(client)
    return client


def in_values(v):
    return {"ExpressionAttributeValues": {":v": v}}


KEY = {"TableName": "table", "Key": {"pk": s("a")}}


@pytest.mark.parametrize("value, current, older", FAULTS, ids=[f"{list(v)[0]} {str(list(v.values())[0])[:24]}" for v, _, _ in FAULTS])
def test_each_front_end_has_its_words_for_a_value(db, value, current, older):
    item = {"pk": s("a"), "v": value}
    wrapped = f"ExpressionAttributeValues contains invalid value: {older} for key :v"
    for call, parameters, text in [
        (db.put_item, {"TableName": "table", "Item": item}, current),
        (db.put_item, {"TableName": "table", "Item": {"pk": s("a")}, "ConditionExpression": "v = :v", **in_values(value)}, current),
        (db.put_item, {"TableName": "table", "Item": {"pk": s("a")}, "Expected": {"v": {"Value": value}}}, current),
        (db.update_item, {**KEY, "UpdateExpression": "SET v = :v", **in_values(value)}, current),
        (db.update_item, {**KEY, "AttributeUpdates": {"v": {"Action": "PUT", "Value": value}}}, current),
        (db.delete_item, {**KEY, "ConditionExpression": "v = :v", **in_values(value)}, current),
        (db.get_item, {"TableName": "table", "Key": {"pk": value}}, current),
        (db.batch_get_item, {"RequestItems": {"table": {"Keys": [{"pk": value}]}}}, current),
        (db.query, {"TableName": "table", "KeyConditionExpression": "pk = :v", **in_values(value)}, current),
        (db.scan, {"TableName": "table", "FilterExpression": "v = :v", **in_values(value)}, wrapped),
        (db.batch_write_item, {"RequestItems": {"table": [{"PutRequest": {"Item": item}}]}}, older),
        (db.transact_get_items, {"TransactItems": [{"Get": {"TableName": "table", "Key": {"pk": value}}}]}, older),
        (db.transact_write_items, {"TransactItems": [{"Put": {"TableName": "table", "Item": item}}]}, older),
        (db.transact_write_items, {"TransactItems": [{"Update": {**KEY, "UpdateExpression": "SET v = :v", **in_values(value)}}]}, wrapped),
    ]:
        error = refused(call, **parameters)["Error"]
        assert (error["Code"], error["Message"]) == ("ValidationException", text), (call, parameters)
    assert db.scan(TableName="table")["Count"] == 0


def nested(levels):
    value = s("leaf")
    for _ in range(levels):
        value = {"M": {"m": value}}
    return value


def test_a_transaction_looks_at_depth_where_it_writes(db):
    """A put item is refused at once; an update that makes its item too deep cancels; what is only compared may have one level more."""
    condition = {"ConditionExpression": "v = :v", **in_values(nested(32))}
    assert message(db.transact_write_items, TransactItems=[{"Put": {"TableName": "table", "Item": {"pk": s("a"), "v": nested(32)}}}]) == DEEP
    for action, reason in [
        ({"Update": {**KEY, "UpdateExpression": "SET v = :v", **in_values(nested(32))}}, {"Code": "ValidationError", "Message": DEEP}),
        ({"Update": {**KEY, "UpdateExpression": "SET w = pk", **condition}}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}),
        ({"ConditionCheck": {**KEY, **condition}}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}),
    ]:
        other = {"Put": {"TableName": "table", "Item": {"pk": s("other")}}}
        answer = refused(db.transact_write_items, TransactItems=[other, action])
        assert (answer["Error"]["Code"], answer["CancellationReasons"]) == ("TransactionCanceledException", [{"Code": "None"}, reason])
    check = {"ConditionCheck": {**KEY, "ConditionExpression": "v = :v", **in_values(nested(40))}}
    assert message(db.transact_write_items, TransactItems=[check]) == f"ExpressionAttributeValues contains invalid value: {DEEP} for key :v"
    assert message(db.update_item, **KEY, UpdateExpression="SET v = :v", **in_values(nested(32))) == DEEP
    db.update_item(**KEY, UpdateExpression="SET v = :v", **in_values(nested(29)))
    assert message(db.update_item, **KEY, UpdateExpression="SET v.m.w = :v", **in_values(nested(30))) == DEEP
    assert get(db)["v"] == nested(29)


def test_a_batch_that_names_no_table_is_printed(db):
    constraint = ("' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 255, "
                  "Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]")
    start = "1 validation error detected: Value '"
    for name in ("bad!name", "ab", "a" * 256):
        gets, puts = {"Keys": [{"pk": s("a")}]}, [{"PutRequest": {"Item": {"pk": s("a")}}}]
        printed = f'{{"{name}":{{"Keys":[{{"pk":{{"S":"a"}}}}]}}}}'
        assert message(db.batch_get_item, RequestItems={name: gets}) == start + printed + constraint
        text = message(db.batch_write_item, RequestItems={name: puts})
        assert text.startswith(f"{start}{{{name}=[WriteRequest(putRequest=PutRequest(item={{pk=AttributeValue(s=a, n=null, ") and text.endswith(constraint)
    short = "1 validation error detected: Value at 'RequestItems.table.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1"
    assert message(db.batch_get_item, RequestItems={"table": {"Keys": []}}) == short
    both = "[Member must have length less than or equal to 25, Member must have length greater than or equal to 1]"
    assert message(db.batch_write_item, RequestItems={"table": []}) == (
        f"1 validation error detected: Value '{{table=[]}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: {both}")


def test_tables_are_named_by_arn_in_their_own_account_and_region(db, account):
    arn = db.describe_table(TableName="table")["Table"]["TableArn"]
    key = {"pk": s("a")}
    db.put_item(TableName=arn, Item=key)
    assert db.get_item(TableName=arn, Key=key)["Item"] == key and db.describe_table(TableName=arn)["Table"]["TableArn"] == arn
    assert db.batch_get_item(RequestItems={arn: {"Keys": [key]}})["Responses"] == {arn: [key]}
    assert db.transact_get_items(TransactItems=[{"Get": {"TableName": arn, "Key": key}}])["Responses"] == [{"Item": key}]
    for foreign in (arn.replace("us-east-1", "eu-west-1"), arn.replace(account, "999999999999")):
        for call, parameters in [(db.get_item, {"TableName": foreign, "Key": key}), (db.put_item, {"TableName": foreign, "Item": key}),
                                 (db.scan, {"TableName": foreign}), (db.delete_table, {"TableName": foreign}),
                                 (db.batch_write_item, {"RequestItems": {foreign: [{"DeleteRequest": {"Key": key}}]}})]:
            error = refused(call, **parameters)["Error"]
            assert error["Code"] == "AccessDeniedException" and error["Message"].endswith(f"on resource: {foreign}")
    for wrong in (arn + "/index/i", "arn:aws:s3:::table"):
        assert message(db.get_item, TableName=wrong, Key=key) == f"Invalid TableArn: Invalid ResourceArn provided as input {wrong}"
