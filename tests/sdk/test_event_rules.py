"""Rules and their targets: what is kept, what is refused, tags (scenarios 26, 27, 36)."""
from event_support import ROLE, entry, error_of, world  # noqa: F401


def test_rules_come_and_go(world):
    events = world.events
    pattern = '{"source":["shop"]}'
    arn = events.put_rule(Name="r", EventPattern=pattern, Description="d", Tags=[{"Key": "k", "Value": "v"}])["RuleArn"]
    assert arn == f"arn:aws:events:us-east-1:{world.account}:rule/r"
    described = events.describe_rule(Name="r")
    del described["ResponseMetadata"]
    assert described == {
        "Name": "r", "Arn": arn, "EventPattern": pattern, "State": "ENABLED", "Description": "d", "EventBusName": "default", "CreatedBy": world.account,
    }  # fmt: skip
    queue = world.queue()
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue.arn}])
    # A new put replaces all but the targets and the tags.
    events.put_rule(Name="r", EventPattern=pattern)
    assert "Description" not in events.describe_rule(Name="r")
    assert events.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "q", "Arn": queue.arn}]
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    assert events.list_rule_names_by_target(TargetArn=queue.arn)["RuleNames"] == ["r"]
    events.put_rule(Name="s", EventPattern=pattern)
    assert [r["Name"] for r in events.list_rules(NamePrefix="s")["Rules"]] == ["s"]
    first = events.list_rules(Limit=1)
    assert [r["Name"] for r in first["Rules"]] == ["r"]
    assert [r["Name"] for r in events.list_rules(NextToken=first["NextToken"])["Rules"]] == ["s"]
    assert error_of(events.delete_rule, Name="r") == ("ValidationException", "Rule can't be deleted since it has targets.")
    failed = events.remove_targets(Rule="r", Ids=["q", "x"])
    assert failed["FailedEntries"] == [
        {"TargetId": "x", "ErrorCode": "ResourceNotFoundException", "ErrorMessage": "Rule 'r' does not have a target with the Id 'x'."}
    ]
    events.delete_rule(Name="r")
    events.delete_rule(Name="r")
    assert error_of(events.describe_rule, Name="r") == ("ResourceNotFoundException", "Rule r does not exist on EventBus default.")
    assert error_of(events.delete_rule, Name="r", EventBusName="nowhere")[1] == "Event bus nowhere does not exist."


def test_a_bus_has_so_many_rules_and_no_more(world):
    """300 by default; here fewer, as the settings allow. What is there can be changed still. Of those with wildcards there are 30."""
    put, most = world.events.put_rule, ("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
    assert world.virga.post("/_virga/bus/settings", {"account": world.account, "rules_per_bus": 2})["rules_per_bus"] == 2
    for name in "ab":
        put(Name=name, EventPattern='{"source":["shop"]}')
    assert error_of(put, Name="c", EventPattern='{"source":["shop"]}') == most
    put(Name="a", EventPattern='{"source":["other"]}')
    world.virga.post("/_virga/bus/settings", {"account": world.account, "rules_per_bus": 50})
    for i in range(30):
        put(Name=f"w{i}", EventPattern='{"source":[{"wildcard":"a*b"}]}')
    assert error_of(put, Name="w30", EventPattern='{"source":[{"wildcard":"a*b"}]}') == most
    put(Name="w0", EventPattern='{"source":[{"wildcard":"c*d"}]}')
    assert [r["Name"] for r in world.events.list_rules(Limit=2)["Rules"]] == ["a", "b"]


def test_tokens_that_no_list_gave(world):
    events = world.events
    events.put_rule(Name="r", EventPattern='{"source":["shop"]}')
    bad = ("ValidationException", "Parameter NextToken is not valid. Reason: Invalid pagination token.")
    lists = (events.list_event_buses, events.list_rules, events.list_archives, events.list_replays, events.list_connections, events.list_api_destinations, events.list_endpoints, events.list_event_sources)
    for call in lists:
        for token in ("bad!", "YWJj"):
            assert error_of(call, NextToken=token) == bad
    assert error_of(events.list_targets_by_rule, Rule="r", NextToken="YWJj") == bad
    assert error_of(events.list_rule_names_by_target, TargetArn="arn:aws:sqs:us-east-1:123456789012:q", NextToken="YWJj") == bad


def test_a_disabled_rule_is_silent(world):
    queue = world.queue()
    world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn})
    world.events.disable_rule(Name="r")
    world.put(entry())
    assert queue.bodies() == []
    world.events.enable_rule(Name="r")
    world.put(entry())
    assert len(queue.bodies()) == 1


