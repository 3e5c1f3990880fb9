"""What targets of rules get, and what becomes of deliveries that they refuse: functions, FIFO queues, log groups, the
input's forms (scenarios 20, 23 to 25, 27 to 29)."""
import json
import socket
import types

import pytest

from event_support import ROLE, attributes_of, entry, world  # noqa: F401
from pipe_support import code_zip
from test_api_destinations import connect, destination
from test_pipes_http import gateway


def function(world, source, name="f", **more):
    world.aws("lambda").create_function(FunctionName=name, Runtime="python3.12", Handler="index.handler", Role=ROLE, Code={"ZipFile": code_zip(source)}, **more)
    return f"arn:aws:lambda:us-east-1:{world.account}:function:{name}"


def lines(world, group, pattern=""):
    return [e["message"].strip() for e in world.aws("logs").filter_log_events(logGroupName=group, filterPattern=pattern)["events"]]


# ---- functions ----


def test_the_trace_header_reaches_a_function_and_not_the_event(world):
    source = "import json, os\ndef handler(event, context): print('got', os.environ['_X_AMZN_TRACE_ID'], json.dumps(event))"
    world.rule("r", {"source": ["shop"]}, {"Arn": function(world, source)})
    event_id = world.put(entry(TraceHeader="Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"))["Entries"][0]["EventId"]
    (line,) = lines(world, "/aws/lambda/f", "got")
    _, trace, event = line.split(" ", 2)
    assert trace.startswith("Root=1-5759e988-bd862e3fe1be46a994272793") and "5759e988" not in event
    assert json.loads(event)["id"] == event_id and json.loads(event)["detail"] == {"n": 1}


def test_a_function_that_throws_is_retried_by_lambda_alone(world):
    """Lambda took the event: for the bus it is delivered, and its own dead letters stay empty."""
    dead, failed = world.queue("dead"), world.queue("failed")
    arn = function(world, "def handler(event, context):\n  print('called')\n  raise Exception('no')", DeadLetterConfig={"TargetArn": failed.arn})
    world.rule("r", {"source": ["shop"]}, {"Arn": arn, "DeadLetterConfig": {"Arn": dead.arn}})
    event_id = world.put(entry())["Entries"][0]["EventId"]
    world.virga.advance(seconds=3600)
    assert lines(world, "/aws/lambda/f", "called") == ["called"] * 3
    (letter,) = failed.bodies()
    assert json.loads(letter)["id"] == event_id and dead.messages() == []


def test_text_that_is_no_json_is_no_input_for_a_function(world):
    dead = world.queue("dead")
    arn = function(world, "def handler(event, context): pass")
    world.rule("r", {"source": ["shop"]}, {"Arn": arn, "InputTransformer": {"InputTemplate": "not JSON"}, "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry())
    (message,) = dead.messages()
    assert json.loads(message["Body"])["detail"] == {"n": 1} and attributes_of(message)["RETRY_ATTEMPTS"] == "0"


# ---- queues and log groups ----


def test_a_fifo_queue_gets_its_group_and_takes_equal_texts_once(world):
    queue = world.queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    parameters = {"SqsParameters": {"MessageGroupId": "g"}, "InputPath": "$.detail"}
    world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn, **parameters})
    world.put(*[entry('{"n":%d}' % n) for n in (1, 2, 1)])
    assert [(m["Body"], m["Attributes"]["MessageGroupId"]) for m in queue.messages()] == [('{"n":1}', "g"), ('{"n":2}', "g")]
    # Without deduplication by content the queue refuses what has no id of its own.
    plain, dead = world.queue("p.fifo", FifoQueue="true"), world.queue("dead")
    world.rule("s", {"source": ["shop"]}, {"Arn": plain.arn, "DeadLetterConfig": {"Arn": dead.arn}, **parameters})
    world.put(entry())
    assert plain.messages() == [] and len(dead.messages()) == 1


def test_a_message_group_on_a_standard_queue(world):
    queue = world.queue()
    world.rule("r", {"source": ["shop"]}, {"Arn": queue.arn, "SqsParameters": {"MessageGroupId": "tenant"}})
    world.put(entry())
    (message,) = queue.messages()
    assert message["Attributes"]["MessageGroupId"] == "tenant"


@pytest.mark.parametrize("ending", ["", ":*"])
def test_a_log_group_gets_a_line_with_the_event_s_time(world, ending):
    """As a monitor has it that keeps everything but its own faults."""
    logs = world.aws("logs")
    logs.create_log_group(logGroupName="/bus/events")
    arn = f"arn:aws:logs:us-east-1:{world.account}:log-group:/bus/events{ending}"
    world.rule("r", {"detail": {"type": [{"anything-but": "fault"}]}}, {"Arn": arn})
    at = int(world.virga_seconds()) - 60
    world.put(entry('{"type":"order"}', Time=at), entry('{"type":"fault"}'), entry('{"kind":"none"}'))
    (event,) = logs.filter_log_events(logGroupName="/bus/events")["events"]
    assert json.loads(event["message"])["detail"] == {"type": "order"} and event["timestamp"] == at * 1000


