"""Notification configurations and what the events of every kind say."""
import hashlib
import json

import pytest
from s3_support import bucket, fails, open_acls, s3, wire  # noqa: F401  (fixtures)
from test_lambda import node
from test_s3_forms import post

DAY = 24 * 3600


class Queue:
    def __init__(self, aws, account, name="q"):
        self.sqs, self.arn = aws("sqs"), f"arn:aws:sqs:us-east-1:{account}:{name}"
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]

    def take(self):
        bodies = []
        while True:
            messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", [])
            if not messages:
                return bodies
            for m in messages:
                bodies.append(json.loads(m["Body"]))
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=m["ReceiptHandle"])

    def records(self):
        return [r for body in self.take() for r in body.get("Records", [])]


@pytest.fixture
def queue(aws, account):
    return Queue(aws, account)


def notify(s3, bucket, queue, *events, **more):
    rule = {"QueueArn": queue.arn, "Events": list(events)} | more
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [rule]})


def names(records):
    return [(r["eventName"], r["eventVersion"]) for r in records]


def test_the_test_event(virga, s3, bucket, queue):
    notify(s3, bucket, queue, "s3:ObjectCreated:*")
    virga.wait()
    (event,) = queue.take()
    assert event | {"Time": 0, "RequestId": 0, "HostId": 0} == {
        "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": bucket, "Time": 0, "RequestId": 0, "HostId": 0
    }


def test_events_of_every_kind(virga, s3, bucket, queue):
    open_acls(s3, bucket)
    events = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*", "s3:ObjectAcl:Put", "s3:ObjectRestore:*", "s3:LifecycleExpiration:*"]
    notify(s3, bucket, queue, *events)
    s3.put_object(Bucket=bucket, Key="a b&c/é.txt", Body=b"abc")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b&c/é.txt"})
    s3.put_object_tagging(Bucket=bucket, Key="copy", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.delete_object_tagging(Bucket=bucket, Key="copy")
    s3.put_object_acl(Bucket=bucket, Key="copy", ACL="public-read")
    s3.delete_object(Bucket=bucket, Key="copy")
    virga.wait()
    records = queue.records()
    assert names(records) == [
        ("ObjectCreated:Put", "2.1"), ("ObjectCreated:Copy", "2.1"), ("ObjectTagging:Put", "2.3"), ("ObjectTagging:Delete", "2.3"),
        ("ObjectAcl:Put", "2.3"), ("ObjectRemoved:Delete", "2.1"),
    ]
    first = records[0]["s3"]
    assert first["object"]["key"] == "a+b%26c/%C3%A9.txt" and first["object"]["size"] == 3
    assert first["bucket"] == {"name": bucket, "arn": f"arn:aws:s3:::{bucket}", "ownerIdentity": first["bucket"]["ownerIdentity"]}
    assert "size" not in records[-1]["s3"]["object"] and "eTag" not in records[-1]["s3"]["object"]


def test_delete_markers_have_a_name_of_their_own(virga, s3, bucket, queue):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    notify(s3, bucket, queue, "s3:ObjectRemoved:*")
    version = s3.put_object(Bucket=bucket, Key="k")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="k", VersionId=version)
    virga.wait()
    records = queue.records()
    assert [(r["eventName"], r["s3"]["object"]["versionId"]) for r in records] == [("ObjectRemoved:DeleteMarkerCreated", marker), ("ObjectRemoved:Delete", version)]


def test_filters(virga, s3, bucket, queue):
    rules = [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".txt"}]
    notify(s3, bucket, queue, "s3:ObjectCreated:Put", Id="mine", Filter={"Key": {"FilterRules": rules}})
    got = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert got["Id"] == "mine"
    assert got["Filter"]["Key"]["FilterRules"] == [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": ".txt"}]
    for key in ("in/a.txt", "in/a.jpg", "out/a.txt"):
        s3.put_object(Bucket=bucket, Key=key)
    virga.wait()
    (record,) = queue.records()
    assert (record["s3"]["object"]["key"], record["s3"]["configurationId"]) == ("in/a.txt", "mine")
    notify(s3, bucket, queue, "s3:ObjectCreated:Put")
    assert "Filter" not in s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]


