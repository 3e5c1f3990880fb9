"""Execution environments of Lambda: what becomes of them when a function fails, hangs, crashes or is changed."""
import base64
import concurrent.futures
import pathlib

import pytest

from conftest import make_client
from test_lambda import Meeting, create, error_of, invoke, node, python, zip_of
from virga_process import Virga


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
