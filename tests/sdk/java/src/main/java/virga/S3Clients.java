package virga;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/**
 * Uploads and downloads with the SDK as it is by default: ENDPOINT ACCOUNT BUCKET FILE. Of every object that it writes the test reads the key, of
 * FILE.java what came back.
 */
public final class S3Clients {
    private S3Clients() {}

    private static void blocking(String endpoint, String account, String bucket, byte[] small) {
        try (S3Client s3 = Clients.at(S3Client.builder().forcePathStyle(true), endpoint, account).build()) {
            s3.putObject(r -> r.bucket(bucket).key("java known"), RequestBody.fromBytes(small));
            s3.putObject(r -> r.bucket(bucket).key("java unknown"),
                    RequestBody.fromContentProvider(() -> new ByteArrayInputStream(small), "binary/octet-stream"));
            s3.putObject(r -> r.bucket(bucket).key("java gzip").contentEncoding("gzip"), RequestBody.fromBytes(small));
            byte[] back = s3.getObjectAsBytes(r -> r.bucket(bucket).key("java unknown")).asByteArray();
            if (!Arrays.equals(back, small)) throw new AssertionError("another body came back");
        }
    }

    private static void asynchronous(String endpoint, String account, String bucket, Path file, byte[] small) throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try (S3AsyncClient s3 = Clients.at(S3AsyncClient.builder().forcePathStyle(true).multipartEnabled(true), endpoint, account).build();
                S3TransferManager transfers = S3TransferManager.builder().s3Client(s3).build();
                InputStream stream = Files.newInputStream(file)) {
            s3.putObject(r -> r.bucket(bucket).key("java asynchronous"), AsyncRequestBody.fromBytes(small)).join();
            s3.putObject(r -> r.bucket(bucket).key("java stream"), AsyncRequestBody.fromInputStream(b -> b.inputStream(stream).executor(threads))).join();
            transfers.uploadFile(b -> b.source(file).putObjectRequest(r -> r.bucket(bucket).key("java large"))).completionFuture().join();
            transfers.downloadFile(b -> b.destination(Path.of(file + ".java")).getObjectRequest(r -> r.bucket(bucket).key("java large")))
                    .completionFuture().join();
        } finally {
            threads.shutdown();
        }
    }

    public static void main(String[] arguments) throws Exception {
        String endpoint = arguments[0], account = arguments[1], bucket = arguments[2];
        Path file = Path.of(arguments[3]);
        byte[] small = Arrays.copyOf(Files.readAllBytes(file), 100_000);
        blocking(endpoint, account, bucket, small);
        asynchronous(endpoint, account, bucket, file, small);
    }
}
