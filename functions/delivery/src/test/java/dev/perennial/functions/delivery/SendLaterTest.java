package dev.perennial.functions.delivery;

import static dev.perennial.functions.delivery.SendingToAnn.ANN;
import static dev.perennial.functions.delivery.SendingToAnn.EMAIL;
import static dev.perennial.functions.delivery.SendingToAnn.NIGHT;
import static dev.perennial.functions.delivery.SendingToAnn.NOON;
import static dev.perennial.functions.delivery.SendingToAnn.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ExplainSends;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What waits, what goes another way, what is left in doubt. */
class SendLaterTest {

  private final SendingToAnn ann = new SendingToAnn();

  @Test
  void atNightItWaitsForTheMorningWithItsEvent() {
    assertThat(ann.sendMessage.send(request("o1", Channel.EMAIL), NIGHT)).isTrue();

    Instant morning = Instant.parse("2026-03-02T08:00:00Z");
    assertThat(ann.delivered).isEmpty();
    assertThat(ann.stored("o1").state()).isEqualTo(State.DEFERRED);
    assertThat(ann.stored("o1").due()).isEqualTo(morning);
    assertThat(ann.stored("o1").findings().getLast())
        .isEqualTo(
            new Finding(
                Channel.EMAIL,
                Rule.QUIET_HOURS,
                false,
                "22:30 in UTC, the workspace's zone, as theirs is unknown; quiet until "
                    + morning));
    assertThat(ExplainSends.explain(ann.stored("o1")))
        .startsWith("\"hello\" waits until 2026-03-02T08:00:00Z, because of email: quiet hours");

    ann.tick(morning.minusSeconds(60));
    assertThat(ann.delivered).isEmpty();
    ann.tick(morning);
    ann.tick(morning);
    assertThat(ann.delivered).hasSize(1);
    assertThat(((Rendition.Email) ann.delivered.getFirst().rendition()).subject())
        .isEqualTo("Hi Order Completed");
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void theirOwnZoneCounts() {
    ann.know("Asia/Tokyo");
    ann.sendMessage.send(request("o1", Channel.EMAIL), NIGHT.minus(Duration.ofHours(9)));
    assertThat(ann.stored("o1").state()).isEqualTo(State.DEFERRED);

    ann.know("Nowhere/Land");
    ann.sendMessage.send(request("o2", Channel.EMAIL), NOON);
    assertThat(ann.stored("o2").state()).isEqualTo(State.SENT);
  }

  @Test
  void aPausedChannelGivesWayAndElseHolds() {
    ann.pauses.pause(Set.of(Channel.EMAIL));
    ann.grant(Channel.SMS);
    ann.sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON);
    ann.sendMessage.send(request("o2", Channel.EMAIL), NOON);
    assertThat(ann.delivered).extracting(one -> one.to().channel()).containsExactly(Channel.SMS);
    assertThat(ann.stored("o2").state()).isEqualTo(State.DEFERRED);

    ann.tick(NOON.plus(Duration.ofMinutes(10)));
    assertThat(ann.delivered).hasSize(1);
    ann.pauses.resume(Set.of(Channel.EMAIL));
    ann.tick(NOON.plus(Duration.ofMinutes(20)));
    assertThat(ann.delivered).hasSize(2);
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void whatExpiresSoonGoesOnceSendingIsResumedInTime() {
    Instant expiry = NOON.plus(Duration.ofMinutes(5));
    ann.pauses.pause(Set.of(Channel.EMAIL));
    ann.sendMessage.send(request("o1", "transactional", expiry, Channel.EMAIL), NOON);
    ann.sendMessage.send(
        request("o2", "transactional", expiry.minusSeconds(90), Channel.EMAIL), NOON);
    ann.pauses.resume(Set.of(Channel.EMAIL));

    ann.tick(NOON.plus(Duration.ofMinutes(3)));

    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
    assertThat(ann.stored("o2").state()).isEqualTo(State.SENT);

    ann.pauses.pause(Set.of(Channel.EMAIL));
    ann.sendMessage.send(request("o3", "transactional", expiry, Channel.EMAIL), NOON);
    ann.tick(NOON.plus(Duration.ofMinutes(3)));
    ann.tick(NOON.plus(Duration.ofMinutes(6)));
    assertThat(ann.stored("o3").findings().getFirst().fact()).isEqualTo("expired at " + expiry);
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void whoseClockIsBehindGoesByTheTimer() {
    ann.sendMessage.send(request("o1", Channel.EMAIL), NIGHT);
    Instant morning = Instant.parse("2026-03-02T08:00:00Z");
    List<Due> due = new ArrayList<>();
    ann.timers.forEachDue(morning, due::add);

    assertThat(ann.sendMessage.send(due.getFirst(), morning.minusMillis(10))).isTrue();

    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void staleNewsIsNotSent() {
    Instant expiry = NOON.plus(Duration.ofMinutes(15));
    ann.pauses.pause(Set.of(Channel.EMAIL));
    ann.sendMessage.send(request("o1", "marketing", expiry, Channel.EMAIL), NOON);
    ann.pauses.resume(Set.of(Channel.EMAIL));
    ann.tick(expiry);
    assertThat(ann.stored("o1").state()).isEqualTo(State.NOT_SENT);
    assertThat(ann.stored("o1").findings().getFirst().rule()).isEqualTo(Rule.EXPIRY);

    ann.sendMessage.send(request("o2", "marketing", NIGHT.plusSeconds(60), Channel.EMAIL), NIGHT);
    assertThat(ann.stored("o2").state()).isEqualTo(State.NOT_SENT);
    assertThat(ann.delivered).isEmpty();
  }

  @Test
  void whatIsRefusedForGoodGoesTheNextWay() {
    ann.grant(Channel.SMS);
    ann.outcomes.add(new Outcome.Refused("no such mailbox"));

    assertThat(ann.sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON)).isTrue();

    assertThat(ann.delivered)
        .extracting(message -> message.to().channel())
        .containsExactly(Channel.EMAIL, Channel.SMS);
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
    assertThat(ann.stored("o1").refused()).containsExactly(Channel.EMAIL);

    ann.outcomes.add(new Outcome.Refused("no such mailbox"));
    ann.sendMessage.send(request("o2", Channel.EMAIL), NOON);
    assertThat(ann.stored("o2").state()).isEqualTo(State.REFUSED);
  }

  @Test
  void doubtGoesNoOtherWay() {
    ann.grant(Channel.SMS);
    ann.outcomes.add(new Outcome.Unknown("timeout"));

    ann.sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON);
    ann.sendMessage.send(request("o1", Channel.EMAIL, Channel.SMS), NOON);

    assertThat(ann.delivered).hasSize(1);
    assertThat(ann.stored("o1").state()).isEqualTo(State.UNKNOWN);
  }

  @Test
  void onlyTransactionalMessagesMayGoTwice() {
    ann.outcomes.add(new Outcome.Unknown("timeout"));
    SendRequest receipt = request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL);

    assertThat(ann.sendMessage.send(receipt, NOON)).isFalse();
    assertThat(ann.sendMessage.send(receipt, NOON)).isTrue();

    assertThat(ann.delivered).hasSize(2);
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
  }

