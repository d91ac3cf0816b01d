package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Block.Reason;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Receipt.Kind;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Sends.Claim;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of sends, with its stores of consent and of pauses, does. */
public interface SendsContract extends ConsentsContract {

  Address EMAIL = new Address(Address.Kind.EMAIL, "ann@example.com");

  /** The store; empty at first. */
  Sends sends();

  /** The pause switch that its claims check; nothing is paused at first. */
  PauseSwitch pauses();

  /** The totals that its writes change. */
  Totals totals();

  private long total(String state) {
    String name = "sends.email." + state;
    return totals().read(Set.of(name)).getOrDefault(name, 0L);
  }

  private static SendRequest request(String id, PersonId person) {
    return new SendRequest(
        person,
        "journey:j",
        "mail",
        "o-" + id,
        "r-" + id,
        "hello",
        List.of(Channel.EMAIL, Channel.PUSH),
        "marketing",
        Samples.event(new Identifier(Namespace.USER_ID, "ann"), "m1"),
        new Fields(Map.of("code", new Text("1234"))),
        AT.minusSeconds(1),
        AT.plusSeconds(60),
        true,
        "website");
  }

  private static Send send(String id, State state, int attempts) {
    boolean claimed = state == State.CLAIMED;
    return new Send(
        id,
        request(id, ANN),
        AT,
        state,
        attempts,
        claimed ? EMAIL : null,
        Set.of(),
        List.of(new Finding(Channel.EMAIL, Rule.CONSENT, claimed, "granted")),
        state == State.DEFERRED ? AT.plusSeconds(30) : null,
        null,
        null);
  }

  static Send claimed(String id, int attempt) {
    return send(id, State.CLAIMED, attempt);
  }

  private Fence fence(PersonId... ids) {
    return new Fence(consents().of(Set.of(ids)), Set.of(), true);
  }

  private Claim claim(Send send) {
    return claim(send, null);
  }

  private Claim claim(Send send, @Nullable Send known) {
    return sends().claim(send, known, fence(ANN));
  }

  @Test
  default void aClaimIsMadeOnce() {
    Send send = claimed("a", 1);

    assertThat(claim(send)).isEqualTo(new Claim.Claimed());
    assertThat(claim(send)).isEqualTo(new Claim.Taken());
    assertThat(claim(claimed("a", 2), send("a", State.RETRYABLE, 1))).isEqualTo(new Claim.Taken());

    assertThat(sends().find("a")).contains(send);
    assertThat(sends().ofPerson(ANN, 10, null).items()).containsExactly(send);
  }

  @Test
  default void anOutcomeIsStoredOnceAndCertaintyReplacesDoubt() {
    Send send = claimed("a", 1);
    claim(send);

    Send unknown = send.after(new Outcome.Unknown("timeout"));
    Send sent = send.after(new Outcome.Sent("p1"));
    assertThat(sends().settle(unknown)).contains(State.CLAIMED);
    assertThat(sends().find("a")).contains(unknown);
    assertThat(sends().settle(unknown)).isEmpty();
    assertThat(sends().settle(sent)).contains(State.UNKNOWN);
    assertThat(sends().settle(unknown)).isEmpty();
    assertThat(sends().find("a")).contains(sent);
    assertThat(sends().settle(claimed("none", 1).after(new Outcome.Sent("p1")))).isEmpty();
  }

  /** Whichever items the two totals that change are in. */
  @Test
  default void doubtBecomesCertaintyAnyTime() {
    for (int i = 0; i < 20; i++) {
      Send send = claimed("s" + i, 1);
      claim(send);
      sends().settle(send.after(new Outcome.Unknown("timeout")));
      assertThat(sends().settle(send.after(new Outcome.Sent("p1")))).contains(State.UNKNOWN);
    }
    assertThat(total("sent")).isEqualTo(20);
    assertThat(total("unknown")).isZero();
  }

  @Test
  default void anIdThatComesAfterAnOpeningIsKept() {
    Send send = claimed("a", 1);
    claim(send);
    Send sent = send.after(new Outcome.Sent("p1"));

    assertThat(sends().settle(send.arrived(null).orElseThrow())).contains(State.CLAIMED);
    assertThat(sends().settle(sent)).contains(State.SENT);
    assertThat(sends().settle(send.after(new Outcome.Sent("p2")))).isEmpty();
    assertThat(sends().settle(send.arrived(null).orElseThrow())).isEmpty();

    assertThat(sends().find("a")).contains(sent);
    assertThat(total("sent")).isEqualTo(1);
  }

