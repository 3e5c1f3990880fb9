package virga;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.common.StreamConfig;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * A KCL 3 application: endpoint, account, stream, application name, "polling" or "fan-out". It tells what its processors see, a line
 * each, until a line comes on its standard input:
 *
 *   begin SHARD | record SHARD SEQUENCE-NUMBER DATA | end SHARD | lost SHARD
 */
public final class KclApplication {
    private static void tell(String... words) {
        String line = String.join(" ", words) + "\n";
        synchronized (System.out) {
            System.out.print(line);
            System.out.flush();
        }
    }

    private static final class Processor implements ShardRecordProcessor {
        private String shard;

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
            tell("begin", shard);
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            List<KinesisClientRecord> records = input.records();
            for (KinesisClientRecord record : records) {
                byte[] data = new byte[record.data().remaining()];
                record.data().get(data);
                tell("record", shard, record.sequenceNumber(), new String(data));
            }
            try {
                if (!records.isEmpty()) input.checkpointer().checkpoint();
            } catch (Exception e) {
                tell("failed", shard, e.toString());
            }
        }

        @Override
        public void leaseLost(LeaseLostInput input) {
            tell("lost", shard);
        }

        @Override
        public void shardEnded(ShardEndedInput input) {
            try {
                input.checkpointer().checkpoint();
                tell("end", shard);
            } catch (Exception e) {
                tell("failed", shard, e.toString());
            }
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {}
    }

    public static void main(String[] args) throws Exception {
        String endpoint = args[0], account = args[1], stream = args[2], application = args[3];
        KinesisAsyncClient kinesis = KinesisClientUtil.createKinesisAsyncClient(Clients.at(KinesisAsyncClient.builder(), endpoint, account));
        DynamoDbAsyncClient dynamo = Clients.at(DynamoDbAsyncClient.builder(), endpoint, account).build();
        CloudWatchAsyncClient cloudWatch = Clients.at(CloudWatchAsyncClient.builder(), endpoint, account).build();
        StreamConfig from = new StreamConfig(StreamIdentifier.singleStreamInstance(stream),
                InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON));
        ConfigsBuilder configs = new ConfigsBuilder(new SingleStreamTracker(from.streamIdentifier(), from), application, kinesis, dynamo, cloudWatch,
                UUID.randomUUID().toString(), Processor::new);
        // The defaults are made for a service that must not be called often, and wait accordingly. How long a lease lasts stays as it is:
        // a worker that loses one because the machine is slow reads records twice.
        var leases = configs.leaseManagementConfig().leaseAssignmentIntervalMillis(500L).shardSyncIntervalMillis(500).listShardsCacheAllowedAgeInSeconds(1)
                .leasesRecoveryAuditorExecutionFrequencyMillis(1000).leasesRecoveryAuditorInconsistencyConfidenceThreshold(1);
        var retrieval = configs.retrievalConfig();
        if (args[4].equals("polling")) retrieval.retrievalSpecificConfig(new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(200));
        Scheduler scheduler = new Scheduler(configs.checkpointConfig(),
                configs.coordinatorConfig().parentShardPollIntervalMillis(200).shardConsumerDispatchPollIntervalMillis(100).schedulerInitializationBackoffTimeMillis(100)
                        .skipShardSyncAtWorkerInitializationIfLeasesExist(false),
                leases, configs.lifecycleConfig().taskBackoffTimeMillis(100), configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
                configs.processorConfig(), retrieval);
        Thread thread = new Thread(scheduler, "scheduler");
        thread.setDaemon(true);
        thread.start();
        System.in.read();
        scheduler.startGracefulShutdown().get(30, TimeUnit.SECONDS);
        tell("stopped");
        System.exit(0);
    }
}
