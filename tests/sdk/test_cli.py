"""The command line: start, stop, refusals, and the commands that talk to a running virga."""
import json
import os
import resource
import signal
import socket
import subprocess

import pytest

from conftest import make_client
from virga_process import Virga, binary


def command(*arguments, env=None):
    return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **(env or {})})


def refused(*arguments):
    """Exit code 1 and one sentence; answers the sentence."""
    result = command("serve", *arguments)
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    return result.stderr


def test_a_port_in_use_is_said_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 is in use." in refused("--port", str(port))


def test_a_data_directory_in_use_is_refused(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        assert "is in use by another virga process." in refused("--port", "0", "--data", str(tmp_path))
    finally:
        assert server.stop() == 0


def test_files_may_be_as_many_as_the_system_allows():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard), hard))
    try:
        server = Virga()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE) == (hard, hard)
    assert server.stop() == 0


def filled(tmp_path):
    server = Virga("--data", str(tmp_path))
    make_client("sqs", server.endpoint, "111122223333").create_queue(QueueName="kept")
    assert server.stop() == 0
    return tmp_path / "111122223333" / "us-east-1" / "state.db"


def test_a_damaged_database_is_refused_and_left_alone(tmp_path):
    file = filled(tmp_path)
    for extra in file.parent.glob("state.db-*"):
        extra.unlink()
    file.write_bytes(b"no database at all, but long enough to be read as one " * 50)
    before = file.read_bytes()
    assert "is damaged or no virga data" in refused("--port", "0", "--data", str(tmp_path))
    assert file.read_bytes() == before


def test_data_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    import sqlite3

    file = filled(tmp_path)
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    assert "newer virga" in refused("--port", "0", "--data", str(tmp_path))
    with sqlite3.connect(file) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)


def test_state_survives_stop_and_kill(tmp_path):
    filled(tmp_path)
    server = Virga("--data", str(tmp_path))
    sqs = make_client("sqs", server.endpoint, "111122223333")
    assert len(sqs.list_queues()["QueueUrls"]) == 1
    sqs.create_queue(QueueName="second")
    server.kill()
    server = Virga("--data", str(tmp_path), "--durability", "power")
    assert len(make_client("sqs", server.endpoint, "111122223333").list_queues()["QueueUrls"]) == 2
    assert server.stop() == 0


def test_the_clock_goes_on_where_it_was(tmp_path):
    server = Virga("--data", str(tmp_path))
    began = server.now()
    advanced = server.advance(86400)["now"]
    assert advanced[:10] > began[:10]
    server.kill()
    server = Virga("--data", str(tmp_path))
    assert server.now() >= advanced and server.get("/_virga/clock")["frozen"] is False
    server.freeze(at="2040-01-01T00:00:00Z")
    server.kill()
    server = Virga("--data", str(tmp_path), "--freeze-clock", "2026-01-01T00:00:00Z")  # it never goes back
    frozen = server.get("/_virga/clock")
    assert frozen["now"].startswith("2040-01-01T00:00:00") and frozen["frozen"] is True
    server.advance(60)
    server.kill()
    server = Virga("--data", str(tmp_path))
    assert server.now().startswith("2040-01-01T00:01:00")
    server.post("/_virga/clock", {"action": "resume"})
    server.kill()
    server = Virga("--data", str(tmp_path))
    assert server.now() >= "2040-01-01T00:01:00" and server.get("/_virga/clock")["frozen"] is False
    assert server.stop() == 0


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_with_code_0(name):
    server = Virga()
    server.process.send_signal(getattr(signal, name))
    assert server.process.wait(timeout=20) == 0
    server.close()


def test_bad_options_are_explained():
    for arguments in (["serve", "--durability", "maybe"], ["serve", "--freeze-clock", "yesterday"], ["serve", "--tls-certificate", "x"], ["fly"], []):
        result = command(*arguments)
        assert result.returncode == 1
        assert result.stderr
    assert "--freeze-clock" in command("serve", "--help").stdout


def test_commands_talk_to_the_endpoint(virga):
    env = {"AWS_ENDPOINT_URL": virga.endpoint}
    assert "idle: yes" in command("status", env=env).stdout
    assert command("wait", env=env).stdout == "idle\n"
    assert command("version").stdout.startswith("virga ")
    assert f"export AWS_ENDPOINT_URL={virga.endpoint}" in command("env", env=env).stdout
    before = virga.now()
    result = command("clock", "advance", "1h", env=env)
    assert result.returncode == 0 and result.stdout.strip() > before
    result = command("clock", "advance", "--to", "1999-01-01T00:00:00Z", env=env)
    assert result.returncode == 1 and "cannot go back" in result.stderr
    assert command("reset", "--account", "999999999998", env=env).stdout == "reset: 999999999998\n"
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    result = command("status", "--endpoint", f"http://127.0.0.1:{port}")
    assert result.returncode == 1 and "virga serve" in result.stderr


def test_json_log_has_one_object_a_line():
    server = subprocess.Popen([binary(), "serve", "--port", "0", "--log", "json", "--log-requests"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        banner = server.stdout.readline()
        endpoint = banner.split(" on ")[1].split(",")[0]
        make_client("sts", endpoint, "111122223333").get_caller_identity()
    finally:
        server.terminate()
        _, log = server.communicate(timeout=20)
    lines = [json.loads(line) for line in log.splitlines()]
    request = [line for line in lines if line.get("operation") == "GetCallerIdentity"][0]
    assert request["status"] == 200 and request["account"] == "111122223333"


@pytest.mark.parametrize("by", ["options", "environment"])
def test_tls_and_plain_http_on_one_port(tmp_path, by):
    import ssl
    import urllib.request

    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True,
        capture_output=True,
    )
    both = tmp_path / "both.pem"
    both.write_bytes((tmp_path / "cert.pem").read_bytes() + (tmp_path / "key.pem").read_bytes())
    options = ["--tls-certificate", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")] if by == "options" else []
    server = Virga(*options, env={"CUSTOM_SSL_CERT_PATH": str(both)} if by == "environment" else {})
    try:
        context = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        context.check_hostname = False
        with urllib.request.urlopen(server.endpoint.replace("http:", "https:") + "/_virga/health", context=context) as answer:
            assert json.load(answer)["status"] == "ok"
        assert server.get("/_virga/health")["status"] == "ok"
    finally:
        assert server.stop() == 0
