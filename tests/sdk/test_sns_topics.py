"""Topics: their names, attributes, tags, policies and lists."""
import json

from sns_support import world  # noqa: F401

INVALID = "InvalidParameter"


def test_a_topic_is_made_once(world):
    topic = world.topic("news", DisplayName="The news")
    assert topic == f"arn:aws:sns:us-east-1:{world.account}:news"
    assert world.topic("news") == world.topic("news", DisplayName="The news") == topic
    other = world.refused("create_topic", Name="news", Attributes={"DisplayName": "Other"})
    assert other == (INVALID, "Invalid parameter: Attributes Reason: Topic already exists with different attributes")
    tagged = world.refused("create_topic", Name="news", Tags=[{"Key": "a", "Value": "b"}])
    assert tagged == (INVALID, "Invalid parameter: Tags Reason: Topic already exists with different tags")
    assert world.sns.list_topics()["Topics"] == [{"TopicArn": topic}]
    for _ in range(2):  # deleting what is gone is no error
        world.sns.delete_topic(TopicArn=topic)
    assert world.sns.list_topics()["Topics"] == []
    assert world.refused("get_topic_attributes", TopicArn=topic) == ("NotFound", "Topic does not exist")


def test_names(world):
    assert world.sns.create_topic(Name="standard", Attributes={"FifoTopic": "false"})["TopicArn"] == world.topic("standard", FifoTopic="false", KmsMasterKeyId="")
    assert "FifoTopic" not in world.attributes(world.topic("standard"))
    for name in ("", "a b", "a.b", "x" * 257, "n.fifo", "ü"):
        assert world.refused("create_topic", Name=name) == (INVALID, "Invalid parameter: Topic Name"), name
    assert world.refused("create_topic", Name="n", Attributes={"FifoTopic": "true"}) == (INVALID, "Invalid parameter: Topic Name")
    assert world.topic("x" * 256).endswith("x" * 256)
    assert world.topic("n.fifo", FifoTopic="true").endswith(":n.fifo")


def test_attributes_of_a_new_topic(world):
    topic = world.topic()
    shown = world.attributes(topic)
    policy, delivery = json.loads(shown.pop("Policy")), json.loads(shown.pop("EffectiveDeliveryPolicy"))
    assert shown == {
        "TopicArn": topic, "Owner": world.account, "DisplayName": "", "SubscriptionsConfirmed": "0", "SubscriptionsPending": "0", "SubscriptionsDeleted": "0"
    }
    (statement,) = policy["Statement"]
    assert policy["Id"] == "__default_policy_ID" and statement["Sid"] == "__default_statement_ID"
    assert statement["Principal"] == {"AWS": "*"} and statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": world.account}}
    assert "SNS:Publish" in statement["Action"] and statement["Resource"] == topic
    assert delivery["http"]["defaultHealthyRetryPolicy"] == {
        "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0, "numNoDelayRetries": 0, "numMinDelayRetries": 0,
        "backoffFunction": "linear"
    }
    assert delivery["http"]["disableSubscriptionOverrides"] is False
    fifo = world.attributes(world.topic("n.fifo", FifoTopic="true"))
    assert (fifo["FifoTopic"], fifo["ContentBasedDeduplication"]) == ("true", "false")


def test_setting_attributes(world):
    topic, fifo = world.topic(), world.topic("n.fifo", FifoTopic="true")
    policy = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic}})
    delivery = json.dumps({"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 2, "numRetries": 5}}})
    values = {
        "DisplayName": "N", "Policy": policy, "DeliveryPolicy": delivery, "TracingConfig": "Active", "KmsMasterKeyId": "alias/aws/sns",
        "SignatureVersion": "2", "SQSSuccessFeedbackRoleArn": "arn:aws:iam::1:role/r", "HTTPSuccessFeedbackSampleRate": "50"
    }
    for name, value in values.items():
        world.sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
    shown = world.attributes(topic)
    assert {name: shown[name] for name in values} == values
    assert json.loads(shown["EffectiveDeliveryPolicy"])["http"]["defaultHealthyRetryPolicy"]["numRetries"] == 5
    world.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue="")
    assert "__default_policy_ID" in world.attributes(topic)["Policy"]
    for name, value in {"ContentBasedDeduplication": "true", "FifoThroughputScope": "MessageGroup", "ArchivePolicy": '{"MessageRetentionPeriod":"30"}'}.items():
        world.sns.set_topic_attributes(TopicArn=fifo, AttributeName=name, AttributeValue=value)
        assert world.attributes(fifo)[name] == value
        assert world.refused("set_topic_attributes", TopicArn=topic, AttributeName=name, AttributeValue=value)[0] == INVALID
    assert world.refused("delete_topic", TopicArn=fifo)[0] == "InvalidState"  # it has an archive
    world.sns.set_topic_attributes(TopicArn=fifo, AttributeName="ArchivePolicy", AttributeValue="{}")
    world.sns.delete_topic(TopicArn=fifo)


def test_attributes_that_are_refused(world):
    topic = world.topic()

    def refused(name, value):
        code, message = world.refused("set_topic_attributes", TopicArn=topic, AttributeName=name, AttributeValue=value)
        assert code == INVALID
        return message.removeprefix("Invalid parameter: ")

    assert refused("Owner", "me") == refused("FifoTopic", "true") == refused("SMSSuccessFeedbackRoleArn", "x") == "AttributeName"
    assert refused("DisplayName", "x" * 101) == "DisplayName"
    assert refused("Policy", "no policy") == "Policy Error: null"
    foreign = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["sns:Publish", "sqs:SendMessage"], "Resource": topic}]}
    assert refused("Policy", json.dumps(foreign)) == "Policy statement action out of service scope!"
    for name, value in {"SignatureVersion": "3", "TracingConfig": "On"}.items():
        assert refused(name, value).startswith(name)
    for retries in ({"numRetries": 101}, {"minDelayTarget": 30, "maxDelayTarget": 20}, {"maxDelayTarget": 3601}, {"backoffFunction": "wild"},
                    {"numRetries": 2, "numNoDelayRetries": 3}, {"minDelayTarget": 0}):
        assert refused("DeliveryPolicy", json.dumps({"http": {"defaultHealthyRetryPolicy": retries}})).startswith("DeliveryPolicy: "), retries
    assert refused("DeliveryPolicy", "{") == "DeliveryPolicy: failed to parse JSON."


