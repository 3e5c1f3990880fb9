"""Configurations with every member come back as they were put."""
import pytest

from s3_support import bucket, fails, new_name, s3  # noqa: F401  (fixtures)

TAGS = {"And": {"Prefix": "p/", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]}}


def reports(bucket, **more):
    return {"S3BucketDestination": {"Bucket": f"arn:aws:s3:::{bucket}", "Prefix": "reports"} | more}


NAMED = {
    "inventory": [lambda b: {"IsEnabled": True, "IncludedObjectVersions": "Current", "Schedule": {"Frequency": "Weekly"}, "Filter": {"Prefix": "p/"},
                             "OptionalFields": ["Size", "LastModifiedDate", "ETag", "StorageClass"],
                             "Destination": reports(b, AccountId="111122223333", Format="Parquet", Encryption={"SSES3": {}})}],
    "analytics": [lambda b: {"Filter": TAGS, "StorageClassAnalysis": {"DataExport": {"OutputSchemaVersion": "V_1", "Destination": reports(b, Format="CSV")}}}],
    "metrics": [lambda b, f=f: {"Filter": f} for f in (TAGS, {"Prefix": "p"}, {"Tag": {"Key": "k", "Value": "v"}},
                                                       {"AccessPointArn": "arn:aws:s3:us-east-1:111122223333:accesspoint/x"})],
    "intelligent_tiering": [lambda b: {"Status": "Enabled", "Filter": TAGS, "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}, {"Days": 180, "AccessTier": "DEEP_ARCHIVE_ACCESS"}]}],
}


@pytest.mark.parametrize("kind", NAMED)
def test_named_configurations(s3, bucket, kind):
    member = "".join(word.title() for word in kind.split("_")) + "Configuration"
    for number, make in enumerate(NAMED[kind]):
        wanted = {"Id": str(number)} | make(bucket)
        getattr(s3, f"put_bucket_{kind}_configuration")(Bucket=bucket, Id=str(number), **{member: wanted})
        assert getattr(s3, f"get_bucket_{kind}_configuration")(Bucket=bucket, Id=str(number))[member] == wanted
    assert len(getattr(s3, f"list_bucket_{kind}_configurations")(Bucket=bucket)[member + "List"]) == len(NAMED[kind])


def test_replication(s3):
    source, destination = new_name(), new_name()
    for name in (source, destination):
        s3.create_bucket(Bucket=name)
    minutes = {"Minutes": 15}
    wanted = {"Role": "arn:aws:iam::111122223333:role/r", "Rules": [{
        "ID": "r", "Priority": 1, "Status": "Enabled", "Filter": TAGS, "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}, "SseKmsEncryptedObjects": {"Status": "Disabled"}},
        "Destination": {"Bucket": f"arn:aws:s3:::{destination}", "StorageClass": "STANDARD_IA", "ReplicationTime": {"Status": "Enabled", "Time": minutes},
                        "Metrics": {"Status": "Enabled", "EventThreshold": minutes}}}]}
    for name in (source, destination):  # both have to be versioned
        with fails("InvalidRequest", 400):
            s3.put_bucket_replication(Bucket=source, ReplicationConfiguration=wanted)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration=wanted)
    assert s3.get_bucket_replication(Bucket=source)["ReplicationConfiguration"] == wanted
    with fails("InvalidBucketState", 409):
        s3.put_bucket_versioning(Bucket=source, VersioningConfiguration={"Status": "Suspended"})


def test_lifecycle(s3, bucket):
    wanted = [rule | {"ID": str(number)} for number, rule in enumerate([
        {"Status": "Enabled", "Filter": {"Tag": {"Key": "k", "Value": "v"}}, "Expiration": {"Days": 10}},
        {"Status": "Enabled", "Filter": {"ObjectSizeGreaterThan": 500}, "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]},
        {"Status": "Disabled", "Filter": {"ObjectSizeLessThan": 64000},
         "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}]},
        {"Status": "Enabled", "Filter": {"And": {"Prefix": "p", "ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 5, "Tags": [{"Key": "a", "Value": "b"}]}},
         "Expiration": {"Days": 1}},
        {"Status": "Enabled", "Filter": {}, "Expiration": {"ExpiredObjectDeleteMarker": True}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
         "NoncurrentVersionExpiration": {"NoncurrentDays": 7}},
    ])]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": wanted}, TransitionDefaultMinimumObjectSize="varies_by_storage_class")
    got = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert (got["Rules"], got["TransitionDefaultMinimumObjectSize"]) == (wanted, "varies_by_storage_class")


@pytest.mark.parametrize("wanted", [
    {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}, "RoutingRules": [
        {"Condition": {"KeyPrefixEquals": "docs/", "HttpErrorCodeReturnedEquals": "404"},
         "Redirect": {"ReplaceKeyPrefixWith": "documents/", "HttpRedirectCode": "302", "HostName": "x.com", "Protocol": "https"}},
        {"Condition": {"KeyPrefixEquals": "a"}, "Redirect": {"ReplaceKeyWith": "b"}}]},
    {"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "https"}},
])
def test_websites(s3, bucket, wanted):
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=wanted)
    got = s3.get_bucket_website(Bucket=bucket)
    assert {name: value for name, value in got.items() if name != "ResponseMetadata"} == wanted


def test_cors(s3, bucket):
    wanted = [{"ID": "x", "AllowedHeaders": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.example.com"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 3000}]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": wanted})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == wanted