def test_what_put_rule_refuses(world):
    put = world.events.put_rule
    assert error_of(put, Name="r") == ("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.")
    code, text = error_of(put, Name="r", EventPattern='{"source":"shop"}')
    assert code == "InvalidEventPatternException"
    assert text == (
        'Event pattern is not valid. Reason: "source" must be an object or an array\n at [Source: (String)"{"source":"shop"}"; line: 1, column: 12]'
    )
    assert error_of(put, Name="r", EventPattern='{"a":["%s"]}' % ("x" * 2048))[1] == "Parameter EventPattern for rule r exceeds limit of 2048."
    for bad in ("rate(1 minutes)", "cron(0 12 * * ?)", "cron(0 12 * * * *)"):
        assert error_of(put, Name="r", ScheduleExpression=bad) == ("ValidationException", "Parameter ScheduleExpression is not valid.")
    world.events.create_event_bus(Name="b")
    assert error_of(put, Name="r", EventBusName="b", ScheduleExpression="rate(1 minute)")[1] == "ScheduleExpression is supported only on the default event bus."
    assert error_of(put, Name="r", EventBusName="c", EventPattern="{}")[1] == "Event bus c does not exist."


def test_what_put_targets_refuses(world):
    events, queue = world.events, world.queue()
    events.put_rule(Name="r", EventPattern='{"source":["shop"]}')

    def refused(**target):
        return error_of(events.put_targets, Rule="r", Targets=[{"Id": "t", "Arn": queue.arn, **target}])[1]

    assert refused(Input="{}", InputPath="$") == "Only one of Input, InputPath, or InputTransformer must be provided for target t."
    assert refused(Input="{") == "JSON syntax error in input for target t."
    assert refused(InputPath="$['a']") == "InputPath for target t is invalid."
    template = lambda text: refused(InputTransformer={"InputPathsMap": {"a": "$.a"}, "InputTemplate": text})  # noqa: E731
    assert template("<b>") == "InputTemplate for target t contains invalid placeholder b."
    assert template("<aws.events.event.json>") == "InputTemplate for target t contains placeholder aws.events.event.json valid only for JSON template."
    machine = f"arn:aws:states:us-east-1:{world.account}:stateMachine:m"
    assert refused(Arn=machine) == f"RoleArn is required for target {machine}."
    assert refused(EcsParameters={"TaskDefinitionArn": "arn:x"}) == "Parameter(s) EcsParameters not supported for target: t."
    for service, resource, block in (("ecs", "cluster/c", "EcsParameters"), ("batch", "job-queue/q", "BatchParameters"), ("redshift", "cluster:c", "RedshiftDataParameters")):
        arn = f"arn:aws:{service}:us-east-1:{world.account}:{resource}"
        assert refused(Arn=arn, RoleArn=ROLE) == f"Parameter(s) {block} must be specified for target: t."
    assert refused(Arn=queue.arn + ".fifo") == "Parameter(s) SqsParameters must be specified for target: t."
    for service in ("s3", "dynamodb", "kafka", "rds"):
        assert refused(Arn=f"arn:aws:{service}:us-east-1:{world.account}:thing") == f"{service} is not a supported service for a target."
    job = f"arn:aws:glue:us-east-1:{world.account}:job/j"
    assert refused(Arn=job, RoleArn=ROLE) == f"Parameter {job} is not valid. Reason: Provided Arn is not in correct format."
    paths = {f"k{i}": "$.a" for i in range(101)}
    assert refused(InputTransformer={"InputPathsMap": paths, "InputTemplate": "<k1>"}).startswith("1 validation error detected: ")
    assert refused(InputTransformer={"InputPathsMap": {"aws.events.rule-name": "$.a"}, "InputTemplate": "x"}).startswith("1 validation error detected: ")
    assert refused(Arn="nothing") == "Parameter nothing is not valid. Reason: Provided Arn is not in correct format."
    topic = queue.arn.replace(":sqs:", ":sns:")
    assert refused(DeadLetterConfig={"Arn": topic}) == "sns is not supported as a dead letter resource"
    targets = [{"Id": str(i), "Arn": queue.arn} for i in range(6)]
    assert error_of(events.put_targets, Rule="r", Targets=targets) == (
        "LimitExceededException", "The requested resource exceeds the maximum number allowed.",
    )  # fmt: skip
    assert error_of(events.put_targets, Rule="r", Targets=[targets[0]] * 2)[1] == (
        "Parameter targets is not valid. Reason: More than one target with Id '0' is provided."
    )
    assert error_of(events.put_targets, Rule="x", Targets=targets[:1])[1] == "Rule x does not exist on EventBus default."


