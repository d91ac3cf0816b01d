package dev.perennial.scenarios;

import dev.perennial.local.Platform;
import java.nio.file.Path;

/** A local platform of a scenario's own, in memory, on a free port. */
public final class PlatformUnderTest implements AutoCloseable {

  private final Platform platform;

  private PlatformUnderTest(Platform platform) {
    this.platform = platform;
  }

  public static PlatformUnderTest start() {
    return new PlatformUnderTest(
        Platform.start(Platform.Options.inMemory(Path.of("..").toAbsolutePath().normalize())));
  }

  public PlatformClient client() {
    return new PlatformClient(platform.uri());
  }

  @Override
  public void close() {
    platform.close();
  }
}
