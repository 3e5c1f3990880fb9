"""Browser forms: POST of multipart/form-data to a bucket."""
import base64
import datetime
import hashlib
import json
import urllib.parse
import urllib.request
import uuid

import pytest

from s3_support import body, bucket, code_in, s3, wire  # noqa: F401  (fixtures)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def encode(fields, content=b"", filename="photo.jpg", file_field="file"):
    boundary = uuid.uuid4().hex
    out = b""
    for name, value in fields:
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value.encode() + b"\r\n"
    if file_field:
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{file_field}"; filename="{filename}"\r\nContent-Type: image/jpeg\r\n\r\n'.encode()
        out += content + b"\r\n"
    return out + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def post(virga, bucket, fields, content=b"bytes", **options):
    data, content_type = encode(list(fields.items()) if isinstance(fields, dict) else fields, content, **options)
    request = urllib.request.Request(f"{virga.endpoint}/{bucket}", data=data, headers={"Content-Type": content_type}, method="POST")
    try:
        with OPENER.open(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def signed(s3, bucket, key, conditions=None, fields=None, **options):
    return s3.generate_presigned_post(bucket, key, Fields=fields, Conditions=conditions, **options)["fields"]


def code(answer):
    return answer[2].decode().split("<Code>")[1].split("</Code>")[0]


def message(answer):
    return answer[2].decode().split("<Message>")[1].split("</Message>")[0].replace("&quot;", '"')


def test_a_presigned_form(s3, virga, bucket):
    form = s3.generate_presigned_post(bucket, "up/${filename}", Fields={"x-amz-meta-who": "me", "Content-Type": "text/plain", "acl": "private"},
                                      Conditions=[{"x-amz-meta-who": "me"}, ["starts-with", "$Content-Type", "text/"], {"acl": "private"}])
    answer = post(virga, bucket, form["fields"], b"hello\r\n--not the end")
    assert answer[0] == 204 and answer[2] == b""
    assert answer[1]["ETag"] == '"%s"' % hashlib.md5(b"hello\r\n--not the end").hexdigest()
    assert answer[1]["Location"] == f"{virga.endpoint}/{bucket}/up%2Fphoto.jpg"
    got = s3.get_object(Bucket=bucket, Key="up/photo.jpg")
    assert body(got) == b"hello\r\n--not the end"
    assert got["ContentType"] == "text/plain" and got["Metadata"] == {"who": "me"}


def test_success_actions(s3, virga, bucket):
    fields = {"key": "k", "success_action_status": "201"}
    status, headers, text = post(virga, bucket, fields)
    assert status == 201 and headers["Content-Type"] == "application/xml"
    etag = hashlib.md5(b"bytes").hexdigest()
    assert f"<PostResponse><Location>{virga.endpoint}/{bucket}/k</Location><Bucket>{bucket}</Bucket><Key>k</Key><ETag>&quot;{etag}&quot;</ETag></PostResponse>" in text.decode()
    assert post(virga, bucket, {"key": "k", "success_action_status": "200"})[0] == 200
    assert post(virga, bucket, {"key": "k", "success_action_status": "404"})[0] == 204
    status, headers, _ = post(virga, bucket, {"key": "a b", "success_action_redirect": "http://example.com/done?x=1"})
    assert status == 303
    assert headers["Location"] == f"http://example.com/done?x=1&bucket={bucket}&key=a%20b&etag=%22{etag}%22"


@pytest.mark.parametrize(
    "expected, text, change",
    [
        ((403, "AccessDenied"), "Invalid according to Policy: Extra input fields: x-amz-meta-extra", {"x-amz-meta-extra": "1"}),
        ((403, "AccessDenied"), 'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "k"]', {"key": "other"}),
        ((204, None), None, {"x-ignore-this": "1"}),
    ],
)
def test_every_field_is_covered(s3, virga, bucket, expected, text, change):
    fields = {**signed(s3, bucket, "k"), **change}
    answer = post(virga, bucket, fields)
    assert answer[0] == expected[0]
    if text:
        assert code(answer) == expected[1] and message(answer) == text


def policy(bucket, conditions=None, expires=datetime.timedelta(hours=1), **replace):
    instant = (datetime.datetime.now(datetime.timezone.utc) + expires).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = {"expiration": instant, "conditions": [{"bucket": bucket}, ["starts-with", "$key", "k"]] + (conditions or [])}
    document.update(replace)
    text = json.dumps({k: v for k, v in document.items() if v is not None})
    return {"key": "k", "AWSAccessKeyId": "test", "signature": "unchecked", "policy": base64.b64encode(text.encode()).decode()}


def test_policies_that_are_none(virga, bucket):
    for fields in (
        {**policy(bucket), "policy": "no base64"},
        policy(bucket, expiration=None),
        policy(bucket, expiration="tomorrow"),
        policy(bucket, conditions=[{}]),
        {**policy(bucket), "policy": base64.b64encode(b'{"expiration": "2090-01-01T00:00:00Z"}').decode()},
        policy(bucket, [["content-length-range", 0]]),
        policy(bucket, [["content-length-range", -1, 10]]),
    ):
        answer = post(virga, bucket, fields)
        assert (answer[0], code(answer)) == (400, "InvalidPolicyDocument"), fields
    answer = post(virga, bucket, policy(bucket, expires=datetime.timedelta(hours=-1)))
    assert (answer[0], message(answer)) == (403, "Invalid according to Policy: Policy expired.")
    answer = post(virga, bucket, policy("another-bucket"))
    assert (answer[0], code(answer)) == (403, "AccessDenied")


def test_the_length_of_the_file(s3, virga, bucket):
    limits = policy(bucket, [["content-length-range", 3, 5]])
    assert post(virga, bucket, limits, b"12345")[0] == 204
    answer = post(virga, bucket, limits, b"123456")
    assert (answer[0], code(answer)) == (400, "EntityTooLarge")
    assert "<ProposedSize>6</ProposedSize><MaxSizeAllowed>5</MaxSizeAllowed>" in answer[2].decode()
    answer = post(virga, bucket, limits, b"12")
    assert (answer[0], code(answer)) == (400, "EntityTooSmall")
    assert body(s3.get_object(Bucket=bucket, Key="k")) == b"12345"
    big = b"x" * (3 * 1024 * 1024)
    assert post(virga, bucket, {"key": "big"}, big)[0] == 204
    assert body(s3.get_object(Bucket=bucket, Key="big")) == big


def test_fields_that_are_missing(virga, bucket):
    answer = post(virga, bucket, {"acl": "private"})
    assert (answer[0], code(answer)) == (400, "InvalidArgument")
    assert message(answer) == "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields."
    incomplete = policy(bucket)
    del incomplete["signature"]
    answer = post(virga, bucket, incomplete)
    assert message(answer).startswith("Bucket POST must contain a field named 'signature'.")
    answer = post(virga, bucket, {"key": "k", "x-amz-algorithm": "AWS4-HMAC-SHA256"})
    assert message(answer).startswith("Bucket POST must contain a field named 'policy'.")
    answer = post(virga, bucket, {"key": "k"}, file_field=None)
    assert message(answer) == "POST requires exactly one file upload per request."
    answer = post(virga, "no-such-bucket-" + uuid.uuid4().hex, {"key": "k"})
    assert (answer[0], code(answer)) == (404, "NoSuchBucket")
    answer = post(virga, bucket, {"key": "k", "x-ignore-me": "x" * 30000})
    assert (answer[0], code(answer)) == (400, "MaxPostPreDataLengthExceeded")


def test_what_a_form_may_ask_of_the_upload(s3, virga, bucket):
    tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1 2</Value></Tag></TagSet></Tagging>"
    checksum = base64.b64encode(hashlib.sha256(b"bytes").digest()).decode()
    fields = {"key": "k", "tagging": tags, "x-amz-checksum-sha256": checksum, "Cache-Control": "no-cache", "x-amz-storage-class": "STANDARD_IA"}
    assert post(virga, bucket, fields)[0] == 204
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "1 2"}]
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (head["CacheControl"], head["StorageClass"], head["ChecksumSHA256"]) == ("no-cache", "STANDARD_IA", checksum)
    answer = post(virga, bucket, {**fields, "x-amz-checksum-sha256": base64.b64encode(bytes(32)).decode()})
    assert (answer[0], code(answer)) == (400, "BadDigest")