  @Test
  default void whatMayHaveGoneOnceKeepsItsAddress() {
    claim(claimed("a", 1));
    Send unknown = claimed("a", 1).after(new Outcome.Unknown("timeout"));
    sends().settle(unknown);
    Send again = doubtful(claimed("a", 2));
    assertThat(claim(again, unknown)).isEqualTo(new Claim.Claimed());
    Send refused = again.after(new Outcome.Refused("no such device", Reason.HARD_BOUNCE));
    sends().settle(refused);
    assertThat(sends().find("a")).contains(refused);

    assertThat(sends().store(doubtful(send("a", State.DEFERRED, 2)), refused)).isTrue();
    assertThat(claim(rival("a"))).isEqualTo(new Claim.Duplicate());
    assertThat(sends().find("a")).contains(doubtful(send("a", State.DEFERRED, 2)));
  }

  private static Send doubtful(Send send) {
    return new Send(
        send.id(),
        send.request(),
        send.at(),
        send.state(),
        send.attempts(),
        true,
        send.to(),
        send.refused(),
        null,
        send.findings(),
        send.due(),
        null,
        null,
        Map.of(),
        List.of());
  }

  @Test
  default void onlyWhatWasNotAcceptedIsClaimedAgain() {
    claim(claimed("a", 1));
    Send refused = claimed("a", 1).after(new Outcome.Refused("no such mailbox"));
    assertThat(refused.state()).isEqualTo(State.RETRYABLE);
    sends().settle(refused);
    assertThat(sends().find("a")).contains(refused);

    assertThat(claim(claimed("a", 3), send("a", State.RETRYABLE, 2))).isEqualTo(new Claim.Taken());
    assertThat(claim(claimed("a", 2), refused)).isEqualTo(new Claim.Claimed());
    assertThat(sends().settle(claimed("a", 1).after(new Outcome.Sent("late")))).isEmpty();
    assertThat(sends().settle(claimed("a", 2).after(new Outcome.Sent("p2"))))
        .contains(State.CLAIMED);
    assertThat(claim(claimed("a", 3), refused)).isEqualTo(new Claim.Taken());
    assertThat(sends().ofPerson(ANN, 10, null).items()).hasSize(1);
  }

  @Test
  default void anAddressIsClaimedByOneSendOfARound() {
    Send first = claimed("a", 1);
    Send second =
        new Send(
            "b",
            request("a", new PersonId("bob")),
            AT,
            State.CLAIMED,
            1,
            EMAIL,
            Set.of(),
            List.of(),
            null,
            null,
            null);
    claim(first);

    assertThat(claim(second)).isInstanceOf(Claim.Held.class);
    assertThat(sends().find("b")).isEmpty();
    sends().settle(first.after(new Outcome.Retryable("throttled")));
    assertThat(claim(second)).isInstanceOf(Claim.Held.class);
    sends().settle(first.after(new Outcome.Sent("p1")));
    assertThat(claim(second)).isEqualTo(new Claim.Duplicate());
  }

  /** The second attempt of {@link #claimed}, on another channel. */
  private static Send moved(String id) {
    Send first = claimed(id, 2);
    return new Send(
        id,
        first.request(),
        AT,
        State.CLAIMED,
        2,
        new Address(Address.Kind.FCM, "token"),
        Set.of(Channel.EMAIL),
        List.of(),
        null,
        null,
        null);
  }

  /** Somebody else's send of the same round to the same address. */
  private static Send rival(String of) {
    return new Send(
        "rival",
        request(of, new PersonId("bob")),
        AT,
        State.CLAIMED,
        1,
        EMAIL,
        Set.of(),
        List.of(),
        null,
        null,
        null);
  }

  private Send notAccepted(String id) {
    claim(claimed(id, 1));
    sends().settle(claimed(id, 1).after(new Outcome.Refused("no such mailbox")));
    return sends().find(id).orElseThrow();
  }

  @Test
  default void anAddressIsFreeOnceItsSendWentAnotherWay() {
    Send known = notAccepted("a");
    assertThat(claim(rival("a"))).isInstanceOf(Claim.Held.class);

    assertThat(claim(moved("a"), known)).isEqualTo(new Claim.Claimed());

    assertThat(claim(rival("a"))).isEqualTo(new Claim.Claimed());
  }

