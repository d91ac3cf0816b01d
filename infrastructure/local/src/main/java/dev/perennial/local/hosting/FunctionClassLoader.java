package dev.perennial.local.hosting;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The world of one function: its packaged jars, the JDK, and Lambda's core interfaces, which it
 * shares with the host. As a supplier it gives the function its environment: {@code variables}, a
 * map of strings, and {@code clock}, an {@link InstantSource}.
 */
final class FunctionClassLoader extends URLClassLoader implements Supplier<Map<String, Object>> {

  static {
    registerAsParallelCapable();
  }

  private final Map<String, Object> environment;
  private final FunctionLog log;

  /** A loader over every jar of that folder. */
  FunctionClassLoader(
      String name, Path lib, Map<String, String> variables, InstantSource clock, FunctionLog log)
      throws IOException {
    super(name, jars(lib), new CoreClassLoader());
    this.environment = Map.of("variables", Map.copyOf(variables), "clock", clock);
    this.log = log;
  }

  /** Where the function's output goes. */
  FunctionLog log() {
    return log;
  }

  @Override
  public Map<String, Object> get() {
    return environment;
  }

  private static URL[] jars(Path lib) throws IOException {
    if (!Files.isDirectory(lib)) {
      throw new IOException("no packaged function in " + lib);
    }
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(lib, "*.jar")) {
      for (Path file : files) {
        jars.add(file.toUri().toURL());
      }
    }
    return jars.toArray(URL[]::new);
  }

  /** Sees the JDK and {@code aws-lambda-java-core}, nothing else of the host. */
  private static final class CoreClassLoader extends ClassLoader {

    private static final String CORE = "com.amazonaws.services.lambda.runtime.";

    static {
      registerAsParallelCapable();
    }

    CoreClassLoader() {
      super("lambda-core", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (isCore(name)) {
        return FunctionClassLoader.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }

    /**
     * Events, serialization and others live below the same package, but come from the function's
     * own jars.
     */
    private static boolean isCore(String name) {
      if (!name.startsWith(CORE)) {
        return false;
      }
      String rest = name.substring(CORE.length());
      return rest.indexOf('.') < 0 || rest.startsWith("logging.");
    }
  }
}
