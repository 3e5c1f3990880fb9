// The SDK's Kinesis client as it comes: HTTP/2 with prior knowledge. Prints what it saw as one JSON document.
//   node kinesis_http2.mjs <endpoint> <account>
import { KinesisClient, CreateStreamCommand, PutRecordsCommand, PutRecordCommand, GetShardIteratorCommand, GetRecordsCommand, DescribeStreamSummaryCommand,
         RegisterStreamConsumerCommand, SubscribeToShardCommand, SplitShardCommand } from "@aws-sdk/client-kinesis";

const [endpoint, account] = process.argv.slice(2);
const client = new KinesisClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" }, maxAttempts: 1 });
const saw = { handler: client.config.requestHandler.constructor.name };
const StreamName = "js";

await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
const StreamARN = (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary.StreamARN;

// Fifty at once, on one connection.
const puts = await Promise.all(Array.from({ length: 50 }, (_, i) =>
  client.send(new PutRecordsCommand({ StreamName, Records: Array.from({ length: 20 }, (_, j) => ({ PartitionKey: `${i}-${j}`, Data: Buffer.from(`${i}-${j}`) })) }))));
saw.failed = puts.reduce((n, p) => n + p.FailedRecordCount, 0);

// All of it back.
const seen = new Set();
for (const ShardId of ["shardId-000000000000", "shardId-000000000001"]) {
  let { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }));
  for (let more = true; more; ) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 300 }));
    page.Records.forEach((r) => seen.add(Buffer.from(r.Data).toString()));
    saw.dates = page.Records.every((r) => r.ApproximateArrivalTimestamp instanceof Date) && saw.dates !== false;
    ShardIterator = page.NextShardIterator;
    more = page.Records.length > 0;
  }
}
saw.records = seen.size;

// A body larger than the windows, and an error as its class.
const large = await client.send(new PutRecordsCommand({ StreamName, Records: Array.from({ length: 4 }, (_, i) => ({ PartitionKey: `k${i}`, Data: Buffer.alloc(1000000, 65 + i) })) }));
saw.large = large.FailedRecordCount;
try {
  await client.send(new PutRecordCommand({ StreamName: "nothing", PartitionKey: "a", Data: Buffer.from("x") }));
} catch (error) {
  saw.error = [error.name, error.message];
}

// Fan-out: what is put while it is open, then the end of the shard.
const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "c" }));
const subscription = await client.send(new SubscribeToShardCommand({ ConsumerARN: Consumer.ConsumerARN, ShardId: "shardId-000000000000", StartingPosition: { Type: "LATEST" } }));
saw.fanOut = [];
for await (const { SubscribeToShardEvent: event } of subscription.EventStream) {
  if (event.Records.length === 0 && event.ContinuationSequenceNumber && saw.fanOut.length === 0) {
    await client.send(new PutRecordCommand({ StreamName, PartitionKey: "x", ExplicitHashKey: "0", Data: Buffer.from("live") }));
  }
  for (const record of event.Records) {
    saw.fanOut.push(Buffer.from(record.Data).toString());
    await client.send(new SplitShardCommand({ StreamName, ShardToSplit: "shardId-000000000000", NewStartingHashKey: "1000" }));
  }
  if (event.ChildShards) saw.children = event.ChildShards.map((c) => c.ShardId);
}
client.destroy();
console.log(JSON.stringify(saw));
