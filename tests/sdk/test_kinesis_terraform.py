"""Terraform's streams, consumers and delivery streams: applied once, the plan is empty; destroyed, nothing is left."""
import pytest

from terraform_support import applied, needs_terraform

STREAMS = """
resource "aws_kinesis_stream" "plain" {
  name        = "plain"
  shard_count = 2
}
resource "aws_kinesis_stream" "full" {
  name                      = "full"
  shard_count               = 1
  retention_period          = 48
  shard_level_metrics       = ["IncomingBytes", "OutgoingBytes"]
  encryption_type           = "KMS"
  kms_key_id                = "alias/aws/kinesis"
  enforce_consumer_deletion = true
  stream_mode_details { stream_mode = "PROVISIONED" }
  tags = { team = "blue" }
}
resource "aws_kinesis_stream" "on_demand" {
  name = "on-demand"
  stream_mode_details { stream_mode = "ON_DEMAND" }
}
resource "aws_kinesis_stream_consumer" "reader" {
  name       = "reader"
  stream_arn = aws_kinesis_stream.full.arn
}
resource "aws_kinesis_resource_policy" "shared" {
  resource_arn = aws_kinesis_stream.plain.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid = "read", Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "kinesis:GetRecords", Resource = aws_kinesis_stream.plain.arn
  }] })
}
resource "aws_s3_bucket" "lake" { bucket = "%(bucket)s" }
resource "aws_kinesis_firehose_delivery_stream" "of_stream" {
  name        = "of-stream"
  destination = "extended_s3"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.plain.arn
    role_arn           = "%(role)s"
  }
  extended_s3_configuration {
    role_arn            = "%(role)s"
    bucket_arn          = aws_s3_bucket.lake.arn
    prefix              = "c=!{partitionKeyFromQuery:c}/"
    error_output_prefix = "bad/!{firehose:error-output-type}/"
    buffering_size      = 64
    buffering_interval  = 60
    compression_format  = "GZIP"
    dynamic_partitioning_configuration { enabled = "true" }
    processing_configuration {
      enabled = "true"
      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{c:.c}"
        }
      }
    }
  }
  tags = { team = "blue" }
}
resource "aws_kinesis_firehose_delivery_stream" "of_puts" {
  name        = "of-puts"
  destination = "http_endpoint"
  server_side_encryption { enabled = true }
  http_endpoint_configuration {
    url                = "https://example.com/in"
    name               = "mine"
    access_key         = "secret"
    role_arn           = "%(role)s"
    retry_duration     = 60
    s3_backup_mode     = "FailedDataOnly"
    request_configuration {
      content_encoding = "GZIP"
      common_attributes {
        name  = "team"
        value = "blue"
      }
    }
    s3_configuration {
      role_arn   = "%(role)s"
      bucket_arn = aws_s3_bucket.lake.arn
    }
  }
}
"""


@pytest.mark.slow
@needs_terraform
def test_the_second_plan_is_empty(virga, aws, account, tmp_path):
    kinesis, firehose = aws("kinesis"), aws("firehose")
    with applied(tmp_path, virga, account, STREAMS % {"bucket": f"lake-{account}", "role": f"arn:aws:iam::{account}:role/r"}):
        assert kinesis.list_streams()["StreamNames"] == ["full", "on-demand", "plain"]
        assert kinesis.describe_stream_summary(StreamName="full")["StreamDescriptionSummary"]["ConsumerCount"] == 1
        assert firehose.list_delivery_streams()["DeliveryStreamNames"] == ["of-puts", "of-stream"]
    assert kinesis.list_streams()["StreamNames"] == [] == firehose.list_delivery_streams()["DeliveryStreamNames"]
