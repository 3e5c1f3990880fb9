"""The AWS SDK for JavaScript v3 with its defaults: Kinesis over HTTP/2."""
import json

import programs


def test_kinesis_over_http2(virga, account):
    output = programs.output(programs.node("kinesis_http2.mjs", virga.endpoint, account))
    assert json.loads(output) == {
        "handler": "NodeHttp2Handler", "failed": 0, "dates": True, "records": 1000, "large": 0,
        "error": ["ResourceNotFoundException", f"Stream nothing under account {account} not found."],
        "fanOut": ["live"], "children": ["shardId-000000000002", "shardId-000000000003"],
    }
