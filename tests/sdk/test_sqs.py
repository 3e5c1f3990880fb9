"""SQS through boto3 (JSON) and the older query protocol."""
import json
import threading
import urllib.parse

import pytest
from botocore.exceptions import ClientError

from conftest import make_client
from virga_process import Virga


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture
def sqs(aws):
    return aws("sqs")


@pytest.fixture
def queue(sqs):
    return sqs.create_queue(QueueName="orders")["QueueUrl"]


def test_a_queue_and_its_attributes(sqs, account):
    url = sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "3"}, tags={"team": "blue"})["QueueUrl"]
    assert url.endswith(f"/{account}/orders")
    assert sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "3"})["QueueUrl"] == url
    assert error_of(sqs.create_queue, QueueName="orders", Attributes={"DelaySeconds": "4"}) == (
        "QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute DelaySeconds")
    got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert got["QueueArn"] == f"arn:aws:sqs:us-east-1:{account}:orders"
    assert got["VisibilityTimeout"] == "30" and got["DelaySeconds"] == "3" and got["MaximumMessageSize"] == "1048576"
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "blue"}
    assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
    assert sqs.list_queues()["QueueUrls"] == [url]
    sqs.delete_queue(QueueUrl=url)
    assert "QueueUrls" not in sqs.list_queues()


def test_queues_are_listed_in_pages(sqs):
    urls = [sqs.create_queue(QueueName=f"q-{i}")["QueueUrl"] for i in range(5)]
    page = sqs.list_queues(MaxResults=2)
    assert page["QueueUrls"] == urls[:2]
    rest = sqs.list_queues(MaxResults=3, NextToken=page["NextToken"])
    assert rest["QueueUrls"] == urls[2:] and "NextToken" not in rest
    for made_up in ("?", "cS0x"):  # the second is base64 of a name
        assert error_of(sqs.list_queues, MaxResults=2, NextToken=made_up)[1] == "Invalid or expired next token."


def test_a_missing_queue_has_the_class_and_code_that_clients_switch_on(sqs):
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
        sqs.get_queue_url(QueueName="nothing")
    assert caught.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert caught.value.response["Error"]["Message"] == "The specified queue does not exist."


def test_send_receive_delete(sqs, queue):
    attributes = {"n": {"DataType": "Number", "StringValue": "7"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="hällo", MessageAttributes=attributes)
    got = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"], AttributeNames=["All"])["Messages"]
    assert len(got) == 1 and got[0]["Body"] == "hällo" and got[0]["MessageId"] == sent["MessageId"]
    assert got[0]["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert got[0]["MessageAttributes"]["b"]["BinaryValue"] == b"\x00\xff"
    assert got[0]["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "AWSTraceHeader" not in got[0]["Attributes"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=got[0]["ReceiptHandle"])
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=got[0]["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert error_of(sqs.delete_message, QueueUrl=queue, ReceiptHandle="junk") == (
        "ReceiptHandleIsInvalid", 'The input receipt handle "junk" is not a valid receipt handle.')


def test_the_trace_header_comes_back(sqs, queue):
    header = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="x", MessageSystemAttributes=header)
    assert sent["MD5OfMessageSystemAttributes"]
    got = sqs.receive_message(QueueUrl=queue, AttributeNames=["All"])["Messages"][0]
    assert got["Attributes"]["AWSTraceHeader"] == "Root=1-5759e988-bd862e3fe1be46a994272793"
    sqs.send_message(QueueUrl=queue, MessageBody="y")
    got = sqs.receive_message(QueueUrl=queue, MessageSystemAttributeNames=["AWSTraceHeader"])["Messages"][0]
    assert got["Attributes"]["AWSTraceHeader"].startswith("Root=1-")


def test_a_long_poll_wakes_on_a_send(sqs, queue):
    got = []
    poll = threading.Thread(target=lambda: got.extend(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20).get("Messages", [])))
    poll.start()
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    poll.join(10)
    assert [m["Body"] for m in got] == ["x"]


def test_a_long_poll_wakes_when_the_clock_ends_a_visibility_timeout(sqs, queue, virga):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    assert sqs.receive_message(QueueUrl=queue, VisibilityTimeout=600)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    virga.advance(599)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    got = []
    poll = threading.Thread(target=lambda: got.extend(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20).get("Messages", [])))
    poll.start()
    virga.advance(2)
    poll.join(10)
    assert [m["Body"] for m in got] == ["x"]


