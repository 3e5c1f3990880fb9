"""Conditions and ranges: every combination on reads, and that writes decide theirs at the commit."""
import datetime
import itertools
import threading

import pytest

from s3_support import Wire, body, bucket, code_in, fails, s3, wire  # noqa: F401  (fixtures)

MB = 1024 * 1024
LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"

# Each condition left out, holding, or not.
IF_MATCH = {None: None, True: '"{etag}"', False: '"0"'}
IF_UNMODIFIED = {None: None, True: "{modified}", False: LONG_AGO}
IF_NONE_MATCH = {None: None, True: '"0"', False: '"{etag}"'}
IF_MODIFIED = {None: None, True: LONG_AGO, False: "{modified}"}


def status_of_read(match, unmodified, none_match, modified):
    if match is False or (match is None and unmodified is False):
        return 412
    if none_match is False or (none_match is None and modified is False):
        return 304
    return 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_combination_of_the_four_conditions_of_a_read(s3, wire, bucket, method):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"].strip('"')
    modified = s3.head_object(Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPHeaders"]["last-modified"]
    for states in itertools.product((None, True, False), repeat=4):
        values = [table[state] for table, state in zip((IF_MATCH, IF_UNMODIFIED, IF_NONE_MATCH, IF_MODIFIED), states)]
        names = ("If-Match", "If-Unmodified-Since", "If-None-Match", "If-Modified-Since")
        headers = {name: value.format(etag=etag, modified=modified) for name, value in zip(names, values) if value}
        status, answer, text = wire.ask(method, f"/{bucket}/k", headers=headers)
        assert status == status_of_read(*states), (headers, text)
        if status == 304:
            assert (answer["ETag"], answer["Last-Modified"], text) == (f'"{etag}"', modified, "")
        if status == 412 and method == "GET":
            assert f"<Condition>{'If-Match' if states[0] is False else 'If-Unmodified-Since'}</Condition>" in text


@pytest.mark.parametrize(
    "header, of_ten, of_none",
    [
        ("bytes=0-4", "01234", 416), ("bytes=5-", "56789", 416), ("bytes=-3", "789", ""), ("bytes=-30", "0123456789", ""), ("bytes=9-100", "9", 416),
        ("bytes=0-0", "0", 416), ("bytes=10-", 416, 416), ("bytes=10-20", 416, 416), ("bytes=-0", 416, 416),
        # What is no range is as if it were not there.
        ("bytes=5-2", None, None), ("bytes=-", None, None), ("bytes=a-b", None, None), ("bytes=0-1,3-4", None, None), ("lines=0-1", None, None), ("0-1", None, None),
    ],
)
def test_ranges(s3, wire, bucket, header, of_ten, of_none):
    for content, expected in (("0123456789", of_ten), ("", of_none)):
        s3.put_object(Bucket=bucket, Key="k", Body=content.encode())
        for method in ("GET", "HEAD"):
            status, headers, text = wire.ask(method, f"/{bucket}/k", headers={"Range": header})
            if expected == 416:
                assert status == 416
                assert method == "HEAD" or f"<RangeRequested>{header}</RangeRequested><ActualObjectSize>{len(content)}</ActualObjectSize>" in text
                continue
            whole = expected is None or content == ""
            part = content if whole else expected
            assert (status, headers["Content-Length"]) == (200 if whole else 206, str(len(part)))
            assert method == "HEAD" or text == part
            if not whole:
                first = content.index(part)
                assert headers["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(content)}"
    status, _, text = wire.ask("GET", f"/{bucket}/k?partNumber=1", headers={"Range": header})
    assert (status, code_in(text)) == (400, "InvalidRequest") and "Cannot specify both Range header and partNumber query parameter" in text


def test_a_range_of_the_state_that_the_client_has(s3, wire, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")["ETag"]
    modified = s3.head_object(Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPHeaders"]["last-modified"]
    for if_range, status in ((etag, 206), (modified, 206), ('"0"', 200), ("W/" + etag, 200), (LONG_AGO, 200)):
        for method in ("GET", "HEAD"):
            answer, headers, _ = wire.ask(method, f"/{bucket}/k", headers={"Range": "bytes=0-1", "If-Range": if_range})
            assert (answer, headers["Content-Length"]) == (status, "2" if status == 206 else "10"), if_range


@pytest.mark.parametrize("conditions, status", [
    ({"If-Match": "{etag}"}, 206), ({"If-None-Match": "{etag}"}, 304), ({"If-Match": '"0"'}, 412), ({"If-Match": '"0", {etag}'}, 206), ({"If-None-Match": '"0",{etag}'}, 304),
    ({"If-Match": "*"}, 206), ({"If-None-Match": "*"}, 304), ({"If-Modified-Since": "Fri, 01 Jan 2500 00:00:00 GMT"}, 206), ({"If-Modified-Since": "rubbish"}, 206),
])
def test_conditions_come_before_ranges(s3, wire, bucket, conditions, status):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    headers = {name: value.format(etag=etag) for name, value in conditions.items()}
    assert wire.ask("GET", f"/{bucket}/k", headers=headers | {"Range": "bytes=0-0"})[0] == status
    assert wire.ask("GET", f"/{bucket}/k", headers=headers | {"Range": "bytes=20-"})[0] == (416 if status == 206 else status)
    assert wire.ask("GET", f"/{bucket}/none", headers=headers)[0] == 404


def test_conditional_writes(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    with fails("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold") as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert failure.error["Error"]["Condition"] == "If-None-Match"
    s3.put_object(Bucket=bucket, Key="k", Body=b"3", IfMatch=etag)
    with fails("PreconditionFailed", 412) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"4", IfMatch=etag)
    assert failure.error["Error"]["Condition"] == "If-Match"
    with fails("NoSuchKey", 404):
        s3.put_object(Bucket=bucket, Key="none", Body=b"5", IfMatch=etag)
    for conditions in ({"IfNoneMatch": etag}, {"IfMatch": "*"}, {"IfMatch": etag, "IfNoneMatch": "*"}):
        with fails("NotImplemented", 501, "A header you provided implies functionality that is not implemented") as failure:
            s3.put_object(Bucket=bucket, Key="k", Body=b"6", **conditions)
        assert failure.error["Error"]["Header"] and failure.error["Error"]["additionalMessage"]
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"3"
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(Bucket=bucket, Key="k")
    with fails("NoSuchKey", 404):
        s3.put_object(Bucket=bucket, Key="k", Body=b"7", IfMatch=etag)
    s3.put_object(Bucket=bucket, Key="k", Body=b"8", IfNoneMatch="*")  # a delete marker is no object


def test_a_copy_decides_on_its_source_and_its_destination(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="source", Body=b"1")["ETag"]
    source = {"Bucket": bucket, "Key": "copy", "CopySource": f"{bucket}/source"}
    modified = s3.head_object(Bucket=bucket, Key="source")["LastModified"]
    ago = datetime.datetime(1994, 11, 6, tzinfo=datetime.timezone.utc)
    for wrong in ({"CopySourceIfMatch": '"0"'}, {"CopySourceIfNoneMatch": etag}, {"CopySourceIfUnmodifiedSince": ago}, {"CopySourceIfModifiedSince": modified}):
        with fails("PreconditionFailed", 412):
            s3.copy_object(**source, **wrong)
    s3.copy_object(**source, CopySourceIfMatch=etag, CopySourceIfUnmodifiedSince=ago, IfNoneMatch="*")
    with fails("PreconditionFailed", 412):
        s3.copy_object(**source, IfNoneMatch="*")
    s3.copy_object(**source, IfMatch=etag)


def test_conditional_completion(s3, bucket):
    def begin():
        upload = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
        part = s3.upload_part(PartNumber=1, Body=b"parts", **upload)["ETag"]
        return {**upload, "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part}]}}

    late, second = begin(), begin()
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"first")["ETag"]  # appears while the upload is under way
    with fails("PreconditionFailed", 412):
        s3.complete_multipart_upload(IfNoneMatch="*", **late)
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"first"
    s3.complete_multipart_upload(IfMatch=etag, **late)  # the upload is still there
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"parts"
    with fails("PreconditionFailed", 412):
        s3.complete_multipart_upload(IfMatch=etag, **second)
    s3.delete_object(Bucket=bucket, Key="k")
    with fails("NoSuchKey", 404):
        s3.complete_multipart_upload(IfMatch=etag, **second)
    s3.complete_multipart_upload(IfNoneMatch="*", **second)


def test_conditional_deletes(s3, wire, bucket):
    def put():
        return s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]

    etag = put()
    with fails("PreconditionFailed", 412):
        s3.delete_object(Bucket=bucket, Key="k", IfMatch='"other"')
    s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag)
    for value in ("*", etag):
        with fails("NoSuchKey", 404):
            s3.delete_object(Bucket=bucket, Key="k", IfMatch=value)
    put()
    s3.delete_object(Bucket=bucket, Key="k", IfMatch="*")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    put()
    marker = s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag)
    assert marker["DeleteMarker"]
    for value in ("*", etag):  # a delete marker is no object
        with fails("NoSuchKey", 404):
            s3.delete_object(Bucket=bucket, Key="k", IfMatch=value)
    with fails("NotImplemented", 501):
        s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"], IfMatch=etag)
    for header, value in (("x-amz-if-match-size", "1"), ("x-amz-if-match-last-modified-time", LONG_AGO)):
        status, _, text = wire.ask("DELETE", f"/{bucket}/k", headers={header: value})
        assert (status, code_in(text)) == (501, "NotImplemented") and f"<Header>{header}</Header>" in text
    # Of many, each by itself.
    put()
    failed = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "ETag": '"other"'}, {"Key": "none", "ETag": etag}]})["Errors"]
    assert [(e["Key"], e["Code"]) for e in failed] == [("k", "PreconditionFailed"), ("none", "NoSuchKey")]
    assert s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "ETag": etag}]})["Deleted"][0]["DeleteMarker"]


