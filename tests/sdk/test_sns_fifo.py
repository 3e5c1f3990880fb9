"""FIFO topics: order, deduplication, sequence numbers."""
import json

from event_support import attributes_of
from sns_support import text, world  # noqa: F401

INVALID = "InvalidParameter"


def fifo_queue(world, name="inbox.fifo"):
    return world.queue(name, FifoQueue="true")


def test_a_fifo_queue_gets_groups_in_order_and_ids(world):
    topic, queue = world.topic("n.fifo", FifoTopic="true"), fifo_queue(world)
    world.subscribe(topic, queue, RawMessageDelivery="true")
    sequences = [world.sns.publish(TopicArn=topic, Message=f"{g}{i}", MessageGroupId=g, MessageDeduplicationId=f"{g}{i}")["SequenceNumber"] for i in range(3) for g in "ab"]
    world.virga.wait()
    assert all(len(s) == 20 and s.isdigit() for s in sequences) and sequences == sorted(set(sequences))
    messages = queue.messages()
    for group in "ab":
        assert [m["Body"] for m in messages if m["Attributes"]["MessageGroupId"] == group] == [group + i for i in "012"]
    assert all(m["Attributes"]["MessageDeduplicationId"] == m["Body"] for m in messages)


def test_its_envelope_has_a_sequence_number_and_no_signature(world):
    topic, queue = world.topic("n.fifo", FifoTopic="true", ContentBasedDeduplication="true"), fifo_queue(world)
    world.subscribe(topic, queue)
    sent = world.publish(topic, "hello", MessageGroupId="g")
    (body,) = [json.loads(b) for b in queue.bodies()]
    assert body["SequenceNumber"] == sent["SequenceNumber"] and body["Message"] == "hello" and "UnsubscribeURL" in body
    assert not {"Signature", "SignatureVersion", "SigningCertURL"} & set(body)


def test_duplicates_are_answered_for_five_minutes(world):
    topic, queue = world.topic("n.fifo", FifoTopic="true", ContentBasedDeduplication="true"), world.queue()  # a standard queue can listen too
    world.subscribe(topic, queue, RawMessageDelivery="true")

    def publish(message="same", group="g", **more):
        answer = world.publish(topic, message, MessageGroupId=group, **more)
        return answer["MessageId"], answer["SequenceNumber"]

    first = publish()
    assert publish() == publish(group="other") == first != publish("else") and publish(MessageDeduplicationId="mine") != first
    assert sorted(queue.bodies()) == ["else", "same", "same"]
    world.virga.advance(seconds=299)
    assert publish() == first
    world.virga.advance(seconds=2)
    assert publish() != first and queue.bodies() == ["same"]


def test_the_scope_of_deduplication_can_be_the_group(world):
    topic = world.topic("n.fifo", FifoTopic="true", ContentBasedDeduplication="true", FifoThroughputScope="MessageGroup")
    ids = [world.publish(topic, "same", MessageGroupId=g)["MessageId"] for g in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]


def test_what_fifo_topics_refuse(world):
    topic, standard = world.topic("n.fifo", FifoTopic="true"), world.topic()

    def refused(**more):
        return world.refused("publish", TopicArn=topic, Message="m", **more)

    assert refused(MessageDeduplicationId="d") == (INVALID, "Invalid parameter: The MessageGroupId parameter is required for FIFO topics")
    assert refused(MessageGroupId="g") == (
        INVALID, "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    )
    assert refused(MessageGroupId="g" * 129, MessageDeduplicationId="d")[0] == INVALID
    assert world.refused("subscribe", TopicArn=standard, Protocol="sqs", Endpoint=fifo_queue(world).arn) == (
        INVALID, "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
    )
    assert world.refused("subscribe", TopicArn=topic, Protocol="https", Endpoint="https://example.com")[0] == INVALID
    redrive = json.dumps({"deadLetterTargetArn": world.queue("dead").arn})
    assert world.refused("subscribe", TopicArn=topic, Protocol="sqs", Endpoint=fifo_queue(world).arn, Attributes={"RedrivePolicy": redrive}) == (
        INVALID, "Invalid parameter: Attributes Reason: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
    )


def test_a_batch_keeps_its_order_and_its_failures(world):
    topic, queue = world.topic("n.fifo", FifoTopic="true"), fifo_queue(world)
    world.subscribe(topic, queue, RawMessageDelivery="true")
    entries = [{"Id": str(i), "Message": str(i), "MessageGroupId": "g", "MessageDeduplicationId": str(i)} for i in range(4)]
    del entries[2]["MessageGroupId"]
    answer = world.sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    world.virga.wait()
    assert [f["Id"] for f in answer["Failed"]] == ["2"] and all("SequenceNumber" in s for s in answer["Successful"])
    assert queue.bodies() == ["0", "1", "3"]


def test_dead_letters_of_a_fifo_topic_keep_group_and_id(world):
    topic, gone, dead = world.topic("n.fifo", FifoTopic="true"), fifo_queue(world, "gone.fifo"), fifo_queue(world, "dead.fifo")
    world.subscribe(topic, gone, RawMessageDelivery="true", RedrivePolicy={"deadLetterTargetArn": dead.arn})
    world.sqs.delete_queue(QueueUrl=gone.url)
    world.publish(topic, "m", MessageGroupId="g", MessageDeduplicationId="d", MessageAttributes={"k": text("v")})
    (letter,) = dead.messages()
    assert letter["Body"] == "m" and attributes_of(letter)["k"] == "v" and attributes_of(letter)["ErrorCode"] == "QueueDoesNotExist"
    assert (letter["Attributes"]["MessageGroupId"], letter["Attributes"]["MessageDeduplicationId"]) == ("g", "d")


def test_a_group_of_a_standard_topic_reaches_standard_queues(world):
    topic, queue = world.topic(), world.queue()
    world.subscribe(topic, queue, RawMessageDelivery="true")
    world.publish(topic, "m", MessageGroupId="tenant")
    (message,) = queue.messages()
    assert message["Attributes"]["MessageGroupId"] == "tenant"
