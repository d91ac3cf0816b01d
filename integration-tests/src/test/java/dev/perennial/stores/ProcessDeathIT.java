package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.Digest;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The process is killed before and after every call of a store, of a provider and of a queue, on
 * every course that a message takes; half of the recipients object while it is dead. Whoever gets
 * the messages next sends nothing twice, nothing after an objection, and loses nothing silently.
 */
@ExtendWith(LocalTables.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProcessDeathIT {

  private static final Pattern SEND =
      Pattern.compile("(?:\"sendId\",\"Value\"|\"TraceId\"):\"([a-z2-7]+)\"");
  private static final Pattern ADDRESS = Pattern.compile("\"Addresses\":\\{\"([^\"]+)\"");

  /** By then nobody can be at it any more who died. */
  private static final Duration AFTERWARDS = Duration.ofMinutes(3);

  /** Most that a message may go that goes at least once. */
  private static final int MOST_ACCEPTED = 4;

  private final Map<String, Passage> passages = new HashMap<>();
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final Map<String, Integer> accepted = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final HttpServer provider;
  private final DynamoDbClient dynamo;
  private final DynamoConsents consents;
  private final DynamoPeople people;
  private final DynamoSends sends;
  private final DynamoTimers timers;
  private final SendMessage sendMessage;

  ProcessDeathIT(DynamoDbClient dynamo) throws IOException {
    this.dynamo = dynamo;
    consents = new DynamoConsents(dynamo, "People");
    people = new DynamoPeople(dynamo, "People", new DynamoTotals(dynamo, "Definitions"), "main");
    sends = new DynamoSends(dynamo, "Sends", consents, "Definitions");
    timers = new DynamoTimers(dynamo, "Timers");
    for (Course course : Course.values()) {
      for (int death = 0; death < Passage.MOST_CALLS; death++) {
        for (boolean objects : new boolean[] {false, true}) {
          Passage passage = new Passage(course, death, objects);
          passages.put(passage.id(), passage);
        }
      }
    }
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext("/", this::answer);
    provider.start();
    sendMessage = new DyingSender(dynamo, url()).sendMessage(DyingSender.Watch.NONE);
  }

  @AfterAll
  void stop() {
    provider.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsSentTwiceOrAfterAnObjectionOrLost(Course course) throws Exception {
    int calls = die(course);
    assertThat(calls).isBetween(7, Passage.MOST_CALLS - 1);
    List<Passage> all = new ArrayList<>();
    for (int death = 0; death <= calls; death++) {
      all.add(new Passage(course, death, false));
      all.add(new Passage(course, death, true));
    }

    Map<Passage, Integer> before = new HashMap<>();
    all.stream().filter(Passage::objects).forEach(this::object);
    all.forEach(passage -> before.put(passage, accepted(passage)));
    all.forEach(passage -> DyingSender.receive(sendMessage, passage, AFTERWARDS));
    int fired = fire();

    Map<State, Integer> ends = new EnumMap<>(State.class);
    for (Passage passage : all) {
      Send end = sends.find(passage.id()).orElseThrow(() -> new AssertionError("lost: " + passage));
      check(passage, end);
      if (passage.objects()) {
        assertThat(accepted(passage)).as("%s", passage).isEqualTo(before.get(passage));
      }
      ends.merge(end.state(), 1, Integer::sum);
    }
    assertThat(fire()).isZero();
    int gone = all.stream().mapToInt(this::accepted).sum();
    System.out.printf(
        "%s: killed before each of %d calls and after the last, %d messages: accepted %d, %s%n",
        course, calls, all.size(), gone, ends);
    assertThat(isTaken(course, all, fired, gone)).as("%s is idle", course).isTrue();
  }

  /** Whether what makes the course happened. */
  private boolean isTaken(Course course, Collection<Passage> all, int fired, int gone) {
    return switch (course) {
      case EMAIL, SMS -> gone >= all.size() / 2;
      case PUSH -> gone > 0 && all.stream().anyMatch(one -> told.contains(renewal(one)));
      case THROTTLED -> all.stream().anyMatch(one -> times(one) == 2 && accepted(one) == 1);
      case GONE -> gone == 0 && all.stream().anyMatch(one -> told.contains(person(one).value()));
      case WAITING -> fired >= 5 && gone > 0;
      case FALLBACK -> all.stream().anyMatch(one -> times(one) == 2 && accepted(one) == 1);
      case AGAIN -> all.stream().anyMatch(one -> accepted(one) > 1);
    };
  }

  private static String renewal(Passage passage) {
    return Digest.of("token", passage.id(), "new-" + passage.address(Channel.PUSH).value());
  }

  private void check(Passage passage, Send end) {
    int count = accepted(passage);
    assertThat(count)
        .as("%s was sent twice", passage)
        .isLessThanOrEqualTo(passage.course().isMarketing() ? 1 : MOST_ACCEPTED);
    boolean clear =
        switch (end.state()) {
          case SENT -> count > 0;
          case UNKNOWN -> true;
          case REFUSED ->
              count == 0
                  && (passage.course() == Course.GONE || passage.course() == Course.FALLBACK);
          case NOT_SENT -> count == 0 && passage.objects();
          case CLAIMED, RETRYABLE, DEFERRED -> false;
        };
    assertThat(clear)
        .as("%s is %s and was accepted %s times", passage, end.state(), count)
        .isTrue();
    boolean counts = end.state() == State.SENT || end.state() == State.UNKNOWN;
    assertThat(isCounted(passage))
        .as("%s is %s and counts", passage, end.state())
        .isEqualTo(counts);
    if (passage.course() == Course.GONE && end.state() == State.REFUSED) {
      assertThat(consents.of(passage.address(Channel.PUSH).key("main")).block()).isNotNull();
      assertThat(told).contains(person(passage).value());
    }
  }

  private boolean isCounted(Passage passage) {
    Set<PersonId> ids = new HashSet<>(Set.of(person(passage)));
    passage.course().channels().forEach(one -> ids.add(passage.address(one).key("main")));
    return consents.of(ids).values().stream()
        .anyMatch(one -> one.counted().stream().anyMatch(it -> it.send().equals(passage.id())));
  }

  private static PersonId person(Passage passage) {
    return passage.person().id();
  }

  private int accepted(Passage passage) {
    return accepted.getOrDefault(passage.id(), 0);
  }

  private int times(Passage passage) {
    return asked.getOrDefault(passage.id(), 0);
  }

  private void object(Passage passage) {
    String topic = passage.course().isMarketing() ? Consent.ALL : Policy.TRANSACTIONAL;
    for (Channel channel : passage.course().channels()) {
      new RecordConsent("main", consents, _ -> {})
          .record(
              people,
              passage.person(),
              person(passage),
              new Consent(channel, topic, Consent.Decision.DENIED, Passage.NOW, "consent", "form"));
    }
  }

  /** Lets every timer fire that is due; answers how many. */
  private int fire() {
    List<Due> due = new ArrayList<>();
    Instant now = Passage.NOW.plus(AFTERWARDS);
    timers.forEachDue(now, due::add);
    due.forEach(timer -> assertThat(sendMessage.send(timer, now)).isTrue());
    return due.size();
  }

  /** How many calls there are on the course; before each of them a message was cut off. */
  private int die(Course course) throws IOException, InterruptedException {
    File log = new File("target/dying-sender-" + course + ".log");
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DyingSender.class.getName(),
                dynamo.serviceClientConfiguration().endpointOverride().orElseThrow().toString(),
                url(),
                course.name())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start()
            .waitFor();
    List<String> words = Files.readAllLines(log.toPath());
    assertThat(code).as("%s", words).isEqualTo(DyingSender.HALTED);
    return Integer.parseInt(words.getLast());
  }

  private String url() {
    return "http://127.0.0.1:" + provider.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Matcher send = SEND.matcher(body);
      if (!send.find()) {
        told.addAll(List.of(body.split(" ", -1)));
        respond(exchange, 200, "{}", "");
        return;
      }
      Passage passage = passages.get(send.group(1));
      boolean first = asked.merge(passage.id(), 1, Integer::sum) == 1;
      Matcher address = ADDRESS.matcher(body);
      String to = address.find() ? address.group(1) : null;
      if (passage.course() == Course.THROTTLED && first) {
        respond(exchange, 429, "{}", "TooManyRequestsException");
      } else if (passage.course() == Course.FALLBACK && to == null) {
        respond(exchange, 400, "{}", "MessageRejected");
      } else if (passage.course() == Course.GONE) {
        respond(exchange, 200, result(to, "PERMANENT_FAILURE", 410, "Unregistered"), "");
      } else {
        accepted.merge(passage.id(), 1, Integer::sum);
        if (passage.course() == Course.AGAIN && first) {
          respond(exchange, 500, "{}", "InternalFailure");
        } else {
          respond(exchange, 200, result(to, "SUCCESSFUL", 200, "ok"), "");
        }
      }
    }
  }

  private static String result(@Nullable String to, String status, int code, String words) {
    return to == null
        ? "{\"MessageId\":\"m1\"}"
        : """
        {"Result":{"%s":{"DeliveryStatus":"%s","StatusCode":%d,"StatusMessage":"%s",
          "MessageId":"m1"%s}}}\
        """
            .formatted(
                to,
                status,
                code,
                words,
                to.startsWith("token:") && code == 200
                    ? ",\"UpdatedToken\":\"new-" + to + "\""
                    : "");
  }

  private static void respond(HttpExchange exchange, int status, String json, String error)
      throws IOException {
    byte[] answer = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (!error.isEmpty()) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", error);
    }
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
  }
}