def test_dead_letters_and_their_redrive(sqs, aws, account, virga):
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{account}:dead", "maxReceiveCount": "1"})
    url = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    got = sqs.receive_message(QueueUrl=dead, AttributeNames=["All"], VisibilityTimeout=0)["Messages"][0]
    assert got["Attributes"]["DeadLetterQueueSourceArn"] == f"arn:aws:sqs:us-east-1:{account}:work"
    arn = f"arn:aws:sqs:us-east-1:{account}:dead"
    sqs.start_message_move_task(SourceArn=arn)
    virga.wait()
    task = sqs.list_message_move_tasks(SourceArn=arn)["Results"][0]
    assert task["Status"] == "COMPLETED" and task["ApproximateNumberOfMessagesMoved"] == 1
    assert [m["Body"] for m in sqs.receive_message(QueueUrl=url)["Messages"]] == ["x"]
    code, message = error_of(sqs.start_message_move_task, SourceArn=f"arn:aws:sqs:us-east-1:{account}:work")
    assert message == "Source queue must be configured as a Dead Letter Queue."


def test_what_was_received_and_grew_too_old_is_gone(sqs, aws, account, virga):
    dead = sqs.create_queue(QueueName="dead", Attributes={"MessageRetentionPeriod": "600"})["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{account}:dead", "maxReceiveCount": "1"})
    work = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=dead, MessageBody="old")
    virga.advance(300)
    assert sqs.receive_message(QueueUrl=dead, VisibilityTimeout=250)["Messages"]
    virga.advance(400)  # visible for 150 seconds, and 100 too old
    assert sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"] == {"ApproximateNumberOfMessages": "0"}
    sqs.start_message_move_task(SourceArn=f"arn:aws:sqs:us-east-1:{account}:dead", DestinationArn=f"arn:aws:sqs:us-east-1:{account}:work")
    virga.wait()
    assert "Messages" not in sqs.receive_message(QueueUrl=work) and "Messages" not in sqs.receive_message(QueueUrl=dead)


