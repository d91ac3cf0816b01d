package dev.perennial.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

  private static final Instant NOW = Instant.parse("1997-01-01T00:00:00Z");

  /** A loader that tells its classes their environment. */
  private static final class Supplying extends URLClassLoader
      implements Supplier<Map<String, Object>> {
    Supplying(URL... classes) {
      super(classes, getPlatformClassLoader());
    }

    @Override
    public Map<String, Object> get() {
      return Map.of("variables", Map.of("WORKSPACE", "shop"), "clock", InstantSource.fixed(NOW));
    }
  }

  @Test
  void comesFromTheLoaderOfItsClass() throws Exception {
    URL classes = Environment.class.getProtectionDomain().getCodeSource().getLocation();
    try (Supplying loader = new Supplying(classes)) {
      Class<?> type = loader.loadClass(Environment.class.getName());
      Object environment = type.getMethod("current").invoke(null);

      assertThat(type.getMethod("workspace").invoke(environment)).isEqualTo("shop");
      assertThat(((InstantSource) type.getMethod("clock").invoke(environment)).instant())
          .isEqualTo(NOW);
    }
  }

  @Test
  void comesFromTheProcessOtherwise() {
    Environment environment = Environment.current();

    assertThat(environment.variables()).isEqualTo(System.getenv());
    assertThat(environment.clock()).isEqualTo(InstantSource.system());
  }

  @Test
  void tellsWhichVariableIsMissing() {
    Environment environment = new Environment(Map.of("BLANK", " "), InstantSource.fixed(NOW));

    assertThat(environment.workspace()).isEqualTo("main");
    assertThatThrownBy(() -> environment.require("BLANK")).hasMessageContaining("BLANK");
  }
}
