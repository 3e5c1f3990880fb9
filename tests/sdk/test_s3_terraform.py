"""Terraform's buckets: applied once, the plan is empty. TF_PLUGIN_DIR says where the AWS provider is, which is not fetched."""
import glob
import os
import shutil
import subprocess

import pytest

from s3_support import new_name
from test_s3_clients import environment

PLUGINS = os.environ.get("TF_PLUGIN_DIR", "/opt/tf-plugins")
PROVIDERS = glob.glob(f"{PLUGINS}/registry.terraform.io/hashicorp/aws/*")

MAIN = """
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "%(version)s" } }
}
provider "aws" {
  region                      = "us-east-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
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
@pytest.mark.skipif(not shutil.which("terraform") or not PROVIDERS, reason="no Terraform with its AWS provider")
def test_the_second_plan_is_empty(virga, aws, account, tmp_path):
    name = new_name()
    (tmp_path / "main.tf").write_text(MAIN % {"version": os.path.basename(PROVIDERS[0]), "name": name})

    def terraform(*arguments):
        done = subprocess.run(["terraform", *arguments], cwd=tmp_path, env={**environment(virga, account), "CHECKPOINT_DISABLE": "1"}, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    code, told = terraform("init", "-no-color", "-plugin-dir", PLUGINS)
    assert code == 0, told
    code, told = terraform("apply", "-no-color", "-auto-approve")
    assert code == 0, told
    code, told = terraform("plan", "-no-color", "-detailed-exitcode")
    assert code == 0, told  # 2 would be: there is something to change
    assert sorted(b["Name"] for b in aws("s3").list_buckets()["Buckets"]) == sorted([name, f"{name}.full"])  # none is named after an account
    code, told = terraform("destroy", "-no-color", "-auto-approve")
    assert code == 0, told
