"""How requests find a bucket and prove who they are: hosts, presigned URLs, signatures, regions, expected owners."""
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

from conftest import make_client
from s3_support import Wire, body, bucket, code_in, fails, new_name, s3, wire  # noqa: F401  (fixtures)
from test_s3_clients import SDK, environment
from test_signatures import client, strict  # noqa: F401  (fixture)
from virga_process import Virga


@pytest.mark.parametrize("suffix", ["s3.localhost", "localhost", "s3.amazonaws.com", "s3.eu-west-1.amazonaws.com", "S3.Localhost:4566", "s3-eu-west-1.amazonaws.com",
                                    "s3.dualstack.eu-west-1.amazonaws.com", "s3-fips.us-east-1.amazonaws.com", "s3-accelerate.amazonaws.com",
                                    "s3.localhost.localstack.cloud:4566", "s3.us-west-2.localhost"])
def test_a_bucket_is_left_of_its_host(s3, wire, bucket, suffix):
    dotted = f"{bucket[:40]}.b.c"
    s3.create_bucket(Bucket=dotted)
    for name in (bucket, dotted):
        s3.put_object(Bucket=name, Key="a/b", Body=name.encode())
        status, _, text = wire.ask("GET", "/a/b", headers={"Host": f"{name}.{suffix}"})
        assert (status, text) == (200, name)
        assert wire.ask("GET", f"/{name}/a/b", headers={"Host": suffix})[2] == name


def open_url(url, method="GET", data=None, headers=None):
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "", **(headers or {})})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def with_parameters(url, **changed):
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query)) | {name.replace("_", "-"): value for name, value in changed.items()}
    return parts._replace(query=urllib.parse.urlencode(query)).geturl()


def test_presigned_uploads_and_downloads(strict):
    s3 = client(strict, "s3", signature_version="s3v4")
    name = new_name()
    s3.create_bucket(Bucket=name)
    put = {"Bucket": name, "Key": "a b+ü", "ContentType": "text/x", "Metadata": {"one": "1"}, "Tagging": "t=1&u=", "StorageClass": "STANDARD_IA"}
    url = s3.generate_presigned_url("put_object", Params=put)
    sent = {"Content-Type": "text/x", "x-amz-meta-one": "1", "x-amz-tagging": "t=1&u=", "x-amz-storage-class": "STANDARD_IA"}
    assert open_url(url, "PUT", b"data", sent)[0] == 200
    assert s3.head_object(Bucket=name, Key="a b+ü")["Metadata"] == {"one": "1"}
    assert s3.get_object_tagging(Bucket=name, Key="a b+ü")["TagSet"] == [{"Key": "t", "Value": "1"}, {"Key": "u", "Value": ""}]
    for changed in ({"x-amz-meta-one": "2"}, {"x-amz-tagging": "t=2"}, {"Content-Type": "text/y"}):
        assert open_url(url, "PUT", b"other", sent | changed)[0] == 403
    url = s3.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "a b+ü", "ResponseContentDisposition": 'attachment; filename="x"', "ResponseContentType": "a/b"})
    status, headers, text = open_url(url)
    assert (status, text, headers["Content-Disposition"], headers["Content-Type"]) == (200, "data", 'attachment; filename="x"', "a/b")


# Both servers look at the time; only one of them at the signature.
@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned_calls_of_every_kind(aws, bucket, version):
    s3, where = aws("s3", signature_version=version), {"Bucket": bucket, "Key": "k"}

    def ask(operation, method, data=None, headers=None, **more):
        return open_url(s3.generate_presigned_url(operation, Params=where | more), method, data, headers)

    # Version 2 moves metadata to the query; it is no other value where the header comes along.
    assert ask("put_object", "PUT", b"data", {"x-amz-meta-a": "b"}, Metadata={"a": "b"})[0] == 200
    assert s3.head_object(**where)["Metadata"] == {"a": "b"}
    assert ask("head_object", "HEAD")[0] == 200
    overrides = {"ResponseContentType": "a/b", "ResponseContentDisposition": 'attachment; filename="x y"', "ResponseCacheControl": "no-store", "ResponseContentLanguage": "de",
                 "ResponseContentEncoding": "x", "ResponseExpires": "Fri, 01 Jan 2190 00:00:00 GMT"}
    headers = ask("get_object", "GET", **overrides)[1]
    assert [headers[member.removeprefix("Response").replace("Content", "Content-").replace("CacheC", "Cache-C")] for member in overrides] == list(overrides.values())
    assert ask("delete_object", "DELETE")[0] == 204
    upload = re.search("<UploadId>(.*)</UploadId>", ask("create_multipart_upload", "POST", b"")[2])[1]
    etag = ask("upload_part", "PUT", b"x", UploadId=upload, PartNumber=1)[1]["ETag"]
    s3.complete_multipart_upload(UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}, **where)
    assert body(s3.get_object(**where)) == b"x"