def test_batches(sqs, queue):
    entries = [{"Id": str(i), "MessageBody": f"m{i}"} for i in range(10)]
    assert len(sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]) == 10
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert sorted(m["Body"] for m in got) == sorted(e["MessageBody"] for e in entries)
    result = sqs.delete_message_batch(QueueUrl=queue, Entries=[{"Id": "a", "ReceiptHandle": got[0]["ReceiptHandle"]}, {"Id": "b", "ReceiptHandle": "junk"}])
    assert [e["Id"] for e in result["Successful"]] == ["a"]
    assert result["Failed"][0]["Code"] == "ReceiptHandleIsInvalid" and result["Failed"][0]["SenderFault"] is True
    assert error_of(sqs.send_message_batch, QueueUrl=queue, Entries=entries + [{"Id": "x", "MessageBody": "x"}]) == (
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 11.")
    assert error_of(sqs.send_message_batch, QueueUrl=queue, Entries=[entries[0], entries[0]]) == (
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id 0 repeated.")


def test_sizes_and_contents(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x" * 1048576)
    assert error_of(sqs.send_message, QueueUrl=queue, MessageBody="x" * 1048577) == (
        "InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.")
    assert error_of(sqs.send_message, QueueUrl=queue, MessageBody="\x01")[0] == "InvalidMessageContents"
    assert error_of(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=21) == (
        "InvalidParameterValue", "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.")


def test_fifo(sqs):
    url = sqs.create_queue(QueueName="f.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
    first = sqs.send_message(QueueUrl=url, MessageBody="1", MessageGroupId="g")
    assert sqs.send_message(QueueUrl=url, MessageBody="1", MessageGroupId="g")["MessageId"] == first["MessageId"]
    second = sqs.send_message(QueueUrl=url, MessageBody="2", MessageGroupId="g")
    assert int(second["SequenceNumber"]) > int(first["SequenceNumber"])
    got = sqs.receive_message(QueueUrl=url)["Messages"]
    assert [m["Body"] for m in got] == ["1"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
    assert [m["Body"] for m in sqs.receive_message(QueueUrl=url)["Messages"]] == ["2"]
    assert error_of(sqs.send_message, QueueUrl=url, MessageBody="3") == (
        "MissingParameter", "The request must contain the parameter MessageGroupId.")


def test_permissions_and_visibility_changes(sqs, queue, account):
    sqs.add_permission(QueueUrl=queue, Label="l", AWSAccountIds=["123456789012"], Actions=["SendMessage"])
    policy = json.loads(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])["Attributes"]["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    sqs.remove_permission(QueueUrl=queue, Label="l")
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=queue)["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
    assert error_of(sqs.change_message_visibility, QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=5) == (
        "InvalidParameterValue",
        f"Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
    assert sqs.receive_message(QueueUrl=queue)["Messages"]
    sqs.purge_queue(QueueUrl=queue)
    counts = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"])["Attributes"]
    assert set(counts.values()) == {"0"}


def test_the_query_protocol(virga, account):
    def query(path="/", **parameters):
        body = urllib.parse.urlencode({"Version": "2012-11-05", **parameters}).encode()
        authorization = f"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
        status, _, answer = virga.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", "Authorization": authorization})
        return status, answer.decode()

    status, answer = query(Action="CreateQueue", QueueName="old", **{"Attribute.1.Name": "DelaySeconds", "Attribute.1.Value": "0"})
    assert status == 200 and f"/{account}/old</QueueUrl>" in answer
    status, answer = query(f"/{account}/old", Action="SendMessage", QueueUrl=f"http://queue.amazonaws.com/{account}/old", MessageBody="x")
    assert status == 200 and "<MD5OfMessageBody>9dd4e461268c8034f5c8564e155c67a6</MD5OfMessageBody>" in answer
    status, answer = query(Action="ReceiveMessage", QueueUrl=f"/{account}/old")
    assert status == 200 and "<Body>x</Body>" in answer
    status, answer = query(Action="GetQueueUrl", QueueName="nothing")
    assert status == 400 and "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in answer
    assert "The specified queue does not exist for this wsdl version." in answer


def test_many_senders_and_pollers_share_a_queue(aws):
    """Every message is received once: nothing is lost between a look and a wait, and nothing is given to two."""
    clients = [aws("sqs") for _ in range(8)]
    url = clients[0].create_queue(QueueName="shared")["QueueUrl"]
    got, taken, ended, total = [], threading.Semaphore(0), threading.Semaphore(0), 200

    def poll(client):
        while True:
            for message in client.receive_message(QueueUrl=url, WaitTimeSeconds=20, MaxNumberOfMessages=3).get("Messages", []):
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                if message["Body"] == "end":
                    return ended.release()
                got.append(message["Body"])
                taken.release()

    def send(client, start):
        for i in range(start, total, 4):
            client.send_message(QueueUrl=url, MessageBody=str(i))

    threads = [threading.Thread(target=poll, args=(c,), daemon=True) for c in clients[:4]]
    threads += [threading.Thread(target=send, args=(c, i)) for i, c in enumerate(clients[4:])]
    for thread in threads:
        thread.start()
    assert all(taken.acquire(timeout=60) for _ in range(total))
    for _ in range(4):  # one after the other, so that no poller takes two
        clients[4].send_message(QueueUrl=url, MessageBody="end")
        assert ended.acquire(timeout=60)
    for thread in threads:
        thread.join()
    assert sorted(got, key=int) == [str(i) for i in range(total)]


def test_messages_and_their_alarms_survive_a_kill(tmp_path):
    server = Virga("--data", str(tmp_path))
    try:
        sqs = make_client("sqs", server.endpoint, "000000000007")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="taken")
        assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=3600)["Messages"]
        sqs.send_message(QueueUrl=url, MessageBody="waiting")
        server.kill()
        server = Virga("--data", str(tmp_path))
        sqs = make_client("sqs", server.endpoint, "000000000007")
        url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert [m["Body"] for m in got] == ["waiting"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
        polled = []
        poll = threading.Thread(target=lambda: polled.extend(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", [])))
        poll.start()
        # The alarm of the first process's receive was set again: no send is needed for the poll to wake.
        server.advance(3600)
        poll.join(10)
        assert [m["Body"] for m in polled] == ["taken"]
    finally:
        server.kill()