def test_a_log_line_of_a_template_says_its_own_time(world):
    logs, dead = world.aws("logs"), world.queue("dead")
    logs.create_log_group(logGroupName="g")
    at = int(world.virga_seconds()) * 1000 - 5000
    paths = {"at": "$.detail.at", "text": "$.detail.text"}
    transformer = {"InputPathsMap": paths, "InputTemplate": '{"timestamp":<at>,"message":<text>}'}
    arn = f"arn:aws:logs:us-east-1:{world.account}:log-group:g"
    world.rule("r", {"source": ["shop"]}, {"Arn": arn, "InputTransformer": transformer, "DeadLetterConfig": {"Arn": dead.arn}})
    world.put(entry(json.dumps({"at": at, "text": "sold"})), entry('{"at":"now","text":"lost"}'))
    (event,) = logs.filter_log_events(logGroupName="g")["events"]
    assert (event["timestamp"], event["message"]) == (at, "sold")
    (message,) = dead.messages()
    assert attributes_of(message)["ERROR_MESSAGE"] == "Invalid input for target."


# ---- what they get ----


def test_templates_to_the_letter(world):
    templates = [
        '{"p":"users/<id>","b":<body>,"n":<name>}',
        '"<name> has <body>"',
        "<id> and <gone>",
        '{"g":<gone>,"h":"[<gone>]"}',
        '{"rule":<aws.events.rule-arn>,"name":"<aws.events.rule-name>","at":<aws.events.event.ingestion-time>,"all":<aws.events.event.json>}',
    ]
    queues = [world.queue(f"q{i}") for i in range(len(templates))]
    paths = {"id": "$.detail.id", "name": "$.detail.name", "body": "$.detail.body", "gone": "$.detail.gone"}
    targets = [{"Arn": q.arn, "InputTransformer": {"InputPathsMap": paths, "InputTemplate": t}} for q, t in zip(queues, templates)]
    rule = world.rule("r", {"source": ["shop"]}, *targets)
    event_id = world.put(entry('{"id":"7","name":"a \\"b\\"","body":{"k":["v",1]}}'))["Entries"][0]["EventId"]
    bodies = [q.bodies()[0] for q in queues]
    assert bodies[:4] == [
        '{"p":"users/7","b":{"k":["v",1]},"n":"a \\"b\\""}',
        '"a "b" has {k:[v,1]}"',
        '"7" and ""',
        '{"g":"","h":"[]"}',
    ]  # fmt: skip
    whole = json.loads(bodies[4])
    assert (whole["rule"], whole["name"], whole["all"]["id"]) == (rule, "r", event_id) and whole["all"]["detail"]["id"] == "7"
    assert whole["at"].endswith("Z") and whole["at"][10] == "T"


def test_a_target_is_replaced_by_its_id(world):
    first, second = world.queue("first"), world.queue("second")
    world.rule("r", {"source": ["shop"]}, {"Arn": first.arn})
    world.events.put_targets(Rule="r", Targets=[{"Id": "0", "Arn": second.arn, "Input": '"new"'}])
    assert world.events.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "0", "Arn": second.arn, "Input": '"new"'}]
    world.put(entry())
    assert first.bodies() == [] and second.bodies() == ['"new"']


# ---- refusals ----


def test_a_target_that_forbids_it_is_not_asked_again(world):
    inbox, dead = world.queue("inbox"), world.queue("dead")
    world.rule("r", {"source": ["shop"]}, {"Arn": inbox.arn, "DeadLetterConfig": {"Arn": dead.arn}})
    fault = {"account": world.account, "service": "sqs", "operation": "SendMessage", "resource": "inbox", "code": "AccessDenied", "status": 403}
    world.virga.post("/_virga/faults", fault)
    world.put(entry())
    (message,) = dead.messages()
    attributes = attributes_of(message)
    assert (attributes["ERROR_CODE"], attributes["RETRY_ATTEMPTS"]) == ("NO_PERMISSIONS", "0") and "EXHAUSTED_RETRY_CONDITION" not in attributes


def test_five_seconds_are_all_that_http_targets_get(world):
    """An API destination that never answers and a function behind API Gateway that is late: real time passes here."""
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections and says nothing
    try:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        dead = world.queue("dead")
        slow = function(world, "import time\ndef handler(event, context): time.sleep(5.5)", Timeout=10)
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{slow}/invocations"
        api = gateway(world, path="slow", type="AWS", integrationHttpMethod="POST", uri=uri)
        again = {"RetryPolicy": {"MaximumRetryAttempts": 0}, "DeadLetterConfig": {"Arn": dead.arn}}
        targets = [{"Arn": destination(world, types.SimpleNamespace(url=url), connect(world), path=""), "RoleArn": ROLE, **again}, {"Arn": api + "slow", **again}]
        world.rule("r", {"source": ["shop"]}, *targets)
        world.put(entry())
        messages = dead.messages()
        assert {(attributes_of(m)["TARGET_ARN"], attributes_of(m)["ERROR_CODE"]) for m in messages} == {(t["Arn"], "TIMEOUT") for t in targets}
    finally:
        silent.close()