@pytest.mark.parametrize("verified", [False, True])
def test_the_time_of_presigned_urls(virga, strict, verified):
    s3 = client(strict if verified else virga, "s3", signature_version="s3v4")
    name = new_name()
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "k"}, ExpiresIn=604800)
    assert open_url(url)[0] == 200
    status, _, text = open_url(with_parameters(url, X_Amz_Date="20200101T000000Z", X_Amz_Credential="111122223333/20200101/us-east-1/s3/aws4_request"))
    assert (status, code_in(text)) == (403, "AccessDenied") and "<Message>Request has expired</Message><X-Amz-Expires>604800</X-Amz-Expires><Expires>2020-01-08T00:00:00Z</Expires>" in text
    status, _, text = open_url(with_parameters(url, X_Amz_Expires="604801"))
    assert (status, code_in(text)) == (400, "AuthorizationQueryParametersError")
    assert "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds" in text
    for name in ("Credential", "SignedHeaders", "Date", "Expires", "Signature"):
        status, _, text = open_url(re.sub(f"[&]X-Amz-{name}=[^&]*", "", url))
        assert (status, code_in(text)) == (400, "AuthorizationQueryParametersError") and "requires the X-Amz-Algorithm, X-Amz-Credential," in text


def altering(s3, **changes):
    """After the signature is made: url=(from, to), headers, or the body."""

    def alter(request, **_):
        request.url = request.url.replace(*changes.get("url", ("", "")))
        for name, value in changes.get("headers", {}).items():
            if name in request.headers:
                del request.headers[name]
            request.headers[name] = value
        request.body = changes.get("body", request.body)

    s3.meta.events.register("before-send.s3", alter)
    return s3


def test_what_was_signed_is_what_counts(strict):
    s3 = client(strict, "s3")
    name = new_name()
    s3.create_bucket(Bucket=name)
    for key in ("plus+", "per%cent", "til~de", "st*r", "\U0001f6b2", "a//b", "//a", "a b/", "é", "a%2Fb", "(x)!'"):
        s3.put_object(Bucket=name, Key=key, Body=key.encode(), Metadata={"a": "  two   blanks "})
        assert body(s3.get_object(Bucket=name, Key=key)) == key.encode()
    with fails("SignatureDoesNotMatch", 403, "The request signature we calculated does not match the signature you provided. Check your key and signing method.") as failure:
        altering(client(strict, "s3"), url=("/key", "/kex")).put_object(Bucket=name, Key="key")
    for field in ("AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes", "CanonicalRequest", "CanonicalRequestBytes"):
        assert failure.error["Error"][field]
    with fails("SignatureDoesNotMatch", 403):
        altering(client(strict, "s3"), headers={"x-amz-meta-a": "2"}).put_object(Bucket=name, Key="key", Metadata={"a": "1"})
    with fails("AccessDenied", 403, "There were headers present in the request which were not signed") as failure:
        altering(client(strict, "s3"), headers={"x-amz-acl": "public-read"}).put_object(Bucket=name, Key="key")
    assert failure.error["Error"]["HeadersNotSigned"] == "x-amz-acl"
    with fails("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed."):
        altering(client(strict, "s3", request_checksum_calculation="when_required"), body=b"after").put_object(Bucket=name, Key="key", Body=b"befor")
    assert "key" not in [o["Key"] for o in s3.list_objects_v2(Bucket=name)["Contents"]]


