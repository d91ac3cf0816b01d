package dev.perennial.aws.channels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.webhook.Targets;
import dev.perennial.domain.webhook.WebhookSender.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SocketWebhookSenderTest {

  private final SocketWebhookSender sender =
      new SocketWebhookSender(new Targets(true), Duration.ofSeconds(1));
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aPostCarriesHeadersAndBody() {
    CompletableFuture<String> request = answer("HTTP/1.1 204 No Content\r\n\r\n");

    assertThat(post("/in?a=b")).isEqualTo(new Answer.Answered(204));

    assertThat(request.join())
        .startsWith("POST /in?a=b HTTP/1.1\r\nHost: localhost:" + server.getLocalPort() + "\r\n")
        .contains("\r\nContent-Length: 2\r\n", "\r\nwebhook-id: msg_1\r\n")
        .endsWith("\r\n\r\n{}");
  }

  @Test
  void aRedirectionIsNotFollowed() {
    CompletableFuture<String> _ =
        answer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n");

    assertThat(post("/")).isEqualTo(new Answer.Answered(302));
  }

  @Test
  void whoeverTalksOnWithoutEndIsCutOff() {
    CompletableFuture<String> _ = answer("HTTP/1.1 200" + " ".repeat(2000));

    assertThat(post("/")).isEqualTo(new Answer.Failed("no HTTP"));
  }

  @Test
  void whoeverDoesNotAnswerIsCutOff() {
    assertThat(post("/")).isInstanceOf(Answer.Failed.class);
  }

  @Test
  void nothingGoesToAnAddressThatIsNotPublic() {
    SocketWebhookSender strict = new SocketWebhookSender(new Targets(false), Duration.ofSeconds(1));

    assertThat(strict.post(URI.create("https://localhost/"), Map.of(), new byte[0]))
        .isInstanceOf(Answer.Forbidden.class);
    assertThat(sender.post(URI.create("http://nobody.invalid/"), Map.of(), new byte[0]))
        .isInstanceOf(Answer.Failed.class);
  }

  private Answer post(String path) {
    return sender.post(
        URI.create("http://localhost:" + server.getLocalPort() + path),
        Map.of("webhook-id", "msg_1"),
        "{}".getBytes(UTF_8));
  }

  /** Answers one request, which ends with its body of two bytes. */
  private CompletableFuture<String> answer(String text) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("{}")) {
              request.append((char) in.read());
            }
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return request.toString();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
