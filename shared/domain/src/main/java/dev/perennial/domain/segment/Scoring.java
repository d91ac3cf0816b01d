package dev.perennial.domain.segment;

import dev.perennial.domain.timer.Due;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The scoring of a night: from what all customers ordered come the cuts between fifths.
 *
 * @param day whose beginning, in UTC, it is for
 */
public record Scoring(LocalDate day) {

  /** Customers of a shard that are kept: with so few all of them, else as good a sample as any. */
  static final int MOST_CUSTOMERS = 1_000;

  /** The scoring whose timer that is. */
  public static Scoring of(Due timer) {
    return of(timer.minute());
  }

  /** The scoring of the day of that instant. */
  public static Scoring of(Instant instant) {
    return new Scoring(LocalDate.ofInstant(instant, ZoneOffset.UTC));
  }

  /** Its timer: the midnight with which the day begins. */
  public Due timer() {
    return Due.ofScoring(day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /** The scoring of the next night. */
  Scoring next() {
    return new Scoring(day.plusDays(1));
  }

  /** The work on all shards. */
  public List<Work> works() {
    return IntStream.range(0, Backfill.SHARDS).mapToObj(shard -> new Work(this, shard)).toList();
  }

  /** The work on one shard of people: to go on where it stands. */
  public record Work(Scoring scoring, int shard) {}

  /**
   * What one customer ordered.
   *
   * @param key by which a sample is drawn: a hash of who it is
   * @param recency in seconds since the latest order
   */
  public record Customer(String key, long recency, long orders, BigDecimal paid) {}

  /**
   * Where the work on a shard stands.
   *
   * @param cursor where to go on; null at the beginning and at the end
   */
  public record Tally(
      int shard, long steps, @Nullable String cursor, boolean done, List<Customer> customers) {
    public Tally {
      customers = List.copyOf(customers);
    }

    static Tally start(int shard) {
      return new Tally(shard, 0, null, false, List.of());
    }

    Tally after(List<Customer> more, @Nullable String end) {
      List<Customer> all = new ArrayList<>(customers);
      all.addAll(more);
      List<Customer> kept =
          all.stream().sorted(Comparator.comparing(Customer::key)).limit(MOST_CUSTOMERS).toList();
      return new Tally(shard, steps + 1, end, end == null, kept);
    }
  }
}
