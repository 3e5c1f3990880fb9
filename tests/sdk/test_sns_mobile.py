"""Phones and devices: what is kept, what is recorded instead of sent, the SMS sandbox."""
import pytest

from sns_support import text, world  # noqa: F401

INVALID = "InvalidParameter"
NUMBER = "+15551234567"


def sent(world, kind, **query):
    query = "&".join(f"{k}={v}" for k, v in {"accountId": world.account, **query}.items())
    return world.virga.get(f"/_aws/sns/{kind}?{query}")[kind.replace("-", "_")]


def test_text_messages_are_recorded(world):
    topic = world.topic()
    arn = world.sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=NUMBER)["SubscriptionArn"]
    single = world.sns.publish(PhoneNumber="+1 (555) 123-4567", Message="direct", MessageAttributes={"AWS.SNS.SMS.SenderID": text("me")})
    shared = world.publish(topic, "to all")
    first, second = sent(world, "sms-messages")[NUMBER]
    assert (first["MessageId"], first["PhoneNumber"], first["Message"]) == (single["MessageId"], NUMBER, "direct")
    assert (second["MessageId"], second["SubscriptionArn"], second["TopicArn"], second["Message"]) == (shared["MessageId"], arn, topic, "to all")
    assert sent(world, "sms-messages", phoneNumber="%2B15550000000") == {"+15550000000": []}
    assert world.virga.request("DELETE", f"/_aws/sns/sms-messages?accountId={world.account}")[0] == 204
    assert sent(world, "sms-messages") == {}
    assert world.refused("publish", PhoneNumber="abc", Message="m") == (INVALID, "Invalid parameter: PhoneNumber Reason: abc is not valid to publish to")


def test_settings_of_text_messages(world):
    assert world.sns.get_sms_attributes()["attributes"] == {"MonthlySpendLimit": "1"}
    world.sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional", "MonthlySpendLimit": "5"})
    world.sns.set_sms_attributes(attributes={"DefaultSenderID": "me"})
    assert world.sns.get_sms_attributes()["attributes"] == {"DefaultSMSType": "Transactional", "MonthlySpendLimit": "5", "DefaultSenderID": "me"}
    assert world.sns.get_sms_attributes(attributes=["DefaultSenderID", "UsageReportS3Bucket"])["attributes"] == {"DefaultSenderID": "me"}
    for bad in ({"Colour": "red"}, {"DefaultSMSType": "Loud"}):
        assert world.refused("set_sms_attributes", attributes=bad)[0] == INVALID


def test_numbers_that_want_no_messages(world):
    assert world.sns.list_phone_numbers_opted_out()["phoneNumbers"] == []
    assert world.virga.request("PUT", f"/_aws/sns/opted-out/{NUMBER}?accountId={world.account}")[0] == 200
    assert world.sns.list_phone_numbers_opted_out()["phoneNumbers"] == [NUMBER]
    assert world.sns.check_if_phone_number_is_opted_out(phoneNumber=NUMBER)["isOptedOut"] is True
    assert world.refused("publish", PhoneNumber=NUMBER, Message="m")[0] == "OptedOut"
    world.sns.opt_in_phone_number(phoneNumber=NUMBER)
    assert world.sns.check_if_phone_number_is_opted_out(phoneNumber=NUMBER)["isOptedOut"] is False
    wrong = (INVALID, "Invalid parameter: PhoneNumber Reason: input incorrectly formatted")
    assert world.refused("check_if_phone_number_is_opted_out", phoneNumber="me") == world.refused("opt_in_phone_number", phoneNumber="me") == wrong


def test_the_sandbox_verifies_numbers(world):
    assert world.sns.get_sms_sandbox_account_status()["IsInSandbox"] is False
    world.sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    assert world.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"] == [{"PhoneNumber": NUMBER, "Status": "Pending"}]
    (message,) = sent(world, "sms-messages")[NUMBER]
    password = message["Message"].rsplit(" ", 1)[1]
    wrong = str((int(password) + 1) % 1000000).zfill(6)
    assert world.refused("verify_sms_sandbox_phone_number", PhoneNumber=NUMBER, OneTimePassword=wrong)[0] == "VerificationException"
    world.sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword=password)
    assert world.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"] == [{"PhoneNumber": NUMBER, "Status": "Verified"}]
    world.sns.delete_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    assert world.refused("delete_sms_sandbox_phone_number", PhoneNumber=NUMBER)[0] == "ResourceNotFound"
    for i in range(3):
        world.sns.create_sms_sandbox_phone_number(PhoneNumber=f"+1555000000{i}")
    first = world.sns.list_sms_sandbox_phone_numbers(MaxResults=2)
    assert len(first["PhoneNumbers"]) == 2 and len(world.sns.list_sms_sandbox_phone_numbers(NextToken=first["NextToken"])["PhoneNumbers"]) == 1
    assert world.sns.list_origination_numbers()["PhoneNumbers"] == []


