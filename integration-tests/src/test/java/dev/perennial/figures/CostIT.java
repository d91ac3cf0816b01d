package dev.perennial.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.scenarios.PlatformClient;
import dev.perennial.scenarios.PlatformUnderTest;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What an event of a known person costs on AWS, by {@code /local/meter}: DynamoDB units and the
 * requests that send to SQS. Lambda adds a receive and a delete for each batch that a function
 * works on.
 */
class CostIT {

  private static final int EVENTS = 20;

  /** Every ninth event of an owner writes a page of history. */
  private static final double PAGE = 1.0 / 9;

  /**
   * Per event.
   *
   * @param recordedRead read units of RecordEvents, which keeps identity, profile and history
   * @param recordedWrite write units of the same
   * @param asked read units of the same that asked whether definitions changed
   */
  private record Cost(
      double asked,
      double recordedRead,
      double recordedWrite,
      double read,
      double write,
      double sqsRequests) {}

  /**
   * As on AWS, where a warm function asks once a second whether definitions changed: recording
   * reads so much less for every event in between.
   */
  @Test
  void anEventOfAKnownPersonIsCheapWhileDefinitionsAreFresh() {
    try (PlatformUnderTest platform =
        PlatformUnderTest.start(Map.of("DEFINITIONS_FRESH_FOR", "PT1S"))) {
      PlatformClient client = known(platform);

      Cost single = singles(client, user("known-0"), "single-");
      Cost three = singles(client, threeIdentifiers(), "three-");
      Cost ofOne =
          measured(client, () -> post(client, batch(i -> order(user("known-1"), "one-" + i))));
      Cost ofMany =
          measured(client, () -> post(client, batch(i -> order(user("known-" + i), "many-" + i))));

      print("single", single);
      print("single, three identifiers", three);
      print("20 of one person in a batch", ofOne);
      print("20 people in a batch", ofMany);
      assertThat(single.recordedRead() - single.asked()).isLessThanOrEqualTo(1.0);
      assertThat(single.recordedWrite()).isLessThanOrEqualTo(2.0 + PAGE);
      assertThat(single.read()).isLessThanOrEqualTo(2.0 + 2 * 0.5);
      assertThat(single.write()).isLessThanOrEqualTo(2.4);
      assertThat(single.sqsRequests()).isLessThanOrEqualTo(2.3);
      assertThat(three.recordedRead() - three.asked()).isLessThanOrEqualTo(1.0 + 2 * 0.5);
      assertThat(three.write()).isLessThanOrEqualTo(2.4);
      assertThat(three.sqsRequests()).isLessThanOrEqualTo(2.3);
      assertThat(ofOne.recordedWrite()).isLessThanOrEqualTo(0.2);
      assertThat(ofOne.recordedRead() - ofOne.asked()).isLessThanOrEqualTo(0.1);
      assertThat(ofOne.write()).isLessThanOrEqualTo(0.2);
      assertThat(ofOne.sqsRequests()).isLessThanOrEqualTo(0.15);
      assertThat(ofMany.recordedWrite()).isLessThanOrEqualTo(single.recordedWrite());
      assertThat(ofMany.recordedRead() - ofMany.asked()).isLessThanOrEqualTo(1.15);
      assertThat(ofMany.write()).isLessThanOrEqualTo(single.write());
      // Two requests take them all, and at worst each is recorded alone.
      assertThat(ofMany.sqsRequests()).isLessThanOrEqualTo(1.1);
    }
  }

  /** On the local platform each batch asks whether definitions changed. */
  @Test
  void askingWhetherDefinitionsChangedCostsHalfAUnit() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = known(platform);

      Cost single = singles(client, user("known-0"), "single-");

      print("single, asking for definitions", single);
      assertThat(single.recordedRead()).isLessThanOrEqualTo(1.5);
      assertThat(single.read()).isLessThanOrEqualTo(2.0 + 2 * 0.5);
    }
  }

  /** A client of a platform that knows 20 people and has a segment about their orders. */
  private static PlatformClient known(PlatformUnderTest platform) {
    PlatformClient client = platform.client();
    client
        .put(
            "/v1/segments/buyers",
            "{\"name\":\"Buyers\",\"where\":{\"event\":\"Order Completed\",\"within\":\"P30D\"}}")
        .ok();
    for (String time : new String[] {"first-", "second-"}) {
      post(client, batch(i -> order(user("known-" + i), time + i)));
      post(client, "{\"batch\":[" + order(threeIdentifiers(), time + "three") + "]}");
    }
    return client;
  }

  private static Cost singles(PlatformClient client, String identifiers, String messageIds) {
    return measured(
        client,
        () -> {
          for (int i = 0; i < EVENTS; i++) {
            post(client, "{\"batch\":[" + order(identifiers, messageIds + i) + "]}");
          }
        });
  }

  private static Cost measured(PlatformClient client, Runnable work) {
    client.post("/local/meter", "").ok();
    work.run();
    Fields usage = client.get("/local/meter").ok().body();
    double read = 0;
    double write = 0;
    double sqs = 0;
    for (Map.Entry<String, Value> each : usage.fields().entrySet()) {
      if (each.getKey().equals("LifecycleTick")) {
        continue; // A minute of the machine's that began meanwhile.
      }
      Fields function = (Fields) each.getValue();
      read += number(function.get("readUnits"));
      write += number(function.get("writeUnits"));
      Fields calls = (Fields) Optional.ofNullable(function.get("calls")).orElseThrow();
      for (String action : calls.fields().keySet()) {
        sqs += action.startsWith("sqs:") ? number(calls.get(action)) : 0;
      }
    }
    return new Cost(
        0.5 * number(usage.at("RecordEvents.calls.dynamodb:GetItem")) / EVENTS,
        number(usage.at("RecordEvents.readUnits")) / EVENTS,
        number(usage.at("RecordEvents.writeUnits")) / EVENTS,
        read / EVENTS,
        write / EVENTS,
        sqs / EVENTS);
  }

  private static double number(@Nullable Value value) {
    return value instanceof Num(BigDecimal number) ? number.doubleValue() : 0;
  }

  private static void print(String what, Cost cost) {
    System.out.printf(
        "%-31s recording: %5.2f read, %5.2f write; in all: %5.2f read, %5.2f write, %5.2f SQS%n",
        what,
        cost.recordedRead(),
        cost.recordedWrite(),
        cost.read(),
        cost.write(),
        cost.sqsRequests());
  }

  private static void post(PlatformClient client, String batch) {
    client.ingest("/v1/batch", batch).ok();
    client.awaitIdle();
  }

  private static String batch(IntFunction<String> event) {
    return IntStream.range(0, EVENTS)
        .mapToObj(event)
        .collect(Collectors.joining(",", "{\"batch\":[", "]}"));
  }

  private static String user(String id) {
    return "\"userId\":\"" + id + "\"";
  }

  private static String threeIdentifiers() {
    return "\"userId\":\"three\",\"anonymousId\":\"device\",\"context\":{\"traits\":{\"email\":\"three@example.com\"}}";
  }

  private static String order(String identifiers, String messageId) {
    return "{\"type\":\"track\",%s,\"messageId\":\"%s\",\"event\":\"Order Completed\",\"properties\":{\"total\":20}}"
        .formatted(identifiers, messageId);
  }
}
