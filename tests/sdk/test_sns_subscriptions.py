"""Subscriptions: how they are made, confirmed, listed, changed and ended."""
import json

from sns_support import world  # noqa: F401

INVALID = "InvalidParameter"
PENDING = "pending confirmation"


def test_a_subscription_is_made_once(world):
    topic, queue = world.topic(), world.queue()
    arn = world.subscribe(topic, queue)
    assert arn.startswith(topic + ":") and world.subscribe(topic, queue) == arn
    assert world.subscription(arn) == {
        "SubscriptionArn": arn, "TopicArn": topic, "Protocol": "sqs", "Endpoint": queue.arn, "Owner": world.account, "PendingConfirmation": "false",
        "ConfirmationWasAuthenticated": "true", "RawMessageDelivery": "false", "SubscriptionPrincipal": f"arn:aws:iam::{world.account}:root"
    }
    again = world.refused("subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes={"RawMessageDelivery": "true"})
    assert again == (INVALID, "Invalid parameter: Attributes Reason: Subscription already exists with different attributes")
    assert world.subscribe(topic, queue, RawMessageDelivery="false") == arn
    assert world.attributes(topic)["SubscriptionsConfirmed"] == "1"
    for _ in range(2):  # ending what has ended is no error
        world.sns.unsubscribe(SubscriptionArn=arn)
    assert world.refused("get_subscription_attributes", SubscriptionArn=arn) == ("NotFound", "Subscription does not exist")
    shown = world.attributes(topic)
    assert (shown["SubscriptionsConfirmed"], shown["SubscriptionsDeleted"]) == ("0", "1")
    assert world.subscribe(topic, queue) != arn


def test_endpoints_that_do_not_fit_their_protocol(world):
    topic, account = world.topic(), world.account

    def refused(protocol, endpoint):
        code, message = world.refused("subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
        assert code == INVALID
        return message.removeprefix("Invalid parameter: ")

    assert refused("smoke", "x") == "Amazon SNS does not support this protocol string: smoke"
    assert refused("http", "https://example.com") == refused("https", "http://example.com") == "Endpoint must match the specified protocol"
    assert refused("sqs", "http://example.com/q") == refused("sqs", f"arn:aws:sns:us-east-1:{account}:x") == "SQS endpoint ARN"
    assert refused("lambda", "f") == "Lambda endpoint ARN" and refused("sms", "me") == "Invalid SMS endpoint: me"
    assert refused("email", "me") == "Email address" and refused("firehose", "x") == "Firehose endpoint ARN"
    assert world.refused("subscribe", TopicArn=topic + "x", Protocol="sms", Endpoint="+15551234567") == ("NotFound", "Topic does not exist")


def test_attributes_that_are_refused(world):
    topic, queue = world.topic(), world.queue()
    arn = world.subscribe(topic, queue)

    def refused(name, value):
        """What Subscribe and SetSubscriptionAttributes say alike, but for a prefix of the former."""
        first = world.refused("subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue.arn + "2", Attributes={name: value})
        second = world.refused("set_subscription_attributes", SubscriptionArn=arn, AttributeName=name, AttributeValue=value)
        assert first == (INVALID, second[1].replace("Invalid parameter: ", "Invalid parameter: Attributes Reason: ")) and second[0] == INVALID
        return second[1].removeprefix("Invalid parameter: ")

    assert refused("Owner", "x") == "AttributeName"
    assert refused("RawMessageDelivery", "yes") == "RawMessageDelivery: Invalid value [yes]. Must be true or false."
    assert refused("FilterPolicyScope", "All") == "FilterPolicyScope: Invalid value [All]. Please use either MessageBody or MessageAttributes"
    assert refused("RedrivePolicy", "{") == "RedrivePolicy: failed to parse JSON."
    assert refused("RedrivePolicy", '{"deadLetterTargetArn":"x"}') == "RedrivePolicy: deadLetterTargetArn is an invalid arn"
    assert refused("DeliveryPolicy", '{"healthyRetryPolicy":{"numRetries":200}}').startswith("DeliveryPolicy: ")
    assert refused("SubscriptionRoleArn", "r") == "SubscriptionRoleArn" and refused("ReplayPolicy", "{}") == "ReplayPolicy"
    mail = world.refused("subscribe", TopicArn=topic, Protocol="email", Endpoint="a@b.c", Attributes={"RawMessageDelivery": "true"})
    assert mail == (INVALID, "Invalid parameter: Attributes Reason: Delivery protocol [email] does not support raw message delivery.")
    assert world.subscription(arn)["RawMessageDelivery"] == "false"


def test_arns_that_name_no_subscription(world):
    topic = world.topic()
    for operation, more in (("get_subscription_attributes", {}), ("set_subscription_attributes", {"AttributeName": "RawMessageDelivery", "AttributeValue": "true"})):
        assert world.refused(operation, SubscriptionArn=topic + ":x", **more) == ("NotFound", "Subscription does not exist")
        assert world.refused(operation, SubscriptionArn=topic, **more) == (INVALID, "Invalid parameter: SubscriptionId")
        assert world.refused(operation, SubscriptionArn=PENDING, **more)[1] == "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"
    assert world.refused("unsubscribe", SubscriptionArn="PendingConfirmation")[0] == INVALID


def test_lists_come_in_pages_of_a_hundred(world):
    one, other = world.topic("one"), world.topic("other")
    numbers = [f"+1555{i:07}" for i in range(101)]
    arns = [world.sns.subscribe(TopicArn=one, Protocol="sms", Endpoint=n)["SubscriptionArn"] for n in numbers]
    last = world.sns.subscribe(TopicArn=other, Protocol="sms", Endpoint=numbers[0])["SubscriptionArn"]
    first = world.sns.list_subscriptions()
    assert [s["SubscriptionArn"] for s in first["Subscriptions"]] == arns[:100]
    assert first["Subscriptions"][0] == {"SubscriptionArn": arns[0], "Owner": world.account, "Protocol": "sms", "Endpoint": numbers[0], "TopicArn": one}
    assert [s["SubscriptionArn"] for s in world.sns.list_subscriptions(NextToken=first["NextToken"])["Subscriptions"]] == [arns[100], last]
    page = world.sns.list_subscriptions_by_topic(TopicArn=one)
    rest = world.sns.list_subscriptions_by_topic(TopicArn=one, NextToken=page["NextToken"])
    assert [s["SubscriptionArn"] for s in rest["Subscriptions"]] == arns[100:] and "NextToken" not in rest
    assert world.refused("list_subscriptions", NextToken="made up") == (INVALID, "Invalid parameter: NextToken")
    assert world.refused("list_subscriptions_by_topic", TopicArn=one + "x") == ("NotFound", "Topic does not exist")
    world.sns.delete_topic(TopicArn=one)
    assert [s["SubscriptionArn"] for s in world.sns.list_subscriptions()["Subscriptions"]] == [last]


def token_of(world, arn):
    return world.virga.get("/_aws/sns/subscription-tokens/" + arn)["subscription_token"]


def test_a_mailbox_has_to_confirm(world):
    topic = world.topic()
    assert world.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")["SubscriptionArn"] == PENDING
    arn = world.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert [s["SubscriptionArn"] for s in world.sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]] == ["PendingConfirmation"]
    assert (world.attributes(topic)["SubscriptionsPending"], world.subscription(arn)["PendingConfirmation"]) == ("1", "true")
    assert world.refused("confirm_subscription", TopicArn=topic, Token="x") == (INVALID, "Invalid parameter: Token")
    world.publish(topic, "too early")
    for _ in range(2):
        assert world.sns.confirm_subscription(TopicArn=topic, Token=token_of(world, arn))["SubscriptionArn"] == arn
    world.publish(topic, "in time", Subject="S")
    sent = world.virga.get(f"/_aws/sns/email-messages?accountId={world.account}")["email_messages"]["a@example.com"]
    assert [m["Message"].split(" ")[0] for m in sent] == ["You", "You", "in"] and sent[-1]["Subject"] == "S"  # both requests to subscribe were sent a token
    assert world.subscription(arn)["PendingConfirmation"] == "false"


def test_who_does_not_confirm_in_two_days_is_forgotten(world):
    topic = world.topic()
    arn = world.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)["SubscriptionArn"]
    token = token_of(world, arn)
    world.virga.advance(seconds=2 * 86400 - 60)
    assert world.subscription(arn)["PendingConfirmation"] == "true"
    world.virga.advance(seconds=61)
    assert world.refused("get_subscription_attributes", SubscriptionArn=arn)[0] == "NotFound"
    assert world.refused("confirm_subscription", TopicArn=topic, Token=token) == (INVALID, "Invalid parameter: Token")


def test_delivery_policies_of_subscriptions(world):
    topic = world.topic()
    own = {"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 5, "numRetries": 4}, "requestPolicy": {"headerContentType": "application/json"}}
    arn = world.sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/", ReturnSubscriptionArn=True, Attributes={"DeliveryPolicy": json.dumps(own)})["SubscriptionArn"]

    def effective():
        return json.loads(world.subscription(arn)["EffectiveDeliveryPolicy"])

    assert effective()["healthyRetryPolicy"]["numRetries"] == 4 and effective()["requestPolicy"] == {"headerContentType": "application/json"}
    of_topic = {"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 2, "maxDelayTarget": 3, "numRetries": 7}, "disableSubscriptionOverrides": True}}
    world.sns.set_topic_attributes(TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue=json.dumps(of_topic))
    assert effective()["healthyRetryPolicy"]["numRetries"] == 7