@pytest.fixture
def application(world):
    return world.sns.create_platform_application(Name="shop", Platform="GCM", Attributes={"PlatformCredential": "secret"})["PlatformApplicationArn"]


def endpoint_of(world, application, token="t1", **more):
    return world.sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token, **more)["EndpointArn"]


def test_platform_applications(world, application):
    assert application == f"arn:aws:sns:us-east-1:{world.account}:app/GCM/shop"
    same = dict(Name="shop", Platform="GCM", Attributes={"PlatformCredential": "secret"})
    assert world.sns.create_platform_application(**same)["PlatformApplicationArn"] == application
    assert world.refused("create_platform_application", **{**same, "Attributes": {"PlatformCredential": "other"}})[0] == INVALID
    assert world.refused("create_platform_application", Name="a b", Platform="GCM", Attributes={"a": "b"}) == (INVALID, "Invalid parameter: Name")
    assert world.refused("create_platform_application", Name="x", Platform="PAPER", Attributes={"a": "b"})[0] == INVALID
    world.sns.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"EventEndpointCreated": "arn"})
    shown = {"Enabled": "true", "EventEndpointCreated": "arn"}  # and no secret
    assert world.sns.get_platform_application_attributes(PlatformApplicationArn=application)["Attributes"] == shown
    assert world.sns.list_platform_applications()["PlatformApplications"] == [{"PlatformApplicationArn": application, "Attributes": shown}]
    endpoint = endpoint_of(world, application)
    for _ in range(2):
        world.sns.delete_platform_application(PlatformApplicationArn=application)
    assert world.sns.list_platform_applications()["PlatformApplications"] == []
    missing = ("NotFound", "PlatformApplication does not exist")
    for operation, more in (("get_platform_application_attributes", {}), ("list_endpoints_by_platform_application", {}), ("create_platform_endpoint", {"Token": "t"}),
                            ("set_platform_application_attributes", {"Attributes": {"a": "b"}})):
        assert world.refused(operation, PlatformApplicationArn=application, **more) == missing
    assert world.refused("get_endpoint_attributes", EndpointArn=endpoint) == ("NotFound", "Endpoint does not exist")


def test_endpoints_of_devices(world, application):
    endpoint = endpoint_of(world, application, CustomUserData="u")
    assert endpoint.startswith(application.replace(":app/", ":endpoint/") + "/") and endpoint_of(world, application, CustomUserData="u") == endpoint
    assert world.refused("create_platform_endpoint", PlatformApplicationArn=application, Token="t1", CustomUserData="other") == (
        INVALID, f"Invalid parameter: Token Reason: Endpoint {endpoint} already exists with the same Token, but different attributes."
    )
    assert world.sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"] == {"Enabled": "true", "Token": "t1", "CustomUserData": "u"}
    world.sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Token": "t2"})
    other = endpoint_of(world, application, "t3")
    tokens = {e["EndpointArn"]: e["Attributes"]["Token"] for e in world.sns.list_endpoints_by_platform_application(PlatformApplicationArn=application)["Endpoints"]}
    assert tokens == {endpoint: "t2", other: "t3"}
    assert world.refused("set_endpoint_attributes", EndpointArn=endpoint, Attributes={"Colour": "red"})[0] == INVALID
    for _ in range(2):
        world.sns.delete_endpoint(EndpointArn=endpoint)
    assert world.refused("set_endpoint_attributes", EndpointArn=endpoint, Attributes={"Enabled": "true"}) == ("NotFound", "Endpoint does not exist")
    assert world.refused("get_endpoint_attributes", EndpointArn=application) == (INVALID, "Invalid parameter: EndpointArn")


def test_devices_get_messages_while_they_are_enabled(world, application):
    endpoint, topic = endpoint_of(world, application), world.topic()
    world.sns.subscribe(TopicArn=topic, Protocol="application", Endpoint=endpoint)
    world.sns.publish(TargetArn=endpoint, MessageStructure="json", Message='{"default":"d","GCM":"{\\"data\\":{}}"}')
    world.publish(topic, "to all")
    assert [m["Message"] for m in sent(world, "platform-endpoint-messages")[endpoint]] == ['{"data":{}}', "to all"]
    world.sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "false"})
    assert world.refused("publish", TargetArn=endpoint, Message="m") == ("EndpointDisabled", "Endpoint is disabled")
    world.publish(topic, "not to it")
    assert len(sent(world, "platform-endpoint-messages", endpointArn=endpoint)[endpoint]) == 2
    world.sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "true"})
    world.sns.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"Enabled": "false"})
    assert world.refused("publish", TargetArn=endpoint, Message="m")[0] == "PlatformApplicationDisabled"
    world.sns.delete_endpoint(EndpointArn=endpoint)
    assert world.refused("publish", TargetArn=endpoint, Message="m") == (
        INVALID, "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified"
    )