def test_the_event_of_a_form_says_so(aws, s3, virga, bucket):
    sqs = aws("sqs")
    queue = sqs.create_queue(QueueName="forms")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:Post"]}]}
    )
    s3.put_object(Bucket=bucket, Key="put", Body=b"")
    assert post(virga, bucket, {"key": "k"})[0] == 204
    virga.wait()
    records = [json.loads(m["Body"]) for m in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]]
    names = [r["Records"][0]["eventName"] for r in records if "Records" in r]
    assert names == ["ObjectCreated:Post"]


def test_a_policy_has_to_speak_of_the_bucket(virga, bucket):
    answer = post(virga, bucket, policy(bucket, conditions=[["starts-with", "$key", "k"]]) | {"x-ignore-me": "1"})
    assert answer[0] == 204
    text = json.dumps({"expiration": "2190-01-01T00:00:00Z", "conditions": [{"key": "k"}]})
    answer = post(virga, bucket, policy(bucket) | {"policy": base64.b64encode(text.encode()).decode()})
    assert (answer[0], code(answer), message(answer)) == (403, "AccessDenied", "Invalid according to Policy: Extra input fields: bucket")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", None])
def test_what_is_posted_to_a_bucket_is_a_form(wire, bucket, content_type):
    for path in (f"/{bucket}", f"/{bucket}/", f"/{bucket}?x"):
        status, _, text = wire.ask("POST", path, b"key=k", {"Content-Type": content_type} if content_type else {})
        assert status == 412 and code_in(text) == "PreconditionFailed"
        assert "<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>" in text
    for path, kind in (("/", "SERVICE"), (f"/{bucket}?acl", "BUCKET"), (f"/{bucket}/k", "OBJECT")):
        status, _, text = wire.ask("POST", path, b"x")
        assert (status, code_in(text)) == (405, "MethodNotAllowed") and f"<ResourceType>{kind}</ResourceType>" in text
