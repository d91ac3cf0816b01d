package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Comparison;
import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryMembers;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EvaluateProfileHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final PersonId ANN = new PersonId("aaaaaaaaaaaaaaaaaaaaaaaaaa");
  private static final SegmentId NAMELESS = new SegmentId("nameless");

  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  private Instant clock = NOW;
  private final InMemoryTimers timers = new InMemoryTimers();
  private final List<Trigger> published = new ArrayList<>();
  private final EvaluateProfileHandler handler =
      new EvaluateProfileHandler(
          new EvaluateProfile(
              people,
              new InMemoryHistory(),
              timers,
              new InMemoryMembers(),
              published::addAll,
              new InMemoryConsents(),
              "test",
              () ->
                  Segments.of(
                      Map.of(
                          NAMELESS,
                          new Condition.OfTrait(
                              "name", Comparisons.of(new Comparison.Exists(false))))),
              _ -> {}),
          () -> clock);

  EvaluateProfileHandlerTest() {
    people.save(
        People.Change.of(
            new Person(
                ANN,
                0,
                Map.of(new Identifier(Namespace.USER_ID, "ann"), NOW),
                Set.of(),
                Map.of(),
                Map.of(),
                List.of(),
                null,
                null)));
  }

  @Test
  void evaluatesEachPersonOnceForAllMessages() {
    SQSBatchResponse response = handle("changes");

    assertThat(published)
        .containsExactly(
            new Trigger.OfTransition(new Transition(ANN, NAMELESS, 1, NOW, Cause.EVENT)));
    assertThat(response.getBatchItemFailures())
        .extracting(BatchItemFailure::getItemIdentifier)
        .containsExactly("00000000-0000-4000-8000-000000000004");
  }

  @Test
  void deletesTheTimerThatFired() {
    timers.register(Due.ofPerson(ANN, NOW));

    SQSBatchResponse response = handle("due");

    assertThat(response.getBatchItemFailures()).isEmpty();
    assertThat(timers.all()).isEmpty();
    assertThat(published)
        .containsExactly(
            new Trigger.OfTransition(new Transition(ANN, NAMELESS, 1, NOW, Cause.TIME)));
  }

  @Test
  void aClockThatIsBehindIsTakenForThatOfTheTimer() {
    clock = NOW.minusMillis(700);

    handle("due");

    assertThat(published)
        .containsExactly(
            new Trigger.OfTransition(new Transition(ANN, NAMELESS, 1, NOW, Cause.TIME)));
  }

  private SQSBatchResponse handle(String sample) {
    return handler.handleRequest(
        Envelope.read(SQSEvent.class, "evaluate-profile/" + sample + ".json"), new Invocation());
  }
}
