package dev.perennial.local.http;

import com.sun.net.httpserver.HttpServer;
import dev.perennial.local.hosting.FunctionLog;
import dev.perennial.local.hosting.HostedFunction;
import dev.perennial.local.queues.Activity;
import dev.perennial.topology.Function;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The HTTP front on the loopback address: what API Gateway does for the routes of the topology, and
 * {@code /local/*}.
 */
public final class Front implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads;

  private Front(HttpServer server) {
    this.server = server;
    // Platform threads: functions run on them, and a virtual thread that loads a class cannot leave
    // its carrier.
    this.threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("http-", 0).factory());
  }

  /**
   * Takes the port; {@link #start} begins to answer.
   *
   * @param port 0 takes a free one
   * @throws java.net.BindException when the port is in use
   */
  public static Front bind(int port) throws IOException {
    return new Front(
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0));
  }

  /** Begins to answer with those functions. */
  public void start(
      Map<Function, HostedFunction> functions,
      LocalRoutes local,
      Activity activity,
      InstantSource clock,
      FunctionLog log) {
    Answers answers = new Answers(functions, local, activity, clock, log);
    server.setExecutor(threads);
    server.createContext("/", answers::answer);
    server.start();
  }

  /** For example {@code http://127.0.0.1:8080}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