def test_arns_that_name_no_topic(world):
    def refused(arn):
        return world.refused("get_topic_attributes", TopicArn=arn)

    assert refused("news") == (INVALID, "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1")
    assert refused("a:b:c") == (INVALID, "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 3")
    assert refused(f"arn:aws:sns:eu-west-1:{world.account}:news") == (INVALID, "Invalid parameter: TopicArn")  # not the region that is asked
    assert refused(f"arn:aws:sqs:us-east-1:{world.account}:news") == (INVALID, "Invalid parameter: TopicArn")
    for account in (world.account, "999999999999"):
        assert refused(f"arn:aws:sns:us-east-1:{account}:nowhere") == ("NotFound", "Topic does not exist")
    code, message = world.refused("get_topic_attributes")
    assert code == "ValidationError" and message.startswith("1 validation error detected: Value null at 'topicArn'")


def test_lists_of_topics_come_in_pages_of_a_hundred(world):
    names = [f"t{i:03}" for i in range(101)]
    arns = [world.topic(name) for name in names]
    first = world.sns.list_topics()
    assert [t["TopicArn"] for t in first["Topics"]] == arns[:100]
    second = world.sns.list_topics(NextToken=first["NextToken"])
    assert [t["TopicArn"] for t in second["Topics"]] == arns[100:] and "NextToken" not in second
    assert world.refused("list_topics", NextToken="made up") == (INVALID, "Invalid parameter: NextToken")


def test_tags(world):
    topic = world.sns.create_topic(Name="news", Tags=[{"Key": "a", "Value": "1"}])["TopicArn"]
    assert world.sns.create_topic(Name="news", Tags=[{"Key": "a", "Value": "1"}])["TopicArn"] == topic

    def tags():
        return {t["Key"]: t["Value"] for t in world.sns.list_tags_for_resource(ResourceArn=topic)["Tags"]}

    world.sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}])
    assert tags() == {"a": "2", "b": ""}
    world.sns.untag_resource(ResourceArn=topic, TagKeys=["a", "nothing"])
    assert tags() == {"b": ""}
    many = [{"Key": f"k{i}", "Value": ""} for i in range(50)]
    limit = ("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
    assert world.refused("tag_resource", ResourceArn=topic, Tags=many) == limit
    for bad in ([{"Key": "aws:x", "Value": ""}], [{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}]):
        assert world.refused("tag_resource", ResourceArn=topic, Tags=bad)[0] == INVALID
    for operation, more in (("tag_resource", {"Tags": []}), ("untag_resource", {"TagKeys": []}), ("list_tags_for_resource", {})):
        assert world.refused(operation, ResourceArn=topic + "x", **more) == ("ResourceNotFound", "Resource does not exist")
    assert tags() == {"b": ""}


def test_permissions_are_statements_of_the_policy(world):
    topic = world.topic()
    arguments = dict(TopicArn=topic, Label="friends", AWSAccountId=["111111111111", "222222222222"], ActionName=["Publish"])
    world.sns.add_permission(**arguments)
    added = json.loads(world.attributes(topic)["Policy"])["Statement"][1]
    assert added == {
        "Sid": "friends", "Effect": "Allow", "Action": "SNS:Publish", "Resource": topic,
        "Principal": {"AWS": ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"]}
    }
    assert world.refused("add_permission", **arguments) == (INVALID, "Invalid parameter: Statement already exists")
    out_of_scope = (INVALID, "Invalid parameter: Policy statement action out of service scope!")
    assert world.refused("add_permission", **{**arguments, "Label": "x", "ActionName": ["CreateTopic"]}) == out_of_scope
    for _ in range(2):
        world.sns.remove_permission(TopicArn=topic, Label="friends")
    assert len(json.loads(world.attributes(topic)["Policy"])["Statement"]) == 1
    assert world.refused("remove_permission", TopicArn=topic + "x", Label="friends") == ("NotFound", "Topic does not exist")


def test_data_protection_policies_are_kept(world):
    policy = json.dumps({"Name": "p", "Version": "2021-06-01", "Statement": []})
    topic = world.sns.create_topic(Name="news", DataProtectionPolicy=policy)["TopicArn"]
    assert world.sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"] == policy
    world.sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy="")
    assert world.sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"] == ""
    assert world.refused("put_data_protection_policy", ResourceArn=topic, DataProtectionPolicy="{")[0] == INVALID
    assert world.refused("get_data_protection_policy", ResourceArn=topic + "x") == ("NotFound", "Topic does not exist")


def test_regions_and_accounts_are_apart(world, aws):
    west = aws("sns", region="us-west-2")
    assert west.create_topic(Name="news")["TopicArn"] == f"arn:aws:sns:us-west-2:{world.account}:news"
    assert world.sns.list_topics()["Topics"] == [] and len(west.list_topics()["Topics"]) == 1
