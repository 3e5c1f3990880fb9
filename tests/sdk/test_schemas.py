"""EventBridge Schemas through boto3: registries, schemas with versions, discovery."""
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import botocore.exceptions
import pytest

from conftest import make_client
from virga_process import Virga

OPEN_API = {"openapi": "3.0.0", "info": {"version": "1.0.0", "title": "Thing"}, "paths": {}, "components": {"schemas": {"Thing": {"type": "object", "properties": {"id": {"type": "integer", "format": "int64"}}}}}}
DRAFT4 = {"$schema": "http://json-schema.org/draft-04/schema#", "title": "Thing", "type": "object", "properties": {"id": {"type": "integer"}}}


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def schemas(aws):
    return aws("schemas")


@pytest.fixture
def registry(schemas):
    schemas.create_registry(RegistryName="mine")
    return schemas


def create(schemas, name="thing", content=OPEN_API, type="OpenApi3", registry="mine", **more):
    return schemas.create_schema(RegistryName=registry, SchemaName=name, Type=type, Content=json.dumps(content), **more)


def test_registries(schemas, account):
    made = schemas.create_registry(RegistryName="mine", Description="d", Tags={"a": "1"})
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    arn = f"arn:aws:schemas:us-east-1:{account}:registry/mine"
    assert (made["RegistryArn"], made["RegistryName"], made["Description"], made["Tags"]) == (arn, "mine", "d", {"a": "1"})
    assert schemas.update_registry(RegistryName="mine", Description="e")["Description"] == "e"
    assert schemas.describe_registry(RegistryName="mine")["Description"] == "e"
    names = [r["RegistryName"] for r in schemas.list_registries()["Registries"]]
    assert names == ["aws.events", "discovered-schemas", "mine"]
    assert [r["RegistryName"] for r in schemas.list_registries(Scope="LOCAL", RegistryNamePrefix="m")["Registries"]] == ["mine"]
    assert [r["RegistryName"] for r in schemas.list_registries(Scope="AWS")["Registries"]] == ["aws.events"]
    page = schemas.list_registries(Limit=2)
    assert [r["RegistryName"] for r in schemas.list_registries(NextToken=page["NextToken"])["Registries"]] == ["mine"]
    assert error_of(schemas.create_registry, RegistryName="mine") == ("ConflictException", 409)
    assert error_of(schemas.create_registry, RegistryName="aws.mine") == ("ForbiddenException", 403)
    assert error_of(schemas.describe_registry, RegistryName="none") == ("NotFoundException", 404)
    assert error_of(schemas.delete_registry, RegistryName="aws.events") == ("ForbiddenException", 403)
    assert schemas.delete_registry(RegistryName="mine")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert error_of(schemas.delete_registry, RegistryName="mine") == ("NotFoundException", 404)


