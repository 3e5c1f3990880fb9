#!/usr/bin/env python3
"""Makes sigv4_vectors.json: requests signed by botocore, which sigv4_test.cpp verifies. A developers' script like make_model.py."""
import datetime
import json
import pathlib
from unittest import mock

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
SECRET = "a/secret+that=opens/nothing"
KEY = "AKIDEXAMPLE"

CASES = [
    # name, signer, service, method, url, headers, body, session token, expires
    ("dynamodb", "SigV4Auth", "dynamodb", "POST", "http://localhost:4566/", {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}, "{}", None, 0),
    ("session token", "SigV4Auth", "dynamodb", "POST", "http://localhost:4566/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, "{}", "token/with+signs==", 0),
    ("https without a port", "SigV4Auth", "events", "POST", "https://events.us-east-1.amazonaws.com/", {"X-Amz-Target": "AWSEvents.ListRules"}, "{}", None, 0),
    ("lambda path is encoded twice", "SigV4Auth", "lambda", "GET", "http://localhost:4566/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/policy?Qualifier=a%20b", {}, "", None, 0),
    ("path is normalised", "SigV4Auth", "apigateway", "GET", "http://localhost:4566/restapis/./x/../y//z/?limit=5&embed=methods&embed=a", {}, "", None, 0),
    ("query in any order", "SigV4Auth", "sqs", "GET", "http://localhost:4566/?b=2&a=3&a=1&A=0&c=~%2A%2B&d=", {}, "", None, 0),
    ("spaces in headers", "SigV4Auth", "iam", "POST", "http://localhost:4566/", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-Amz-Meta-A": "  a   b  c "}, "Action=ListRoles&Version=2010-05-08", None, 0),
    ("s3 path is encoded once", "S3SigV4Auth", "s3", "GET", "http://localhost:4566/bucket/a%20b/%C3%A9%2Bx//y?list-type=2&prefix=a%2Fb", {}, "", None, 0),
    ("s3 body", "S3SigV4Auth", "s3", "PUT", "https://bucket.s3.amazonaws.com/key", {"x-amz-meta-k": "v", "Content-MD5": "XrY7u+Ae7tCTyyK7j1rNww=="}, "hello world", None, 0),
    ("s3 presigned", "S3SigV4QueryAuth", "s3", "GET", "http://localhost:4566/bucket/a%20b?response-content-type=text%2Fplain", {}, "", None, 3600),
    ("s3 presigned with a token", "S3SigV4QueryAuth", "s3", "PUT", "http://localhost:4566/bucket/k", {"x-amz-acl": "private"}, "", "tok/en+==", 604800),
    ("sts presigned", "SigV4QueryAuth", "sts", "GET", "http://localhost:4566/?Action=GetCallerIdentity&Version=2011-06-15", {}, "", None, 60),
]


def sign(case):
    name, signer, service, method, url, headers, body, token, expires = case
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body.encode())
    request.context["payload_signing_enabled"] = True
    request.context["client_config"] = None
    credentials = Credentials(KEY, SECRET, token)
    kind = getattr(botocore.auth, signer)
    auth = kind(credentials, service, "us-east-1", expires=expires) if expires else kind(credentials, service, "us-east-1")
    with mock.patch("botocore.auth.get_current_datetime", return_value=NOW.replace(tzinfo=None)):
        auth.add_auth(request)
    prepared = request.prepare()
    target = prepared.url.split("://", 1)[1]
    host, _, target = target.partition("/")
    if "?" in host:
        host, _, query = host.partition("?")
        target = "?" + query
    sent = {k: v if isinstance(v, str) else v.decode() for k, v in prepared.headers.items()}
    sent.setdefault("Host", host)
    return {"name": name, "service": service, "method": method, "target": "/" + target, "headers": sent, "body": body}


def main():
    out = {"source": f"botocore {botocore.__version__}", "secret": SECRET, "now": int(NOW.timestamp()), "cases": [sign(c) for c in CASES]}
    path = pathlib.Path(__file__).with_name("sigv4_vectors.json")
    path.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
