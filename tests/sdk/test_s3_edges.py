"""Small things of S3 that a second opinion asked about: who began an upload, what is said before a body, MFA delete, large headers, missing digests."""
import socket

import pytest

from conftest import make_client
from s3_support import bucket, code_in, fails, open_acls, s3, wire  # noqa: F401  (fixtures)
from test_s3_forms import post
from test_signatures import client, strict  # noqa: F401  (fixture)
from virga_process import Virga


def test_mfa_delete_that_was_never_on_may_be_said_to_be_off(s3, bucket):
    """Terraform sends MFADelete=Disabled; only a change needs the device."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Disabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    with fails("AccessDenied", 403):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})


def test_an_upload_belongs_to_who_began_it_where_acls_are_on(virga, s3, bucket):
    open_acls(s3, bucket)
    other = make_client("s3", virga.endpoint, "999999999991")
    mine, theirs = s3.list_buckets()["Owner"]["ID"], other.list_buckets()["Owner"]["ID"]
    s3.create_multipart_upload(Bucket=bucket, Key="a")
    upload = other.create_multipart_upload(Bucket=bucket, Key="b")["UploadId"]
    listed = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [(u["Initiator"]["ID"], u["Owner"]["ID"]) for u in listed] == [(mine, mine), (theirs, theirs)]
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    parts = s3.list_parts(Bucket=bucket, Key="b", UploadId=upload)
    assert (parts["Initiator"]["ID"], parts["Owner"]["ID"]) == (theirs, mine)


def test_headers_are_limited(wire, s3, bucket):
    status, _, text = wire.ask("GET", f"/{bucket}", headers={"Cookie": "c" * 9000})
    assert (status, code_in(text)) == (400, "RequestHeaderSectionTooLarge")
    assert "<Message>Your request header section exceeds the maximum allowed size.</Message><MaxSizeAllowed>8192</MaxSizeAllowed>" in text
    assert wire.ask("GET", f"/{bucket}", headers={"Cookie": "c" * 7000})[0] == 200


@pytest.mark.parametrize("resource, document", [
    ("?object-lock", "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"),
    ("/k?retention", "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2090-01-01T00:00:00Z</RetainUntilDate></Retention>"),
    ("/k?legal-hold", "<LegalHold><Status>ON</Status></LegalHold>"),
    ("?delete", "<Delete><Object><Key>k</Key></Object></Delete>"),
])
def test_some_documents_are_not_taken_without_a_digest(wire, bucket, resource, document):
    status, _, text = wire.ask("POST" if resource == "?delete" else "PUT", f"/{bucket}{resource}", document.encode())
    assert (status, code_in(text)) == (400, "InvalidRequest") and "<Message>Missing required header for this request: Content-MD5 OR x-amz-checksum-*</Message>" in text


def status_of(virga, path, length):
    """What comes first when a client asks before it sends the body."""
    with socket.create_connection(("127.0.0.1", virga.port)) as s:
        s.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/s3/aws4_request, "
                  f"SignedHeaders=host, Signature=0\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n".encode())
        return int(s.recv(4096).split()[1])


@pytest.mark.parametrize("length", [3, 1_000_000])
def test_a_refused_body_is_not_asked_for(virga, bucket, length):
    assert status_of(virga, f"/{bucket}/k", length) == 100
    assert status_of(virga, f"/{bucket}-is-not-there/k", length) == 404


def test_the_public_where_signatures_are_verified(strict):
    """Without credentials: nothing, unless --s3-access says that buckets decide."""
    s3 = client(strict, "s3")
    s3.create_bucket(Bucket="not-public")
    s3.put_object(Bucket="not-public", Key="k", Body=b"x")
    assert strict.request("GET", "/not-public/k")[0] == 403
    assert post(strict, "not-public", {"key": "form"})[0] == 403
    server = Virga("--verify-signatures", "--s3-access", "strict")
    try:
        s3 = client(server, "s3")
        s3.create_bucket(Bucket="made-public")
        open_acls(s3, "made-public")
        s3.put_object(Bucket="made-public", Key="k", Body=b"x", ACL="public-read")
        s3.put_object(Bucket="made-public", Key="private", Body=b"x")
        assert server.request("GET", "/made-public/k")[0] == 200
        assert server.request("GET", "/made-public/private")[0] == 403
        assert server.request("GET", "/made-public/k?X-Amz-Signature=0")[0] == 400  # an attempt to sign is no anonymous request
        assert post(server, "made-public", {"key": "form"})[0] == 403
        s3.put_bucket_acl(Bucket="made-public", ACL="public-read-write")
        assert post(server, "made-public", {"key": "form"})[0] == 204
    finally:
        assert server.stop() == 0


def test_select_is_closed(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"a,b\n")
    with fails("MethodNotAllowed", 405):
        s3.select_object_content(Bucket=bucket, Key="k", Expression="select * from s3object", ExpressionType="SQL",
                                 InputSerialization={"CSV": {}}, OutputSerialization={"CSV": {}})
