package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The process is killed before and after every call of a store and of the provider. Whoever gets
 * the message next sends nothing twice, nothing after an opt-out, and loses nothing silently.
 */
@ExtendWith(LocalTables.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProcessDeathIT {

  /** No call is this one. */
  private static final int NEVER = 99;

  private final Queue<String> posts = new ConcurrentLinkedQueue<>();
  private final HttpServer provider;
  private final DynamoDbClient dynamo;
  private final DynamoConsents consents;
  private final DynamoSends sends;

  ProcessDeathIT(DynamoDbClient dynamo) throws IOException {
    this.dynamo = dynamo;
    consents = new DynamoConsents(dynamo, "People");
    sends = new DynamoSends(dynamo, "Sends", consents, "Definitions");
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/",
        exchange -> {
          try (exchange) {
            posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = "{\"MessageId\":\"m1\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    provider.start();
    Person ann =
        new Person(
            DyingSender.EMAIL.hash("main"),
            0,
            Map.of(DyingSender.EMAIL, DyingSender.NOW),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null);
    new DynamoPeople(dynamo, "People", new DynamoTotals(dynamo, "Definitions"), "main")
        .save(
            new People.Change(
                List.of(ann),
                List.of(),
                List.of(),
                Map.of(DyingSender.EMAIL, ann.id()),
                Map.of(),
                1));
  }

  @AfterAll
  void stop() {
    provider.stop(0);
  }

  @Test
  void nothingIsSentTwiceOrSilentlyLost() throws Exception {
    int deaths = 0;
    long counted = counted();
    for (String moment : List.of("before", "after")) {
      for (int call = 0; run("a-" + moment + call, call, moment) == DyingSender.HALTED; call++) {
        deaths++;
        String occurrence = "a-" + moment + call;
        assertThat(run(occurrence, NEVER, moment)).isZero();

        Send end = stored(occurrence);
        assertThat(posts(end)).as("%s call %d", moment, call).isLessThanOrEqualTo(1);
        assertThat(end.state()).isIn(State.SENT, State.UNKNOWN);
        assertThat(posts(end) == 1 || end.state() == State.UNKNOWN).isTrue();
      }
    }
    System.out.println("killed at " + deaths + " moments");
    assertThat(deaths).isGreaterThanOrEqualTo(14);
    // Of both moments the last run died at no call.
    assertThat(counted() - counted).isEqualTo(deaths + 2);
  }

  /** Sends that went or may have gone. */
  private long counted() {
    return new DynamoTotals(dynamo, "Definitions")
        .read(List.of("sends.email.sent", "sends.email.unknown")).values().stream()
            .mapToLong(n -> n)
            .sum();
  }

  @Test
  void nothingIsSentAfterAnOptOut() throws Exception {
    for (int call = 0; run("b" + call, call, "before") == DyingSender.HALTED; call++) {
      String occurrence = "b" + call;
      long before = posts.size();
      decide(Consent.Decision.DENIED, call);
      assertThat(run(occurrence, NEVER, "before")).isZero();

      assertThat(posts).hasSize((int) before);
      assertThat(stored(occurrence).state()).isIn(State.NOT_SENT, State.UNKNOWN, State.SENT);
      decide(Consent.Decision.GRANTED, call);
    }
  }

  private void decide(Consent.Decision decision, int second) {
    int later = decision == Consent.Decision.GRANTED ? 1 : 0;
    new RecordConsent("main", consents, _ -> {})
        .record(
            List.of(DyingSender.EMAIL.hash("main")),
            new Consent(
                Channel.EMAIL,
                "marketing",
                decision,
                DyingSender.NOW.plusSeconds(2L * second + later),
                null,
                null));
  }

  private Send stored(String occurrence) {
    return sends
        .find(SendMessage.id("main", DyingSender.request(occurrence)))
        .orElseThrow(() -> new AssertionError("lost: " + occurrence));
  }

  private long posts(Send send) {
    return posts.stream().filter(post -> post.contains(send.id())).count();
  }

  private int run(String occurrence, int call, String moment)
      throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            DyingSender.class.getName(),
            dynamo.serviceClientConfiguration().endpointOverride().orElseThrow().toString(),
            "http://127.0.0.1:" + provider.getAddress().getPort(),
            occurrence,
            Integer.toString(call),
            moment)
        .redirectErrorStream(true)
        .redirectOutput(new File("target/dying-sender.log"))
        .start()
        .waitFor();
  }
}