def test_what_is_refused_leaves_the_old_configuration(aws, account, s3, bucket, queue):
    notify(s3, bucket, queue, "s3:ObjectCreated:*", Id="good")

    def wrong(code, message=None, **rule):
        with fails(code, 400, message):
            notify(s3, bucket, queue, *rule.pop("Events", ["s3:ObjectCreated:*"]), **rule)

    cannot = "Unable to validate the following destination configurations"
    wrong("InvalidArgument", "The ARN could not be parsed", QueueArn="rubbish")
    wrong("InvalidArgument", cannot, QueueArn=f"arn:aws:sqs:us-east-1:{account}:missing")
    wrong("InvalidArgument", cannot, QueueArn=queue.arn.replace("us-east-1", "eu-west-1"))
    aws("sqs").create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})
    wrong("InvalidArgument", cannot, QueueArn=queue.arn + ".fifo")
    wrong("InvalidArgument", "The event is not supported for notifications", Events=["s3:ObjectInvented:*"])
    wrong("InvalidArgument", "filter rule name must be either prefix or suffix", Filter={"Key": {"FilterRules": [{"Name": "infix", "Value": "x"}]}})
    twice = [{"Name": "prefix", "Value": "x"}, {"Name": "prefix", "Value": "y"}]
    wrong("InvalidArgument", "Cannot specify more than one prefix rule in a filter.", Filter={"Key": {"FilterRules": twice}})
    overlap = "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type."
    two = [{"QueueArn": queue.arn, "Events": ["s3:ObjectCreated:*"]}, {"QueueArn": queue.arn, "Events": ["s3:ObjectCreated:Put"]}]
    with fails("InvalidArgument", 400, overlap):
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": two})
    assert s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]["Id"] == "good"
    missing = {"QueueConfigurations": [{"QueueArn": f"arn:aws:sqs:us-east-1:{account}:later", "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=missing, SkipDestinationValidation=True)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)


def to_eventbridge(aws, s3, bucket, queue):
    events = aws("events")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}))
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue.arn}])
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})


def test_eventbridge(aws, virga, s3, bucket, queue):
    to_eventbridge(aws, s3, bucket, queue)
    open_acls(s3, bucket)
    s3.put_object(Bucket=bucket, Key="a b&c/é", Body=b"x")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b&c/é"})
    upload = {"Bucket": bucket, "Key": "parts", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]}
    etag = s3.upload_part(PartNumber=1, Body=b"xy", **upload)["ETag"]
    s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}, **upload)
    assert post(virga, bucket, {"key": "form"})[0] == 204
    s3.put_object_tagging(Bucket=bucket, Key="copy", Tagging={"TagSet": []})
    s3.delete_object_tagging(Bucket=bucket, Key="copy")
    s3.put_object_acl(Bucket=bucket, Key="copy", ACL="private")
    s3.delete_object(Bucket=bucket, Key="copy")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    marker = s3.delete_object(Bucket=bucket, Key="parts")["VersionId"]
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "parts", "VersionId": marker}]})
    virga.wait()
    events = queue.take()
    assert [(e["detail-type"], e["detail"].get("reason"), e["detail"].get("deletion-type")) for e in events] == [
        ("Object Created", "PutObject", None), ("Object Created", "CopyObject", None), ("Object Created", "CompleteMultipartUpload", None),
        ("Object Created", "POST Object", None), ("Object Tags Added", None, None), ("Object Tags Deleted", None, None), ("Object ACL Updated", None, None),
        ("Object Deleted", "DeleteObject", "Permanently Deleted"), ("Object Deleted", "DeleteObject", "Delete Marker Created"),
        ("Object Deleted", "DeleteObject", "Permanently Deleted"),
    ]
    first = events[0]
    assert (first["source"], first["resources"], first["detail"]["version"]) == ("aws.s3", [f"arn:aws:s3:::{bucket}"], "0")
    assert first["detail"]["bucket"] == {"name": bucket}
    for member in ("request-id", "requester", "source-ip-address"):
        assert first["detail"][member]
    told = first["detail"]["object"]
    assert (told["key"], told["size"], told["etag"]) == ("a b&c/é", 1, hashlib.md5(b"x").hexdigest()) and told["sequencer"]
    assert events[8]["detail"]["object"]["version-id"] == marker


def test_eventbridge_hears_of_the_lifecycle(aws, virga, s3, bucket, queue):
    to_eventbridge(aws, s3, bucket, queue)
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    virga.advance(seconds=2 * DAY)
    virga.wait()
    told = [(e["detail-type"], e["detail"]["reason"], e["detail"].get("deletion-type")) for e in queue.take()]
    assert told == [("Object Created", "PutObject", None), ("Object Deleted", "Lifecycle Expiration", "Permanently Deleted")]


