"""--verify-signatures: what real clients sign is accepted, everything else is refused as the service does it."""
import urllib.error
import urllib.parse
import urllib.request

import boto3
import botocore.config
import pytest

from virga_process import Virga


@pytest.fixture(scope="module")
def strict():
    server = Virga("--verify-signatures")
    yield server
    assert server.stop() == 0


def client(server, service, secret="test", **config):
    return boto3.client(
        service, endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id="111122223333", aws_secret_access_key=secret,
        config=botocore.config.Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, **config),
    )


def test_right_signatures_are_accepted_in_every_protocol(strict):
    client(strict, "sqs").create_queue(QueueName="signed")
    client(strict, "dynamodb").list_tables()
    client(strict, "lambda").list_functions()
    s3 = client(strict, "s3")
    s3.create_bucket(Bucket="signed-bucket")
    s3.put_object(Bucket="signed-bucket", Key="a b/ü+c", Body=b"x" * 100_000)
    assert s3.get_object(Bucket="signed-bucket", Key="a b/ü+c")["Body"].read() == b"x" * 100_000


@pytest.mark.parametrize(
    "service, operation, code",
    [("sqs", "list_queues", "InvalidSignatureException"), ("dynamodb", "list_tables", "InvalidSignatureException"), ("s3", "list_buckets", "SignatureDoesNotMatch")],
)
def test_a_wrong_secret_is_refused(strict, service, operation, code):
    wrong = client(strict, service, secret="not the secret")
    with pytest.raises(wrong.exceptions.ClientError) as error:
        getattr(wrong, operation)()
    assert error.value.response["Error"]["Code"] == code


def test_an_unsigned_request_is_refused(strict):
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
    status, _, body = strict.request("POST", "/", b"{}", headers)
    assert status in (400, 403)
    assert b"MissingAuthenticationToken" in body
    # Before who asks goes whether it is JSON, after it whether it is the right JSON.
    assert b"SerializationException" in strict.request("POST", "/", b"{", headers)[2]
    assert b"MissingAuthenticationToken" in strict.request("POST", "/", b'{"Limit": "x"}', headers)[2]


def test_presigned_urls_carry_their_own_signature(strict):
    s3 = client(strict, "s3", signature_version="s3v4")
    s3.create_bucket(Bucket="presigned-bucket")
    s3.put_object(Bucket="presigned-bucket", Key="k", Body=b"hello")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "presigned-bucket", "Key": "k"})
    assert urllib.request.urlopen(url).read() == b"hello"
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(url.replace("/k?", "/other?"))
    assert error.value.code == 403


def test_the_links_of_messages_need_no_signature(strict):
    sns = client(strict, "sns")
    topic = sns.create_topic(Name="signed")["TopicArn"]
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="someone@example.com", ReturnSubscriptionArn=True)["SubscriptionArn"]
    token = strict.get("/_aws/sns/subscription-tokens/" + arn)["subscription_token"]

    def visit(**parameters):
        return strict.request("GET", "/?" + urllib.parse.urlencode({"Version": "2010-03-31", **parameters}))

    status, _, body = visit(Action="ListSubscriptions")
    assert status == 403 and b"MissingAuthenticationToken" in body, body
    status, _, body = visit(Action="ConfirmSubscription", TopicArn=topic, Token=token)
    assert status == 200 and arn.encode() in body, body
    assert [s["SubscriptionArn"] for s in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]] == [arn]
    assert visit(Action="Unsubscribe", SubscriptionArn=arn)[0] == 200
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
