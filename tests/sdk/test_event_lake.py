"""Events on their way to a bucket: rule, delivery stream, object (scenario 22)."""
import gzip
import json

from event_support import ROLE, entry, world  # noqa: F401


def test_scenario_22_whole_events_one_a_line(world):
    """The template is the bare event and a line feed, as event lakes have it: full events, with their detail as it was put."""
    s3, firehose, bucket = world.aws("s3"), world.aws("firehose"), f"lake-{world.account}"
    s3.create_bucket(Bucket=bucket)
    destination = {"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{bucket}", "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 1}, "CompressionFormat": "GZIP"}
    stream = firehose.create_delivery_stream(DeliveryStreamName="lake", ExtendedS3DestinationConfiguration=destination)["DeliveryStreamARN"]
    world.virga.wait()
    world.rule("all", {"source": [{"prefix": ""}]}, {"Arn": stream, "RoleArn": ROLE, "InputTransformer": {"InputTemplate": "<aws.events.event>\n"}})
    details = ['{"n":1.10,"text":"a <b> \\"c\\""}', '{"n":12345678901234567890}', '{"nested":{"detail-type":"x"}}']
    ids = [e["EventId"] for e in world.put(*map(entry, details))["Entries"]]
    world.virga.advance(seconds=61)
    (key,) = [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    text = gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()).decode()
    lines = text.split("\n")
    assert lines.pop() == "" and len(lines) == 3
    assert sorted(json.loads(line)["id"] for line in lines) == sorted(ids)
    members = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
    assert all(list(json.loads(line)) == members for line in lines)
    assert sorted(line[line.index('"detail":') + 9 : -1] for line in lines) == sorted(details)
