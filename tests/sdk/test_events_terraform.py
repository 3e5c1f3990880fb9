"""Terraform's buses, rules, schedules, pipes, schemas and topics: applied, the plan is empty; changed, it is empty again; destroyed, nothing is left."""
import pytest

from terraform_support import applied, needs_terraform

RESOURCES = r"""
resource "aws_cloudwatch_event_bus" "orders" {
  name        = "orders"
  description = "all orders"
  tags        = { team = "blue" }
}
resource "aws_cloudwatch_event_rule" "r" {
  name           = "r"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  description    = "d"
  event_pattern  = jsonencode({ source = ["s"], detail = { n = [{ numeric = [">", 1] }] } })
  tags           = { team = "blue" }
}
resource "aws_cloudwatch_event_rule" "sched" {
  name                = "sched"
  schedule_expression = "rate(5 minutes)"
  state               = "DISABLED"
}
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_sqs_queue" "fifo" {
  name                        = "q.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
}
resource "aws_sqs_queue" "dlq" { name = "dlq" }
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn }] })
}
resource "aws_cloudwatch_event_target" "t" {
  rule           = aws_cloudwatch_event_rule.r.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sqs_queue.q.arn
  target_id      = "q"
  input_transformer {
    input_paths    = { n = "$.detail.n" }
    input_template = "{\"n\": <n>}"
  }
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 3
  }
  dead_letter_config { arn = aws_sqs_queue.dlq.arn }
}
resource "aws_cloudwatch_event_target" "fifo" {
  rule           = aws_cloudwatch_event_rule.r.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sqs_queue.fifo.arn
  sqs_target { message_group_id = "g" }
}
resource "aws_kinesis_stream" "s" {
  name        = "s"
  shard_count = 1
}
resource "aws_iam_role" "role" {
  name               = "role"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_cloudwatch_event_target" "k" {
  rule           = aws_cloudwatch_event_rule.r.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_kinesis_stream.s.arn
  role_arn       = aws_iam_role.role.arn
  kinesis_target { partition_key_path = "$.detail.id" }
}
resource "aws_cloudwatch_event_archive" "a" {
  name             = "a"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
  retention_days   = 7
  event_pattern    = jsonencode({ source = ["s"] })
}
resource "aws_cloudwatch_event_permission" "other" {
  principal    = "123456789012"
  statement_id = "other"
}
resource "aws_cloudwatch_event_bus_policy" "p" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  policy         = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "x", Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "events:PutEvents", Resource = aws_cloudwatch_event_bus.orders.arn }] })
}
resource "aws_cloudwatch_event_connection" "c" {
  name               = "c"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-api-key"
      value = "secret"
    }
    invocation_http_parameters {
      header {
        key             = "h"
        value           = "v"
        is_value_secret = false
      }
    }
  }
}
resource "aws_cloudwatch_event_connection" "oauth" {
  name               = "oauth"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"
  auth_parameters {
    oauth {
      authorization_endpoint = "https://example.com/token"
      http_method            = "POST"
      client_parameters {
        client_id     = "id"
        client_secret = "s"
      }
      oauth_http_parameters {
        body {
          key   = "scope"
          value = "all"
        }
      }
    }
  }
}
resource "aws_cloudwatch_event_api_destination" "d" {
  name                             = "d"
  invocation_endpoint              = "https://example.com/*"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20
  connection_arn                   = aws_cloudwatch_event_connection.c.arn
}
resource "aws_cloudwatch_event_target" "api" {
  rule     = aws_cloudwatch_event_rule.sched.name
  arn      = aws_cloudwatch_event_api_destination.d.arn
  role_arn = aws_iam_role.role.arn
  http_target {
    path_parameter_values   = ["1"]
    header_parameters       = { team = "blue" }
    query_string_parameters = { q = "$.detail.q" }
  }
}
resource "aws_scheduler_schedule_group" "g" {
  name = "g"
  tags = { team = "blue" }
}
resource "aws_scheduler_schedule" "s" {
  name                         = "s"
  group_name                   = aws_scheduler_schedule_group.g.name
  schedule_expression          = "cron(0 9 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  description                  = "d"
  start_date                   = "2190-01-01T00:00:00Z"
  end_date                     = "2191-01-01T00:00:00Z"
  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }
  target {
    arn      = aws_sqs_queue.q.arn
    role_arn = aws_iam_role.role.arn
    input    = jsonencode({ a = 1 })
    dead_letter_config { arn = aws_sqs_queue.dlq.arn }
    retry_policy {
      maximum_event_age_in_seconds = 60
      maximum_retry_attempts       = 2
    }
  }
}
resource "aws_scheduler_schedule" "universal" {
  name_prefix         = "u-"
  schedule_expression = "at(2190-01-01T00:00:00)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
    role_arn = aws_iam_role.role.arn
    input    = jsonencode({ MessageBody = "x", QueueUrl = aws_sqs_queue.q.url })
  }
}
resource "aws_pipes_pipe" "p" {
  name     = "p"
  role_arn = aws_iam_role.role.arn
  source   = aws_sqs_queue.q.arn
  target   = aws_kinesis_stream.s.arn
  source_parameters {
    filter_criteria {
      filter { pattern = jsonencode({ body = { a = [1] } }) }
    }
    sqs_queue_parameters {
      batch_size                         = 5
      maximum_batching_window_in_seconds = 1
    }
  }
  target_parameters {
    input_template = "{\"a\": <$.body>}"
    kinesis_stream_parameters { partition_key = "$.messageId" }
  }
  tags = { team = "blue" }
}
resource "aws_schemas_registry" "r" {
  name        = "r"
  description = "d"
}
resource "aws_schemas_schema" "s" {
  name          = "s"
  registry_name = aws_schemas_registry.r.name
  type          = "OpenApi3"
  content       = jsonencode({ openapi = "3.0.0", info = { version = "1.0.0", title = "E" }, paths = {}, components = { schemas = { E = { type = "object", properties = { a = { type = "string" } } } } } })
}
resource "aws_schemas_registry_policy" "p" {
  registry_name = aws_schemas_registry.r.name
  policy        = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "x", Effect = "Allow", Principal = { AWS = "123456789012" }, Action = ["schemas:*"], Resource = [aws_schemas_registry.r.arn] }] })
}
resource "aws_schemas_discoverer" "d" {
  source_arn  = aws_cloudwatch_event_bus.orders.arn
  description = "x"
}
resource "aws_cloudwatch_event_endpoint" "e" {
  name = "e"
  event_bus { event_bus_arn = aws_cloudwatch_event_bus.orders.arn }
  event_bus { event_bus_arn = aws_cloudwatch_event_bus.west.arn }
  replication_config { state = "DISABLED" }
  routing_config {
    failover_config {
      primary { health_check = "arn:aws:route53:::healthcheck/1" }
      secondary { route = "us-west-2" }
    }
  }
}
provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
resource "aws_cloudwatch_event_bus" "west" {
  provider = aws.west
  name     = "orders"
}
resource "aws_sns_topic" "news" {
  name            = "news"
  display_name    = "News"
  delivery_policy = jsonencode({ http = { defaultHealthyRetryPolicy = { minDelayTarget = 20, maxDelayTarget = 20, numRetries = 3 } } })
  tags            = { team = "blue" }
}
resource "aws_sns_topic" "fifo" {
  name                        = "n.fifo"
  fifo_topic                  = true
  content_based_deduplication = true
}
resource "aws_sns_topic_policy" "p" {
  arn    = aws_sns_topic.news.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.news.arn }] })
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn            = aws_sns_topic.news.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.q.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ kind = ["a", { prefix = "b" }] })
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn })
}
resource "aws_cloudwatch_event_target" "news" {
  rule           = aws_cloudwatch_event_rule.r.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sns_topic.news.arn
}
data "aws_cloudwatch_event_bus" "o" { name = aws_cloudwatch_event_bus.orders.name }
data "aws_cloudwatch_event_connection" "c" { name = aws_cloudwatch_event_connection.c.name }
data "aws_cloudwatch_event_buses" "all" { depends_on = [aws_cloudwatch_event_bus.orders] }
"""
CHANGES = {
    '"rate(5 minutes)"': '"cron(0 12 ? * MON *)"',
    'description = "all orders"': 'description = "some orders"',
    "retention_days   = 7": "retention_days   = 9",
    'value = "secret"': 'value = "other"',
    "batch_size                         = 5": "batch_size                         = 6",
    '"Europe/Berlin"': '"America/New_York"',
    "maximum_window_in_minutes = 15": "maximum_window_in_minutes = 16",
    'title = "E"': 'title = "F"',
    'message_group_id = "g"': 'message_group_id = "h"',
    'team = "blue"': 'team = "red"',
    '"News"': '"All news"',
    'kind = ["a"': 'kind = ["c"',
    "raw_message_delivery = true": "raw_message_delivery = false",
    "invocation_rate_limit_per_second = 20": "invocation_rate_limit_per_second = 30",
}


