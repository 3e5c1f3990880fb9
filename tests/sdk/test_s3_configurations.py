"""Creating buckets, and the sub-resources that are checked, stored and given back."""
import pytest
from s3_support import bucket, code_in, fails, new_name, s3, wire  # noqa: F401  (fixtures)


def test_what_a_fresh_bucket_answers(s3, bucket):
    absent = {
        "get_bucket_policy": "NoSuchBucketPolicy",
        "get_bucket_tagging": "NoSuchTagSet",
        "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
        "get_bucket_cors": "NoSuchCORSConfiguration",
        "get_bucket_website": "NoSuchWebsiteConfiguration",
        "get_bucket_replication": "ReplicationConfigurationNotFoundError",
        "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
    }
    for operation, code in absent.items():
        with fails(code, 404) as failure:
            getattr(s3, operation)(Bucket=bucket)
        assert failure.error["Error"]["BucketName"] == bucket
    by_default = {"SSEAlgorithm": "AES256"}
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules == [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": False}]
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert all(block.values()) and len(block) == 4
    assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (grant,) = s3.get_bucket_acl(Bucket=bucket)["Grants"]
    assert grant["Permission"] == "FULL_CONTROL" and grant["Grantee"]["Type"] == "CanonicalUser"
    for kind in ("metrics", "analytics", "inventory", "intelligent_tiering"):
        assert s3.__getattribute__(f"list_bucket_{kind}_configurations")(Bucket=bucket)["IsTruncated"] is False


@pytest.mark.parametrize(
    "name", ["ab", "UPPER", "192.168.0.255", "a.-b.", ".ab", "a" * 62 + "-", "xn--", "sthree-configurator", "a%20b", "%C3%BCnicode", "x--table-s3", "abc!", "Upper", "under_score", "a..b", "192.168.1.1", "-a-b", "ab-", "xn--abc", "sthree-abc", "abc-s3alias", "abc--ol-s3", "abc--x-s3", "a" * 64, "amzn-s3-demo-x", "abc.mrap"]
)
def test_names_that_are_refused(virga, account, name):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", virga.port)
    scope = f"{account}/20260101/us-east-1/s3/aws4_request"
    connection.request("PUT", f"/{name}", headers={"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"})
    response = connection.getresponse()
    text = response.read().decode()
    assert response.status == 400 and "<Code>InvalidBucketName</Code><Message>The specified bucket is not valid.</Message>" in text


def test_old_names_are_only_not_there(wire):
    """Until 2018 buckets of us-east-1 could have them; those that do still answer."""
    for name in ("NotExisting", "under_score", "a" * 255):
        status, _, text = wire.ask("GET", f"/{name}")
        assert (status, code_in(text)) == (404, "NoSuchBucket")
    for name in ("ab", "a" * 256, "a%20b"):
        status, _, text = wire.ask("GET", f"/{name}")
        assert (status, code_in(text)) == (400, "InvalidBucketName")


@pytest.mark.parametrize("length", [3, 63])
def test_the_shortest_and_the_longest_name(s3, length):
    name = new_name().replace("b-", "a")[:3] if length == 3 else (new_name() * 2)[:62] + "x"
    s3.create_bucket(Bucket=name)
    s3.delete_bucket(Bucket=name)


def test_creating_again(aws, s3, bucket):
    s3.create_bucket(Bucket=bucket)
    west, name = aws("s3", region="eu-west-1"), new_name()
    where = {"LocationConstraint": "eu-west-1"}
    assert west.create_bucket(Bucket=name, CreateBucketConfiguration=where)["Location"] == f"http://{name}.s3.amazonaws.com/"
    with fails("BucketAlreadyOwnedByYou", 409):
        west.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    from conftest import ACCOUNTS, make_client

    stranger = make_client("s3", s3.meta.endpoint_url, str(next(ACCOUNTS)))
    with fails("BucketAlreadyExists", 409):
        stranger.create_bucket(Bucket=name)
    with fails("IllegalLocationConstraintException", 400, "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."):
        west.create_bucket(Bucket=new_name())
    with fails("IllegalLocationConstraintException", 400):
        west.create_bucket(Bucket=new_name(), CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    with fails("InvalidLocationConstraint", 400):
        s3.create_bucket(Bucket=new_name(), CreateBucketConfiguration={"LocationConstraint": "us-east-1"})
    with fails("InvalidLocationConstraint", 400):
        s3.create_bucket(Bucket=new_name(), CreateBucketConfiguration={"LocationConstraint": "nowhere"})


def test_creating_with_settings(s3):
    name = new_name()
    s3.create_bucket(Bucket=name, ObjectOwnership="BucketOwnerPreferred", CreateBucketConfiguration={"Tags": [{"Key": "a", "Value": "b"}]})
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerPreferred"}]
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "a", "Value": "b"}]
    with fails("InvalidBucketAclWithObjectOwnership", 400, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"):
        s3.create_bucket(Bucket=new_name(), ACL="public-read")
    with fails("InvalidBucketAclWithBlockPublicAccessError", 400):
        s3.create_bucket(Bucket=new_name(), ACL="public-read", ObjectOwnership="ObjectWriter")


def test_buckets_in_the_namespace_of_an_account(s3, account):
    mine = f"box-{account}-us-east-1-an"
    missing = "The requested bucket is an account-regional namespace bucket, but your request is missing the required x-amz-bucket-namespace header."
    for name in (mine, "xyz-an"):
        for more in ({}, {"BucketNamespace": "global"}):
            with fails("MissingNamespaceHeader", 400, missing):
                s3.create_bucket(Bucket=name, **more)
    for name in ("xyz-an", "box-999999999999-us-east-1-an", f"box-{account}-eu-west-1-an"):
        with fails("InvalidBucketNamespace", 400):
            s3.create_bucket(Bucket=name, BucketNamespace="account-regional")
    with fails("InvalidNamespaceHeader", 400):
        s3.create_bucket(Bucket=new_name(), BucketNamespace="account-regional")
    with fails("InvalidArgument", 400):
        s3.create_bucket(Bucket=new_name(), BucketNamespace="elsewhere")
    assert s3.create_bucket(Bucket=mine, BucketNamespace="account-regional")["BucketArn"] == f"arn:aws:s3:::{mine}"
    s3.create_bucket(Bucket=new_name(), BucketNamespace="global")
    far = f"box-{account}-eu-west-1-an"
    s3.create_bucket(Bucket=far, BucketNamespace="account-regional", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def test_listing_buckets(s3, aws):
    prefix = new_name()[:20]
    names = sorted(f"{prefix}-{i}" for i in range(5))
    for name in names:
        s3.create_bucket(Bucket=name)
    pages, token = [], {}
    while True:
        page = s3.list_buckets(Prefix=prefix, MaxBuckets=2, **token)
        assert page["Prefix"] == prefix
        pages.append([b["Name"] for b in page["Buckets"]])
        if "ContinuationToken" not in page:
            break
        token = {"ContinuationToken": page["ContinuationToken"]}
    assert [len(p) for p in pages] == [2, 2, 1] and sum(pages, []) == names
    full = s3.list_buckets(Prefix=prefix, MaxBuckets=5)
    assert len(full["Buckets"]) == 5 and "ContinuationToken" not in full  # no empty page follows a full one
    assert s3.list_buckets(Prefix=prefix, BucketRegion="eu-west-1")["Buckets"] == []
    with fails("InvalidArgument", 400):
        s3.list_buckets(MaxBuckets=10001)


def test_head_bucket_tells_the_region(aws, s3):
    name = new_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "eu-central-1"
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-central-1"


def test_encryption(s3, bucket):
    def put(**rule):
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})

    put(ApplyServerSideEncryptionByDefault={"SSEAlgorithm": "AES256"})
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]["BucketKeyEnabled"] is False
    key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    put(ApplyServerSideEncryptionByDefault={"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, BucketKeyEnabled=True)
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule == {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}
    with fails("InvalidArgument", 400):
        put(ApplyServerSideEncryptionByDefault={"SSEAlgorithm": "AES256", "KMSMasterKeyID": key})
    with fails("MalformedXML", 400):
        put(ApplyServerSideEncryptionByDefault={"SSEAlgorithm": "rot13"})
    s3.delete_bucket_encryption(Bucket=bucket)
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_versioning(s3, bucket):
    with fails("MalformedXML", 400):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "enabled"})
    with fails("IllegalVersioningConfigurationException", 400):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={})
    with fails("AccessDenied", 403):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == status