def test_the_owner_that_is_expected(s3, account, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    calls = [(s3.head_bucket, {}), (s3.get_object, {"Key": "k"}), (s3.list_objects_v2, {}), (s3.put_object, {"Key": "l"}), (s3.get_bucket_acl, {}),
             (s3.copy_object, {"Key": "m", "CopySource": f"{bucket}/k"})]
    for call, more in calls:
        code = (lambda name: {"AccessDenied": "403", "InvalidBucketOwnerAWSAccountID": "400"}[name]) if call == s3.head_bucket else str
        call(Bucket=bucket, ExpectedBucketOwner=account, **more)
        with fails(code("AccessDenied"), 403):
            call(Bucket=bucket, ExpectedBucketOwner="000000000001", **more)
        with fails(code("InvalidBucketOwnerAWSAccountID"), 400):
            call(Bucket=bucket, ExpectedBucketOwner="abc", **more)
    with fails("AccessDenied", 403):
        s3.copy_object(Bucket=bucket, Key="m", CopySource=f"{bucket}/k", ExpectedSourceBucketOwner="000000000001")
    with fails("InvalidBucketOwnerAWSAccountID", 400):
        s3.copy_object(Bucket=bucket, Key="m", CopySource=f"{bucket}/k", ExpectedSourceBucketOwner="abc")


# Buckets that are reached in their own region alone


@pytest.fixture(scope="module")
def regional():
    server = Virga("--s3-own-region")
    yield server
    assert server.stop() == 0


@pytest.fixture
def west_bucket(regional, account):
    west = make_client("s3", regional.endpoint, account, "eu-west-1")
    name = new_name()
    west.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    west.put_object(Bucket=name, Key="k", Body=b"far")
    return name


def test_another_region_is_told_where_the_bucket_is(regional, account, west_bucket):
    east = Wire(regional, account)
    status, headers, text = east.ask("GET", f"/{west_bucket}/k")
    assert (status, code_in(text), headers["x-amz-bucket-region"]) == (301, "PermanentRedirect", "eu-west-1")
    assert ("<Message>The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.</Message>"
            f"<Endpoint>s3.eu-west-1.amazonaws.com</Endpoint><Bucket>{west_bucket}</Bucket>") in text
    status, headers, text = east.ask("HEAD", f"/{west_bucket}")
    assert (status, headers["x-amz-bucket-region"], text) == (301, "eu-west-1", "")
    # With the bucket in the host, the request is at the right door and signed for the wrong one.
    status, headers, text = east.ask("GET", "/k", headers={"Host": f"{west_bucket}.s3.amazonaws.com"})
    assert (status, code_in(text), headers["x-amz-bucket-region"]) == (400, "AuthorizationHeaderMalformed", "eu-west-1")
    assert "the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region>" in text
    assert east.ask("GET", f"/{west_bucket}?location")[0] == 200
    assert Wire(regional, account, "eu-west-1").ask("GET", f"/{west_bucket}/k")[2] == "far"
    assert Wire(regional).ask("GET", f"/{west_bucket}/k")[2] == "far"  # not signed, for no region


def test_boto3_follows(regional, account, west_bucket):
    assert body(make_client("s3", regional.endpoint, account).get_object(Bucket=west_bucket, Key="k")) == b"far"


FOLLOWS = """
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
const [bucket] = process.argv.slice(2);
for (const followRegionRedirects of [true, false]) {
  const s3 = new S3Client({ forcePathStyle: true, followRegionRedirects });
  try { console.log(await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }))).Body.transformToString()); } catch (e) { console.log(e.name); }
}
"""


@pytest.mark.skipif(not SDK.exists(), reason="no SDK for JavaScript")
def test_javascript_follows_when_told(regional, account, west_bucket, tmp_path):
    (tmp_path / "node_modules").symlink_to(SDK.parent.parent)
    script = tmp_path / "follows.mjs"
    script.write_text(FOLLOWS)
    done = subprocess.run(["node", str(script), west_bucket], env=environment(regional, account), capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["far", "PermanentRedirect"], done.stderr


@pytest.mark.parametrize("region", ["US", "auto", "eu"])
def test_what_is_no_region_is_told_which_to_sign_for(aws, virga, account, bucket, region):
    told = f"the region '{region}' is wrong; expecting 'us-east-1'".encode()
    scope = f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/s3/aws4_request, SignedHeaders=host, Signature=0"
    status, _, answer = virga.request("PUT", f"/{bucket}/k", b"x", {"Authorization": scope})
    assert status == 400 and b"<Code>AuthorizationHeaderMalformed</Code>" in answer and told in answer and b"<Region>us-east-1</Region>" in answer
    url = aws("s3", region=region, signature_version="s3v4").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    status, _, answer = virga.request("GET", url[len(virga.endpoint) :])
    assert status == 400 and b"<Code>AuthorizationQueryParametersError</Code>" in answer and told in answer
    aws("s3", region=region).put_object(Bucket=bucket, Key="k", Body=b"x")  # the SDK does as it is told
