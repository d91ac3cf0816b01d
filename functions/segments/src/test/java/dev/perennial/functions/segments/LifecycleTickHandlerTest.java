package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LifecycleTickHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  @Test
  void theClockAndNotTheScheduleSaysWhatIsDue() {
    InMemoryTimers timers = new InMemoryTimers();
    timers.register(Due.ofPerson(new PersonId("ann"), NOW));
    timers.register(Due.ofPerson(new PersonId("bob"), NOW.plusSeconds(120)));
    List<Due> told = new ArrayList<>();
    LifecycleTickHandler handler =
        new LifecycleTickHandler(
            new LifecycleTick(timers, told::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {}),
            new InMemoryDefinitions(),
            _ -> {},
            () -> NOW.plusSeconds(60));

    handler.handleRequest(
        Envelope.read(ScheduledEvent.class, "lifecycle-tick/tick.json"), new Invocation());

    assertThat(told).containsExactly(Due.ofPerson(new PersonId("ann"), NOW));
  }

  @Test
  void rulesThatSomeSegmentIsOlderThanAreToldOfAgainEachHour() {
    InMemoryDefinitions definitions = new InMemoryDefinitions();
    List<RulesChange> told = new ArrayList<>();
    segment(definitions, "rich", "{\"computed\":\"arpu\",\"gte\":3}", NOW);
    segment(definitions, "best", "{\"computed\":\"arpu\",\"gte\":9}", NOW);
    Instant at = NOW.plusSeconds(1);
    for (String trait : List.of("arpu", "orders")) {
      definitions.put(Kind.TRAIT, trait, (Fields) Json.read("{\"value\":7}"), Definition.LIVE, at);
    }

    tick(definitions, told, "09:59:59");
    tick(definitions, told, "10:01:00");
    assertThat(told).isEmpty();

    tick(definitions, told, "10:00:30");
    assertThat(told).containsExactly(new RulesChange(at, "arpu"));

    new StartBackfills(definitions, _ -> {}, _ -> {}, () -> at)
        .startAll(told.removeFirst(), () -> false);
    tick(definitions, told, "11:00:30");
    assertThat(told).isEmpty();
  }

  private static void tick(Definitions definitions, List<RulesChange> told, String time) {
    new LifecycleTickHandler(
            new LifecycleTick(new InMemoryTimers(), _ -> {}, _ -> {}, _ -> {}, _ -> {}, _ -> {}),
            definitions,
            told::addAll,
            () -> Instant.parse("2026-11-01T" + time + "Z"))
        .handleRequest(
            Envelope.read(ScheduledEvent.class, "lifecycle-tick/tick.json"), new Invocation());
  }

  private static void segment(Definitions definitions, String id, String where, Instant at) {
    Fields document = (Fields) Json.read("{\"where\":" + where + "}");
    definitions.put(Kind.SEGMENT, id, document, Definition.READY, at);
  }

  @Test
  void whoeverIsLongDueIsToldOfAlone() {
    Due poison = Due.ofPerson(new PersonId("poison"), NOW.minusSeconds(2 * 3600));
    List<Due> all = new ArrayList<>(List.of(poison));
    for (int i = 0; i < 25; i++) {
      all.add(Due.ofPerson(new PersonId("p" + i), NOW));
    }

    assertThat(LifecycleTickHandler.together(all, NOW))
        .containsExactly(
            List.of(poison), all.subList(1, 11), all.subList(11, 21), all.subList(21, 26));
  }
}