def test_parameters_of_targets_that_are_refused(world):
    """Of services that virga does not have: what is known of the real one's checks."""
    world.events.put_rule(Name="r", EventPattern='{"source":["shop"]}')

    def refused(service, resource, **block):
        arn = f"arn:aws:{service}:us-east-1:{world.account}:{resource}"
        return error_of(world.events.put_targets, Rule="r", Targets=[{"Id": "t", "Arn": arn, "RoleArn": ROLE, **block}])[1]

    def task(region="us-east-1", **more):
        definition = f"arn:aws:ecs:{region}:{world.account}:task-definition/t:1"
        return refused("ecs", "cluster/c", EcsParameters={"TaskDefinitionArn": definition, **more})

    def network(**vpc):
        return {"awsvpcConfiguration": {"Subnets": ["s"], **vpc}}

    assert task("eu-west-1") == (
        f"Region of arn:aws:ecs:us-east-1:{world.account}:cluster/c does not match region of arn:aws:ecs:eu-west-1:{world.account}:task-definition/t:1"
    )
    assert task(TaskCount=11) == "Parameter(s) TaskCount not valid for target: t"
    assert task(LaunchType="FARGATE") == "Parameter NetworkConfiguration must be specified for target t when launch type is FARGATE"
    assert task(LaunchType="EC2", PlatformVersion="1") == "Parameter PlatformVersion for target t is not supported when launch type is EC2"
    assert task(LaunchType="EC2", NetworkConfiguration=network(AssignPublicIp="ENABLED")) == (
        "Parameter AssignPublicIp for target t is not supported when launch type is EC2"
    )
    assert task(NetworkConfiguration=network(Subnets=["s"] * 17)) == "Parameter Subnets is not valid. Reason: size must be in between 1 and 16."
    assert task(NetworkConfiguration=network(SecurityGroups=["g"] * 6)) == "Parameter SecurityGroups is not valid. Reason: size must be in between 0 and 5."

    def job(**more):
        return refused("batch", "job-queue/q", BatchParameters={"JobDefinition": "d", "JobName": "n", **more})

    assert job(ArrayProperties={"Size": 1}) == "Parameter ArrayProperties is not valid. Reason: Size must be in between 2 and 10000."
    assert job(RetryStrategy={"Attempts": 11}) == "Parameter RetryStrategy is not valid. Reason: Attempts must be in between 1 and 10."
    for one, other, text in (("Sql", "Sqls", "sql or RedshiftDataParameters.sqls"), ("DbUser", "SecretManagerArn", "dBUser or RedshiftDataParameters.secretManagerArn")):
        values = {"Sql": "s", "Sqls": ["s"], "DbUser": "u", "SecretManagerArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"}
        query = {"Database": "d", one: values[one], other: values[other]}
        assert refused("redshift", "cluster:c", RedshiftDataParameters=query).startswith("Either RedshiftDataParameters." + text)


def test_tags_of_buses_and_rules(world):
    events = world.events
    bus = events.create_event_bus(Name="b", Tags=[{"Key": "a", "Value": "1"}])["EventBusArn"]
    rules = [events.put_rule(Name="r", EventBusName=name, EventPattern='{"source":["s"]}')["RuleArn"] for name in ("default", "b")]
    tags = lambda arn: {t["Key"]: t["Value"] for t in events.list_tags_for_resource(ResourceARN=arn)["Tags"]}  # noqa: E731
    for arn, before in ((bus, {"a": "1"}), (rules[0], {}), (rules[1], {})):
        events.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "c", "Value": ""}])
        assert tags(arn) == before | {"b": "2", "c": ""}
        events.untag_resource(ResourceARN=arn, TagKeys=["b", "missing"])
        assert tags(arn) == before | {"c": ""}
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert error_of(events.tag_resource, ResourceARN=bus, Tags=twice) == ("ValidationException", "Invalid parameter: Duplicated keys are not allowed.")
    for call in (events.list_tags_for_resource, events.tag_resource, events.untag_resource):
        more = {events.tag_resource: {"Tags": []}, events.untag_resource: {"TagKeys": []}}.get(call, {})
        assert error_of(call, ResourceARN=rules[0] + "x", **more) == ("ResourceNotFoundException", "Rule rx does not exist on EventBus default.")
        assert error_of(call, ResourceARN=rules[1] + "x", **more) == ("ResourceNotFoundException", "Rule rx does not exist on EventBus b.")
        assert error_of(call, ResourceARN=rules[1].replace("/b/", "/z/"), **more) == ("ResourceNotFoundException", "Event bus z does not exist.")
        assert error_of(call, ResourceARN=bus + "x", **more) == ("ResourceNotFoundException", "Event bus bx does not exist.")