def test_small_settings(s3, bucket):
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "Requester"
    with fails("MalformedXML", 400):
        s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Nobody"})
    s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Enabled"
    with fails("MalformedXML", 400):
        s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "enabled"})
    dotted = new_name() + ".dots"
    s3.create_bucket(Bucket=dotted)
    with fails("InvalidRequest", 400, "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names"):
        s3.put_bucket_accelerate_configuration(Bucket=dotted, AccelerateConfiguration={"Status": "Enabled"})


def test_logging(aws, s3, bucket):
    target = new_name()
    s3.create_bucket(Bucket=target)
    enabled = {"TargetBucket": target, "TargetPrefix": "logs/"}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == enabled
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    with fails("InvalidTargetBucketForLogging", 400, "The target bucket for logging does not exist"):
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": new_name(), "TargetPrefix": ""}})
    far = new_name()
    s3.create_bucket(Bucket=far, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with fails("CrossLocationLoggingProhibitted", 403):
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": far, "TargetPrefix": ""}})


def inventory(id):
    destination = {"S3BucketDestination": {"Bucket": "arn:aws:s3:::somewhere", "Format": "CSV"}}
    return {"Id": id, "IsEnabled": True, "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"}, "Destination": destination}


KINDS = {
    "metrics": ("MetricsConfiguration", lambda id: {"Id": id, "Filter": {"Prefix": "a"}}),
    "analytics": ("AnalyticsConfiguration", lambda id: {"Id": id, "StorageClassAnalysis": {}}),
    "inventory": ("InventoryConfiguration", inventory),
    "intelligent_tiering": ("IntelligentTieringConfiguration", lambda id: {"Id": id, "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_named_configurations(s3, bucket, kind):
    member, make = KINDS[kind]

    def call(verb, suffix="", **more):
        return getattr(s3, f"{verb}_bucket_{kind}_configuration{suffix}")(Bucket=bucket, **more)

    with fails("NoSuchConfiguration", 404, "The specified configuration does not exist."):
        call("get", Id="a")
    call("put", Id="a", **{member: make("a")})
    assert call("get", Id="a")[member]["Id"] == "a"
    with fails("IdMismatch", 400):
        call("put", Id="a", **{member: make("b")})
    if kind == "metrics":
        for i in range(100):
            call("put", Id=f"b{i:03}", **{member: make(f"b{i:03}")})
        page = call("list", "s")
        assert (len(page["MetricsConfigurationList"]), page["IsTruncated"]) == (100, True)
        page = call("list", "s", ContinuationToken=page["NextContinuationToken"])
        assert [c["Id"] for c in page["MetricsConfigurationList"]] == ["b099"]
    call("delete", Id="a")
    with fails("NoSuchConfiguration", 404):
        call("delete", Id="a")


def test_days_of_archive_tiers(s3, bucket):
    for tier, days, limit in (("ARCHIVE_ACCESS", 89, "less than 90"), ("DEEP_ARCHIVE_ACCESS", 179, "less than 180"), ("ARCHIVE_ACCESS", 731, "more than 730")):
        configuration = {"Id": "a", "Status": "Enabled", "Tierings": [{"Days": days, "AccessTier": tier}]}
        with fails("InvalidArgument", 400, f"Days specified in {tier} tier should not be {limit}."):
            s3.put_bucket_intelligent_tiering_configuration(Bucket=bucket, Id="a", IntelligentTieringConfiguration=configuration)


def test_reports_go_to_an_arn(s3, bucket):
    destination = {"S3BucketDestination": {"Bucket": bucket, "Format": "CSV"}}
    inventory = {"Id": "a", "IsEnabled": True, "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"}, "Destination": destination}
    with fails("InvalidS3DestinationBucket", 400):
        s3.put_bucket_inventory_configuration(Bucket=bucket, Id="a", InventoryConfiguration=inventory)
    export = {"DataExport": {"OutputSchemaVersion": "V_1", "Destination": destination}}
    with fails("InvalidS3DestinationBucket", 400):
        s3.put_bucket_analytics_configuration(Bucket=bucket, Id="a", AnalyticsConfiguration={"Id": "a", "StorageClassAnalysis": export})


@pytest.mark.parametrize("document", ["<Tagging></Tagging>", "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", "<Tagging><TagSet><Tag><Value>a</Value></Tag></TagSet></Tagging>"])
def test_tags_that_are_no_tag_set(s3, wire, bucket, document):
    s3.put_object(Bucket=bucket, Key="k")
    for path in (f"/{bucket}?tagging", f"/{bucket}/k?tagging"):
        status, _, text = wire.ask("PUT", path, document.encode())
        assert (status, code_in(text)) == (400, "MalformedXML")


def test_bucket_tags(s3, bucket):
    def put(*tags):
        return s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in tags]})

    assert put(("a", "1"))["ResponseMetadata"]["HTTPStatusCode"] == 204
    with fails("InvalidTag", 400, "Cannot provide multiple Tags with the same key"):
        put(("a", "1"), ("a", "2"))
    with fails("InvalidTag", 400, "System tags cannot be added/updated by requester"):
        put(("aws:a", "1"))
    with fails("BadRequest", 400):
        put(*((f"k{i}", "") for i in range(51)))
    s3.delete_bucket_tagging(Bucket=bucket)
    with fails("NoSuchTagSet", 404, "The TagSet does not exist"):
        s3.get_bucket_tagging(Bucket=bucket)


def test_a_missing_bucket_comes_first(s3):
    with fails("NoSuchBucket", 404, "The specified bucket does not exist"):
        s3.put_bucket_lifecycle_configuration(Bucket=new_name(), LifecycleConfiguration={"Rules": []})
    with fails("NoSuchBucket", 404):
        s3.get_bucket_metrics_configuration(Bucket=new_name(), Id="x")
