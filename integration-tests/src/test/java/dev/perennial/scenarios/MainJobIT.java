package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sign up, be welcomed, buy, fall silent, be won back. */
class MainJobIT {

  private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

  private static final List<String> EVENTS =
      List.of(
          """
          {"type":"track","messageId":"m1","anonymousId":"v1","event":"Product Viewed",
           "timestamp":"2026-03-01T09:00:01Z","properties":{"sku":"a"}}\
          """,
          """
          {"type":"identify","messageId":"m2","userId":"ada","anonymousId":"v1",
           "timestamp":"2026-03-01T09:00:02Z","traits":{"email":"ada@example.com","plan":"free"}}\
          """,
          """
          {"type":"track","messageId":"m3","userId":"ada","event":"Signed Up",
           "timestamp":"2026-03-01T09:00:03Z"}\
          """,
          """
          {"type":"track","messageId":"m4","userId":"ada","event":"Order Completed",
           "timestamp":"2026-03-01T09:00:04Z","properties":{"total":12.5}}\
          """,
          """
          {"type":"identify","messageId":"m5","userId":"ada",
           "timestamp":"2026-03-01T09:00:05Z","traits":{"plan":"pro"}}\
          """,
          """
          {"type":"track","messageId":"m6","userId":"bob","event":"Order Completed",
           "timestamp":"2026-03-01T09:00:06Z","properties":{"total":120}}\
          """);

  @Test
  void theStoryEndsWithTwoMessages() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      define(client);

      client.ingest("/v1/batch", "{\"batch\":[" + String.join(",", EVENTS) + "]}").ok();
      client.awaitIdle();
      assertThat(client.inbox("ada@example.com"))
          .extracting(message -> message.text("subject"))
          .containsExactly("Welcome");

      client.advance(Duration.ofDays(13));
      assertThat(client.inbox("ada@example.com")).hasSize(1);

      client.advance(Duration.ofDays(2));
      assertThat(client.inbox("ada@example.com"))
          .extracting(message -> message.text("subject"))
          .containsExactly("Welcome", "We miss you");
      assertThat(client.get("/v1/segments/quiet14").number("size")).isEqualTo(2);

