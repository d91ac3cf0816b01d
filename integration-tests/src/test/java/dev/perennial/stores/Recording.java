package dev.perennial.stores;

import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.json.SegmentCodec;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** RecordEvents as one process has it, over any stores. */
public record Recording(
    People people,
    History history,
    Totals totals,
    Publisher<ProfileChange> changes,
    Publisher<Trigger> triggers,
    Timers timers) {

  /** When everything is recorded. */
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** Each tracked event has one of these names, which a journey listens to and a segment counts. */
  public static final List<String> NAMES = List.of("Signed Up", "Order Completed");

  private static final Catalog CATALOG =
      new Catalog(
          1,
          Counters.of(
              NAMES.stream()
                  .map(name -> "{\"where\":{\"event\":\"" + name + "\",\"within\":\"P30D\"}}")
                  .map(segment -> SegmentCodec.read((Fields) Json.read(segment)))
                  .toList()),
          Set.copyOf(NAMES));

  /** A process that just started. */
  public RecordEvents start(long seed) {
    return new RecordEvents(
        people,
        history,
        () -> CATALOG,
        totals,
        changes,
        triggers,
        timers,
        10,
        () -> NOW,
        Pause.withJitter(new Random(seed)));
  }
}
