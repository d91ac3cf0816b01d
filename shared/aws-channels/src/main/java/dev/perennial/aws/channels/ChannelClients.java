package dev.perennial.aws.channels;

import dev.perennial.domain.delivery.ChannelSender;
import dev.perennial.domain.delivery.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.pinpoint.PinpointClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;

/** Where senders come from. */
public final class ChannelClients {

  /** How long a provider may take to answer; well within the function's own time. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  private ChannelClients() {}

  /**
   * A sender for every channel, as the environment says: {@code PINPOINT_APPLICATION_ID}, {@code
   * EMAIL_FROM}, {@code SES_CONFIGURATION_SET}, {@code AWS_REGION}, and when there is one, {@code
   * AWS_ENDPOINT_URL}. A channel that the environment does not set up is {@linkplain
   * Outcome.Retryable not accepted}: its messages are tried ever more seldom, and given up in the
   * end.
   */
  public static ChannelSender open(Map<String, String> variables) {
    return open(variables, DEADLINE);
  }

  static ChannelSender open(Map<String, String> variables, Duration deadline) {
    ChannelSender email = email(variables, deadline);
    ChannelSender direct = direct(variables, deadline);
    return message ->
        switch (message.to().channel()) {
          case EMAIL -> email.deliver(message);
          case SMS, PUSH -> direct.deliver(message);
        };
  }

  private static ChannelSender email(Map<String, String> variables, Duration deadline) {
    String from = set(variables, "EMAIL_FROM");
    if (from == null) {
      return _ -> new Outcome.Retryable("EMAIL_FROM is not set");
    }
    return new SesSender(
        aimed(SesV2Client.builder(), variables, deadline).build(),
        from,
        set(variables, "SES_CONFIGURATION_SET"));
  }

  private static ChannelSender direct(Map<String, String> variables, Duration deadline) {
    String application = set(variables, "PINPOINT_APPLICATION_ID");
    if (application == null) {
      return _ -> new Outcome.Retryable("PINPOINT_APPLICATION_ID is not set");
    }
    return new PinpointSender(
        aimed(PinpointClient.builder(), variables, deadline).build(), application);
  }

  /**
   * No call of these services takes an idempotency token, so a repeat would be a second message:
   * the SDK's retries are off. The HTTP client does not repeat a POST whose length it knows.
   */
  private static <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B aimed(
      B builder, Map<String, String> variables, Duration deadline) {
    builder
        .region(Region.of(variables.getOrDefault("AWS_REGION", "us-east-1")))
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(deadline).socketTimeout(deadline))
        .overrideConfiguration(
            options ->
                options
                    .retryStrategy(DefaultRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(deadline)
                    .apiCallTimeout(deadline));
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
    return builder;
  }

  private static @Nullable String set(Map<String, String> variables, String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value;
  }
}
