"""Lambda: functions are real processes here, so these tests run real node, python and shell."""
import base64
import concurrent.futures
import hashlib
import io
import json
import pathlib
import re
import socket
import urllib.request
import zipfile

import botocore.exceptions
import pytest

from conftest import make_client
from virga_process import Virga

ROLE = "arn:aws:iam::000000000000:role/test"


def zip_of(files):
    """{name: text or (text, mode)} as a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o100644)
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            z.writestr(info, text)
    return out.getvalue()


def create(client, name, files, runtime="nodejs20.x", handler="index.handler", **more):
    return client.create_function(FunctionName=name, Runtime=runtime, Role=ROLE, Handler=handler, Code={"ZipFile": zip_of(files)}, **more)


def node(client, name, code, **more):
    return create(client, name, {"index.js": code}, **more)


def python(client, name, code, **more):
    return create(client, name, {"app.py": code}, runtime="python3.12", handler="app.handler", **more)


def invoke(client, name, event=None, **more):
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event), **more)
    body = answer["Payload"].read()
    return answer, json.loads(body) if body else None


def error_of(call):
    with pytest.raises(botocore.exceptions.ClientError) as e:
        call()
    return e.value.response["Error"]["Code"], e.value.response["Error"]["Message"]


class Meeting:
    """Where functions wait: a connection says that one is at work, and it goes on when it is let go."""

    CODE = "const meet = (port) => new Promise((go) => { const s = require('net').connect(port, '127.0.0.1').once('data', () => { s.destroy(); go() }) }); "

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
        self.port = self.listener.getsockname()[1]
        return self

    def __exit__(self, *_):
        self.listener.close()

    def arrival(self):
        return self.listener.accept()[0]

    @staticmethod
    def let_go(arrived):
        with arrived:
            arrived.send(b"go")


ECHO = "exports.handler = async (event) => event"


# ---- functions -------------------------------------------------------------------------------------------------------

def test_create_wait_invoke_and_read_back(aws):
    client = aws("lambda")
    code = zip_of({"index.js": ECHO})
    made = client.create_function(FunctionName="echo", Runtime="nodejs20.x", Role=ROLE, Handler="index.handler", Code={"ZipFile": code})
    assert made["State"] == "Pending" and made["StateReasonCode"] == "Creating"
    assert made["CodeSha256"] == base64.b64encode(hashlib.sha256(code).digest()).decode()
    client.get_waiter("function_active_v2").wait(FunctionName="echo")
    answer, value = invoke(client, "echo", {"a": [1, "é", None]})
    assert value == {"a": [1, "é", None]}
    assert answer["StatusCode"] == 200 and answer["ExecutedVersion"] == "$LATEST" and "FunctionError" not in answer
    location = client.get_function(FunctionName="echo")["Code"]["Location"]
    assert urllib.request.urlopen(location).read() == code
    assert [f["FunctionName"] for f in client.list_functions()["Functions"]] == ["echo"]
    client.delete_function(FunctionName="echo")
    assert error_of(lambda: client.get_function(FunctionName="echo"))[0] == "ResourceNotFoundException"


def test_python_function_has_context_and_environment(aws, account, virga):
    client = aws("lambda")
    python(client, "f", """
import os
def handler(event, context):
    return {"id": context.aws_request_id, "arn": context.invoked_function_arn, "left": context.get_remaining_time_in_millis(),
            "memory": context.memory_limit_in_mb, "env": dict(os.environ), "cwd": os.getcwd()}
""", Timeout=7, MemorySize=256, Environment={"Variables": {"COLOR": "red"}})
    _, value = invoke(client, "f", {})
    env = value["env"]
    assert value["arn"] == f"arn:aws:lambda:us-east-1:{account}:function:f"
    assert 0 < value["left"] <= 7000 and value["memory"] == "256"
    assert env["COLOR"] == "red" and env["AWS_REGION"] == "us-east-1" and env["AWS_ACCESS_KEY_ID"] == account
    assert env["AWS_ENDPOINT_URL"] == virga.endpoint and env["_HANDLER"] == "app.handler" and env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert env["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.12" and env["LAMBDA_TASK_ROOT"] == value["cwd"]
    assert re.match(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16}", env["_X_AMZN_TRACE_ID"])
    assert "VIRGA" not in " ".join(env) and "AWS_PROFILE" not in env


def test_custom_runtime_bootstrap(aws):
    client = aws("lambda")
    script = """#!/bin/sh
