"""Publish and PublishBatch: what is refused, and what queues and functions get."""
import json

from event_support import attributes_of
from sns_support import number, text, texts, world  # noqa: F401
from test_event_targets import function, lines

INVALID = "InvalidParameter"


def test_a_queue_gets_an_envelope(world):
    topic, queue = world.topic(), world.queue()
    arn = world.subscribe(topic, queue)
    sent = world.publish(topic, 'say "hi"\n', Subject="News", MessageAttributes={"kind": text("a"), "n": number(1.50), "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}})
    (message,) = queue.messages()
    body = json.loads(message["Body"])
    assert list(body) == [
        "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes"
    ]
    assert (body["Type"], body["MessageId"], body["TopicArn"], body["Subject"], body["Message"]) == ("Notification", sent["MessageId"], topic, "News", 'say "hi"\n')
    assert body["MessageAttributes"] == {"kind": {"Type": "String", "Value": "a"}, "n": {"Type": "Number", "Value": "1.5"}, "b": {"Type": "Binary", "Value": "AP8="}}
    assert body["SignatureVersion"] == "1" and body["UnsubscribeURL"] == f"{world.virga.endpoint}/?Action=Unsubscribe&SubscriptionArn={arn}"
    assert message["Body"].startswith('{\n  "Type" : "Notification",\n  "MessageId" : ') and "SequenceNumber" not in sent
    assert "MessageAttributes" not in message and message["Attributes"]["AWSTraceHeader"].startswith("Root=")
    world.publish(topic, "plain")
    (plain,) = queue.bodies()
    assert not {"Subject", "MessageAttributes"} & set(json.loads(plain))


def test_raw_delivery_copies_the_message_and_its_attributes(world):
    topic, queue = world.topic(), world.queue()
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    assert world.subscription(arn)["RawMessageDelivery"] == "true"
    world.publish(topic, "as it is", Subject="dropped", MessageAttributes={"kind": texts("a", "b"), "bytes": {"DataType": "Binary.png", "BinaryValue": b"\x89"}})
    (message,) = queue.messages()
    assert message["Body"] == "as it is"
    assert message["MessageAttributes"]["kind"] == {"DataType": "String.Array", "StringValue": '["a", "b"]'}
    assert message["MessageAttributes"]["bytes"] == {"DataType": "Binary.png", "BinaryValue": b"\x89"}


def test_a_function_is_invoked_with_a_record(world):
    topic = world.topic()
    arn = function(world, "import json\ndef handler(event, context): print('got', json.dumps(event))")
    subscription = world.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)["SubscriptionArn"]
    sent = world.publish(topic, "hello", MessageAttributes={"kind": text("a")})
    world.publish(topic, "again", Subject="S")
    first, second = [json.loads(line.split(" ", 1)[1])["Records"][0] for line in lines(world, "/aws/lambda/f", "got")]
    assert {k: first[k] for k in ("EventSource", "EventVersion", "EventSubscriptionArn")} == {
        "EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription
    }
    sns = first["Sns"]
    assert (sns["Type"], sns["MessageId"], sns["TopicArn"], sns["Subject"], sns["Message"]) == ("Notification", sent["MessageId"], topic, None, "hello")
    assert sns["MessageAttributes"] == {"kind": {"Type": "String", "Value": "a"}}
    assert {"SigningCertUrl", "UnsubscribeUrl", "Signature", "SignatureVersion", "Timestamp"} < set(sns)
    assert second["Sns"]["Subject"] == "S" and second["Sns"]["MessageAttributes"] == {}


def test_each_protocol_can_have_a_text_of_its_own(world):
    topic, queue = world.topic(), world.queue()
    world.subscribe(topic, queue, RawMessageDelivery="true")
    world.publish(topic, json.dumps({"default": "d", "sqs": "for queues", "lambda": "for functions"}), MessageStructure="json")
    world.publish(topic, json.dumps({"default": "d", "sqs": 5}), MessageStructure="json")
    assert queue.bodies() == ["for queues", "d"]

    def refused(message, structure="json"):
        return world.refused("publish", TopicArn=topic, Message=message, MessageStructure=structure)

    assert refused("{") == (INVALID, "Invalid parameter: Message Structure - JSON message body failed to parse")
    assert refused('{"sqs":"x"}') == (INVALID, "Invalid parameter: Message Structure - No default entry in JSON message body")
    assert refused("x", "xml")[0] == INVALID


def test_messages_that_are_refused(world):
    topic = world.topic()

    def refused(**more):
        return world.refused("publish", **{"TopicArn": topic, "Message": "m", **more})

    assert refused(Message="") == (INVALID, "Invalid parameter: Empty message")
    assert refused(Message="x" * 262145) == (INVALID, "Invalid parameter: Message too long")
    assert refused(Message="x" * 262140, MessageAttributes={"a": text("b")}) == (INVALID, "Invalid parameter: Message too long")
    for subject in ("", "x" * 101, "two\nlines", "\x01"):
        assert refused(Subject=subject) == (INVALID, "Invalid parameter: Subject"), subject
    assert refused(TopicArn=topic + "x") == ("NotFound", "Topic does not exist")
    assert refused(TopicArn="news")[1] == "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
    assert refused(TargetArn=topic)[0] == INVALID
    assert refused(MessageDeduplicationId="d")[0] == INVALID
    assert world.refused("publish", Message="m") == (INVALID, "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter")
    bad = "ParameterValueInvalid"
    assert refused(MessageAttributes={"a": {"DataType": "Text", "StringValue": "x"}}) == (
        bad, "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
    )
    assert refused(MessageAttributes={"a": {"DataType": "String"}}) == (
        bad, "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'."
    )
    assert refused(MessageAttributes={"a": number("ten")}) == (bad, "Could not cast message attribute 'a' value to number.")
    assert refused(MessageAttributes={"a..b": text("x")})[0] == bad
    assert world.sns.publish(TargetArn=topic, Message="x" * 262144)["MessageId"]


def batch(*messages, **more):
    return [{"Id": str(i), "Message": m, **more} for i, m in enumerate(messages)]


def test_a_batch_is_published_entry_by_entry(world):
    topic, queue = world.topic(), world.queue()
    world.subscribe(topic, queue, RawMessageDelivery="true")
    entries = batch("a", "b") + [{"Id": "bad", "Message": ""}, {"Id": "c", "Message": "c", "Subject": "S", "MessageAttributes": {"k": text("v")}}]
    answer = world.sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    world.virga.wait()
    assert [s["Id"] for s in answer["Successful"]] == ["0", "1", "c"] and len({s["MessageId"] for s in answer["Successful"]}) == 3
    assert answer["Failed"] == [{"Id": "bad", "Code": INVALID, "Message": "Invalid parameter: Empty message", "SenderFault": True}]
    messages = queue.messages()
    assert [m["Body"] for m in messages] == ["a", "b", "c"] and attributes_of(messages[2]) == {"k": "v"}


def test_batches_that_are_refused(world):
    topic = world.topic()

    def refused(entries):
        return world.refused("publish_batch", TopicArn=topic, PublishBatchRequestEntries=entries)

    assert refused([]) == ("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    assert refused(batch(*"abcdefghijk")) == ("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
    assert refused(batch("a") + batch("b")) == ("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
    assert refused([{"Id": "a b", "Message": "m"}]) == ("InvalidBatchEntryId", "The Id of a batch entry in a batch request doesn't abide by the specification.")
    assert refused(batch("x" * 130000, "y" * 130000, MessageAttributes={"a": text("z" * 2000)})) == ("BatchRequestTooLong", "The length of all the batch messages put together is more than the limit.")
    assert world.refused("publish_batch", TopicArn=topic + "x", PublishBatchRequestEntries=batch("m")) == ("NotFound", "Topic does not exist")


def test_a_message_goes_to_every_subscription_and_across_regions(world):
    topic, near, far = world.topic(), world.queue("near"), world.queue("far", region="eu-west-1")
    for queue in (near, far):
        world.subscribe(topic, queue, RawMessageDelivery="true")
    world.publish(topic, "both")
    assert near.bodies() == far.bodies() == ["both"]


def test_another_account_publishes(world, virga):
    from conftest import make_client

    topic, queue = world.topic(), world.queue()
    world.subscribe(topic, queue, RawMessageDelivery="true")
    make_client("sns", virga.endpoint, "888888888888").publish(TopicArn=topic, Message="from afar")
    virga.wait()
    assert queue.bodies() == ["from afar"]


def test_what_cannot_be_delivered_goes_to_the_dead_letters(world):
    topic, dead, gone = world.topic(), world.queue("dead"), world.queue("gone")
    redrive = {"deadLetterTargetArn": dead.arn}
    arn = world.subscribe(topic, gone, RedrivePolicy=redrive)
    assert json.loads(world.subscription(arn)["RedrivePolicy"]) == redrive
    world.sqs.delete_queue(QueueUrl=gone.url)
    world.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=f"arn:aws:lambda:us-east-1:{world.account}:function:none", Attributes={"RedrivePolicy": json.dumps(redrive)})
    world.publish(topic, "lost")
    letters = dead.messages()
    assert sorted(attributes_of(m)["ErrorCode"] for m in letters) == ["QueueDoesNotExist", "ResourceNotFoundException"]
    for letter in letters:
        assert json.loads(letter["Body"])["Message"] == "lost" and set(attributes_of(letter)) == {"RequestID", "ErrorCode", "ErrorMessage"}
    world.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="RawMessageDelivery", AttributeValue="true")
    world.publish(topic, "raw", MessageAttributes={"k": text("v")})
    bodies = {m["Body"]: attributes_of(m) for m in dead.messages() if m["Body"] == "raw"}
    assert bodies["raw"]["k"] == "v"


def test_a_delivery_stream_gets_a_line(world, aws):
    aws("s3").create_bucket(Bucket="sns-lake-" + world.account)
    role = "arn:aws:iam::123456789012:role/r"
    aws("firehose").create_delivery_stream(
        DeliveryStreamName="lake", ExtendedS3DestinationConfiguration={"BucketARN": "arn:aws:s3:::sns-lake-" + world.account, "RoleARN": role, "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60}}
    )
    topic, endpoint = world.topic(), f"arn:aws:firehose:us-east-1:{world.account}:deliverystream/lake"
    assert world.refused("subscribe", TopicArn=topic, Protocol="firehose", Endpoint=endpoint)[0] == INVALID  # without a role
    world.sns.subscribe(TopicArn=topic, Protocol="firehose", Endpoint=endpoint, Attributes={"SubscriptionRoleArn": role})
    world.publish(topic, "one")
    world.publish(topic, "two", Subject="S")
    world.virga.advance(seconds=61)
    s3 = aws("s3")
    (stored,) = s3.list_objects_v2(Bucket="sns-lake-" + world.account)["Contents"]
    records = [json.loads(line) for line in s3.get_object(Bucket="sns-lake-" + world.account, Key=stored["Key"])["Body"].read().splitlines()]
    assert [(r["Message"], r.get("Subject"), "Signature" in r, r["Type"]) for r in records] == [("one", None, False, "Notification"), ("two", "S", False, "Notification")]
