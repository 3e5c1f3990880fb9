"""Replication between regions and accounts of one process."""
import hashlib
import json

import pytest
from s3_support import MB, fails, new_name

from conftest import make_client
from test_s3_multipart import Upload

ROLE = "arn:aws:iam::111122223333:role/replicator"


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def west(aws):
    return aws("s3", region="us-west-2")


def versioned(client, region=None):
    name = new_name()
    client.create_bucket(Bucket=name, **({"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}))
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture
def pair(s3, west):
    return versioned(s3), versioned(west, "us-west-2")


def v1(destination, **more):
    return {"ID": "r", "Status": "Enabled", "Prefix": "", "Destination": {"Bucket": f"arn:aws:s3:::{destination}"}} | more


def v2(destination, **more):
    base = {"ID": "r", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"}}
    return base | {"Destination": {"Bucket": f"arn:aws:s3:::{destination}"}} | more


def replicate(client, source, *rules):
    client.put_bucket_replication(Bucket=source, ReplicationConfiguration={"Role": ROLE, "Rules": list(rules)})


def test_two_ways(virga, s3, west, pair):
    here, there = pair
    replicate(s3, here, v1(there))
    replicate(west, there, v1(here))
    s3.put_object(Bucket=here, Key="before", Body=b"1")
    put = s3.put_object(Bucket=here, Key="k", Body=b"x" * 100_000, Metadata={"m": "1"}, Tagging="a=b", ContentType="text/plain")
    virga.wait()
    source, replica = s3.head_object(Bucket=here, Key="k"), west.head_object(Bucket=there, Key="k")
    assert (source["ReplicationStatus"], replica["ReplicationStatus"]) == ("COMPLETED", "REPLICA")
    for member in ("VersionId", "ETag", "LastModified", "Metadata", "ContentType", "ContentLength"):
        assert source[member] == replica[member]
    assert put["VersionId"] == replica["VersionId"]
    assert west.get_object(Bucket=there, Key="k")["Body"].read() == b"x" * 100_000
    assert west.get_object_tagging(Bucket=there, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]
    s3.put_object_tagging(Bucket=here, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "d"}]})
    west.put_object(Bucket=there, Key="back", Body=b"y")
    virga.wait()
    assert west.get_object_tagging(Bucket=there, Key="k")["TagSet"] == [{"Key": "c", "Value": "d"}]
    assert s3.head_object(Bucket=here, Key="back")["ReplicationStatus"] == "REPLICA"
    assert len(s3.list_object_versions(Bucket=here)["Versions"]) == 3  # nothing goes round


def test_the_copy_of_a_replica_is_named_after_its_bytes(virga, s3, west, pair):
    """The replica keeps the ETag of the parts that its source was uploaded in."""
    here, there = pair
    replicate(s3, here, v1(there))
    upload = {"Bucket": here, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=here, Key="k")["UploadId"]}
    etag = s3.upload_part(PartNumber=1, Body=b"x" * 100_000, **upload)["ETag"]
    s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}, **upload)
    virga.wait()
    assert west.head_object(Bucket=there, Key="k")["ETag"].endswith('-1"')
    copied = west.copy_object(Bucket=there, Key="copy", CopySource=f"{there}/k")["CopyObjectResult"]
    assert copied["ETag"] == f'"{hashlib.md5(b"x" * 100_000).hexdigest()}"'
    assert west.get_object(Bucket=there, Key="copy")["Body"].read() == b"x" * 100_000


def test_a_replica_has_the_parts_of_its_source(virga, s3, west, pair):
    here, there = pair
    replicate(s3, here, v1(there))
    upload, parts = Upload(s3, here, ChecksumAlgorithm="SHA256"), [b"a" * 5 * MB, b"tail"]
    for number, data in enumerate(parts, 1):
        upload.part(number, data, ChecksumAlgorithm="SHA256")
    upload.complete()
    virga.wait()
    for number, data in enumerate(parts, 1):
        got = west.get_object(Bucket=there, Key="k", PartNumber=number)
        assert (got["PartsCount"], got["ReplicationStatus"], got["Body"].read()) == (2, "REPLICA", data)
    wanted = ["ETag", "Checksum", "ObjectParts", "ObjectSize"]
    source, replica = (client.get_object_attributes(Bucket=name, Key="k", ObjectAttributes=wanted) for client, name in ((s3, here), (west, there)))
    assert all(source[member] == replica[member] for member in wanted)
    assert west.get_object(Bucket=there, Key="k")["Body"].read() == b"".join(parts)
    west.delete_object(Bucket=there, Key="k", VersionId=replica["VersionId"])
    assert s3.get_object(Bucket=here, Key="k")["Body"].read() == b"".join(parts)


def test_v1_replicates_delete_markers_not_version_deletes(virga, s3, west, pair):
    here, there = pair
    replicate(s3, here, v1(there))
    version = s3.put_object(Bucket=here, Key="k", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket=here, Key="k")["VersionId"]
    s3.delete_object(Bucket=here, Key="k", VersionId=version)
    virga.wait()
    listed = west.list_object_versions(Bucket=there)
    assert [m["VersionId"] for m in listed["DeleteMarkers"]] == [marker]


def test_v2_only_when_told(virga, s3, west, pair):
    here, there = pair
    replicate(s3, here, v2(there, Filter={"Tag": {"Key": "go", "Value": "1"}}))
    s3.put_object(Bucket=here, Key="no", Body=b"x")
    s3.put_object(Bucket=here, Key="yes", Body=b"x", Tagging="go=1")
    s3.delete_object(Bucket=here, Key="yes")
    virga.wait()
    assert [o["Key"] for o in west.list_objects_v2(Bucket=there)["Contents"]] == ["yes"]
    assert "ReplicationStatus" not in s3.head_object(Bucket=here, Key="no")


