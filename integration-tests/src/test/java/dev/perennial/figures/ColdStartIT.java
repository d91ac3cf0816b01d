package dev.perennial.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.local.aws.Backends;
import dev.perennial.topology.Function;
import dev.perennial.topology.Topology;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What each function weighs, and what its first event costs in a fresh process. */
class ColdStartIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final int MOST_CLASSES = 6_600;
  private static final double MOST_MEGABYTES = 11.5;

  /** With the clients of two providers, and templates. */
  private static final double MOST_MEGABYTES_OF_SENDERS = 22;

  private static final Pattern FIGURES = Pattern.compile("classes=(\\d+) cpuMs=(\\d+)");

  @Test
  void eachFunctionHandlesItsFirstEventInAFreshProcess() throws Exception {
    StringBuilder table =
        new StringBuilder("function          zip MB  classes  CPU ms%n".formatted());
    try (Backends backends =
        Backends.start(ROOT.resolve("infrastructure/local/target"), null, InstantSource.system())) {
      for (Function function : Topology.functions()) {
        String output = firstInvocation(function, backends);
        Matcher figures = FIGURES.matcher(output.strip());
        assertThat(figures.matches()).as(function.name()).isTrue();
        double megabytes = zipBytes(lib(function)) / 1e6;
        table.append(
            "%-16s  %6.2f  %7s  %6s%n"
                .formatted(function.name(), megabytes, figures.group(1), figures.group(2)));
        assertThat(Integer.parseInt(figures.group(1)))
            .as(function.name())
            .isLessThanOrEqualTo(MOST_CLASSES);
        assertThat(megabytes)
            .as(function.name())
            .isLessThanOrEqualTo(
                function.module().equals("delivery") ? MOST_MEGABYTES_OF_SENDERS : MOST_MEGABYTES);
      }
    }
    System.out.println(table);
  }

  private static String firstInvocation(Function function, Backends backends)
      throws IOException, InterruptedException {
    String separator = File.pathSeparator;
    String serialization =
        Stream.of(System.getProperty("java.class.path").split(separator))
            .filter(path -> path.contains("serialization") || path.endsWith("test-classes"))
            .collect(Collectors.joining(separator));
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            lib(function) + "/*" + separator + serialization,
            FirstInvocation.class.getName(),
            function.handler(),
            sample(function).toString());
    process.environment().putAll(backends.gateway(function).variables());
    process.redirectErrorStream(false).redirectError(ProcessBuilder.Redirect.DISCARD);
    Process started = process.start();
    String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    started.waitFor();
    return output;
  }

  /** The first sample of {@code events/<handler>/}, by name. */
  private static Path sample(Function function) throws IOException {
    String folder = function.name().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    try (Stream<Path> samples = Files.list(ROOT.resolve("events").resolve(folder))) {
      return samples
          .filter(path -> path.toString().endsWith(".json"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path lib(Function function) {
    return ROOT.resolve("functions").resolve(function.module()).resolve("target/lambda/lib");
  }

  private static long zipBytes(Path folder) throws IOException {
    long[] bytes = {0};
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int one) {
            bytes[0]++;
          }

          @Override
          public void write(byte[] many, int offset, int length) {
            bytes[0] += length;
          }
        };
    try (ZipOutputStream zip = new ZipOutputStream(counting);
        Stream<Path> jars = Files.list(folder)) {
      for (Path jar : jars.sorted().toList()) {
        zip.putNextEntry(new ZipEntry("lib/" + jar.getFileName()));
        Files.copy(jar, zip);
        zip.closeEntry();
      }
    }
    return bytes[0];
  }
}
