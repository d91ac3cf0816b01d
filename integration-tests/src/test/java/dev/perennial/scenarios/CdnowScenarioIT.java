package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.scenarios.CdnowOrders.Order;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Eighteen months of real orders, day by day on the moved clock: the segments' sizes equal plain
 * arithmetic over the file, and each lapse brings exactly one win-back message.
 */
@EnabledIf(
    value = "fileIsThere",
    disabledReason = "give the CDNOW sample's path: -Dcdnow.file=…/CDNOW_sample.txt")
class CdnowScenarioIT {

  /** An eighth of the customers, and with the laws at their full size all. */
  private static final int NTH = Integer.getInteger("laws.scale", 1) > 1 ? 1 : 8;

  private static final String FILE = System.getProperty("cdnow.file", "");
  private static final LocalDate FIRST = LocalDate.of(1997, 1, 1);
  private static final LocalDate END = LocalDate.of(1998, 7, 1);
  private static final List<LocalDate> CENSUS =
      List.of(LocalDate.of(1997, 6, 30), LocalDate.of(1997, 12, 31), LocalDate.of(1998, 6, 30));
  private static final Duration LAPSE = Duration.ofDays(60);

  private static final Map<String, String> SEGMENTS =
      Map.of(
          "recent", "{\"event\":\"Order Completed\",\"within\":\"P30D\"}",
          "lapsed", "{\"event\":\"Order Completed\",\"lastBefore\":\"P60D\"}",
          "loyal", "{\"event\":\"Order Completed\",\"count\":{\"gte\":3}}",
          "spender",
              "{\"event\":\"Order"
                  + " Completed\",\"sum\":\"total\",\"within\":\"P90D\",\"is\":{\"gte\":100}}");

  static boolean fileIsThere() {
    return !FILE.isEmpty() && Files.isReadable(Path.of(FILE));
  }

  @Test
  void sizesEqualArithmeticAndEachLapseBringsOneMessage() {
    CdnowOrders orders = CdnowOrders.read(Path.of(FILE), NTH);
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      client.clock(FIRST.atStartOfDay().toInstant(ZoneOffset.UTC));
      define(client);
      long began = System.nanoTime();
      Set<String> known = new HashSet<>();
      for (LocalDate day = FIRST; day.isBefore(END); day = day.plusDays(1)) {
        List<Order> today = orders.byDay().getOrDefault(day, List.of());
        if (!today.isEmpty()) {
          client.clock(day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC));
          assertThat(client.ingest("/v1/batch", batch(today, known)).ok().body().get("rejected"))
              .isNull();
        }
        if (CENSUS.contains(day)) {
          Instant now = day.atTime(23, 59, 59).toInstant(ZoneOffset.UTC);
          client.clock(now);
          assertSizes(client, orders, now);
        }
      }
      client.clock(END.atStartOfDay().toInstant(ZoneOffset.UTC));

      double seconds = (System.nanoTime() - began) / 1e9;
      long events = orders.count() + known.size();
      System.out.printf(
          "CDNOW: %d events of %d people over %d days in %.0f s: %.0f events/s%n",
          events,
          known.size(),
          FIRST.until(END, java.time.temporal.ChronoUnit.DAYS),
          seconds,
          events / seconds);
      assertThat(client.get("/v1/insights/totals").ok().number("profiles")).isEqualTo(known.size());
      assertThat(client.get("/v1/insights/totals").ok().number("events")).isEqualTo(events);
      assertThat(client.inbox())
          .hasSize((int) orders.lapses(LAPSE, END.atStartOfDay().toInstant(ZoneOffset.UTC)));
    }
  }

  private static void define(PlatformClient client) {
    SEGMENTS.forEach(
        (id, where) ->
            client
                .put("/v1/segments/" + id, "{\"name\":\"" + id + "\",\"where\":" + where + "}")
                .ok());
    client
        .put(
            "/v1/content/we-miss-you",
            """
            {"email":{"subject":"We miss you","text":"It has been a while, {{ profile.traits.email }}."}}\
            """)
        .ok();
    client
        .put(
            "/v1/journeys/win-back",
            """
            {"name":"Win-back","trigger":{"segment":"lapsed","on":"entered"},"reentry":"always",
             "steps":[{"id":"mail","send":{"content":"we-miss-you","channels":["email"]}}]}\
            """)
        .ok();
    client.post("/v1/journeys/win-back/launch", "").ok();
  }

  private static String batch(List<Order> orders, Set<String> known) {
    StringJoiner events = new StringJoiner(",", "{\"batch\":[", "]}");
    for (Order order : orders) {
      if (known.add(order.customer())) {
        events.add(
            """
            {"type":"identify","messageId":"identify-%1$s","userId":"%1$s","timestamp":"%2$s",
             "traits":{"email":"%1$s@example.com"},"context":{"timezone":"UTC"}}\
            """
                .formatted(order.customer(), order.at()));
      }
      events.add(
          """
          {"type":"track","messageId":"order-%d","userId":"%s","timestamp":"%s","event":"Order Completed",
           "properties":{"total":%s,"quantity":%d,"currency":"USD"}}\
          """
              .formatted(
                  order.line(), order.customer(), order.at(), order.total(), order.quantity()));
    }
    return events.toString();
  }

  private static void assertSizes(PlatformClient client, CdnowOrders orders, Instant now) {
    Map<String, Predicate<List<Order>>> expected =
        Map.of(
            "recent", bought -> !within(bought, now, 30).isEmpty(),
            "lapsed",
                bought -> !bought.isEmpty() && bought.getLast().at().isBefore(now.minus(LAPSE)),
            "loyal", bought -> bought.size() >= 3,
            "spender",
                bought ->
                    within(bought, now, 90).stream()
                            .map(Order::total)
                            .reduce(BigDecimal.ZERO, BigDecimal::add)
                            .compareTo(new BigDecimal(100))
                        >= 0);
    expected.forEach(
        (id, condition) ->
            assertThat(client.get("/v1/segments/" + id).ok().number("size"))
                .as("%s at %s", id, now)
                .isEqualTo(orders.customers(now, condition)));
  }

  private static List<Order> within(List<Order> orders, Instant now, int days) {
    return orders.stream()
        .filter(order -> order.at().isAfter(now.minus(Duration.ofDays(days))))
        .toList();
  }
}
