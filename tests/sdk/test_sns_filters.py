"""Filter policies (scenario 46): every operator in both scopes, choices, and what is refused."""
import json

import pytest

from sns_support import number, text, texts, world  # noqa: F401

# A policy, attributes that it wants and attributes that it does not.
CASES = {
    "exact": ({"k": ["a", "b"]}, [text("a"), text("b"), texts("x", "b")], [text("A"), text("ab"), texts("x")]),
    "number": ({"k": [10, 0.5]}, [number(10), number("10.0"), number(0.5)], [number(11), text("10"), text("x")]),
    "string and number": ({"k": ["10"]}, [text("10")], [number(10)]),
    "literals": ({"k": [True, None]}, [texts(True), texts("x", None)], [texts(False), text("true")]),
    "prefix": ({"k": [{"prefix": "ab"}]}, [text("abc"), texts("x", "ab")], [text("xab"), number(12)]),
    "suffix": ({"k": [{"suffix": "bc"}]}, [text("abc")], [text("bcx")]),
    "wildcard": ({"k": [{"wildcard": "a*c"}]}, [text("abbc")], [text("abcd")]),
    "equals-ignore-case": ({"k": [{"equals-ignore-case": "Tennis"}]}, [text("tENNIS")], [text("tennis!")]),
    "anything-but": ({"k": [{"anything-but": ["a", "b"]}]}, [text("c"), texts("a", "c")], [text("a"), texts("a", "b")]),
    "anything-but number": ({"k": [{"anything-but": [1, 2]}]}, [number(3)], [number(1)]),
    "anything-but prefix": ({"k": [{"anything-but": {"prefix": "a"}}]}, [text("b")], [text("ab")]),
    "anything-but suffix": ({"k": [{"anything-but": {"suffix": "a"}}]}, [text("ab")], [text("ba")]),
    "anything-but wildcard": ({"k": [{"anything-but": {"wildcard": "a*c"}}]}, [text("ab")], [text("abc")]),
    "numeric": ({"k": [{"numeric": ["=", 3]}, {"numeric": [">", 10, "<=", 20]}, {"numeric": ["<", -5]}]}, [number(3), number(20), number(-6)], [number(10), number(-5), text("15")]),
    "cidr": ({"k": [{"cidr": "10.0.0.0/24"}]}, [text("10.0.0.7")], [text("10.0.1.7"), text("x")]),
    "exists": ({"k": [{"exists": True}]}, [text("anything")], [None, {"DataType": "Binary", "BinaryValue": b"x"}]),
    "absent": ({"k": [{"exists": False}]}, [None], [text("anything")]),
    "several": ({"k": ["a", {"prefix": "b"}, {"numeric": [">", 5]}]}, [text("a"), text("bc"), number(6)], [text("c"), number(5)]),
}


def body_of(attribute):
    """The same value in the body of a message."""
    if attribute is None:
        return {"other": 1}
    if attribute["DataType"] == "Binary":
        return {"other": "x"}
    return {"k": attribute["StringValue"] if attribute["DataType"] == "String" else json.loads(attribute["StringValue"])}


@pytest.mark.parametrize("name", CASES)
def test_scenario_46_every_operator_on_attributes_and_on_the_body(world, name):
    policy, wanted, unwanted = CASES[name]
    topic, scopes = world.topic(), ("MessageAttributes", "MessageBody")
    queues = [world.queue(scope) for scope in scopes]
    for queue, scope in zip(queues, scopes):
        world.subscribe(topic, queue, RawMessageDelivery="true", FilterPolicy=policy, FilterPolicyScope=scope)
    entries = [
        {"Id": str(i), "Message": json.dumps({**body_of(a), "label": i}), "MessageAttributes": {"k": a} if a else {}} for i, a in enumerate(wanted + unwanted)
    ]
    assert len(world.sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]) == len(entries)
    world.virga.wait()
    for queue in queues:
        assert [json.loads(b)["label"] for b in queue.bodies()] == list(range(len(wanted)))


def test_all_keys_have_to_match_and_a_choice_has_to_match_once(world):
    topic, both, either = world.topic(), world.queue("both"), world.queue("either")
    world.subscribe(topic, both, RawMessageDelivery="true", FilterPolicy={"a": ["1"], "b": ["2"]})
    world.subscribe(topic, either, RawMessageDelivery="true", FilterPolicy={"c": ["3"], "$or": [{"a": ["1"]}, {"b": ["2"]}]})
    for i, attributes in enumerate(({"a": "1"}, {"a": "1", "b": "2"}, {"a": "1", "c": "3"}, {"b": "2", "c": "3"}, {"c": "3"})):
        world.publish(topic, str(i), MessageAttributes={k: text(v) for k, v in attributes.items()})
    assert (both.bodies(), either.bodies()) == (["1"], ["2", "3"])


def test_nested_bodies_and_bodies_that_are_no_objects(world):
    topic, queue = world.topic(), world.queue()
    world.subscribe(topic, queue, RawMessageDelivery="true", FilterPolicyScope="MessageBody", FilterPolicy={"Records": {"s3": {"object": {"key": [{"prefix": "in/"}]}}}})
    fits = json.dumps({"Records": [{"s3": {"object": {"key": "out/x"}}}, {"s3": {"object": {"key": "in/x"}}}]})
    for body in (fits, "plain", "[]", '"in/"', '{"Records": []}', '{"Records": {"s3": {"object": {"key": "in/y"}}}', "{}"):
        world.publish(topic, body, MessageAttributes={"key": text("in/")})
    assert queue.bodies() == [fits]


