"""What the tests of KMS share."""
import pytest
from botocore.exceptions import ClientError

DAY = 24 * 60 * 60


@pytest.fixture
def kms(aws):
    return aws("kms")


@pytest.fixture
def key(kms):
    """A symmetric key: its metadata."""
    return kms.create_key()["KeyMetadata"]


class fails:
    """The block is refused with this code, and this message when one is given."""

    def __init__(self, code, message=None):
        self.code, self.message = code, message

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert isinstance(error, ClientError), f"no {self.code}, but {error!r}"
        said = error.response
        assert said["Error"]["Code"] == self.code, error
        assert said["ResponseMetadata"]["HTTPStatusCode"] == (501 if self.code == "NotImplemented" else 400)
        if self.message is not None:
            assert said["Error"]["Message"] == self.message
        return True


def bring_to(state, kms, key_id):
    """Brings an enabled key into another state."""
    if state == "Disabled":
        kms.disable_key(KeyId=key_id)
    if state == "PendingDeletion":
        kms.schedule_key_deletion(KeyId=key_id)


def refused_in(state, arn):
    """How a key in that state is refused where it is to be used."""
    if state == "Disabled":
        return fails("DisabledException", f"{arn} is disabled.")
    return fails("KMSInvalidStateException", f"{arn} is pending deletion.")