  @Test
  void aProviderThatAcceptsNothingIsLeftAloneForAWhile() {
    Outcome throttled = new Outcome.Retryable("throttled");
    for (int i = 1; i <= 4; i++) {
      ann.outcomes.add(throttled);
    }
    for (int i = 1; i <= 3; i++) {
      assertThat(ann.sendMessage.send(request("o1", Channel.EMAIL), NOON)).isFalse();
    }
    assertThat(ann.sendMessage.send(request("o1", Channel.EMAIL), NOON)).isTrue();
    assertThat(ann.stored("o1").state()).isEqualTo(State.DEFERRED);

    ann.tick(NOON.plus(Duration.ofMinutes(6)));
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
    assertThat(ann.stored("o1").attempts()).isEqualTo(5);
  }

  @Test
  void aBlockedAddressGetsNothingWhateverIsAllowed() {
    ann.grant(Channel.EMAIL);
    PersonId key = EMAIL.hash("main");
    ann.consents.save(key, ann.consents.of(key).with(new Block(Block.Reason.COMPLAINT, NOON)));

    ann.sendMessage.send(request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL), NOON);

    assertThat(ann.delivered).isEmpty();
    assertThat(ann.stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.EMAIL, Rule.SUPPRESSION, false, "complaint at " + NOON));
  }

  @Test
  void aNumberConfirmsBeforeItGetsMarketing() {
    RecordConsent record = new RecordConsent("main", ann.consents, _ -> {});
    Person person = ann.people.find(ANN).orElseThrow();
    Consent form =
        new Consent(
            Channel.SMS, Policy.TRANSACTIONAL, Consent.Decision.GRANTED, NOON, "consent", "form");
    record.record(ann.people, person, ANN, form);
    ann.sendMessage.send(request("confirm", Policy.TRANSACTIONAL, null, Channel.SMS), NOON);
    assertThat(ann.delivered).hasSize(1);
    ann.sendMessage.send(request("o1", Channel.SMS), NOON);
    assertThat(ann.stored("o1").findings().getLast())
        .isEqualTo(new Finding(Channel.SMS, Rule.CONSENT, false, "unknown"));

    Consent link =
        new Consent(
            Channel.SMS, "marketing", Consent.Decision.GRANTED, NOON, "consent", "double opt-in");
    record.record(ann.people, person, ANN, link);
    ann.sendMessage.send(request("o2", Channel.SMS), NOON);

    assertThat(ann.delivered).hasSize(2);
    assertThat(ann.stored("o2").findings().getLast().fact()).contains("segments: 1");
  }

  @Test
  void whatMayHaveGoneIsNeverSaidNotToHaveGone() {
    Instant expiry = NOON.plus(Duration.ofMinutes(5));
    SendRequest expiring = request("o1", Policy.TRANSACTIONAL, expiry, Channel.EMAIL);
    ann.outcomes.add(new Outcome.Unknown("timeout"));
    assertThat(ann.sendMessage.send(expiring, NOON)).isFalse();
    assertThat(ann.sendMessage.send(expiring, expiry)).isTrue();
    assertThat(ann.sendMessage.send(expiring, expiry)).isTrue();

    assertThat(ann.delivered).hasSize(1);
    assertThat(ann.stored("o1").state()).isEqualTo(State.UNKNOWN);
    assertThat(ExplainSends.explain(ann.stored("o1")))
        .isEqualTo(
            "\"hello\" may have gone by email, and is not sent again, because of timeout; "
                + "email: the news is stale (expired at 2026-03-01T12:05:00Z).");
    assertThat(ann.totals.read(List.of("sends.email.unknown", "sends.email.notSent")))
        .isEqualTo(Map.of("sends.email.unknown", 1L, "sends.email.notSent", 0L));
  }

  @Test
  void whatMayHaveGoneAndThenWaitsAndIsDeniedStaysUnknown() {
    SendRequest receipt = request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL);
    ann.outcomes.add(new Outcome.Unknown("timeout"));
    ann.outcomes.add(new Outcome.Retryable("throttled"));
    assertThat(ann.sendMessage.send(receipt, NOON)).isFalse();
    assertThat(ann.sendMessage.send(receipt, NOON)).isFalse();
    ann.pauses.pause(Set.of(Channel.EMAIL));
    assertThat(ann.sendMessage.send(receipt, NOON)).isTrue();
    assertThat(ann.stored("o1").state()).isEqualTo(State.DEFERRED);
    PersonId address = EMAIL.hash("main");
    assertThat(ann.consents.of(address).counted()).hasSize(1);

    ann.consents.save(
        address, ann.consents.of(address).with(new Block(Block.Reason.COMPLAINT, NOON)));
    ann.tick(NOON.plus(Duration.ofMinutes(11)));

    assertThat(ann.delivered).hasSize(2);
    assertThat(ann.stored("o1").state()).isEqualTo(State.UNKNOWN);
    assertThat(ExplainSends.explain(ann.stored("o1")))
        .startsWith(
            "\"hello\" may have gone by email, and is not sent again, because of email: a blo");
    assertThat(ann.timersAreLeft()).isFalse();
  }

  @Test
  void whatWasVisitedHasArrivedAndDoesNotGoAgain() {
    ann.outcomes.add(new Outcome.Unknown("timeout"));
    SendRequest receipt = request("o1", Policy.TRANSACTIONAL, null, Channel.EMAIL);
    assertThat(ann.sendMessage.send(receipt, NOON)).isFalse();
    ann.sends.visit(ann.stored("o1").id(), new Visit("", NOON.plusSeconds(30)));
    ann.timers.register(Due.ofSend(ANN, ann.stored("o1").id(), NOON.plusSeconds(31)));

    ann.tick(NOON.plusSeconds(60));
    assertThat(ann.sendMessage.send(receipt, NOON.plusSeconds(61))).isTrue();

    assertThat(ann.delivered).hasSize(1);
    assertThat(ann.stored("o1").state()).isEqualTo(State.SENT);
    assertThat(ann.events).extracting(Event::name).containsExactly("Email Opened");
  }

  @Test
  void anObjectionToAllTopicsHoldsUntilALaterGrant() {
    RecordConsent record = new RecordConsent("main", ann.consents, _ -> {});
    Person person = ann.people.find(ANN).orElseThrow();
    record.record(
        ann.people,
        person,
        ANN,
        new Consent(Channel.EMAIL, Consent.ALL, Consent.Decision.DENIED, NOON, null, null));
    ann.sendMessage.send(request("o1", "news", null, Channel.EMAIL), NOON);
    assertThat(ann.stored("o1").state()).isEqualTo(State.NOT_SENT);

    record.record(
        ann.people,
        person,
        ANN,
        new Consent(
            Channel.EMAIL, "news", Consent.Decision.GRANTED, NOON.plusSeconds(1), null, null));
    ann.sendMessage.send(request("o2", "news", null, Channel.EMAIL), NOON.plusSeconds(2));
    assertThat(ann.stored("o2").state()).isEqualTo(State.SENT);
    assertThat(ann.consents.of(EMAIL.hash("main")).consents()).hasSize(1);
    assertThat(Permissions.fold(List.of(ann.consents.of(ANN))).consents()).hasSize(2);
  }

  @Test
  void whatAPersonDidWithAMessageIsToldOnceItIsClearThatNoProgramDid() {
    ann.sendMessage.send(request("o1", Channel.EMAIL), NOON);
    String id = ann.stored("o1").id();
    Instant scan = NOON.plusSeconds(30);
    ann.sends.visit(id, new Visit("a", scan));
    ann.sends.visit(id, new Visit("b", scan));
    ann.timers.register(Due.ofSend(ANN, id, scan));
    ann.tick(NOON.plusSeconds(60));
    assertThat(ann.events).isEmpty();

    Instant click = NOON.plusSeconds(600);
    for (int again = 0; again < 2; again++) {
      ann.sends.visit(id, new Visit("a", click.plusSeconds(100L * again)));
      ann.timers.register(Due.ofSend(ANN, id, click));
      ann.tick(click.plusSeconds(300));
    }

    assertThat(ann.events).hasSize(1);
    Event event = ann.events.getFirst();
    assertThat(event.name()).isEqualTo("Email Link Clicked");
    assertThat(event.owner()).isEqualTo(EMAIL);
    assertThat(event.trust()).isEqualTo(Event.Trust.SERVER);
    assertThat(event.timestamp()).isEqualTo(click);
    assertThat(event.properties().text("sendId")).isEqualTo(id);
    assertThat(ann.stored("o1").receipts()).containsEntry(Receipt.Kind.CLICKED, click);
    assertThat(ann.totals.read(List.of("sends.email.clicked"))).containsValue(1L);
    assertThat(ann.timersAreLeft()).isFalse();
    assertThat(ann.delivered).hasSize(1);
  }

  private static SendRequest asked(String occurrence, Instant at, boolean atLeastOnce) {
    return new SendRequest(
        ANN,
        "journey:welcome",
        "mail",
        occurrence,
        occurrence,
        "hello",
        List.of(Channel.EMAIL),
        atLeastOnce ? Policy.TRANSACTIONAL : "marketing",
        null,
        Fields.EMPTY,
        at,
        null,
        atLeastOnce);
  }

  @Test
  void whatWasToGoBeforeTheFenceOfARestoreIsUnknownAndNeverSent() {
    Instant fence = NOON.plusSeconds(60);
    ann.pauses.fence(fence);
    Instant now = fence.plusSeconds(60);

    assertThat(ann.sendMessage.send(asked("old", NOON, false), now)).isTrue();
    assertThat(ann.sendMessage.send(asked("old", NOON, false), now)).isTrue();

    assertThat(ann.delivered).isEmpty();
    Send send = ann.sends.find(SendMessage.id("main", asked("old", NOON, false))).orElseThrow();
    assertThat(send.state()).isEqualTo(State.UNKNOWN);
    assertThat(ExplainSends.explain(send)).contains("a restore from a backup");
    assertThat(ann.totals.read(List.of("sends.email.unknown"))).containsValue(1L);

    assertThat(ann.sendMessage.send(asked("new", fence, false), now)).isTrue();
    assertThat(ann.sendMessage.send(asked("twice is better", NOON, true), now)).isTrue();
    assertThat(ann.delivered).hasSize(2);
  }

  @Test
  void whatWaitsUntilAfterTheFenceGoesAndWhatWasDueBeforeDoesNot() {
    ann.sendMessage.send(request("o1", Channel.EMAIL), NIGHT);
    ann.sendMessage.send(request("o2", Channel.EMAIL), NIGHT);
    Send waiting = ann.stored("o1");
    Instant due = Objects.requireNonNull(waiting.due());

    ann.pauses.fence(due);
    ann.sendMessage.send(request("o1", Channel.EMAIL), due.plusSeconds(60));
    assertThat(ann.delivered).hasSize(1);

    ann.pauses.fence(due.plusSeconds(1));
    ann.sendMessage.send(request("o2", Channel.EMAIL), due.plusSeconds(60));
    assertThat(ann.delivered).hasSize(1);
    assertThat(ann.stored("o2").state()).isEqualTo(State.UNKNOWN);
  }
}
