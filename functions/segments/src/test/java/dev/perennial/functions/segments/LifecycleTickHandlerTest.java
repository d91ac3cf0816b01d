package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.testkit.Envelope;
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
            () -> NOW.plusSeconds(60));

    handler.handleRequest(
        Envelope.read(ScheduledEvent.class, "lifecycle-tick/tick.json"), new Invocation());

    assertThat(told).containsExactly(Due.ofPerson(new PersonId("ann"), NOW));
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