def test_targets_come_back_as_they_were_put(world):
    """Of every kind, with all their parameters; and by every target its rule is found."""
    events = world.events
    arn = lambda service, resource: f"arn:aws:{service}:us-east-1:{world.account}:{resource}"  # noqa: E731
    network = {"awsvpcConfiguration": {"Subnets": ["s"], "SecurityGroups": ["g"], "AssignPublicIp": "ENABLED"}}
    task = {
        "TaskDefinitionArn": arn("ecs", "task-definition/t:1"), "TaskCount": 2, "LaunchType": "FARGATE", "NetworkConfiguration": network, "PlatformVersion": "LATEST", "Group": "g",
        "CapacityProviderStrategy": [{"capacityProvider": "p", "weight": 1, "base": 0}], "EnableECSManagedTags": True, "EnableExecuteCommand": False,
        "PlacementConstraints": [{"type": "distinctInstance", "expression": "x"}], "PlacementStrategy": [{"type": "random", "field": "f"}], "PropagateTags": "TASK_DEFINITION",
        "ReferenceId": "r", "Tags": [{"Key": "a", "Value": "b"}],
    }  # fmt: skip
    query = {"Database": "d", "Sql": "select 1", "StatementName": "s", "WithEvent": True, "SecretManagerArn": arn("secretsmanager", "secret:s")}
    pages = [
        [
            {"Id": "ecs", "Arn": arn("ecs", "cluster/c"), "RoleArn": ROLE, "EcsParameters": task},
            {"Id": "batch", "Arn": arn("batch", "job-queue/q"), "RoleArn": ROLE,
             "BatchParameters": {"JobDefinition": "d", "JobName": "n", "ArrayProperties": {"Size": 2}, "RetryStrategy": {"Attempts": 3}}},
            {"Id": "ssm", "Arn": arn("ssm", "document/d"), "RoleArn": ROLE, "RunCommandParameters": {"RunCommandTargets": [{"Key": "tag:a", "Values": ["b"]}]}},
            {"Id": "redshift", "Arn": arn("redshift", "cluster:c"), "RoleArn": ROLE, "RedshiftDataParameters": query},
            {"Id": "sagemaker", "Arn": arn("sagemaker", "pipeline/p"), "RoleArn": ROLE, "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "a", "Value": "b"}]}},
        ],
        [
            {"Id": "http", "Arn": arn("execute-api", "api/prod/GET/*"),
             "HttpParameters": {"PathParameterValues": ["a"], "HeaderParameters": {"h": "v"}, "QueryStringParameters": {"q": "w"}}},
            {"Id": "appsync", "Arn": arn("appsync", "endpoints/graphql-api/g"), "RoleArn": ROLE, "AppSyncParameters": {"GraphQLOperation": "mutation { m }"}},
            {"Id": "kinesis", "Arn": arn("kinesis", "stream/s"), "RoleArn": ROLE, "KinesisParameters": {"PartitionKeyPath": "$.detail.k"}, "InputPath": "$.detail"},
            {"Id": "fifo", "Arn": arn("sqs", "q.fifo"), "SqsParameters": {"MessageGroupId": "g"}, "Input": '"x"',
             "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}, "DeadLetterConfig": {"Arn": arn("sqs", "dead")}},
            {"Id": "lambda", "Arn": arn("lambda", "function:f"), "InputTransformer": {"InputPathsMap": {"a": "$.a"}, "InputTemplate": '{"a": <a>}'}},
        ],
    ]  # fmt: skip
    for name, targets in zip("rs", pages):
        events.put_rule(Name=name, EventPattern='{"source":["shop"]}')
        events.put_targets(Rule=name, Targets=targets)
        listed = events.list_targets_by_rule(Rule=name, Limit=4)
        listed = listed["Targets"] + events.list_targets_by_rule(Rule=name, NextToken=listed["NextToken"])["Targets"]
        assert listed == sorted(targets, key=lambda t: t["Id"])
        assert all(events.list_rule_names_by_target(TargetArn=t["Arn"])["RuleNames"] == [name] for t in targets)
    events.remove_targets(Rule="r", Ids=["ssm"])
    events.put_targets(Rule="r", Targets=pages[1][:1])
    first = events.list_rule_names_by_target(TargetArn=pages[1][0]["Arn"], Limit=1)
    assert first["RuleNames"] == ["r"]
    assert events.list_rule_names_by_target(TargetArn=pages[1][0]["Arn"], NextToken=first["NextToken"])["RuleNames"] == ["s"]
