package dev.perennial.aws.channels;

import com.sun.net.httpserver.HttpServer;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A provider that answers 200 with what a test says, and keeps what it was asked. */
final class HonestProvider implements AutoCloseable {

  private final HttpServer server;
  private volatile String answer = "{}";
  private volatile String asked = "";

  HonestProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  Outcome deliver(Message message, String json) {
    answer = json;
    return ChannelClients.open(
            Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort(),
                "EMAIL_FROM", "hello@example.com",
                "SES_CONFIGURATION_SET", "emails",
                "PINPOINT_APPLICATION_ID", "app"),
            Duration.ofSeconds(10))
        .deliver(message);
  }

  /** Body of the latest request. */
  String asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
