"""Terraform's keys, aliases, grants and replicas: applied once, the plan is empty; destroyed, all wait for their deletion."""
import pytest

from terraform_support import applied, needs_terraform

# The provider waits long after each setting of a key: every key has one.
KEYS = """
provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
resource "aws_kms_key" "plain" {
  description             = "plain"
  deletion_window_in_days = 7
}
resource "aws_kms_key" "rotated" {
  enable_key_rotation     = true
  rotation_period_in_days = 90
  multi_region            = true
}
resource "aws_kms_key" "guarded" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid = "all", Effect = "Allow", Principal = { AWS = "arn:aws:iam::%(account)s:root" }, Action = "kms:*", Resource = "*"
  }] })
}
resource "aws_kms_key" "signing" {
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
  tags                     = { team = "blue" }
}
resource "aws_kms_alias" "plain" {
  name          = "alias/plain"
  target_key_id = aws_kms_key.plain.key_id
}
resource "aws_kms_grant" "worker" {
  name              = "worker"
  key_id            = aws_kms_key.plain.key_id
  grantee_principal = "arn:aws:iam::%(account)s:role/worker"
  operations        = ["Encrypt", "Decrypt"]
}
resource "aws_kms_replica_key" "west" {
  provider        = aws.west
  description     = "replica"
  primary_key_arn = aws_kms_key.rotated.arn
}
resource "aws_s3_bucket" "objects" { bucket = "objects-%(account)s" }
resource "aws_s3_bucket_server_side_encryption_configuration" "objects" {
  bucket = aws_s3_bucket.objects.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.plain.arn
    }
  }
}
data "aws_kms_key" "own" { key_id = "alias/aws/s3" }
data "aws_kms_public_key" "signing" { key_id = aws_kms_key.signing.arn }
"""


def states(kms):
    described = (kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"] for k in kms.list_keys()["Keys"])
    return [k for k in described if k["KeyManager"] == "CUSTOMER"]


@pytest.mark.slow
@needs_terraform
def test_the_second_plan_is_empty(virga, aws, account, tmp_path):
    kms = aws("kms")
    with applied(tmp_path, virga, account, KEYS % {"account": account}):
        plain = kms.describe_key(KeyId="alias/plain")["KeyMetadata"]
        assert plain["Description"] == "plain"
        assert aws("s3").put_object(Bucket=f"objects-{account}", Key="k", Body=b"x")["SSEKMSKeyId"] == plain["Arn"]
        aws("s3").delete_object(Bucket=f"objects-{account}", Key="k")
    assert {k["KeyState"] for k in states(kms)} == {"PendingDeletion", "PendingReplicaDeletion"}
