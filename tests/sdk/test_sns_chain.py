"""Who publishes to topics: S3 (scenario 49, and 48 of S3), rules, schedules, pipes, functions' destinations; and the way on from there."""
import json

import pytest

from event_support import attributes_of, entry
from scheduler_support import World as Schedules
from sns_support import world  # noqa: F401
from test_event_targets import function, lines

ROLE = "arn:aws:iam::123456789012:role/r"
SAY = "import json\ndef handler(event, context): print('got', json.dumps(event))"


def bodies(queue):
    """The messages in the envelopes that a queue got."""
    return [json.loads(body) for body in queue.bodies()]


@pytest.fixture
def heard(world):
    """A topic and a queue that hears it."""
    topic, queue = world.topic(), world.queue()
    world.subscribe(topic, queue)
    return topic, queue


def test_scenario_49_an_object_is_heard_of_by_a_function_behind_topic_and_queue(world, aws):
    bucket, key, s3 = "sns-in-" + world.account, "a b&c/é.txt", aws("s3")
    topic, queue = world.topic(), world.queue()
    world.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Statement": [{
        "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish", "Resource": topic, "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:*:*:{bucket}"}}
    }]}))
    world.subscribe(topic, queue)
    function(world, SAY)
    aws("lambda").create_event_source_mapping(EventSourceArn=queue.arn, FunctionName="f")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]})
    s3.put_object(Bucket=bucket, Key=key, Body=b"abc")
    s3.delete_object(Bucket=bucket, Key=key)
    world.virga.wait()
    events = [json.loads(line.split(" ", 1)[1]) for line in lines(world, "/aws/lambda/f", "got")]
    envelopes = [json.loads(record["body"]) for e in events for record in e["Records"]]
    assert all(e["Subject"] == "Amazon S3 Notification" and e["TopicArn"] == topic for e in envelopes)
    messages = [json.loads(e["Message"]) for e in envelopes]
    assert [m["Event"] for m in messages if "Event" in m] == ["s3:TestEvent"]
    (record,) = [r for m in messages for r in m.get("Records", [])]
    assert (record["eventName"], record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]) == ("ObjectCreated:Put", bucket, "a+b%26c/%C3%A9.txt")

    newest = world.virga.get("/_virga/trace?resource=" + topic)["spans"][0]["trace"]
    tree = json.dumps(world.virga.get("/_virga/trace/" + newest))
    assert all(f'"{name}"' in tree for name in ("s3:PutObject", "sns:Publish", "sns.deliver", "sqs:SendMessage", "lambda:f"))


def test_topics_that_s3_refuses(world, aws):
    s3, bucket = aws("s3"), "sns-refused-" + world.account
    s3.create_bucket(Bucket=bucket)
    west = aws("sns", region="us-west-2").create_topic(Name="news")["TopicArn"]
    for topic in (west, world.topic("n.fifo", FifoTopic="true"), f"arn:aws:sns:us-east-1:{world.account}:none"):
        with pytest.raises(s3.exceptions.ClientError, match="Unable to validate the following destination configurations"):
            s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]})


def test_a_rule_publishes_what_its_target_gets(world, heard):
    topic, queue = heard
    world.rule("r", {"source": ["shop"]}, {"Arn": topic, "InputPath": "$.detail"})
    world.put(entry())
    (message,) = bodies(queue)
    assert (message["TopicArn"], message["Message"], "Subject" in message) == (topic, '{"n":1}', False)


def test_a_rule_whose_topic_is_gone_has_dead_letters(world):
    topic, dead = world.topic(), world.queue("dead")
    world.rule("r", {"source": ["shop"]}, {"Arn": topic, "DeadLetterConfig": {"Arn": dead.arn}})
    world.sns.delete_topic(TopicArn=topic)
    world.put(entry())
    (letter,) = dead.messages()
    assert attributes_of(letter)["ERROR_CODE"] == "NO_RESOURCE" and attributes_of(letter)["TARGET_ARN"] == topic


def test_schedules_publish_by_template_and_by_any_operation(world, heard):
    topic, queue = heard
    schedules = Schedules(world.virga, world.aws, world.account)
    schedules.create("templated", schedules.at(60), {"Arn": topic, "Input": "by template"})
    schedules.create("universal", schedules.at(120), {"Arn": "arn:aws:scheduler:::aws-sdk:sns:publish", "Input": json.dumps({"TopicArn": topic, "Message": "by operation", "Subject": "S"})})
    world.virga.advance(seconds=121)
    assert [(m["Message"], m.get("Subject")) for m in bodies(queue)] == [("by template", None), ("by operation", "S")]


def test_a_pipe_publishes_in_batches(world, heard, aws):
    topic, queue = heard
    source = world.queue("source")
    aws("pipes").create_pipe(Name="p", Source=source.arn, Target=topic, RoleArn=ROLE, TargetParameters={"InputTemplate": '{"got": <$.body>}'})
    world.virga.wait()
    for i in range(12):
        world.sqs.send_message(QueueUrl=source.url, MessageBody=json.dumps({"n": i}))
    world.virga.wait()
    assert sorted(json.loads(m["Message"])["got"]["n"] for m in bodies(queue)) == list(range(12))


def test_destinations_and_dead_letters_of_functions(world, heard, aws):
    topic, queue = heard
    arn = function(world, "def handler(event, context):\n    if event.get('fail'): raise ValueError('no')\n    return {'ok': 1}", DeadLetterConfig={"TargetArn": topic})
    client = aws("lambda")
    destinations = {"OnSuccess": {"Destination": topic}, "OnFailure": {"Destination": topic}}
    client.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0, DestinationConfig=destinations)
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"n":1}')
    world.virga.wait()
    record = json.loads(bodies(queue)[0]["Message"])
    assert (record["requestContext"]["condition"], record["responsePayload"], record["requestContext"]["functionArn"]) == ("Success", {"ok": 1}, arn + ":$LATEST")
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"fail":1}')
    world.virga.wait()
    messages = bodies(queue)
    (failure,) = [json.loads(m["Message"]) for m in messages if "MessageAttributes" not in m]
    assert failure["requestContext"]["condition"] == "RetriesExhausted" and failure["requestPayload"] == {"fail": 1}
    (letter,) = [m for m in messages if "MessageAttributes" in m]
    assert json.loads(letter["Message"]) == {"fail": 1} and letter["MessageAttributes"]["ErrorMessage"] == {"Type": "String", "Value": "no"}