  @Test
  default void anAddressIsFreeOnceItsSendIsRefusedOrWaits() {
    for (State state : List.of(State.REFUSED, State.NOT_SENT, State.DEFERRED)) {
      String id = "a" + state;
      Send known = notAccepted(id);
      assertThat(sends().store(send(id, state, 1), known)).isTrue();

      Send rival = rival(id);
      assertThat(claim(rival, sends().find("rival").orElse(null))).isEqualTo(new Claim.Claimed());

      assertThat(((Traces) sends()).forget(ANN)).isEqualTo(1);
      Send third =
          new Send(
              "third",
              rival.request(),
              AT,
              State.CLAIMED,
              1,
              EMAIL,
              Set.of(),
              List.of(),
              null,
              null,
              null);
      assertThat(claim(third)).isInstanceOf(Claim.Held.class);
      ((Traces) sends()).forget(new PersonId("bob"));
    }
  }

  @Test
  default void anAddressThatPerhapsGotItIsNotFree() {
    claim(claimed("a", 1));
    sends().settle(claimed("a", 1).after(new Outcome.Unknown("timeout")));
    Send known = sends().find("a").orElseThrow();

    assertThat(claim(doubtful(moved("a")), known)).isEqualTo(new Claim.Claimed());

    assertThat(claim(rival("a"))).isEqualTo(new Claim.Duplicate());
  }

  @Test
  default void whatIsHeardOfOneAttemptStaysWithTheNext() {
    Send known = notAccepted("a");
    sends().receive(new Receipt("a", Kind.FAILED, AT, null));
    sends().visit("a", new Visit("l1", AT.plusSeconds(1)));

    assertThat(claim(moved("a"), known)).isEqualTo(new Claim.Claimed());
    sends().settle(moved("a").after(new Outcome.Retryable("throttled")));

    Send send = sends().find("a").orElseThrow();
    assertThat(send.receipts()).containsOnlyKeys(Kind.FAILED);
    assertThat(send.visits()).hasSize(1);
    assertThat(send.to()).isEqualTo(moved("a").to());
    Send declined = send("a", State.NOT_SENT, 2);
    assertThat(sends().store(declined, send)).isTrue();
    assertThat(sends().find("a").orElseThrow().to()).isNull();
    assertThat(sends().find("a").orElseThrow().visits()).hasSize(1);
  }

  @Test
  default void whatArrivedWasSentWhateverWasKnown() {
    sends().store(send("a", State.NOT_SENT, 0), null);
    sends().store(send("b", State.DEFERRED, 0), null);
    notAccepted("c");
    for (String id : List.of("a", "b", "c")) {
      Send known = sends().find(id).orElseThrow();

      assertThat(sends().settle(known.arrived("p1").orElseThrow())).contains(known.state());

      Send sent = sends().find(id).orElseThrow();
      assertThat(sent.state()).isEqualTo(State.SENT);
      assertThat(sent.providerId()).isEqualTo("p1");
      assertThat(sent.due()).isNull();
      assertThat(sends().settle(known.arrived("p2").orElseThrow())).isEmpty();
    }
    assertThat(total("sent")).isEqualTo(3);
    assertThat(total("notSent")).isZero();
  }

  @Test
  default void aClaimHoldsOnlyWithThePermissionsThatWereAsked() {
    Fence before = fence(ANN);
    Consent denial =
        new Consent(Channel.EMAIL, "marketing", Decision.DENIED, AT, "consent", "form", "v2");
    assertThat(consents().save(ANN, Permissions.NONE.with(denial), denial)).isTrue();
    assertThat(consents().save(ANN, Permissions.NONE.with(denial), denial)).isFalse();

    assertThat(consents().of(ANN)).isEqualTo(new Permissions(1, List.of(denial)));
    assertThat(sends().claim(claimed("a", 1), null, before)).isEqualTo(new Claim.Stale());
    assertThat(sends().find("a")).isEmpty();
    assertThat(claim(claimed("a", 1))).isEqualTo(new Claim.Claimed());
  }

  @Test
  default void aClaimChecksEveryIdThatTheyDecidedUnder() {
    PersonId before = new PersonId("ann-before-the-merge");
    Fence asked = fence(ANN, before);
    assertThat(asked.asked())
        .containsOnly(Map.entry(ANN, Permissions.NONE), Map.entry(before, Permissions.NONE));
    Block block = new Block(Reason.COMPLAINT, AT);
    consents().save(before, Permissions.NONE.with(block));

    assertThat(sends().claim(claimed("a", 1), null, asked)).isEqualTo(new Claim.Stale());
    Fence now = fence(ANN, before);
    assertThat(now.asked().get(before))
        .isEqualTo(new Permissions(1, List.of(), List.of(), Set.of(block)));
    assertThat(sends().claim(claimed("a", 1), null, now)).isEqualTo(new Claim.Claimed());
  }

