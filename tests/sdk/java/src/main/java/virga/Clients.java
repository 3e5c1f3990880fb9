package virga;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/** What every client of these programs is given: where virga is, and the account. Everything else is the SDK's default. */
final class Clients {
    private Clients() {}

    static <B extends AwsClientBuilder<B, C>, C> B at(B builder, String endpoint, String account) {
        return builder.endpointOverride(URI.create(endpoint)).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "test")));
    }
}