while true; do
  head=$(mktemp)
  event=$(curl -sS -D "$head" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(grep -i lambda-runtime-aws-request-id "$head" | tr -d '\\r' | cut -d' ' -f2)
  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "{\\"got\\":$event}" > /dev/null
done
"""
    create(client, "f", {"bootstrap": (script, 0o100755)}, runtime="provided.al2023", handler="x")
    assert invoke(client, "f", {"n": 1})[1] == {"got": {"n": 1}}
    assert invoke(client, "f", 2)[1] == {"got": 2}


def test_zip_with_link_runs_and_one_that_leaves_its_root_is_refused(aws):
    client = aws("lambda")
    create(client, "f", {"lib/real.js": "exports.n = 5", "link.js": ("lib/real.js", 0o120777), "index.js": "exports.handler = async () => require('./link').n"})
    assert invoke(client, "f")[1] == 5
    bad = zip_of({"../x": "1"})
    assert error_of(lambda: client.create_function(FunctionName="g", Runtime="nodejs20.x", Role=ROLE, Handler="i.h", Code={"ZipFile": bad})) == (
        "InvalidParameterValueException", "Could not unzip uploaded file. Please check your file, then try to upload again.")


def test_code_from_s3_is_read_once(aws):
    client, s3 = aws("lambda"), aws("s3")
    s3.create_bucket(Bucket="code-bucket")
    s3.put_object(Bucket="code-bucket", Key="f.zip", Body=zip_of({"index.js": "exports.handler = async () => 1"}))
    client.create_function(FunctionName="f", Runtime="nodejs20.x", Role=ROLE, Handler="index.handler", Code={"S3Bucket": "code-bucket", "S3Key": "f.zip"})
    s3.put_object(Bucket="code-bucket", Key="f.zip", Body=b"no zip")
    assert invoke(client, "f")[1] == 1
    assert error_of(lambda: client.update_function_code(FunctionName="f", S3Bucket="code-bucket", S3Key="none.zip")) == (
        "InvalidParameterValueException",
        "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.")


def test_local_directory_is_reloaded_when_it_changes(aws, tmp_path):
    client = aws("lambda")
    (tmp_path / "index.js").write_text("exports.handler = async () => 'one'")
    client.create_function(FunctionName="f", Runtime="nodejs20.x", Role=ROLE, Handler="index.handler", Code={"S3Bucket": "hot-reload", "S3Key": str(tmp_path)})
    assert invoke(client, "f")[1] == "one"
    (tmp_path / "index.js").write_text("exports.handler = async () => 'two!'")
    assert invoke(client, "f")[1] == "two!"


def test_node_handlers_of_every_kind(aws):
    client = aws("lambda")
    create(client, "esm", {"index.mjs": "const x = await Promise.resolve(3); export const handler = async (e) => e + x"})
    assert invoke(client, "esm", 4)[1] == 7
    create(client, "module", {"index.js": "export const handler = async () => 'module'", "package.json": '{"type":"module"}'})
    assert invoke(client, "module")[1] == "module"
    create(client, "nested", {"src/a.js": "exports.b = { c: async () => 'nested' }"}, handler="src/a.b.c")
    assert invoke(client, "nested")[1] == "nested"
    node(client, "callback", "exports.handler = (e, c, cb) => setTimeout(() => cb(null, 'called'), 20)")
    assert invoke(client, "callback")[1] == "called"
    node(client, "callback-error", "exports.handler = (e, c, cb) => cb(new TypeError('no'))")
    answer, value = invoke(client, "callback-error")
    assert answer["FunctionError"] == "Unhandled" and (value["errorType"], value["errorMessage"]) == ("TypeError", "no")
    node(client, "sync", "exports.handler = () => 'ignored'")
    assert invoke(client, "sync")[1] is None
    node(client, "no-wait", "exports.handler = (e, c, cb) => { c.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); cb(null, 1) }")
    assert invoke(client, "no-wait")[1] == 1
    node(client, "never", "exports.handler = () => new Promise(() => {})")
    assert invoke(client, "never")[1]["errorType"] == "Runtime.NodeJsExit"


# ---- invocation ------------------------------------------------------------------------------------------------------

def test_errors_have_the_shape_of_the_language_and_the_tail_shows_the_log(aws):
    client = aws("lambda")
    node(client, "n", "exports.handler = async () => { console.log('hello\\nworld'); throw new RangeError('too far') }")
    answer, value = invoke(client, "n", LogType="Tail")
    assert answer["StatusCode"] == 200 and answer["FunctionError"] == "Unhandled"
    assert value["errorType"] == "RangeError" and value["errorMessage"] == "too far" and value["trace"][0] == "RangeError: too far"
    tail = base64.b64decode(answer["LogResult"]).decode()
    request = answer["ResponseMetadata"]["RequestId"]
    assert f"START RequestId: {request} Version: $LATEST\n" in tail and f"END RequestId: {request}\n" in tail
    assert f"\t{request}\tINFO\thello\nworld\n" in tail and "Init Duration:" in tail and "Error Type: Runtime.Unknown" in tail
    python(client, "p", "def handler(event, context):\n    raise KeyError('gone')\n")
    answer, value = invoke(client, "p")
    assert answer["FunctionError"] == "Unhandled"
    assert value["errorType"] == "KeyError" and value["errorMessage"] == "'gone'" and value["requestId"] == answer["ResponseMetadata"]["RequestId"]
    assert "in handler" in value["stackTrace"][0]


def test_timeout_kills_only_its_own_environment(aws):
    client = aws("lambda")
    node(client, "f", Meeting.CODE + "let n = 0; exports.handler = async (e) => { if (e.port) await meet(e.port); if (e.hang) for (;;); return ++n }", Timeout=2)
    with Meeting() as meeting, concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(invoke, client, "f", {"port": meeting.port})
        first = meeting.arrival()
        hanging = pool.submit(invoke, client, "f", {"port": meeting.port, "hang": True}, LogType="Tail")
        meeting.let_go(meeting.arrival())
        meeting.let_go(first)
        answer, value = hanging.result()
        assert slow.result()[1] == 1
    request = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert value == {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request} Error: Task timed out after 2.00 seconds"}
    assert "Status: timeout" in base64.b64decode(answer["LogResult"]).decode()
    assert invoke(client, "f", {})[1] == 2  # the one that was not killed


def test_exit_and_crash_are_told_and_healed(aws):
    client = aws("lambda")
    node(client, "f", "exports.handler = async (e) => { if (e === null) process.exit(3); if (e === 0) process.exit(0); if (e === 'kill') process.kill(process.pid, 'SIGKILL'); return e }")
    for event, how in [(None, "Runtime exited with error: exit status 3"), (0, "Runtime exited without providing a reason"), ("kill", "Runtime exited with error: signal: killed")]:
        answer, value = invoke(client, "f", event)
        request = answer["ResponseMetadata"]["RequestId"]
        assert value == {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {request} Error: {how}"}
        assert invoke(client, "f", "fine")[1] == "fine"


@pytest.mark.parametrize("runtime,handler,files,kind,message", [
    ("nodejs20.x", "index.handler", {"other.js": ""}, "Runtime.ImportModuleError", "Error: Cannot find module 'index'"),
    ("nodejs20.x", "index.handler", {"index.js": "require('nowhere')"}, "Runtime.ImportModuleError", "Error: Cannot find module 'nowhere'"),
    ("nodejs20.x", "index.handler", {"index.js": "exports.handler = ("}, "Runtime.UserCodeSyntaxError", "SyntaxError:"),
    ("nodejs20.x", "index.handler", {"index.js": "exports.other = 1"}, "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
    ("nodejs20.x", "index.handler", {"index.js": "throw new Error('at start')"}, "Error", "at start"),
    ("python3.12", "app.handler", {"other.py": ""}, "Runtime.ImportModuleError", "Unable to import module 'app': No module named 'app'"),
    ("python3.12", "app.handler", {"app.py": "def"}, "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
    ("python3.12", "app.handler", {"app.py": "x = 1"}, "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
    ("python3.12", "app", {"app.py": "x = 1"}, "Runtime.MalformedHandlerName", "Bad handler 'app'"),
    ("provided.al2023", "x", {"other": ""}, "Runtime.InvalidEntrypoint", "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
])
def test_what_cannot_start_says_why(aws, runtime, handler, files, kind, message):
    client = aws("lambda")
    create(client, "f", files, runtime=runtime, handler=handler)
    answer, value = invoke(client, "f")
    assert answer["FunctionError"] == "Unhandled"
    assert value["errorType"] == kind and value["errorMessage"].startswith(message), value


def test_an_update_replaces_the_environments(aws):
    client = aws("lambda")
    node(client, "f", "exports.handler = async () => 1")
    assert invoke(client, "f")[1] == 1
    updated = client.update_function_code(FunctionName="f", ZipFile=zip_of({"index.js": "exports.handler = async () => process.env.XX"}))
    assert updated["LastUpdateStatus"] == "InProgress"
    client.get_waiter("function_updated_v2").wait(FunctionName="f")
    assert invoke(client, "f")[1] is None
    client.update_function_configuration(FunctionName="f", Environment={"Variables": {"XX": "x"}})
    assert invoke(client, "f")[1] == "x"


def test_state_stays_in_a_warm_environment_and_parallel_calls_get_their_own(aws):
    client = aws("lambda")
    node(client, "f", Meeting.CODE + "let n = 0; exports.handler = async (port) => { if (port) await meet(port); return ++n }", Timeout=60)
    assert [invoke(client, "f", 0)[1] for _ in range(50)] == list(range(1, 51))
    with Meeting() as meeting, concurrent.futures.ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(invoke, client, "f", meeting.port) for _ in range(8)]
        for arrived in [meeting.arrival() for _ in calls]:  # all are at work at the same time
            meeting.let_go(arrived)
        assert sorted(call.result()[1] for call in calls) == [1] * 7 + [51]


def test_limits_of_payloads(aws):
    client = aws("lambda")
    node(client, "f", "exports.handler = async (n) => typeof n === 'number' ? 'x'.repeat(n) : 'short'")
    answer, value = invoke(client, "f", 6291557)
    assert value == {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes)."}
    assert len(invoke(client, "f", 6291000)[1]) == 6291000
    code, message = error_of(lambda: client.invoke(FunctionName="f", Payload=b'"' + b"x" * 6291456 + b'"'))
    assert code == "RequestEntityTooLargeException" and message == "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
    code, message = error_of(lambda: client.invoke(FunctionName="f", Payload=b"{bad"))
    assert code == "InvalidRequestContentException" and message.startswith("Could not parse request body into json: Could not parse payload into json: ")
    dry = client.invoke(FunctionName="f", InvocationType="DryRun")
    assert dry["StatusCode"] == 204


def test_garbage_on_the_runtime_api_harms_nobody(aws):
    client = aws("lambda")
    script = """#!/bin/sh
base="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
printf 'GARBAGE\\r\\n\\r\\n' | timeout 1 sh -c "exec 3<>/dev/tcp/x/1" 2>/dev/null
curl -sS "$base/nowhere" >/dev/null
curl -sS -X POST "$base/invocation/wrong/response" -d 'x'
echo
head=$(mktemp)
curl -sS -D "$head" "$base/invocation/next" >/dev/null
id=$(grep -i lambda-runtime-aws-request-id "$head" | tr -d '\\r' | cut -d' ' -f2)
curl -sS -X POST "$base/invocation/wrong/response" -d 'x'
echo
head -c 100000 /dev/urandom
curl -sS -X POST "$base/invocation/$id/response" -d 'this is no json' >/dev/null
exit 1
"""
    create(client, "f", {"bootstrap": (script, 0o100755)}, runtime="provided.al2023", handler="x")
    answer = client.invoke(FunctionName="f", LogType="Tail")
    assert answer["Payload"].read() == b"this is no json" and "FunctionError" not in answer
    assert client.invoke(FunctionName="f")["Payload"].read() == b"this is no json"  # a new environment


# ---- versions, aliases, settings -------------------------------------------------------------------------------------

def test_versions_are_numbered_once_and_aliases_point_at_them(aws, account):
    client = aws("lambda")
    node(client, "f", "exports.handler = async (e, c) => [process.env.AWS_LAMBDA_FUNCTION_VERSION, c.invokedFunctionArn]")
    assert client.publish_version(FunctionName="f")["Version"] == "1"
    assert client.publish_version(FunctionName="f")["Version"] == "1"
    client.update_function_configuration(FunctionName="f", Description="new")
    client.update_function_configuration(FunctionName="f", Timeout=4)
    assert client.publish_version(FunctionName="f")["Version"] == "2"
    client.delete_function(FunctionName="f", Qualifier="2")
    assert client.publish_version(FunctionName="f")["Version"] == "3"
    assert [v["Version"] for v in client.list_versions_by_function(FunctionName="f")["Versions"]] == ["$LATEST", "1", "3"]
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    answer, value = invoke(client, "f", Qualifier="live")
    assert answer["ExecutedVersion"] == "1"
    assert value == ["1", f"arn:aws:lambda:us-east-1:{account}:function:f:live"]
    client.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {"3": 0.5}})
    seen = {invoke(client, "f:live")[0]["ExecutedVersion"] for _ in range(40)}
    assert seen == {"1", "3"}
    assert error_of(lambda: client.create_alias(FunctionName="f", Name="live", FunctionVersion="1"))[0] == "ResourceConflictException"
    assert error_of(lambda: client.delete_function(FunctionName="f", Qualifier="1"))[0] == "ResourceConflictException"
    assert error_of(lambda: client.get_alias(FunctionName="f", Name="none")) == (
        "ResourceNotFoundException", f"Cannot find alias arn: arn:aws:lambda:us-east-1:{account}:function:f:none")


def test_stale_revisions_are_refused(aws):
    client = aws("lambda")
    old = node(client, "f", ECHO)["RevisionId"]
    client.update_function_configuration(FunctionName="f", RevisionId=old, Timeout=5)
    code, message = error_of(lambda: client.update_function_configuration(FunctionName="f", RevisionId=old, Timeout=6))
    assert code == "PreconditionFailedException"
    assert message == "The Revision Id provided does not match the latest Revision Id. Call the GetFunction API to retrieve the latest Revision Id"


def test_permissions_make_a_policy(aws, account):
    client = aws("lambda")
    node(client, "f", ECHO)
    assert error_of(lambda: client.get_policy(FunctionName="f")) == ("ResourceNotFoundException", "The resource you requested does not exist.")
    statement = dict(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn="arn:aws:events:us-east-1:000000000001:rule/r")
    client.add_permission(**statement)
    assert error_of(lambda: client.add_permission(**statement))[0] == "ResourceConflictException"
    policy = json.loads(client.get_policy(FunctionName="f")["Policy"])
    assert policy["Statement"] == [{"Sid": "s", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:InvokeFunction",
                                    "Resource": f"arn:aws:lambda:us-east-1:{account}:function:f",
                                    "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:000000000001:rule/r"}}}]
    client.remove_permission(FunctionName="f", StatementId="s")
    assert error_of(lambda: client.remove_permission(FunctionName="f", StatementId="s"))[0] == "ResourceNotFoundException"


def test_reserved_concurrency_throttles(aws):
    client = aws("lambda")
    node(client, "f", ECHO)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(client.exceptions.TooManyRequestsException) as e:
        client.invoke(FunctionName="f")
    assert e.value.response["Error"]["Message"] == "Rate Exceeded."
    assert e.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    client.delete_function_concurrency(FunctionName="f")
    assert invoke(client, "f", 1)[1] == 1


def test_validation_texts(aws, account):
    client = aws("lambda")
    node(client, "f", ECHO)
    assert error_of(lambda: node(client, "f", ECHO)) == ("ResourceConflictException", "Function already exist: f")
    assert error_of(lambda: client.invoke(FunctionName="none")) == (
        "ResourceNotFoundException", f"Function not found: arn:aws:lambda:us-east-1:{account}:function:none:$LATEST")
    code, message = error_of(lambda: node(client, "g", ECHO, Environment={"Variables": {"AWS_REGION": "x"}}))
    assert code == "InvalidParameterValueException" and message.endswith("Reserved keys used in this request: AWS_REGION")
    assert "exceeded the 4KB limit" in error_of(lambda: node(client, "g", ECHO, Environment={"Variables": {"XX": "x" * 4100}}))[1]
    assert error_of(lambda: client.get_function(FunctionName=f"arn:aws:lambda:eu-west-1:{account}:function:f")) == (
        "ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")


def test_tags(aws, account):
    client = aws("lambda")
    arn = node(client, "f", ECHO, Tags={"a": "1"})["FunctionArn"]
    client.tag_resource(Resource=arn, Tags={"b": "2"})
    client.untag_resource(Resource=arn, TagKeys=["a"])
    assert client.list_tags(Resource=arn)["Tags"] == {"b": "2"}
    assert client.get_function(FunctionName="f")["Tags"] == {"b": "2"}


# ---- asynchronous ----------------------------------------------------------------------------------------------------

def queue_of(sqs, name):
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(sqs, url):
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages", [])


def test_failed_events_are_retried_by_the_clock_and_then_told(aws, virga, account):
    client, sqs = aws("lambda"), aws("sqs")
    failed, failed_arn = queue_of(sqs, "failed")
    dead, dead_arn = queue_of(sqs, "dead")
    attempts, attempts_arn = queue_of(sqs, "attempts")
    python(client, "f", """
def handler(event, context):
    raise ValueError("always")
""", DeadLetterConfig={"TargetArn": dead_arn})
    client.put_function_event_invoke_config(FunctionName="f", DestinationConfig={"OnFailure": {"Destination": failed_arn}})
    assert client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"x":1}')["StatusCode"] == 202
    virga.wait()
    assert not received(sqs, failed)
    virga.advance(seconds=60)
    assert not received(sqs, failed)
    virga.advance(seconds=120)
    record = json.loads(received(sqs, failed)[0]["Body"])
    assert record["version"] == "1.0" and record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestContext"]["functionArn"] == f"arn:aws:lambda:us-east-1:{account}:function:f:$LATEST"
    assert record["requestPayload"] == {"x": 1} and record["responsePayload"]["errorMessage"] == "always"
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    letter = received(sqs, dead)[0]
    assert json.loads(letter["Body"]) == {"x": 1}
    assert letter["MessageAttributes"]["ErrorMessage"]["StringValue"] == "always"
    assert letter["MessageAttributes"]["ErrorCode"] == {"StringValue": "200", "DataType": "Number"}
    assert letter["MessageAttributes"]["RequestID"]["StringValue"] == record["requestContext"]["requestId"]


def test_success_reaches_its_destination_and_no_retry_is_one_attempt(aws, virga):
    client, sqs = aws("lambda"), aws("sqs")
    done, done_arn = queue_of(sqs, "done")
    node(client, "f", "exports.handler = async (e) => { if (e.fail) throw new Error('x'); return { ok: e } }")
    client.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0,
                                            DestinationConfig={"OnSuccess": {"Destination": done_arn}, "OnFailure": {"Destination": done_arn}})
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"n":1}')
    virga.wait()
    record = json.loads(received(sqs, done)[0]["Body"])
    assert record["requestContext"]["condition"] == "Success" and record["responsePayload"] == {"ok": {"n": 1}}
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"fail":1}')
    virga.wait()
    record = json.loads(received(sqs, done)[0]["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted" and record["requestContext"]["approximateInvokeCount"] == 1


def test_throttled_events_wait_until_they_are_too_old(aws, virga):
    client, sqs = aws("lambda"), aws("sqs")
    failed, failed_arn = queue_of(sqs, "failed")
    node(client, "f", ECHO)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    client.put_function_event_invoke_config(FunctionName="f", DestinationConfig={"OnFailure": {"Destination": failed_arn}})
    client.invoke(FunctionName="f", InvocationType="Event")
    virga.wait()
    record = json.loads(received(sqs, failed)[0]["Body"])
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency" and "responseContext" not in record


# ---- together --------------------------------------------------------------------------------------------------------

def test_a_function_calls_back_and_the_trace_shows_it(aws, virga, account):
    client = aws("lambda")
    python(client, "inner", "def handler(event, context):\n    return event\n")
    python(client, "outer", """
import json, os, urllib.request
def handler(event, context):
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0",
               "X-Amzn-Trace-Id": os.environ["_X_AMZN_TRACE_ID"]}
    r = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + "/2015-03-31/functions/inner/invocations", data=json.dumps(event).encode(), headers=headers)
    return [json.loads(urllib.request.urlopen(r).read()), os.environ["_X_AMZN_TRACE_ID"]]
