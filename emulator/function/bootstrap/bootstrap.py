# Runs a Python function: loads the handler, then loops over the Runtime API. Kept small, because every cold start pays for it:
# so it speaks HTTP/1.1 over one plain socket instead of importing an HTTP client.
import json
import logging
import os
import socket
import sys
import time
import traceback

env = os.environ
PREFIX = "/2018-06-01/runtime/"
HOST, PORT = env["AWS_LAMBDA_RUNTIME_API"].split(":")
JSON_LOG = env.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"


# ---- the connection --------------------------------------------------------------------------------------------------

class Connection:
    def __init__(self):
        self.socket = socket.create_connection((HOST, int(PORT)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def request(self, method, path, body=None, headers=()):
        head = [f"{method} {PREFIX}{path} HTTP/1.1", f"Host: {HOST}:{PORT}"]
        head += [f"{name}: {value}" for name, value in headers]
        if body is not None:
            head.append(f"Content-Length: {len(body)}")
        self.socket.sendall(("\r\n".join(head) + "\r\n\r\n").encode("latin-1", "replace") + (body or b""))
        status = self.file.readline()
        if not status:
            os._exit(0)  # the emulator is gone, or wants this environment to end
        answer = {}
        while True:
            line = self.file.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            answer[name.lower()] = value.strip()
        length = int(answer.get("content-length", 0))
        return int(status.split()[1]), answer, self.file.read(length)


# ---- logging ---------------------------------------------------------------------------------------------------------

request_id = None


def emit(line):
    """One message is one line: newlines inside travel as carriage returns."""
    data = (line.rstrip("\n").replace("\r\n", "\n").replace("\n", "\r") + "\n").encode("utf-8", "replace")
    while data:
        data = data[os.write(1, data):]


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%03dZ" % (seconds % 1 * 1000)


class LambdaLogger(logging.Handler):
    def emit(self, record):
        try:
            message = self.format(record)
            if not JSON_LOG:
                return emit(message)
            entry = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)), "level": record.levelname,
                     "message": record.getMessage(), "logger": record.name, "requestId": request_id}
            if record.exc_info:
                entry["errorType"] = record.exc_info[0].__name__
                entry["errorMessage"] = str(record.exc_info[1])
                entry["stackTrace"] = traceback.format_tb(record.exc_info[2])
            emit(json.dumps(entry, default=str))
        except Exception:
            self.handleError(record)


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = request_id
        return True


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = LambdaLogger()
    handler.setFormatter(logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    if JSON_LOG:
        level = env.get("AWS_LAMBDA_LOG_LEVEL", "INFO")
        root.setLevel({"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level))


# ---- errors ----------------------------------------------------------------------------------------------------------

class RuntimeFault(Exception):
    """An error of loading the function, with its type as Lambda names it."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


def describe(error):
    if isinstance(error, RuntimeFault):
        return {"errorMessage": str(error), "errorType": error.kind, "requestId": request_id or "", "stackTrace": error.trace}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    return {"errorMessage": str(error), "errorType": type(error).__name__, "requestId": request_id or "", "stackTrace": traceback.format_list(frames)}


def log_error(shape):
    if JSON_LOG:
        return emit(json.dumps({"timestamp": utc(time.time()), "log_level": "ERROR", **shape}))
    lines = [f"[ERROR] {shape['errorType']}: {shape['errorMessage']}" if shape["errorType"] else f"[ERROR] {shape['errorMessage']}"]
    if shape["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines += [s.rstrip("\n") for s in shape["stackTrace"]]
    emit("\n".join(lines))


def error_headers(shape):
    return [("Content-Type", "application/json"), ("Lambda-Runtime-Function-Error-Type", shape["errorType"])]


# ---- the handler -----------------------------------------------------------------------------------------------------

def load_handler():
    import importlib
    full = env.get("_HANDLER", "")
    if "." not in full:
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{full}': not enough values to unpack (expected 2, got 1)")
    name, function = full.rsplit(".", 1)
    module_name = name.replace("/", ".")
    try:
        if name.split(".")[0] in sys.builtin_module_names:
            raise RuntimeFault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {name} as a handler module")
        module = importlib.import_module(module_name)
    except ImportError as e:
        raise RuntimeFault("Runtime.ImportModuleError", f"Unable to import module '{name}': {e}") from e
    except SyntaxError as e:
        trace = [f'  File "{e.filename}" Line {e.lineno}\n    {e.text}']
        raise RuntimeFault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{name}': {e}", trace) from e
    if not hasattr(module, function):
        raise RuntimeFault("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{name}'")
    return getattr(module, function)


class Identity:
    def __init__(self, document):
        self.cognito_identity_id = (document or {}).get("cognitoIdentityId")
        self.cognito_identity_pool_id = (document or {}).get("cognitoIdentityPoolId")


class Client:
    installation_id = app_title = app_version_name = app_version_code = app_package_name = None


class ClientContext:
    def __init__(self, document):
        self.custom = document.get("custom")
        self.env = document.get("env")
        self.client = Client()
        for name, value in (document.get("client") or {}).items():
            setattr(self.client, name, value)


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        client = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(client)) if client else None
        identity = headers.get("lambda-runtime-cognito-identity")
        self.identity = Identity(json.loads(identity) if identity else None)
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message):
        emit(str(message))


# ---- one event -------------------------------------------------------------------------------------------------------

def encode(value):
    if type(value).__name__ == "Decimal":
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def answer(connection, handler, headers, body):
    global request_id
    context = Context(headers)
    request_id = context.aws_request_id
    env["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
    kind, more = "response", [("Content-Type", "application/json")]
    try:
        result = handler(json.loads(body), context)
        try:
            sent = json.dumps(result, ensure_ascii=False, default=encode).encode("utf-8", "surrogatepass")
        except Exception as e:
            raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {e}") from e
    except Exception as e:
        shape = describe(e)
        log_error(shape)
        kind, more, sent = "error", error_headers(shape), json.dumps(shape).encode()
    sys.stdout.flush()
    sys.stderr.flush()
    connection.request("POST", f"invocation/{request_id}/{kind}", sent, more)
    request_id = None


def main():
    sys.path.insert(0, env["LAMBDA_TASK_ROOT"])
    sys.path = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]
    set_up_logging()
    connection = Connection()
    try:
        handler = load_handler()
    except Exception as e:
        shape = describe(e)
        log_error(shape)
        connection.request("POST", "init/error", json.dumps(shape).encode(), error_headers(shape))
        sys.exit(1)
    while True:
        status, headers, body = connection.request("GET", "invocation/next")
        if status != 200:
            sys.exit(0)
        answer(connection, handler, headers, body)


if __name__ == "__main__":
    main()
