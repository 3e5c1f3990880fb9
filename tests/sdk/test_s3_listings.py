"""Listings of objects, versions and uploads: that they agree, page by page, and what they say."""
import pytest

from s3_support import Wire, bucket, fails, s3  # noqa: F401  (fixtures)


def test_listing_with_delimiter(s3, bucket):
    for i in range(60):
        s3.put_object(Bucket=bucket, Key=f"dir{i % 3}/sub/{i:03}", Body=b"")
    s3.put_object(Bucket=bucket, Key="top", Body=b"")
    for size in (1, 2, 1000):
        pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size}))
        assert [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])] == ["dir0/", "dir1/", "dir2/"]
        assert [o["Key"] for page in pages for o in page.get("Contents", [])] == ["top"]
    page = s3.list_objects_v2(Bucket=bucket, Prefix="dir1/sub/", Delimiter="/", MaxKeys=7)
    assert page["KeyCount"] == 7 and page["IsTruncated"]
    assert s3.list_objects_v2(Bucket=bucket, StartAfter="dir2/sub/999")["Contents"][0]["Key"] == "top"
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["IsTruncated"] is False
    with fails("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, ContinuationToken="not a token")


def walk(call, names, **page):
    """Every page of a listing: the names in it, in order; no page longer than asked for."""
    found, arguments = [], dict(page)
    while True:
        answer = call(**arguments)
        one = names(answer)
        assert len(one) <= page.get("MaxKeys", page.get("MaxUploads", 1000))
        found += one
        if not answer["IsTruncated"]:
            return found
        arguments = {**page, **following(answer)}


def following(answer):
    if "NextContinuationToken" in answer:
        return {"ContinuationToken": answer["NextContinuationToken"]}
    if "NextKeyMarker" in answer:
        more = {k[4:]: answer[k] for k in ("NextKeyMarker", "NextVersionIdMarker", "NextUploadIdMarker") if answer.get(k)}
        return more
    return {"Marker": answer.get("NextMarker") or answer["Contents"][-1]["Key"]}


def names_of(answer):
    keys = [o["Key"] for o in answer.get("Contents", []) + answer.get("Versions", []) + answer.get("Uploads", [])]
    return sorted(keys + [p["Prefix"] for p in answer.get("CommonPrefixes", [])], key=str.encode)


def expected_names(keys, prefix, delimiter):
    out = set()
    for key in keys:
        if not key.startswith(prefix):
            continue
        at = key.find(delimiter, len(prefix)) if delimiter else -1
        out.add(key if at < 0 else key[: at + len(delimiter)])
    return sorted(out, key=str.encode)


@pytest.mark.parametrize("prefix, delimiter", [("", ""), ("", "/"), ("d1/", "/"), ("d", "/"), ("", "1"), ("", "/f"), ("nothing", "/")])
def test_every_listing_agrees(s3, bucket, prefix, delimiter):
    keys = [f"d{i % 3}/e{i % 5}/f{i}" for i in range(40)] + ["a/", "a0", "a", "é", "\ufffd", "\U00010000", "d1", "d1/", "d10"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key)
    for key in keys:
        s3.create_multipart_upload(Bucket=bucket, Key=key)
    wanted = expected_names(keys, prefix, delimiter)
    for size in (1, 7, 1000):
        for call, limit in ((s3.list_objects, "MaxKeys"), (s3.list_objects_v2, "MaxKeys"), (s3.list_object_versions, "MaxKeys"), (s3.list_multipart_uploads, "MaxUploads")):
            assert walk(call, names_of, Bucket=bucket, Prefix=prefix, Delimiter=delimiter, **{limit: size}) == wanted


def test_what_listings_say(s3, bucket):
    for key in ("foo+1/bar", "quux ab/x", "\x01", "z"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    page = s3.list_objects_v2(Bucket=bucket, MaxKeys=2, StartAfter="\x01", FetchOwner=True, Delimiter="/")
    assert page["KeyCount"] == 2 and page["IsTruncated"] and page["MaxKeys"] == 2
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["foo+1/", "quux ab/"]
    rest = s3.list_objects_v2(Bucket=bucket, ContinuationToken=page["NextContinuationToken"], StartAfter="zzz", FetchOwner=True, Delimiter="/")
    assert [o["Key"] for o in rest["Contents"]] == ["z"]  # the token beats StartAfter
    assert len(rest["Contents"][0]["Owner"]["ID"]) == 64
    empty = s3.list_objects_v2(Bucket=bucket, MaxKeys=0)
    assert (empty["KeyCount"], empty["IsTruncated"]) == (0, False)
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=5000)["MaxKeys"] == 1000
    for token in ("?", ""):
        with fails("InvalidArgument", 400, "The continuation token provided is incorrect") as failure:
            s3.list_objects_v2(Bucket=bucket, ContinuationToken=token)
        assert failure.error["Error"]["ArgumentName"] == "continuation-token"
    with fails("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, MaxKeys=-1)
    with fails("InvalidArgument", 400):
        s3.list_object_versions(Bucket=bucket, VersionIdMarker="x")


def test_the_encoding_of_names(virga, s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b+c/é")
    _, _, text = Wire(virga).ask("GET", f"/{bucket}?list-type=2&encoding-type=url&prefix=a%20b")
    assert "<Key>a%20b%2Bc/%C3%A9</Key>" in text and "<Prefix>a%20b</Prefix>" in text and "<EncodingType>url</EncodingType>" in text
    status, _, text = Wire(virga).ask("GET", f"/{bucket}?encoding-type=base64")
    assert status == 400 and "Invalid Encoding Method specified in Request" in text


def test_versions_page_by_page(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for n in range(3):
        for key in ("a", "b/1", "b/2", "c"):
            s3.put_object(Bucket=bucket, Key=key, Body=str(n).encode())
    s3.delete_object(Bucket=bucket, Key="a")
    s3.delete_object(Bucket=bucket, Key="never-written")

    def entries(answer):
        rows = [(v["Key"], v["VersionId"], v["IsLatest"]) for v in answer.get("Versions", [])]
        return rows + [(m["Key"], m["VersionId"], m["IsLatest"]) for m in answer.get("DeleteMarkers", [])]

    whole = s3.list_object_versions(Bucket=bucket)
    assert len(whole["Versions"]) == 12 and len(whole["DeleteMarkers"]) == 2
    assert sum(row[2] for row in entries(whole)) == 5
    for size in (1, 2, 5):
        assert sorted(walk(s3.list_object_versions, entries, Bucket=bucket, MaxKeys=size)) == sorted(entries(whole))