def test_schema_and_its_versions(registry, account):
    schemas = registry
    made = create(schemas, Description="d", Tags={"a": "1"})
    arn = f"arn:aws:schemas:us-east-1:{account}:schema/mine/thing"
    assert (made["SchemaArn"], made["SchemaVersion"], made["Type"], made["Tags"]) == (arn, "1", "OpenApi3", {"a": "1"})
    assert made["LastModified"] == made["VersionCreatedDate"]
    assert error_of(create, schemas=schemas) == ("ConflictException", 409)
    second = {**OPEN_API, "info": {"version": "2.0.0", "title": "Thing"}}
    assert schemas.update_schema(RegistryName="mine", SchemaName="thing", Description="e")["SchemaVersion"] == "1"
    assert schemas.update_schema(RegistryName="mine", SchemaName="thing", Content=json.dumps(second))["SchemaVersion"] == "2"
    assert schemas.update_schema(RegistryName="mine", SchemaName="thing", Content=json.dumps(second))["SchemaVersion"] == "2"
    assert json.loads(schemas.describe_schema(RegistryName="mine", SchemaName="thing")["Content"]) == second
    first = schemas.describe_schema(RegistryName="mine", SchemaName="thing", SchemaVersion="1")
    assert json.loads(first["Content"]) == OPEN_API and first["Description"] == "e"
    assert [v["SchemaVersion"] for v in schemas.list_schema_versions(RegistryName="mine", SchemaName="thing")["SchemaVersions"]] == ["1", "2"]
    (summary,) = schemas.list_schemas(RegistryName="mine")["Schemas"]
    assert (summary["SchemaName"], summary["VersionCount"], summary["SchemaArn"]) == ("thing", 2, arn)
    assert error_of(schemas.delete_registry, RegistryName="mine")[0] == "BadRequestException"
    schemas.delete_schema_version(RegistryName="mine", SchemaName="thing", SchemaVersion="2")
    assert schemas.describe_schema(RegistryName="mine", SchemaName="thing")["SchemaVersion"] == "1"
    third = {**OPEN_API, "info": {"version": "3.0.0", "title": "Thing"}}
    assert schemas.update_schema(RegistryName="mine", SchemaName="thing", Content=json.dumps(third))["SchemaVersion"] == "3"
    assert error_of(schemas.describe_schema, RegistryName="mine", SchemaName="thing", SchemaVersion="2") == ("NotFoundException", 404)
    assert schemas.delete_schema(RegistryName="mine", SchemaName="thing")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert error_of(schemas.describe_schema, RegistryName="mine", SchemaName="thing") == ("NotFoundException", 404)


def test_what_is_refused(registry):
    schemas = registry
    wrong = {
        "no json": "Content is not valid JSON",
        '{"openapi":"2.0"}': r"'openapi' does not match pattern '^3\.0\.\d(-.+)?$'",
        '{"openapi":"3.0.0-"}': r"'openapi' does not match pattern '^3\.0\.\d(-.+)?$'",
        '{"openapi":"3.0.0","$schema":"x"}': "additionalProperties '$schema' not allowed",
    }
    for content, message in wrong.items():
        with pytest.raises(schemas.exceptions.BadRequestException) as caught:
            schemas.create_schema(RegistryName="mine", SchemaName="x", Type="OpenApi3", Content=content)
        assert caught.value.response["Error"]["Message"] == message
    assert error_of(create, schemas=schemas, content={"$schema": "http://json-schema.org/draft-07/schema#"}, type="JSONSchemaDraft4")[0] == "BadRequestException"
    assert error_of(create, schemas=schemas, type="Avro")[0] == "BadRequestException"
    assert error_of(create, schemas=schemas, name="sp ace")[0] == "BadRequestException"
    assert error_of(create, schemas=schemas, registry="none") == ("NotFoundException", 404)
    assert error_of(create, schemas=schemas, registry="aws.events") == ("ForbiddenException", 403)
    for more in ({"Limit": 101}, {"Limit": 0}, {"NextToken": "?"}, {"NextToken": "YWJj"}):
        assert error_of(schemas.list_schemas, RegistryName="mine", **more)[0] == "BadRequestException"
    create(schemas)
    assert error_of(schemas.update_schema, RegistryName="mine", SchemaName="thing", Type="JSONSchemaDraft4", Content=json.dumps(DRAFT4))[0] == "BadRequestException"


def test_search_and_export(registry):
    schemas = registry
    create(schemas, "order")
    create(schemas, "draft", DRAFT4, "JSONSchemaDraft4")
    create(schemas, "other", {**OPEN_API, "info": {"version": "1", "title": "an ORDER of things"}})
    found = schemas.search_schemas(RegistryName="mine", Keywords="order")["Schemas"]
    assert [s["SchemaName"] for s in found] == ["order", "other"]
    assert found[0]["RegistryName"] == "mine" and found[0]["SchemaVersions"][0]["SchemaVersion"] == "1"
    exported = schemas.export_schema(RegistryName="mine", SchemaName="order", Type="JSONSchemaDraft4")
    content = json.loads(exported["Content"])
    assert content["$schema"] == "http://json-schema.org/draft-04/schema#" and content["properties"] == {"id": {"type": "integer"}}
    assert (exported["Type"], exported["SchemaVersion"]) == ("JSONSchemaDraft4", "1")
    assert json.loads(schemas.export_schema(RegistryName="mine", SchemaName="draft", Type="JSONSchemaDraft4")["Content"]) == DRAFT4
    assert error_of(schemas.export_schema, RegistryName="mine", SchemaName="order", Type="OpenApi3")[0] == "BadRequestException"


