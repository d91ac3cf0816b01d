package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Function;
import dev.perennial.topology.Setting;
import dev.perennial.topology.Topology;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.ServerlessChecks;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Template;

/**
 * One run of the app over stand-ins for the functions' code, with both cdk-nag packs looking on.
 *
 * @param assembly the folder that was written
 * @param annotations what the packs and CDK object to
 */
record Synthesis(Path assembly, EvaluatedTemplate template, Annotations annotations) {

  static final String ACCOUNT = "111122223333";
  static final String REGION = "eu-west-1";
  static final Settings SETTINGS =
      new Settings(
          "test",
          "hello@example.com",
          "app1",
          Map.of(
              Setting.ERASED_REFUSED_FOR, "P60D",
              Setting.MOST_USER_IDS, "20",
              Setting.QUARANTINE_BEYOND, "50"));

  /** CDK runs in Node, whatever language its app is written in. */
  static boolean nodeIsOnThePath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
  }

  /** The run that all tests look at: starting Node and loading CDK is most of their time. */
  static Synthesis shared() {
    return Shared.SYNTHESIS;
  }

  /** Writes into a folder that must be new: cdk-nag appends to reports that it finds. */
  static Synthesis into(Path assembly) {
    App app = new App(PerennialApp.props(AppProps.builder().outdir(assembly.toString())));
    var stack =
        new PerennialStack(
            app,
            SETTINGS,
            standIns(),
            Environment.builder().account(ACCOUNT).region(REGION).build());
    Suppressions.apply(stack);
    Aspects.of(app).add(AwsSolutionsChecks.Builder.create().build());
    Aspects.of(app).add(ServerlessChecks.Builder.create().build());
    app.synth();
    return new Synthesis(
        assembly,
        EvaluatedTemplate.of(Template.fromStack(stack).toJSON()),
        Annotations.fromStack(stack));
  }

  /** Code as the functions' modules package it, so that these tests need no build of them. */
  private static Path standIns() {
    Path functions = Path.of("target", "stand-ins", "functions");
    try {
      for (String module :
          Topology.functions().stream().map(Function::module).distinct().toList()) {
        Path lib = functions.resolve(module).resolve("target").resolve("lambda").resolve("lib");
        Files.createDirectories(lib);
        Files.writeString(lib.resolve(module + ".jar"), module);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return functions;
  }

  private static final class Shared {
    static final Synthesis SYNTHESIS = into(fresh());

    private static Path fresh() {
      try {
        Path target = Files.createDirectories(Path.of("target"));
        return Files.createTempDirectory(target, "cdk-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
