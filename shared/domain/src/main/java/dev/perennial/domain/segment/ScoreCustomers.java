package dev.perennial.domain.segment;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Population;
import dev.perennial.domain.profile.Population.Stretch;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Scoring.Customer;
import dev.perennial.domain.segment.Scoring.Tally;
import dev.perennial.domain.segment.Scoring.Work;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Makes the cuts between fifths of the customers, each night while some segment asks for scores,
 * and has everybody evaluated by those segments again. Scores themselves are stored nowhere: they
 * follow from the cuts and from what each customer ordered, at every moment.
 */
public final class ScoreCustomers {

  /** The id of the definition that holds the cuts. */
  public static final String CUTS = "rfm";

  private static final int STRETCH = 200;

  private static final Duration KEPT = Duration.ofDays(7);

  private final Definitions definitions;
  private final Population population;
  private final History history;
  private final Scorings scorings;
  private final LiveSegments segments;
  private final Timers timers;
  private final Publisher<Backfill.Work> backfills;
  private final Publisher<Work> again;
  private final Function<Rfm, Fields> document;
  private final Runnable settle;
  private final InstantSource clock;

  /**
   * Of these stores and queues.
   *
   * @param document writes the cuts
   * @param settle returns when nobody works with definitions that are older than the call any more
   */
  public ScoreCustomers(
      Definitions definitions,
      Population population,
      History history,
      Scorings scorings,
      LiveSegments segments,
      Timers timers,
      Publisher<Backfill.Work> backfills,
      Publisher<Work> again,
      Function<Rfm, Fields> document,
      Runnable settle,
      InstantSource clock) {
    this.definitions = definitions;
    this.population = population;
    this.history = history;
    this.scorings = scorings;
    this.segments = segments;
    this.timers = timers;
    this.backfills = backfills;
    this.again = again;
    this.document = document;
    this.settle = settle;
    this.clock = clock;
  }

  /**
   * Works on the shard until it is done or time is short; then what is left is told anew.
   *
   * @param timeIsShort asked after each step
   */
  public void work(Work work, BooleanSupplier timeIsShort) {
    Scoring scoring = work.scoring();
    Optional<Tally> known =
        scorings.tallies(scoring).stream()
            .filter(stored -> stored.shard() == work.shard())
            .findFirst();
    if (known.isEmpty()) {
      // Whoever just made the first segment that asks for scores is heard.
      settle.run();
    }
    Segments live = segments.latest();
    Tally tally = known.orElseGet(() -> Tally.start(work.shard()));
    while (!tally.done()) {
      Stretch stretch = population.walk(work.shard(), Backfill.SHARDS, STRETCH, tally.cursor());
      Instant now = clock.instant();
      tally = tally.after(customers(stretch.people(), live, now), stretch.cursor());
      if (!scorings.save(scoring, tally, now.plus(KEPT))) {
        return;
      }
      if (!tally.done() && timeIsShort.getAsBoolean()) {
        again.publish(List.of(work));
        return;
      }
    }
    List<Tally> all = scorings.tallies(scoring);
    if (all.stream().filter(Tally::done).count() == Backfill.SHARDS) {
      finish(scoring, all, live);
    }
  }

  /** All of it may happen again after a crash. */
  private void finish(Scoring scoring, List<Tally> all, Segments live) {
    List<Customer> customers = all.stream().flatMap(tally -> tally.customers().stream()).toList();
    List<SegmentId> asking = live.readingScores();
    if (!customers.isEmpty() && !asking.isEmpty()) {
      Rfm rfm = new Rfm(scoring.timer().minute(), cuts(customers));
      Fields cuts = document.apply(rfm);
      boolean made =
          definitions
              .find(Kind.SCORES, CUTS)
              .filter(newest -> newest.document().equals(cuts))
              .isPresent();
      if (!made) {
        definitions.put(Kind.SCORES, CUTS, cuts, Definition.READY, clock.instant());
      }
      asking.forEach(segment -> backfill(segment, BackfillSegment.cuts(definitions)));
    }
    if (!asking.isEmpty()) {
      timers.register(scoring.next().timer());
    }
    timers.delete(scoring.timer());
  }

  private void backfill(SegmentId id, int cuts) {
    definitions.changeStatus(Kind.SEGMENT, id.value(), Definition.READY, BackfillSegment.EDITING);
    definitions
        .find(Kind.SEGMENT, id.value())
        .filter(BackfillSegment::isPending)
        .ifPresent(
            segment -> backfills.publish(new Backfill(id, segment.version(), false, cuts).works()));
  }

  private List<Customer> customers(List<Person> people, Segments live, Instant now) {
    List<Customer> customers = new ArrayList<>();
    for (Person person : people) {
      Person counted =
          person.counts(live.counters()) ? person : person.counting(live.counters(), history);
      Orders orders = Orders.of(new Moment(Facts.of(counted.facets().values()), now));
      if (orders != null) {
        customers.add(
            new Customer(
                person.id().value(),
                Duration.between(orders.latest(), now).toSeconds(),
                orders.count(),
                orders.paid()));
      }
    }
    return customers;
  }

  private static Map<Dimension, List<BigDecimal>> cuts(List<Customer> customers) {
    Map<Dimension, List<BigDecimal>> cuts = new EnumMap<>(Dimension.class);
    cuts.put(Dimension.R, cuts(customers, customer -> BigDecimal.valueOf(customer.recency())));
    cuts.put(Dimension.F, cuts(customers, customer -> BigDecimal.valueOf(customer.orders())));
    cuts.put(Dimension.M, cuts(customers, Customer::paid));
    return cuts;
  }

  /** The values that a fifth, two fifths and so on of the customers do not exceed. */
  private static List<BigDecimal> cuts(
      List<Customer> customers, Function<Customer, BigDecimal> value) {
    List<BigDecimal> sorted = customers.stream().map(value).sorted().toList();
    List<BigDecimal> cuts = new ArrayList<>();
    for (int fifth = 1; fifth <= Rfm.CUTS; fifth++) {
      cuts.add(sorted.get(Math.ceilDiv(fifth * sorted.size(), Rfm.CUTS + 1) - 1));
    }
    return cuts;
  }
}
