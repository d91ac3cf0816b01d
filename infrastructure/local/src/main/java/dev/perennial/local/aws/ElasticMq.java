package dev.perennial.local.aws;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * ElasticMQ, an in-memory SQS server, in a class loader of its own so that its Scala and Pekko
 * never meet our classes.
 *
 * <p>Its messages live in memory only. That loses nothing: a platform that is idle has empty
 * queues, and it drains them before it closes.
 */
final class ElasticMq implements AutoCloseable {

  /** Silent, on daemon threads, and without a shutdown hook: the platform closes it. */
  private static final String SETTINGS =
      """
      pekko {
        loggers = []
        loglevel = "OFF"
        stdout-loglevel = "OFF"
        logging-filter = "org.apache.pekko.event.DefaultLoggingFilter"
        log-dead-letters = off
        daemonic = on
        jvm-shutdown-hooks = off
        jvm-exit-on-fatal-error = off
        coordinated-shutdown.run-by-jvm-shutdown-hook = off
      }
      """;

  /** The account that its queue URLs and ARNs name. */
  static final String ACCOUNT = "000000000000";

  private final URLClassLoader loader;
  private final Object actorSystem;
  private final Object server;
  private final URI uri;
  private final JsonProtocol client;

  private ElasticMq(URLClassLoader loader, Object actorSystem, Object server, URI uri) {
    this.loader = loader;
    this.actorSystem = actorSystem;
    this.server = server;
    this.uri = uri;
    this.client = new JsonProtocol(uri, "AmazonSQS");
  }

  /**
   * Starts it on a free loopback port.
   *
   * @param libraries folder of its jars
   * @throws IllegalStateException when it does not start
   */
  static ElasticMq start(Path libraries) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      URLClassLoader loader =
          new URLClassLoader("elasticmq", jars(libraries), ClassLoader.getPlatformClassLoader());
      thread.setContextClassLoader(loader); // Pekko reads its reference.conf from here
      Class<?> configs = loader.loadClass("com.typesafe.config.ConfigFactory");
      Class<?> config = loader.loadClass("com.typesafe.config.Config");
      Object settings = configs.getMethod("parseString", String.class).invoke(null, SETTINGS);
      Object complete =
          configs.getMethod("load", ClassLoader.class, config).invoke(null, loader, settings);
      Class<?> systems = loader.loadClass("org.apache.pekko.actor.ActorSystem");
      Object system =
          systems
              .getMethod("create", String.class, config, ClassLoader.class)
              .invoke(null, "elasticmq", complete, loader);
      Object builder =
          loader
              .loadClass("org.elasticmq.rest.sqs.SQSRestServerBuilder")
              .getMethod("withDynamicPort")
              .invoke(null);
      builder = call(builder, "withInterface", String.class, "127.0.0.1");
      builder = call(builder, "withActorSystem", systems, system);
      Object server = call(builder, "start");
      Object binding = call(server, "waitUntilStarted");
      int port = ((InetSocketAddress) call(binding, "localAddress")).getPort();
      return new ElasticMq(loader, system, server, URI.create("http://127.0.0.1:" + port));
    } catch (ReflectiveOperationException | IOException e) {
      Throwable cause =
          e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
      throw new IllegalStateException("ElasticMQ did not start: " + cause, cause);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  URI uri() {
    return uri;
  }

  JsonProtocol client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    try (loader) {
      call(server, "stopAndWait");
      call(actorSystem, "terminate");
      ((CompletionStage<?>) call(actorSystem, "getWhenTerminated")).toCompletableFuture().join();
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException("ElasticMQ did not stop: " + e, e);
    }
  }

  private static URL[] jars(Path folder) throws IOException {
    List<URL> urls = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path file : files) {
        urls.add(file.toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static Object call(Object target, String method) throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }

  private static Object call(Object target, String method, Class<?> type, Object argument)
      throws ReflectiveOperationException {
    return target.getClass().getMethod(method, type).invoke(target, argument);
  }
}