@pytest.mark.slow
@needs_terraform
def test_the_second_plan_is_empty(virga, aws, account, tmp_path):
    events, scheduler, pipes, schemas, sns = aws("events"), aws("scheduler"), aws("pipes"), aws("schemas"), aws("sns")
    with applied(tmp_path, virga, account, RESOURCES, CHANGES):
        assert [b["Name"] for b in events.list_event_buses()["EventBuses"]] == ["default", "orders"]
        assert events.describe_rule(Name="sched")["ScheduleExpression"] == "cron(0 12 ? * MON *)"
        assert scheduler.get_schedule(Name="s", GroupName="g")["ScheduleExpressionTimezone"] == "America/New_York"
        assert pipes.describe_pipe(Name="p")["SourceParameters"]["SqsQueueParameters"]["BatchSize"] == 6
        assert schemas.describe_schema(RegistryName="r", SchemaName="s")["SchemaVersion"] == "2"
        (subscription,) = sns.list_subscriptions()["Subscriptions"]
        shown = sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])["Attributes"]
        assert (shown["RawMessageDelivery"], shown["FilterPolicy"]) == ("false", '{"kind":["c",{"prefix":"b"}]}')
        assert sns.get_topic_attributes(TopicArn=subscription["TopicArn"])["Attributes"]["DisplayName"] == "All news"
    assert [b["Name"] for b in events.list_event_buses()["EventBuses"]] == ["default"]
    assert events.list_rules()["Rules"] == scheduler.list_schedules()["Schedules"] == pipes.list_pipes()["Pipes"] == []
    assert sns.list_topics()["Topics"] == sns.list_subscriptions()["Subscriptions"] == []
