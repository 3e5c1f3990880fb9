import itertools
import sys
import pathlib

import boto3
import botocore.config
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from virga_process import Virga  # noqa: E402

ACCOUNTS = itertools.count(100000000001)


@pytest.fixture(scope="session")
def virga_server():
    server = Virga()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def slow():
    """An emulator whose changes of state take their time, which is the clock's; that stands still."""
    server = Virga("--realistic", "--freeze-clock", "2026-01-01T00:00:00Z")
    yield server
    assert server.stop() == 0


@pytest.fixture
def virga(virga_server, request):
    """The running emulator of the session. Its clock is shared: only move it forward. What a test leaves in its account goes after
    it: nobody's schedules fire for ever."""
    account = request.getfixturevalue("account") if "account" in request.fixturenames else None
    yield virga_server
    if account:
        virga_server.post("/_virga/reset", {"account": account})


@pytest.fixture
def account():
    """An account of its own for each test: nothing another test does is seen here."""
    return str(next(ACCOUNTS))


def make_client(service, endpoint, account, region="us-east-1", **options):
    config = botocore.config.Config(
        retries={"max_attempts": 1, "mode": "standard"}, s3={"addressing_style": "path"}, read_timeout=60, **options
    )
    return boto3.client(
        service, endpoint_url=endpoint, region_name=region, aws_access_key_id=account, aws_secret_access_key="test", config=config
    )


@pytest.fixture
def aws(virga, account):
    """aws("dynamodb"): a client in this test's account. Keyword arguments: region, and botocore Config options."""

    def client(service, region="us-east-1", **options):
        return make_client(service, virga.endpoint, account, region, **options)

    return client
