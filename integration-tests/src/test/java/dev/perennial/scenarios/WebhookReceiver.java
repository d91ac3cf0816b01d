package dev.perennial.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A stand-in for a receiver of webhooks, which verifies signatures by itself. */
final class WebhookReceiver implements AutoCloseable {

  /** Posts that came, those that were refused included. */
  final List<Post> posts = new CopyOnWriteArrayList<>();

  /** Of these, the ids of those that were taken. */
  final List<String> taken = new CopyOnWriteArrayList<>();

  /** Nothing is answered while somebody holds this. */
  final Semaphore silence = new Semaphore(Integer.MAX_VALUE);

  /** How many posts to refuse first. */
  final AtomicInteger refusals = new AtomicInteger();

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());

  /** One post. */
  record Post(String id, String timestamp, List<String> signatures, String body) {

    /** Whom it is about. */
    String profile() {
      return body.replaceFirst(".*\"profile\":\"([^\"]*)\".*", "$1");
    }

    /** Whether it is signed with that secret, {@code whsec_…}. */
    boolean isSignedWith(String secret) {
      try {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] signed = mac.doFinal((id + "." + timestamp + "." + body).getBytes(UTF_8));
        return signatures.contains("v1," + Base64.getEncoder().encodeToString(signed));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  WebhookReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::receive);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/in";
  }

  private void receive(HttpExchange exchange) throws IOException {
    posts.add(
        new Post(
            exchange.getRequestHeaders().getFirst("webhook-id"),
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            List.of(exchange.getRequestHeaders().getFirst("webhook-signature").split(" ", -1)),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    boolean refused = refusals.getAndDecrement() > 0;
    silence.acquireUninterruptibly();
    silence.release();
    try {
      exchange.sendResponseHeaders(refused ? 503 : 204, -1);
      if (!refused) {
        taken.add(exchange.getRequestHeaders().getFirst("webhook-id"));
      }
    } catch (IOException _) {
      // Whoever posted has given up.
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