def event(detail, source="shop", kind="Order Created"):
    return json.dumps({"version": "0", "id": "1", "detail-type": kind, "source": source, "account": "1", "time": "2026-01-02T03:04:05Z", "region": "us-east-1", "resources": [], "detail": detail})


def test_get_discovered_schema(schemas):
    samples = [event({"id": 1, "buyer": {"name": "a"}, "at": "2026-01-02T03:04:05Z"}), event({"id": 1.5, "buyer": {"name": "b", "age": 3}})]
    content = json.loads(schemas.get_discovered_schema(Type="OpenApi3", Events=samples)["Content"])
    parts = content["components"]["schemas"]
    assert content["openapi"] == "3.0.0" and content["info"]["title"] == "OrderCreated" and set(parts) == {"AWSEvent", "OrderCreated", "Buyer"}
    assert parts["AWSEvent"]["x-amazon-events-source"] == "shop" and parts["AWSEvent"]["x-amazon-events-detail-type"] == "Order Created"
    assert parts["OrderCreated"] == {"type": "object", "required": ["buyer", "id"], "properties": {
        "at": {"type": "string", "format": "date-time"}, "buyer": {"$ref": "#/components/schemas/Buyer"}, "id": {"type": "number", "format": "double"}}}
    assert parts["Buyer"]["required"] == ["name"] and set(parts["Buyer"]["properties"]) == {"age", "name"}
    draft = json.loads(schemas.get_discovered_schema(Type="JSONSchemaDraft4", Events=samples)["Content"])
    assert draft["definitions"]["OrderCreated"]["properties"]["buyer"] == {"$ref": "#/definitions/Buyer"}
    assert draft["properties"]["detail"] == {"$ref": "#/definitions/OrderCreated"}
    assert error_of(schemas.get_discovered_schema, Type="OpenApi3", Events=["no json"])[0] == "BadRequestException"
    assert error_of(schemas.get_discovered_schema, Type="OpenApi3", Events=[event({}), event({}, kind="Other")])[0] == "BadRequestException"


