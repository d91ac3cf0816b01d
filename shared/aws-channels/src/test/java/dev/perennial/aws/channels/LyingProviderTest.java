package dev.perennial.aws.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.value.Value.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** A provider that takes a message and then says nothing, something false, or something useless. */
class LyingProviderTest {

  private static final Message EMAIL =
      new Message(
          "send1",
          new Address(Address.Kind.EMAIL, "ann@example.com"),
          new Rendition.Email("Hi", "<p>Hi</p>", "Hi"));
  private static final Message SMS =
      new Message(
          "send2", new Address(Address.Kind.PHONE, "+4915112345678"), new Rendition.Sms("Hi"));
  private static final Message PUSH =
      new Message(
          "send3",
          new Address(Address.Kind.FCM, "token:1"),
          new Rendition.Push("Hi", "There", "https://example.com", "k", Fields.EMPTY));

  static final List<Message> MESSAGES = List.of(EMAIL, SMS, PUSH);

  private final List<String> posts = new CopyOnWriteArrayList<>();
  private ServerSocket server;
  private volatile String answer = "";

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::serve);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void resetAfterTakingItLeavesDoubtAndIsNotRepeated(Message message) {
    answer = "";

    assertThat(deliver(message)).isInstanceOf(Outcome.Unknown.class);
    assertThat(posts).hasSize(1);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void silenceEndsAtTheDeadlineAndIsNotRepeated(Message message) {
    answer = "silence";

    assertThat(deliver(message)).isInstanceOf(Outcome.Unknown.class);
    assertThat(posts).hasSize(1);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void serverErrorLeavesDoubtAndIsNotRepeated(Message message) {
    answer = http("503 Service Unavailable", "{}");
    assertThat(deliver(message)).isInstanceOf(Outcome.Unknown.class);
    assertThat(posts).hasSize(1);

    answer = http("500 Internal Server Error", "{}");
    assertThat(deliver(message)).isInstanceOf(Outcome.Unknown.class);
    assertThat(posts).hasSize(2);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void throttlingIsWorthAnotherTryButNotHere(Message message) {
    answer = http("429 Too Many Requests", "{}");

    assertThat(deliver(message)).isInstanceOf(Outcome.Retryable.class);
    assertThat(posts).hasSize(1);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void nonsenseLeavesDoubt(Message message) {
    answer = http("200 OK", "<html>");

    assertThat(deliver(message)).isInstanceOf(Outcome.Unknown.class);
    assertThat(posts).hasSize(1);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void nobodyListeningProvesThatNothingWasAccepted(Message message) throws IOException {
    server.close();

    assertThat(deliver(message)).isInstanceOf(Outcome.Retryable.class);
  }

  @ParameterizedTest
  @EnumSource(Address.Kind.class)
  void whatIsNotSetUpIsNotAccepted(Address.Kind kind) {
    Message message =
        switch (kind) {
          case EMAIL -> EMAIL;
          case PHONE -> SMS;
          case FCM, APNS, BAIDU -> PUSH;
        };

    assertThat(ChannelClients.open(Map.of()).deliver(message))
        .isInstanceOf(Outcome.Retryable.class);
  }

  private Outcome deliver(Message message) {
    return ChannelClients.open(
            Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getLocalPort(),
                "EMAIL_FROM", "hello@example.com",
                "PINPOINT_APPLICATION_ID", "app"),
            Duration.ofSeconds(1))
        .deliver(message);
  }

  private static String http(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> converse(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      posts.add(request(socket.getInputStream()));
      if (answer.equals("silence")) {
        socket.getInputStream().readAllBytes();
      } else {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request with its whole body. */
  private static String request(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) in.read());
    }
    String head = text.toString().toLowerCase(Locale.ROOT);
    int at = head.indexOf("content-length:");
    int length = Integer.parseInt(head.substring(at + 15, head.indexOf("\r\n", at)).trim());
    in.readNBytes(length);
    return text.toString();
  }
}
