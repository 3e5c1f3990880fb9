"""Uploads in parts: what is told of parts afterwards, completion that happens once, parts that are copied."""
import base64
import hashlib

import pytest

from s3_support import MB, body, bucket, code_in, fails, s3, wire  # noqa: F401  (fixtures)
from test_s3_notifications import notify, queue  # noqa: F401  (fixture)



def sha256(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


class Upload:
    """An upload by parts: .part(number, bytes, ...), then .complete()."""

    def __init__(self, s3, bucket, key="k", **create):
        self.s3, self.given = s3, {"Bucket": bucket, "Key": key}
        self.given["UploadId"] = s3.create_multipart_upload(**self.given, **create)["UploadId"]
        self.parts = {}

    def took(self, number, answer):
        self.parts[number] = {"PartNumber": number, "ETag": answer["ETag"]} | {k: v for k, v in answer.items() if k.startswith("Checksum") and k != "ChecksumType"}
        return answer

    def part(self, number, data, **more):
        return self.took(number, self.s3.upload_part(PartNumber=number, Body=data, **self.given, **more))

    def copy(self, number, source, **more):
        return self.took(number, self.s3.upload_part_copy(PartNumber=number, CopySource=source, **self.given, **more)["CopyPartResult"])

    def complete(self, **more):
        return self.s3.complete_multipart_upload(MultipartUpload={"Parts": [self.parts[n] for n in sorted(self.parts)]}, **self.given, **more)


@pytest.fixture
def three_parts(s3, bucket):
    """An object of three parts under SHA256: (bytes of each part, answer of the completion)."""
    parts = [b"a" * 5 * MB, b"b" * 5 * MB, b"c" * 7]
    upload = Upload(s3, bucket, ChecksumAlgorithm="SHA256")
    for number, data in zip((2, 3, 8), parts):
        upload.part(number, data, ChecksumAlgorithm="SHA256")
    return parts, upload.complete()


def test_a_composite_checksum(s3, bucket, three_parts):
    parts, done = three_parts
    expected = sha256(b"".join(hashlib.sha256(p).digest() for p in parts)) + "-3"
    assert (done["ChecksumSHA256"], done["ChecksumType"]) == (expected, "COMPOSITE")
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (head["ChecksumSHA256"], head["ChecksumType"]) == (expected, "COMPOSITE")
    upload = Upload(s3, bucket, ChecksumAlgorithm="SHA1")
    upload.part(1, b"x", ChecksumAlgorithm="SHA1")
    with fails("InvalidRequest", 400, "Checksum Type mismatch occurred, expected checksum Type: sha1, actual checksum Type: sha256"):
        upload.part(1, b"x", ChecksumAlgorithm="SHA256")
    del upload.parts[1]["ChecksumSHA1"]
    missing = "The upload was created using a sha1 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request."
    with fails("InvalidRequest", 400, missing):
        upload.complete()
    upload.parts[1]["ChecksumSHA1"] = base64.b64encode(bytes(20)).decode()
    with fails("InvalidPart", 400):
        upload.complete()
    upload.parts[1] |= {"ChecksumSHA256": sha256(b"x")}
    del upload.parts[1]["ChecksumSHA1"]
    with fails("BadDigest", 400):
        upload.complete()


@pytest.mark.parametrize("algorithm, kind", [("CRC64NVME", "COMPOSITE"), ("SHA1", "FULL_OBJECT"), ("SHA256", "FULL_OBJECT")])
def test_kinds_of_checksums_that_do_not_go_together(s3, bucket, algorithm, kind):
    with fails("InvalidRequest", 400, f"The {kind} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."):
        Upload(s3, bucket, ChecksumAlgorithm=algorithm, ChecksumType=kind)


@pytest.mark.parametrize("method", ["get_object", "head_object"])
def test_one_part_of_many(s3, bucket, three_parts, method):
    parts, _ = three_parts
    whole, at, read = sum(map(len, parts)), 0, getattr(s3, method)
    for number, part in enumerate(parts, 1):
        got = read(Bucket=bucket, Key="k", PartNumber=number, ChecksumMode="ENABLED")
        assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
        assert (got["ContentLength"], got["ContentRange"], got["PartsCount"]) == (len(part), f"bytes {at}-{at + len(part) - 1}/{whole}", 3)
        assert got["ChecksumSHA256"] == sha256(part)
        assert method == "head_object" or body(got) == part
        at += len(part)
    with fails("416" if method == "head_object" else "InvalidPartNumber", 416, None if method == "head_object" else "The requested partnumber is not satisfiable"):
        read(Bucket=bucket, Key="k", PartNumber=4)
    with fails("400" if method == "head_object" else "InvalidArgument", 400):
        read(Bucket=bucket, Key="k", PartNumber=10001)


def test_the_one_part_of_a_plain_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"abc")
    got = s3.get_object(Bucket=bucket, Key="k", PartNumber=1)
    assert (got["ResponseMetadata"]["HTTPStatusCode"], got["ContentRange"], body(got)) == (206, "bytes 0-2/3", b"abc") and "PartsCount" not in got
    with fails("InvalidPartNumber", 416):
        s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert "ContentRange" not in s3.get_object(Bucket=bucket, Key="k", PartNumber=1)


