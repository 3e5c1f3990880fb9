"""What tags may be: alike in EventBridge, Scheduler, Pipes and Schemas, where something is made and where it is tagged."""
import botocore.exceptions
import pytest

ROLE = "arn:aws:iam::123456789012:role/r"
RESERVED = "aws: prefixed tag key names are not allowed for external use."
TOO_MANY = "The resource may not have more than 50 tags."


def listed(tags):
    return [{"Key": k, "Value": v} for k, v in tags.items()]


def events(aws, account):
    client, pattern = aws("events"), '{"source":["s"]}'
    yield lambda name, tags: client.create_event_bus(Name=name, Tags=listed(tags))["EventBusArn"], lambda arn, tags: client.tag_resource(ResourceARN=arn, Tags=listed(tags))
    yield lambda name, tags: client.put_rule(Name=name, EventPattern=pattern, Tags=listed(tags))["RuleArn"], lambda arn, tags: client.tag_resource(ResourceARN=arn, Tags=listed(tags))


def scheduler(aws, account):
    client = aws("scheduler")
    yield (
        lambda name, tags: client.create_schedule_group(Name=name, Tags=listed(tags))["ScheduleGroupArn"],
        lambda arn, tags: client.tag_resource(ResourceArn=arn, Tags=listed(tags)),
    )


def pipes(aws, account):
    client, queue = aws("pipes", parameter_validation=False), f"arn:aws:sqs:us-east-1:{account}:q"
    yield (
        lambda name, tags: client.create_pipe(Name=name, Source=queue, Target=queue, RoleArn=ROLE, Tags=tags)["Arn"],
        lambda arn, tags: client.tag_resource(resourceArn=arn, tags=tags),
    )


def schemas(aws, account):
    client = aws("schemas")
    yield (
        lambda name, tags: client.create_registry(RegistryName=name, Tags=tags)["RegistryArn"],
        lambda arn, tags: client.tag_resource(ResourceArn=arn, Tags=tags),
    )


def refused(call, *arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(*arguments)
    return caught.value.response["Error"]["Message"]


@pytest.mark.parametrize("service", [events, scheduler, pipes, schemas])
def test_tags_that_no_resource_may_have(aws, account, service):
    fifty, more = {f"k{i}": "v" for i in range(50)}, {f"m{i}": "v" for i in range(51)}
    for create, tag in service(aws, account):
        for key in ("aws:mine", "AWS:mine"):
            assert refused(create, "refused", {"ok": "v", key: "v"}).endswith(RESERVED)
        assert "50" in refused(create, "refused", more)
        arn = create("made", {"k0": "v"})
        assert refused(tag, arn, {"aws:mine": "v"}).endswith(RESERVED)
        tag(arn, fifty)
        assert refused(tag, arn, {"one more": "v"}).endswith(TOO_MANY)
        tag(arn, {"k1": "again"})


def test_a_key_comes_once_in_a_list(aws):
    client, twice = aws("scheduler"), listed({"a": "1"}) + listed({"a": "2"})
    arn = client.create_schedule_group(Name="g")["ScheduleGroupArn"]
    for call, name in ((client.create_schedule_group, {"Name": "h"}), (client.tag_resource, {"ResourceArn": arn})):
        assert refused(lambda: call(**name, Tags=twice)) == "Duplicated keys are not allowed."