      client.advance(Duration.ofDays(60));
      assertThat(client.inbox("ada@example.com")).hasSize(2);
    }
  }

  @Test
  void twiceAndInRandomOrderIsAsOnceAndInOrder() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      define(client);
      Map<String, List<String>> orders = new LinkedHashMap<>();
      orders.put("once", EVENTS);
      for (long seed = 1; seed <= 5; seed++) {
        List<String> twice =
            new ArrayList<>(Stream.concat(EVENTS.stream(), EVENTS.stream()).toList());
        Collections.shuffle(twice, new Random(seed));
        orders.put("twice" + seed, twice);
      }
      // The same people under other names, each history in requests of its own.
      orders.forEach(
          (name, events) -> {
            for (String event : events) {
              client.ingest("/v1/batch", "{\"batch\":[" + named(event, name) + "]}").ok();
            }
          });
      client.advance(Duration.ofDays(15));

      String expected = finalState(client, "once");
      assertThat(expected).contains("We miss you").contains("Welcome").contains("quiet14");
      for (String name : orders.keySet()) {
        assertThat(finalState(client, name)).as(name).isEqualTo(expected);
      }
      Fields totals = client.get("/v1/insights/totals").ok().body();
      assertThat(totals.get("profiles")).isEqualTo(Num.of(2L * orders.size()));
      assertThat(totals.get("events")).isEqualTo(Num.of((long) EVENTS.size() * orders.size()));
    }
  }

  @Test
  void membershipsAreFresh() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      client.clock(START);
      client.put("/v1/segments/buyers", "{\"where\":{\"event\":\"Order Completed\"}}").ok();
      client
          .put(
              "/v1/segments/quiet",
              "{\"where\":{\"event\":\"Order Completed\",\"lastBefore\":\"PT1H\"}}")
          .ok();
      client.awaitIdle();

      List<Long> live = new ArrayList<>();
      for (int person = 0; person <= 20; person++) {
        client.ingest("/v1/track", order(person)).ok();
        long accepted = System.nanoTime();
        while (client.get("/v1/segments/buyers").ok().number("size") <= person) {
          assertThat(System.nanoTime() - accepted).isLessThan(30_000_000_000L);
        }
        live.add((System.nanoTime() - accepted) / 1_000_000);
      }
      live.removeFirst(); // which loaded the functions
      print("visible after the event was accepted, in ms", live);
      // The promise is 2 s. The worst of a machine that others use says more of them: one in ten
      // may be later there, and none later than 6 s.
      assertThat(median(live)).isLessThanOrEqualTo(1_000);
      assertThat(percentile(live, 90)).isLessThanOrEqualTo(2_000);
      assertThat(live).allMatch(millis -> millis <= 6_000);

      client.advance(Duration.ofHours(2));
      Map<String, Instant> since = new HashMap<>();
      for (Fields member : client.get("/v1/segments/quiet/members?limit=200").ok().items()) {
        since.put(
            Objects.requireNonNull(member.text("id")),
            Instant.parse(Objects.requireNonNull(member.text("enteredAt"))));
      }
      List<Long> timed = new ArrayList<>();
      for (int person = 0; person <= 20; person++) {
        String id = client.profile("userId:u" + person).ok().text("id");
        Instant entered = Objects.requireNonNull(since.get(id));
        timed.add(Duration.between(at(person).plus(Duration.ofHours(1)), entered).toMillis());
      }
      print("entered after the instant at which only time had passed, in ms", timed);
      assertThat(timed).allMatch(millis -> millis > 0 && millis <= 60_000);
    }
  }

  private static Instant at(int person) {
    return START.minusSeconds(37L * person + 1);
  }

  private static String order(int person) {
    return "{\"userId\":\"u"
        + person
        + "\",\"messageId\":\"f"
        + person
        + "\",\"event\":\"Order Completed\",\"timestamp\":\""
        + at(person)
        + "\"}";
  }

  private static void print(String what, List<Long> figures) {
    System.out.printf(
        "A membership is %s: median %d, 90th percentile %d, worst %d of %d%n",
        what, median(figures), percentile(figures, 90), Collections.max(figures), figures.size());
  }

  private static long median(List<Long> figures) {
    return percentile(figures, 50);
  }

  private static long percentile(List<Long> figures, int percent) {
    return figures.stream().sorted().toList().get((figures.size() - 1) * percent / 100);
  }

  /** The event with each person's names and message ids made those of one history. */
  private static String named(String event, String history) {
    return event
        .replace("\"v1\"", "\"v1-" + history + "\"")
        .replace("\"ada\"", "\"ada-" + history + "\"")
        .replace("\"bob\"", "\"bob-" + history + "\"")
        .replace("ada@", "ada-" + history + "@");
  }

  /** All that is known of the history's people and sent to them, without what names them. */
  private static String finalState(PlatformClient client, String history) {
    StringBuilder state = new StringBuilder();
    for (String person : List.of("ada-", "bob-")) {
      Fields profile = client.profile("userId:" + person + history).ok().body();
      String id = Optional.ofNullable(profile.text("id")).orElseThrow();
      state.append(profile);
      // A send's id is made of what is left out here.
      client.get("/v1/profiles/" + id + "/history").ok().items().stream()
          .filter(item -> !Objects.equals(item.text("type"), "send"))
          .forEach(state::append);
      state.append(
          client.get("/v1/segments/quiet14/members?limit=200").ok().items().stream()
              .filter(member -> Objects.equals(member.text("id"), id))
              .count());
      for (Fields message : client.inbox(person + history + "@example.com")) {
        state.append(message.get("subject"));
      }
      int start = state.indexOf(id);
      while (start >= 0) {
        state.replace(start, start + id.length(), "its id");
        start = state.indexOf(id);
      }
    }
    return state.toString().replace("-" + history, "");
  }

  private static void define(PlatformClient client) {
    client.clock(START);
    client
        .put(
            "/v1/segments/quiet14",
            "{\"name\":\"No order for 14 days\",\"where\":{\"event\":\"Order"
                + " Completed\",\"lastBefore\":\"P14D\"}}")
        .ok();
    content(client, "welcome", "Welcome");
    content(client, "miss-you", "We miss you");
    journey(client, "welcome", "{\"event\":\"Signed Up\"}");
    journey(client, "miss-you", "{\"segment\":\"quiet14\",\"on\":\"entered\"}");
  }

  private static void content(PlatformClient client, String id, String subject) {
    client
        .put(
            "/v1/content/" + id,
            "{\"email\":{\"subject\":\"" + subject + "\",\"text\":\"Hello.\"}}")
        .ok();
  }

  private static void journey(PlatformClient client, String id, String trigger) {
    client
        .put(
            "/v1/journeys/" + id,
            "{\"name\":\""
                + id
                + "\",\"trigger\":"
                + trigger
                + ",\"steps\":[{\"id\":\"mail\",\"send\":{\"content\":\""
                + id
                + "\",\"channels\":[\"email\"]}}]}")
        .ok();
    client.post("/v1/journeys/" + id + "/launch", "").ok();
  }
}
