"""What the tests of S3 share."""
import http.client
import uuid

import botocore.exceptions
import pytest

MB = 1024 * 1024


def new_name():
    return "b-" + uuid.uuid4().hex


class fails:
    """with fails("NoSuchBucket", 404) as failure: ... ; failure.error is the response."""

    def __init__(self, code, status=None, message=None):
        self.code, self.status, self.message = code, status, message

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert kind is not None and issubclass(kind, botocore.exceptions.ClientError), f"no ClientError: {error!r}"
        self.error = error.response
        assert error.response["Error"]["Code"] == self.code, error.response
        if self.status:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == self.status
        if self.message:
            assert error.response["Error"]["Message"] == self.message
        return True


def open_acls(s3, bucket, ownership="ObjectWriter"):
    """Buckets are born with ACLs off and public access blocked."""
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})
    s3.delete_public_access_block(Bucket=bucket)


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3):
    """Bucket names are one namespace: every test has its own."""
    name = new_name()
    s3.create_bucket(Bucket=name)
    return name


def body(response):
    return response["Body"].read()


class Wire:
    """Requests with exactly these headers, over one connection, as an account's root or (without one) as nobody."""

    def __init__(self, virga, account=None, region="us-east-1"):
        self.connection = http.client.HTTPConnection(virga.endpoint.removeprefix("http://"))
        self.authorization = f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/s3/aws4_request, SignedHeaders=host, Signature=0" if account else None

    def ask(self, method, path, data=None, headers=None):
        """(status, headers, text). Content-Length is sent as soon as there is data, unless `headers` has its own."""
        headers = dict(headers or {})
        self.connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        if self.authorization:
            headers.setdefault("Authorization", self.authorization)
        if data is not None and "Transfer-Encoding" not in headers:
            headers.setdefault("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(data)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="surrogateescape")


@pytest.fixture
def wire(virga, account):
    return Wire(virga, account)


def code_in(text):
    return text.split("<Code>")[1].split("</Code>")[0] if "<Code>" in text else None
