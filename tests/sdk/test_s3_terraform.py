"""Terraform's buckets: applied once, the plan is empty."""
import pytest

from s3_support import new_name
from terraform_support import applied, needs_terraform

BUCKETS = """
resource "aws_s3_bucket" "plain" { bucket = "%(name)s" }
resource "aws_s3_bucket" "full" {
  bucket        = "%(name)s.full"
  force_destroy = true
  tags          = { team = "a b", stage = "" }
}
resource "aws_s3_bucket_versioning" "full" {
  bucket = aws_s3_bucket.full.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "full" {
  bucket = aws_s3_bucket.full.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "full" {
  bucket = aws_s3_bucket.full.id
  rule {
    id     = "old"
    status = "Enabled"
    filter { prefix = "logs/" }
    expiration { days = 99 }
  }
}
resource "aws_s3_bucket_cors_configuration" "full" {
  bucket = aws_s3_bucket.full.id
  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["*"]
  }
}
resource "aws_s3_bucket_public_access_block" "full" {
  bucket              = aws_s3_bucket.full.id
  block_public_acls   = true
  block_public_policy = true
}
resource "aws_s3_object" "full" {
  bucket  = aws_s3_bucket.full.id
  key     = "a b/c"
  content = "hello"
  tags    = { k = "v" }
}
"""


@pytest.mark.slow
@needs_terraform
def test_the_second_plan_is_empty(virga, aws, account, tmp_path):
    name = new_name()
    with applied(tmp_path, virga, account, BUCKETS % {"name": name}):
        assert sorted(b["Name"] for b in aws("s3").list_buckets()["Buckets"]) == sorted([name, f"{name}.full"])  # none is named after an account
