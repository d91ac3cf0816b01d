package dev.perennial.infrastructure.aws;

import java.nio.file.Path;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Environment;

/**
 * Synthesizes one stage. The CDK command line runs it as {@code cdk.json} says, in this module's
 * folder.
 */
public final class PerennialApp {

  private PerennialApp() {}

  public static void main(String[] args) {
    Map<String, String> machine = System.getenv();
    App app = new App(props(AppProps.builder()));
    new PerennialStack(
        app,
        Settings.of(app.getNode()),
        Path.of("..", "..", "functions"),
        Environment.builder()
            .account(machine.get("CDK_DEFAULT_ACCOUNT"))
            .region(machine.get("CDK_DEFAULT_REGION"))
            .build());
    app.synth();
  }

  /** Two runs write the same bytes: a stack trace would name a folder that is new in each. */
  static AppProps props(AppProps.Builder builder) {
    return builder
        .analyticsReporting(false)
        .stackTraces(false)
        .context(Map.of("aws:cdk:disable-creation-stack-traces", true))
        .build();
  }
}
