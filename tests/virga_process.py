"""Starts and stops virga for the tests, and speaks its control API."""
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent


def binary():
    path = os.environ.get("VIRGA", str(ROOT / "build" / "release" / "virga"))
    if not os.path.exists(path):
        raise RuntimeError(f"no virga at {path}; build it with ./run build or set VIRGA")
    return path


class Virga:
    """A running virga process, on a free port unless one is given."""

    def __init__(self, *arguments, port=0, env=None):
        environment = dict(os.environ)
        node_modules = ROOT / "fixtures" / "bike-rental" / "node_modules"
        if node_modules.exists():
            environment.setdefault("VIRGA_NODE_MODULES", str(node_modules))
        environment.setdefault("VIRGA_PYTHON_PATH", sysconfig.get_paths()["purelib"])  # boto3 for python functions
        environment.update(env or {})
        self.stderr = open(os.environ.get("VIRGA_TEST_LOG", os.devnull), "ab")
        self.process = subprocess.Popen(
            [binary(), "serve", "--port", str(port), *arguments], stdout=subprocess.PIPE, stderr=self.stderr, env=environment
        )
        self.endpoint = None
        text = b""
        deadline = time.monotonic() + 60
        while b"Ready.\n" not in text:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                self.kill()
                raise RuntimeError(f"virga did not start: {text!r}")
            text += piece
        self.endpoint = re.search(rb" on (http://\S+),", text).group(1).decode()

    @property
    def port(self):
        return int(self.endpoint.rsplit(":", 1)[1])

    def request(self, method, path, body=None, headers=None):
        """One plain HTTP request: (status, headers, bytes)."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint + path, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def get(self, path):
        status, _, body = self.request("GET", path)
        assert status == 200, (status, body)
        return json.loads(body)

    def post(self, path, body=None):
        status, _, answer = self.request("POST", path, body or {})
        assert status in (200, 201), (status, answer)
        return json.loads(answer)

    def wait(self, timeout=30):
        """Until nothing is in flight."""
        status, _, body = self.request("POST", "/_virga/idle", {"timeout": timeout})
        assert status == 200, json.loads(body)

    def advance(self, seconds=None, to=None):
        """Moves the virtual clock; everything that falls due happens."""
        return self.post("/_virga/clock", {"action": "advance", **({"to": to} if to else {"by": seconds})})

    def freeze(self, at=None):
        return self.post("/_virga/clock", {"action": "freeze", **({"at": at} if at else {})})

    def now(self):
        return self.get("/_virga/clock")["now"]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close()

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.close()
        return code

    def close(self):
        self.process.stdout.close()
        self.stderr.close()
