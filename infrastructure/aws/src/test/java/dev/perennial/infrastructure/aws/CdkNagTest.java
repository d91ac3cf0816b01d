package dev.perennial.infrastructure.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;

/**
 * Reads the reports: one line a rule and resource, {@code
 * "rule","resource","compliance","reason","level","text"}.
 */
@EnabledIf(
    value = "dev.perennial.infrastructure.aws.Synthesis#nodeIsOnThePath",
    disabledReason = "CDK needs Node: there is no node on the PATH")
final class CdkNagTest {

  private static final Pattern EXPLAINED =
      Pattern.compile("\"[^\"]*\",\"[^\"]*\",\"(Compliant|Suppressed)\"");

  @ParameterizedTest
  @ValueSource(strings = {"AwsSolutions", "Serverless"})
  void packFindsNothingUnexplained(String pack) throws IOException {
    List<String> report = report(pack);

    assertThat(report).hasSizeGreaterThan(20);
    assertThat(report).filteredOn(line -> !EXPLAINED.matcher(line).lookingAt()).isEmpty();
  }

  @Test
  void cdkItselfWarnsOfNothing() {
    Annotations annotations = Synthesis.shared().annotations();

    annotations.hasNoError("*", Match.anyValue());
    annotations.hasNoWarning("*", Match.anyValue());
  }

  private static List<String> report(String pack) throws IOException {
    String name = pack + "-" + Synthesis.SETTINGS.stackName() + "-NagReport.csv";
    try (Stream<String> lines = Files.lines(Synthesis.shared().assembly().resolve(name))) {
      return lines.skip(1).toList();
    }
  }
}
