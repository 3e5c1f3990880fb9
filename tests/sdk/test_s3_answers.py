"""What answers look like whatever was asked: roots of documents, headers, what comes first of several errors."""
import re

import pytest

from s3_support import MB, Wire, bucket, code_in, fails, new_name, s3, wire  # noqa: F401  (fixtures)

NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@pytest.mark.parametrize("query, root", [
    ("", "ListBucketResult"), ("?list-type=2", "ListBucketResult"), ("?versions", "ListVersionsResult"), ("?uploads", "ListMultipartUploadsResult"),
    ("?acl", "AccessControlPolicy"), ("?logging", "BucketLoggingStatus"), ("?requestPayment", "RequestPaymentConfiguration"), ("?location", "LocationConstraint"),
    ("?inventory", "ListInventoryConfigurationsResult"), ("?metrics", "ListMetricsConfigurationsResult"), ("?analytics", "ListBucketAnalyticsConfigurationResult"),
    ("?versioning", "VersioningConfiguration"), ("?accelerate", "AccelerateConfiguration"), ("?notification", "NotificationConfiguration"),
    ("?encryption", "ServerSideEncryptionConfiguration"), ("?publicAccessBlock", "PublicAccessBlockConfiguration"), ("?ownershipControls", "OwnershipControls"),
])
def test_roots_of_what_is_read_of_a_bucket(wire, bucket, query, root):
    status, headers, text = wire.ask("GET", f"/{bucket}{query}")
    assert (status, headers["Content-Type"]) == (200, "application/xml")
    assert re.match(rf'<\?xml version="1.0" encoding="UTF-8"\?>\s*<{root}{NAMESPACE}', text), text
    assert "DisplayName" not in text  # no longer sent since November 2025


def test_roots_of_what_is_done(wire, bucket):
    assert f"<ListAllMyBucketsResult{NAMESPACE}>" in wire.ask("GET", "/")[2]
    assert f"<InitiateMultipartUploadResult{NAMESPACE}>" in wire.ask("POST", f"/{bucket}/k?uploads", b"")[2]
    wire.ask("PUT", f"/{bucket}/k", b"x")
    assert f"<CopyObjectResult{NAMESPACE}>" in wire.ask("PUT", f"/{bucket}/c", b"", {"x-amz-copy-source": f"/{bucket}/k"})[2]
    _, headers, text = wire.ask("GET", f"/{bucket}/k?attributes", headers={"x-amz-object-attributes": "ETag"})
    assert f"<GetObjectAttributesResponse{NAMESPACE}>" in text and headers["Last-Modified"]
    text = wire.ask("GET", f"/{bucket}/none")[2]  # errors have no namespace
    assert "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>none</Key><RequestId>" in text and "<HostId>" in text


def test_headers_of_every_answer(wire, bucket):
    wire.ask("PUT", f"/{bucket}/k", b"x")
    for method, path, expected in (("HEAD", f"/{bucket}/k", 200), ("HEAD", f"/{bucket}/none", 404), ("GET", "/", 200), ("GET", "/no-such-bucket-anywhere", 404)):
        status, headers, text = wire.ask(method, path)
        assert status == expected and headers["x-amz-request-id"] and headers["x-amz-id-2"] and headers["Date"]
        assert method != "HEAD" or text == ""
    _, headers, _ = wire.ask("HEAD", f"/{bucket}/k")
    assert (headers["Content-Type"], headers["Accept-Ranges"], headers["x-amz-server-side-encryption"]) == ("binary/octet-stream", "bytes", "AES256")
    for absent in ("x-amz-storage-class", "x-amz-tagging-count", "x-amz-version-id", "x-amz-mp-parts-count"):
        assert headers[absent] is None
    wire.ask("PUT", f"/{bucket}/k", b"x", {"x-amz-tagging": "a=&b="})
    assert wire.ask("HEAD", f"/{bucket}/k")[1]["x-amz-tagging-count"] == "2"


@pytest.mark.parametrize("sent, kept", [("aws-chunked", None), ("gzip, aws-chunked", "gzip"), ("aws-chunked,gzip", "gzip"), ("gzip", "gzip")])
def test_the_coding_of_the_transfer_is_none_of_the_content(wire, bucket, sent, kept):
    assert wire.ask("PUT", f"/{bucket}/k", b"abc", {"Content-Encoding": sent})[0] == 200
    assert wire.ask("HEAD", f"/{bucket}/k")[1]["Content-Encoding"] == kept