def test_attributes_of_parts_page_by_page(s3, bucket, three_parts):
    parts, done = three_parts

    def page(**more):
        wanted = ["ETag", "Checksum", "ObjectParts", "ObjectSize", "StorageClass"]
        return s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=wanted, **more)

    whole = page()
    assert (whole["ETag"], whole["ObjectSize"], whole["StorageClass"]) == (done["ETag"].strip('"'), sum(map(len, parts)), "STANDARD")
    assert whole["Checksum"] == {"ChecksumSHA256": done["ChecksumSHA256"].split("-")[0], "ChecksumType": "COMPOSITE"}
    assert whole["ObjectParts"]["TotalPartsCount"] == 3 and not whole["ObjectParts"]["IsTruncated"]
    assert [(p["Size"], p["ChecksumSHA256"]) for p in whole["ObjectParts"]["Parts"]] == [(len(p), sha256(p)) for p in parts]
    found, marker = [], 0
    for expected in (2, 1):
        one = page(MaxParts=2, PartNumberMarker=marker)["ObjectParts"]
        assert (len(one["Parts"]), one["MaxParts"], one["PartNumberMarker"], one["TotalPartsCount"]) == (expected, 2, marker, 3)
        found += [p["PartNumber"] for p in one["Parts"]]
        marker = one["NextPartNumberMarker"]
        assert one["IsTruncated"] == (expected == 2)
    assert found == [p["PartNumber"] for p in whole["ObjectParts"]["Parts"]]
    with fails("InvalidArgument", 400):
        s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["Colour"])


def test_without_composite_checksums_parts_are_only_counted(s3, bucket):
    upload = Upload(s3, bucket)
    upload.part(1, b"x")
    upload.complete()
    parts = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectParts"])["ObjectParts"]
    assert parts["TotalPartsCount"] == 1 and "Parts" not in parts


def test_completion_happens_once(virga, s3, bucket, queue):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    notify(s3, bucket, queue, "s3:ObjectCreated:*")
    upload = Upload(s3, bucket)
    upload.part(1, b"x")
    done = [upload.complete() for _ in range(3)]
    assert len({(d["ETag"], d["VersionId"]) for d in done}) == 1
    assert [v["VersionId"] for v in s3.list_object_versions(Bucket=bucket)["Versions"]] == [done[0]["VersionId"]]
    s3.put_object(Bucket=bucket, Key="k", Body=b"later")
    assert upload.complete()["VersionId"] == done[0]["VersionId"]
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"later"
    virga.wait()
    assert [r["eventName"] for r in queue.records()] == ["ObjectCreated:CompleteMultipartUpload", "ObjectCreated:Put"]
    with fails("NoSuchUpload", 404):
        s3.list_parts(**upload.given)
    s3.abort_multipart_upload(**upload.given)  # comes too late, and is no error
    assert body(s3.get_object(Bucket=bucket, Key="k", VersionId=done[0]["VersionId"])) == b"x"


