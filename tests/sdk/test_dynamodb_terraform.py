"""Terraform's tables and what belongs to them: applied, the plan is empty; changed, it is empty again; destroyed, nothing is left."""
import pytest

from terraform_support import applied, needs_terraform

TABLES = r"""
resource "aws_dynamodb_table" "plain" {
  name         = "plain"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_dynamodb_table" "full" {
  name                        = "full"
  billing_mode                = "PROVISIONED"
  read_capacity               = 5
  write_capacity              = 4
  hash_key                    = "pk"
  range_key                   = "sk"
  table_class                 = "STANDARD_INFREQUENT_ACCESS"
  deletion_protection_enabled = false
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "pk"
    type = "S"
  }
  attribute {
    name = "sk"
    type = "N"
  }
  attribute {
    name = "g"
    type = "S"
  }
  attribute {
    name = "l"
    type = "B"
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
  global_secondary_index {
    name               = "by-g"
    hash_key           = "g"
    range_key          = "sk"
    write_capacity     = 2
    read_capacity      = 3
    projection_type    = "INCLUDE"
    non_key_attributes = ["a", "b"]
  }
  global_secondary_index {
    name            = "all"
    hash_key        = "l"
    write_capacity  = 2
    read_capacity   = 3
    projection_type = "ALL"
  }
  local_secondary_index {
    name            = "by-l"
    range_key       = "l"
    projection_type = "KEYS_ONLY"
  }
  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 14
  }
  server_side_encryption { enabled = true }
  tags = { team = "blue" }
}
resource "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.plain.name
  hash_key   = aws_dynamodb_table.plain.hash_key
  item       = jsonencode({ id = { S = "a" }, n = { N = "1" }, l = { L = [{ BOOL = true }] } })
}
resource "aws_dynamodb_contributor_insights" "ci" { table_name = aws_dynamodb_table.plain.name }
resource "aws_dynamodb_resource_policy" "p" {
  resource_arn = aws_dynamodb_table.plain.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid = "read", Effect = "Allow", Principal = { AWS = "arn:aws:iam::%(account)s:root" }, Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.plain.arn
  }] })
}
resource "aws_kinesis_stream" "s" {
  name        = "s"
  shard_count = 1
}
resource "aws_dynamodb_kinesis_streaming_destination" "d" {
  stream_arn                               = aws_kinesis_stream.s.arn
  table_name                               = aws_dynamodb_table.plain.name
  approximate_creation_date_time_precision = "MICROSECOND"
}
resource "aws_dynamodb_table" "global" {
  name             = "global"
  hash_key         = "id"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "id"
    type = "S"
  }
  on_demand_throughput {
    max_read_request_units  = 10
    max_write_request_units = 20
  }
  replica {
    region_name            = "eu-west-1"
    propagate_tags         = true
    point_in_time_recovery = true
  }
  replica { region_name = "us-west-2" }
  tags = { a = "b" }
}
data "aws_dynamodb_table" "full" { name = aws_dynamodb_table.full.name }
data "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.plain.name
  key        = jsonencode({ id = { S = "a" } })
  depends_on = [aws_dynamodb_table_item.one]
}
data "aws_dynamodb_tables" "all" { depends_on = [aws_dynamodb_table.full] }
resource "aws_dynamodb_table_export" "e" {
  table_arn  = aws_dynamodb_table.full.arn
  s3_bucket  = aws_s3_bucket.b.id
  depends_on = [aws_s3_bucket.b]
}
resource "aws_s3_bucket" "b" {
  bucket        = "%(bucket)s"
  force_destroy = true
}
resource "aws_dynamodb_table" "restored" {
  name                     = "restored"
  restore_source_table_arn = aws_dynamodb_table.full.arn
  restore_to_latest_time   = true
  billing_mode             = "PAY_PER_REQUEST"
  hash_key                 = "pk"
  range_key                = "sk"
  attribute {
    name = "pk"
    type = "S"
  }
  attribute {
    name = "sk"
    type = "N"
  }
  lifecycle { ignore_changes = all }
}
resource "aws_s3_object" "csv" {
  bucket  = aws_s3_bucket.b.id
  key     = "in/data.csv"
  content = "id,n\n1,2\n3,4\n"
}
resource "aws_dynamodb_table" "imported" {
  name         = "imported"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  import_table {
    input_format           = "CSV"
    input_compression_type = "NONE"
    s3_bucket_source {
      bucket     = aws_s3_bucket.b.id
      key_prefix = "in/"
    }
  }
  depends_on = [aws_s3_object.csv]
}
"""
CHANGES = {
    "read_capacity               = 5": "read_capacity               = 6",
    '"STANDARD_INFREQUENT_ACCESS"': '"STANDARD"',
    "recovery_period_in_days = 14": "recovery_period_in_days = 7",
    'non_key_attributes = ["a", "b"]': 'non_key_attributes = ["a", "c"]',
    'team = "blue"': 'team = "red"',
    "max_read_request_units  = 10": "max_read_request_units  = 11",
    'region_name = "us-west-2"': 'region_name = "eu-central-1"',
    'n = { N = "1" }': 'n = { N = "2" }',
    '"MICROSECOND"': '"MILLISECOND"',
}


@pytest.mark.slow
@needs_terraform
def test_the_second_plan_is_empty(virga, aws, account, tmp_path):
    dynamodb = aws("dynamodb")
    with applied(tmp_path, virga, account, TABLES % {"bucket": f"exports-{account}", "account": account}, CHANGES):
        assert dynamodb.list_tables()["TableNames"] == ["full", "global", "imported", "plain", "restored"]
        assert dynamodb.get_item(TableName="plain", Key={"id": {"S": "a"}})["Item"]["n"] == {"N": "2"}
        assert dynamodb.get_item(TableName="imported", Key={"id": {"S": "3"}})["Item"]["n"] == {"S": "4"}
        regions = {r["RegionName"] for r in dynamodb.describe_table(TableName="global")["Table"]["Replicas"]}
        assert regions >= {"eu-west-1", "eu-central-1"} and "us-west-2" not in regions
    assert dynamodb.list_tables()["TableNames"] == []
