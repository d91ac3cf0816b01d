package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every store of history does. */
public interface HistoryContract {

  Identifier OWNER = new Identifier(Namespace.USER_ID, "ann");
  Instant KEPT = Instant.parse("2030-01-01T00:00:00Z");

  /** An empty store. */
  History history();

  private static Event event(String id) {
    return Samples.event(OWNER, id);
  }

  @Test
  default void readsTheWholeChainAndNothingElse() {
    History history = history();
    PageId first = history.append(OWNER, null, List.of(event("m1"), event("m2")), KEPT);
    PageId second = history.append(OWNER, first, List.of(event("m3")), KEPT);
    PageId leftByACrash = history.append(OWNER, first, List.of(event("m4")), KEPT);

    assertThat(history.read(OWNER, second))
        .containsExactlyInAnyOrder(event("m1"), event("m2"), event("m3"));
    assertThat(history.read(OWNER, first)).containsExactlyInAnyOrder(event("m1"), event("m2"));
    assertThat(history.page(OWNER, second))
        .contains(new History.Page(first, List.of(event("m3")), KEPT));
    assertThat(history.page(OWNER, new PageId(7, "gone"))).isEmpty();
    assertThat(leftByACrash.number()).isEqualTo(second.number());
    assertThat(history.read(new Identifier(Namespace.USER_ID, "bob"), first)).isEmpty();
  }

  @Test
  default void leavesOutPagesWithoutLaterEvents() {
    History history = history();
    PageId first = history.append(OWNER, null, List.of(event("m1")), KEPT);
    PageId second = history.append(OWNER, first, List.of(event("m2")), KEPT.plusSeconds(3_600));

    Instant between = KEPT.minus(History.KEPT).plusSeconds(60);
    assertThat(history.read(OWNER, second, between)).containsExactly(event("m2"));
    assertThat(history.read(OWNER, second, between.minusSeconds(3_600)))
        .containsExactlyInAnyOrder(event("m1"), event("m2"));
  }

  @Test
  default void aPageWrittenAgainIsTheSamePage() {
    History history = history();

    PageId once = history.append(OWNER, null, List.of(event("m1")), KEPT);
    PageId again = history.append(OWNER, null, List.of(event("m1")), KEPT);

    assertThat(again).isEqualTo(once);
    assertThat(history.read(OWNER, once)).containsExactly(event("m1"));
  }

  @Test
  default void rewritesAndForgetsEveryPageOfOneOwner() {
    History history = history();
    PageId first = history.append(OWNER, null, List.of(event("m1")), KEPT);
    PageId second = history.append(OWNER, first, List.of(event("m2")), KEPT);
    Identifier bob = new Identifier(Namespace.USER_ID, "bob");
    PageId bobs = history.append(bob, null, List.of(Samples.event(bob, "m3")), KEPT);
    PersonId hash = OWNER.hash("contract");
    UnaryOperator<Event> change =
        event -> event.messageId().equals("m1") ? event("changed") : event;

    assertThat(history.rewrite(hash, change)).isTrue();
    assertThat(history.rewrite(hash, change)).isFalse();
    assertThat(history.read(OWNER, second))
        .containsExactlyInAnyOrder(event("changed"), event("m2"));

    assertThat(((Traces) history).forget(hash)).isEqualTo(2);
    assertThat(((Traces) history).forget(hash)).isZero();
    assertThat(history.read(OWNER, second)).isEmpty();
    assertThat(history.read(bob, bobs)).hasSize(1);
  }
}