def test_a_completion_is_remembered_when_its_object_is_gone(s3, bucket):
    upload = Upload(s3, bucket)
    upload.part(1, b"x")
    etag = upload.complete()["ETag"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"later")
    assert upload.complete()["ETag"] == etag and body(s3.get_object(Bucket=bucket, Key="k")) == b"later"
    s3.delete_object(Bucket=bucket, Key="k")
    assert upload.complete()["ETag"] == etag
    s3.abort_multipart_upload(**upload.given)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket) and "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
    with fails("NoSuchUpload", 404):
        upload.part(2, b"y")
    s3.delete_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    with fails("NoSuchUpload", 404):
        upload.complete()


def test_numbers_of_parts(s3, bucket):
    upload = Upload(s3, bucket)
    out_of_range = "Part number must be an integer between 1 and 10000, inclusive"
    for number in (0, 10001):
        with fails("InvalidArgument", 400, out_of_range):
            upload.part(number, b"x")
        with fails("InvalidArgument", 400, out_of_range):
            upload.copy(number, f"{bucket}/source")
    upload.part(10000, b"x")
    assert upload.complete()["ETag"].endswith('-1"')


def test_a_completion_names_numbers_and_etags(s3, wire, bucket):
    upload = Upload(s3, bucket)
    etag = upload.part(1, b"x")["ETag"]
    path = f"/{bucket}/{upload.given['Key']}?uploadId={upload.given['UploadId']}"
    for part in ("<PartNumber>1</PartNumber>", f"<ETag>{etag}</ETag>"):
        status, _, text = wire.ask("POST", path, f"<CompleteMultipartUpload><Part>{part}</Part></CompleteMultipartUpload>".encode())
        assert (status, code_in(text)) == (400, "MalformedXML")


def test_a_page_of_no_parts_is_the_last(s3, bucket):
    upload = Upload(s3, bucket)
    upload.part(1, b"x")
    page = s3.list_parts(MaxParts=0, **upload.given)
    assert "Parts" not in page and not page["IsTruncated"]


def test_the_size_that_is_expected(s3, bucket):
    upload = Upload(s3, bucket)
    upload.part(1, b"abc")
    with fails("InvalidRequest", 400):
        upload.complete(MpuObjectSize=4)
    upload.complete(MpuObjectSize=3)


def test_copied_parts(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    keys = ["a?versionId=b", "per%20cent", "ü+/ x"]
    old = {key: s3.put_object(Bucket=bucket, Key=key, Body=b"0123456789")["VersionId"] for key in keys}
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"new")
    for key in keys:
        upload, source = Upload(s3, bucket, key="copy"), {"Bucket": bucket, "Key": key, "VersionId": old[key]}
        answer = s3.upload_part_copy(PartNumber=1, CopySource=source, CopySourceRange="bytes=2-5", **upload.given)
        assert answer["CopySourceVersionId"] == old[key]
        assert answer["CopyPartResult"]["ETag"] == f'"{hashlib.md5(b"2345").hexdigest()}"'
        upload.took(1, answer["CopyPartResult"])
        with fails("PreconditionFailed", 412):
            upload.copy(1, source, CopySourceIfMatch='"0"')
        upload.complete()
        assert body(s3.get_object(Bucket=bucket, Key="copy")) == b"2345"