def test_policies_are_changed_and_taken_away(world):
    topic, queue = world.topic(), world.queue()
    arn = world.subscribe(topic, queue, RawMessageDelivery="true", FilterPolicy={"k": ["a"]})
    shown = world.subscription(arn)
    assert json.loads(shown["FilterPolicy"]) == {"k": ["a"]} and shown["FilterPolicyScope"] == "MessageAttributes"
    world.publish(topic, "1", MessageAttributes={"k": text("b")})
    world.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"k":["b"]}')
    world.publish(topic, "2", MessageAttributes={"k": text("b")})
    world.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicyScope", AttributeValue="MessageBody")
    world.publish(topic, '{"k":"b"}')
    world.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue="{}")
    assert "FilterPolicy" not in world.subscription(arn)
    world.publish(topic, "4")
    assert queue.bodies() == ["2", '{"k":"b"}', "4"]


# A policy as text, its scope, and the reason or how it begins.
REFUSED = [
    ('{"k"', "MessageAttributes", "FilterPolicy: failed to parse JSON."),
    ('{"k": "a"}', "MessageAttributes", 'FilterPolicy: "k" must be an object or an array'),
    ('{"k": []}', "MessageAttributes", "FilterPolicy: Empty arrays are not allowed"),
    ('{"k": [["a"]]}', "MessageAttributes", "FilterPolicy: Match value must be String, number, true, false, or null"),
    ('{"k": [{"near": "a"}]}', "MessageAttributes", "FilterPolicy: Unrecognized match type near"),
    ('{"k": [{"exists": "yes"}]}', "MessageAttributes", "FilterPolicy: exists match pattern must be either true or false."),
    ('{"k": [{"prefix": 1}]}', "MessageAttributes", "FilterPolicy: prefix match pattern must be a string"),
    ('{"k": [{"numeric": []}]}', "MessageAttributes", "FilterPolicy: Invalid member in numeric match: ]"),
    ('{"k": [{"numeric": ["<", "a"]}]}', "MessageAttributes", "FilterPolicy: Value of < must be numeric"),
    ('{"k": [{"numeric": [">", 5, "<", 4]}]}', "MessageAttributes", "FilterPolicy: Bottom must be less than top"),
    ('{"k": [{"prefix": "a", "suffix": "b"}]}', "MessageAttributes", "FilterPolicy: Only one key allowed in match expression"),
    ('{"k": {"l": ["a"]}}', "MessageAttributes", "Filter policy scope MessageAttributes does not support nested filter policy"),
    (json.dumps({k: ["a"] for k in "abcdef"}), "MessageAttributes", "FilterPolicy: Filter policy can not have more than 5 keys"),
    (json.dumps({"k": [str(i) for i in range(151)]}), "MessageAttributes", "FilterPolicy: Filter policy is too complex"),
    (json.dumps({"a": list("abcdefghijklm"), "b": list("abcdefghijkl")}), "MessageAttributes", "FilterPolicy: Filter policy is too complex"),
    (json.dumps({"$or": [{"a": [str(i) for i in range(76)]}, {"b": [str(i) for i in range(75)]}]}), "MessageAttributes", "FilterPolicy: Filter policy is too complex"),
    # Measured on AWS: at this depth 36 values are taken and 40 refused.
    (json.dumps({"Records": {"s3": {"object": {"key": [{"prefix": str(i)} for i in range(40)]}}}}), "MessageBody", "FilterPolicy: Filter policy is too complex"),
]


@pytest.mark.parametrize("policy, scope, reason", REFUSED, ids=[r[2].removeprefix("FilterPolicy: ")[:40] for r in REFUSED])
def test_policies_that_are_refused(world, policy, scope, reason):
    topic, queue = world.topic(), world.queue()
    code, message = world.refused("subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes={"FilterPolicy": policy, "FilterPolicyScope": scope})
    assert code == "InvalidParameter" and message.startswith("Invalid parameter: Attributes Reason: " + reason)
    arn = world.subscribe(topic, queue, FilterPolicyScope=scope)
    code, message = world.refused("set_subscription_attributes", SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=policy)
    assert code == "InvalidParameter" and message.startswith("Invalid parameter: " + reason)


def test_policies_at_the_limit_are_taken(world):
    topic, queue = world.topic(), world.queue()
    arn = world.subscribe(topic, queue, FilterPolicyScope="MessageBody")
    for policy in (
        {k: ["a"] for k in "abcde"},
        {"k": [str(i) for i in range(150)]},
        {"Records": {"s3": {"object": {"key": [{"prefix": str(i)} for i in range(36)]}}}},
        {"a": {"b": {"c": list("abcd")}}, "d": {"e": list("abc")}},  # 3 x 4 x 2 x 3
        {"$or": ["a", "b"]},  # no choice, a key
    ):
        world.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=json.dumps(policy))
        assert json.loads(world.subscription(arn)["FilterPolicy"]) == policy


def test_a_topic_has_at_most_two_hundred_policies(world):
    topic = world.topic()
    for i in range(200):
        world.sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=f"+1555{i:07}", Attributes={"FilterPolicy": '{"k":["a"]}'})
    assert world.refused("subscribe", TopicArn=topic, Protocol="sms", Endpoint="+15559999999", Attributes={"FilterPolicy": '{"k":["a"]}'})[0] == "FilterPolicyLimitExceeded"
    arn = world.sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+15559999999")["SubscriptionArn"]
    assert world.refused("set_subscription_attributes", SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"k":["a"]}')[0] == "FilterPolicyLimitExceeded"
