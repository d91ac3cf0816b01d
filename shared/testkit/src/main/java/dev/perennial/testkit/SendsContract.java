package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Sends.Claim;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of sends, with its store of consent, does. */
public interface SendsContract {

  PersonId ANN = new PersonId("ann");
  Instant AT = Instant.parse("2026-03-01T10:00:00.250Z");
  Address EMAIL = new Address(Address.Kind.EMAIL, "ann@example.com");

  /** The store; empty at first. */
  Sends sends();

  /** The store of consent that its claims check. */
  Consents consents();

  private static Send claimed(String id, int attempt) {
    return new Send(
        id,
        ANN,
        "journey:j",
        "mail",
        "o-" + id,
        "hello",
        "marketing",
        AT,
        State.CLAIMED,
        attempt,
        EMAIL,
        List.of(new Finding(Channel.EMAIL, Rule.CONSENT, true, "granted")),
        null,
        null);
  }

  private static Send declined(String id, int attempts) {
    return new Send(
        id,
        ANN,
        "journey:j",
        "mail",
        "o-" + id,
        "hello",
        "marketing",
        AT,
        State.NOT_SENT,
        attempts,
        null,
        List.of(new Finding(Channel.EMAIL, Rule.ADDRESS, false, "none is known")),
        null,
        null);
  }

  private Claim claim(Send send) {
    return sends().claim(send, consents().of(Set.of(ANN)));
  }

  @Test
  default void aClaimIsMadeOnce() {
    Send send = claimed("a", 1);

    assertThat(claim(send)).isEqualTo(Claim.CLAIMED);
    assertThat(claim(send)).isEqualTo(Claim.TAKEN);
    assertThat(claim(claimed("a", 2))).isEqualTo(Claim.TAKEN);

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

  @Test
  default void onlyWhatWasNotAcceptedIsClaimedAgain() {
    claim(claimed("a", 1));
    sends().settle(claimed("a", 1).after(new Outcome.Retryable("throttled")));

    assertThat(claim(claimed("a", 3))).isEqualTo(Claim.TAKEN);
    assertThat(claim(claimed("a", 2))).isEqualTo(Claim.CLAIMED);
    assertThat(sends().settle(claimed("a", 1).after(new Outcome.Sent("late")))).isEmpty();
    assertThat(sends().settle(claimed("a", 2).after(new Outcome.Sent("p2"))))
        .contains(State.CLAIMED);
    assertThat(claim(claimed("a", 3))).isEqualTo(Claim.TAKEN);
    assertThat(sends().ofPerson(ANN, 10, null).items()).hasSize(1);
  }

  @Test
  default void anAddressIsClaimedByOneSendOfAnOccurrence() {
    Send first = claimed("a", 1);
    Send second =
        new Send(
            "b",
            new PersonId("bob"),
            first.definition(),
            first.step(),
            first.occurrence(),
            first.content(),
            first.topic(),
            AT,
            State.CLAIMED,
            1,
            EMAIL,
            List.of(),
            null,
            null);
    claim(first);

    assertThat(claim(second)).isEqualTo(Claim.DUPLICATE);
    assertThat(sends().find("b")).isEmpty();
  }

  @Test
  default void aClaimHoldsOnlyWithThePermissionsThatWereAsked() {
    Permissions before = consents().of(ANN);
    Consent denial =
        new Consent(Channel.EMAIL, "marketing", Decision.DENIED, AT, "consent", "form");
    assertThat(consents().save(ANN, before.with(denial))).isTrue();
    assertThat(consents().save(ANN, before.with(denial))).isFalse();

    assertThat(consents().of(ANN)).isEqualTo(new Permissions(1, List.of(denial)));
    assertThat(sends().claim(claimed("a", 1), Map.of(ANN, before))).isEqualTo(Claim.STALE);
    assertThat(sends().find("a")).isEmpty();
    assertThat(claim(claimed("a", 1))).isEqualTo(Claim.CLAIMED);
  }

  @Test
  default void aClaimChecksEveryIdThatTheyDecidedUnder() {
    PersonId before = new PersonId("ann-before-the-merge");
    Map<PersonId, Permissions> asked = consents().of(Set.of(ANN, before));
    assertThat(asked)
        .containsOnly(Map.entry(ANN, Permissions.NONE), Map.entry(before, Permissions.NONE));
    Consent denial = new Consent(Channel.EMAIL, "news", Decision.DENIED, AT, null, null);
    consents().save(before, Permissions.NONE.with(denial));

    assertThat(sends().claim(claimed("a", 1), asked)).isEqualTo(Claim.STALE);
    Map<PersonId, Permissions> now = consents().of(Set.of(ANN, before));
    assertThat(now.get(before)).isEqualTo(new Permissions(1, List.of(denial)));
    assertThat(sends().claim(claimed("a", 1), now)).isEqualTo(Claim.CLAIMED);
  }

  @Test
  default void isDeclinedUnlessSomethingWasClaimed() {
    assertThat(sends().decline(declined("a", 0))).isTrue();
    assertThat(sends().decline(declined("a", 0))).isFalse();
    assertThat(claim(claimed("a", 1))).isEqualTo(Claim.TAKEN);
    assertThat(sends().find("a")).contains(declined("a", 0));

    claim(claimed("b", 1));
    assertThat(sends().decline(declined("b", 0))).isFalse();
    assertThat(sends().decline(declined("b", 1))).isFalse();
    sends().settle(claimed("b", 1).after(new Outcome.Retryable("throttled")));
    assertThat(sends().decline(declined("b", 1))).isTrue();
    assertThat(sends().find("b")).contains(declined("b", 1));
  }

  @Test
  default void listsAPersonNewestFirstInPages() {
    for (int i = 1; i <= 5; i++) {
      Send send = declined("s" + i, 0);
      sends()
          .decline(
              new Send(
                  send.id(),
                  ANN,
                  send.definition(),
                  send.step(),
                  send.occurrence(),
                  send.content(),
                  send.topic(),
                  AT.plusSeconds(i),
                  send.state(),
                  0,
                  null,
                  send.findings(),
                  null,
                  null));
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
    assertThat(sends().claim(send, Map.of())).isEqualTo(Claim.CLAIMED);
    Traces traces = (Traces) sends();

    assertThat(traces.forget(send.person())).isEqualTo(1);
    assertThat(traces.forget(send.person())).isZero();

    assertThat(sends().find("a")).isEmpty();
    assertThat(sends().ofPerson(send.person(), 10, null).items()).isEmpty();
    assertThat(sends().claim(send, Map.of())).isEqualTo(Claim.CLAIMED);
  }
}
