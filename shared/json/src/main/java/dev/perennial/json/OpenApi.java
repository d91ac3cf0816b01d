package dev.perennial.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The description of the HTTP API, OpenAPI 3.1 in YAML. */
public final class OpenApi {

  private OpenApi() {}

  public static String yaml() {
    try (InputStream yaml = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
      return new String(Objects.requireNonNull(yaml).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