""")
    _, (value, trace) = invoke(client, "outer", {"deep": 1})
    assert value == {"deep": 1}
    root, parent = re.match(r"Root=([^;]+);Parent=([^;]+)", trace).groups()
    assert len(parent) == 16

    def names(span):
        return {span["name"]: [names(child) for child in span.get("children", [])]}

    tree = json.dumps([names(span) for span in virga.get(f"/_virga/trace/{root}")["tree"]])
    # The call, its function, the function's call, and the function that ran for it.
    assert re.search(r'"lambda:Invoke": \[\{"lambda:outer": .*"lambda:Invoke": \[\{"lambda:inner"', tree), tree


def test_logs_are_there_when_invoke_returns(aws):
    client, logs = aws("lambda"), aws("logs")
    node(client, "f", "exports.handler = async () => { console.log('one'); process.stdout.write('raw line\\n'); console.error('three') }")
    answer, _ = invoke(client, "f")
    request = answer["ResponseMetadata"]["RequestId"]
    events = [e["message"] for e in logs.filter_log_events(logGroupName="/aws/lambda/f")["events"]]
    assert events[0].startswith("INIT_START Runtime Version: nodejs:20")
    assert events[1] == f"START RequestId: {request} Version: $LATEST"
    assert [m.split("\t")[-1] for m in events[2:5]] == ["one", "raw line", "three"]
    assert events[5] == f"END RequestId: {request}"
    assert events[6].startswith(f"REPORT RequestId: {request}\tDuration: ")
    (stream,) = logs.describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream["logStreamName"])


def test_no_process_outlives_the_emulator_and_no_zombie_is_left():
    server = Virga()
    client = make_client("lambda", server.endpoint, "100000000001")
    node(client, "f", "exports.handler = async (e) => e ? process.exit(1) : process.pid")
    for _ in range(3):
        invoke(client, "f", 1)
    pid = invoke(client, "f", 0)[1]

    def state(p):
        try:
            return pathlib.Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return None

    def children():
        tasks = pathlib.Path(f"/proc/{server.process.pid}/task").glob("*/children")
        return [state(p) for task in tasks for p in task.read_text().split()]

    assert state(pid) in ("S", "R")
    assert children() and "Z" not in children()
    assert server.stop() == 0
    assert state(pid) in (None, "Z")  # ended; whoever adopted it may not have collected it yet