def test_across_accounts_and_classes(virga, s3, pair):
    here, _ = pair
    theirs = make_client("s3", virga.endpoint, "999999999999")
    there = versioned(theirs)
    replicate(s3, here, v2(there, Destination={"Bucket": f"arn:aws:s3:::{there}", "Account": "999999999999", "StorageClass": "STANDARD_IA"}))
    s3.put_object(Bucket=here, Key="k", Body=b"x")
    virga.wait()
    assert theirs.head_object(Bucket=there, Key="k")["StorageClass"] == "STANDARD_IA"


def test_a_destination_that_is_gone_fails(virga, s3, west, pair):
    here, there = pair
    replicate(s3, here, v1(there))
    west.delete_bucket(Bucket=there)
    s3.put_object(Bucket=here, Key="k", Body=b"x")
    virga.wait()
    assert s3.head_object(Bucket=here, Key="k")["ReplicationStatus"] == "FAILED"


def test_failures_are_told_of_where_there_are_metrics(aws, virga, account, s3, west, pair):
    here, there = pair
    url = aws("sqs").create_queue(QueueName="q")["QueueUrl"]
    rule = {"QueueArn": f"arn:aws:sqs:us-east-1:{account}:q", "Events": ["s3:Replication:OperationFailedReplication"]}
    s3.put_bucket_notification_configuration(Bucket=here, NotificationConfiguration={"QueueConfigurations": [rule]})
    destination = {"Bucket": f"arn:aws:s3:::{there}"}
    with_metrics = destination | {"Metrics": {"Status": "Enabled"}}
    replicate(s3, here, v2(there, ID="silent", Filter={"Prefix": "a"}, Destination=destination), v2(there, ID="told", Priority=2, Filter={"Prefix": "b"}, Destination=with_metrics))
    west.delete_bucket(Bucket=there)
    for key in ("a", "b"):
        s3.put_object(Bucket=here, Key=key, Body=b"x")
    virga.wait()
    messages = [json.loads(m["Body"]) for m in aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    (record,) = [record for message in messages for record in message.get("Records", [])]
    assert (record["eventName"], record["eventVersion"], record["s3"]["object"]["key"]) == ("Replication:OperationFailedReplication", "2.2", "b")
    told = record["replicationEventData"]
    assert told.pop("requestTime")
    assert told == {"replicationRuleId": "told", "destinationBucket": f"arn:aws:s3:::{there}", "s3Operation": "OBJECT_PUT", "failureReason": "DstBucketNotFound"}


def test_configuration(s3, west, pair):
    here, there = pair
    with fails("ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"):
        s3.get_bucket_replication(Bucket=here)
    rule = v2(there)
    replicate(s3, here, rule)
    assert s3.get_bucket_replication(Bucket=here)["ReplicationConfiguration"] == {"Role": ROLE, "Rules": [rule]}
    with fails("InvalidBucketState", 409):
        s3.put_bucket_versioning(Bucket=here, VersioningConfiguration={"Status": "Suspended"})
    assert s3.delete_bucket_replication(Bucket=here)["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_what_is_wrong(s3, pair):
    here, there = pair
    plain = new_name()
    s3.create_bucket(Bucket=plain)
    with fails("InvalidRequest", 400, "Versioning must be 'Enabled' on the bucket to apply a replication configuration"):
        replicate(s3, plain, v1(there))
    with fails("InvalidRequest", 400, "Destination bucket must have versioning enabled."):
        replicate(s3, here, v1(plain))
    with fails("InvalidRequest", 400, "Destination bucket must exist."):
        replicate(s3, here, v1(new_name()))
    without = v2(there)
    del without["Priority"]
    with fails("InvalidRequest", 400):
        replicate(s3, here, without)
    with fails("MalformedXML", 400):
        replicate(s3, here, v1(there, Status="On"))


def test_the_highest_priority_decides_for_each_destination(virga, s3):
    """Two rules for one destination, one for another; what was there before, and what the lifecycle does, is not replicated."""
    source, first, second = (versioned(s3) for _ in range(3))
    s3.put_object(Bucket=source, Key="old", Body=b"x")
    replicate(
        s3, source,
        v2(first, ID="low", Priority=1, Destination={"Bucket": f"arn:aws:s3:::{first}", "StorageClass": "ONEZONE_IA"}),
        v2(first, ID="high", Priority=7, Filter={"Prefix": "a"}, Destination={"Bucket": f"arn:aws:s3:::{first}", "StorageClass": "STANDARD_IA"}),
        v2(second, ID="other", Priority=3, DeleteMarkerReplication={"Status": "Enabled"}),
    )
    for key in ("a", "b"):
        s3.put_object(Bucket=source, Key=key, Body=b"x")
    virga.wait()

    def classes(name):
        return {o["Key"]: o["StorageClass"] for o in s3.list_objects_v2(Bucket=name)["Contents"]}

    assert classes(first) == {"a": "STANDARD_IA", "b": "ONEZONE_IA"}
    assert classes(second) == {"a": "STANDARD", "b": "STANDARD"}
    rule = {"Status": "Enabled", "Filter": {"Prefix": "a"}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=source, LifecycleConfiguration={"Rules": [rule]})
    virga.advance(seconds=2 * 86400)
    virga.wait()
    assert [m["Key"] for m in s3.list_object_versions(Bucket=source)["DeleteMarkers"]] == ["a"]
    assert "DeleteMarkers" not in s3.list_object_versions(Bucket=second)
    s3.delete_object(Bucket=source, Key="b")
    virga.wait()
    assert [m["Key"] for m in s3.list_object_versions(Bucket=second)["DeleteMarkers"]] == ["b"]
    assert "DeleteMarkers" not in s3.list_object_versions(Bucket=first)
