package dev.perennial.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.scenarios.PlatformClient;
import dev.perennial.scenarios.PlatformUnderTest;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What an event of a known person costs on AWS, by {@code /local/meter}: DynamoDB units and the
 * requests that send to SQS. Lambda adds a receive and a delete for each batch that a function
 * works on.
 */
class CostIT {

  private static final int EVENTS = 20;

  /** Per event. */
  private record Cost(double read, double write, double sqsRequests) {}

  @Test
  void coalescedEventsCostLess() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      client
          .put(
              "/v1/segments/buyers",
              "{\"name\":\"Buyers\",\"where\":{\"event\":\"Order Completed\",\"within\":\"P30D\"}}")
          .ok();
      post(client, batch(person -> order("known-" + person, "first-" + person)));
      post(client, batch(person -> order("known-" + person, "second-" + person)));

      Cost single =
          measured(
              client,
              () -> {
                for (int i = 0; i < EVENTS; i++) {
                  post(client, "{\"batch\":[" + order("known-0", "single-" + i) + "]}");
                }
              });
      Cost ofOne = measured(client, () -> post(client, batch(i -> order("known-1", "one-" + i))));
      Cost ofMany =
          measured(client, () -> post(client, batch(i -> order("known-" + i, "many-" + i))));

      System.out.println("per event                      read units  write units  SQS sends");
      print("single, of a known person", single);
      print("20 of one person in a batch", ofOne);
      print("20 people in a batch", ofMany);
      assertThat(single.write()).isLessThanOrEqualTo(3.5);
      // Here each function asks for the version of definitions anew; on AWS, once a second.
      assertThat(single.read()).isLessThanOrEqualTo(4.5);
      assertThat(ofOne.write()).isLessThan(single.write() / 5);
      assertThat(ofMany.write()).isLessThanOrEqualTo(single.write());
    }
  }

  private static Cost measured(PlatformClient client, Runnable work) {
    client.post("/local/meter", "").ok();
    work.run();
    Fields usage = client.get("/local/meter").ok().body();
    double read = 0;
    double write = 0;
    double sqs = 0;
    for (Value each : usage.fields().values()) {
      Fields function = (Fields) each;
      read += number(function.get("readUnits"));
      write += number(function.get("writeUnits"));
      Fields calls = (Fields) Optional.ofNullable(function.get("calls")).orElseThrow();
      for (String action : calls.fields().keySet()) {
        sqs += action.startsWith("sqs:") ? number(calls.get(action)) : 0;
      }
    }
    return new Cost(read / EVENTS, write / EVENTS, sqs / EVENTS);
  }

  private static double number(Value value) {
    return value instanceof Num(BigDecimal number) ? number.doubleValue() : 0;
  }

  private static void print(String what, Cost cost) {
    System.out.printf(
        "%-29s  %10.2f  %11.2f  %9.2f%n", what, cost.read(), cost.write(), cost.sqsRequests());
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

  private static String order(String user, String messageId) {
    return "{\"type\":\"track\",\"userId\":\"%s\",\"messageId\":\"%s\",\"event\":\"Order Completed\",\"properties\":{\"total\":20}}"
        .formatted(user, messageId);
  }
}
