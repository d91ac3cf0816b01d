package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.profile.Quarantine.Batch;
import dev.perennial.domain.profile.Quarantine.Kept;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of quarantine does. */
public interface QuarantineContract {

  String WORKSPACE = "contract";
  Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  Instant KEPT = Instant.parse("2030-01-01T00:00:00Z");
  Identifier BOT = new Identifier(Namespace.USER_ID, "bot");
  Identifier OTHER = new Identifier(Namespace.EMAIL, "other@example.test");

  /** An empty store of the workspace {@link #WORKSPACE}. */
  Quarantine quarantine();

  private static Event event(String id) {
    return Samples.event(BOT, id);
  }

  @Test
  default void givesBackBatchesInTheOrderInWhichTheyWereKept() {
    Quarantine quarantine = quarantine();
    PersonId id = BOT.hash(WORKSPACE);
    quarantine.keep(BOT, List.of(event("m1"), event("m2")), AT, KEPT);
    quarantine.keep(BOT, List.of(event("m3")), AT.plusSeconds(1), KEPT);

    Kept kept = new Kept(id, BOT, AT, 3);
    assertThat(quarantine.find(id)).contains(kept);
    assertThat(quarantine.find(List.of(id, new PersonId("nobody")))).containsExactly(kept);
    assertThat(quarantine.list(10, null).items()).containsExactly(kept);
    List<Batch> batches = quarantine.batches(id, "", 10);
    assertThat(batches)
        .extracting(Batch::events)
        .containsExactly(List.of(event("m1"), event("m2")), List.of(event("m3")));
    assertThat(quarantine.batches(id, batches.getFirst().id(), 10))
        .containsExactly(batches.getLast());

    quarantine.drop(id, batches.getFirst());
    quarantine.drop(id, batches.getFirst());
    assertThat(quarantine.find(id)).contains(new Kept(id, BOT, AT, 1));
    assertThat(quarantine.batches(id, "", 10)).containsExactly(batches.getLast());
  }

  @Test
  default void isClosedUnlessMoreCame() {
    Quarantine quarantine = quarantine();
    PersonId id = BOT.hash(WORKSPACE);
    quarantine.keep(BOT, List.of(event("m1")), AT, KEPT);
    Kept known = quarantine.find(id).orElseThrow();
    quarantine.keep(BOT, List.of(event("m2")), AT, KEPT);

    quarantine.close(known);
    assertThat(quarantine.find(id)).isPresent();
    quarantine.close(quarantine.find(id).orElseThrow());
    assertThat(quarantine.find(id)).isEmpty();
  }

  private static Event naming(Identifier other) {
    Event event = event("m1");
    return new Event(
        BOT,
        List.of(other),
        event.messageId(),
        event.type(),
        event.name(),
        event.timestamp(),
        event.receivedAt(),
        event.trust(),
        event.properties(),
        new Fields(Map.of("email", new Text(other.value()), "n", new Text("1"))),
        event.context());
  }

  @Test
  default void rewritesWhatIsKeptAndNothingElse() {
    Quarantine quarantine = quarantine();
    PersonId id = BOT.hash(WORKSPACE);
    Event naming = naming(OTHER);
    quarantine.keep(BOT, List.of(naming, event("m2")), AT, KEPT);
    quarantine.keep(BOT, List.of(event("m3")), AT.plusSeconds(1), KEPT);
    List<Batch> before = quarantine.batches(id, "", 10);

    assertThat(quarantine.rewrite(id, event -> event.without(Set.of(OTHER)))).isTrue();
    assertThat(quarantine.rewrite(id, event -> event.without(Set.of(OTHER)))).isFalse();

    assertThat(quarantine.batches(id, "", 10))
        .containsExactly(
            new Batch(before.getFirst().id(), List.of(naming.without(Set.of(OTHER)), event("m2"))),
            before.getLast());
    assertThat(quarantine.find(id)).contains(new Kept(id, BOT, AT, 3));
  }

  @Test
  default void forgetsAnOwner() {
    Quarantine quarantine = quarantine();
    PersonId id = BOT.hash(WORKSPACE);
    quarantine.keep(BOT, List.of(event("m1")), AT, KEPT);

    assertThat(((Traces) quarantine).forget(id)).isEqualTo(1);
    assertThat(((Traces) quarantine).forget(id)).isZero();
    assertThat(quarantine.find(id)).isEmpty();
    assertThat(quarantine.batches(id, "", 10)).isEmpty();
  }
}
