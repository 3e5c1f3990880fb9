"""HTTP endpoints (scenario 48): confirmation, headers, signatures that verify with the served certificate, retries on the clock, dead letters."""
import http.server
import json
import subprocess
import threading
import urllib.request

import pytest

from event_support import attributes_of
from sns_support import text, world  # noqa: F401


class Endpoint:
    """A server that answers with `statuses`, the last one for ever; `requests` holds (headers, body)."""

    def __init__(self):
        self.requests, self.statuses = [], [200]
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                owner.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(owner.statuses.pop(0) if len(owner.statuses) > 1 else owner.statuses[0])
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in?from=sns"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def take(self):
        taken, self.requests = self.requests, []
        return taken

    def take_one(self):
        ((headers, body),) = self.take()
        return headers, body

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def endpoint():
    server = Endpoint()
    yield server
    server.close()


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def confirmed(world, topic, endpoint, **attributes):
    """The ARN of a subscription whose SubscribeURL was visited."""
    attributes = {k: v if isinstance(v, str) else json.dumps(v) for k, v in attributes.items()}
    arn = world.sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url, Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]
    world.virga.wait()
    _, body = endpoint.take_one()
    assert f"<SubscriptionArn>{arn}</SubscriptionArn>" in get(json.loads(body)["SubscribeURL"])
    return arn


VERIFY = """
const {createVerify} = require('crypto');
const verify = ([certificate, algorithm, text, signature]) => createVerify(algorithm).update(text, 'utf8').verify(certificate, signature, 'base64');
process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(verify)));
"""


def signed_text(message):
    names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    if message["Type"] == "Notification":
        names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    return "".join(f"{n}\n{message[n]}\n" for n in names if n in message)


def assert_genuine(*messages):
    """Each signature verifies with the certificate that its message names, and not when a letter of the message is changed."""
    claims = []
    for m in messages:
        algorithm = {"1": "RSA-SHA1", "2": "RSA-SHA256"}[m["SignatureVersion"]]
        certificate = get(m["SigningCertURL"])
        claims += [(certificate, algorithm, signed_text(x), m["Signature"]) for x in (m, {**m, "Message": m["Message"] + "!"})]
    verdicts = subprocess.run(["node", "-e", VERIFY], input=json.dumps(claims), capture_output=True, text=True, check=True).stdout
    assert json.loads(verdicts) == [True, False] * len(messages)


def test_scenario_48_confirmation_headers_and_signatures(world, endpoint):
    topic = world.topic()
    assert world.sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url)["SubscriptionArn"] == "pending confirmation"
    world.virga.wait()
    headers, body = endpoint.take_one()
    asked = json.loads(body)
    assert (headers["x-amz-sns-message-type"], headers["x-amz-sns-message-id"], headers["x-amz-sns-topic-arn"]) == ("SubscriptionConfirmation", asked["MessageId"], topic)
    assert "x-amz-sns-subscription-arn" not in headers and headers["content-type"] == "text/plain; charset=UTF-8"
    assert headers["user-agent"] == "Amazon Simple Notification Service Agent"
    assert list(asked) == ["Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL"]
    assert asked["Message"] == f"You have chosen to subscribe to the topic {topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message."
    messages = [asked]
    world.publish(topic, "too early")
    assert endpoint.take() == []
    assert "<ConfirmSubscriptionResult>" in get(asked["SubscribeURL"])
    (arn,) = [s["SubscriptionArn"] for s in world.sns.list_subscriptions()["Subscriptions"]]
    assert world.subscription(arn)["ConfirmationWasAuthenticated"] == "false"

    for version in ("1", "2"):
        world.sns.set_topic_attributes(TopicArn=topic, AttributeName="SignatureVersion", AttributeValue=version)
        for subject in ({}, {"Subject": "S"}):
            sent = world.publish(topic, "héllo\n", MessageAttributes={"k": text("v")}, **subject)
            headers, body = endpoint.take_one()
            message = json.loads(body)
            assert (headers["x-amz-sns-message-type"], headers["x-amz-sns-message-id"], headers["x-amz-sns-subscription-arn"]) == ("Notification", sent["MessageId"], arn)
            assert message["SignatureVersion"] == version and message["MessageAttributes"] == {"k": {"Type": "String", "Value": "v"}}
            messages.append(message)
    assert_genuine(*messages)


def test_certificates_that_are_not_ours_are_not_there(world):
    assert world.virga.request("GET", "/SimpleNotificationService-00000000000000000000000000000000.pem")[0] == 404


def test_raw_messages_and_content_types(world, endpoint):
    topic = world.topic()
    policy = {"requestPolicy": {"headerContentType": "application/json"}}
    confirmed(world, topic, endpoint, RawMessageDelivery="true", DeliveryPolicy=policy)
    world.publish(topic, '{"a":1}')
    headers, body = endpoint.take_one()
    assert (body, headers["x-amz-sns-rawdelivery"], headers["content-type"]) == ('{"a":1}', "true", "application/json")