def at_once(count, work):
    """work(n) on threads of their own; what they return, in any order."""
    found, threads = [], []
    for n in range(count):
        threads.append(threading.Thread(target=lambda n=n: found.append(work(n))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_of_many_creators_wins(virga, account, bucket):
    def put(n):
        return Wire(virga, account).ask("PUT", f"/{bucket}/k", b"%d" % n, {"If-None-Match": "*"})[0]

    assert sorted(at_once(50, put)) == [200] + [412] * 49


def test_no_update_is_lost(virga, account, s3, bucket):
    s3.put_object(Bucket=bucket, Key="n", Body=b"0")

    def add(_):
        wire, added = Wire(virga, account), 0
        while added < 5:
            _, headers, text = wire.ask("GET", f"/{bucket}/n")
            status, _, refused = wire.ask("PUT", f"/{bucket}/n", b"%d" % (int(text) + 1), {"If-Match": headers["ETag"]})
            assert status in (200, 412), refused
            added += status == 200

    at_once(10, add)
    assert body(s3.get_object(Bucket=bucket, Key="n")) == b"50"


def test_readers_see_one_whole_version(virga, account, s3, bucket):
    contents = [chr(65 + n % 26) * (200_000 if n % 2 else 5000) for n in range(100)]
    torn, done = [], threading.Event()

    def read(_):
        wire = Wire(virga, account)
        while not done.is_set():
            status, headers, text = wire.ask("GET", f"/{bucket}/k")
            whole = status == 404 or (status == 200 and text in contents and len(text) == int(headers["Content-Length"]))
            if not whole:
                torn.append(text)

    def write():
        wire = Wire(virga, account)
        try:
            for n, content in enumerate(contents):
                if wire.ask("PUT", f"/{bucket}/k", content.encode())[0] != 200 or (n % 3 == 0 and wire.ask("DELETE", f"/{bucket}/k")[0] != 204):
                    torn.append(n)
        finally:
            done.set()

    writer = threading.Thread(target=write)
    writer.start()
    at_once(3, read)
    writer.join()
    assert not torn
