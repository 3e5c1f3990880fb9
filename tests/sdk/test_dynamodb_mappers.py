"""What programs run on top of the SDKs: mappers, and the SDKs' own document and resource layers, unchanged from their makers."""
import datetime
import decimal
import itertools
import json
import os
import pathlib
import subprocess
import sys

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from pynamodb import attributes as a
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError, UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, LocalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite

import programs

WHEN = datetime.datetime(2190, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("command", [
    lambda *at: programs.node("dynamodb_documents.mjs", *at),
    lambda *at: programs.node("dynamodb_toolbox.mjs", *at),
    lambda *at: programs.node("dynamoose.mjs", *at),
    lambda *at: programs.node("electrodb.mjs", *at),
    lambda *at: programs.java("EnhancedClient", *at),
    lambda *at: programs.go("dynamodb_mappers", *at),
], ids=["javascript documents", "dynamodb-toolbox", "dynamoose", "electrodb", "java enhanced client", "guregu and go expressions"])
def test_a_mapper_sees_what_it_wrote(virga, account, command):
    programs.output(command(virga.endpoint, account))


@pytest.fixture
def unprocessed(virga, account):
    """Two writes of the next batches, and a key that they read, are left to the caller to send again."""
    for operation, skip, count in [("BatchWriteRequest", 5, 2), ("BatchGetKey", 3, 1)]:
        virga.post("/_virga/faults", {
            "account": account, "service": "dynamodb", "operation": operation, "code": "ProvisionedThroughputExceededException", "status": 400, "message": "later", "skip": skip, "count": count,
        })
    yield
    assert sorted(fault["struck"] for fault in virga.get("/_virga/faults")["faults"] if fault["account"] == account) == [1, 2]


class Inner(a.MapAttribute):
    text = a.UnicodeAttribute(null=True)
    number = a.NumberAttribute(default=1)
    deep = a.ListAttribute(null=True)


class ByView(GlobalSecondaryIndex):
    class Meta:
        index_name, projection, read_capacity_units, write_capacity_units = "by-view", AllProjection(), 2, 1

    view = a.NumberAttribute(hash_key=True)
    name = a.UnicodeAttribute(range_key=True)


class BySubject(LocalSecondaryIndex):
    class Meta:
        index_name, projection = "by-subject", IncludeProjection(["tags"])

    forum = a.UnicodeAttribute(hash_key=True)
    subject = a.UnicodeAttribute(range_key=True)


class Thread(Model):
    forum = a.UnicodeAttribute(hash_key=True)
    name = a.UnicodeAttribute(range_key=True)
    view = a.NumberAttribute(null=True)
    subject = a.UnicodeAttribute(null=True)
    by_view, by_subject = ByView(), BySubject()
    tags, sizes, binaries = a.UnicodeSetAttribute(null=True), a.NumberSetAttribute(null=True), a.BinarySetAttribute(null=True, legacy_encoding=False)
    data, flag, when = a.BinaryAttribute(null=True, legacy_encoding=False), a.BooleanAttribute(null=True), a.UTCDateTimeAttribute(null=True)
    json, things, inner, free = a.JSONAttribute(null=True), a.ListAttribute(null=True), Inner(null=True), a.MapAttribute(null=True)
    until, version = a.TTLAttribute(null=True), a.VersionAttribute()


@pytest.fixture
def thread(virga, account):
    """PynamoDB's Thread in the account of this test, its table made from the model."""
    class Here(Thread):
        by_view, by_subject = ByView(), BySubject()

        class Meta:
            table_name, host, region = "threads", virga.endpoint, "us-east-1"
            aws_access_key_id, aws_secret_access_key = account, "test"
            read_capacity_units, write_capacity_units, stream_view_type, tags = 2, 1, "NEW_AND_OLD_IMAGES", {"team": "a"}

    assert not Here.exists()
    Here.create_table(wait=True)
    assert Here.describe_table()["TableStatus"] == "ACTIVE"
    return Here


FULL = {
    "view": 3, "subject": "s", "tags": {"x", "y"}, "sizes": {1, 2.5}, "binaries": {b"\0"}, "data": b"\xff\0", "flag": False, "when": WHEN, "json": {"a": [1]},
    "things": [1, "b", None, {"c": [True]}],
}


def test_pynamodb_items_have_versions(thread):
    thread("f", "1", **FULL, inner=Inner(text="", deep=[1]), free={"k": {"z": 1}}).save()
    got = thread.get("f", "1", consistent_read=True)
    assert {name: getattr(got, name) for name in FULL} == FULL
    assert (got.version, got.inner.text, got.inner.number, got.free["k"]["z"]) == (1, "", 1, 1)
    stale = thread.get("f", "1")
    got.subject = "second"
    got.save()
    assert got.version == 2
    for error, change in [(PutError, stale.save), (UpdateError, lambda: stale.update(actions=[thread.view.set(1)])), (DeleteError, stale.delete)]:
        with pytest.raises(error) as refused:
            change()
        assert refused.value.cause_response_code == "ConditionalCheckFailedException"
    got.update(
        actions=[
            thread.view.set(thread.view + 5), thread.tags.add({"z"}), thread.sizes.delete({1}), thread.things.set(thread.things.append([9])), thread.json.remove(),
            thread.inner.number.set(thread.inner.number - 1), thread.inner.text.set("new"), thread.free["k"]["y"].set(2), thread.inner.deep[0].set(7),
            thread.flag.set(thread.flag | True), thread.until.set(WHEN),
        ],
        condition=(thread.view == 3) & thread.tags.contains("x") & (thread.subject.startswith("s") | thread.json.does_not_exist()) & ~(thread.view > 100)
        & thread.view.between(1, 5) & thread.subject.is_in("second", "none") & thread.data.is_type() & (thread.inner.deep[0] == 1) & thread.free["k"]["z"].exists(),
    )
    assert (got.version, got.view, got.tags, got.sizes, got.things, got.json) == (3, 8, {"x", "y", "z"}, {2.5}, [1, "b", None, {"c": [True]}, 9], None)
    assert (got.inner.number, got.inner.text, got.inner.deep, got.free["k"], got.flag) == (0, "new", [7], {"z": 1, "y": 2}, False)
    assert got.until == WHEN.replace(microsecond=0)
    got.delete()
    with pytest.raises(thread.DoesNotExist):
        thread.get("f", "1")


def test_pynamodb_pages_and_batches(thread, unprocessed):
    with thread.batch_write() as batch:
        for i in range(60):
            batch.save(thread("b", f"{i:03}", view=i % 3, subject=f"s{i % 7}", tags={"t"}, inner=Inner(number=i)))
    some = thread.query("b", thread.name.between("010", "040"), filter_condition=thread.view == 1, page_size=4, scan_index_forward=False)
    assert [item.name for item in some] == [f"{i:03}" for i in range(40, 9, -3)]
    first = thread.query("b", limit=7, page_size=3)
    assert [item.name for item in first] == [f"{i:03}" for i in range(7)]
    assert first.last_evaluated_key == {"forum": {"S": "b"}, "name": {"S": "006"}}
    assert next(thread.query("b", limit=7, last_evaluated_key=first.last_evaluated_key)).name == "007"
    assert thread.count("b", thread.name.startswith("01")) == 10 and thread.by_view.count(1) == 20
    assert [item.name for item in thread.by_view.query(1, thread.name > "050", page_size=2)] == ["052", "055", "058"]
    indexed = list(thread.by_subject.query("b", thread.subject == "s3", consistent_read=True))
    assert len(indexed) == 9 and set(indexed[0].attribute_values) == {"forum", "name", "subject", "tags"}
    assert sum(len(list(thread.scan(segment=segment, total_segments=4, page_size=5))) for segment in range(4)) == 60
    found = list(thread.scan(filter_condition=thread.view.exists() & (thread.inner.number > 57), attributes_to_get=["name", "inner.number"]))
    assert sorted((item.name, item.inner.number) for item in found) == [("058", 58), ("059", 59)]
    read = thread.batch_get([("b", f"{i:03}") for i in range(120)], consistent_read=True, attributes_to_get=["name"])
    assert sorted(item.name for item in read) == [f"{i:03}" for i in range(60)]


def test_pynamodb_transactions(virga, account, thread):
    connection = Connection(region="us-east-1", host=virga.endpoint)
    connection.session.set_credentials(account, "test")
    for name in ["changed", "deleted", "checked"]:
        thread("f", name, view=1).save()
    changed, deleted = thread.get("f", "changed"), thread.get("f", "deleted")
    with TransactWrite(connection=connection, client_request_token="once", return_consumed_capacity="INDEXES", return_item_collection_metrics="SIZE") as write:
        write.save(thread("f", "new", view=1), condition=thread.forum.does_not_exist())
        write.update(changed, actions=[thread.view.add(5)])
        write.delete(deleted)
        write.condition_check(thread, "f", "checked", condition=thread.version == 1)
    with pytest.raises(TransactWriteError) as refused, TransactWrite(connection=connection) as write:
        write.update(thread.get("f", "changed"), actions=[thread.view.set(0)], condition=thread.view == 77, return_values="ALL_OLD")
        write.condition_check(thread, "f", "checked", condition=thread.version == 1)
        write.save(thread("f", "new"))
    reasons = [reason and reason.code for reason in refused.value.cancellation_reasons]
    assert sorted(reasons, key=str) == ["ConditionalCheckFailed", "ConditionalCheckFailed", None]
    assert [reason.raw_item["view"] for reason in refused.value.cancellation_reasons if reason and reason.raw_item] == [{"N": "6"}]
    with TransactGet(connection=connection) as read:
        new, gone = read.get(thread, "f", "new"), read.get(thread, "f", "deleted")
    assert new.get().version == 1
    with pytest.raises(thread.DoesNotExist):
        gone.get()


def test_boto3_resources(virga, account, unprocessed):
    resource = boto3.resource("dynamodb", endpoint_url=virga.endpoint, region_name="us-east-1", aws_access_key_id=account, aws_secret_access_key="test")
    table = resource.create_table(
        TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in [("pk", "S"), ("sk", "N"), ("bk", "B")]],
        GlobalSecondaryIndexes=[{"IndexName": "by-bk", "KeySchema": [{"AttributeName": "bk", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}],
    )
    table.wait_until_exists()
    table.reload()
    assert (table.table_status, table.item_count, table.global_secondary_indexes[0]["IndexStatus"]) == ("ACTIVE", 0, "ACTIVE")
    large, small = decimal.Decimal("-9999999999999999999999999999999999999.9"), decimal.Decimal("1E-130")
    item = {
        "pk": "a", "sk": small, "large": large, "map": {"x": [1, None, True, {"d": decimal.Decimal("1.10")}]}, "strings": {"a", "b"}, "numbers": {1, decimal.Decimal("2.50")},
        "binaries": {Binary(b"1")}, "bytes": Binary(b"\0"), "bk": Binary(b"k"), "text": "", "none": Binary(b""), "list": [], "empty": {}, "unicode": "🐎", "a name.with-dots": 1,
    }
    table.put_item(Item=item)
    assert table.get_item(Key={"pk": "a", "sk": small}, ConsistentRead=True)["Item"] == item
    with table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
        for i in range(120):
            batch.put_item(Item={"pk": "b", "sk": i % 100, "i": i, "s": f"s{i:03}", "l": [i, str(i)], "m": {"k": {"z": i}}, **({"bk": bytes([i % 4])} if i % 2 else {})})
        batch.delete_item(Key={"pk": "b", "sk": 99})

    def every(read, **arguments):
        start = {}
        while start is not None:
            page = read(**arguments, **start)
            yield from page["Items"]
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]} if "LastEvaluatedKey" in page else None

    of_b = Key("pk").eq("b")
    i, s = Attr("i"), Attr("s")
    sk = Key("sk")
    ranges = [(sk.lt(3), range(3)), (sk.lte(3), range(4)), (sk.gt(96), [97, 98]), (sk.gte(96), [96, 97, 98]), (sk.between(20, 39), range(20, 40)), (sk.eq(5), [5])]
    for condition, found in ranges:
        assert [item["sk"] for item in every(table.query, Limit=7, KeyConditionExpression=of_b & condition)] == list(found)
    filters = [
        (i.eq(50), 1), (i.ne(50), 98), (s.begins_with("s10"), 10), (Attr("l").contains("50"), 1), (Attr("l").contains(50), 1), (Attr("none").not_exists(), 99),
        (Attr("bk").exists(), 49), (i.is_in([1, 25, 50, 51]), 3), (Attr("l").size().eq(2), 99), (s.attribute_type("S"), 99), (Attr("m.k.z").lt(30), 10),
        (Attr("l[0]").between(20, 29), 10), (i.gt(100), 19), (Attr("bk").eq(Binary(b"\1")), 25), (~i.lt(110) | (i.gte(30) & s.contains("3") & ~s.contains("7")), 25),
    ]
    for condition, count in filters:
        assert len(list(every(table.query, KeyConditionExpression=of_b, FilterExpression=condition, Limit=30))) == count, condition.get_expression()
    odd = list(every(table.query, IndexName="by-bk", KeyConditionExpression=Key("bk").eq(Binary(b"\1")), Limit=4))
    assert {frozenset(item) for item in odd} == {frozenset(["bk", "pk", "sk"])} and len(odd) == 25
    scanned = list(every(table.scan, FilterExpression=Attr("pk").eq("b"), ProjectionExpression="sk, m.k, l[1]", Limit=9))
    assert len(scanned) == 99 and all(item["m"]["k"]["z"] == int(item["l"][0]) for item in scanned)
    update = {
        "Key": {"pk": "u", "sk": 1}, "UpdateExpression": "SET #a = if_not_exists(#a, :z) + :o, l = list_append(if_not_exists(l, :e), :l) ADD c :o, st :st",
        "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":z": 0, ":o": 1, ":e": [], ":l": [1], ":st": {"q"}}, "ReturnValues": "ALL_NEW",
    }
    for count in range(1, 4):
        updated = table.update_item(**update, ConditionExpression=Attr("pk").not_exists() | Attr("a").lt(count))["Attributes"]
        assert updated == {"pk": "u", "sk": 1, "a": count, "c": count, "l": [1] * count, "st": {"q"}}
    with pytest.raises(resource.meta.client.exceptions.ConditionalCheckFailedException) as refused:
        table.delete_item(Key=update["Key"], ConditionExpression=Attr("a").eq(2), ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert refused.value.response["Item"]["c"] == {"N": "3"}
    asked, read = {"table": {"Keys": [{"pk": "b", "sk": i} for i in range(100)], "ProjectionExpression": "sk"}}, []
    for turn in itertools.count():
        answer = resource.batch_get_item(RequestItems=asked)
        read += answer["Responses"]["table"]
        asked = answer["UnprocessedKeys"]
        if not asked:
            break
    assert turn == 1 and sorted(item["sk"] for item in read) == list(range(99))
    table.delete()
    table.wait_until_not_exists()
    assert list(resource.tables.all()) == []


def test_the_cli_waits_and_pages(virga, account):
    environment = {**os.environ, "AWS_ENDPOINT_URL": virga.endpoint, "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}

    def cli(*arguments, code=0):
        run = subprocess.run([pathlib.Path(sys.executable).parent / "aws", "dynamodb", *arguments], capture_output=True, text=True, timeout=60, env=environment)
        assert run.returncode == code, run.stderr
        return run.stderr if code else json.loads(run.stdout or "null")

    definition = {
        "TableName": "table", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "SSESpecification": {"Enabled": True}, "Tags": [{"Key": "team", "Value": "a"}],
    }
    assert cli("create-table", "--cli-input-json", json.dumps(definition))["TableDescription"]["TableStatus"] == "CREATING"
    cli("wait", "table-exists", "--table-name", "table")
    requests = [{"PutRequest": {"Item": {"pk": {"S": str(i)}, "b": {"B": "AAEC"}}}} for i in range(8)]
    assert cli("batch-write-item", "--request-items", json.dumps({"table": requests}))["UnprocessedItems"] == {}
    pks = lambda page: [item["pk"]["S"] for item in page["Items"]]
    everything = pks(cli("scan", "--table-name", "table"))
    assert sorted(everything) == [str(i) for i in range(8)]
    first = cli("scan", "--table-name", "table", "--max-items", "3", "--page-size", "2")
    rest = cli("scan", "--table-name", "table", "--starting-token", first["NextToken"], "--page-size", "4")
    assert (pks(first), pks(rest)) == (everything[:3], everything[3:])
    condition = ["--item", '{"pk": {"S": "1"}}', "--condition-expression", "attribute_not_exists(pk)"]
    assert "(ConditionalCheckFailedException) when calling the PutItem operation: The conditional request failed" in cli("put-item", "--table-name", "table", *condition, code=255)
    assert cli("get-item", "--table-name", "table", "--key", "pk={S=none}") is None
    cli("delete-table", "--table-name", "table")
    cli("wait", "table-not-exists", "--table-name", "table")
