package dev.perennial.benchmarks;

import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.CompactCatalog;
import dev.perennial.json.CompactCatalogs;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.testkit.InMemoryDefinitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long a process that just started takes to have a catalog of 1,000 segments ready, given its
 * bytes as one item of the table holds them. The clock starts when the JVM runs and the bytes are
 * in memory: loading our classes, inflating and indexing are in it, starting Java and reading the
 * item are not.
 */
final class FreshCatalog {

  private static final int STARTS = 15;

  private FreshCatalog() {}

  /** Measures processes of its own and prints the least and the middle of their times. */
  static void print() throws Exception {
    InMemoryDefinitions definitions = new InMemoryDefinitions();
    for (Rule rule : Rule.rules(1_000, 500)) {
      definitions.put(
          Kind.SEGMENT,
          rule.id(),
          new Fields(Map.of("where", Json.read(rule.condition()))),
          "ready",
          Instant.EPOCH);
    }
    Path file = Files.createTempFile("catalog", ".bin");
    try {
      LiveDefinitions.live(definitions, definitions.catalogVersion(), new Kept(file));
      List<Long> ready = new ArrayList<>();
      List<Long> first = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        String[] micros = start(file).strip().split(" ", -1);
        ready.add(Long.parseLong(micros[0]));
        first.add(Long.parseLong(micros[1]));
      }
      ready.sort(null);
      first.sort(null);
      System.out.printf(
          "A catalog of 1,000 in %,d bytes, %d fresh processes: ready in %.1f ms at best, %.1f in"
              + " the middle; the first profile %.1f and %.1f ms more%n",
          Files.size(file),
          STARTS,
          ready.getFirst() / 1e3,
          ready.get(STARTS / 2) / 1e3,
          first.getFirst() / 1e3,
          first.get(STARTS / 2) / 1e3);
    } finally {
      Files.delete(file);
    }
  }

  private static String start(Path file) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // as Lambda starts Java
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                FreshCatalog.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The fresh process. */
  public static void main(String[] arguments) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(arguments[0]));
    long began = System.nanoTime();
    Segments segments = CompactCatalog.read(bytes).segments();
    long ready = System.nanoTime();
    Facts facts = Engines.facts(segments, Engines.shopper(0));
    long asked = System.nanoTime();
    int met = segments.members(facts, Engines.NOW).size();
    long answered = System.nanoTime();
    if (met == 0) {
      throw new IllegalStateException("the shopper is in some segment");
    }
    System.out.println((ready - began) / 1_000 + " " + (answered - asked) / 1_000);
  }

  private record Kept(Path file) implements CompactCatalogs {
    @Override
    public Optional<byte[]> find(long version) {
      return Optional.empty();
    }

    @Override
    public Optional<byte[]> counted() {
      return Optional.empty();
    }

    @Override
    public void put(long version, byte[] bytes, byte[] counted) {
      try {
        Files.write(file, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
