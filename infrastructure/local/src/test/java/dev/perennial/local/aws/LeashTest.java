package dev.perennial.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeashTest {

  @Test
  void aChildEndsWithItsStandardInput() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Leash.class.getName(),
                Endless.class.getName())
            .start();
    try {
      assertThat(child.getInputStream().read()).isEqualTo('x'); // its main class runs

      child.getOutputStream().close();

      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
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
