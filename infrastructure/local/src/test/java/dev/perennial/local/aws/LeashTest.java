package dev.perennial.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LeashTest {

  @Test
  void aChildEndsWithItsStandardInput() throws Exception {
    Process child = endless();
    try {
      assertThat(child.getInputStream().read()).isEqualTo('x'); // its main class runs

      child.getOutputStream().close();

      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends a signal")
  void aChildLeavesCtrlCToItsParent() throws Exception {
    Process child = endless();
    try {
      assertThat(child.getInputStream().read()).isEqualTo('x');

      new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();

      assertThat(child.waitFor(1, TimeUnit.SECONDS)).isFalse();
      child.getOutputStream().close();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
    } finally {
      child.destroyForcibly();
    }
  }

  private static Process endless() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Leash.class.getName(),
            Endless.class.getName())
        .start();
  }

  /** Says that it runs and never ends. */
  public static final class Endless {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.write('x');
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}
