"""What the tests of S3's configurations share."""
import uuid

import botocore.exceptions


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
