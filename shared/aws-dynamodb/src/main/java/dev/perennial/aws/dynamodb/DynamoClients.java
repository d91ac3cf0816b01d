package dev.perennial.aws.dynamodb;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Where clients of DynamoDB come from. */
public final class DynamoClients {

  private DynamoClients() {}

  /**
   * A client as the environment says: of {@code AWS_REGION}, and when there is an {@code
   * AWS_ENDPOINT_URL}, of that endpoint with the variables' own credentials.
   */
  public static DynamoDbClient open(Map<String, String> variables) {
    DynamoDbClientBuilder builder =
        DynamoDbClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Region.of(variables.getOrDefault("AWS_REGION", "us-east-1")));
    String endpoint = variables.get("AWS_ENDPOINT_URL");
    if (endpoint != null) {
      builder
          .endpointOverride(URI.create(endpoint))
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(
                      variables.getOrDefault("AWS_ACCESS_KEY_ID", "local"),
                      variables.getOrDefault("AWS_SECRET_ACCESS_KEY", "local"))));
    }
    return builder.build();
  }
}
