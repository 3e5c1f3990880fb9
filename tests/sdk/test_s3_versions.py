"""Versions, delete markers and the order of listings; tags; copies."""
import hashlib
import urllib.parse

import pytest

from s3_support import body, bucket, code_in, fails, s3, wire  # noqa: F401  (fixtures)

MB = 1024 * 1024


def versioning(s3, bucket, status):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


def listed(s3, bucket, **more):
    """(key, version id, "latest" or "", "marker" or "") as they come, markers among the versions."""
    answer = s3.list_object_versions(Bucket=bucket, **more)
    rows = [(v["Key"], v["VersionId"], "latest" if v["IsLatest"] else "", "") for v in answer.get("Versions", [])]
    return rows + [(m["Key"], m["VersionId"], "latest" if m["IsLatest"] else "", "marker") for m in answer.get("DeleteMarkers", [])]


def test_a_marker_for_a_key_that_never_was(s3, wire, bucket):
    versioning(s3, bucket, "Enabled")
    status, headers, _ = wire.ask("DELETE", f"/{bucket}/never")
    marker = headers["x-amz-version-id"]
    assert (status, headers["x-amz-delete-marker"], len(marker)) == (204, "true", 32)
    assert listed(s3, bucket) == [("never", marker, "latest", "marker")]
    for method in ("GET", "HEAD"):
        status, headers, text = wire.ask(method, f"/{bucket}/never")
        assert (status, headers["x-amz-delete-marker"], headers["x-amz-version-id"]) == (404, "true", marker)
        assert method == "HEAD" or code_in(text) == "NoSuchKey"
        status, headers, text = wire.ask(method, f"/{bucket}/never?versionId={marker}")
        assert (status, headers["x-amz-delete-marker"], headers["Allow"]) == (405, "true", "DELETE") and headers["Last-Modified"]
        assert method == "HEAD" or f"<Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message><Method>{method}</Method><ResourceType>DeleteMarker</ResourceType>" in text
    for call, more in ((s3.get_object_tagging, {}), (s3.put_object_tagging, {"Tagging": {"TagSet": []}}), (s3.get_object_acl, {}), (s3.delete_object_tagging, {})):
        with fails("MethodNotAllowed", 405):
            call(Bucket=bucket, Key="never", VersionId=marker, **more)
    with fails("BucketNotEmpty", 409, "The bucket you tried to delete is not empty. You must delete all versions in the bucket."):
        s3.delete_bucket(Bucket=bucket)
    gone = s3.delete_object(Bucket=bucket, Key="never", VersionId=marker)
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, marker)
    s3.create_multipart_upload(Bucket=bucket, Key="open")
    s3.delete_bucket(Bucket=bucket)  # an open upload is no obstacle


def test_versions_that_are_not_there(s3, wire, bucket):
    for status in (None, "Enabled"):
        if status:
            versioning(s3, bucket, status)
            version = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"]
            s3.delete_object(Bucket=bucket, Key="k", VersionId=version)
            with fails("NoSuchVersion", 404, "The specified version does not exist.") as failure:
                s3.get_object(Bucket=bucket, Key="k", VersionId=version)
            assert (failure.error["Error"]["Key"], failure.error["Error"]["VersionId"]) == ("k", version)
            assert s3.delete_object(Bucket=bucket, Key="k", VersionId=version)["VersionId"] == version  # said again
        for call in (s3.get_object, s3.delete_object):
            with fails("InvalidArgument", 400, "Invalid version id specified"):
                call(Bucket=bucket, Key="k", VersionId="rubbish")
            with fails("InvalidArgument", 400, "Version id cannot be the empty string"):
                call(Bucket=bucket, Key="k", VersionId="")
    status, _, text = wire.ask("PUT", f"/{bucket}/c", b"", {"x-amz-copy-source": f"{bucket}/k?versionId="})
    assert (status, code_in(text)) == (400, "InvalidArgument") and "Version id cannot be the empty string" in text
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")


def test_the_history_of_a_key(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"before")
    versioning(s3, bucket, "Enabled")
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="k", Body=b"2")["VersionId"]
    versioning(s3, bucket, "Suspended")
    assert "VersionId" not in s3.put_object(Bucket=bucket, Key="k", Body=b"null")
    assert sorted(listed(s3, bucket)) == sorted([("k", "null", "latest", ""), ("k", second, "", ""), ("k", first, "", "")])
    s3.put_object(Bucket=bucket, Key="k", Body=b"null again")
    deleted = s3.delete_object(Bucket=bucket, Key="k")
    assert (deleted["VersionId"], deleted["DeleteMarker"]) == ("null", True)
    assert listed(s3, bucket) == [("k", second, "", ""), ("k", first, "", ""), ("k", "null", "latest", "marker")]
    versioning(s3, bucket, "Enabled")
    third = s3.put_object(Bucket=bucket, Key="k", Body=b"3")["VersionId"]
    assert listed(s3, bucket) == [("k", third, "latest", ""), ("k", second, "", ""), ("k", first, "", ""), ("k", "null", "", "marker")]
    # Newest first, markers in their place, whatever the size of the page.
    found, more = [], {}
    while True:
        page = s3.list_object_versions(Bucket=bucket, MaxKeys=1, **more)
        found += [v["VersionId"] for v in page.get("Versions", []) + page.get("DeleteMarkers", [])]
        if not page["IsTruncated"]:
            break
        more = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
    assert found == [third, "null", second, first]
    for version, content in ((third, b"3"), ("null", None), (second, b"2"), (first, b"1")):
        s3.delete_object(Bucket=bucket, Key="k", VersionId=version)
        if content != b"1":  # the newest of the rest is current again, a marker too
            following = found[found.index(version) + 1]
            try:
                assert s3.get_object(Bucket=bucket, Key="k")["VersionId"] == following
            except s3.exceptions.NoSuchKey:
                assert following == "null"
    assert listed(s3, bucket) == []