def test_who_unsubscribes_is_told_and_can_come_back(world, endpoint):
    topic = world.topic()
    arn = confirmed(world, topic, endpoint)
    world.publish(topic, "one")
    _, body = endpoint.take_one()
    get(json.loads(body)["UnsubscribeURL"])
    world.virga.wait()
    headers, body = endpoint.take_one()
    goodbye = json.loads(body)
    assert headers["x-amz-sns-message-type"] == goodbye["Type"] == "UnsubscribeConfirmation"
    assert_genuine(goodbye)
    assert world.sns.list_subscriptions()["Subscriptions"] == []
    world.publish(topic, "two")
    assert endpoint.take() == []
    get(goodbye["SubscribeURL"])
    world.publish(topic, "three")
    assert json.loads(endpoint.take_one()[1])["Message"] == "three" and world.subscription(arn)["SubscriptionArn"] == arn


def test_only_its_owner_ends_a_subscription_that_was_confirmed_so(world, endpoint):
    topic = world.topic()
    arn = world.sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url, ReturnSubscriptionArn=True)["SubscriptionArn"]
    world.virga.wait()
    token = json.loads(endpoint.take_one()[1])["Token"]
    world.sns.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")
    assert world.subscription(arn)["ConfirmationWasAuthenticated"] == "true"
    status, _, body = world.virga.request("GET", f"/?Action=Unsubscribe&SubscriptionArn={arn}")
    assert status == 403 and b"AuthorizationError" in body
    world.sns.unsubscribe(SubscriptionArn=arn)
    assert world.sns.list_subscriptions()["Subscriptions"] == []


def test_three_retries_twenty_seconds_apart_then_the_dead_letters(world, endpoint):
    topic, dead = world.topic(), world.queue("dead")
    confirmed(world, topic, endpoint, RedrivePolicy={"deadLetterTargetArn": dead.arn})
    endpoint.statuses = [500, 503, 429, 500]
    world.publish(topic, "hello")
    tries = [len(endpoint.requests)]
    for _ in range(3):
        world.virga.advance(seconds=19)
        tries.append(len(endpoint.requests))
        assert dead.messages() == []
        world.virga.advance(seconds=1)
        tries.append(len(endpoint.requests))
    assert tries == [1, 1, 2, 2, 3, 3, 4]
    (letter,) = dead.messages()
    assert json.loads(letter["Body"])["Message"] == "hello" and attributes_of(letter)["ErrorCode"] == "500"
    bodies = {body for _, body in endpoint.take()}
    assert len(bodies) == 1 and world.virga.advance(seconds=3600) and endpoint.take() == []


def test_a_delivery_policy_has_phases(world, endpoint):
    """One retry at once, one after the shortest wait, two between, one after the longest."""
    topic = world.topic()
    policy = {"healthyRetryPolicy": {"minDelayTarget": 10, "maxDelayTarget": 30, "numRetries": 5, "numNoDelayRetries": 1, "numMinDelayRetries": 1, "numMaxDelayRetries": 1}}
    confirmed(world, topic, endpoint, DeliveryPolicy=policy)
    endpoint.statuses = [500]
    world.publish(topic, "hello")
    assert len(endpoint.requests) == 2
    for wait in (10, 20, 30, 30):
        before = len(endpoint.requests)
        world.virga.advance(seconds=wait - 1)
        assert len(endpoint.requests) == before, wait
        world.virga.advance(seconds=1)
        assert len(endpoint.requests) == before + 1, wait


def test_an_endpoint_that_refuses_is_not_asked_again_and_one_that_is_down_holds_up_nobody(world, endpoint):
    topic, dead = world.topic(), world.queue("dead")
    confirmed(world, topic, endpoint, RedrivePolicy={"deadLetterTargetArn": dead.arn})
    endpoint.statuses = [400, 500, 200]
    world.publish(topic, "refused")
    (letter,) = dead.messages()
    assert attributes_of(letter)["ErrorCode"] == "400"
    world.publish(topic, "later")
    world.publish(topic, "now")
    assert [json.loads(b)["Message"] for _, b in endpoint.take()] == ["refused", "later", "now"]
    world.virga.advance(seconds=20)
    assert [json.loads(b)["Message"] for _, b in endpoint.take()] == ["later"] and dead.messages() == []


def test_nobody_there(world, endpoint):
    topic, dead = world.topic(), world.queue("dead")
    confirmed(world, topic, endpoint, RedrivePolicy={"deadLetterTargetArn": dead.arn}, DeliveryPolicy={"healthyRetryPolicy": {"numRetries": 0}})
    endpoint.server.server_close()
    endpoint.server.shutdown()
    world.publish(topic, "hello")
    (letter,) = dead.messages()
    assert attributes_of(letter)["ErrorCode"] == "EndpointUnreachable"