  @Test
  default void aClaimCountsInTheSameInstant() {
    Fence first = new Fence(consents().of(Set.of(ANN)), Set.of(ANN), true);

    assertThat(sends().claim(claimed("a", 1), null, first)).isEqualTo(new Claim.Claimed());

    assertThat(consents().of(ANN).counted())
        .containsExactly(new Counted("a", Channel.EMAIL, "marketing", AT, true));
    assertThat(sends().claim(claimed("b", 1), null, first)).isEqualTo(new Claim.Stale());
    sends().settle(claimed("a", 1).after(new Outcome.Retryable("throttled")));
    Fence again = new Fence(consents().of(Set.of(ANN)), Set.of(ANN), true);
    Send known = sends().find("a").orElseThrow();
    assertThat(sends().claim(claimed("a", 2), known, again)).isEqualTo(new Claim.Claimed());
    assertThat(consents().of(ANN).counted()).hasSize(1);
  }

  @Test
  default void nothingIsClaimedOnAPausedChannel() {
    pauses().pause(Set.of(Channel.EMAIL, Channel.SMS));
    assertThat(pauses().position().paused()).containsExactlyInAnyOrder(Channel.EMAIL, Channel.SMS);
    assertThat(claim(claimed("a", 1))).isEqualTo(new Claim.Stale());

    pauses().resume(Set.of(Channel.EMAIL));
    assertThat(claim(claimed("a", 1))).isEqualTo(new Claim.Claimed());
    pauses().resume(Set.of(Channel.SMS, Channel.PUSH));
    assertThat(pauses().position().paused()).isEmpty();
    assertThat(pauses().position("a")).isEqualTo(pauses().position());
  }

  @Test
  default void nothingIsClaimedThatWasDecidedBeforeTheFence() {
    Instant until = AT.plusSeconds(3);
    pauses().fence(until);
    pauses().fence(until.minusSeconds(1));
    assertThat(pauses().position().fencedUntil()).isEqualTo(until);
    assertThat(claim(claimed("a", 1))).isEqualTo(new Claim.Stale());

    Fence now = new Fence(consents().of(Set.of(ANN)), Set.of(), true, until);
    assertThat(sends().claim(claimed("a", 1), null, now)).isEqualTo(new Claim.Claimed());
    pauses().fence(until.plusSeconds(1));
    assertThat(sends().claim(claimed("b", 1), null, now)).isEqualTo(new Claim.Stale());
  }

  @Test
  default void everySendCountsOnceInItsState() {
    for (String id : List.of("a", "b")) {
      Send send = claimed(id, 1);
      claim(send);
      assertThat(total("claimed")).isZero();
      sends().settle(send.after(new Outcome.Unknown("timeout")));
      sends().settle(send.after(new Outcome.Unknown("timeout")));
    }
    assertThat(total("unknown")).isEqualTo(2);

    sends().settle(claimed("a", 1).after(new Outcome.Sent("p1")));
    sends().settle(claimed("a", 1).after(new Outcome.Sent("p2")));
    claim(claimed("b", 2), sends().find("b").orElseThrow());
    sends().settle(claimed("b", 2).after(new Outcome.Retryable("throttled")));
    sends().store(send("c", State.NOT_SENT, 0), null);
    sends().store(send("c", State.NOT_SENT, 0), null);
    sends().store(send("d", State.DEFERRED, 0), null);
    sends().store(send("d", State.NOT_SENT, 0), send("d", State.DEFERRED, 0));

    assertThat(total("unknown")).isZero();
    assertThat(total("sent")).isEqualTo(1);
    assertThat(total("notSent")).isEqualTo(2);
  }