def test_listings_of_thousands_agree_page_by_page(s3, wire, bucket):
    keys = [f"{n % 50:02}/{n // 50:02}" for n in range(2400)] + ["a/", "a0", "a", "é", "\ufffd", "\U00010000", "\U00010000/x", "z/1", "z/2"]
    for key in keys:
        assert wire.ask("PUT", f"/{bucket}/{urllib.parse.quote(key)}", b"")[0] == 200
    by_bytes = sorted(keys, key=str.encode)
    rolled = sorted({k[: k.index("/") + 1] if "/" in k else k for k in keys}, key=str.encode)
    whole = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for o in page["Contents"]]
    assert whole == by_bytes
    for operation in ("list_objects", "list_objects_v2", "list_object_versions"):
        found = []
        for page in s3.get_paginator(operation).paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 7}):
            names = [o["Key"] for o in page.get("Contents", []) + page.get("Versions", [])] + [p["Prefix"] for p in page.get("CommonPrefixes", [])]
            assert len(names) <= 7
            found += sorted(names, key=str.encode)
        assert found == rolled
        found = [o["Key"] for page in s3.get_paginator(operation).paginate(Bucket=bucket, Prefix="07/", PaginationConfig={"PageSize": 7}) for o in page.get("Contents", []) + page.get("Versions", [])]
        assert found == [k for k in by_bytes if k.startswith("07/")]


def test_names_that_xml_cannot_hold(s3, wire, bucket):
    for key in ("cr\rlf\n", "\x01", "<&\">'"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["\x01", "<&\">'", "cr\rlf\n"]
    text = wire.ask("GET", f"/{bucket}?list-type=2&prefix=cr")[2]
    assert "<Key>cr&#13;lf" in text
    assert body(s3.get_object(Bucket=bucket, Key="cr\rlf\n")) == b"cr\rlf\n"


@pytest.mark.parametrize("name, value, text", [("max-keys", "many", "Provided max-keys not an integer or within integer range"),
                                               ("max-keys", "-1", "Argument max-keys must be an integer between 0 and 2147483647"),
                                               ("max-keys", "99999999999", "Provided max-keys not an integer or within integer range"),
                                               ("encoding-type", "base64", "Invalid Encoding Method specified in Request"),
                                               ("continuation-token", "no%20token", "The continuation token provided is incorrect")])
def test_wrong_arguments_of_listings(wire, bucket, name, value, text):
    status, _, answer = wire.ask("GET", f"/{bucket}?list-type=2&{name}={value}")
    assert (status, code_in(answer)) == (400, "InvalidArgument")
    assert f"<Message>{text}</Message><ArgumentName>{name}</ArgumentName>" in answer


# Tags


@pytest.mark.parametrize(
    "tags, code, message",
    [
        ([(str(n), "") for n in range(11)], "BadRequest", "Object tags cannot be greater than 10"),
        ([(str(n), "") for n in range(11)] + [("k&k", "")], "InvalidTag", "The TagKey you have provided is invalid"),  # what is in a tag comes first
        ([("a", "1"), ("a", "2")], "InvalidTag", "Cannot provide multiple Tags with the same key"),
        ([("aws:a", "1")], "InvalidTag", "Your TagKey cannot be prefixed with aws:"),
        ([("k" * 129, "1")], "InvalidTag", "The TagKey you have provided is invalid"),
        ([("k", "v" * 257)], "InvalidTag", "The TagValue you have provided is invalid"),
        ([("k&k", "v")], "InvalidTag", "The TagKey you have provided is invalid"),
        ([("k", "a;b")], "InvalidTag", "The TagValue you have provided is invalid"),
    ],
)
def test_tags_that_are_refused(s3, bucket, tags, code, message):
    s3.put_object(Bucket=bucket, Key="k", Tagging="old=1")
    with fails(code, 400, message):
        s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in tags]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "old", "Value": "1"}]


