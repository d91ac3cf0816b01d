package dev.perennial.functions.identity;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryQuarantine;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the handlers of this module share, in memory. */
final class Stores {

  static final String WORKSPACE = "main";
  static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

  Instant now = NOW;
  final InMemoryTotals totals = new InMemoryTotals();
  final InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
  final InMemoryHistory history = new InMemoryHistory();
  final InMemoryQuarantine quarantine = new InMemoryQuarantine(WORKSPACE);
  final InMemoryTimers timers = new InMemoryTimers();
  final List<ProfileChange> changes = new ArrayList<>();

  ShowProfile showProfile(Consents consents) {
    return new ShowProfile(
        consents,
        history,
        quarantine,
        () -> LiveDefinitions.portraits(new InMemoryDefinitions()),
        WORKSPACE);
  }

  RecordEvents recordEvents() {
    return new RecordEvents(
        people,
        history,
        () -> Catalog.EMPTY,
        totals,
        changes::addAll,
        _ -> {},
        timers,
        10,
        () -> now,
        _ -> {});
  }
}