def test_a_discoverer_learns_from_the_bus(virga, aws, account):
    schemas, events = aws("schemas"), aws("events")
    bus = f"arn:aws:events:us-east-1:{account}:event-bus/default"
    made = schemas.create_discoverer(SourceArn=bus, Description="d", Tags={"a": "1"})
    assert (made["DiscovererId"], made["State"], made["SourceArn"], made["CrossAccount"]) == ("events-event-bus-default", "STARTED", bus, True)
    assert made["DiscovererArn"] == f"arn:aws:schemas:us-east-1:{account}:discoverer/events-event-bus-default"
    assert error_of(schemas.create_discoverer, SourceArn=bus) == ("ConflictException", 409)
    assert error_of(schemas.create_discoverer, SourceArn=bus.replace("default", "none"))[0] == "NotFoundException"
    for wrong, message in ((bus.replace("us-east-1", "us-west-2"), "Cross region Event Bus sourcing is not supported."), (bus.replace(":events:", ":sqs:"), "Source ARN must be a valid event bus ARN")):
        with pytest.raises(schemas.exceptions.BadRequestException, match=message):
            schemas.create_discoverer(SourceArn=wrong)
    rule = events.describe_rule(Name="Schemas-events-event-bus-default")
    assert rule["ManagedBy"] == "schemas.amazonaws.com"

    def put(**detail):
        events.put_events(Entries=[{"Source": "shop", "DetailType": "Order Created", "Detail": json.dumps(detail)}])
        virga.wait()

    def versions():
        return [v["SchemaVersion"] for v in schemas.list_schema_versions(RegistryName="discovered-schemas", SchemaName="shop@OrderCreated")["SchemaVersions"]]

    put(id=1)
    put(id=2)
    assert versions() == ["1"]
    put(id=2, note="x")
    assert versions() == ["1", "2"]
    put(id=3)
    assert versions() == ["1", "2"]
    schema = schemas.describe_schema(RegistryName="discovered-schemas", SchemaName="shop@OrderCreated")
    detail = json.loads(schema["Content"])["components"]["schemas"]["OrderCreated"]
    assert schema["Type"] == "OpenApi3" and detail["required"] == ["id"] and set(detail["properties"]) == {"id", "note"}
    exported = schemas.export_schema(RegistryName="discovered-schemas", SchemaName="shop@OrderCreated", Type="JSONSchemaDraft4")
    assert json.loads(exported["Content"])["x-amazon-events-source"] == "shop"

    identifier = made["DiscovererId"]
    assert schemas.stop_discoverer(DiscovererId=identifier)["State"] == "STOPPED"
    put(id=3, more=True)
    assert versions() == ["1", "2"] and schemas.describe_discoverer(DiscovererId=identifier)["State"] == "STOPPED"
    assert schemas.start_discoverer(DiscovererId=identifier)["State"] == "STARTED"
    put(id=3, more=True)
    assert versions() == ["1", "2", "3"]
    assert schemas.update_discoverer(DiscovererId=identifier, Description="e", CrossAccount=False)["CrossAccount"] is False
    assert [d["DiscovererId"] for d in schemas.list_discoverers(SourceArnPrefix=bus)["Discoverers"]] == [identifier]
    schemas.delete_discoverer(DiscovererId=identifier)
    assert error_of(schemas.describe_discoverer, DiscovererId=identifier) == ("NotFoundException", 404)
    assert events.list_rules()["Rules"] == []


def test_policies(registry):
    schemas = registry
    assert error_of(schemas.get_resource_policy, RegistryName="mine") == ("NotFoundException", 404)
    policy = {"Version": "2012-10-17", "Statement": []}
    put = schemas.put_resource_policy(RegistryName="mine", Policy=json.dumps(policy))
    got = schemas.get_resource_policy(RegistryName="mine")
    assert json.loads(got["Policy"]) == policy and got["RevisionId"] == put["RevisionId"]
    assert error_of(schemas.put_resource_policy, RegistryName="mine", Policy=json.dumps(policy), RevisionId="other") == ("PreconditionFailedException", 412)
    schemas.put_resource_policy(RegistryName="mine", Policy=json.dumps(policy), RevisionId=put["RevisionId"])
    with pytest.raises(schemas.exceptions.BadRequestException, match="Missing required field Version"):
        schemas.put_resource_policy(RegistryName="mine", Policy='{"Statement":[]}')
    schemas.delete_resource_policy(RegistryName="mine")
    assert error_of(schemas.delete_resource_policy, RegistryName="mine") == ("NotFoundException", 404)


