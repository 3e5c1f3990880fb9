package virga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.*;

/** The AWS SDK for Java 2 with its defaults: CBOR, HTTP/2 when asynchronous. Endpoint and account as arguments; fails with a stack trace. */
public final class KinesisClients {
    private static final String STREAM = "java";

    private static void check(boolean holds, Object what) {
        if (!holds) throw new AssertionError(what);
    }

    private static Throwable failure(Runnable call) {
        try {
            call.run();
        } catch (CompletionException e) {
            return e.getCause();
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    private static PutRecordsRequestEntry entry(String key, String data) {
        return PutRecordsRequestEntry.builder().partitionKey(key).data(SdkBytes.fromUtf8String(data)).build();
    }

    /** The synchronous client: HTTP/1.1. */
    private static void overHttp1(KinesisClient kinesis, String account) {
        kinesis.createStream(r -> r.streamName(STREAM).shardCount(2));
        kinesis.waiter().waitUntilStreamExists(r -> r.streamName(STREAM));
        StreamDescription d = kinesis.describeStream(r -> r.streamName(STREAM)).streamDescription();
        check(d.streamStatus() == StreamStatus.ACTIVE && d.shards().size() == 2 && d.encryptionType() == EncryptionType.NONE, d);
        check(Duration.between(d.streamCreationTimestamp(), Instant.now()).abs().toDays() < 3650, d.streamCreationTimestamp());
        Throwable e = failure(() -> kinesis.describeStream(r -> r.streamName("nothing")));
        check(e instanceof ResourceNotFoundException f && f.awsErrorDetails().errorMessage().equals("Stream nothing under account " + account + " not found."), e);
        check(failure(() -> kinesis.createStream(r -> r.streamName(STREAM).shardCount(1))) instanceof ResourceInUseException, "exists");
    }

    private static List<software.amazon.awssdk.services.kinesis.model.Record> readAll(KinesisAsyncClient kinesis, String shard, Instant from) {
        GetShardIteratorRequest.Builder at = GetShardIteratorRequest.builder().streamName(STREAM).shardId(shard);
        if (from == null) at.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
        else at.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(from);
        String iterator = kinesis.getShardIterator(at.build()).join().shardIterator();
        return kinesis.getRecords(r -> r.shardIterator(iterator)).join().records();
    }

    private static void recordsAndTimes(KinesisAsyncClient kinesis) {
        PutRecordsResponse put = kinesis.putRecords(r -> r.streamName(STREAM).records(entry("a", "one"), entry("a", "two"), entry("b", "three"))).join();
        check(put.failedRecordCount() == 0 && put.records().stream().allMatch(x -> x.errorCode() == null), put);
        String shard = put.records().get(0).shardId();
        var records = readAll(kinesis, shard, null);
        check(records.get(0).data().asUtf8String().equals("one") && records.get(0).sequenceNumber().equals(put.records().get(0).sequenceNumber()), records);
        check(records.get(0).partitionKey().equals("a") && !records.get(1).approximateArrivalTimestamp().isBefore(records.get(0).approximateArrivalTimestamp()), records);
        // The milliseconds of an arrival go both ways unchanged: reading from that very instant finds the record again.
        var again = readAll(kinesis, shard, records.get(0).approximateArrivalTimestamp());
        check(again.get(0).equals(records.get(0)), again);
        byte[] large = new byte[1 << 20];
        Throwable e = failure(() -> kinesis.putRecord(r -> r.streamName(STREAM).partitionKey("a").data(SdkBytes.fromByteArray(large))).join());
        check(e instanceof KinesisException k && k.awsErrorDetails().errorCode().equals("ValidationException"), e);
        e = failure(() -> kinesis.getRecords(r -> r.shardIterator("no iterator")).join());
        check(e instanceof InvalidArgumentException, e);
    }

    private static void fiftyAtOnce(KinesisAsyncClient kinesis) {
        List<CompletableFuture<PutRecordsResponse>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) calls.add(kinesis.putRecords(r -> r.streamName(STREAM).records(entry("a", "x"), entry("b", "y"))));
        for (var call : calls) check(call.join().failedRecordCount() == 0, call);
    }

    private static SubscribeToShardEvent take(LinkedBlockingQueue<SubscribeToShardEvent> events, boolean withRecords) throws InterruptedException {
        for (;;) {
            SubscribeToShardEvent event = events.poll(30, TimeUnit.SECONDS);
            check(event != null, "no event came");
            if (!withRecords || !event.records().isEmpty()) return event;
        }
    }

    private static void fanOut(KinesisAsyncClient kinesis) throws Exception {
        String arn = kinesis.describeStreamSummary(r -> r.streamName(STREAM)).join().streamDescriptionSummary().streamARN();
        String consumer = kinesis.registerStreamConsumer(r -> r.streamARN(arn).consumerName("java")).join().consumer().consumerARN();
        PutRecordResponse placed = kinesis.putRecord(r -> r.streamName(STREAM).partitionKey("a").data(SdkBytes.fromUtf8String("before"))).join();
        LinkedBlockingQueue<SubscribeToShardEvent> events = new LinkedBlockingQueue<>();
        CompletableFuture<Void> subscription = kinesis.subscribeToShard(
                r -> r.consumerARN(consumer).shardId(placed.shardId()).startingPosition(p -> p.type(ShardIteratorType.AT_SEQUENCE_NUMBER).sequenceNumber(placed.sequenceNumber())),
                SubscribeToShardResponseHandler.builder().subscriber(event -> {
                    if (event instanceof SubscribeToShardEvent e) events.add(e);
                }).build());
        SubscribeToShardEvent first = take(events, true);
        check(first.records().get(0).data().asUtf8String().equals("before") && first.continuationSequenceNumber() != null, first);
        kinesis.putRecord(r -> r.streamName(STREAM).partitionKey("a").data(SdkBytes.fromUtf8String("live"))).join();
        check(take(events, true).records().get(0).data().asUtf8String().equals("live"), "live");
        // A second subscription is refused; the end of the shard names its children and ends the first.
        Throwable e = failure(() -> kinesis.subscribeToShard(
                r -> r.consumerARN(consumer).shardId(placed.shardId()).startingPosition(p -> p.type(ShardIteratorType.LATEST)),
                SubscribeToShardResponseHandler.builder().subscriber(x -> {}).build()).join());
        check(e instanceof ResourceInUseException, e);
        kinesis.splitShard(r -> r.streamName(STREAM).shardToSplit(placed.shardId()).newStartingHashKey("2")).join();
        subscription.get(30, TimeUnit.SECONDS);
        SubscribeToShardEvent last = null;
        for (SubscribeToShardEvent event : events) last = event;
        check(last != null && last.continuationSequenceNumber() == null && last.childShards().size() == 2, last);
    }

    public static void main(String[] args) throws Exception {
        try (KinesisClient http1 = Clients.at(KinesisClient.builder(), args[0], args[1]).build();
             KinesisAsyncClient http2 = Clients.at(KinesisAsyncClient.builder(), args[0], args[1]).build()) {
            overHttp1(http1, args[1]);
            recordsAndTimes(http2);
            fiftyAtOnce(http2);
            fanOut(http2);
            http2.deleteStream(r -> r.streamName(STREAM).enforceConsumerDeletion(true)).join();
            http2.waiter().waitUntilStreamNotExists(r -> r.streamName(STREAM)).join();
        }
        System.out.println("done");
    }
}