@pytest.mark.parametrize(
    "wanted, message",
    [
        *((r, "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
          for r in ("bytes=2-", "bytes=-2", "2-4", "bytes=a-b", "bytes=1-2,4-5", "bytes=")),
        *((r, "Range specified is not valid for source object of size: 10") for r in ("bytes=8-12", "bytes=10-11", "bytes=99-100", "bytes=0-10")),
    ],
)
def test_ranges_of_copied_parts(s3, bucket, wanted, message):
    s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    with fails("InvalidArgument", 400, message):
        Upload(s3, bucket).copy(1, f"{bucket}/source", CopySourceRange=wanted)


def test_the_page_of_uploads_and_what_is_unknown(s3, wire, bucket):
    with fails("NoSuchUpload", 404):
        s3.upload_part(Bucket=bucket, Key="k", UploadId="nothing", PartNumber=1, Body=b"x")
    upload = Upload(s3, bucket)
    with fails("NoSuchUpload", 404):  # the key must be the upload's
        s3.list_parts(**upload.given | {"Key": "other"})
    status, _, text = wire.ask("GET", f"/{bucket}?uploads&upload-id-marker=x&max-uploads=1")  # of no use without a key
    assert status == 200 and f"<UploadId>{upload.given['UploadId']}</UploadId>" in text
    status, _, text = wire.ask("POST", f"/{bucket}/k?uploadId={upload.given['UploadId']}", b"<CompleteMultipartUpload/>")
    assert (status, code_in(text)) == (400, "MalformedXML")
    status, _, text = wire.ask("POST", f"/{bucket}/k?uploadId={upload.given['UploadId']}", b"")
    assert status == 400 and code_in(text) in ("MalformedXML", "InvalidRequest")


def test_parts_out_of_order_replaced_and_left_out(s3, bucket):
    upload = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
    etags = {}
    for number, content in ((9, b"z" * 10), (1, b"wrong"), (5, b"b" * 5 * MB), (7, b"never"), (1, b"a" * 5 * MB)):
        etags[number] = s3.upload_part(PartNumber=number, Body=content, **upload)["ETag"]
    page = s3.list_parts(MaxParts=2, **upload)
    assert [p["PartNumber"] for p in page["Parts"]] == [1, 5] and page["IsTruncated"] and page["NextPartNumberMarker"] == 5
    page = s3.list_parts(MaxParts=2, PartNumberMarker=5, **upload)
    assert [p["PartNumber"] for p in page["Parts"]] == [7, 9] and not page["IsTruncated"]

    def complete(*numbers, **other):
        parts = [{"PartNumber": n, "ETag": other.get(f"etag{n}", etags[n])} for n in numbers]
        return s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)

    with fails("InvalidPartOrder", 400):
        complete(5, 1)
    with fails("InvalidPart", 400):
        complete(1, 5, etag5='"00000000000000000000000000000000"')
    with fails("EntityTooSmall", 400) as failure:
        complete(1, 7, 9)
    assert (failure.error["Error"]["PartNumber"], failure.error["Error"]["MinSizeAllowed"]) == ("7", "5242880")
    with fails("MalformedXML", 400):
        s3.complete_multipart_upload(MultipartUpload={"Parts": []}, **upload)
    done = complete(1, 5, 9)
    sums = b"".join(bytes.fromhex(etags[n].strip('"')) for n in (1, 5, 9))
    assert done["ETag"] == f'"{hashlib.md5(sums).hexdigest()}-3"'
    assert complete(1, 5, 9)["ETag"] == done["ETag"]  # asked again, answered again
    with fails("NoSuchUpload", 404):
        s3.upload_part(PartNumber=2, Body=b"", **upload)
    got = s3.get_object(Bucket=bucket, Key="k", PartNumber=3)
    assert (body(got), got["PartsCount"], got["ContentRange"]) == (b"z" * 10, 3, f"bytes {10 * MB}-{10 * MB + 9}/{10 * MB + 10}")
    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == 10 * MB + 10


def test_crcs_of_parts_combine(s3, bucket):
    # Known sums of 5 MiB of A, B and C, and of all three.
    sums, whole = ["JRTCyQ==", "QoZTGg==", "YAgjqw=="], "WgDhBQ=="
    upload = {"Bucket": bucket, "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT", **upload)["UploadId"]
    parts = []
    for number, letter in enumerate(b"ABC", 1):
        answer = s3.upload_part(PartNumber=number, Body=bytes([letter]) * 5 * MB, ChecksumCRC32=sums[number - 1], **upload)
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]})
    with fails("BadDigest", 400):
        s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, ChecksumCRC32="AAAAAA==", **upload)
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, ChecksumCRC32=whole, **upload)
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (whole, "FULL_OBJECT")
    with fails("InvalidRequest", 400):
        s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="CRC64NVME", ChecksumType="COMPOSITE")