def test_metadata_that_is_sent_twice_is_joined(virga, account, s3, bucket):
    connection = Wire(virga, account).connection
    connection.putrequest("PUT", f"/{bucket}/k")
    for name, value in (("X-Amz-Meta-Foo", "a"), ("x-amz-meta-foo", "b"), ("Content-Length", "0")):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 200
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"foo": "a,b"}


def test_names_in_documents(wire, s3, bucket):
    for path in ("a+b", "a%0Db"):
        assert wire.ask("PUT", f"/{bucket}/{path}", b"")[0] == 200
    text = wire.ask("GET", f"/{bucket}")[2]
    assert "<Key>a+b</Key>" in text and "<Key>a&#13;b</Key>" in text
    assert [o["Key"] for o in s3.list_objects(Bucket=bucket)["Contents"]] == ["a\rb", "a+b"]


@pytest.mark.parametrize("host", [None, "s3.localhost:4566", "{bucket}.s3.localhost:4566"])
def test_where_a_completed_upload_is(virga, account, wire, bucket, host):
    headers, path = ({"Host": host.format(bucket=bucket)} if host else {}), "/a/b c" if host and "{" in host else f"/{bucket}/a/b c"
    path = path.replace(" ", "%20")
    upload = re.search("<UploadId>(.*)</UploadId>", wire.ask("POST", path + "?uploads", b"", headers)[2])[1]
    etag = wire.ask("PUT", f"{path}?partNumber=1&uploadId={upload}", b"x", headers)[1]["ETag"]
    document = f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    text = wire.ask("POST", f"{path}?uploadId={upload}", document.encode(), headers)[2]
    base = f"http://{headers['Host']}" if host else virga.endpoint
    assert f"<Location>{base}{'' if host and '{' in host else '/' + bucket}/a%2Fb%20c</Location>" in text


def test_a_bucket_that_is_not_there_comes_before_what_else_is_wrong(s3):
    name, tag = new_name(), {"TagSet": [{"Key": "a" * 129, "Value": ""}]}
    for call in (
        lambda: s3.list_objects(Bucket=name, MaxKeys=-1),
        lambda: s3.list_objects_v2(Bucket=name, EncodingType="base64"),
        lambda: s3.list_object_versions(Bucket=name, VersionIdMarker="x"),
        lambda: s3.list_multipart_uploads(Bucket=name, MaxUploads=-1),
        lambda: s3.put_object(Bucket=name, Key="k" * 1025),
        lambda: s3.upload_part(Bucket=name, Key="k", UploadId="x", PartNumber=0, Body=b""),
        lambda: s3.delete_objects(Bucket=name, Delete={"Objects": []}),
        lambda: s3.complete_multipart_upload(Bucket=name, Key="k", UploadId="u", MultipartUpload={"Parts": []}),
        lambda: s3.put_object_tagging(Bucket=name, Key="k", Tagging=tag),
        lambda: s3.copy_object(Bucket=name, Key="k", CopySource=f"{name}/none"),
        lambda: s3.get_object_acl(Bucket=name, Key="k"),
    ):
        with fails("NoSuchBucket", 404, "The specified bucket does not exist") as failure:
            call()
        assert failure.error["Error"]["BucketName"] == name


def test_what_is_no_delete_marker_s_business(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert s3.delete_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    empty = {"Tagging": {"TagSet": []}}
    for call, more in ((s3.get_object_tagging, {}), (s3.put_object_tagging, empty), (s3.delete_object_tagging, {}), (s3.get_object_acl, {}),
                       (s3.get_object_attributes, {"ObjectAttributes": ["ETag"]})):
        with fails("MethodNotAllowed", 405):
            call(Bucket=bucket, Key="k", VersionId="null", **more)
        with fails("NoSuchKey", 404):
            call(Bucket=bucket, Key="k", **more)


def test_limits_of_rules(s3, bucket):
    def lifecycle(count):
        rules = [{"ID": str(i), "Status": "Enabled", "Filter": {"Prefix": f"{i}/"}, "Expiration": {"Days": 1}} for i in range(count)]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    def cors(count):
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}] * count})

    def website(count):
        rules = [{"Redirect": {"HostName": "x"}}] * count
        s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "i"}, "RoutingRules": rules})

    def tags(count):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": str(i), "Value": ""} for i in range(count)]})

    for put, most, code in ((lifecycle, 1000, "MalformedXML"), (cors, 100, "InvalidRequest"), (website, 50, "InvalidRequest"), (tags, 50, "BadRequest")):
        put(most)
        with fails(code, 400):
            put(most + 1)
