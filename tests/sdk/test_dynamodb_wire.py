"""DynamoDB on the wire: checksums, compression, and the same loop of calls through other SDKs and Terraform."""
import gzip
import json
import os
import shutil
import subprocess
import zlib

import pytest

import programs
from test_dynamodb import create
from virga_process import ROOT


def call(virga, account, operation, body, **headers):
    scope = f"{account}/20260101/us-east-1/dynamodb/aws4_request"
    headers = {
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0", **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    status, answer, data = virga.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body).encode(), headers)
    assert int(answer["x-amz-crc32"]) == zlib.crc32(data), "the checksum of the body as it was sent"
    assert len(answer["x-amzn-RequestId"]) == 52 and answer["Content-Type"] == "application/x-amz-json-1.0"
    return status, answer, data


def test_checksums_and_compression(virga, account, aws):
    db = aws("dynamodb")
    create(db)
    item = {"pk": {"S": "a"}, "t": {"S": "x" * 5000}}
    get = {"TableName": "table", "Key": {"pk": {"S": "a"}}}
    packed = gzip.compress(json.dumps({"TableName": "table", "Item": item}).encode()[:2000]) + gzip.compress(json.dumps({"TableName": "table", "Item": item}).encode()[2000:])
    assert call(virga, account, "PutItem", packed, Content_Encoding="gzip")[0] == 200
    status, headers, data = call(virga, account, "GetItem", get)
    assert status == 200 and "Content-Encoding" not in headers and json.loads(data) == {"Item": item}
    for accepted, unpack in [("gzip", gzip.decompress), ("deflate", zlib.decompress), ("gzip;q=0, deflate", zlib.decompress), ("*", gzip.decompress)]:
        status, headers, data = call(virga, account, "GetItem", get, Accept_Encoding=accepted)
        assert headers["Content-Encoding"] in accepted or accepted == "*"
        assert json.loads(unpack(data)) == {"Item": item} and len(data) < 500
    assert "Content-Encoding" not in call(virga, account, "GetItem", get, Accept_Encoding="identity")[1]
    assert "Content-Encoding" not in call(virga, account, "ListTables", {}, Accept_Encoding="gzip")[1]  # a small one stays as it is
    status, _, data = call(virga, account, "GetItem", {"TableName": "none", "Key": {"pk": {"S": "a"}}}, Accept_Encoding="gzip")
    assert status == 400 and json.loads(data) == {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "Requested resource not found"}
    status, _, data = call(virga, account, "PutItem", packed[:-20], Content_Encoding="gzip")
    assert status == 500 and json.loads(data)["__type"].endswith("InternalServerError")


@pytest.mark.parametrize("service, region", [("dynamodb", "eu-west-1"), ("kinesis", "us-east-1")])
def test_what_stops_at_the_front_end(virga, account, service, region):
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"}
    status, headers, data = virga.request("GET", "/", None, signed)
    assert (status, data) == ((200, b"healthy: dynamodb.eu-west-1.amazonaws.com ") if service == "dynamodb" else (404, b"<UnknownOperationException/>\n"))
    assert headers["x-amzn-RequestId"]
    for method, more in [("PUT", {}), ("POST", {"Content-Type": "text/plain"}), ("DELETE", {"Content-Type": "application/json"})]:
        status, _, data = virga.request(method, "/", b"{}", {**signed, **more})
        assert (status, data) == (404, b"<UnknownOperationException/>\n")


@pytest.mark.parametrize("command", [
    lambda *at: programs.node("dynamodb_loop.cjs", *at, ROOT / "fixtures" / "bike-rental" / "node_modules"),
    lambda *at: programs.java("DynamoDbLoop", *at),
    lambda *at: programs.go("dynamodb_loop", *at),
], ids=["javascript", "java", "go"])
def test_a_loop_through_another_sdk(virga, account, aws, command):
    create(aws("dynamodb"))
    assert json.loads(programs.output(command(virga.endpoint, account))) == {
        "counts": [1, 2, 3], "condition": "ConditionalCheckFailedException", "old": "a", "items": 50, "left": 0, "cancelled": ["None", "ConditionalCheckFailed"],
    }


TABLE = """
terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}
provider "aws" {{
  region                      = "us-east-1"
  access_key                  = "{account}"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {{
    dynamodb = "{endpoint}"
    sts      = "{endpoint}"
  }}
}}
resource "aws_dynamodb_table" "things" {{
  name             = "things"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "pk"
  range_key        = "sk"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {{
    name = "pk"
    type = "S"
  }}
  attribute {{
    name = "sk"
    type = "N"
  }}
  attribute {{
    name = "kind"
    type = "S"
  }}
  global_secondary_index {{
    name               = "by-kind"
    hash_key           = "kind"
    range_key          = "sk"
    projection_type    = "INCLUDE"
    non_key_attributes = ["title"]
  }}
  local_secondary_index {{
    name            = "local"
    range_key       = "kind"
    projection_type = "KEYS_ONLY"
  }}
  ttl {{
    attribute_name = "expires"
    enabled        = true
  }}
  point_in_time_recovery {{
    enabled = true
  }}
  tags = {{
    team = "a b"
  }}
}}
resource "aws_dynamodb_resource_policy" "things" {{
  resource_arn = aws_dynamodb_table.things.arn
  policy       = jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Principal = "*", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.things.arn }}] }})
}}
"""


def test_terraform_applies_plans_nothing_more_and_destroys(virga, account, aws, tmp_path):
    """Terraform reads back every setting: what an answer leaves out, or adds, is a change to it."""
    if "VIRGA_TEST_TERRAFORM" not in os.environ or not shutil.which("terraform"):
        pytest.skip("takes minutes, most of them Terraform's own waiting: needs VIRGA_TEST_TERRAFORM and terraform")
    (tmp_path / "main.tf").write_text(TABLE.format(account=account, endpoint=virga.endpoint))

    def terraform(*arguments, codes=(0,)):
        run = subprocess.run(["terraform", f"-chdir={tmp_path}", *arguments, "-no-color"], capture_output=True, text=True, timeout=300)
        if arguments[0] == "init" and run.returncode:
            pytest.skip("needs the provider hashicorp/aws in a mirror that terraform knows")
        assert run.returncode in codes, run.stdout + run.stderr
        return run.stdout

    db = aws("dynamodb")
    terraform("init", "-input=false")
    terraform("apply", "-auto-approve", "-input=false")
    described = db.describe_table(TableName="things")["Table"]
    assert described["GlobalSecondaryIndexes"][0]["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]}
    assert described["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES" and described["LocalSecondaryIndexes"][0]["IndexName"] == "local"
    assert db.describe_time_to_live(TableName="things")["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    assert db.list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"] == [{"Key": "team", "Value": "a b"}]
    assert "No changes." in terraform("plan", "-input=false", "-detailed-exitcode")
    terraform("destroy", "-auto-approve", "-input=false")
    assert db.list_tables()["TableNames"] == []