  @Test
  default void aDecisionIsStoredUnlessTheSendMovedOn() {
    Send declined = send("a", State.NOT_SENT, 0);
    assertThat(sends().store(declined, null)).isTrue();
    assertThat(sends().store(declined, null)).isFalse();
    assertThat(claim(claimed("a", 1))).isEqualTo(new Claim.Taken());
    assertThat(sends().find("a")).contains(declined);

    Send deferred = send("b", State.DEFERRED, 0);
    assertThat(sends().store(deferred, null)).isTrue();
    assertThat(sends().find("b")).contains(deferred);
    assertThat(claim(claimed("b", 1), deferred)).isEqualTo(new Claim.Claimed());
    assertThat(sends().store(deferred, deferred)).isFalse();
    // Whoever waits for another instant by now waits on.
    Send again =
        new Send(
            "c",
            request("c", ANN),
            AT,
            State.DEFERRED,
            0,
            null,
            Set.of(),
            List.of(),
            AT,
            null,
            null);
    assertThat(sends().store(send("c", State.DEFERRED, 0), null)).isTrue();
    assertThat(sends().store(again, send("c", State.DEFERRED, 0))).isTrue();
    assertThat(sends().store(again, send("c", State.DEFERRED, 0))).isFalse();
    assertThat(sends().ofPerson(ANN, 10, null).items()).hasSize(3);
  }

  @Test
  default void receiptsKeepTheEarliestOfEachKind() {
    claim(claimed("a", 1));
    Instant later = Instant.parse("2026-03-01T10:00:05Z");
    Instant earlier = Instant.parse("2026-03-01T10:00:02.500Z");
    sends().receive(new Receipt("a", Kind.DELIVERED, later, null));
    assertThat(sends().receive(new Receipt("a", Kind.DELIVERED, earlier, null)))
        .isEqualTo(sends().find("a"));
    sends().receive(new Receipt("a", Kind.DELIVERED, later, null));
    assertThat(sends().receive(new Receipt("a", Kind.BOUNCED, later, null)))
        .isEqualTo(sends().find("a"));
    assertThat(sends().receive(new Receipt("none", Kind.BOUNCED, later, null))).isEmpty();
    assertThat(total("delivered")).isEqualTo(1);
    assertThat(total("bounced")).isEqualTo(1);
    sends().visit("a", new Visit("l1", later));
    sends().visit("none", new Visit("l1", later));
    sends().settle(claimed("a", 1).after(new Outcome.Sent("p1")));

    Send send = sends().find("a").orElseThrow();
    assertThat(send.receipts())
        .containsOnly(Map.entry(Kind.DELIVERED, earlier), Map.entry(Kind.BOUNCED, later));
    assertThat(send.visits()).containsExactly(new Visit("l1", later));
    assertThat(send.state()).isEqualTo(State.SENT);
    assertThat(sends().find("none")).isEmpty();
  }

  @Test
  default void aPersonsClickIsKnownHoweverMuchAScannerFetchedBefore() {
    claim(claimed("a", 1));
    for (int i = 0; i < Visit.MOST; i++) {
      String link = i % 2 == 0 ? "" : "l" + i;
      assertThat(sends().visit("a", new Visit(link, AT.plusMillis(60_000 + 10L * i)))).isPresent();
    }
    Visit click = new Visit("l1", AT.plusSeconds(600));

    assertThat(sends().visit("a", click)).contains(sends().find("a").orElseThrow());

    assertThat(sends().find("a").orElseThrow().clicked()).contains(click.at());
    assertThat(sends().find("a").orElseThrow().opened()).isEmpty();
  }

  @Test
  default void listsAPersonNewestFirstInPages() {
    for (int i = 1; i <= 5; i++) {
      Send send = send("s" + i, State.NOT_SENT, 0);
      sends()
          .store(
              new Send(
                  send.id(),
                  send.request(),
                  AT.plusSeconds(i),
                  send.state(),
                  0,
                  null,
                  Set.of(),
                  send.findings(),
                  null,
                  null,
                  null),
              null);
    }

    Page<Send> first = sends().ofPerson(ANN, 3, null);
    Page<Send> last = sends().ofPerson(ANN, 3, first.cursor());

    assertThat(first.items()).extracting(Send::id).containsExactly("s5", "s4", "s3");
    assertThat(last.items()).extracting(Send::id).containsExactly("s2", "s1");
    assertThat(last.cursor()).isNull();
  }

  @Test
  default void forgetsAPerson() {
    Send send = claimed("a", 1);
    assertThat(sends().claim(send, null, fence(ANN))).isEqualTo(new Claim.Claimed());
    Traces traces = (Traces) sends();

    assertThat(traces.forget(ANN)).isEqualTo(1);
    assertThat(traces.forget(ANN)).isZero();

    assertThat(sends().find("a")).isEmpty();
    assertThat(sends().ofPerson(ANN, 10, null).items()).isEmpty();
    assertThat(sends().claim(send, null, fence(ANN))).isEqualTo(new Claim.Claimed());
  }
}
