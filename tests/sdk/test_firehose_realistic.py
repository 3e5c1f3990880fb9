"""Amazon Data Firehose with --realistic: delivery streams and their encryption take their time, which is the clock's."""
from conftest import make_client
from firehose_support import create, describe, error_of, keys, put


def test_states_settle_by_the_clock(slow, account):
    firehose, s3 = make_client("firehose", slow.endpoint, account), make_client("s3", slow.endpoint, account)
    bucket = f"lake-{account}"
    s3.create_bucket(Bucket=bucket)
    start = lambda: firehose.start_delivery_stream_encryption(DeliveryStreamName="d")  # noqa: E731
    update = lambda: firehose.update_destination(  # noqa: E731
        DeliveryStreamName="d", DestinationId="destinationId-000000000001", CurrentDeliveryStreamVersionId="1", ExtendedS3DestinationUpdate={"Prefix": "p/"})
    remove = lambda: firehose.delete_delivery_stream(DeliveryStreamName="d")  # noqa: E731
    create(firehose, bucket)
    assert describe(firehose)["DeliveryStreamStatus"] == "CREATING"
    for call in (start, update, remove):
        assert error_of(call) == ("ResourceInUseException", f"Firehose d under account {account} not ACTIVE, instead in state CREATING")
    missing = ("ResourceNotFoundException", f"Firehose d under account {account} not found.")
    assert error_of(put, firehose, b"x") == missing
    slow.advance(30)
    assert describe(firehose)["DeliveryStreamStatus"] == "ACTIVE"

    told = lambda: (describe(firehose)["DeliveryStreamEncryptionConfiguration"]["Status"], put(firehose, b"x")["Encrypted"])  # noqa: E731
    start()
    assert told() == ("ENABLING", False)
    slow.advance(30)
    assert told() == ("ENABLED", True)
    firehose.stop_delivery_stream_encryption(DeliveryStreamName="d")
    assert told() == ("DISABLING", True)
    slow.advance(30)
    assert told() == ("DISABLED", False)

    slow.advance(600)
    delivered = keys(s3, bucket)
    put(firehose, b"lost")
    for _ in range(2):
        remove()
        assert describe(firehose)["DeliveryStreamStatus"] == "DELETING" and firehose.list_delivery_streams()["DeliveryStreamNames"] == ["d"]
    assert error_of(put, firehose, b"x") == missing and error_of(update)[0] == error_of(create, firehose, bucket)[0] == "ResourceInUseException"
    slow.advance(30)
    assert error_of(describe, firehose) == missing
    create(firehose, bucket)
    slow.advance(600)
    assert keys(s3, bucket) == delivered
