package dev.perennial.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The orders of the CDNOW sample (P. S. Fader and B. G. S. Hardie, Marketing Science 24(2), 2005)
 * and what follows from them by plain arithmetic, with nothing of the platform in between.
 *
 * @param byDay orders of a day, in the file's order
 */
record CdnowOrders(TreeMap<LocalDate, List<Order>> byDay) {

  private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;

  /** One line of the file; the order counts as placed at noon UTC. */
  record Order(String customer, int line, Instant at, int quantity, BigDecimal total) {}

  /** The orders of each n-th customer; all of them where that is 1. */
  static CdnowOrders read(Path file, int nth) {
    TreeMap<LocalDate, List<Order>> byDay = new TreeMap<>();
    int line = 0;
    try {
      for (String text : Files.readAllLines(file)) {
        if (text.isBlank()) {
          continue;
        }
        String[] columns = text.strip().split("\\s+", -1);
        if (Integer.parseInt(columns[1]) % nth != 0) {
          continue;
        }
        LocalDate day = LocalDate.parse(columns[2], DATE);
        byDay
            .computeIfAbsent(day, _ -> new ArrayList<>())
            .add(
                new Order(
                    "cdnow-" + columns[1],
                    line++,
                    day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC),
                    Integer.parseInt(columns[3]),
                    new BigDecimal(columns[4])));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CdnowOrders(byDay);
  }

  /** All orders of each customer, oldest first. */
  Map<String, List<Order>> byCustomer() {
    Map<String, List<Order>> customers = new TreeMap<>();
    byDay.values().stream()
        .flatMap(List::stream)
        .forEach(
            order ->
                customers.computeIfAbsent(order.customer(), _ -> new ArrayList<>()).add(order));
    return customers;
  }

  long count() {
    return byDay.values().stream().mapToLong(List::size).sum();
  }

  /** Customers whose orders up to that instant meet the condition. */
  long customers(Instant now, Predicate<List<Order>> condition) {
    return byCustomer().values().stream()
        .map(orders -> orders.stream().filter(order -> !order.at().isAfter(now)).toList())
        .filter(condition)
        .count();
  }

  /**
   * How often customers passed, by the end, the point at which their latest order was more than
   * that long ago.
   */
  long lapses(Duration silence, Instant end) {
    long lapses = 0;
    for (List<Order> orders : byCustomer().values()) {
      for (int i = 0; i < orders.size(); i++) {
        Instant next = i + 1 < orders.size() ? orders.get(i + 1).at() : end;
        if (next.isAfter(orders.get(i).at().plus(silence))) {
          lapses++;
        }
      }
    }
    return lapses;
  }
}
