package dev.perennial.scenarios;

import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.local.Platform;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A local platform of a scenario's own, in memory, on a free port. */
public final class PlatformUnderTest implements AutoCloseable {

  private final Platform platform;

  private PlatformUnderTest(Platform platform) {
    this.platform = platform;
  }

  public static PlatformUnderTest start() {
    return start(Map.of());
  }

  /** One whose functions are told these variables. */
  public static PlatformUnderTest start(Map<String, String> variables) {
    Path root = Path.of("..").toAbsolutePath().normalize();
    return new PlatformUnderTest(Platform.start(new Platform.Options(0, null, root, variables)));
  }

  public PlatformClient client() {
    return new PlatformClient(platform.uri());
  }

  /** A client of its tables themselves. The caller closes it. */
  DynamoDbClient tables() {
    return DynamoClients.open(Map.of("AWS_ENDPOINT_URL", platform.dynamoDb().toString()));
  }

  @Override
  public void close() {
    platform.close();
  }
}
