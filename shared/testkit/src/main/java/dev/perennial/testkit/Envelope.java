package dev.perennial.testkit;

import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Samples of what AWS hands to functions, from {@code events/}, read and written by Lambda's own
 * serializer.
 */
public final class Envelope {

  private Envelope() {}

  /**
   * The envelope as the handler gets it.
   *
   * @param sample for example {@code accept-events/track.json}
   */
  public static <E> E read(Class<E> type, String sample) {
    try (InputStream in = Files.newInputStream(file(sample))) {
      return LambdaEventSerializers.serializerFor(type, type.getClassLoader()).fromJson(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Lambda sends back for what the handler returned, as JSON. */
  public static <R> String write(Class<R> type, R response) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LambdaEventSerializers.serializerFor(type, type.getClassLoader()).toJson(response, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * The sample's file; tests run in their module's folder, somewhere below the one that holds
   * {@code events/}.
   */
  public static Path file(String sample) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path file = folder.resolve("events").resolve(sample);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new IllegalArgumentException("events/ has no " + sample);
  }
}