def test_eventbridge_hears_of_archived_objects(aws, virga, s3, bucket, queue):
    to_eventbridge(aws, s3, bucket, queue)
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"ObjectSizeGreaterThan": 0}, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    virga.advance(seconds=2 * DAY)
    s3.restore_object(Bucket=bucket, Key="k", RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": "Expedited"}})
    virga.advance(seconds=3 * DAY)
    virga.wait()
    events = queue.take()  # the first, of the upload, is too old by now
    assert [e["detail-type"] for e in events] == ["Object Storage Class Changed", "Object Restore Initiated", "Object Restore Completed", "Object Restore Expired"]
    assert events[0]["detail"]["destination-storage-class"] == "GLACIER"
    assert events[2]["detail"]["restore-expiry-time"] and events[2]["detail"]["source-storage-class"] == "GLACIER"


def test_sequencers_tell_the_order_of_a_thousand_overwrites(virga, wire, s3, bucket, queue):
    notify(s3, bucket, queue, "s3:ObjectCreated:*")
    for n in range(1000):
        assert wire.ask("PUT", f"/{bucket}/k", b"x" * (n % 50))[0] == 200
    virga.wait()
    objects = [r["s3"]["object"] for r in queue.records()]
    assert [(o["size"], o["eTag"]) for o in objects] == [(n % 50, hashlib.md5(b"x" * (n % 50)).hexdigest()) for n in range(1000)]
    longest = max(len(o["sequencer"]) for o in objects)
    sequencers = [o["sequencer"].ljust(longest, "0") for o in objects]
    assert sequencers == sorted(set(sequencers))


def test_notifications_to_a_queue(virga, s3, bucket, queue):
    with fails("InvalidArgument", 400):
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [{"QueueArn": queue.arn + "x", "Events": ["s3:ObjectCreated:*"]}]}
        )
    rule = {
        "Id": "rule", "QueueArn": queue.arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
    }
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [rule]})
    stored = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert stored["QueueArn"] == queue.arn and stored["Id"] == "rule"
    s3.put_object(Bucket=bucket, Key="out/x", Body=b"no")
    s3.put_object(Bucket=bucket, Key="in/a b&c", Body=b"abc")
    s3.delete_object(Bucket=bucket, Key="in/a b&c")
    virga.wait()
    test, created, removed = queue.take()
    assert test["Event"] == "s3:TestEvent" and test["Bucket"] == bucket
    record = created["Records"][0]
    assert record["eventName"] == "ObjectCreated:Put" and record["s3"]["configurationId"] == "rule"
    assert record["s3"]["object"]["key"] == "in/a+b%26c"
    assert record["s3"]["object"]["size"] == 3 and record["s3"]["object"]["eTag"] == hashlib.md5(b"abc").hexdigest()
    gone = removed["Records"][0]
    assert gone["eventName"] == "ObjectRemoved:Delete" and "size" not in gone["s3"]["object"]
    assert gone["s3"]["object"]["sequencer"] > record["s3"]["object"]["sequencer"]


def test_notifications_to_the_event_bus(virga, aws, s3, bucket, account, queue):
    to_eventbridge(aws, s3, bucket, queue)
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a b&c", Body=b"abc")
    s3.delete_object(Bucket=bucket, Key="a b&c")
    virga.wait()
    created, deleted = sorted(queue.take(), key=lambda m: m["detail"]["object"]["sequencer"])
    assert created["detail-type"] == "Object Created" and created["source"] == "aws.s3" and created["account"] == account
    assert created["resources"] == [f"arn:aws:s3:::{bucket}"]
    assert created["detail"]["object"]["key"] == "a b&c" and created["detail"]["object"]["size"] == 3
    assert created["detail"]["reason"] == "PutObject" and created["detail"]["requester"] == account
    assert deleted["detail-type"] == "Object Deleted" and deleted["detail"]["deletion-type"] == "Permanently Deleted"


def test_functions_hear_of_objects_directly_and_through_a_queue(aws, virga, account, s3, bucket, queue):
    """The queue's first message is the test event, which functions are not sent."""
    for name in ("direct", "behind"):
        node(aws("lambda"), name, "exports.handler = async event => console.log('SAID ' + JSON.stringify(event.Records))")
    aws("lambda").create_event_source_mapping(EventSourceArn=queue.arn, FunctionName="behind")
    direct = {"LambdaFunctionArn": f"arn:aws:lambda:us-east-1:{account}:function:direct", "Events": ["s3:ObjectCreated:Put"]}
    queued = {"QueueArn": queue.arn, "Events": ["s3:ObjectRemoved:*"]}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [direct], "QueueConfigurations": [queued]})
    s3.put_object(Bucket=bucket, Key="a b&c/é.txt", Body=b"abc")
    s3.delete_object(Bucket=bucket, Key="a b&c/é.txt")
    virga.wait()

    def said(name):
        events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern="SAID")["events"]
        return [record for e in events for record in json.loads(e["message"].split("SAID ")[1])]

    (created,) = said("direct")
    bodies = [json.loads(record["body"]) for record in said("behind")]
    assert [b["Event"] for b in bodies if "Event" in b] == ["s3:TestEvent"]
    (removed,) = [record for b in bodies for record in b.get("Records", [])]
    assert [(r["eventName"], r["s3"]["object"]["key"]) for r in (created, removed)] == [
        ("ObjectCreated:Put", "a+b%26c/%C3%A9.txt"), ("ObjectRemoved:Delete", "a+b%26c/%C3%A9.txt")
    ]