def test_code_bindings(registry):
    schemas = registry
    create(schemas)
    assert error_of(schemas.describe_code_binding, RegistryName="mine", SchemaName="thing", Language="Python36")[0] == "NotFoundException"
    put = schemas.put_code_binding(RegistryName="mine", SchemaName="thing", Language="Python36")
    assert put["Status"] == "CREATE_IN_PROGRESS" and put["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert schemas.describe_code_binding(RegistryName="mine", SchemaName="thing", Language="Python36")["Status"] == "CREATE_COMPLETE"
    assert error_of(schemas.put_code_binding, RegistryName="mine", SchemaName="thing", Language="Cobol")[0] == "BadRequestException"
    assert error_of(schemas.get_code_binding_source, RegistryName="mine", SchemaName="thing", Language="Go1") == ("NotFoundException", 404)


SHOP_EVENT = {
    "version": "0", "id": "1", "detail-type": "Order Created", "source": "my.shop", "account": "1", "time": "2026-01-02T03:04:05Z", "region": "us-east-1", "resources": ["a"],
    "detail": {"orderId": 7, "price": 1.5, "buyer": {"name": "ann", "class": "gold"}, "lines": [{"sku": "s", "at": "2026-01-02T03:04:05.250Z"}], "open": True, "any": None},
}


@pytest.fixture
def bound(registry):
    """The files of a language's code for a schema like SHOP_EVENT."""
    content = registry.get_discovered_schema(Type="OpenApi3", Events=[json.dumps(SHOP_EVENT)])["Content"]
    registry.create_schema(RegistryName="mine", SchemaName="my.shop@OrderCreated", Type="OpenApi3", Content=content)
    draft = registry.export_schema(RegistryName="mine", SchemaName="my.shop@OrderCreated", Type="JSONSchemaDraft4")["Content"]
    registry.create_schema(RegistryName="mine", SchemaName="draft", Type="JSONSchemaDraft4", Content=draft)

    def files(language, name="my.shop@OrderCreated"):
        names = dict(RegistryName="mine", SchemaName=name, Language=language)
        registry.put_code_binding(**names)
        with zipfile.ZipFile(io.BytesIO(registry.get_code_binding_source(**names)["Body"].read())) as archive:
            assert archive.testzip() is None
            return {n: archive.read(n).decode() for n in archive.namelist()}

    return files


@pytest.mark.parametrize("schema, package", [("my.shop@OrderCreated", "schema.my.shop.order_created"), ("draft", "schema.draft")])
def test_generated_python_reads_and_writes_the_event(bound, tmp_path, schema, package):
    for name, text in bound("Python36", schema).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    program = f"""
import datetime, json, sys
from {package} import Marshaller, AWSEvent, OrderCreated, Buyer
event = Marshaller.unmarshall(json.load(sys.stdin), AWSEvent)
assert isinstance(event.detail, OrderCreated) and isinstance(event.detail.buyer, Buyer)
assert event.detail.order_id == 7 and event.detail.buyer.class_ == "gold" and event.detail.lines[0].sku == "s" and event.detail_type == "Order Created"
assert event.time == datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
event.detail.order_id = 8
print(json.dumps(Marshaller.marshall(event)))
"""
    run = subprocess.run([sys.executable, "-c", program], input=json.dumps(SHOP_EVENT), capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert run.returncode == 0, run.stderr
    back = json.loads(run.stdout)
    wanted = {**SHOP_EVENT, "detail": {**SHOP_EVENT["detail"], "orderId": 8, "lines": [{"sku": "s", "at": "2026-01-02T03:04:05.250000Z"}]}}
    del wanted["detail"]["any"]
    assert back == wanted


def test_generated_code_of_the_other_languages(bound):
    typescript, go, java = bound("TypeScript3"), bound("Go1"), bound("Java8")
    assert sorted(n.rsplit("/", 1)[1] for n in typescript) == ["AWSEvent.ts", "Buyer.ts", "LinesItem.ts", "Marshaller.ts", "OrderCreated.ts"]
    order = typescript["schema/my/shop/order_created/OrderCreated.ts"]
    assert "    'order_id'!: number;\n" in order and "    'lines'!: Array<LinesItem>;\n" in order and "import { Buyer } from './Buyer';" in order
    assert "{ name: 'order_id', baseName: \"orderId\", type: \"number\" }" in order
    assert "{ name: 'class_', baseName: \"class\", type: \"string\" }" in typescript["schema/my/shop/order_created/Buyer.ts"]
    assert go["schema/my/shop/order_created/LinesItem.go"] == (
        'package order_created\n\nimport "time"\n\ntype LinesItem struct {\n\tAt time.Time `json:"at"`\n\tSku string `json:"sku"`\n}\n'
    )
    assert "func UnmarshalEvent(inputEvent []byte) (AWSEvent, error) {" in go["schema/my/shop/order_created/Marshaller.go"]
    order = java["schema/my/shop/ordercreated/OrderCreated.java"]
    assert order.startswith("package schema.my.shop.ordercreated;\n") and '@JsonProperty("orderId")\n    private Long orderId;' in order
    assert "schema/my/shop/ordercreated/marshaller/Marshaller.java" in java


NASTY_NAMES = [
    'a"; raise SystemExit("out"); "', "b'\n    oops", "c\\", "\\u0022 + x", "`", "*/ }", "#{}%s{0}", "../../up", "", "é", "7", "class", "class_", "constructor", "None", "-", "a,b",
    "time.Time", "order id", "order_id", "\u2028", "\x01", "n" * 300, "n" * 301,
]  # fmt: skip
NASTY_SCHEMA = {
    "openapi": "3.0.0", "info": {"title": "nasty", "version": "1"}, "paths": {},
    "components": {"schemas": {
        **{name: {"type": "object", "properties": {"x": {"type": "string"}}} for name in ["String", "Object", "None", "UnmarshalEvent", "../../up", "1", "", "é", "n" * 300]},
        "AWSEvent": {"type": "object", "required": ["me", "-"], "properties": {
            **{name: {"type": "string"} for name in NASTY_NAMES}, "me": {"$ref": "#/components/schemas/AWSEvent"}, "mine": {"type": "array", "items": {"$ref": "#/components/schemas/AWSEvent"}},
            "s": {"$ref": "#/components/schemas/String"}, "endless": {"$ref": "#/components/schemas/Endless"}, "any": {"$ref": "#/nowhere"},
        }},
        "Endless": {"type": "array", "items": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Endless"}, "b": {"$ref": "#/components/schemas/Endless"}}}},
    }},
}  # fmt: skip


@pytest.fixture
def nasty(registry, tmp_path):
    """Writes a language's code for a schema whose names are none in any language; answers the files' names."""
    registry.create_schema(RegistryName="mine", SchemaName="1.class..func@New", Type="OpenApi3", Content=json.dumps(NASTY_SCHEMA))

    def write(language):
        names = dict(RegistryName="mine", SchemaName="1.class..func@New", Language=language)
        registry.put_code_binding(**names)
        with zipfile.ZipFile(io.BytesIO(registry.get_code_binding_source(**names)["Body"].read())) as archive:
            written = archive.namelist()
            assert len(set(written)) == len(written) and all(re.fullmatch(r"schema(/[A-Za-z][A-Za-z0-9_]*|/__init__)*(\.[a-z]+|/__init__\.py)?", n) for n in written), written
            assert max(len(n.rsplit("/", 1)[1]) for n in written) < 200
            archive.extractall(tmp_path)
            return written

    return write


def test_nothing_in_a_schema_leaves_its_place_in_python(nasty, tmp_path):
    nasty("Python36")
    event = {name: f"value of {name}" for name in NASTY_NAMES} | {"me": {"7": "seven"}, "mine": [{"-": "minus"}], "s": {"x": "y"}, "endless": [{"a": [{"b": []}]}], "any": 1.5}
    program = "import json, sys; from schema.p1.class_.func_.new_ import *; print(json.dumps(Marshaller.marshall(Marshaller.unmarshall(json.load(sys.stdin), AWSEvent))))"
    run = subprocess.run([sys.executable, "-c", program], input=json.dumps(event), capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == event


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("go"), reason="no Go")
def test_nothing_in_a_schema_leaves_its_place_in_go(nasty, tmp_path):
    nasty("Go1")
    (tmp_path / "go.mod").write_text("module example\n\ngo 1.16\n")
    (tmp_path / "main.go").write_text(
        'package main\n\nimport (\n\t"example/schema/p1/class_/func_/new_"\n\t"fmt"\n)\n\nfunc main() {\n'
        '\tevent, err := new_.UnmarshalEvent([]byte(`{"7":"seven","-":"minus","me":{"class":"deep"}}`))\n'
        '\tfmt.Printf("%+v %+v %v\\n", event, event.Me, err)\n}\n'
    )
    run = subprocess.run(["go", "run", "."], capture_output=True, text=True, cwd=tmp_path, timeout=120, env={**os.environ, "GOFLAGS": "-mod=mod"})
    assert run.returncode == 0, run.stderr
    assert " Field7:seven " in run.stdout and ":minus " in run.stdout and " Class:deep " in run.stdout and run.stdout.endswith(" <nil>\n")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("javac"), reason="no Java compiler")
def test_nothing_in_a_schema_leaves_its_place_in_java(nasty, tmp_path):
    written = nasty("Java8")
    # Jackson's side, as far as the code names it.
    stubs = {
        "annotation/JsonProperty": "public @interface JsonProperty { String value(); }",
        "annotation/JsonInclude": "public @interface JsonInclude { Include value(); enum Include { NON_NULL } }",
        "annotation/JsonAutoDetect": "public @interface JsonAutoDetect { Visibility getterVisibility(); Visibility setterVisibility(); enum Visibility { NONE } }",
        "databind/DeserializationFeature": "public enum DeserializationFeature { FAIL_ON_UNKNOWN_PROPERTIES }",
        "databind/SerializationFeature": "public enum SerializationFeature { WRITE_DATES_AS_TIMESTAMPS }",
        "databind/ObjectMapper": "public class ObjectMapper { public ObjectMapper disable(SerializationFeature f) { return this; } public ObjectMapper disable(DeserializationFeature f) { return this; }"
        " public void writeValue(java.io.OutputStream o, Object v) {} public <T> T readValue(java.io.InputStream i, Class<T> t) { return null; } }",
    }
    for name, text in stubs.items():
        path = tmp_path / "com/fasterxml/jackson" / f"{name}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"package com.fasterxml.jackson.{path.parent.name};\n\n{text}\n")
    run = subprocess.run(["javac", "-encoding", "UTF-8", "-proc:none", "-d", "out", "-sourcepath", ".", *written], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert run.returncode == 0, run.stderr


def test_tags(registry, account):
    schemas = registry
    create(schemas, Tags={"a": "1"})
    schemas.create_discoverer(SourceArn=f"arn:aws:events:us-east-1:{account}:event-bus/default")
    for resource in ("registry/mine", "schema/mine/thing", "discoverer/events-event-bus-default"):
        arn = f"arn:aws:schemas:us-east-1:{account}:{resource}"
        schemas.tag_resource(ResourceArn=arn, Tags={"b": "2", "c": "3"})
        schemas.untag_resource(ResourceArn=arn, TagKeys=["a", "c"])
        assert schemas.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}
    assert error_of(schemas.list_tags_for_resource, ResourceArn=f"arn:aws:schemas:us-east-1:{account}:registry/none")[0] == "NotFoundException"


def test_kept_over_a_restart(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        schemas = make_client("schemas", server.endpoint, "100000000003")
        schemas.create_registry(RegistryName="mine")
        create(schemas)
        schemas.create_discoverer(SourceArn="arn:aws:events:us-east-1:100000000003:event-bus/default")
        assert server.stop() == 0
        server = Virga("--data", str(tmp_path))
        schemas, events = (make_client(s, server.endpoint, "100000000003") for s in ("schemas", "events"))
        assert schemas.describe_schema(RegistryName="mine", SchemaName="thing")["SchemaVersion"] == "1"
        events.put_events(Entries=[{"Source": "shop", "DetailType": "Again", "Detail": "{}"}])
        server.wait()
        assert [s["SchemaName"] for s in schemas.list_schemas(RegistryName="discovered-schemas")["Schemas"]] == ["shop@Again"]
    finally:
        server.kill()
