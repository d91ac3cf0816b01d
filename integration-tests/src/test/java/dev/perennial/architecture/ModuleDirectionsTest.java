package dev.perennial.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reads the compiled classes of every module, so that no module can be left out by forgetting a
 * dependency.
 */
class ModuleDirectionsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of(
          "shared/domain",
          "shared/json",
          "shared/aws-dynamodb",
          "shared/aws-queues",
          "shared/aws-channels",
          "shared/lambda-runtime",
          "functions/ingest",
          "functions/identity",
          "functions/segments",
          "functions/journeys",
          "functions/delivery",
          "infrastructure/topology",
          "infrastructure/local",
          "infrastructure/aws");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPaths(
              MODULES.stream()
                  .map(module -> ROOT.resolve(module).resolve("target/classes"))
                  .toList());

  @Test
  void everyModuleIsRead() {
    for (String module : MODULES) {
      assertThat(ROOT.resolve(module).resolve("target/classes")).isDirectory();
    }
    assertThat(CLASSES.contain("dev.perennial.domain.event.Event")).isTrue();
    assertThat(CLASSES.contain("dev.perennial.local.Platform")).isTrue();
  }

  @Test
  void theDomainKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.perennial.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.perennial.domain..", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void theTopologyKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.perennial.topology..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.perennial.topology..", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void jsonKnowsOnlyTheDomainAndItsParsers() {
    classes()
        .that()
        .resideInAPackage("dev.perennial.json..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.perennial.json..",
            "dev.perennial.domain..",
            "tools.jackson.core..",
            "com.google.re2j..",
            "java..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void adaptersDoNotKnowEachOther() {
    slices().matching("dev.perennial.aws.(*)..").should().notDependOnEachOther().check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.perennial.aws..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.perennial.lambda..", "dev.perennial.functions..", "dev.perennial.topology..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.perennial.lambda..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.perennial.aws..", "dev.perennial.functions..", "software.amazon.awssdk..")
        .check(CLASSES);
  }

  @Test
  void aFunctionKnowsNeitherAnotherNorTheAwsSdk() {
    slices()
        .matching("dev.perennial.functions.(*)..")
        .should()
        .notDependOnEachOther()
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.perennial.functions..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "software.amazon..",
            "dev.perennial.topology..",
            "dev.perennial.local..",
            "dev.perennial.infrastructure..")
        .check(CLASSES);
  }

  @Test
  void onlyTheRuntimeAndTheLocalPlatformReadTheMachinesClock() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.perennial.lambda..", "dev.perennial.local..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  /**
   * The runtime seeds {@code SecureRandom} anew in each copy of a snapshot; any other generator
   * would go on alike in all.
   */
  @Test
  void whatRunsFromASnapshotDrawsFromSecureRandomOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.perennial.functions..", "dev.perennial.aws..", "dev.perennial.lambda..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(SplittableRandom.class, ThreadLocalRandom.class)
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .callMethod(RandomGenerator.class, "getDefault")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  /** As far as git knows: state and builds may lie beside. */
  @Test
  void theTopLevelIsSevenEntriesAndALicense() throws IOException {
    assumeThat(ROOT.resolve(".git")).exists();
    Process git = new ProcessBuilder("git", "-C", ROOT.toString(), "ls-files").start();

    try (Stream<String> files = git.inputReader(UTF_8).lines()) {
      assertThat(files.map(file -> file.split("/", 2)[0]).filter(name -> !name.startsWith(".")))
          .containsOnly(
              "pom.xml",
              "README.md",
              "LICENSE",
              "functions",
              "infrastructure",
              "shared",
              "events",
              "integration-tests");
    }
  }
}
