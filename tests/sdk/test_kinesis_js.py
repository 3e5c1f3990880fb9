"""The AWS SDK for JavaScript v3 with its defaults: Kinesis over HTTP/2."""
import json
import pathlib
import subprocess

import pytest

SCRIPTS = pathlib.Path(__file__).parent / "js"


def test_kinesis_over_http2(virga, account):
    if not (SCRIPTS / "node_modules").is_dir():
        pytest.fail("tests/sdk/js has no node_modules: ./test installs them")
    run = subprocess.run(["node", SCRIPTS / "kinesis_http2.mjs", virga.endpoint, account], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "handler": "NodeHttp2Handler", "failed": 0, "dates": True, "records": 1000, "large": 0,
        "error": ["ResourceNotFoundException", f"Stream nothing under account {account} not found."],
        "fanOut": ["live"], "children": ["shardId-000000000002", "shardId-000000000003"],
    }
