"""Lambda: functions are real processes here, so these tests run real node, python and shell."""
import base64
import hashlib
import io
import json
import re
import socket
import urllib.request
import zipfile

import botocore.exceptions
import pytest

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