def test_tags_in_a_header(s3, bucket):
    def put(tags):
        s3.put_object(Bucket=bucket, Key="k", Tagging=tags)
        return {t["Key"]: t["Value"] for t in s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"]}

    assert put("k=1&l") == {"k": "1", "l": ""}
    assert put("a+b=c%2Bd&%C3%BC=%3D") == {"a b": "c+d", "ü": "="}
    assert put("k" * 128 + "=" + "v" * 256) == {"k" * 128: "v" * 256}
    for wrong in ("k&k=", "a=1&a=2", "%ff=1"):
        with fails("InvalidArgument", 400) as failure:
            put(wrong)
        assert failure.error["Error"]["Message"] == "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates."
        assert failure.error["Error"]["ArgumentName"] == "x-amz-tagging"
    with fails("BadRequest", 400):
        put("&".join(f"k{n}=" for n in range(11)))


def test_tags_make_no_version_and_no_new_date(s3, virga, bucket):
    versioning(s3, bucket, "Enabled")
    old = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    before = s3.head_object(Bucket=bucket, Key="k")["LastModified"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert s3.put_object_tagging(Bucket=bucket, Key="k", VersionId=old, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})["VersionId"] == old
    head = s3.get_object(Bucket=bucket, Key="k", VersionId=old)
    assert (head["LastModified"], head["TagCount"]) == (before, 1)
    assert "TagCount" not in s3.get_object(Bucket=bucket, Key="k") and len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 2


# Copies


def test_what_a_copy_takes_along(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Metadata={"m": "1"}, Tagging="t=1", ContentType="text/a", CacheControl="no-store", StorageClass="STANDARD_IA",
                  WebsiteRedirectLocation="/elsewhere")
    new = {"Metadata": {"n": "2"}, "ContentType": "text/b", "Tagging": "u=2"}

    def copy(**directives):
        s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a", **new, **directives)
        head = s3.head_object(Bucket=bucket, Key="b")
        assert "StorageClass" not in head and "WebsiteRedirectLocation" not in head  # never taken along
        return head["Metadata"], head["ContentType"], head.get("CacheControl"), s3.get_object_tagging(Bucket=bucket, Key="b")["TagSet"]

    assert copy() == ({"m": "1"}, "text/a", "no-store", [{"Key": "t", "Value": "1"}])  # what is sent is not looked at
    assert copy(MetadataDirective="REPLACE") == ({"n": "2"}, "text/b", None, [{"Key": "t", "Value": "1"}])
    assert copy(TaggingDirective="REPLACE") == ({"m": "1"}, "text/a", "no-store", [{"Key": "u", "Value": "2"}])
    for directive in ("MetadataDirective", "TaggingDirective"):
        with fails("InvalidArgument", 400, f"Unknown {directive.removesuffix('Directive').lower()} directive."):
            copy(**{directive: "MOVE"})


def test_copies_to_itself(s3, bucket):
    versioning(s3, bucket, "Enabled")
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1", Metadata={"m": "1"})["VersionId"]
    illegal = ("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect "
               "location or encryption attributes.")
    with fails("InvalidRequest", 400, illegal):
        s3.copy_object(Bucket=bucket, Key="k", CopySource=f"{bucket}/k")
    for change in ({"MetadataDirective": "REPLACE"}, {"StorageClass": "STANDARD_IA"}, {"WebsiteRedirectLocation": "/x"}, {"ServerSideEncryption": "AES256"}):
        s3.copy_object(Bucket=bucket, Key="k", CopySource=f"{bucket}/k", **change)
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    answer = s3.copy_object(Bucket=bucket, Key="k", CopySource=f"{bucket}/k?versionId={first}")  # an old version is brought back
    assert answer["CopySourceVersionId"] == first and body(s3.get_object(Bucket=bucket, Key="k")) == b"1"
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    with fails("InvalidRequest", 400, "The source of a copy request may not specifically refer to a delete marker by version id."):
        s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k?versionId={marker}")
    with fails("NoSuchKey", 404):
        s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k")


def test_the_copy_of_an_object_in_parts_is_in_one_piece(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    contents = [b"a" * 5 * MB, b"b"]
    etags = [s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=n + 1, Body=c)["ETag"] for n, c in enumerate(contents)]
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": n + 1, "ETag": e} for n, e in enumerate(etags)]})
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/parts")["CopyObjectResult"]
    assert copied["ETag"] == f'"{hashlib.md5(b"".join(contents)).hexdigest()}"' and copied["ChecksumType"] == "FULL_OBJECT"
    with fails("416", 416):
        s3.head_object(Bucket=bucket, Key="copy", PartNumber=2)


@pytest.mark.parametrize("source, message", [("no-key", "Invalid copy source object key"), ("UPPER/k", "Invalid copy source bucket name"), ("/", "Invalid copy source bucket name")])
def test_sources_that_are_none(wire, bucket, source, message):
    status, _, text = wire.ask("PUT", f"/{bucket}/k", b"", {"x-amz-copy-source": source})
    assert (status, code_in(text)) == (400, "InvalidArgument") and f"<Message>{message}</Message>" in text
